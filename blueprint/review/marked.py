"""Joins the values of a JSON plan with Terraform's marks on them, and finds where two such values differ.

Terraform keeps values and marks apart: `after` has the values, `after_unknown` and `after_sensitive`
have the same shape with `true` where a value is not known yet or must not be shown.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Unknown:
    """A value that is known only after the apply."""


@dataclass(frozen=True)
class Sensitive:
    """A value that Terraform marks as not to be shown."""

    value: Any


@dataclass(frozen=True)
class Difference:
    """One attribute that differs: where, and its marked values; None is what Terraform calls null."""

    path: Path
    before: Any
    after: Any


UNKNOWN = Unknown()


def marked(value: Any, *, unknown: Any = False, sensitive: Any = False) -> Any:
    """`value` with `UNKNOWN` and `Sensitive` in the places that the two marks name."""
    if unknown is True:
        return UNKNOWN
    if sensitive is True:
        return Sensitive(value)
    if isinstance(value, dict) or (value is None and isinstance(unknown, dict) and _any(unknown)):
        return _mapping(value or {}, unknown, sensitive)
    if isinstance(value, list):
        return _sequence(value, unknown, sensitive)
    return value


def _mapping(value: Mapping[str, Any], unknown: Any, sensitive: Any) -> dict[str, Any]:
    unknown = unknown if isinstance(unknown, dict) else {}
    sensitive = sensitive if isinstance(sensitive, dict) else {}
    # Terraform leaves an unknown attribute out of `after`: only its mark says that it is there.
    keys = set(value) | {key for key, mark in unknown.items() if _any(mark)}
    return {
        key: marked(
            value.get(key), unknown=unknown.get(key, False), sensitive=sensitive.get(key, False)
        )
        for key in keys
    }


def _sequence(value: list[Any], unknown: Any, sensitive: Any) -> Any:
    # Marks that do not fit the list's positions count for the whole of it.
    if not _fits(unknown, value) and _any(unknown):
        return UNKNOWN
    if not _fits(sensitive, value) and _any(sensitive):
        return Sensitive(value)
    none = [False] * len(value)
    unknowns = unknown if _fits(unknown, value) else none
    sensitives = sensitive if _fits(sensitive, value) else none
    return [
        marked(item, unknown=each_unknown, sensitive=each_sensitive)
        for item, each_unknown, each_sensitive in zip(value, unknowns, sensitives, strict=True)
    ]


def _fits(marks: Any, value: list[Any]) -> bool:
    return isinstance(marks, list) and len(marks) == len(value)


def _any(marks: Any) -> bool:
    if isinstance(marks, dict):
        return any(_any(mark) for mark in marks.values())
    if isinstance(marks, list):
        return any(_any(mark) for mark in marks)
    return marks is True


def differences(before: Any, after: Any, path: Path = ()) -> Iterator[Difference]:
    """Where `before` and `after`, both marked, differ: as deep as their shapes agree, in a fixed order.

    A list whose length changes differs as a whole. A resource that is not there is an object without attributes.
    """
    if not path:
        before, after = before or {}, after or {}
    if _same(before, after):
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted(set(before) | set(after)):
            yield from differences(before.get(key), after.get(key), (*path, key))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for position, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from differences(old, new, (*path, position))
    else:
        yield Difference(path, before, after)


def _same(before: Any, after: Any) -> bool:
    """Equality as Terraform sees it: true is not 1, and what is unknown equals nothing."""
    if isinstance(before, Unknown) or isinstance(after, Unknown):
        return False
    if type(before) is not type(after):
        return (
            isinstance(before, int | float)
            and isinstance(after, int | float)
            and _number(before, after)
        )
    if isinstance(before, dict):
        return set(before) == set(after) and all(_same(before[key], after[key]) for key in before)
    if isinstance(before, list):
        return len(before) == len(after) and all(map(_same, before, after))
    if isinstance(before, Sensitive):
        return _same(before.value, after.value)
    return bool(before == after)


def _number(before: float, after: float) -> bool:
    return not isinstance(before, bool) and not isinstance(after, bool) and before == after


def without(value: Any, ignored: Callable[[str], bool], path: Path = ()) -> Any:
    """`value` with null for every attribute whose pattern (see `pattern`) is `ignored`."""
    if path and ignored(pattern(path)):
        return None
    if isinstance(value, dict):
        return {key: without(item, ignored, (*path, key)) for key, item in value.items()}
    if isinstance(value, list):
        return [without(item, ignored, (*path, place)) for place, item in enumerate(value)]
    return value


def pattern(path: Path) -> str:
    """`path` with dots, and `*` for positions in lists: how the declared lists name an attribute."""
    return ".".join("*" if isinstance(step, int) else step for step in path)


def shown(path: Path) -> str:
    """`path` for a person: dots, positions as numbers, and keys that hold a dot in brackets."""
    text = ""
    for step in path:
        if isinstance(step, str) and "." in step:
            text += f'["{step}"]'
        else:
            text += f".{step}"
    return text.removeprefix(".")
