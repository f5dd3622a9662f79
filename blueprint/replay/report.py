"""Shows figures: a line for each pack, a line for each fault, and everything as JSON."""

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any

from rich import box
from rich.table import Table

from blueprint.replay import figures
from blueprint.replay.figures import FaultFigures, Figures
from blueprint.replay.packs import Pack

VERSION = 1


def document(packs: Sequence[Pack], played: Sequence[Sequence[Figures]]) -> dict[str, Any]:
    """Everything that was measured. The same scenarios and seeds give the same document."""
    return {
        "version": VERSION,
        "packs": [
            {
                "name": pack.name,
                "title": pack.title,
                "alarms": len(pack.alarms),
                **_summary(pack, played),
            }
            for pack in packs
        ],
        "scenarios": [_scenario(of_scenario) for of_scenario in played],
    }


def summary_table(packs: Sequence[Pack], played: Sequence[Sequence[Figures]]) -> Table:
    """One line for each pack, over all scenarios played."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("pack", overflow="fold")
    for column in (
        "alarms",
        "false pages\na week",
        "pages\na week",
        "woken\na week",
        "tickets\na week",
        "faults\nheard",
        "minutes to\npage (median)",
    ):
        table.add_column(column, justify="right")
    for pack in packs:
        summary = _summary(pack, played)
        minutes = summary["median_minutes_to_page"]
        table.add_row(
            pack.name,
            str(len(pack.alarms)),
            f"{summary['false_pages_a_week']:.2f}",
            f"{summary['pages_a_week']:.2f}",
            f"{summary['disturbances_a_week']:.2f}",
            f"{summary['tickets_a_week']:.2f}",
            f"{summary['faults_heard']} of {summary['faults_to_hear']}",
            "-" if minutes is None else f"{minutes:g}",
        )
    return table


def fault_table(packs: Sequence[Pack], played: Sequence[Sequence[Figures]]) -> Table:
    """A column for each pack, a line for each scenario (false pages a week) and fault (minutes until it was heard)."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("scenario and fault")
    table.add_column("should be heard as")
    for pack in packs:
        table.add_column(pack.name, justify="right")
    for of_scenario in played:
        by_pack = {each.pack: each for each in of_scenario}
        shown = [by_pack[pack.name] for pack in packs]
        scenario = shown[0].scenario
        table.add_row(
            f"[bold]{scenario.name}[/bold]",
            "[dim]false pages a week[/dim]",
            *(f"[dim]{each.false_pages_a_week:.2f}[/dim]" for each in shown),
        )
        for index, fault in enumerate(scenario.faults):
            asked = (
                fault.hears
                if fault.hears == "nothing"
                else f"{fault.hears} in {fault.within_minutes} min"
            )
            table.add_row(f"  {fault.name}", asked, *(_cell(each.faults[index]) for each in shown))
        table.add_section()
    return table


def failures(ours: str, played: Sequence[Sequence[Figures]]) -> Iterator[str]:
    """What pack `ours` did not do that the scenarios ask of it, a sentence each."""
    for of_scenario in played:
        mine = next(each for each in of_scenario if each.pack == ours)
        scenario = mine.scenario
        if mine.false_pages_a_week > scenario.most_false_pages_a_week:
            yield (
                f"{scenario.name}: {mine.false_pages_a_week:.2f} false pages a week, "
                f"at most {scenario.most_false_pages_a_week:g} are allowed ({_loudest(mine)})"
            )
        for of_fault in mine.faults:
            if of_fault.in_time is False:
                fault = of_fault.fault
                said = (
                    "nothing"
                    if of_fault.minutes is None
                    else f"{fault.hears} after {of_fault.minutes} min"
                )
                yield (
                    f"{scenario.name}: {fault.name}: a {fault.hears} within {fault.within_minutes} min was asked for, "
                    f"heard was {said}"
                )


def _summary(pack: Pack, played: Sequence[Sequence[Figures]]) -> dict[str, Any]:
    mine = [each for of_scenario in played for each in of_scenario if each.pack == pack.name]
    weeks = sum(each.scenario.weeks for each in mine)
    faults = [of_fault for each in mine for of_fault in each.faults]
    heard, asked = figures.recall(faults)
    minutes = [
        of_fault.page
        for of_fault in faults
        if of_fault.fault.hears == "page" and of_fault.page is not None
    ]
    return {
        "false_pages_a_week": round(sum(each.false_pages for each in mine) / weeks, 4),
        "pages_a_week": round(sum(each.pages for each in mine) / weeks, 4),
        "disturbances_a_week": round(sum(each.disturbances for each in mine) / weeks, 4),
        "false_tickets_a_week": round(sum(each.false_tickets for each in mine) / weeks, 4),
        "tickets_a_week": round(sum(each.tickets for each in mine) / weeks, 4),
        "faults_heard": heard,
        "faults_to_hear": asked,
        "median_minutes_to_page": median(minutes) if minutes else None,
    }


def _scenario(of_scenario: Sequence[Figures]) -> dict[str, Any]:
    scenario = of_scenario[0].scenario
    return {
        "name": scenario.name,
        "title": scenario.title,
        "seed": scenario.seed,
        "days": scenario.days,
        "packs": {each.pack: _pack(each) for each in of_scenario},
    }


def _pack(mine: Figures) -> dict[str, Any]:
    return {
        "pages": mine.pages,
        "disturbances": mine.disturbances,
        "tickets": mine.tickets,
        "false_pages": mine.false_pages,
        "false_tickets": mine.false_tickets,
        "faults": [_fault(of_fault) for of_fault in mine.faults],
        "alarms": dict(sorted(Counter(heard.alarm for heard in mine.heard).items())),
    }


def _fault(of_fault: FaultFigures) -> dict[str, Any]:
    return {
        "name": of_fault.fault.name,
        "hears": of_fault.fault.hears,
        "heard": of_fault.heard,
        "in_time": of_fault.in_time,
        "minutes_to_page": of_fault.page,
        "minutes_to_ticket": of_fault.ticket,
    }


def _cell(of_fault: FaultFigures) -> str:
    """What was heard of a fault, and when."""
    if of_fault.page is not None:
        shown = f"page {of_fault.page}"
    elif of_fault.ticket is not None:
        shown = f"ticket {of_fault.ticket}"
    else:
        return "-" if of_fault.heard is None else "[red]missed[/red]"
    wrong = of_fault.page is not None if of_fault.heard is None else not of_fault.heard
    return f"[red]{shown}[/red]" if wrong else shown


def _loudest(mine: Figures) -> str:
    """The alarms that page most, for a person who wants to know where to begin."""
    pages = Counter(heard.alarm for heard in mine.heard if heard.severity == "page")
    return ", ".join(f"{alarm} {count} x" for alarm, count in pages.most_common(3))
