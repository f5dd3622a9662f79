"""A file of metrics that is wrong is refused by file and field, whoever wrote it."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from blueprint.catalogue import namespaces
from blueprint.errors import UsageError


def _document(**changes: Any) -> dict[str, Any]:
    return {
        "namespace": "Bakery",
        "complete": True,
        "sources": {"code": {"page": "bakery.py", "url": "bakery.py", "read_on": "2026-11-23"}},
        "dimension_sets": {"oven": ["Oven"]},
        "metrics": [_metric()],
    } | changes


def _metric(**changes: Any) -> dict[str, Any]:
    return {
        "name": "LoavesBaked",
        "dimensions": ["oven"],
        "unit": "Count",
        "reports": "per-event",
        "source": "code",
    } | changes


def _read(directory: Path, document: dict[str, Any]) -> namespaces.Namespace:
    file = directory / "bakery.yaml"
    file.write_text(yaml.safe_dump(document), encoding="utf-8")
    return namespaces.read(file)


def test_several_names_share_one_row(tmp_path: Path) -> None:
    found = _read(tmp_path, _document(metrics=[_metric(name=["LoavesBaked", "LoavesSold"])]))
    assert [fact.name for fact in found.facts] == ["LoavesBaked", "LoavesSold"]


def test_the_oldest_of_several_sources_dates_a_row(tmp_path: Path) -> None:
    sources = {
        "code": {"page": "bakery.py", "url": "bakery.py", "read_on": "2026-11-23"},
        "shop": {"page": "shop.py", "url": "shop.py", "read_on": "2025-02-01"},
    }
    (fact,) = _read(
        tmp_path, _document(sources=sources, metrics=[_metric(source=["code", "shop"])])
    ).facts
    assert fact.read_on == "2025-02-01"
    assert fact.source == "bakery.py (bakery.py); shop.py (shop.py)"


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (_document(metrics=[]), r"metrics: \[\] should be non-empty"),
        (_document(metrics=[_metric(unit="Loaves")]), r"metrics\[0\].unit: 'Loaves' is not one of"),
        (
            _document(metrics=[_metric(reports="daily")]),
            r"metrics\[0\].reports: 'daily' is not one",
        ),
        (_document(metrics=[_metric(name="a*b")]), r"metrics\[0\].name: 'a\*b' is not valid"),
        (_document(metrics=[_metric(source="rumour")]), "source 'rumour' is not among code"),
        (_document(metrics=[_metric(dimensions=["shop"])]), "set 'shop' is not among oven"),
        (_document(metrics=[_metric(), _metric()]), "LoavesBaked by oven is listed twice"),
        (
            _document(metrics=[_metric(minimum=2, maximum=1)]),
            "minimum 2 is greater than its maximum",
        ),
        (_document(metrics=[_metric(reports="when-nonzero")]), "never sent as zero has another"),
        (
            _document(metrics=[_metric(unit="Percent", maximum=250)]),
            "maximum 250 is above 100 perc",
        ),
        (_document(metrics=[_metric(whole=True, maximum=1.5)]), "whole number has whole bounds"),
        (
            _document(dimension_sets={"oven": ["Oven"], "shop": ["Shop"]}),
            "dimension_sets.shop: no metric is reported by it",
        ),
        (
            _document(
                sources={
                    name: {"page": "page", "url": "url", "read_on": "2026-11-23"}
                    for name in ("code", "wiki")
                }
            ),
            "sources.wiki: no metric refers to it",
        ),
        (
            _document(sources={"code": {"page": "page", "url": "url"}}),
            "sources.code: 'read_on' is a required property",
        ),
        (
            _document(sources={"code": {"page": "page", "url": "url", "read_on": "2026-13-01"}}),
            "sources.code.read_on: '2026-13-01' is not a 'date'",
        ),
    ],
)
def test_a_fault_is_told_by_file_and_field(
    tmp_path: Path, document: dict[str, Any], message: str
) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        _read(tmp_path, document)
    assert "bakery.yaml" in caught.value.message
