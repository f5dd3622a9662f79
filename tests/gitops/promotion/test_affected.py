"""Two trees are compared component by component; what is gone is found in the tree that had it."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from blueprint.errors import BlueprintError, UsageError
from blueprint.promotion import affected
from blueprint.promotion.affected import Tree
from blueprint.promotion.git import Repository
from blueprint.stacks.model import Component, Stack
from tests.git_repository import GitRepository

# iam <- table <- function <- gateway, and a topic that stands alone
NEEDS = {
    "gateway": ("function",),
    "function": ("iam", "table"),
    "table": ("iam",),
    "iam": (),
    "topic": (),
}
NOW, THEN = Path("now"), Path("then")


def stack(needs: Mapping[str, tuple[str, ...]] = NEEDS) -> Stack:
    components = {
        name: Component(name, "dev", name, {}, depends_on, (), {})
        for name, depends_on in needs.items()
    }
    return Stack("dev", components, emulated=False)


def tree(root: Path, needs: Mapping[str, tuple[str, ...]] = NEEDS, **versions: str) -> Tree:
    """Every component made of `main.tf` and `vars.name`, at the version given or the first."""
    contents = {name: {"main.tf": versions.get(name, "1"), "vars.name": "1"} for name in needs}
    return Tree("dev", root, stack(needs), contents)


def test_nothing_differs_between_equal_trees() -> None:
    found = affected.compare(tree(NOW), tree(THEN))

    assert found.differences == ()
    assert found.names() == ()


def test_without_anything_deployed_everything_is_new_dependencies_first() -> None:
    found = affected.compare(tree(NOW), None)

    assert found.names("new") == ("iam", "topic", "table", "function", "gateway")
    assert found.names("changed", "removed") == ()
    assert found.deployed is None


def test_a_changed_component_is_named_with_what_changed_and_no_other_is() -> None:
    found = affected.compare(tree(NOW, function="2", iam="2"), tree(THEN))

    assert found.names() == ("iam", "function")
    assert [(item.kind, item.parts, item.root) for item in found.differences] == [
        ("changed", ("main.tf",), NOW),
        ("changed", ("main.tf",), NOW),
    ]


def test_an_added_component_is_new_beside_what_was_deployed() -> None:
    fewer = {name: needs for name, needs in NEEDS.items() if name != "gateway"}

    found = affected.compare(tree(NOW, table="2"), tree(THEN, fewer))

    assert [(item.component.name, item.kind) for item in found.differences] == [
        ("table", "changed"),
        ("gateway", "new"),
    ]


def test_removed_components_come_last_dependents_first_and_from_the_deployed_tree() -> None:
    fewer = {"iam": (), "topic": ()}

    found = affected.compare(tree(NOW, fewer, iam="2"), tree(THEN))

    assert found.names() == ("iam", "gateway", "function", "table")
    assert found.names("removed") == ("gateway", "function", "table")
    removed = found.differences[1]
    assert removed.root == THEN
    assert found.deployed is not None
    assert removed.component is found.deployed.components["gateway"]


def test_a_renamed_component_is_a_new_one_and_a_removed_one() -> None:
    renamed = {("queue" if name == "topic" else name): needs for name, needs in NEEDS.items()}

    found = affected.compare(tree(NOW, renamed), tree(THEN))

    assert (found.names("new"), found.names("removed")) == (("queue",), ("topic",))


def test_a_stack_that_was_not_there_when_last_deployed_is_new_as_a_whole() -> None:
    found = affected.compare(tree(NOW), Tree("dev", THEN, None, {}))

    assert found.names("new") == ("iam", "topic", "table", "function", "gateway")
    assert found.deployed is None


def test_a_stack_that_is_gone_is_not_taken_for_one_without_components() -> None:
    with pytest.raises(UsageError, match="has no stack 'dev'") as refused:
        affected.compare(Tree("dev", NOW, None, {}), tree(THEN))

    assert "blueprint destroy" in refused.value.remedy


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["iam"], ("table", "function", "gateway")),
        (["table"], ("function", "gateway")),
        (["table", "function"], ("gateway",)),
        (["gateway", "topic"], ()),
        ([], ()),
    ],
)
def test_dependents_are_all_that_build_on_it_in_the_order_to_work_in(
    names: list[str], expected: tuple[str, ...]
) -> None:
    assert affected.dependents(stack(), names) == expected


def test_the_dependents_of_a_component_that_is_not_there_are_an_error() -> None:
    with pytest.raises(UsageError, match="has no component 'queue'"):
        affected.dependents(stack(), ["queue"])


def test_order_holds_over_components_that_are_left_out() -> None:
    """gateway needs iam only through others: listing the two must not turn them round."""
    found = affected.compare(tree(NOW, gateway="2", iam="2"), tree(THEN))

    assert found.names() == ("iam", "gateway")


def test_a_circle_is_an_error() -> None:
    with pytest.raises(BlueprintError, match="in a circle"):
        affected.order(stack({"a": ("b",), "b": ("a",)}))


def test_the_deployed_tree_is_there_for_as_long_as_it_is_needed(
    made: GitRepository, repository: Repository
) -> None:
    with affected.checked_out(repository, made.head) as root:
        assert root is not None
        assert (root / "README.md").read_text() == "begun\n"
    assert not root.exists()

    with affected.checked_out(repository, None) as nothing:
        assert nothing is None
