"""What `make` provides before anything else runs, in the order that fails soonest."""

import os
from pathlib import Path

from blueprint.errors import UsageError
from blueprint.tools import environments, provision
from blueprint.tools.host import Host, this_host
from blueprint.tools.terraform import terraform_environment, user_configuration

PROVIDER = "aws-provider"
# Terraform has one source, so it comes before anything slow; Atmos may take minutes, so it comes last.
_EVERYTHING = ("uv", "terraform", "tooling", "emulator", PROVIDER, "atmos")


def bootstrap(*, host: Host | None = None) -> None:
    """Provide everything `make up` needs; nothing happens where it is all there.

    Raises BlueprintError for the first thing that cannot be provided.
    """
    for name in _EVERYTHING:
        provide(name, host=host)


def provide(name: str, *, host: Host | None = None) -> None:
    """Provide one thing by its name: a tool, a Python environment, `aws-provider`, or `bootstrap` for all of them.

    Raises UsageError for another name and BlueprintError where it cannot be provided.
    """
    host = host or this_host()
    if name == "bootstrap":
        bootstrap(host=host)
    elif name in environments.ENVIRONMENTS:
        environments.environment(name, host=host)
    elif name == PROVIDER:
        _provide_aws_provider(host)
    elif name in provision.names():
        provision.ensure(name, host=host)
    else:
        known = ("bootstrap", *provision.names(), *environments.ENVIRONMENTS, PROVIDER)
        raise UsageError(f"there is no {name!r} to provide", remedy=f"One of: {', '.join(known)}.")


def _provide_aws_provider(host: Host) -> None:
    own = user_configuration(os.environ, home=Path.home(), host=host)
    if own is not None:
        host.progress.say(
            f"Terraform: your own CLI configuration {own} decides where providers come from"
        )
    terraform_environment(host=host)
