"""Turns what was heard into figures: pages a week, false pages, recall, minutes to page."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from blueprint.replay.listening import Heard
from blueprint.replay.scenarios import Fault, Scenario

_HOUR = 60


@dataclass(frozen=True)
class FaultFigures:
    """What one pack said about one fault.

    `page` and `ticket` are minutes from the start to the first of its kind, None where there was none; `heard` is
    whether a person learned of it as loudly as asked (a page serves for a ticket), however late. `in_time` says that
    it was within the fault's `within_minutes`. Both are None for a fault of which nothing should be heard.
    """

    fault: Fault
    page: int | None
    ticket: int | None
    heard: bool | None
    in_time: bool | None

    @property
    def minutes(self) -> int | None:
        """Minutes until a person learned of it as loudly as asked."""
        asked = (self.page,) if self.fault.hears == "page" else (self.page, self.ticket)
        return min((minutes for minutes in asked if minutes is not None), default=None)


@dataclass(frozen=True)
class Figures:
    """What one pack did in one scenario. `false_pages` and `false_tickets` are those that no fault justifies."""

    scenario: Scenario
    pack: str
    heard: tuple[Heard, ...]
    faults: tuple[FaultFigures, ...]
    false_pages: int
    false_tickets: int

    @property
    def pages(self) -> int:
        """Pages in all."""
        return sum(heard.severity == "page" for heard in self.heard)

    @property
    def disturbances(self) -> int:
        """Pages that did not come within an hour of the one before: how often somebody had to get up."""
        pages = [heard.minute for heard in self.heard if heard.severity == "page"]
        return len(pages) - sum(after - before < _HOUR for before, after in pairwise(pages))

    @property
    def tickets(self) -> int:
        """Tickets in all."""
        return sum(heard.severity == "ticket" for heard in self.heard)

    @property
    def false_pages_a_week(self) -> float:
        """Pages a week that nothing justified."""
        return self.false_pages / self.scenario.weeks


def measure(scenario: Scenario, pack: str, heard: Sequence[Heard]) -> Figures:
    """The figures of one pack in one scenario."""
    justified = [fault for fault in scenario.faults if fault.hears != "nothing"]
    false = [told for told in heard if not any(fault.covers(told.minute) for fault in justified)]
    return Figures(
        scenario=scenario,
        pack=pack,
        heard=tuple(heard),
        faults=tuple(_of_fault(fault, heard) for fault in scenario.faults),
        false_pages=sum(told.severity == "page" for told in false),
        false_tickets=sum(told.severity == "ticket" for told in false),
    )


def recall(faults: Sequence[FaultFigures]) -> tuple[int, int]:
    """How many faults were heard, of how many that should have been."""
    judged = [fault.heard for fault in faults if fault.heard is not None]
    return sum(judged), len(judged)


def _of_fault(fault: Fault, heard: Sequence[Heard]) -> FaultFigures:
    first: dict[str, int] = {}
    for told in heard:
        if fault.covers(told.minute):
            first.setdefault(told.severity, told.minute - fault.start)
    figures = FaultFigures(fault, first.get("page"), first.get("ticket"), None, None)
    if fault.hears == "nothing":
        return figures
    minutes = figures.minutes
    return FaultFigures(
        fault,
        figures.page,
        figures.ticket,
        heard=minutes is not None,
        in_time=minutes is not None and minutes <= fault.within_minutes,
    )
