"""The record of a running embedded AWS, and its file."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ACCOUNT = "000000000000"
REGION = "us-east-1"
HOST = "127.0.0.1"  # by address: the S3 clients of Terraform and Atmos fail on a host name


@dataclass(frozen=True)
class Instance:
    """One embedded AWS with its resources.

    `id` names the set of resources: it changes whenever they are gone (a reset, a start that does
    not restore them, a crash), so whatever was remembered about them under another id is void.
    `started` is the start of process `pid`, which tells it from a later process with that number.
    """

    id: str
    pid: int
    started: str
    port: int
    persist: bool

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"


@dataclass(frozen=True)
class Saved:
    """What a cleanly ended `--persist` server leaves: its id, and the port its resources name."""

    id: str
    port: int


def read(path: Path) -> Instance | None:
    """The record in `path`; None if there is none or if it is not one of ours."""
    try:
        fields = json.loads(path.read_text())
        return Instance(
            id=str(fields["id"]),
            pid=int(fields["pid"]),
            started=str(fields["started"]),
            port=int(fields["port"]),
            persist=bool(fields["persist"]),
        )
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def read_saved(path: Path) -> Saved | None:
    """The record of saved resources in `path`; None if they were not saved cleanly."""
    try:
        fields = json.loads(path.read_text())
        return Saved(id=str(fields["id"]), port=int(fields["port"]))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def write(path: Path, record: Instance | Saved) -> None:
    """Write `record` so that a reader sees the old file or the new one, never half of one."""
    fields: dict[str, Any] = asdict(record)
    new = path.with_name(path.name + ".new")
    with new.open("w") as file:
        file.write(json.dumps(fields, indent=2) + "\n")
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
