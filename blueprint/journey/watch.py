"""What `make check` holds the observability pack to. Its modules are loaded only when they are asked for."""

from collections.abc import Callable

from blueprint.errors import BlueprintError


def _alarms() -> list[str]:
    from blueprint.reachability import gate

    return gate.check()


def _coverage() -> list[str]:
    from blueprint.observability import coverage

    return coverage.check()


def _dashboards() -> list[str]:
    from blueprint.observability import canary, layout_gate

    return [*layout_gate.check(), *canary.check()]


def _telemetry() -> list[str]:
    from blueprint.observability import telemetry_gate

    return telemetry_gate.check()


def _runbooks() -> list[str]:
    from blueprint.observability import runbooks

    return runbooks.check()


def _cost() -> list[str]:
    from blueprint.observability import cost

    return cost.check()


GATES: dict[str, Callable[[], list[str]]] = {
    "alarms": _alarms,
    "alarm coverage": _coverage,
    "dashboards": _dashboards,
    "telemetry": _telemetry,
    "runbooks": _runbooks,
    "alarm cost": _cost,
}


def hold(name: str) -> None:
    """Run the gate `name`; BlueprintError with everything it found."""
    if faults := GATES[name]():
        raise BlueprintError("\n".join(faults))
