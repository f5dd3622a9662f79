"""Decides, as GitHub does, whether an event starts a workflow."""

import re
from collections.abc import Sequence
from typing import Any

from tests.pipelines.events import Event

_DEFAULT_TYPES = {"pull_request": ("opened", "synchronize", "reopened")}


def starts(workflow: dict[str, Any], event: Event) -> bool:
    """Whether `event` starts `workflow` by what stands under its `on`."""
    on = workflow["on"]
    if isinstance(on, str):
        on = [on]
    if event.name not in on:
        return False
    filters = (on[event.name] if isinstance(on, dict) else None) or {}
    if event.name == "push":
        return _pushed(filters, event.ref)
    if event.name == "pull_request":
        types = filters.get("types", _DEFAULT_TYPES["pull_request"])
        return event.payload["action"] in types and _matches(
            filters.get("branches", ["**"]), event.base_ref
        )
    return True


def _pushed(filters: dict[str, Any], ref: str) -> bool:
    unknown = set(filters) - {"branches", "tags"}
    if unknown:
        raise AssertionError(f"the simulator does not know these filters of a push: {unknown}")
    if not filters:
        return True
    if ref.startswith("refs/tags/"):
        return _matches(filters.get("tags", []), ref.removeprefix("refs/tags/"))
    return _matches(filters.get("branches", []), ref.removeprefix("refs/heads/"))


def _matches(patterns: Sequence[str], name: str) -> bool:
    return any(re.fullmatch(_expression(pattern), name) for pattern in patterns)


def _expression(pattern: str) -> str:
    """GitHub's filter pattern as a regular expression: * is no slash, ** is all, + and [] as in one, . is a dot."""
    out = ""
    for token in re.findall(r"\*\*|\[[^]]*\]|.", pattern):
        if token == "**":
            out += ".*"
        elif token == "*":
            out += "[^/]*"
        elif token in "+?" or token.startswith("["):
            out += token
        else:
            out += re.escape(token)
    return out
