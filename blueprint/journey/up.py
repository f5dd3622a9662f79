"""From a clone to a running API: the steps of `make up`."""

from collections.abc import Callable

from blueprint.console import err
from blueprint.delivery import applying
from blueprint.delivery.commands import open_stack
from blueprint.emulator import server
from blueprint.journey import steps, summary
from blueprint.journey.steps import Step
from blueprint.packaging.commands import package_functions
from blueprint.release import commands as release
from blueprint.release import smoke
from blueprint.tools.bootstrap import bootstrap

STACK = "local"


def up(*, persist: bool = False, force: bool = False, resume: str = "make up") -> None:
    """Bring the `local` stack up on the embedded AWS and say where it answers.

    `persist` keeps the embedded AWS's data over a stop; `force` plans unchanged components, too;
    `resume` is the command a failure is continued with.
    Every step looks at what is there already, so running this again continues an interrupted run
    and changes nothing on a finished one.
    """
    actions: dict[str, Callable[[], object]] = {
        "tools": bootstrap,
        "embedded AWS": lambda: server.start(persist=persist),
        "packages": lambda: package_functions([], force=False),
        "plan and apply": lambda: apply_stack(STACK, force=force),
        "release": lambda: release_and_seed(STACK),
        "smoke test": lambda: smoke.require(release.smoke_stack(*open_stack(STACK))),
    }
    seconds = steps.run([Step(name, action, resume) for name, action in actions.items()])
    err.print("")
    summary.print_summary(*open_stack(STACK), seconds=sum(seconds.values()))


def apply_stack(name: str, *, force: bool = False) -> None:
    """Apply stack `name`; the packages are uploaded before the first component that reads their manifest."""
    stack, env = open_stack(name)
    applying.apply(stack, env, force=force, prepare=release.uploader(stack, env))


def release_and_seed(name: str) -> None:
    """Let the built packages serve, and give them something to serve."""
    stack, env = open_stack(name)
    release.release_stack(stack, env)
    release.seed_stack(stack, env)
