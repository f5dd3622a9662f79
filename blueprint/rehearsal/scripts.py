"""Makes the script of a case for one resource: what happens when, and from when to when alarms are watched."""

from dataclasses import dataclass

from blueprint.rehearsal.model import Case, Kind, Phase, Spot
from blueprint.rehearsal.watched import Watched

MINUTE = 60  # seconds
# How long an alarm that may not fire is watched afterwards: long enough for its windows to pass the phases' end.
_AFTERMATH = 30
# How long before the first phase alarms are watched, at most: two evaluations of those that are evaluated once an hour.
_BEFOREHAND = 120


@dataclass(frozen=True)
class Script:
    """Phases on the virtual clock, whose minute 0 is where ordinary traffic begins.

    Seconds: alarms are watched from `start` to `end`; what the case is about begins at `begins`, and is over at `ends`.
    """

    own: Watched
    spot: Spot
    phases: tuple[Phase, ...]
    start: int
    begins: int
    ends: int
    end: int


def of(case: Case, own: Watched, fire: Case | None) -> Script:
    """The script of `case`; one that clears or holds goes on from `fire`."""
    first = fire if fire is not None and case.kind in (Kind.CLEAR, Kind.HOLD) else case
    begins = first.lead + _minutes(first.before)
    ends = begins + _minutes(first.phases)
    end = ends if first is case else ends + _minutes(case.phases)
    if case.kind is Kind.FIRE:
        end = max(end, begins + case.within)
    elif case.kind is Kind.NEAR_MISS:
        end += _AFTERMATH
    phases = (Phase(first.lead), *first.before, *first.phases)
    if first is not case:
        phases = (*phases, *case.phases)
    phases = (*phases, Phase(end - _minutes(phases)))
    return Script(
        own=own,
        spot=case.spot,
        phases=phases,
        start=(begins if first.new else first.lead - min(first.lead // 2, _BEFOREHAND)) * MINUTE,
        begins=begins * MINUTE,
        ends=ends * MINUTE,
        end=end * MINUTE,
    )


def _minutes(phases: tuple[Phase, ...]) -> int:
    return sum(phase.minutes for phase in phases)
