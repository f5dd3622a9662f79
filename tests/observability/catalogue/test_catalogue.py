"""What the catalogue answers, and what it suggests to somebody who named a metric that does not exist."""

from pathlib import Path

import pytest

from blueprint.catalogue.catalogue import Catalogue
from blueprint.catalogue.model import Fact, Reports
from blueprint.errors import UsageError


def _fact(name: str, *, namespace: str = "Shop") -> Fact:
    return Fact(
        namespace, name, (frozenset(),), "Count", Reports.PER_EVENT, "shop.py", "2026-11-23"
    )


CATALOGUE = Catalogue().with_metrics(
    [_fact("OrdersPlaced"), _fact("OrdersConfirmed"), _fact("DLQ"), _fact("Rejected_*")],
    complete=["Shop"],
)


def test_a_metric_that_is_listed_is_found_by_namespace_and_name() -> None:
    assert [fact.name for fact in CATALOGUE.facts("Shop", "OrdersPlaced")] == ["OrdersPlaced"]
    assert CATALOGUE.facts("shop", "OrdersPlaced") == ()  # CloudWatch minds the case
    assert CATALOGUE.facts("Shop", "ordersplaced") == ()


def test_a_name_with_a_star_stands_for_a_family_of_metrics() -> None:
    (found,) = CATALOGUE.facts("Shop", "Rejected_TooLarge")
    assert found.name == "Rejected_TooLarge"
    assert CATALOGUE.facts("Shop", "Rejected_") == ()
    assert CATALOGUE.facts("Shop", "Rejected") == ()


def test_only_a_namespace_listed_wholly_is_known() -> None:
    partly = CATALOGUE.with_metrics([_fact("Latency", namespace="Edge")])
    assert partly.namespace_known("Shop")
    assert not partly.namespace_known("Edge")
    assert partly.namespaces == ("Edge", "Shop")


def test_resources_may_share_a_metrics_name() -> None:
    twice = CATALOGUE.with_metrics([_fact("OrdersPlaced")])
    assert len(twice.facts("Shop", "OrdersPlaced")) == 2
    assert len(CATALOGUE.facts("Shop", "OrdersPlaced")) == 1  # with_metrics changed a copy


@pytest.mark.parametrize(
    ("meant", "found"),
    [
        ("OrderPlaced", "OrdersPlaced"),
        ("ORDERS_CONFIRMED", "OrdersConfirmed"),
        ("dlq", "DLQ"),
        ("Latency", None),
        ("Rejected", None),  # a family's star is no name that anybody could use
    ],
)
def test_the_nearest_metric_is_suggested_where_one_is_much_alike(
    meant: str, found: str | None
) -> None:
    assert CATALOGUE.nearest("Shop", meant) == found


def test_the_nearest_namespace_is_suggested_where_one_is_much_alike() -> None:
    assert CATALOGUE.nearest_namespace("shops") == "Shop"
    assert CATALOGUE.nearest_namespace("AWS/Lambda") is None


def test_a_file_adds_its_metrics(tmp_path: Path) -> None:
    file = _file(tmp_path, namespace="Bakery")
    wider = CATALOGUE.with_file(file)
    assert wider.facts("Bakery", "LoavesBaked")[0].source == "bakery.py (services/bakery.py)"
    assert wider.namespace_known("Bakery")
    assert wider.namespace_known("Shop")


def test_a_prefix_takes_its_place_in_a_files_namespace(tmp_path: Path) -> None:
    file = _file(tmp_path, namespace='"{prefix}"')
    assert CATALOGUE.with_file(file, prefix="acme-useast1-dev").facts(
        "acme-useast1-dev", "LoavesBaked"
    )
    with pytest.raises(UsageError, match=r"namespace: \{prefix\} needs the prefix of a stack"):
        CATALOGUE.with_file(file)


def _file(directory: Path, *, namespace: str) -> Path:
    file = directory / "bakery.yaml"
    file.write_text(
        f"""
namespace: {namespace}
complete: true
sources:
  code: {{ page: bakery.py, url: services/bakery.py, read_on: "2026-11-23" }}
dimension_sets:
  oven: [Oven]
metrics:
  - name: LoavesBaked
    dimensions: [oven]
    unit: Count
    reports: per-event
    source: code
""",
        encoding="utf-8",
    )
    return file
