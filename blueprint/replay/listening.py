"""Plays recorded series to packs of alarms, and notes what a person hears: deliveries, not changes of state."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from blueprint.cloudwatch import evaluation
from blueprint.cloudwatch.model import Actions, Alarm, CompositeAlarm, Metric, MetricAlarm, State
from blueprint.cloudwatch.samples import Samples
from blueprint.replay.packs import Pack, Severity
from blueprint.replay.recording import Recording

# What an alarm that tells somebody is given to tell: whom, its pack knows.
_TELL = Actions(alarm=("a person",))
_TELL_NOBODY = Actions()


@dataclass(frozen=True)
class Heard:
    """One thing a person was told: at which minute of the replay, how loudly, and which alarm said it."""

    minute: int
    severity: Severity
    alarm: str


def samples_of(recording: Recording, metrics: Iterable[Metric]) -> Samples:
    """What CloudWatch holds of `metrics`; what never reported is not there."""
    samples = Samples()
    for metric in metrics:
        minutes = recording.of(metric)
        samples.put_histogram(metric, {minute * 60: values for minute, values in minutes.items()})
    return samples


def listen(
    packs: Sequence[Pack], samples: Samples, minutes: int, *, start: int
) -> Mapping[str, tuple[Heard, ...]]:
    """Everything each pack tells somebody from minute `start` to `minutes`, by time; the packs by name.

    All alarms begin in OK: a pack is judged on the month, not on the minute it was made in. An alarm that several packs
    have is evaluated once.
    """
    alarms: list[Alarm] = []
    # Who has an alarm: pack and the name the alarm has there, by the name it is evaluated under.
    owners: dict[str, list[tuple[Pack, str]]] = defaultdict(list)
    same: dict[MetricAlarm, str] = {}
    for pack in packs:
        children = any(isinstance(alarm, CompositeAlarm) for alarm in pack.alarms)
        for alarm in pack.alarms:
            name = alarm.name
            # Composite alarms know their children by name, so a pack with such keeps its names.
            if not children and isinstance(alarm, MetricAlarm):
                alone = replace(alarm, name="", description="", actions=_TELL)
                name = same.setdefault(alone, f"{pack.name}: {name}")
            if name not in owners:
                actions = _TELL if not children or alarm.name in pack.told else _TELL_NOBODY
                alarms.append(replace(alarm, name=name, actions=actions))
            owners[name].append((pack, alarm.name))
    timeline = evaluation.evaluate(
        alarms,
        samples,
        start=start * 60,
        end=minutes * 60,
        initial={alarm.name: State.OK for alarm in alarms},
    )
    heard: dict[str, list[Heard]] = {pack.name: [] for pack in packs}
    for told in timeline.notifications:
        if told.state is State.ALARM and told.delivered:
            for pack, name in owners[told.alarm]:
                if name in pack.told:
                    heard[pack.name].append(Heard(told.at // 60, pack.told[name], name))
    return {name: tuple(of_pack) for name, of_pack in heard.items()}
