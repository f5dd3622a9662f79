"""Applies a plan document: nothing before every component's fresh plan is the reviewed one, and nothing else ever."""

import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from blueprint import aws, failures, paths
from blueprint.console import done, note
from blueprint.delivery import driver
from blueprint.delivery.applying import Prepare
from blueprint.delivery.fingerprint import Records, fingerprint
from blueprint.delivery.state import ensure_bucket, has_state
from blueprint.errors import BlueprintError
from blueprint.review import packages
from blueprint.review.comparing import differences
from blueprint.review.document import ComponentPlan, Document
from blueprint.review.following import dependents, is_settled
from blueprint.review.guard import Guard
from blueprint.review.inspection import Inspector
from blueprint.review.keys import plan_key
from blueprint.review.planning import nothing
from blueprint.review.results import Recorder, Run
from blueprint.review.running import Runner, Terraform
from blueprint.stacks.model import Component, Stack

_ANEW = "run the workflow again: it plans afresh, and shows that plan for review"


class RefusedError(BlueprintError):
    """What would be applied is not what was reviewed."""


def _ignore(_: Run) -> None:
    """For callers that need the result at the end only."""


def apply(
    stack: Stack,
    env: Mapping[str, str],
    document: Document,
    *,
    prepare: Prepare = nothing,
    on_change: Callable[[Run], None] = _ignore,
    s3: Any = None,
    runner: Runner | None = None,
    guard: Guard | None = None,
    root: Path = paths.ROOT,
) -> Run:
    """Apply what `document` says of `stack`, in dependency order, and report component by component.

    First everything is compared: content, packages, findings, and the fresh plan of every component. One difference
    refuses the whole (RefusedError), with nothing applied. Then each plan is applied as it was compared; one whose
    dependency changed in this run is planned and compared again. The first failure ends the run, and running again
    with the same document continues: what is applied plans as empty. `on_change` receives the results at every step,
    also before an error is raised. Components with outcome `removed` are `pruning.prune`'s.
    """
    s3 = s3 if s3 is not None else aws.client("s3", env, region=stack.value("region"))
    guard = guard or Guard()
    inspector = Inspector(stack, runner or Terraform(env, root), s3, read_only=False, guard=guard)
    names = [item.component for item in document.of("changes", "unchanged", "waits")]
    recorder = Recorder(stack.name, document.digest, names, on_change)
    try:
        ensure_bucket(stack, s3)
        _require_same_content(stack, document, root)
        with tempfile.TemporaryDirectory(prefix="blueprint-apply-") as directory:
            _Apply(inspector, document, recorder, prepare, Path(directory), root).run()
    except failures.EXPECTED as error:
        recorder.fail(failures.explain(error).message)
        raise
    except KeyboardInterrupt:
        recorder.fail("interrupted")
        raise
    return recorder.run


def _require_same_content(stack: Stack, document: Document, root: Path) -> None:
    faults = list(_content_faults(stack, document, root))
    if faults:
        raise RefusedError(
            "nothing was applied, this is not what was reviewed:\n" + "\n".join(faults),
            remedy=f"check out the commit that was planned ({document.source.commit}), or {_ANEW}",
        )
    if document.findings:
        raise RefusedError(
            "nothing was applied, the plan breaks rules:\n"
            + "\n".join(finding.message for finding in document.findings),
            remedy="\n".join(dict.fromkeys(finding.remedy for finding in document.findings)),
        )


def _content_faults(stack: Stack, document: Document, root: Path) -> Iterator[str]:
    if document.stack != stack.name:
        yield f"the plan is of stack {document.stack}, and this is {stack.name}"
        return
    planned = document.of("changes", "unchanged", "waits")
    missing = [item.component for item in planned if item.component not in stack.components]
    for name in missing:
        yield f"component {name} is in the plan, and not in the stack"
    components = [
        stack.components[item.component] for item in planned if item.component not in missing
    ]
    built = packages.digests(root=root) if packages.needed_by(components) else {}
    for role in sorted(set(built) | set(document.packages)):
        if built.get(role) != document.packages.get(role):
            yield (
                f"package of {role}: reviewed {document.packages.get(role, 'none')},"
                f" here {built.get(role, 'none')}"
            )
    for component in components:
        item = document.component(component.name)
        key = plan_key(component, packages=built, root=root)
        if item is not None and item.key != key:
            yield f"component {component.name}: reviewed content {item.key}, here {key}"


