"""The identity of a component's content: what changes it, and what does not."""

from dataclasses import replace
from typing import Any

import pytest

from blueprint.errors import UsageError
from blueprint.review.keys import plan_key, removal_key
from tests.gitops.review.conftest import Shop
from tests.gitops.review.fakes import component


def key(shop: Shop, **changes: Any) -> str:
    packages = changes.pop("packages", {})
    terraform = changes.pop("terraform", "1.11.4")
    item = replace(shop.stack.components["table"], **changes)
    return plan_key(item, packages=packages, root=shop.root, terraform=terraform)


def test_the_same_content_has_the_same_key(shop: Shop) -> None:
    assert key(shop) == key(shop)


@pytest.mark.parametrize(
    "change",
    [
        {"name": "other"},
        {"stack": "prod"},
        {"values": {"ttl": 1}},
        {"backend": {"key": "other"}},
        {"terraform": "1.12.0"},
        {"directory": "iam"},
    ],
)
def test_everything_a_plan_follows_from_changes_it(shop: Shop, change: dict[str, Any]) -> None:
    shop.write("iam", "other\n")

    assert key(shop, **change) != key(shop)


def test_a_changed_file_of_the_component_or_of_its_inputs_changes_it(shop: Shop) -> None:
    (shop.root / "contract.yaml").write_text("routes\n")
    before = key(shop, inputs=("contract.yaml",))
    (shop.root / "contract.yaml").write_text("other routes\n")
    after = key(shop, inputs=("contract.yaml",))
    shop.write("table", "resource { other }\n")

    assert len({before, after, key(shop, inputs=("contract.yaml",)), key(shop)}) == 4


def test_packages_count_by_digest_where_they_are_read(shop: Shop) -> None:
    reads = {"inputs": ("build/packages.json",)}

    assert key(shop, packages={"api": "a"}, **reads) != key(shop, packages={"api": "b"}, **reads)
    assert key(shop, packages={"api": "a"}) == key(shop, packages={"api": "b"})


def test_what_terraform_writes_beside_the_component_does_not_count(shop: Shop) -> None:
    before = key(shop)
    (shop.root / "components/terraform/table/backend.tf.json").write_text("{}")
    (shop.root / "components/terraform/table/dev-table.terraform.tfvars.json").write_text("{}")

    assert key(shop) == before


def test_a_missing_input_is_named(shop: Shop) -> None:
    with pytest.raises(UsageError, match=r"component table reads contract\.yaml"):
        key(shop, inputs=("contract.yaml",))


def test_a_removed_component_is_known_by_its_state() -> None:
    assert removal_key(component("old")) == removal_key(component("old", other=1))
    assert removal_key(component("old")) != removal_key(component("older"))
