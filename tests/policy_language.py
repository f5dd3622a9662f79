"""What IAM's policy language means, for the parts our policies use; anything else is an error, never an answer.

After AWS's documentation of condition operators and of statements: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from typing import Any

Statement = Mapping[str, Any]


class PolicyError(Exception):
    """The policy uses what this evaluator does not know, or is not a policy."""


def statements(policy: Mapping[str, Any]) -> list[Statement]:
    """The statements of a policy of version 2012-10-17."""
    unknown = set(policy) - {"Version", "Id", "Statement"}
    if unknown or policy.get("Version") != "2012-10-17":
        raise PolicyError(f"not a policy of version 2012-10-17, or with unknown {sorted(unknown)}")
    found = policy["Statement"]
    return [found] if isinstance(found, Mapping) else list(found)


def elements(statement: Statement, *, known: Collection[str]) -> str:
    """The effect of `statement`, which has no other elements than those `known`."""
    unknown = set(statement) - set(known)
    if unknown:
        raise PolicyError(f"unknown elements {sorted(unknown)}")
    effect = statement.get("Effect")
    if effect not in {"Allow", "Deny"}:
        raise PolicyError(f"unknown effect {effect!r}")
    return str(effect)


def values(value: object) -> list[str]:
    """A policy's string or list of strings, as a list; never empty, never with a policy variable."""
    found = [value] if isinstance(value, str) else value
    if not isinstance(found, Sequence) or not found or not all(isinstance(v, str) for v in found):
        raise PolicyError(f"{value!r} is neither a string nor a list of strings")
    if any("${" in item for item in found):
        raise PolicyError(f"{value!r} holds a policy variable")
    return list(found)


def matches(pattern: str, value: str) -> bool:
    """Whether `value` is `pattern`, in which * stands for any characters and ? for any one."""
    return _compiled(pattern).fullmatch(value) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = {"*": ".*", "?": "."}
    expression = "".join(parts.get(character, re.escape(character)) for character in pattern)
    return re.compile(expression, re.DOTALL)


def conditions_met(
    conditions: Mapping[str, Mapping[str, Any]],
    context: Mapping[str, str],
    *,
    known: Callable[[str], bool],
) -> bool:
    """Whether `context`, the request's keys, meets every condition; keys must be `known`.

    A key that the request does not have meets the negated operators and Null "true", and no other.
    """
    unknown = [key for keys in conditions.values() for key in keys if not known(key)]
    if unknown:
        raise PolicyError(f"no request has the key {', '.join(unknown)}")
    given = {key.lower(): value for key, value in context.items()}
    # A list, not a generator: a later operator that is unknown is an error whatever the first say.
    met = [
        _met(operator, given.get(key.lower()), expected)
        for operator, keys in conditions.items()
        for key, expected in keys.items()
    ]
    return all(met)


def _met(operator: str, actual: str | None, expected: object) -> bool:
    wanted = values(expected)
    if operator == "Null":
        if len(wanted) != 1 or wanted[0] not in {"true", "false"}:
            raise PolicyError(f"Null wants true or false, not {wanted}")
        return (actual is None) == (wanted[0] == "true")
    negated = operator in _NEGATED
    compare = _OPERATORS.get(_NEGATED.get(operator, operator))
    if compare is None:
        raise PolicyError(f"unknown operator {operator}")
    if actual is None:
        return negated
    if not isinstance(actual, str):
        raise PolicyError(f"{actual!r} is no single string")
    return any(compare(pattern, actual) for pattern in wanted) != negated


def _bool(expected: str, actual: str) -> bool:
    if {expected, actual} - {"true", "false"}:
        raise PolicyError(f"Bool compares true and false, not {expected} and {actual}")
    return expected == actual


def _arn_like(pattern: str, value: str) -> bool:
    patterns, parts = pattern.split(":", 5), value.split(":", 5)
    if len(patterns) != 6:
        raise PolicyError(f"{pattern} is no ARN")
    return len(parts) == 6 and all(map(matches, patterns, parts))


_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda expected, actual: expected == actual,
    "StringLike": matches,
    "ArnLike": _arn_like,
    "Bool": _bool,
}
_NEGATED = {"StringNotEquals": "StringEquals", "StringNotLike": "StringLike"}
