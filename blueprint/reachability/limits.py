"""What CloudWatch accepts in an alarm at all (PutMetricAlarm, PutCompositeAlarm)."""

from collections.abc import Iterator

from blueprint.catalogue.model import Fact
from blueprint.cloudwatch.model import CompositeAlarm, MetricAlarm
from blueprint.reachability import codes
from blueprint.reachability.verdict import Step, refused

MAX_NAME = 255
MAX_DESCRIPTION = 1024
MAX_RULE = 10_240
MAX_CHILDREN = 100
MAX_METRICS = 10
MAX_DIMENSIONS = 30
MAX_ACTIONS = 5
HIGH_RESOLUTION = (10, 20, 30)
# The longest stretch an alarm may look back on: a week; a day where its period is shorter than an hour.
WEEK = 604_800
DAY = 86_400
HOUR = 3_600


def of_metric_alarm(alarm: MetricAlarm) -> Iterator[Step]:
    """Each limit that the alarm is beyond."""
    yield from _texts(alarm)
    if alarm.evaluation_periods < 1:
        yield _over("evaluation_periods is below 1", "set at least 1", "evaluation_periods")
    elif not 1 <= alarm.datapoints <= alarm.evaluation_periods:
        yield _over(
            f"{alarm.datapoints} of {alarm.evaluation_periods} periods can never breach",
            "datapoints_to_alarm is at most evaluation_periods",
            "datapoints_to_alarm",
        )
    if len(alarm.metrics) > MAX_METRICS:
        yield _over(
            f"it reads {len(alarm.metrics)} metrics",
            f"at most {MAX_METRICS} are accepted",
            "metric_query",
        )
    for metric in alarm.metrics:
        if len(metric.dimensions) > MAX_DIMENSIONS:
            yield _over(
                f"{metric.name} has {len(metric.dimensions)} dimensions",
                f"at most {MAX_DIMENSIONS} are accepted",
                "dimensions",
            )
    if any(query.period < 0 for query in alarm.queries):
        return
    span, period = alarm.period * alarm.evaluation_periods, alarm.period
    longest = WEEK if period >= HOUR else DAY
    if span > longest:
        yield _over(
            f"{alarm.evaluation_periods} periods of {period} s are {span:,} s",
            f"at most {longest:,} s are accepted"
            + ("" if longest == WEEK else "; with a period of 3,600 s or more, 604,800 s"),
            "evaluation_periods",
        )


def of_periods(alarm: MetricAlarm, known: dict[str, tuple[Fact, ...]]) -> Iterator[Step]:
    """Each period that is none, or finer than its metric; `known` are the facts of the metrics by query."""
    for query in alarm.queries:
        period = query.period
        if query.metric is None and not period:
            continue
        if period not in HIGH_RESOLUTION and (period < 60 or period % 60):
            yield refused(
                codes.PERIOD,
                f"a period of {period} s is not accepted",
                "use 10, 20, 30 or a multiple of 60",
                "period",
            )
            continue
        facts = known.get(query.id, ())
        if facts and query.metric and all(period < fact.resolution for fact in facts):
            resolution = min(fact.resolution for fact in facts)
            yield refused(
                codes.PERIOD,
                f"{query.metric.name} has one value in {resolution} s, so most periods of {period} s have none",
                f"use a period of at least {resolution}",
                "period",
            )


def of_composite_alarm(alarm: CompositeAlarm) -> Iterator[Step]:
    """Each limit that the composite alarm is beyond, but the number of its children."""
    yield from _texts(alarm)
    if len(alarm.rule) > MAX_RULE:
        yield _over(
            f"its rule has {len(alarm.rule):,} characters",
            f"at most {MAX_RULE:,} are accepted; make composite alarms of parts of it",
            "alarm_rule",
        )
    if alarm.suppressor and (alarm.wait < 0 or alarm.extension < 0):
        yield _over(
            "a suppressor's periods are not negative", "use 0 or more", "actions_suppressor"
        )


def of_children(count: int) -> Iterator[Step]:
    """The limit of a rule that names `count` alarms."""
    if count > MAX_CHILDREN:
        yield _over(
            f"its rule names {count} alarms",
            f"at most {MAX_CHILDREN} are accepted; make composite alarms of parts of it",
            "alarm_rule",
        )


def _texts(alarm: MetricAlarm | CompositeAlarm) -> Iterator[Step]:
    if len(alarm.name) > MAX_NAME:
        yield _over(
            f"its name has {len(alarm.name)} characters",
            f"at most {MAX_NAME} are accepted",
            "alarm_name",
        )
    if len(alarm.description) > MAX_DESCRIPTION:
        yield _over(
            f"its description has {len(alarm.description):,} characters",
            f"at most {MAX_DESCRIPTION:,} are accepted",
            "alarm_description",
        )
    for field, told in (
        ("alarm_actions", alarm.actions.alarm),
        ("ok_actions", alarm.actions.ok),
        ("insufficient_data_actions", alarm.actions.insufficient_data),
    ):
        if len(told) > MAX_ACTIONS:
            yield _over(f"it has {len(told)} {field}", f"at most {MAX_ACTIONS} are accepted", field)


def _over(text: str, remedy: str, field: str) -> Step:
    return refused(codes.LIMITS, text, remedy, field)
