"""Finds Terraform's AWS provider on this machine, or fetches it once into the user's cache."""

import os
import platform
import re
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from blueprint import paths
from blueprint.errors import BlueprintError
from blueprint.tools import programs
from blueprint.tools.exclusive import exclusive
from blueprint.tools.host import Host

ADDRESS = "registry.terraform.io/hashicorp/aws"
# Where the Filesystem Hierarchy Standard puts add-on software; a provider mirror may be one of its packages.
_ADD_ON_SOFTWARE = Path("/", "opt")
_SHARED = paths.COMPONENTS / "_shared"
_LOCK = ".terraform.lock.hcl"


def mirror(host: Host, *, places: Iterable[Path] | None = None) -> Path | None:
    """The first directory that holds the locked version, unpacked, for this platform; None where there is none.

    A mirror, not Terraform's plugin cache: components are initialised side by side, and that cache does not bear it.
    """
    wanted = Path(ADDRESS, locked_version(), host.platform.replace("-", "_"))
    searched = _places(host) if places is None else places
    return next((place for place in searched if (place / wanted).is_dir()), None)


def locked_version(lock: Path = _SHARED / _LOCK) -> str:
    """The version the components' lock file names."""
    entry = re.search(
        rf'provider "{re.escape(ADDRESS)}" {{\s+version\s+= "([^"]+)"', lock.read_text()
    )
    if entry is None:
        raise BlueprintError(
            f"{lock} locks no {ADDRESS}", remedy="Restore it: git checkout -- " + str(lock)
        )
    return entry.group(1)


def ensure(host: Host, *, terraform: Path) -> Path:
    """A mirror that holds the provider, filled from Terraform's registry where this machine has none.

    Raises BlueprintError with Terraform's own reason where it cannot be fetched.
    """
    if (found := mirror(host)) is not None:
        return found
    lock = host.cache / "locks" / "aws-provider.lock"
    with exclusive(lock, doing="fetching the AWS provider", progress=host.progress):
        return mirror(host) or _fetch(host, terraform)


def _fetch(host: Host, terraform: Path) -> Path:
    """Let Terraform install the provider into a directory of our own, verified against the components' lock file."""
    version = locked_version()
    host.progress.say(f"AWS provider {version}: not on this machine, fetching it from the registry")
    kept = _kept(host)
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{kept.name}.", dir=kept.parent) as name:
        stage = Path(name)
        for file in ("versions.tf", _LOCK):
            shutil.copyfile(_SHARED / file, stage / file)
        (empty := stage / "terraform.rc").touch()
        finished = programs.run(
            (
                terraform,
                "init",
                "-backend=false",
                "-input=false",
                "-no-color",
                "-lockfile=readonly",
            ),
            env={
                "TF_CLI_CONFIG_FILE": str(empty),
                "TF_CLI_ARGS": "",
                "TF_CLI_ARGS_init": "",
                "TF_DATA_DIR": str(stage / ".terraform"),
                "TF_PLUGIN_CACHE_DIR": "",
                "CHECKPOINT_DISABLE": "1",
            },
            cwd=stage,
            watch=_Heartbeat(host, version),
        )
        if finished.returncode != 0:
            raise BlueprintError(
                f"the AWS provider {version} for Terraform cannot be provided: "
                f"there is no mirror in {', '.join(map(str, _implicit()))}, and the registry: "
                + _cause(finished.lines),
                remedy="Run again where registry.terraform.io can be reached, or unpack the provider to "
                f"{_implicit()[0] / ADDRESS / version / host.platform.replace('-', '_')}.",
            )
        _settle(stage / ".terraform" / "providers", kept)
    host.progress.say(f"AWS provider {version}: kept in {kept}")
    return kept


def _settle(fetched: Path, kept: Path) -> None:
    """Move each fetched version under `kept`; other versions that older checkouts use stay."""
    for version in (fetched / ADDRESS).iterdir():
        target = kept / ADDRESS / version.name
        shutil.rmtree(target, ignore_errors=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        version.rename(target)


class _Heartbeat:
    """Terraform says nothing while it downloads 150 MB."""

    def __init__(self, host: Host, version: str) -> None:
        self._host, self._version, self._started = host, version, time.monotonic()

    def __call__(self, _lines: Sequence[str]) -> None:
        elapsed = time.monotonic() - self._started
        self._host.progress.update(f"AWS provider {self._version}: downloading, {elapsed:.0f} s")


def _cause(lines: Sequence[str]) -> str:
    """Terraform's diagnostic as one sentence, without the frame it draws around it."""
    text = " ".join(line.strip(" │╷╵") for line in lines)
    return re.sub(r"\s+", " ", text[text.find("Error:") :] if "Error:" in text else text).strip()


def _kept(host: Host) -> Path:
    return host.cache / "terraform-providers"


def _places(host: Host) -> Iterator[Path]:
    yield from _implicit()
    yield _kept(host)
    if _ADD_ON_SOFTWARE.is_dir():
        yield from sorted(entry for entry in _ADD_ON_SOFTWARE.iterdir() if entry.is_dir())


def _implicit() -> list[Path]:
    return implicit_mirrors(os.environ, home=Path.home(), system=platform.system())


def implicit_mirrors(env: Mapping[str, str], *, home: Path, system: str) -> list[Path]:
    """The directories Terraform itself searches for providers before it asks a registry, in its order."""
    first = home / ".terraform.d" / "plugins"
    if system == "Darwin":
        support = Path("Library", "Application Support", "io.terraform", "plugins")
        return [first, home / support, Path("/") / support]
    data = [env.get("XDG_DATA_HOME") or str(home / ".local" / "share")]
    data += (env.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share").split(":")
    return [first, *(Path(entry, "terraform", "plugins") for entry in data if entry)]
