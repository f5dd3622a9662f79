"""The reason codes of `blueprint alarms lint`: rules in SARIF, headings in docs/alarms-lint.md."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Code:
    """A reason: its name, and what it means where it is refused or cannot be judged."""

    name: str
    meaning: str


UNRESOLVED = Code(
    "UNRESOLVED",
    "A field that decides about the alarm is not in the document, so nothing is proved.",
)
INVALID = Code("INVALID", "A field has a value that CloudWatch does not accept.")
NAME_TWICE = Code(
    "NAME-TWICE",
    "Two alarms of one document have the same name; the later one overwrites the other.",
)
LIMITS = Code("LIMITS", "The alarm is outside of what CloudWatch accepts.")
PERIOD = Code("PERIOD", "The period is one CloudWatch does not take, or finer than the metric is.")
METRIC_UNKNOWN = Code(
    "METRIC-UNKNOWN", "The metric does not exist, or nothing is known of its namespace."
)
DIMENSIONS = Code(
    "DIMENSIONS", "The metric exists, but is not reported by exactly these dimensions."
)
UNIT = Code("UNIT", "The metric is reported in another unit, so the alarm sees no data.")
STATISTIC = Code("STATISTIC", "The statistic is none that CloudWatch computes.")
MATH = Code("MATH", "The metric math expression cannot be computed, or is not judged here.")
NEVER_FIRES = Code("NEVER-FIRES", "No value that the metric can have is beyond the threshold.")
ALWAYS_ON = Code(
    "ALWAYS-ON", "Every value that the metric can have is beyond the threshold, or silence is."
)
NEVER_CLEARS = Code(
    "NEVER-CLEARS", "Once in ALARM it does not go back to OK when what it watches is over."
)
LINGERS = Code(
    "LINGERS",
    "When what it watches is over there is no data, so it stays in ALARM until a period with a little of it comes.",
)
MISSING_DATA = Code(
    "MISSING-DATA",
    "Whether the alarm clears depends on a rule about which AWS's own pages disagree.",
)
WITNESS = Code(
    "WITNESS", "No series of possible values was found that takes the alarm to ALARM and back."
)
COMPOSITE_RULE = Code("COMPOSITE-RULE", "The rule of a composite alarm cannot be read.")
COMPOSITE_CHILD = Code(
    "COMPOSITE-CHILD", "The rule names an alarm that is not in the document, or is not proved."
)
COMPOSITE_CYCLE = Code("COMPOSITE-CYCLE", "The composite alarm depends on itself.")
COMPOSITE_NEVER = Code("COMPOSITE-NEVER", "No states of its children make the rule true.")
COMPOSITE_ALWAYS = Code("COMPOSITE-ALWAYS", "No states of its children make the rule false.")
NO_ONE_TOLD = Code(
    "NO-ONE-TOLD", "The alarm has no action and no composite alarm of the document reads it."
)

ALL = (
    UNRESOLVED,
    INVALID,
    NAME_TWICE,
    LIMITS,
    PERIOD,
    METRIC_UNKNOWN,
    DIMENSIONS,
    UNIT,
    STATISTIC,
    MATH,
    NEVER_FIRES,
    ALWAYS_ON,
    NEVER_CLEARS,
    LINGERS,
    MISSING_DATA,
    WITNESS,
    COMPOSITE_RULE,
    COMPOSITE_CHILD,
    COMPOSITE_CYCLE,
    COMPOSITE_NEVER,
    COMPOSITE_ALWAYS,
    NO_ONE_TOLD,
)
