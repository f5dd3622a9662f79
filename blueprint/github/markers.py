"""Hidden markers: HTML comments at the start of a text, by which it is found again."""

import re

_NAME = re.compile(r"[A-Za-z0-9]+([:/._-][A-Za-z0-9]+)*")


def marker(*parts: str) -> str:
    """`<!-- blueprint:a:b -->`, the first line of the text that is about (a, b)."""
    name = ":".join(parts)
    if not _NAME.fullmatch(name):
        raise ValueError(f"not the name of a marker: {name}")
    return f"<!-- blueprint:{name} -->"
