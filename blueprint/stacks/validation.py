"""Holds a stack to its schema and its policies, and reports each violation as stack, component, field and remedy."""

import json
import re
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator, ValidationError

from blueprint import paths
from blueprint.errors import UsageError
from blueprint.stacks import policies
from blueprint.stacks.model import Component, Stack
from blueprint.stacks.violation import Violation

SCHEMA = paths.STACKS / "schemas" / "values.json"
_DECLARED = re.compile(r'^variable "(\w+)"', re.MULTILINE)


def validate(stack: Stack, *, deploying: bool = False) -> None:
    """Raise UsageError with every violation in `stack`; no AWS and no Terraform is needed.

    `deploying` is for who is about to work on the stack's account: the template's placeholders, which
    a check of the repository lets pass, are violations then.
    """
    violations = [*find_violations(stack), *policies.find_violations(stack, deploying=deploying)]
    if violations:
        raise UsageError(
            "\n".join(str(violation) for violation in violations),
            remedy=f"correct the values in stacks/ (stacks/deploy/{stack.name}.yaml is the first place to look)",
        )


def find_violations(stack: Stack) -> Iterator[Violation]:
    """Every value that the schema refuses, and every value no Terraform variable takes."""
    validator = Draft202012Validator(json.loads(SCHEMA.read_text()))
    yield from _backend(stack)
    for component in stack.components.values():
        literal = _literal(component.values)
        for error in sorted(
            validator.iter_errors({"vars": literal}), key=lambda error: error.json_path
        ):
            yield Violation(stack.name, component.name, _field(error), _explain(error))
        for name in sorted(set(component.values) - _declared(component)):
            yield Violation(
                stack.name,
                component.name,
                f"vars.{name}",
                f"components/terraform/{component.directory} declares no such variable; "
                f"it takes {', '.join(sorted(_declared(component)))}",
            )


def _backend(stack: Stack) -> Iterator[Violation]:
    """A bucket's name is the whole world's: a wrong one would be somebody else's; a wrong key locks its owner out."""
    if not {"namespace", "region", "stage", "account_id"} <= set(
        next(iter(stack.components.values())).values
    ):
        return  # reported by the schema
    bucket = f"{stack.account_prefix}-tfstate-{stack.value('account_id')}"
    key = f"alias/{stack.account_prefix}-delivery"
    for component in stack.components.values():
        backend = component.backend
        wrong = {
            field: (found, expected)
            for field, expected in (("bucket", bucket), ("kms_key_id", key))
            # The embedded AWS and states encrypted with AWS's own key name none.
            if (found := backend.get(field)) != expected
            and (field == "bucket" or found is not None)
        }
        for field, (found, expected) in wrong.items():
            yield Violation(
                stack.name,
                component.name,
                f"terraform.backend.s3.{field}",
                f"{found!r} does not follow from namespace, region, stage and account: {expected!r}",
            )


def _declared(component: Component) -> set[str]:
    directory = paths.COMPONENTS / component.directory
    return {name for file in directory.glob("*.tf") for name in _DECLARED.findall(file.read_text())}


def _literal(value: Any) -> Any:
    """`value` without what Atmos will read from another component: its type is that component's promise."""
    if isinstance(value, dict):
        return {key: _literal(item) for key, item in value.items() if not _is_function(item)}
    if isinstance(value, list):
        return [_literal(item) for item in value if not _is_function(item)]
    return value


def _is_function(value: object) -> bool:
    return isinstance(value, str) and value.startswith("!")


def _field(error: ValidationError) -> str:
    return error.json_path.removeprefix("$.")


def _explain(error: ValidationError) -> str:
    """The violation in a sentence; the schema's own description says what the value means."""
    schema = error.schema if isinstance(error.schema, dict) else {}
    about = schema.get("description", "")
    hint = f" ({about})" if about else ""
    if error.validator == "enum" and isinstance(error.validator_value, list):
        return f"{error.instance!r} is not one of {', '.join(str(item) for item in error.validator_value)}{hint}"
    return f"{error.message}{hint}"
