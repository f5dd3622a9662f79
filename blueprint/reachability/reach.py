"""Decides from ranges what an alarm cannot do: go off, be off while all is well, or come back to OK."""

from collections.abc import Iterator
from dataclasses import dataclass

from blueprint.cloudwatch.model import Comparison, MetricAlarm, MissingData
from blueprint.reachability import codes
from blueprint.reachability.interval import Interval
from blueprint.reachability.ranges import Outcome
from blueprint.reachability.verdict import Step, Verdict, holds, refused, unknown

_WORDS = {
    Comparison.GREATER: "above",
    Comparison.GREATER_OR_EQUAL: "at or above",
    Comparison.LESS: "below",
    Comparison.LESS_OR_EQUAL: "at or below",
}
_LOWER = (Comparison.LESS, Comparison.LESS_OR_EQUAL)
# Of these a value of 0 says that nothing happened, so that silence may stand for it.
_ZERO_IS_NOTHING = ("Sum", "SampleCount", "Average", "Minimum", "Maximum", "")


@dataclass(frozen=True)
class Reach:
    """What an alarm compares: at any time, when nothing happens at all, and when all is well again.

    `subject` names it in a sentence, `bound` says what narrowed its range; `counts` that silence means 0.
    """

    alarm: MetricAlarm
    subject: str
    anything: Outcome
    silence: Outcome
    calm: Outcome
    counts: bool
    unit: str = ""
    bound: str = ""


def steps(reach: Reach, *, ignores_missing: bool) -> Iterator[Step]:
    """Whether the alarm can go off, and come back.

    `ignores_missing` says that it reads AWS/DynamoDB by itself. The API's reference says that such an alarm always
    ignores missing data; the user guide, that it does so unless another treatment is chosen. What does not come out
    the same under both is unknown.
    """
    chosen = reach.alarm.missing_data
    if not ignores_missing:
        yield from _judged(reach, chosen)
        return
    always = list(_judged(reach, MissingData.IGNORE))
    if chosen in (MissingData.MISSING, MissingData.IGNORE):
        yield from always
        return
    unless = list(_judged(reach, chosen))
    for step in always:
        same = any(each.code == step.code and each.verdict is step.verdict for each in unless)
        if step.verdict is Verdict.REFUSED and not same:
            yield unknown(
                codes.MISSING_DATA,
                "AWS's API reference says that an alarm on AWS/DynamoDB always ignores missing data, its user guide "
                f"that {chosen} overrides this; if it does not, {step.text}",
                _filled(reach.alarm),
                "treat_missing_data",
            )
        else:
            yield step
    known = {step.code for step in always}
    yield from (step for step in unless if step.code not in known)


def _judged(reach: Reach, missing: MissingData) -> Iterator[Step]:
    alarm, subject = reach.alarm, reach.subject
    beyond = f"{_WORDS[alarm.comparison]} {alarm.threshold:.12g}"
    by_value = _can_breach(reach.anything.values, alarm)
    by_silence = missing is MissingData.BREACHING and reach.anything.absent
    if not (by_value or by_silence):
        yield _never(reach, beyond)
        return
    yield holds(codes.NEVER_FIRES, f"{subject} can be {_range(reach)}, so {beyond}")

    silent_when_well = reach.calm.always_absent
    if not _can_be_within(reach.anything.values, alarm) and not silent_when_well:
        quiet_is_well = missing is MissingData.NOT_BREACHING and reach.counts
        # A heartbeat: every value is well, and only its absence is not.
        if by_value and not (quiet_is_well and reach.silence.always_absent):
            yield refused(
                codes.ALWAYS_ON,
                f"{subject} is {_range(reach)}, which is always {beyond}",
                "do two queries read the same metric?"
                if reach.anything.values and reach.anything.values.low == reach.anything.values.high
                else f"choose a threshold that a healthy value is not {_WORDS[alarm.comparison]}",
                "threshold",
            )
            return
    yield from _silence(reach, missing, beyond, by_value=by_value)
    yield from _clears(reach, missing)


