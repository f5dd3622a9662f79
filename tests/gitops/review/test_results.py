"""The results of an apply can be written at every moment and read by another job."""

import json
from typing import Any

import pytest

from blueprint.delivery.terraform import Counts
from blueprint.errors import BlueprintError
from blueprint.review import results
from blueprint.review.results import Recorder, Run


def recorded() -> tuple[Recorder, list[Run]]:
    seen: list[Run] = []
    return Recorder("dev", "d" * 64, ["table", "iam"], seen.append), seen


def test_what_has_not_begun_is_told_from_the_start() -> None:
    _, seen = recorded()

    assert [(each.component, each.outcome) for each in seen[0].results] == [
        ("iam", "not started"),
        ("table", "not started"),
    ]


def test_what_runs_counts_as_failed_until_it_has_ended() -> None:
    recorder, seen = recorded()

    recorder.start("iam")
    assert seen[-1].results[0].outcome == "failed"
    assert seen[-1].results[0].error == "the run ended while it was applied"
    recorder.end("iam", "applied", counts=Counts(1, 0, 0))

    assert seen[-1].results[0].outcome == "applied"
    assert seen[-1].results[0].error is None


def test_a_run_comes_back_as_it_was() -> None:
    recorder, _ = recorded()
    recorder.start("iam")
    recorder.end("iam", "applied", counts=Counts(1, 2, 3))
    recorder.start("table")
    recorder.end("table", "failed", error="Throttled")
    recorder.fail("Throttled")

    assert results.from_json(json.loads(json.dumps(recorder.run.as_json()))) == recorder.run


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"version": 2}, "version: 1 was expected"),
        ({"results": [{}]}, r"results\[0\]: 'component' is a required property"),
        ({"stack": 1}, "stack: 1 is not of type 'string'"),
    ],
)
def test_a_wrong_file_is_told_by_its_fields(change: dict[str, Any], message: str) -> None:
    recorder, _ = recorded()

    with pytest.raises(BlueprintError, match=message):
        results.from_json(recorder.run.as_json() | change)
