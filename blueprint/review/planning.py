"""Makes the plan document of a stack, and holds a document to what pull requests have shown."""

import tempfile
import threading
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from blueprint import aws, paths
from blueprint.console import note
from blueprint.delivery import driver
from blueprint.delivery.applying import Prepare
from blueprint.delivery.fingerprint import Records
from blueprint.delivery.state import ensure_bucket, has_state
from blueprint.errors import BlueprintError
from blueprint.review import allowances, packages, removal
from blueprint.review.document import ComponentPlan, Document, Source
from blueprint.review.following import unsettled
from blueprint.review.guard import Guard
from blueprint.review.inspection import Inspector
from blueprint.review.keys import plan_key
from blueprint.review.running import Runner, Terraform
from blueprint.review.store import PlanStore, reviewed_as
from blueprint.stacks.model import Component, Stack


def nothing(_: Component) -> None:
    """The `Prepare` of a stack whose components need none."""


def plan(
    stack: Stack,
    env: Mapping[str, str],
    *,
    components: Collection[str],
    source: Source,
    removed: Sequence[Component] = (),
    store: PlanStore | None = None,
    prepare: Prepare = nothing,
    s3: Any = None,
    runner: Runner | None = None,
    guard: Guard | None = None,
    root: Path = paths.ROOT,
) -> Document:
    """Plan `components` of `stack` (none: none), in dependency order, and keep the result in `store`.

    What depends on them is planned with them where an earlier run has changed what it reads; nothing else is.
    `removed` are components that the deployed commit has and this one has not; what their states hold would be
    destroyed. Nothing in the account is changed, and no state is made: a role that may only read and lock can plan.
    The plan of a pull request (`source.pull_request`) is recorded as shown, and refuses allowances that have expired.
    """
    s3 = s3 if s3 is not None else aws.client("s3", env, region=stack.value("region"))
    guard = guard or Guard()
    if source.pull_request is not None:
        allowances.require_current(guard.allowances, guard.today)
    ensure_bucket(stack, s3)
    runner = runner or Terraform(env, root)
    names = {stack.component(name).name for name in components}
    names |= set(unsettled(stack, names, runner=runner, s3=s3, root=root))
    chosen = [stack.components[name] for name in names]
    deployed = packages.digests(root=root) if packages.needed_by(chosen) else {}
    inspector = Inspector(stack, runner, s3, read_only=True, guard=guard)
    with tempfile.TemporaryDirectory(prefix="blueprint-plan-") as directory:
        planner = _Planner(inspector, deployed, Path(directory), prepare, store, root)
        planned = driver.walk(stack, planner.plan, only=names) if names else []
    gone = [removal.plan(component, stack, s3=s3, guard=guard) for component in removed]
    document = Document(
        stack=stack.name,
        source=source,
        packages=deployed,
        components=tuple(
            sorted(
                [*(outcome.result for outcome in planned), *filter(None, gone)],
                key=lambda item: item.component,
            )
        ),
    )
    if store is not None:
        store.put_document(document)
        if source.pull_request is not None:
            store.put_reviews(document)
    return document


class _Planner:
    """Plans one component after the other and remembers what became of each, from several threads."""

    def __init__(
        self,
        inspector: Inspector,
        deployed: Mapping[str, str],
        directory: Path,
        prepare: Prepare,
        store: PlanStore | None,
        root: Path,
    ) -> None:
        self._inspector = inspector
        self._deployed = deployed
        self._directory = directory
        self._prepare = prepare
        self._store = store
        self._root = root
        self._records = Records(inspector.s3, inspector.stack.state_bucket)
        self._unfinished: set[str] = set()
        self._guard = threading.Lock()

    def plan(self, component: Component) -> ComponentPlan:
        key = plan_key(component, packages=self._deployed, root=self._root)
        if missing := self._missing(component):
            self._remember(component)
            return ComponentPlan(component.name, key, "waits", waits_for=missing)
        note(f"{component.name}: planning")
        self._prepare(component)
        file = self._directory / f"{component.name}.tfplan"
        planned = self._inspector.inspect(component, key=key, file=file)
        if planned.digest is not None:
            self._remember(component)
            if self._store is not None:
                self._store.put_file(file.read_bytes())
        return planned

    def _missing(self, component: Component) -> tuple[str, ...]:
        """Dependencies whose outputs `component` cannot be planned with yet.

        One that was never applied; and for a component that is new itself, one whose first apply broke off: its state
        holds resources, but not all of its outputs.
        """
        stack, s3 = self._inspector.stack, self._inspector.s3
        is_new = not has_state(component, s3, stack.state_bucket)
        return tuple(
            needed
            for needed in component.depends_on
            if not has_state(stack.component(needed), s3, stack.state_bucket)
            or (is_new and self._broke_off(stack.component(needed)))
        )

    def _broke_off(self, component: Component) -> bool:
        with self._guard:
            unfinished = component.name in self._unfinished
        return unfinished and self._records.applied(component) is None

    def _remember(self, component: Component) -> None:
        with self._guard:
            self._unfinished.add(component.name)


def require_reviewed(document: Document, store: PlanStore, *, named: str | None = None) -> None:
    """Raise BlueprintError with every component whose plan no pull request has shown.

    `named` is the digest of a document that a person has read in its place.
    """
    if named is not None:
        if named != document.digest:
            raise BlueprintError(
                f"stack {document.stack}: the digest that was read is {named}, this run's plan is {document.digest}",
                remedy="read this run's plan, and name its digest if it is right",
            )
        return
    missing = [
        _unreviewed(document.stack, item, store)
        for item in document.of("changes", "waits", "removed")
    ]
    faults = [fault for fault in missing if fault]
    if faults:
        raise BlueprintError(
            "\n".join(faults),
            remedy="open a pull request that shows this plan, or read it here and start the deployment by hand with"
            f" its digest: {document.digest}",
        )


def _unreviewed(stack: str, item: ComponentPlan, store: PlanStore) -> str | None:
    wanted = reviewed_as(item)
    reviews = store.reviews(stack, item.component, item.key)
    if any(review.digest == wanted for review in reviews):
        return None
    if not reviews:
        return (
            f"component {item.component} of {stack}: no pull request has shown a plan of this content"
            f" (plan {wanted}, content {item.key})"
        )
    others = ", ".join(
        f"{review.digest} (pull request {review.pull_request})" for review in reviews
    )
    return (
        f"component {item.component} of {stack}: the plan is {wanted} now;"
        f" for the same content was reviewed: {others}"
    )
