"""A made-up machine: its PATH, cache and clone lie in the test's directory, its network is a dictionary."""

import hashlib
import io
import shlex
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from blueprint.tools.catalogue import tool
from blueprint.tools.host import Host
from blueprint.tools.progress import Progress

UNREACHABLE = OSError(101, "Network is unreachable")


class Answer:
    """A response; `cut` ends it early, as a broken connection does, `interrupt` stands for Ctrl-C."""

    def __init__(self, body: bytes, *, cut: bool = False, interrupt: bool = False) -> None:
        self.length: int | None = len(body)
        self._rest = io.BytesIO(body[: len(body) // 2] if cut else body)
        self._interrupt = interrupt

    def read(self, amount: int, /) -> bytes:
        if self._interrupt:
            raise KeyboardInterrupt
        return self._rest.read(amount)

    def close(self) -> None:
        self._rest.close()


@dataclass
class Network:
    """Every address that answers, and every one that was asked for."""

    answers: dict[str, Callable[[], Answer]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def open(self, url: str, /, *, seconds: float) -> Answer:
        assert seconds > 0
        self.asked.append(url)
        if url not in self.answers:
            raise UNREACHABLE
        return self.answers[url]()

    def publish(
        self, name: str, binary: bytes, *, checksum: str | None = None, cut: bool = False
    ) -> None:
        """The release of a tool for linux-amd64 that is one plain file, with its checksum."""
        release = tool(name).download
        assert release is not None
        names = {"version": tool(name).version, "target": release.targets["linux-amd64"]}
        url = release.url.format(**names)
        digest = checksum or hashlib.sha256(binary).hexdigest()
        sums = f"{'0' * 64}  another\n{digest} *{url.rpartition('/')[2]}\n".encode()
        self.answers[release.checksums.format(**names)] = lambda: Answer(sums)
        self.answers[url] = lambda: Answer(binary, cut=cut)


@dataclass
class Machine:
    """The host under test and what there is to see of it afterwards."""

    host: Host
    network: Network
    said: io.StringIO
    calls: Path

    def script(self, file: Path, body: str) -> Path:
        """An executable at `file` that notes that it was called, with what arguments, and runs `body`."""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(self.source(file.name, body))
        file.chmod(0o755)
        return file

    def source(self, name: str, body: str) -> str:
        return f'#!/bin/sh\necho "{name} $*" >> {shlex.quote(str(self.calls))}\n{body}\n'

    def on_path(self, name: str, version: str, *, directory: str = "usr-bin") -> Path:
        """A tool of `version` in one of the directories of PATH: usr-bin, then add-ons."""
        return self.script(self.host.root.parent / directory / name, says(name, version))

    def called(self, start: str = "") -> list[str]:
        lines = self.calls.read_text().splitlines() if self.calls.exists() else []
        return [line for line in lines if line.startswith(start)]

    def kept(self) -> list[str]:
        """The entries of the cache's tools directory, half-made ones included."""
        directory = self.host.cache / "tools"
        return sorted(entry.name for entry in directory.iterdir()) if directory.exists() else []

    def second_clone(self) -> "Machine":
        """Another checkout of the same user on the same machine."""
        root = self.host.root.parent / "second"
        return replace(self, host=replace(self.host, root=root, tools=root / ".tools"))


def says(name: str, version: str) -> str:
    """What a tool prints when asked for its version, as a shell command."""
    text = {
        "uv": f"uv {version} (made up)",
        "terraform": f"Terraform v{version}",
        "atmos": f'{{"version": "{version}"}}',
        "go": f"go version go{version} linux/amd64",
        "actionlint": f"{version}\ninstalled by building from source",
    }[name]
    return f"echo {shlex.quote(text)}"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine with nothing on PATH, an empty cache, no network and a pip that reaches no index."""
    network, said = Network(), io.StringIO()
    root = tmp_path / "clone"
    host = Host(
        platform="linux-amd64",
        search_path=(root / ".tools" / "bin", tmp_path / "usr-bin", tmp_path / "add-ons"),
        root=root,
        tools=root / ".tools",
        requirements=root / "requirements",
        cache=tmp_path / "cache",
        python=Path("python-of-make"),
        pip=(str(tmp_path / "pip"),),
        transport=network,
        progress=Progress(said),
    )
    host.requirements.mkdir(parents=True)
    made = Machine(host, network, said, tmp_path / "calls")
    made.script(tmp_path / "pip", "echo 'ERROR: no index answers'; exit 1")
    return made
