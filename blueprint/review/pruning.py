"""Destroys components that the repository no longer has, from the files of the commit that is deployed."""

import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from blueprint import aws, paths
from blueprint.console import done, note
from blueprint.delivery import driver
from blueprint.errors import BlueprintError
from blueprint.review import packages, removal
from blueprint.review.applying import RefusedError
from blueprint.review.document import Document
from blueprint.review.guard import Guard
from blueprint.review.running import Runner, Terraform
from blueprint.stacks.model import Component, Stack


def prune(
    deployed: Stack,
    env: Mapping[str, str],
    document: Document,
    *,
    root: Path,
    s3: Any = None,
    runner: Runner | None = None,
    guard: Guard | None = None,
) -> list[str]:
    """Destroy the components that `document` names as removed, dependents first; their names in that order.

    `deployed` is the stack as the deployed commit describes it and `root` that commit's tree: only there the
    components still exist. What their states hold has to be what was reviewed, and free of findings, for all of them
    before the first is destroyed. Running again continues: what is gone is passed over.
    """
    s3 = s3 if s3 is not None else aws.client("s3", env, region=deployed.value("region"))
    runner = runner or Terraform(env, root)
    left = _require_reviewed(deployed, document, s3, guard or Guard())
    if not left:
        return []
    if packages.needed_by([deployed.components[name] for name in left]):
        _lend_manifest(root)
    destroyed: list[str] = []

    def destroy(component: Component) -> None:
        started = time.monotonic()
        note(f"{component.name}: destroying")
        runner.destroy(component)
        destroyed.append(component.name)
        done(f"{component.name}: destroyed", seconds=time.monotonic() - started)

    driver.walk(deployed, destroy, only=left, reverse=True)
    return destroyed


def _require_reviewed(deployed: Stack, document: Document, s3: Any, guard: Guard) -> list[str]:
    """The removed components that still hold something; RefusedError unless all of it was reviewed."""
    if document.stack != deployed.name:
        raise RefusedError(
            f"nothing was destroyed: the plan is of stack {document.stack}, and this is {deployed.name}",
            remedy="pass the digest of this stack's plan",
        )
    left: list[str] = []
    faults: list[str] = []
    for reviewed in document.of("removed"):
        component = deployed.component(reviewed.component)
        now = removal.plan(component, deployed, s3=s3, guard=guard)
        if now is None:
            continue
        left.append(component.name)
        # Fewer than reviewed is what a broken run leaves; more, or another state, nobody has seen.
        if now.key != reviewed.key:
            faults.append(f"{component.name}: reviewed in another state ({reviewed.key})")
        unseen = [change for change in now.changes if change not in reviewed.changes]
        faults += [f"{component.name}: {change.address} was not reviewed" for change in unseen]
        faults += [finding.message for finding in now.findings]
    if faults:
        raise RefusedError(
            "nothing was destroyed, this is not what was reviewed:\n" + "\n".join(faults),
            remedy="plan again and have the removal reviewed; data goes only with a row in policies/allowances.yaml",
        )
    return left


def _lend_manifest(root: Path) -> None:
    """Terraform reads the package manifest even to destroy; which packages it names does not matter then."""
    wanted = root / packages.MANIFEST
    if wanted.exists():
        return
    if not paths.MANIFEST.exists():
        raise BlueprintError(
            f"{packages.MANIFEST} is missing, and the components that go read it",
            remedy="fetch the packages with `blueprint delivery packages`, or run `blueprint package`",
        )
    wanted.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(paths.MANIFEST, wanted)
