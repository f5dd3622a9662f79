"""Reads what Locust counted, and says whether a profile lets it pass."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blueprint.errors import BlueprintError
from blueprint.load.profiles import Profile


@dataclass(frozen=True)
class Route:
    """What came back of one route: counts, and response times in milliseconds."""

    name: str
    requests: int
    failures: int
    median: int
    p95: int


def read(file: Path) -> list[Route]:
    """The routes in Locust's JSON report, by name; BlueprintError where there is none."""
    try:
        entries: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
        return sorted((_route(entry) for entry in entries), key=lambda route: route.name)
    except (OSError, ValueError, KeyError) as error:
        raise BlueprintError(
            f"Locust left no report that can be read: {error}",
            remedy=f"read {file.with_name('locust.log').name} beside it, and run the load again",
        ) from error


def require(routes: Sequence[Route], profile: Profile) -> None:
    """Raise BlueprintError where nothing was asked, or more failed than `profile` allows."""
    requests = sum(route.requests for route in routes)
    failures = sum(route.failures for route in routes)
    if not requests:
        raise BlueprintError(
            f"profile {profile.name}: not one request was made, so nothing is known",
            remedy="raise its seconds in loadtests/profiles.yaml",
        )
    ratio = failures / requests
    if ratio > profile.allowed_failure_ratio:
        raise BlueprintError(
            f"profile {profile.name}: {failures} of {requests} requests failed"
            f" ({ratio:.2%}, allowed are {profile.allowed_failure_ratio:.2%})",
            remedy="the report lists each failure with its count",
        )


def _route(entry: Mapping[str, Any]) -> Route:
    times = {int(time): int(count) for time, count in entry["response_times"].items()}
    return Route(
        name=f"{entry['method']} {entry['name']}",
        requests=int(entry["num_requests"]),
        failures=int(entry["num_failures"]),
        median=_percentile(times, 0.5),
        p95=_percentile(times, 0.95),
    )


def _percentile(counts: Mapping[int, int], share: float) -> int:
    """The least response time that `share` of the requests did not exceed; `counts` is by milliseconds."""
    wanted = share * sum(counts.values())
    seen = 0
    for time in sorted(counts):
        seen += counts[time]
        if seen >= wanted:
            return time
    return 0
