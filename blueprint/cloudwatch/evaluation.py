"""Runs alarms over a span of the virtual clock: when each is evaluated, and what state it takes.

Read from "Alarm evaluation" of the CloudWatch user guide and from PutMetricAlarm:

- The window slides: an alarm with a period of a minute or longer is evaluated every minute over the periods before
  that minute, one with 10, 20 or 30 seconds every 10 seconds, and one whose evaluation periods together exceed a day
  once per hour, over data up to the full hour.
- An alarm begins in INSUFFICIENT_DATA, is evaluated, and acts on the state it finds; data from before counts.
- Alarms on AWS/DynamoDB metrics always ignore missing data (PutMetricAlarm). The user guide has since said that
  another treatment overrides this; we hold to the API's reference, under which fewer alarms clear.

What is not documented, and our choice:

- Evaluations fall on whole minutes (10 seconds, hours) and take no time. AWS's example of an hourly one is at :03.
- AWS/DynamoDB metrics below an expression do not make the alarm ignore missing data.
- Where no unit is asked for, samples in all units count together (AWS: the alarm "behaves unpredictably").
- EvaluateLowSampleCountPercentile is about the alarm's own percentile, not about one below an expression.
"""

from collections.abc import Iterator, Mapping, Sequence

from blueprint.cloudwatch import composites, declarations, missing_data, notifications, ranges
from blueprint.cloudwatch.model import Alarm, CompositeAlarm, MetricAlarm, MissingData, State
from blueprint.cloudwatch.ranges import Schedule
from blueprint.cloudwatch.samples import Samples
from blueprint.cloudwatch.series import Reader
from blueprint.cloudwatch.statistics import Value
from blueprint.cloudwatch.timeline import Timeline, Transition
from blueprint.errors import BlueprintError


def evaluate(
    alarms: Sequence[Alarm],
    samples: Samples,
    *,
    start: int,
    end: int,
    initial: Mapping[str, State] | None = None,
) -> Timeline:
    """Runs `alarms` from second `start` to `end`, both included.

    `initial` are the states at `start` by name; INSUFFICIENT_DATA where not given, as of an alarm that was just made.
    BlueprintError names the alarm whose statistic, expression, rule or numbers cannot be evaluated.
    """
    declarations.check(alarms)
    if end < start:
        raise BlueprintError(
            f"the run ends at second {end}, before it begins at {start}", remedy="let it end later"
        )
    before = _begin(alarms, initial or {})
    watching = [
        (alarm, Schedule.of(alarm, start=start, end=end))
        for alarm in alarms
        if isinstance(alarm, MetricAlarm)
    ]
    watching.sort(key=lambda pair: repr(pair[0].metrics))  # so that each metric is read once
    reader = Reader(samples, (schedule.grid for _, schedule in watching))
    changes = {
        alarm.name: list(_transitions(alarm, schedule, reader, before[alarm.name]))
        for alarm, schedule in watching
    }
    rules = [alarm for alarm in alarms if isinstance(alarm, CompositeAlarm)]
    changes |= composites.transitions(rules, changes, before, start=start)
    return Timeline(
        start=start,
        end=end,
        initial=before,
        transitions=[change for found in changes.values() for change in found],
        notifications=[
            each for alarm in alarms for each in notifications.of(alarm, changes, before, end=end)
        ],
    )


def datapoints(
    alarm: MetricAlarm, samples: Samples, *, start: int, end: int
) -> list[tuple[int, Value]]:
    """The newest data point at each evaluation of `alarm` from `start` to `end`: its second, and its value or None.

    BlueprintError as for `evaluate`.
    """
    declarations.check([alarm])
    schedule = Schedule.of(alarm, start=start, end=end)
    found = ranges.read(alarm, schedule, Reader(samples, [schedule.grid]))
    return [(at, found.values(index)[-1]) for index, at in enumerate(schedule.ticks)]


def _begin(alarms: Sequence[Alarm], initial: Mapping[str, State]) -> dict[str, State]:
    before = {alarm.name: State.INSUFFICIENT_DATA for alarm in alarms}
    for name in initial:
        if name not in before:
            raise BlueprintError(
                f"the initial state of {name!r} is given, which is none of the alarms",
                remedy="correct the name",
            )
    return before | dict(initial)


class _Verdicts(dict[Sequence[int], State | None]):
    """What `missing_data` makes of an evaluation range for one alarm; ranges repeat, so each is judged once."""

    def __init__(self, alarm: MetricAlarm) -> None:
        super().__init__()
        self._alarm = alarm
        watched = alarm.result.metric
        dynamodb = watched is not None and watched.namespace == "AWS/DynamoDB"
        self._missing_data = MissingData.IGNORE if dynamodb else alarm.missing_data

    def __missing__(self, letters: Sequence[int]) -> State | None:
        self[letters] = missing_data.judge(
            bytes(letters),
            datapoints=self._alarm.datapoints,
            evaluation_periods=self._alarm.evaluation_periods,
            missing_data=self._missing_data,
        )
        return self[letters]


def _transitions(
    alarm: MetricAlarm, schedule: Schedule, reader: Reader, state: State
) -> Iterator[Transition]:
    """The changes of state of `alarm`, which begins in `state`."""
    read = ranges.read(alarm, schedule, reader)
    verdicts = map(_Verdicts(alarm).__getitem__, read.letters())
    for index, verdict in enumerate(verdicts):
        if verdict is not state and verdict is not None:
            reason = _reason(alarm, read.values(index))
            yield Transition(schedule.ticks[index], alarm.name, state, verdict, reason)
            state = verdict


def _reason(alarm: MetricAlarm, values: Sequence[Value]) -> str:
    shown = " ".join("-" if value is None else f"{value:g}" for value in values)
    return (
        f"data points {shown}, alarm where {alarm.datapoints} of {alarm.evaluation_periods} are "
        f"{alarm.comparison} {alarm.threshold:g}, missing data: {alarm.missing_data}"
    )
