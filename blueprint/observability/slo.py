"""The objectives of dashboards/slo.yaml: read, and held to what makes their alarms able to go off."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blueprint import data_files, paths
from blueprint.data_files import Source
from blueprint.errors import UsageError

FILE = paths.ROOT / "dashboards" / "slo.yaml"
SCHEMA = paths.ROOT / "dashboards" / "schemas" / "slo.json"
SLIS = ("availability", "latency", "success", "freshness")
_WINDOW = re.compile(r"(\d+)([mhd])")
_UNIT_SECONDS = {"m": 60, "h": 3600, "d": 86400}
_DAY = 86400
# CloudWatch looks no further back, whatever a period.
_WEEK = 7 * _DAY


@dataclass(frozen=True)
class Window:
    """One of the two windows of a burn rate; `label` ends the names of its alarms."""

    label: str
    seconds: int
    severity: str
    burn: float
    long: bool


@dataclass(frozen=True)
class Indicator:
    """A service level indicator with its objective, a fraction.

    `watches` is api or queues, `resource` the key of what is watched. `limit` makes a request slow (milliseconds) or a
    message late (seconds); `minimum_bad` are the failed deliveries, or an HTTP API's errors, below which none counts.
    """

    slo: str
    sli: str
    watches: str
    resource: str
    owner: str
    objective: float
    limit: float | None = None
    minimum_bad: int | None = None

    @property
    def name(self) -> str:
        """The indicator as alarms, runbooks and tags call it."""
        return f"{self.slo}-{self.sli}"

    @property
    def budget(self) -> float:
        """The share that may be bad."""
        return 1 - self.objective

    def has(self, window: Window, windows: tuple[Window, ...]) -> bool:
        """Whether the indicator has an alarm over `window`.

        Freshness counts minutes, and CloudWatch looks at those of one day: a pair that reaches further is left out.
        """
        if self.sli != "freshness":
            return True
        pair = [w for w in windows if (w.severity, w.burn) == (window.severity, window.burn)]
        return all(other.seconds <= _DAY for other in pair)


@dataclass(frozen=True)
class Objectives:
    """What dashboards/slo.yaml says: the indicators, the windows in their order, and when the API is quiet."""

    indicators: tuple[Indicator, ...]
    windows: tuple[Window, ...]
    quiet_minimum_errors: int
    quiet_seconds: int


def read(file: Path = FILE) -> Objectives:
    """The objectives in `file`; UsageError with file, line and field of everything that is wrong."""
    source = data_files.read_source(file, json.loads(SCHEMA.read_text(encoding="utf-8")))
    if faults := list(_faults(source)):
        raise UsageError(
            "\n".join(fault.message for fault in faults),
            remedy="\n".join(dict.fromkeys(fault.remedy for fault in faults)),
        )
    document = source.document
    return Objectives(
        indicators=tuple(_indicators(document)),
        windows=tuple(_windows(document["burn_rates"])),
        quiet_minimum_errors=document["quiet"]["minimum_errors"],
        quiet_seconds=seconds(document["quiet"]["window"]),
    )


def seconds(window: str) -> int:
    """The seconds of a window such as 5m, 6h or 3d."""
    match = _WINDOW.fullmatch(window)
    if match is None:
        raise UsageError(f"{window!r} is no window", remedy="write a number with m, h or d")
    return int(match[1]) * _UNIT_SECONDS[match[2]]


def _indicators(document: Mapping[str, Any]) -> Iterator[Indicator]:
    minimum_errors = document["quiet"]["minimum_errors"]
    for name, slo in document["slos"].items():
        for sli in SLIS:
            if terms := slo.get(sli):
                few = minimum_errors if sli == "availability" else terms.get("minimum_bad")
                yield Indicator(
                    slo=name,
                    sli=sli,
                    watches=slo["watches"],
                    resource=slo.get("resource", "api"),
                    owner=slo["owner"],
                    objective=terms["objective"],
                    limit=terms.get("threshold_ms", terms.get("threshold_seconds")),
                    minimum_bad=few,
                )


def _windows(rates: list[Mapping[str, Any]]) -> Iterator[Window]:
    paged = {rate[end] for rate in rates if rate["severity"] == "page" for end in ("long", "short")}
    for rate in rates:
        for end in ("long", "short"):
            window = rate[end]
            # A ticket's window that a page uses as well, at another burn rate, says so.
            twice = rate["severity"] == "ticket" and window in paged
            yield Window(
                label=f"{window}-ticket" if twice else window,
                seconds=seconds(window),
                severity=rate["severity"],
                burn=rate["burn"],
                long=end == "long",
            )


def _faults(source: Source) -> Iterator[UsageError]:
    rates = source.document["burn_rates"]
    used: dict[tuple[str, str], int] = {}
    for position, rate in enumerate(rates):
        at = ("burn_rates", position)
        if seconds(rate["short"]) >= seconds(rate["long"]):
            yield source.refuse(
                [*at, "short"],
                f"{rate['short']} is not shorter than {rate['long']}, so the pair would not end soon after the trouble",
                remedy="take a twelfth of the long window",
            )
        if seconds(rate["long"]) > _WEEK:
            yield source.refuse(
                [*at, "long"],
                f"{rate['long']} is longer than the 7d CloudWatch looks back",
                remedy="shorten the window",
            )
        for end in ("long", "short"):
            key = (rate["severity"], rate[end])
            if key in used:
                yield source.refuse(
                    [*at, end],
                    f"{rate[end]} is a window of burn_rates[{used[key]}] too, and alarms are named by it",
                    remedy="use a window once for page and once for ticket",
                )
            used[key] = position
    fastest = max(rate["burn"] for rate in rates)
    for indicator in _indicators(source.document):
        if fastest * indicator.budget >= 1:
            least = 1 - 1 / fastest
            yield source.refuse(
                ["slos", indicator.slo, indicator.sli, "objective"],
                f"a budget of {indicator.budget:g} cannot burn {fastest:g} times too fast, even if all fails",
                remedy=f"promise more than {least:.3f}, or lower the burn rates",
            )
