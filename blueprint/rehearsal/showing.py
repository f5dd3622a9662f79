"""Shows a report: a table of signals and the faults for people, JSON for programs."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from rich.box import SIMPLE
from rich.table import Table

from blueprint.rehearsal import rehearsing
from blueprint.rehearsal.model import REQUIRED, Kind
from blueprint.rehearsal.rehearsing import Outcome, Rehearsed, Report


def table(report: Report) -> Table:
    """One row a signal: its alarms, its cases by kind, and what became of its mutants."""
    # One space between columns: the table fits the 80 columns that a log has.
    shown = Table(box=SIMPLE, padding=(0, 1, 0, 0))
    shown.add_column("signal", no_wrap=True)
    for column in ("alarms", "fire", "clear", "near", "hold", "mutants", "killed", "same"):
        shown.add_column(column, justify="right")
    shown.add_column("", no_wrap=True)
    for signal, alarms in _by_signal(report).items():
        found = rehearsing.counts(alarms)
        faults = sum(len(alarm.faults) for alarm in alarms)
        shown.add_row(
            signal,
            str(len(alarms)),
            *(str(found[kind.value]) for kind in (*REQUIRED, Kind.HOLD)),
            *(str(found[name]) for name in ("mutants", "killed", "equivalent")),
            f"[red]{faults} faults[/red]" if faults else "[green]✓[/green]",
        )
    return shown


def equivalents(report: Report) -> Counter[str]:
    """How many mutants cannot be told from their alarms, by the kind of the mutant and the reason."""
    return Counter(
        f"{outcome.mutant.operator}: {outcome.equivalent}"
        for alarm in report.alarms
        for outcome in alarm.outcomes
        if outcome.equivalent is not None
    )


def summary(report: Report) -> str:
    """The figures in one sentence."""
    found = rehearsing.counts(report.alarms)
    cases = ", ".join(
        f"{found[kind.value]} {kind.value.replace('_', ' ')}" for kind in (*REQUIRED, Kind.HOLD)
    )
    return (
        f"{len(report.alarms)} alarms, cases: {cases}; {found['mutants']} mutants, {found['killed']} killed,"
        f" {found['equivalent']} the same as their alarm, {found['survived']} survived"
    )


def as_json(report: Report) -> dict[str, Any]:
    """The report as JSON has it."""
    found = rehearsing.counts(report.alarms)
    return {
        "ok": not report.all_faults,
        "alarms": [_alarm(alarm) for alarm in report.alarms],
        "signals_without_alarm": list(report.idle),
        "cases": {kind.value: found[kind.value] for kind in Kind},
        "mutants": {
            name: found[key]
            for name, key in (
                ("made", "mutants"),
                ("killed", "killed"),
                ("equivalent", "equivalent"),
                ("survived", "survived"),
            )
        },
        "faults": list(report.all_faults),
    }


def _alarm(alarm: Rehearsed) -> Mapping[str, Any]:
    return {
        "name": alarm.name,
        "signal": alarm.signal,
        "resource": alarm.resource,
        "cases": [
            {
                "kind": played.case.kind.value,
                "story": played.case.story,
                "place": str(played.case.spot),
                "failure": played.failure,
            }
            for played in alarm.played
        ],
        "mutants": [_mutant(outcome) for outcome in alarm.outcomes],
        "faults": list(alarm.faults),
    }


def _mutant(outcome: Outcome) -> Mapping[str, Any]:
    return {
        "operator": outcome.mutant.operator,
        "change": outcome.mutant.change,
        "killed_by": None if outcome.killed_by is None else str(outcome.killed_by.spot),
        "equivalent": outcome.equivalent,
    }


def _by_signal(report: Report) -> Mapping[str, list[Rehearsed]]:
    found: dict[str, list[Rehearsed]] = {}
    for alarm in report.alarms:
        found.setdefault(alarm.signal or alarm.name, []).append(alarm)
    return dict(sorted(found.items()))
