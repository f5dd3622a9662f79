"""What is known of one metric, as AWS documents it or as a document declares it."""

from dataclasses import dataclass
from enum import StrEnum


class Reports(StrEnum):
    """When a metric has a value in a minute."""

    ALWAYS = "always"
    """Every minute that the resource exists."""
    PER_EVENT = "per-event"
    """One sample for each event (request, invocation), zeros among them; nothing in a minute without events."""
    WHEN_NONZERO = "when-nonzero"
    """Only in a minute in which it happened: a zero is never reported."""
    WHILE_ACTIVE = "while-active"
    """As long as the resource is used, and some hours after; then it falls silent, whatever the last value was."""


@dataclass(frozen=True)
class Fact:
    """One metric of one namespace.

    `dimension_sets` are the exact sets of dimension names it is reported by (the empty set is the metric without any);
    `minimum` and `maximum` bound a single sample in `unit`, None is no bound; `whole` says that samples are integers.
    `resolution` is in seconds. `source` names the page the fact was read on, `read_on` the day (ISO 8601).
    """

    namespace: str
    name: str
    dimension_sets: tuple[frozenset[str], ...]
    unit: str
    reports: Reports
    source: str
    read_on: str
    minimum: float | None = 0
    maximum: float | None = None
    whole: bool = False
    resolution: int = 60
    note: str = ""
