"""This clone of the repository, and where each environment's deployed pointer stands in it."""

import os

from blueprint import paths
from blueprint.promotion.git import Repository
from blueprint.stacks import environment


def repository() -> Repository:
    """The clone this command runs in."""
    return Repository(paths.ROOT, environment.base())


def deployed(stack: str, given: str | None, clone: Repository) -> str | None:
    """The commit to compare `stack` with: `given`, else its pointer as this clone knows it; None where it has none."""
    if given is not None:
        return clone.commit(given)
    return clone.branch(f"deployed/{stack}")


def head(clone: Repository) -> str:
    """The commit of the work tree; in a workflow the one it was started for, merges of pull requests included."""
    return clone.commit("HEAD")


def github() -> dict[str, str]:
    """What a workflow's runner says of its run."""
    return dict(os.environ)
