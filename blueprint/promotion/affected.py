"""Finds which components of a stack differ between what is deployed and what is to be deployed, by content.

Two trees are compared, never two points in time: a run that was cancelled or has failed leaves the deployed
pointer where it was, so the next comparison finds again what that run did not deploy.
"""

import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from blueprint.errors import UsageError
from blueprint.promotion import content
from blueprint.promotion.content import Content
from blueprint.promotion.git import Repository
from blueprint.stacks import atmos
from blueprint.stacks.model import Component, Stack


@dataclass(frozen=True)
class Tree:
    """What the files below `root` say of the stack called `name`; `stack` is None where they describe no such one."""

    name: str
    root: Path
    stack: Stack | None
    contents: Mapping[str, Content]


@dataclass(frozen=True)
class Difference:
    """A component that is not as deployed.

    `parts` names what differs (`vars.memory_mb`, `services/api/handler.py`); empty unless changed. Of a removed
    component, `component` and `root` are the deployed tree's: it is destroyed from its own files.
    """

    component: Component
    kind: Literal["changed", "new", "removed"]
    parts: tuple[str, ...]
    root: Path


@dataclass(frozen=True)
class Affected:
    """The differences of `stack` from what is deployed.

    In the order to work in: dependencies first, then the removed ones, their dependents first. `deployed` is the
    stack as it was deployed, None where nothing was.
    """

    stack: Stack
    deployed: Stack | None
    differences: tuple[Difference, ...]

    def names(self, *kinds: Literal["changed", "new", "removed"]) -> tuple[str, ...]:
        """Names of the components of these kinds (of every kind when none is given), in order."""
        return tuple(
            difference.component.name
            for difference in self.differences
            if not kinds or difference.kind in kinds
        )


def find(stack: str, *, target: Path, deployed: Path | None, env: Mapping[str, str]) -> Affected:
    """What differs in `stack` between the trees at `target` and at `deployed` (None: nothing was deployed yet).

    Calls Atmos once for each tree, whatever the number of components, and never Terraform.
    """
    return compare(
        read(stack, target, env), None if deployed is None else read(stack, deployed, env)
    )


@contextmanager
def checked_out(repository: Repository, commit: str | None) -> Iterator[Path | None]:
    """A directory with the files of `commit`, there for as long as the block runs; None for no commit."""
    if commit is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="blueprint-deployed-") as directory:
        yield repository.checkout(commit, Path(directory) / "tree")


def read(name: str, root: Path, env: Mapping[str, str]) -> Tree:
    """The stack `name` in the tree at `root`, and what each of its components is made of."""
    sections = atmos.sections(name, env, root=root)
    if not sections:
        return Tree(name, root, None, {})
    stack = atmos.assemble(name, sections)
    contents = {
        component.name: content.of_component(component, sections[component.name], root)
        for component in stack.components.values()
    }
    return Tree(name, root, stack, contents)


def compare(target: Tree, deployed: Tree | None) -> Affected:
    """What differs between two trees; UsageError where the target does not have the stack at all."""
    if target.stack is None:
        raise UsageError(
            f"what is to be deployed has no stack {target.name!r}",
            remedy="name a stack of stacks/deploy; a whole environment is taken down by `blueprint destroy`",
        )
    before = None if deployed is None else deployed.stack
    differences = []
    for name in order(target.stack):
        component = target.stack.components[name]
        if deployed is None or name not in deployed.contents:
            differences.append(Difference(component, "new", (), target.root))
        elif parts := content.differences(deployed.contents[name], target.contents[name]):
            differences.append(Difference(component, "changed", parts, target.root))
    if deployed is not None and before is not None:
        differences += [
            Difference(before.components[name], "removed", (), deployed.root)
            for name in reversed(order(before))
            if name not in target.stack.components
        ]
    return Affected(target.stack, before, tuple(differences))


def dependents(stack: Stack, names: Collection[str]) -> tuple[str, ...]:
    """The components that depend on one of `names`, directly or not, in the order to work in; `names` are left out."""
    reached = {stack.component(name).name for name in names}
    for name in order(stack):
        if reached.intersection(stack.components[name].depends_on):
            reached.add(name)
    return tuple(name for name in order(stack) if name in reached and name not in names)


def order(stack: Stack) -> tuple[str, ...]:
    """All components of `stack`, each after those it depends on; by name where nothing else decides."""
    sorter = stack.sorter()
    ordered: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        ordered += ready
        sorter.done(*ready)
    return tuple(ordered)
