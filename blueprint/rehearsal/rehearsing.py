"""Rehearses the alarms of a plan: each has its cases, keeps their promises, and none of its mutants passes for it."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from blueprint.cloudwatch import rules
from blueprint.cloudwatch.model import Alarm, CompositeAlarm, MetricAlarm
from blueprint.documents.model import Declared
from blueprint.errors import BlueprintError
from blueprint.rehearsal import composite_mutants, equivalents, mutants
from blueprint.rehearsal.laying import Stage
from blueprint.rehearsal.model import REQUIRED, Book, Case, Signal
from blueprint.rehearsal.mutants import Mutant
from blueprint.rehearsal.running import Played, Rehearsal
from blueprint.rehearsal.watched import Watched


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant: the case that noticed it, or the reason why none can; neither of both is a survivor."""

    mutant: Mutant
    killed_by: Case | None = None
    equivalent: str | None = None

    @property
    def survived(self) -> bool:
        return self.killed_by is None and self.equivalent is None


@dataclass(frozen=True)
class Rehearsed:
    """One alarm: its cases as they went, its mutants, and the faults, each with the place to repair."""

    name: str
    signal: str
    resource: str
    played: tuple[Played, ...]
    outcomes: tuple[Outcome, ...]
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """Everything that was rehearsed; `faults` are those of no single alarm, `idle` the signals without one here."""

    alarms: tuple[Rehearsed, ...]
    idle: tuple[str, ...]
    faults: tuple[str, ...]

    @property
    def all_faults(self) -> tuple[str, ...]:
        return (*self.faults, *(fault for alarm in self.alarms for fault in alarm.faults))


def rehearse(
    declared: Iterable[Declared],
    *,
    stage: Stage,
    book: Book,
    known: Collection[str],
    only: Collection[str] | None = None,
) -> Report:
    """Every alarm in `declared`, run through its cases on `stage`; `known` are the signals that the pack's data has.

    With `only`, the alarms of these signals; then nothing is said of signals without an alarm.

    Raises UsageError, with file and line, for a case that says what its resource cannot report.
    """
    found = tuple(declared)
    alarms = {item.alarm.name: item.alarm for item in found if item.alarm is not None}
    if only is not None:
        chosen = (item for item in found if item.tags.get("signal") in only)
        return Report(tuple(_rehearsed(item, alarms, stage, book) for item in chosen), (), ())
    rehearsed = tuple(_rehearsed(item, alarms, stage, book) for item in found)
    used = {_signal(item) for item in found}
    unused = [signal for signal in book.signals.values() if signal.name not in used]
    return Report(
        alarms=rehearsed,
        idle=tuple(signal.name for signal in unused if signal.name in known),
        faults=tuple(
            f"{signal.spot}: there is no signal {signal.name!r}: remove its cases, or correct the name"
            for signal in unused
            if signal.name not in known
        ),
    )


def _rehearsed(item: Declared, alarms: Mapping[str, Alarm], stage: Stage, book: Book) -> Rehearsed:
    name, tag = _signal(item), item.tags.get("signal", "")
    resource = item.tags.get("resource", "")
    alarm = item.alarm
    place = f"{item.place.file}: {item.place.address}"
    if alarm is None:
        why = "; ".join(item.unresolved) or "it is incomplete"
        return Rehearsed(
            item.place.address, tag, resource, (), (), (f"{place} cannot be rehearsed: {why}",)
        )
    signal = book.signals.get(name)
    own = _own(signal, resource, stage) if signal is not None else None
    if signal is None or own is None:
        return Rehearsed(
            alarm.name, tag, resource, (), (), (f"{place}: {_unmatched(item, signal)}",)
        )
    if lacking := _lacking(alarm, alarms):
        fault = f"{place}: its rule depends on {lacking}, which the plan does not have whole"
        return Rehearsed(alarm.name, tag, resource, (), (), (fault,))
    cases = tuple(case for case in signal.cases if own.has(case.where))
    missing = [kind for kind in REQUIRED if not any(case.kind is kind for case in cases)]
    if missing:
        words = ", ".join(kind.value for kind in missing)
        return Rehearsed(
            alarm.name,
            tag,
            resource,
            (),
            (),
            (
                f"{signal.spot}: {alarm.name} has no case of its own to {words}: add it, or widen a `where`",
            ),
        )
    rehearsal = Rehearsal(alarm, own, cases, stage=stage, alarms=alarms)
    played = rehearsal.play()
    outcomes = tuple(_outcomes(alarm, rehearsal, stage)) if not _failed(played) else ()
    return Rehearsed(
        alarm.name,
        tag,
        resource,
        played,
        outcomes,
        tuple(_faults(alarm.name, signal, played, outcomes)),
    )


