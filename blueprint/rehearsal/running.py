"""Runs an alarm, and its mutants, through the cases of its signal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from blueprint.cloudwatch import rules
from blueprint.cloudwatch.evaluation import evaluate
from blueprint.cloudwatch.model import Alarm, CompositeAlarm, Metric, MetricAlarm
from blueprint.cloudwatch.samples import Samples
from blueprint.rehearsal import judging, scripts
from blueprint.rehearsal.laying import Stage
from blueprint.rehearsal.model import Case, Kind
from blueprint.rehearsal.scripts import MINUTE, Script
from blueprint.rehearsal.watched import Watched

_NOBODY = Metric("", "reported by nobody")


@dataclass(frozen=True)
class Played:
    """A case that was run on an alarm, and why it failed; None where the alarm kept the promise."""

    case: Case
    failure: str | None


class Rehearsal:
    """One alarm on the resource that it watches, with the cases that are for that resource."""

    def __init__(
        self,
        alarm: Alarm,
        own: Watched,
        cases: Sequence[Case],
        *,
        stage: Stage,
        alarms: Mapping[str, Alarm],
    ) -> None:
        """`alarms` are all of the plan by name: a composite alarm is run together with those its rule names."""
        self.alarm = alarm
        self._stage = stage
        self._with = tuple(_named(alarm, alarms))
        fires = [case for case in cases if case.kind is Kind.FIRE]
        self._scripts = [(case, scripts.of(case, own, _preceding(case, fires))) for case in cases]
        # What has been laid for each script, and of which series: the cases are run many times.
        self._laid: dict[int, tuple[Samples, set[Metric]]] = {}
        for _, script in self._scripts:
            stage.check(script)

    def play(self) -> tuple[Played, ...]:
        """Every case, run on the alarm as it is."""
        return tuple(
            Played(case, self._verdicts(case, script, [self.alarm])[0])
            for case, script in self._scripts
        )

    def kill(self, mutants: Sequence[Alarm]) -> tuple[Case | None, ...]:
        """The case that notices each of `mutants`, None for one that no case does; shorter cases are tried first."""
        killed: dict[int, Case] = {}
        for case, script in sorted(self._scripts, key=lambda each: each[1].end):
            alive = [number for number in range(len(mutants)) if number not in killed]
            if not alive:
                break
            failures = self._verdicts(case, script, [mutants[number] for number in alive])
            killed |= {
                number: case
                for number, failure in zip(alive, failures, strict=True)
                if failure is not None
            }
        return tuple(killed.get(number) for number in range(len(mutants)))

    def _verdicts(self, case: Case, script: Script, versions: Sequence[Alarm]) -> list[str | None]:
        """The verdict on each of `versions` of the alarm; they are run at once, which reads the series once."""
        read = [self._read(version) for version in versions]
        named = {
            version: replace(version, name=f"{self.alarm.name}#{number}")
            for number, version in enumerate(dict.fromkeys(read))
        }
        run = (*self._with, *named.values())
        timeline = evaluate(run, self._samples(run, script), start=script.start, end=script.end)
        verdicts = {
            version: judging.verdict(alarm, case, script, timeline)
            for version, alarm in named.items()
        }
        return [verdicts[version] for version in read]

    def _read(self, alarm: Alarm) -> Alarm:
        """The alarm with one series for all that nobody reports: they are alike, and half of all mutants read one."""
        if isinstance(alarm, CompositeAlarm):
            return alarm
        queries = tuple(
            replace(query, metric=_NOBODY)
            if query.metric is not None and self._stage.fact(query.metric) is None
            else query
            for query in alarm.queries
        )
        return replace(alarm, queries=queries)

    def _samples(self, alarms: Iterable[Alarm], script: Script) -> Samples:
        samples, laid = self._laid.setdefault(id(script), (Samples(), set()))
        for alarm in alarms:
            if isinstance(alarm, MetricAlarm):
                for metric in alarm.metrics:
                    if metric not in laid:
                        laid.add(metric)
                        self._put(samples, metric, script)
        return samples

    def _put(self, samples: Samples, metric: Metric, script: Script) -> None:
        fact = self._stage.fact(metric)
        unit = None if fact is None else fact.unit
        for minute, values in self._stage.lay(metric, script).items():
            for value, count in values:
                samples.put(metric, minute * MINUTE, value, count, unit)


def _preceding(case: Case, fires: Sequence[Case]) -> Case | None:
    """The fire case that `case` goes on from."""
    return next((fire for fire in fires if case.after in ("", fire.name)), None)


def _named(alarm: Alarm, alarms: Mapping[str, Alarm]) -> Iterable[Alarm]:
    """The alarms that `alarm` depends on, each once: those in its rule, its suppressor, and theirs in turn."""
    found: dict[str, Alarm] = {}
    pending = [alarm]
    while pending:
        current = pending.pop()
        if isinstance(current, CompositeAlarm):
            suppressor = () if current.suppressor is None else (current.suppressor,)
            for reference in (*rules.parse(current.rule).children, *suppressor):
                name = rules.name_of(reference)
                if name in alarms and name not in found:
                    found[name] = alarms[name]
                    pending.append(alarms[name])
    return found.values()
