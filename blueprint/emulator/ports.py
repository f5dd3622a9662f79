"""Which TCP port the embedded AWS listens on."""

import socket
from collections.abc import Iterator, Mapping

from blueprint.emulator.instance import HOST
from blueprint.emulator.listeners import holder
from blueprint.errors import BlueprintError, UsageError

VARIABLE = "BLUEPRINT_PORT"
DEFAULT = 4566
_TRIED = 100
_LOWEST, _HIGHEST = 1024, 65535


def requested(environ: Mapping[str, str]) -> int | None:
    """The port BLUEPRINT_PORT asks for; None if it is unset or empty.

    Raises UsageError if it is not a port number.
    """
    text = environ.get(VARIABLE, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and _LOWEST <= int(text) <= _HIGHEST):
        raise UsageError(
            f"{VARIABLE} is {text!r}, which is not a port from {_LOWEST} to {_HIGHEST}.",
            remedy=f"Set {VARIABLE} to a free port, or unset it: a free one is then found.",
        )
    return int(text)


def is_free(port: int) -> bool:
    """Whether nobody listens on `port` and this user may."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        # A bind alone is not enough: some systems allow it beside a listener on all addresses.
        if probe.connect_ex((HOST, port)) == 0:
            return False
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # Connections of an earlier server may linger; they are no obstacle to the next one.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_ports(first: int = DEFAULT) -> Iterator[int]:
    """The free ports from `first` on, each looked at when it is asked for."""
    return (port for port in range(first, first + _TRIED) if is_free(port))


def taken(port: int, *, asked_by: str) -> BlueprintError:
    """The error for a port that was asked for by `asked_by` and is somebody else's."""
    found = holder(port)
    who = f"process {found[0]} ({found[1]})" if found else "another program"
    return BlueprintError(
        f"Port {port}, which {asked_by} asks for, is taken by {who}.",
        remedy=f"End that program or ask for another port; without {VARIABLE} and --port the "
        f"first free one from {DEFAULT} on is used.",
    )


def none_free() -> BlueprintError:
    """The error for a machine on which every port we try is taken."""
    return BlueprintError(
        f"No port from {DEFAULT} to {DEFAULT + _TRIED - 1} is free.",
        remedy=f"Set {VARIABLE} to a free port.",
    )
