"""A load run passes on what its profile allows, and never on nothing."""

import json
from pathlib import Path
from typing import Any

import pytest

from blueprint.errors import BlueprintError
from blueprint.load import results
from blueprint.load.profiles import Profile
from blueprint.load.results import Route


def profile(allowed: float) -> Profile:
    return Profile("smoke", "a few users", 1, 1, 1, allowed)


def route(requests: int, failures: int) -> Route:
    return Route("GET /items", requests, failures, 1, 1)


def report(tmp_path: Path, *entries: dict[str, Any]) -> Path:
    file = tmp_path / "stats.json"
    file.write_text(json.dumps(entries))
    return file


def entry(name: str, times: dict[str, int], failures: int = 0) -> dict[str, Any]:
    requests = sum(times.values())
    return {
        "method": "GET",
        "name": name,
        "num_requests": requests,
        "num_failures": failures,
        "response_times": times,
    }


def test_each_route_has_its_counts_and_its_times(tmp_path: Path) -> None:
    times = {"10": 90, "100": 5, "1000": 5}

    found = results.read(report(tmp_path, entry("/items", times, 2), entry("/health", {"7": 1})))

    assert found == [Route("GET /health", 1, 0, 7, 7), Route("GET /items", 100, 2, 10, 100)]


@pytest.mark.parametrize(
    ("text", "reason"), [(None, "No such file"), ("{", "Expecting"), ("[{}]", "response_times")]
)
def test_a_report_that_is_none_is_an_error(tmp_path: Path, text: str | None, reason: str) -> None:
    if text is not None:
        (tmp_path / "stats.json").write_text(text)

    with pytest.raises(BlueprintError, match=f"no report that can be read: .*{reason}"):
        results.read(tmp_path / "stats.json")


@pytest.mark.parametrize(
    ("failures", "allowed", "passes"),
    [(0, 0, True), (1, 0, False), (1, 0.01, True), (2, 0.01, False)],
)
def test_a_run_passes_on_what_its_profile_allows(
    failures: int, allowed: float, passes: bool
) -> None:
    routes = [route(60, failures), route(40, 0)]

    if passes:
        results.require(routes, profile(allowed))
    else:
        with pytest.raises(BlueprintError, match=rf"{failures} of 100 requests failed"):
            results.require(routes, profile(allowed))


def test_a_run_that_asked_nothing_proves_nothing() -> None:
    with pytest.raises(BlueprintError, match="not one request was made"):
        results.require([], profile(0.5))
