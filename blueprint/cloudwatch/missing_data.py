"""Decides the state of a metric alarm from the data points it retrieved, some of which may be missing.

This is "Configuring how CloudWatch alarms treat missing data" of the CloudWatch user guide, its two tables and its
section on premature transitions. The data points are written as that page does, the newest last:

    0  within the threshold      X  breaching      -  missing
    o  x  the same, but a percentile of too few samples, which the alarm is to ignore

What is not documented, and our choice:

- The evaluation range is two data points longer than the evaluation periods, as it is in every published example
  (5 for 3). AWS says that it depends on the period and the metric's resolution, and gives no rule.
- Breaching data points that reach the alarm's number by themselves set it off, whatever missing ones mean.
- "- - - - X" with `missing`: too young to go off. The page of 2019 said INSUFFICIENT_DATA, today's says only "does
  not go immediately into ALARM state" and keeps INSUFFICIENT_DATA for ranges without any data. We keep the state, as
  with `ignore`.
- A breaching data point sets off the premature alarm from anywhere in the range (the page names the evaluation
  periods once and the evaluation range once), and a value within the threshold anywhere in the range stops it: the
  row "0 - X - -" is OK.
- One percentile of too few samples among the data points that are evaluated keeps the state.
"""

from fractions import Fraction

from blueprint.cloudwatch.model import MissingData, State

EXTRA = 2
"""How many data points the evaluation range is longer than the evaluation periods."""

WITHIN, BREACHING, MISSING = b"0X-"
WITHIN_LOW, BREACHING_LOW = b"ox"


def judge(
    points: bytes, *, datapoints: int, evaluation_periods: int, missing_data: MissingData
) -> State | None:
    """The state that the retrieved `points` call for; None keeps the state the alarm is in.

    `points` are the whole evaluation range, oldest first; `datapoints` of `evaluation_periods` must breach.
    """
    real = points.replace(b"-", b"")
    evaluated = real[-evaluation_periods:]
    if WITHIN_LOW in evaluated or BREACHING_LOW in evaluated:
        return None
    breaching = evaluated.count(BREACHING)
    if breaching >= datapoints:
        return State.ALARM
    if len(evaluated) == evaluation_periods:
        return State.OK
    filled = evaluation_periods - len(evaluated)
    match missing_data:
        case MissingData.BREACHING:
            return State.ALARM if breaching + filled >= datapoints else State.OK
        case MissingData.NOT_BREACHING:
            return State.OK
    if WITHIN in evaluated:
        return State.OK
    if missing_data is MissingData.IGNORE:
        return None
    if not evaluated:
        return State.INSUFFICIENT_DATA
    return State.ALARM if _age_of_oldest(points) >= datapoints else None


def enough_samples(percentile: Fraction, samples: int) -> bool:
    """Whether that many samples make a percentile (a fraction of 1) statistically significant, as AWS has it."""
    tail = 1 - percentile if percentile >= Fraction(1, 2) else percentile
    return samples * tail >= 10


def _age_of_oldest(points: bytes) -> int:
    """How many periods back the oldest data point lies that is not missing; the newest period is 1."""
    return len(points.lstrip(b"-"))
