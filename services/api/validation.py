"""What is wrong with a body, field by field, in the client's own spelling."""

from collections.abc import Iterator

from fastjsonschema import JsonSchemaValueException, JsonSchemaValuesException

from services.api.problems import FieldError
from services.api.validators import VALIDATORS

_ROOT = "data"  # what fastjsonschema calls the value it was given
_MAX_REPORTED = 20


def violations(content: object, *, schema: str) -> list[FieldError]:
    """The first twenty; empty if the content is valid by that schema of the contract."""
    try:
        VALIDATORS[schema](content)
    except JsonSchemaValuesException as invalid:
        found = [error for violation in invalid.errors for error in _field_errors(violation)]
        return found[:_MAX_REPORTED]
    return []


def _field_errors(violation: JsonSchemaValueException) -> Iterator[FieldError]:
    name = violation.name or _ROOT
    field = name.removeprefix(_ROOT).removeprefix(".")
    # These two are reported of the object, but it is a field inside it that is amiss.
    if violation.rule == "required":
        for key in violation.rule_definition:
            if key not in violation.value:
                yield FieldError(_join(field, key), "is required")
    elif violation.rule == "additionalProperties":
        for key in violation.value:
            if key not in violation.definition["properties"]:
                yield FieldError(_join(field, key), "is not a field of this request")
    else:
        yield FieldError(field or "body", violation.message.removeprefix(name).strip())


def _join(parent: str, key: str) -> str:
    return f"{parent}.{key}" if parent else key
