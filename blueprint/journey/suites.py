"""The test suites behind `make test`, from the quickest to the one that needs the whole stack."""

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from blueprint import paths, processes
from blueprint.console import done, err
from blueprint.emulator import server
from blueprint.errors import BlueprintError, UsageError
from blueprint.journey import up as journey
from blueprint.journey.steps import Step, run
from blueprint.stacks import environment
from blueprint.tools.environments import environment as python_environment


def test(names: list[str]) -> None:
    """Run the suites `names` (all when empty) in the order below; the first that fails ends the run."""
    for name in names:
        if name not in SUITES:
            raise UsageError(
                f"there is no test suite {name!r}", remedy=f"use one of: {', '.join(SUITES)}"
            )
    chosen = [name for name in SUITES if not names or name in names]
    run(
        [Step(f"{name} tests", SUITES[name]) for name in chosen],
        resume=f"make test SUITE={chosen[0]}",
    )


def _pytest(folder: str, env: dict[str, str] | None = None) -> None:
    command = [sys.executable, "-m", "pytest", "-q", f"tests/{folder}"]
    result = subprocess.run(command, cwd=paths.ROOT, env=env, check=False)
    if result.returncode != 0:
        raise BlueprintError(f"tests/{folder}: pytest ended with {result.returncode}")


def _unit() -> None:
    _pytest("unit")


def _integration() -> None:
    _pytest("integration")


def _packaging() -> None:
    _pytest("packaging")


def _stacks() -> None:
    _pytest("stacks")


def _policies() -> None:
    python_environment("checkov")
    _pytest("policies")


def _emulator() -> None:
    python_environment("emulator")
    _pytest("emulator")


def _terraform() -> None:
    env = environment.base()

    def test_component(name: str) -> processes.Completed:
        terraform_init(name, env)
        return processes.run(
            ["terraform", "test", "-no-color"],
            cwd=paths.COMPONENTS / name,
            env={**env, "TF_DATA_DIR": str(data_directory(name))},
        )

    names = component_names()
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        results = dict(zip(names, pool.map(test_component, names), strict=True))
    failed = [name for name, result in results.items() if not result.ok]
    for name, result in results.items():
        last = result.output.strip().splitlines()[-1]
        (done if result.ok else err.print)(f"{name}: {last}")
    if failed:
        raise BlueprintError("\n".join(f"{name}:\n{results[name].output}" for name in failed))


def component_names() -> list[str]:
    """The Terraform components, by directory name."""
    components = {file.parent.name for file in paths.COMPONENTS.glob("*/versions.tf")}
    return sorted(components - {"_shared"})


def data_directory(component: str) -> str:
    """Where Terraform keeps the providers of a run without a backend, apart from the one Atmos works in."""
    return str(paths.LOCAL / "terraform" / component)


def terraform_init(component: str, env: dict[str, str]) -> None:
    """Prepare `component` for `terraform validate` and `terraform test`: providers, but no state."""
    result = processes.run(
        ["terraform", "init", "-backend=false", "-input=false", "-no-color"],
        cwd=paths.COMPONENTS / component,
        env={**env, "TF_DATA_DIR": data_directory(component)},
    )
    if not result.ok:
        raise BlueprintError(f"{component}: terraform init failed:\n{result.output}")


def _e2e() -> None:
    """On the running stack if there is one (and it stays); otherwise on one made, and taken down, here."""
    was_running = server.running() is not None
    journey.up()
    try:
        _pytest("e2e")
    finally:
        if not was_running:
            server.stop()


SUITES: dict[str, Callable[[], None]] = {
    "unit": _unit,
    "integration": _integration,
    "packaging": _packaging,
    "stacks": _stacks,
    "policies": _policies,
    "terraform": _terraform,
    "emulator": _emulator,
    "e2e": _e2e,
}
