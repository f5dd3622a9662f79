"""Says in what a fresh plan differs from the reviewed one, so that a person can decide about it."""

from collections.abc import Iterator

from blueprint.review.document import Attribute, Change, ComponentPlan


def differences(reviewed: ComponentPlan, fresh: ComponentPlan) -> list[str]:
    """One line for each resource, attribute and output that the two plans do not have alike."""
    before = {change.address: change for change in reviewed.changes}
    after = {change.address: change for change in fresh.changes}
    lines: list[str] = []
    for address in sorted(set(before) | set(after)):
        lines += _of_resource(address, before.get(address), after.get(address))
    for name in sorted(set(reviewed.outputs) ^ set(fresh.outputs)):
        lines.append(f"output {name}: only {'reviewed' if name in reviewed.outputs else 'now'}")
    return lines or [
        "what may be shown is equal: a masked value, or the value of an output, is another one"
    ]


def _of_resource(address: str, before: Change | None, after: Change | None) -> Iterator[str]:
    if before is None or after is None:
        only, change = ("reviewed", before) if after is None else ("now", after)
        if change is not None:
            paths = ", ".join(attribute.path for attribute in change.attributes)
            yield f"{address}: only {only}: {'/'.join(change.actions)}" + (
                f" ({paths})" if change.actions == ("update",) else ""
            )
        return
    if before.actions != after.actions:
        yield f"{address}: reviewed {'/'.join(before.actions)}, now {'/'.join(after.actions)}"
    old = {attribute.path: attribute for attribute in before.attributes}
    new = {attribute.path: attribute for attribute in after.attributes}
    for path in sorted(set(old) | set(new)):
        if old.get(path) != new.get(path):
            yield f"{address}: {path}: reviewed {_step(old.get(path))}, now {_step(new.get(path))}"


def _step(attribute: Attribute | None) -> str:
    return "no change" if attribute is None else f"{attribute.before!r} -> {attribute.after!r}"