def _silence(reach: Reach, missing: MissingData, beyond: str, *, by_value: bool) -> Iterator[Step]:
    alarm = reach.alarm
    if missing is not MissingData.BREACHING or not reach.silence.always_absent or not by_value:
        return
    meant = (
        alarm.comparison in _LOWER
        and alarm.comparison.breaches(0, alarm.threshold)
        and alarm.result.statistic in _ZERO_IS_NOTHING
    )
    if not meant:
        yield refused(
            codes.ALWAYS_ON,
            f"{reach.subject} has no value while nothing happens, and treat_missing_data breaching takes that for a "
            f"value {beyond}, so every quiet hour is an alarm",
            "use notBreaching: no event is no fault",
            "treat_missing_data",
        )


def _clears(reach: Reach, missing: MissingData) -> Iterator[Step]:
    alarm = reach.alarm
    if reach.calm.values is not None and _can_be_within(reach.calm.values, alarm):
        yield holds(codes.NEVER_CLEARS, f"{reach.subject} can be well again")
        return
    if missing is MissingData.NOT_BREACHING and (reach.calm.absent or reach.silence.absent):
        yield holds(codes.NEVER_CLEARS, "once it is over there is no data, which is not breaching")
        return
    if not reach.calm.always_absent:
        yield refused(
            codes.NEVER_CLEARS,
            f"{reach.subject} is never within the threshold once all is well",
            "choose a threshold that a healthy value is within",
            "threshold",
        )
        return
    if _can_be_within(reach.anything.values, alarm):
        yield holds(
            codes.LINGERS,
            f"{reach.subject} has data only while there is trouble, so with missing data {missing} the alarm is over "
            "only when a period with a little of it comes",
        )
        return
    stays = (
        "it becomes INSUFFICIENT_DATA and never OK, so that nobody is told that it is over"
        if missing is MissingData.MISSING
        else "it stays in ALARM"
    )
    yield refused(
        codes.NEVER_CLEARS,
        f"{reach.subject} has data only while there is trouble: when that is over there is none, and with missing "
        f"data {missing} {stays}",
        _filled(alarm)
        if missing is MissingData.IGNORE and _namespace(alarm) == "AWS/DynamoDB"
        else "use treat_missing_data notBreaching",
        "treat_missing_data",
    )


def _never(reach: Reach, beyond: str) -> Step:
    alarm, values = reach.alarm, reach.anything.values
    if values is None:
        return refused(
            codes.NEVER_FIRES,
            f"{reach.subject} never has a value",
            "correct the expression",
            "metric_query",
        )
    why = f" ({reach.bound})" if reach.bound else ""
    remedy = f"choose a threshold within {values}"
    if values == Interval(0, 1) and alarm.threshold >= 1:
        remedy = (
            f"it is a share of 1: for {alarm.threshold:.12g}% write {alarm.threshold / 100:.12g}"
        )
    elif reach.unit == "Seconds" and alarm.threshold / 1000 in values:
        remedy = (
            f"it is in seconds: if milliseconds were meant, write {alarm.threshold / 1000:.12g}"
        )
    elif reach.unit == "Milliseconds" and alarm.threshold * 1000 in values and alarm.threshold < 1:
        remedy = (
            f"it is in milliseconds: if seconds were meant, write {alarm.threshold * 1000:.12g}"
        )
    return refused(
        codes.NEVER_FIRES,
        f"{reach.subject} is {_range(reach)}{why}, never {beyond}",
        remedy,
        "threshold",
    )


def _range(reach: Reach) -> str:
    return str(reach.anything.values) if reach.anything.values else "nothing"


def _can_breach(values: Interval | None, alarm: MetricAlarm) -> bool:
    if values is None:
        return False
    bound = values.low if alarm.comparison in _LOWER else values.high
    return alarm.comparison.breaches(bound, alarm.threshold)


def _can_be_within(values: Interval | None, alarm: MetricAlarm) -> bool:
    if values is None:
        return False
    bound = values.high if alarm.comparison in _LOWER else values.low
    return not alarm.comparison.breaches(bound, alarm.threshold)


def _namespace(alarm: MetricAlarm) -> str:
    return alarm.metrics[0].namespace if alarm.metrics else ""


def _filled(alarm: MetricAlarm) -> str:
    name = alarm.metrics[0].name if alarm.metrics else "metric"
    return f"watch FILL(m, 0) of {name} in a metric_query: zeros clear it whatever the rule is"
