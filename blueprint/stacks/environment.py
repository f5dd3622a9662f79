"""The environment in which Atmos and Terraform run for a stack: pinned tools, and where AWS is."""

import os

from blueprint.aws import EMULATED
from blueprint.emulator import server
from blueprint.emulator.environment import client_environment
from blueprint.errors import BlueprintError, UsageError
from blueprint.tools.provision import search_path
from blueprint.tools.terraform import terraform_environment

_QUIET = {
    # Nothing leaves the machine that the user did not ask for.
    "ATMOS_TELEMETRY_ENABLED": "false",
    "ATMOS_VERSION_CHECK_ENABLED": "false",
}


def base() -> dict[str, str]:
    """The caller's environment with the pinned tools in front: enough for what needs no AWS."""
    env = dict(os.environ)
    env["PATH"] = search_path()
    env.update(_QUIET)
    env.update(terraform_environment())
    return env


def for_stack(name: str, *, emulated: bool) -> dict[str, str]:
    """The environment for calls to AWS: the caller's own account, or the running embedded AWS."""
    if not emulated:
        if EMULATED in os.environ:
            raise UsageError(
                f"this shell works on the embedded AWS (stack {os.environ[EMULATED]}), not on {name}'s account",
                remedy="open a new shell, or run the command where `blueprint env` was not evaluated",
            )
        return base()
    instance = server.running()
    if instance is None:
        raise BlueprintError(
            "the embedded AWS is not running",
            remedy="run `make up`, which starts it",
        )
    return {**client_environment(instance, base()), EMULATED: name}
