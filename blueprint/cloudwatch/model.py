"""What an alarm is made of, whichever document declares it: metrics, queries, metric alarms and composite alarms."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Comparison(StrEnum):
    """How a data point is compared with a fixed threshold; the value is CloudWatch's ComparisonOperator."""

    GREATER = "GreaterThanThreshold"
    GREATER_OR_EQUAL = "GreaterThanOrEqualToThreshold"
    LESS = "LessThanThreshold"
    LESS_OR_EQUAL = "LessThanOrEqualToThreshold"

    def breaches(self, value: float, threshold: float) -> bool:
        """Whether `value` is on the wrong side of `threshold`."""
        match self:
            case Comparison.GREATER:
                return value > threshold
            case Comparison.GREATER_OR_EQUAL:
                return value >= threshold
            case Comparison.LESS:
                return value < threshold
            case Comparison.LESS_OR_EQUAL:
                return value <= threshold


class MissingData(StrEnum):
    """What a period without data says; the value is CloudWatch's TreatMissingData."""

    MISSING = "missing"
    IGNORE = "ignore"
    BREACHING = "breaching"
    NOT_BREACHING = "notBreaching"


class LowSamples(StrEnum):
    """What a percentile of too few samples says; the value is EvaluateLowSampleCountPercentile."""

    EVALUATE = "evaluate"
    IGNORE = "ignore"


class State(StrEnum):
    """The state of an alarm, in CloudWatch's words."""

    OK = "OK"
    ALARM = "ALARM"
    INSUFFICIENT_DATA = "INSUFFICIENT_DATA"


@dataclass(frozen=True)
class Metric:
    """One series of CloudWatch; `dimensions` are pairs of name and value, sorted by name."""

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, namespace: str, name: str, dimensions: Mapping[str, str]) -> "Metric":
        """The series with these dimensions, in whatever order they are given."""
        return cls(namespace, name, tuple(sorted(dimensions.items())))


@dataclass(frozen=True)
class Query:
    """One entry of an alarm's metric data queries: a statistic of a metric, or an expression over other entries.

    Exactly one of `metric` (then with `statistic` and `period`, in seconds) and `expression` is set. `statistic` is
    written as CloudWatch takes it: Sum, Average, Minimum, Maximum, SampleCount, p99, TM(10%:90%), PR(:300), ...
    `returns_data` marks the one entry whose values are compared with the threshold.
    """

    id: str
    metric: Metric | None = None
    statistic: str = ""
    period: int = 0
    unit: str | None = None
    expression: str | None = None
    returns_data: bool = True


@dataclass(frozen=True)
class Actions:
    """ARNs (or their placeholders) that are told of each state; nobody is where `enabled` is false."""

    alarm: tuple[str, ...] = ()
    ok: tuple[str, ...] = ()
    insufficient_data: tuple[str, ...] = ()
    enabled: bool = True


@dataclass(frozen=True)
class MetricAlarm:
    """An alarm on one metric or one metric math expression, with a fixed threshold.

    The alarm goes off when `datapoints` of the last `evaluation_periods` breach.
    """

    name: str
    queries: tuple[Query, ...]
    comparison: Comparison
    threshold: float
    evaluation_periods: int
    datapoints: int
    missing_data: MissingData = MissingData.MISSING
    low_samples: LowSamples = LowSamples.EVALUATE
    description: str = ""
    actions: Actions = Actions()

    @property
    def result(self) -> Query:
        """The query whose values are compared with the threshold."""
        return next(query for query in self.queries if query.returns_data)

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """Every series the alarm reads, each once, in the order of its queries."""
        return tuple(dict.fromkeys(query.metric for query in self.queries if query.metric))

    @property
    def period(self) -> int:
        """Seconds of one evaluation period: that of the compared query, or the longest one below an expression."""
        return self.result.period or max(query.period for query in self.queries)


@dataclass(frozen=True)
class CompositeAlarm:
    """An alarm on the states of other alarms; `rule` is CloudWatch's AlarmRule.

    While the alarm called `suppressor` is in ALARM the actions are held back; `wait` and `extension` are in seconds.
    """

    name: str
    rule: str
    suppressor: str | None = None
    wait: int = 0
    extension: int = 0
    description: str = ""
    actions: Actions = Actions()


Alarm = MetricAlarm | CompositeAlarm
