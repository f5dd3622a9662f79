"""Hands values on to the later steps and jobs of a workflow."""

import os
from collections.abc import Mapping
from pathlib import Path

from blueprint.errors import UsageError


def write(values: Mapping[str, object], *, env: Mapping[str, str] = os.environ) -> None:
    """Append `name=value` lines to the file GitHub names in GITHUB_OUTPUT; None is written as nothing."""
    file = env.get("GITHUB_OUTPUT")
    if not file:
        raise UsageError(
            "--github-output: GITHUB_OUTPUT is not set",
            remedy="leave the option out; it is for steps of a workflow",
        )
    lines = []
    for name, value in values.items():
        text = "" if value is None else str(value)
        if "\n" in text or "\r" in text:
            # A second line would be read as another output.
            raise UsageError(f"output {name} has more than one line", remedy="report this")
        lines.append(f"{name}={text}\n")
    with Path(file).open("a", encoding="utf-8") as stream:
        stream.writelines(lines)
