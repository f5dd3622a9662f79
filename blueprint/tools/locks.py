"""Renews requirements/*.txt: every version and hash an environment is made from, and no index or host."""

from blueprint.errors import BlueprintError
from blueprint.tools import programs
from blueprint.tools.host import Host, this_host
from blueprint.tools.provision import ensure

_OPTIONS = (
    "--quiet",
    # The oldest Python supported; --universal adds what newer ones and other systems need.
    *("--python-version", "3.11", "--universal"),
    "--generate-hashes",
    *("--no-emit-index-url", "--no-emit-find-links"),
    *("--custom-compile-command", "make lock"),
)
# The API first: the others take the versions it ships.
_FIRST = "api"


def renew(*, upgrade: bool = False, host: Host | None = None) -> None:
    """Resolve every requirements/<name>.in into <name>.txt.

    Pins stay where the .in files still allow them; `upgrade` takes the newest of each. Raises BlueprintError with uv's
    explanation where there is no solution.
    """
    host = host or this_host()
    uv = ensure("uv", host=host)
    sources = sorted(
        host.requirements.glob("*.in"), key=lambda file: (file.stem != _FIRST, file.stem)
    )
    for source in sources:
        lock = source.with_suffix(".txt")
        # Relative paths: the lock quotes them.
        files = ("--output-file", lock.relative_to(host.root), source.relative_to(host.root))
        finished = programs.run(
            (uv, "pip", "compile", *_OPTIONS, *(["--upgrade"] if upgrade else []), *files),
            env={"UV_PYTHON_DOWNLOADS": "never"},
            cwd=host.root,
        )
        if finished.returncode != 0:
            raise BlueprintError(
                "\n  ".join([f"{source.name} cannot be locked; uv says:", *finished.lines]),
                remedy=f"Change requirements/{source.name} so that a solution exists.",
            )
        host.progress.say(f"{lock.relative_to(host.root)}: locked")
