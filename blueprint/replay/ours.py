"""Our own pack as it would be applied: the alarms of the planned stack, and who is told by each of their actions."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from blueprint.documents import reading
from blueprint.documents.model import Declared, Document
from blueprint.errors import BlueprintError
from blueprint.observability import inventory, planned
from blueprint.replay import system as systems
from blueprint.replay.packs import Pack, Severity
from blueprint.replay.system import System
from blueprint.stacks import atmos, environment
from blueprint.stacks.model import Stack

NAME = "ours"
_LOUDNESS: tuple[Severity, ...] = ("ticket", "page")


@dataclass(frozen=True)
class Ours:
    """The pack, and the system it was made for."""

    pack: Pack
    system: System


def of_stack(name: str) -> Ours:
    """What component observability would make in stack `name`; needs no account. BlueprintError as of a plan."""
    stack = atmos.stack(name, environment.base())
    return of_plan(planned.plan(name), stack)


def of_plan(file: Path, stack: Stack) -> Ours:
    """The pack in a plan of component observability for `stack`."""
    document = reading.read(file)
    unread = [alarm.place.address for alarm in document.alarms if alarm.alarm is None]
    if unread:
        raise BlueprintError(
            f"these alarms of stack {stack.name} cannot be replayed: {', '.join(unread)}",
            remedy="see `blueprint alarms lint`, which says why",
        )
    watched = inventory.of(stack)
    system = systems.of_inventory(
        watched,
        prefix=stack.prefix,
        error_lines=_error_lines(document, watched),
        max_receive_count=stack.component("sqs").values.get("max_receive_count", 5),
    )
    return Ours(_pack(document, stack), system)


def _pack(document: Document, stack: Stack) -> Pack:
    told = {
        declared.alarm.name: max(
            (_severity(action, declared, stack) for action in declared.alarm.actions.alarm),
            key=_LOUDNESS.index,
        )
        for declared in document.alarms
        if declared.alarm and declared.alarm.actions.enabled and declared.alarm.actions.alarm
    }
    alarms = tuple(declared.alarm for declared in document.alarms if declared.alarm)
    return Pack(NAME, f"this repository, stack {stack.name}", alarms, told)


def _severity(action: str, declared: Declared, stack: Stack) -> Severity:
    """Page or ticket, by the topic's ARN; of a topic that is not made yet, by what the alarm's tags say."""
    topic = action.rsplit(":", 1)[-1] if action.startswith("arn:") else ""
    said = topic.removeprefix(f"{stack.prefix}-") if topic else declared.tags.get("severity")
    for severity in _LOUDNESS:
        if severity == said:
            return severity
    raise BlueprintError(
        f"{declared.place.address} of stack {stack.name} tells {action!r}, which is neither topic of the stack",
        remedy=f"let alarms tell {stack.prefix}-page or {stack.prefix}-ticket",
    )


def _error_lines(document: Document, watched: inventory.Inventory) -> Mapping[str, tuple[str, str]]:
    """Namespace and name of the metric that counts a function's ERROR lines, by role."""
    roles = {function.log_group_name: role for role, function in watched.functions.items()}
    found = {}
    for resource in document.resources:
        if resource.type != "aws_cloudwatch_log_metric_filter":
            continue
        role = roles.get(str(resource.values.get("log_group_name")))
        transformation = resource.values.get("metric_transformation")
        if role is not None and isinstance(transformation, list):
            found[role] = (transformation[0]["namespace"], transformation[0]["name"])
    return found
