"""Holds ref names from outside to git's own rules before any of them becomes an argument."""

import re

from blueprint.errors import UsageError

# What `git check-ref-format` refuses anywhere in a name: control characters, blanks, and git's own syntax.
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//")


def checked(name: str) -> str:
    """`name`, when it can be a branch, a tag, a full ref or a commit ID; else UsageError says which rule it breaks.

    Revision syntax such as `HEAD~1` or `main..dev` is refused: a commit to deploy is named, not computed.
    """
    if problem := _problem(name):
        raise UsageError(
            f"{name!r} is no ref: {problem}",
            remedy="give a branch, a tag or a commit ID, such as main, v1.4.0 or 40 hexadecimal digits",
        )
    return name


def _problem(name: str) -> str:
    if not name:
        return "it is empty"
    if name.startswith("-"):
        return "it starts with a dash, as an option does"
    if found := _FORBIDDEN.search(name):
        return f"it contains {found.group()!r}"
    if name == "@" or name.startswith("/") or name.endswith(("/", ".")):
        return "git reserves such names"
    if any(part.startswith(".") or part.endswith(".lock") for part in name.split("/")):
        return "no part of it may start with a dot or end with .lock"
    return ""
