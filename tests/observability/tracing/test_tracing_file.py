"""dashboards/tracing.yaml as it ships, and what its schema refuses."""

import json
from pathlib import Path
from typing import Any

import pytest

from blueprint import data_files, paths
from blueprint.errors import UsageError

SCHEMA = json.loads(
    (paths.ROOT / "dashboards" / "schemas" / "tracing.json").read_text(encoding="utf-8")
)


def read(tmp_path: Path, rule: dict[str, Any]) -> object:
    file = tmp_path / "tracing.yaml"
    file.write_text(
        json.dumps({"groups": {}, "sampling_rules": {"probes": rule}}), encoding="utf-8"
    )
    return data_files.read(file, SCHEMA)


RULE = {
    "why": "each one is a question",
    "tiers": ["prod"],
    "root": "rest_stage",
    "priority": 100,
    "reservoir_per_second": 0,
    "rate": 1,
}


def test_ours_has_groups_and_no_rule_since_an_http_api_s_traces_follow_none() -> None:
    document = data_files.read(paths.ROOT / "dashboards" / "tracing.yaml", SCHEMA)

    assert set(document["groups"]) == {"service", "trouble"}
    assert document["sampling_rules"] == {}


def test_a_rule_for_a_stage_is_taken(tmp_path: Path) -> None:
    assert read(tmp_path, RULE)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"root": "lambda"}, "'lambda' is not one of"),
        ({"rate": 5}, "5 is greater than the maximum of 1"),
        ({"priority": 0}, "0 is less than the minimum of 1"),
        ({"reservoir_per_second": 0.5}, "0.5 is not of type 'integer'"),
        ({"url": "/health"}, "url: there is no such key; use why"),
        ({"root": "sdk"}, "'service_name' is a required property"),
    ],
)
def test_a_rule_x_ray_would_not_take_is_told_with_its_field(
    tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        read(tmp_path, RULE | change)
