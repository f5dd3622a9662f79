"""Asks Atmos what a stack contains. The only place that knows the shape of Atmos's answers."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from blueprint import paths, processes
from blueprint.errors import BlueprintError, UsageError
from blueprint.stacks.model import Component, Stack


def stack_names(env: Mapping[str, str], *, root: Path = paths.ROOT) -> list[str]:
    """Names of the deployable stacks of the tree at `root`."""
    return sorted(_describe(["stacks", "--sections=vars", "--process-functions=false"], env, root))


def stack(name: str, env: Mapping[str, str], *, root: Path = paths.ROOT) -> Stack:
    """The stack `name` as written: functions such as `!terraform.state` are not evaluated, so it needs no AWS."""
    found = sections(name, env, root=root)
    if not found:
        known = ", ".join(stack_names(env, root=root))
        raise UsageError(f"there is no stack {name!r}", remedy=f"use one of: {known}")
    return assemble(name, found)


def sections(
    name: str, env: Mapping[str, str], *, root: Path = paths.ROOT
) -> dict[str, dict[str, Any]]:
    """By component, everything Atmos knows of it in stack `name`, as written; empty when there is no such stack."""
    found = _describe(["stacks", "-s", name, "--process-functions=false"], env, root)
    if name not in found:
        return {}
    answer: dict[str, dict[str, Any]] = found[name]["components"]["terraform"]
    return answer


def assemble(name: str, described: Mapping[str, Mapping[str, Any]]) -> Stack:
    """The stack `name` of which Atmos gave the `sections`."""
    components = {
        instance: _component(instance, name, section)
        for instance, section in described.items()
        if section.get("metadata", {}).get("type") != "abstract"
    }
    settings = next(iter(described.values())).get("settings", {}).get("blueprint", {})
    return Stack(
        name=name,
        components=components,
        emulated=bool(settings.get("emulated", False)),
        settings=settings,
    )


def values(
    component: Component, env: Mapping[str, str], *, root: Path = paths.ROOT
) -> dict[str, Any]:
    """The component's values as Terraform will get them: `!terraform.state` is read from the state bucket.

    A value whose dependency was never applied is None.
    """
    section = _describe(["component", component.name, "-s", component.stack], env, root)
    answer: dict[str, Any] = section["vars"]
    return answer


def _describe(arguments: list[str], env: Mapping[str, str], root: Path) -> dict[str, Any]:
    result = processes.run(
        ["atmos", "describe", *arguments, "--format=json"], cwd=root, env=env, apart=True
    )
    # Atmos may print warnings before the document.
    start = result.output.find("{")
    if not result.ok or start < 0:
        raise BlueprintError(
            f"Atmos cannot read the stacks:\n{message(result.output + result.errors)}",
            remedy="correct the named file; `atmos validate stacks` checks all of them",
        )
    answer: dict[str, Any] = json.loads(result.output[start:])
    return answer


def message(output: str) -> str:
    """Atmos's own words without its heading and blank lines."""
    lines = [line.strip() for line in output.splitlines()]
    return "\n".join(line for line in lines if line and line != "# Error")


def _component(name: str, stack_name: str, section: Mapping[str, Any]) -> Component:
    settings = section.get("settings", {})
    depends_on: list[str] = []
    inputs: list[str] = []
    for entry in settings.get("depends_on", {}).values():
        if "component" in entry:
            depends_on.append(entry["component"])
        inputs.extend(entry[kind] for kind in ("file", "folder") if kind in entry)
    return Component(
        name=name,
        stack=stack_name,
        directory=section.get("metadata", {}).get("component", section.get("component", name)),
        values=section.get("vars", {}),
        depends_on=tuple(sorted(depends_on)),
        inputs=tuple(sorted(inputs)),
        backend=section.get("backend", {}),
    )
