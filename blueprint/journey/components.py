"""Runs Terraform in every component without a stack: no backend, no account, providers only."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from blueprint import paths, processes
from blueprint.errors import BlueprintError
from blueprint.processes import Completed
from blueprint.stacks import environment


def component_names() -> list[str]:
    """The Terraform components, by directory name."""
    components = {file.parent.name for file in paths.COMPONENTS.glob("*/versions.tf")}
    return sorted(components - {"_shared"})


def terraform_in_each(*arguments: str) -> dict[str, Completed]:
    """What `terraform ARGUMENTS` said in each component, by name; as many at once as there are cores."""
    env = environment.base()

    def run(name: str) -> Completed:
        _initialise(name, env)
        return _terraform(name, env, arguments)

    names = component_names()
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        return dict(zip(names, pool.map(run, names), strict=True))


def _initialise(name: str, env: dict[str, str]) -> None:
    result = _terraform(name, env, ["init", "-backend=false", "-input=false"])
    if not result.ok:
        raise BlueprintError(f"{name}: terraform init failed:\n{result.output}")


def _terraform(name: str, env: dict[str, str], arguments: Sequence[str]) -> Completed:
    return processes.run(
        ["terraform", *arguments, "-no-color"],
        cwd=paths.COMPONENTS / name,
        # Apart from the directory in which Atmos works on a stack.
        env={**env, "TF_DATA_DIR": str(paths.TOOLS / "terraform" / name)},
    )
