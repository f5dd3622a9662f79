"""Shows what a plan changes, attribute by attribute, as lines of a diff."""

import difflib
import itertools
import json
from collections.abc import Iterator, Sequence
from typing import Any

from blueprint.review.document import Attribute, Change
from blueprint.review.masking import MASKED, UNKNOWN

_CONTEXT_LINES = 2
# Comparing line by line takes time that grows with the square of them.
_MOST_LINES = 2_000
_VERBS = {
    ("create",): "create",
    ("update",): "update",
    ("delete",): "destroy",
    ("forget",): "forget",
    ("move",): "move",
    ("import",): "import",
    ("delete", "create"): "destroy, then create",
    ("create", "delete"): "create, then destroy",
    ("create", "forget"): "create, and forget the old one",
}


def of(changes: Sequence[Change], outputs: Sequence[str]) -> Iterator[str]:
    """The lines of all `changes`, and of the `outputs` that change with them."""
    for place, change in enumerate(changes):
        if place:
            yield ""
        yield f"@@ {change.address}: {verb(change)} @@"
        for attribute in change.attributes:
            yield from _attribute(attribute)
    if outputs:
        yield from [""] if changes else []
        yield f"@@ outputs: {', '.join(outputs)} @@"


def verb(change: Change) -> str:
    """What happens to the resource, in words."""
    return _VERBS.get(change.actions, " and ".join(change.actions))


def _attribute(attribute: Attribute) -> Iterator[str]:
    before, after = _lines(attribute.before), _lines(attribute.after)
    if len(before) <= 1 and len(after) <= 1:
        yield from (f"- {attribute.path} = {line}" for line in before)
        yield from (f"+ {attribute.path} = {line}" for line in after)
        return
    yield f"! {attribute.path}:"
    if before == after:
        yield "      (differs only in blanks or in the order of keys)"
    for mark, line in _compared(before, after):
        yield f"{mark}     {line}"


def _compared(before: list[str], after: list[str]) -> Iterator[tuple[str, str]]:
    if not before or not after or max(len(before), len(after)) > _MOST_LINES:
        yield from (("-", line) for line in before)
        yield from (("+", line) for line in after)
        return
    compared = difflib.unified_diff(before, after, lineterm="", n=_CONTEXT_LINES)
    for line in itertools.islice(compared, 2, None):  # without the names of two files
        yield (" ", "…") if line.startswith("@@") else (line[0], line[1:])


def _lines(value: Any) -> list[str]:
    """A value as one line of JSON or, where it has a shape, as several; none for null."""
    if value is None:
        return []
    if value in (MASKED, UNKNOWN):
        return [str(value)]
    if isinstance(value, str):
        document = _document(value)
        if document is not None:
            return _pretty(document)
        if "\n" in value:
            return value.splitlines()
    if isinstance(value, dict | list) and value:
        return _pretty(value)
    return [json.dumps(value, ensure_ascii=False)]


def _document(text: str) -> Any:
    """The JSON object or array in `text`, such as an IAM policy; None where it is none."""
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        return json.loads(text) or None
    except ValueError:
        return None


def _pretty(value: Any) -> list[str]:
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False).splitlines()
