"""Reads what an earlier step of the pipeline left in a file."""

import json
from pathlib import Path
from typing import Any

from blueprint.errors import UsageError


def content(file: Path, *, remedy: str) -> bytes:
    """The bytes of `file`; UsageError with `remedy` where it cannot be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}", remedy=remedy) from error


def decoded(file: Path, *, remedy: str) -> Any:
    """The JSON in `file`; UsageError with `remedy` where there is none, or only the beginning of it."""
    try:
        return json.loads(content(file, remedy=remedy))
    except ValueError as error:
        raise UsageError(f"{file} is not JSON: {error}", remedy=remedy) from error
