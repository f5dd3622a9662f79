"""The files of dashboards/ as they ship, and slips in them."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from blueprint.errors import UsageError
from blueprint.observability import panels


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[str, str], Path]:
    """A directory with our files, in whose service.yaml one text is another."""

    def change(text: str, other: str) -> Path:
        for file in panels.DIRECTORY.glob("*.yaml"):
            shutil.copy(file, tmp_path)
        service = tmp_path / "service.yaml"
        content = service.read_text(encoding="utf-8")
        assert text in content
        service.write_text(content.replace(text, other, 1), encoding="utf-8")
        return tmp_path

    return change


@pytest.mark.parametrize("name", panels.NAMES)
def test_our_dashboards_follow_their_schema_and_name_what_exists(name: str) -> None:
    assert panels.read(name)["tiers"] == ["prod"]


@pytest.mark.parametrize(
    ("text", "other", "message"),
    [
        ("slo: api-latency", "slo: api-lateness", "rows.*slo"),
        (
            "slo: api-latency",
            "slo: shop-latency",
            "there is no objective 'shop-latency'.*api-latency",
        ),
        ("kind: budget", "kind: gauge", "'gauge' is not one of"),
        ("metric: Count, of: api", "metric: Count, of: apis", "'apis' is not one of"),
        ("height: 4", "heigth: 4", "heigth: there is no such key; use title, height, panels"),
        ("id: requests", "id: failed", "another line has the id 'failed'"),
        ("period_seconds: 3600", "period_seconds: 90", "90 is not a multiple of 60"),
        ("start: -P7D", "start: 7d", "'7d' does not match"),
        (
            "kind: alarms, signals",
            "kind: alarms, width: 25, signals",
            "25 is greater than the maximum",
        ),
        (
            "kind: budget, slo: api-latency",
            "kind: logs, query: no-such",
            "there is no query 'no-such'",
        ),
        ("kind: budget, slo: api-latency", "kind: logs", "'query' is a required property"),
        (
            "kind: budget, slo: api-latency }",
            "width: 24, kind: budget, slo: api-latency }",
            "more than 24 columns",
        ),
    ],
)
def test_a_slip_is_told_with_its_line(
    changed: Callable[[str, str], Path], text: str, other: str, message: str
) -> None:
    with pytest.raises(UsageError, match=rf"service.yaml:\d+: .*{message}"):
        panels.read("service", changed(text, other))
