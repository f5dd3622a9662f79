"""Removed components end as reviewed: dependents first, and data only with an allowance."""

from dataclasses import replace

import pytest

from blueprint.errors import BlueprintError
from blueprint.review.allowances import Allowance
from blueprint.review.applying import RefusedError
from blueprint.review.document import Document
from blueprint.review.guard import Guard
from blueprint.review.pruning import prune
from blueprint.stacks.model import Stack
from tests.gitops.review.conftest import TODAY, Shop
from tests.gitops.review.fakes import component


def without(shop: Shop, *names: str) -> tuple[Stack, Document]:
    """The deployed stack, and the document of the commit that takes `names` out of it."""
    shop.deploy()
    deployed = shop.stack
    left = {name: item for name, item in deployed.components.items() if name not in names}
    shop.stack = replace(deployed, components=left)
    document = shop.plan("iam", removed=[deployed.components[name] for name in names])
    shop.forget_calls()
    return deployed, document


def run(shop: Shop, deployed: Stack, document: Document, guard: Guard | None = None) -> list[str]:
    return prune(
        deployed,
        {},
        document,
        root=shop.root,
        s3=shop.s3,
        runner=shop.terraform,
        guard=guard or shop.guard,
    )


def allowing(*components: str) -> Guard:
    rows = [
        Allowance("dev", name, "aws_dynamodb_table.this", "destroy", "exported before", TODAY)
        for name in components
    ]
    return Guard(allowances=tuple(rows), today=TODAY)


def test_removed_components_go_dependents_first_and_nothing_else_does(shop: Shop) -> None:
    deployed, document = without(shop, "functions", "table")

    assert run(shop, deployed, document, allowing("table")) == ["functions", "table"]
    assert shop.terraform.log == ["destroy functions", "destroy table"]


def test_data_without_an_allowance_keeps_everything(shop: Shop) -> None:
    deployed, document = without(shop, "functions", "table")

    with pytest.raises(RefusedError, match=r"nothing was destroyed.*\n.*aws_dynamodb_table\.this"):
        run(shop, deployed, document)

    assert not shop.terraform.calls


def test_a_resource_that_came_since_the_review_keeps_everything(shop: Shop) -> None:
    deployed, document = without(shop, "functions")
    functions = deployed.components["functions"]
    resources = shop.held("functions") if "functions" in shop.stack.components else {}
    shop.terraform.write(
        functions, {**resources, "aws_lambda_function.api": {}, "aws_x.new": {}}, {}, serial=8
    )

    with pytest.raises(RefusedError, match=r"functions: aws_x\.new was not reviewed"):
        run(shop, deployed, document)

    assert not shop.terraform.calls


def test_a_broken_run_is_continued(shop: Shop) -> None:
    deployed, document = without(shop, "functions", "topic")
    shop.terraform.breaks["topic"] = 0
    with pytest.raises(BlueprintError, match="destroy of topic failed"):
        run(shop, deployed, document)
    shop.terraform.breaks.clear()

    assert run(shop, deployed, document) == ["topic"]
    assert run(shop, deployed, document) == []


def test_another_stack_s_document_is_refused(shop: Shop) -> None:
    deployed, document = without(shop, "topic")

    with pytest.raises(RefusedError, match="the plan is of stack prod"):
        run(shop, deployed, replace(document, stack="prod"))


def test_a_component_in_another_state_than_reviewed_is_kept(shop: Shop) -> None:
    deployed, document = without(shop, "topic")
    other = replace(document.of("removed")[0], key="0" * 64)
    iam = document.components[0]

    with pytest.raises(RefusedError, match="topic: reviewed in another state"):
        run(shop, deployed, replace(document, components=(iam, other)))


def test_a_manifest_is_lent_where_the_components_read_one(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed, document = without(shop, "functions")
    functions = replace(deployed.components["functions"], inputs=("build/packages.json",))
    deployed = replace(deployed, components={**deployed.components, "functions": functions})
    own = shop.root / "own.json"
    monkeypatch.setattr("blueprint.paths.MANIFEST", own)

    with pytest.raises(BlueprintError, match=r"build/packages\.json is missing"):
        run(shop, deployed, document)
    own.write_text("{}")

    assert run(shop, deployed, document) == ["functions"]
    assert (shop.root / "build" / "packages.json").read_text() == "{}"


def test_a_component_that_nobody_described_is_an_error(shop: Shop) -> None:
    deployed, document = without(shop, "topic")
    shop.terraform.write(component("other"), {"aws_x.y": {}}, {}, serial=1)
    other = replace(document.of("removed")[0], component="other")

    with pytest.raises(BlueprintError, match="no component 'other'"):
        run(shop, deployed, replace(document, components=(other,)))
