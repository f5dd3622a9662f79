"""What a case is: what a resource goes through minute by minute, and what its alarm has to say to that."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from blueprint.rehearsal.amounts import Amount


class Kind(StrEnum):
    """What a case asks of an alarm."""

    FIRE = "fire"
    """It has to go off within a time, and not before."""
    CLEAR = "clear"
    """After a fire case it has to be OK again within a time, and to stay so."""
    NEAR_MISS = "near_miss"
    """It must not go off, however close it comes."""
    HOLD = "hold"
    """After a fire case it has to stay in ALARM, because nothing has been repaired."""


REQUIRED = (Kind.FIRE, Kind.CLEAR, Kind.NEAR_MISS)


@dataclass(frozen=True)
class Spot:
    """A line of a case file."""

    file: Path
    line: int

    def __str__(self) -> str:
        return f"{self.file.as_posix()}:{self.line}"


@dataclass(frozen=True)
class Conduct:
    """What a resource reports in each of some minutes.

    `metrics` replace those of its ordinary minutes, by name; where `silent`, nothing else is reported. `every` is the
    number of minutes from one such minute to the next, or the name of an attribute that holds it in seconds; None is
    as ordinarily. Between them nothing is reported but what the resource always reports.
    """

    metrics: Mapping[str, Amount] = field(default_factory=dict)
    every: int | str | None = None
    silent: bool = False


@dataclass(frozen=True)
class Phase:
    """Some minutes of one conduct; `also` holds that of other resources, by `kind/key`, with {attribute} filled in."""

    minutes: int
    own: Conduct | None = None
    also: Mapping[str, Conduct] = field(default_factory=dict)


@dataclass(frozen=True)
class Ordinary:
    """The conduct of resources in which nothing is wrong; `where` are attributes they have, with their values."""

    where: Mapping[str, object]
    conduct: Conduct


@dataclass(frozen=True)
class Case:
    """One case of a signal.

    Minutes: `lead` of ordinary traffic come first, then the phases in `before`, in which nothing may happen yet;
    `within` is the promise, of the alarm after the first phase began (fire) or of its end after the last one of the
    fire case did (clear). `told` is whether its actions run, which only those of a suppressed alarm do not. `after` is
    the name of the fire case that a case to clear or hold goes on from; empty for the first one. The alarm of a `new`
    case is created as the first phase begins.
    """

    kind: Kind
    story: str
    spot: Spot
    phases: tuple[Phase, ...]
    where: Mapping[str, object] = field(default_factory=dict)
    lead: int = 60
    within: int = 0
    told: bool = True
    before: tuple[Phase, ...] = ()
    name: str = ""
    after: str = ""
    new: bool = False


@dataclass(frozen=True)
class Signal:
    """The cases of a signal, as one file states them.

    `watches` is the kind of resource that the traffic is of; `resource` is its key, where the alarms' tag does not say.
    """

    name: str
    watches: str
    resource: str
    spot: Spot
    cases: tuple[Case, ...]


@dataclass(frozen=True)
class Book:
    """Every case file: signals by name, and the ordinary minutes of each kind of resource, the first fit first."""

    signals: Mapping[str, Signal]
    ordinary: Mapping[str, tuple[Ordinary, ...]]
