"""Prepares an account as its owner does: `blueprint bootstrap`, and then the variables GitHub is told."""

import json

from tests.pipelines.events import OWNER_ID, REPOSITORY, REPOSITORY_ID
from tests.pipelines.simulator import Simulator


def bootstrap(simulator: Simulator, stage: str, *, ready: list[str]) -> dict[str, str]:
    """Bootstrap the account of `stage`, after those of `ready`; the repository variables that follow."""
    printed = simulator.laptop(
        "bootstrap", "-s", stage,
        "--repository", REPOSITORY,
        "--repository-id", str(REPOSITORY_ID),
        "--owner-id", str(OWNER_ID),
        *(option for name in ready for option in ("--ready", name)),
        "--json",
        account=stage,
    )  # fmt: skip
    variables: dict[str, str] = json.loads(printed)["variables"]
    return variables