def _signal(item: Declared) -> str:
    """What the cases of an alarm are called: its signal, and the window where one signal has several."""
    return "-".join(
        part for part in (item.tags.get("signal", ""), item.tags.get("window", "")) if part
    )


def _own(signal: Signal, resource: str, stage: Stage) -> Watched | None:
    if signal.watches == "stack":
        return stage.resources["stack/stack"]
    return stage.resources.get(f"{signal.watches}/{signal.resource or resource}")


def _lacking(alarm: Alarm, alarms: Mapping[str, Alarm]) -> str | None:
    """An alarm that a combined one depends on, and which there is not."""
    if isinstance(alarm, MetricAlarm):
        return None
    suppressor = () if alarm.suppressor is None else (rules.name_of(alarm.suppressor),)
    names = (*rules.parse(alarm.rule).children, *suppressor)
    return next((name for name in names if name not in alarms), None)


def _unmatched(item: Declared, signal: Signal | None) -> str:
    name = _signal(item)
    if not name:
        return "it has no tag `signal`, so nobody knows its cases: tag it"
    if signal is None:
        return f"no file in dashboards/cases has cases of its signal {name!r}: add them"
    return (
        f"the inventory has no {signal.watches} called {item.tags.get('resource', '')!r}, which its tag `resource`"
        f" names, for the cases in {signal.spot}"
    )


def _failed(played: Iterable[Played]) -> bool:
    return any(case.failure is not None for case in played)


def _outcomes(alarm: Alarm, rehearsal: Rehearsal, stage: Stage) -> Iterator[Outcome]:
    """Mutants are tried on an alarm that keeps its promises only: on another, a broken promise says nothing of them."""
    made = _mutants(alarm)
    killers = rehearsal.kill([mutant.alarm for mutant in made])
    for mutant, killer in zip(made, killers, strict=True):
        reason = equivalents.reason(alarm, mutant.alarm, stage.fact)
        if killer is not None and reason is not None:
            raise BlueprintError(
                f"{alarm.name}: {mutant.operator} {mutant.change} was taken for equivalent ({reason}), and"
                f" {killer.spot} tells it apart",
                remedy="correct the rule in blueprint/rehearsal/equivalents.py",
            )
        yield Outcome(mutant, killer, reason)


def _mutants(alarm: Alarm) -> tuple[Mutant, ...]:
    match alarm:
        case MetricAlarm():
            return mutants.of(alarm)
        case CompositeAlarm():
            return composite_mutants.of(alarm)


def _faults(
    name: str, signal: Signal, played: Iterable[Played], outcomes: Iterable[Outcome]
) -> Iterator[str]:
    for case in played:
        if case.failure is not None:
            yield f"{case.case.spot}: {name} {case.failure} ({case.case.kind}: {case.case.story})"
    for outcome in outcomes:
        if outcome.survived:
            mutant = outcome.mutant
            yield (
                f"{signal.spot}: {name}: no case notices {mutant.operator}: {mutant.change}; add a case that does"
            )


def counts(alarms: Iterable[Rehearsed]) -> Counter[str]:
    """Cases by kind, and mutants by what became of them."""
    found: Counter[str] = Counter()
    for alarm in alarms:
        found.update(case.case.kind.value for case in alarm.played)
        for outcome in alarm.outcomes:
            found["mutants"] += 1
            found["killed"] += outcome.killed_by is not None
            found["equivalent"] += outcome.equivalent is not None
            found["survived"] += outcome.survived
    return found
