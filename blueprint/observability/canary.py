"""Keeps the canary's zip, which Terraform cannot make, equal to its script."""

import base64
import io
import zipfile
from pathlib import Path

from blueprint import paths

DIRECTORY = paths.ROOT / "components" / "terraform" / "observability" / "canary"
# Synthetics looks for a Python canary's file in this folder of the zip.
_FOLDER = "python"
# The first moment a zip can name: the bytes must not depend on when they were made.
_TIME = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16


def archive(script: Path) -> bytes:
    """The zip of `script`, the same bytes on every machine: stored and not compressed, without its time."""
    entry = zipfile.ZipInfo(f"{_FOLDER}/{script.name}", date_time=_TIME)
    entry.create_system = 3
    entry.external_attr = _READABLE
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as target:
        target.writestr(entry, script.read_bytes())
    return content.getvalue()


def encoded(script: Path) -> str:
    """The zip as it lies beside `script`: base64 in one line, as Terraform takes it."""
    return base64.b64encode(archive(script)).decode("ascii")


def write(directory: Path = DIRECTORY) -> bool:
    """Write the zip of the script in `directory`; whether that changed anything."""
    target = directory / "health.zip.base64"
    content = encoded(directory / "health.py")
    if target.is_file() and target.read_text(encoding="ascii") == content:
        return False
    target.write_text(content, encoding="ascii")
    return True


def check(directory: Path = DIRECTORY) -> list[str]:
    """What `make check` says when the zip is not that of the script."""
    target = directory / "health.zip.base64"
    if target.is_file() and target.read_text(encoding="ascii") == encoded(directory / "health.py"):
        return []
    return [f"{target.name} is not the zip of health.py: run `blueprint fix`"]
