"""Who listens on which TCP port, as far as the system tells (Linux; elsewhere nothing is known)."""

import socket
import sys
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_LISTEN = "0A"


@dataclass(frozen=True)
class Listener:
    """A listening TCP socket; `address` is an IPv4 or IPv6 address as text."""

    address: str
    port: int
    inode: str


def listeners(proc: Path = _PROC) -> list[Listener]:
    """Every listening TCP socket of the machine."""
    found = []
    for table in (proc / "net" / "tcp", proc / "net" / "tcp6"):
        if not table.exists():
            continue
        for line in table.read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == _LISTEN:
                address, port = fields[1].split(":")
                found.append(Listener(_address(address), int(port, 16), fields[9]))
    return found


def listeners_of(pid: int) -> list[Listener]:
    """The listening TCP sockets that process `pid` holds; none if it may not be looked into."""
    held = _sockets(_PROC / str(pid))
    return [listener for listener in listeners() if listener.inode in held]


def holder(port: int, *, proc: Path = _PROC) -> tuple[int, str] | None:
    """Number and name of the process that listens on `port`; None if that cannot be told."""
    inodes = {listener.inode for listener in listeners(proc) if listener.port == port}
    if not inodes:
        return None
    for entry in proc.iterdir():
        if entry.name.isdigit() and _sockets(entry) & inodes:
            return int(entry.name), (entry / "comm").read_text().strip()
    return None


def _sockets(process: Path) -> set[str]:
    inodes = set()
    try:
        for descriptor in (process / "fd").iterdir():
            target = str(descriptor.readlink())
            if target.startswith("socket:["):
                inodes.add(target[len("socket:[") : -1])
    except OSError:  # it ended while we looked, or belongs to another user
        return inodes
    return inodes


def _address(text: str) -> str:
    # The kernel prints each 32-bit word in the byte order of the machine.
    words = [int(text[i : i + 8], 16).to_bytes(4, sys.byteorder) for i in range(0, len(text), 8)]
    packed = b"".join(words)
    return socket.inet_ntop(socket.AF_INET if len(packed) == 4 else socket.AF_INET6, packed)