class _Apply:
    """One run: the plans of the first phase, and what the second has changed so far."""

    def __init__(
        self,
        inspector: Inspector,
        document: Document,
        recorder: Recorder,
        prepare: Prepare,
        directory: Path,
        root: Path,
    ) -> None:
        self._inspector = inspector
        self._stack = inspector.stack
        self._document = document
        self._recorder = recorder
        self._prepare = prepare
        self._directory = directory
        self._root = root
        self._records = Records(inspector.s3, self._stack.state_bucket)
        self._compared: dict[str, ComponentPlan] = {}
        self._changed: set[str] = set()
        self._lock = threading.Lock()

    def run(self) -> None:
        self._compare_all()
        planned = {item.component for item in self._document.of("changes", "unchanged", "waits")}
        active = {item.component for item in self._document.of("changes", "waits")}
        if planned:
            # With what depends on them: nothing in between may be left out, or the order would be lost.
            driver.walk(self._stack, self._bring, only=planned | dependents(self._stack, active))

    # First phase: nothing is applied

    def _compare_all(self) -> None:
        names = [item.component for item in self._document.of("changes", "unchanged")]
        if not names:
            return
        outcomes = driver.walk(self._stack, self._plan, only=names)
        self._compared = {outcome.component.name: outcome.result for outcome in outcomes}
        faults: list[str] = []
        for name in sorted(names):
            reviewed = self._document.component(name)
            if reviewed is not None:
                faults += self._faults(reviewed, self._compared[name])
        if faults:
            raise RefusedError(
                "nothing was applied, the plans are not the reviewed ones:\n" + "\n".join(faults),
                remedy=_ANEW,
            )

    def _plan(self, component: Component) -> ComponentPlan:
        note(f"{component.name}: planning")
        self._prepare(component)
        reviewed = self._document.component(component.name)
        return self._inspector.inspect(
            component, key=reviewed.key if reviewed else "", file=self._file(component)
        )

    def _faults(self, reviewed: ComponentPlan, fresh: ComponentPlan) -> list[str]:
        """What keeps `fresh` from being applied. An empty plan needs no review: an earlier run was here."""
        if fresh.digest is None:
            return []
        if fresh.digest == reviewed.digest:
            return [finding.message for finding in fresh.findings]
        name = f"component {reviewed.component} of {self._stack.name}"
        return [
            f"{name}: reviewed {reviewed.digest or 'no change'}, now {fresh.digest}",
            *(f"  {line}" for line in differences(reviewed, fresh)),
        ]

    # Second phase: in dependency order

    def _bring(self, component: Component) -> None:
        reviewed = self._document.component(component.name)
        if reviewed is None:
            self._follow(component)
            return
        self._recorder.start(component.name)
        try:
            self._apply(component, reviewed)
        except failures.EXPECTED as error:
            message = failures.explain(error).message
            self._recorder.end(component.name, "failed", error=message)
            raise

    def _apply(self, component: Component, reviewed: ComponentPlan) -> None:
        fresh = self._current_plan(component, reviewed)
        if fresh.digest is None:
            self._record(component)
            if reviewed.outcome == "unchanged":
                self._recorder.end(component.name, "unchanged")
                done(f"{component.name}: unchanged")
            else:
                self._recorder.end(component.name, "skipped")
                done(f"{component.name}: applied already")
            return
        counts = self._inspector.runner.apply(component, file=self._file(component))
        with self._lock:
            self._changed.add(component.name)
        self._record(component)
        result = self._recorder.end(component.name, "applied", counts=counts)
        done(f"{component.name}: applied {counts}", seconds=result.seconds)

    def _current_plan(self, component: Component, reviewed: ComponentPlan) -> ComponentPlan:
        if reviewed.outcome == "waits":
            fresh = self._plan_first(component)
            faults = [f"  {line}" for line in _beyond_creation(fresh)]
        elif self._is_overtaken(component):
            fresh = self._plan(component)
            faults = self._faults(reviewed, fresh)
        else:
            return self._compared[component.name]
        if faults:
            raise RefusedError(
                f"{component.name} was not applied, its plan is not the reviewed one:\n"
                + "\n".join(faults),
                remedy=_ANEW,
            )
        return fresh

    def _plan_first(self, component: Component) -> ComponentPlan:
        """The plan of a component whose dependencies had to be applied first."""
        bucket = self._stack.state_bucket
        missing = [
            needed
            for needed in component.depends_on
            if not has_state(self._stack.component(needed), self._inspector.s3, bucket)
        ]
        if missing:
            raise RefusedError(
                f"{component.name} was not applied: {', '.join(missing)}, which it depends on, was never applied",
                remedy=_ANEW,
            )
        return self._plan(component)

    def _is_overtaken(self, component: Component) -> bool:
        """Whether a dependency changed since `component` was planned: its values may be others now."""
        with self._lock:
            return any(needed in self._changed for needed in component.depends_on)

    def _follow(self, component: Component) -> None:
        """See that a component outside the document is still what its dependencies, which changed, make of it."""
        bucket = self._stack.state_bucket
        if not has_state(component, self._inspector.s3, bucket):
            return
        if not self._is_overtaken(component):
            return
        if is_settled(component, self._records, runner=self._inspector.runner, root=self._root):
            return
        fresh = self._plan(component)
        if fresh.digest is not None:
            changes = [f"  {'/'.join(each.actions)} {each.address}" for each in fresh.changes]
            changes += [f"  output {name}" for name in fresh.outputs]
            raise RefusedError(
                f"{component.name} was not reviewed, and what it depends on has changed its plan:\n"
                + "\n".join(changes),
                remedy=_ANEW,
            )
        self._record(component)
        self._recorder.end(component.name, "unchanged")

    def _record(self, component: Component) -> None:
        values = self._inspector.runner.values(component)
        self._records.write(component, fingerprint(component, values, root=self._root))

    def _file(self, component: Component) -> Path:
        return self._directory / f"{component.name}.tfplan"


def _beyond_creation(fresh: ComponentPlan) -> list[str]:
    """What a first apply, of which nobody saw the plan, must not do."""
    return [
        f"a first apply may only create, and this would {'/'.join(each.actions)} {each.address}"
        for each in fresh.changes
        if each.actions != ("create",)
    ]
