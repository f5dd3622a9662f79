"""The test suites behind `make test`, from the quickest to the one that needs the whole stack."""

import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack

from blueprint import paths
from blueprint.console import done, err
from blueprint.emulator import server
from blueprint.errors import BlueprintError, UsageError
from blueprint.journey import down as takedown
from blueprint.journey import up as journey
from blueprint.journey.beside import Beside, beside
from blueprint.journey.components import terraform_in_each
from blueprint.journey.steps import Step, run
from blueprint.tools.environments import environment as python_environment


def test(names: list[str]) -> None:
    """Run the suites `names` (all when empty) in the order below; the first that fails ends the run."""
    for name in names:
        if name not in SUITES:
            raise UsageError(
                f"there is no test suite {name!r}", remedy=f"use one of: {', '.join(SUITES)}"
            )
    chosen = [name for name in SUITES if not names or name in names]
    if _STACK in chosen and (meanwhile := [name for name in chosen if name in _MEANWHILE]):
        _run_around(chosen, meanwhile)
    else:
        run([_step(name, SUITES[name]) for name in chosen])


def _run_around(chosen: list[str], meanwhile: list[str]) -> None:
    """Run `chosen`, the stack's own tests beside those of `meanwhile`: they spend most of their time waiting."""
    started: list[Beside] = []
    with ExitStack() as block:

        def start() -> None:
            command = [str(paths.ROOT / ".venv" / "bin" / "blueprint"), "test", _STACK]
            started.append(block.enter_context(beside(command, log=paths.LOGS / "e2e.log")))

        def finish() -> None:
            started[0].finish()

        steps = []
        for name in chosen:
            if name == meanwhile[0]:
                steps.append(Step(f"{_STACK} tests begin", start, _command(_STACK)))
            steps.append(_step(name, finish if name == _STACK else SUITES[name]))
        run(steps)


def _step(name: str, action: Callable[[], None]) -> Step:
    return Step(f"{name} tests", action, _command(name))


def _command(suite: str) -> str:
    return f"make test SUITE={suite}"


def _pytest(folder: str, *options: str) -> None:
    command = [sys.executable, "-m", "pytest", "-q", *options, f"tests/{folder}"]
    result = subprocess.run(command, cwd=paths.ROOT, check=False)
    if result.returncode != 0:
        raise BlueprintError(f"tests/{folder}: pytest ended with {result.returncode}")


def _unit() -> None:
    _pytest("unit", "--numprocesses=auto")


def _gitops() -> None:
    _pytest("gitops", "--numprocesses=auto")


def _observability() -> None:
    _pytest("observability", "--numprocesses=auto")


def _integration() -> None:
    python_environment("load")
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
    results = terraform_in_each("test")
    for name, result in results.items():
        (done if result.ok else err.print)(f"{name}: {result.output.strip().splitlines()[-1]}")
    failed = [f"{name}:\n{result.output}" for name, result in results.items() if not result.ok]
    if failed:
        raise BlueprintError("\n".join(failed))


def _pipelines(*options: str) -> None:
    for name in ("emulator", "workflows"):
        python_environment(name)
    _pytest("pipelines", *options)


def pipelines() -> None:
    """Every scenario of the flight simulator, also those that `test` leaves out for their time."""
    _pipelines()


def _e2e() -> None:
    """On the running stack if there is one (and it stays); otherwise on one made, and taken down, here."""
    python_environment("runbooks")
    was_running = server.running() is not None
    try:
        journey.up(resume=_command("e2e"))
        _pytest("e2e")
    except BaseException:
        if not was_running:
            server.stop()  # its data and logs stay, to be looked at
        raise
    if not was_running:
        takedown.down()


SUITES: dict[str, Callable[[], None]] = {
    "unit": _unit,
    "stacks": _stacks,
    "policies": _policies,
    "packaging": _packaging,
    "terraform": _terraform,
    "gitops": _gitops,
    "observability": _observability,
    "integration": _integration,
    "emulator": _emulator,
    "pipelines": lambda: _pipelines("-m", "not long"),
    "e2e": _e2e,
}
_STACK = "e2e"
# Suites that use neither the components' directories, where the stack is applied from, nor the packages it runs.
_MEANWHILE = ("gitops", "observability", "integration", "emulator", "pipelines")
