"""Holds real stacks to the rules in policies/stacks: one file a rule, each a JSON schema with the stacks it is for."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError

from blueprint import data_files, paths
from blueprint.errors import UsageError
from blueprint.stacks import stages
from blueprint.stacks.model import Component, Stack
from blueprint.stacks.violation import Violation

RULES = paths.ROOT / "policies" / "stacks"
_FORMAT = json.loads(Path(__file__).with_name("policy.json").read_text())
# The embedded AWS is nobody's environment: no rule holds an emulated stack.
_HOLDS: Mapping[str, Callable[[str], bool]] = {
    "real": lambda _: True,
    "disposable": stages.is_disposable,
    "protected": lambda stage: not stages.is_disposable(stage),
    "prod": lambda stage: stage == "prod",
}
_REFERENCE = re.compile(r'"\$ref": "#/\$defs/([^"]+)"')
_MISSING = re.compile(r"'(.+)' is a required property")


@dataclass(frozen=True)
class Rule:
    """A rule and whom it holds; `name` is its file's.

    `subject` is "stack", "components" (each of them) or a list of components. `deploying` is true of a
    rule that holds only where the account is worked on, not while the repository alone is checked.
    """

    name: str
    description: str
    remedy: str
    stages: str
    subject: str | tuple[str, ...]
    deploying: bool
    schema: Mapping[str, Any]

    def holds(self, stack: Stack, *, deploying: bool) -> bool:
        """Whether `stack` has to follow this rule."""
        return (
            not stack.emulated
            and _HOLDS[self.stages](stack.name)
            and (deploying or not self.deploying)
        )


def rules(directory: Path = RULES) -> list[Rule]:
    """The rules in `directory`, by name; UsageError with file and field where one cannot be understood."""
    return [_rule(file) for file in sorted(directory.glob("*.yaml"))]


def find_violations(
    stack: Stack, *, deploying: bool = False, directory: Path = RULES
) -> Iterator[Violation]:
    """Everything in `stack` that breaks a rule; values are judged as written, so it needs no AWS."""
    for rule in rules(directory):
        if not rule.holds(stack, deploying=deploying):
            continue
        for component, subject in _subjects(rule, stack):
            errors = Draft202012Validator(rule.schema).iter_errors(subject)
            for error in sorted(errors, key=lambda error: error.json_path):
                yield _violation(rule, stack, component, error)


def _rule(file: Path) -> Rule:
    document = data_files.read(file, _FORMAT)
    subject = document["subject"]
    if isinstance(subject, list) and (unknown := sorted(set(subject) - _components())):
        raise UsageError(
            f"{data_files.shown(file)}: subject: components/terraform has no {', '.join(unknown)}",
            remedy=f"use {', '.join(sorted(_components()))}, or the words stack or components",
        )
    defined = document["schema"].get("$defs", {})
    if lost := sorted(set(_REFERENCE.findall(json.dumps(document["schema"]))) - set(defined)):
        raise UsageError(
            f"{data_files.shown(file)}: schema: $defs has no {', '.join(lost)}",
            remedy="define it under schema.$defs, or correct the $ref",
        )
    return Rule(
        name=file.stem,
        description=document["description"],
        remedy=document["remedy"],
        stages=document["stages"],
        subject=tuple(subject) if isinstance(subject, list) else subject,
        deploying=document.get("when") == "deploying",
        schema=document["schema"],
    )


def _components() -> set[str]:
    return {file.parent.name for file in paths.COMPONENTS.glob("[!_.]*/versions.tf")}


def _subjects(rule: Rule, stack: Stack) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What the rule's schema is about: the stack, or its components, as plain values."""
    if rule.subject == "stack":
        yield "", {"settings": dict(stack.settings), "components": sorted(stack.components)}
        return
    for component in stack.components.values():
        if rule.subject == "components" or component.directory in rule.subject:
            yield component.name, _plain(component, stack)


def _plain(component: Component, stack: Stack) -> dict[str, Any]:
    return {
        "vars": dict(component.values),
        "backend": dict(component.backend),
        "settings": dict(stack.settings),
    }


def _violation(rule: Rule, stack: Stack, component: str, error: ValidationError) -> Violation:
    field = error.json_path.removeprefix("$").removeprefix(".")
    what = f"is {error.instance!r}"
    if missing := _MISSING.fullmatch(error.message):
        field, what = f"{field}.{missing[1]}", "is missing"
    elif error.validator == "contains" and isinstance(error.validator_value, dict):
        what = f"lacks {error.validator_value.get('const')!r}"
    elif isinstance(error.instance, dict | list):
        what = error.message
    return Violation(
        stack.name, component, field, f"{what}; {rule.description}", rule.name, rule.remedy
    )
