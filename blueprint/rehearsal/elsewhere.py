"""A stack with what ours lack (a REST API, a canary, a stream's consumer), so that no signal goes unrehearsed."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from blueprint.observability import planned
from blueprint.stacks import atmos, environment

NAME = "elsewhere"
# What a REST API makes differently, and what only this stack has; the rest is rehearsed as ours.
SIGNALS = (
    "api-availability",
    "api-latency",
    "client-errors",
    "consumed",
    "no-traffic",
    "quiet",
    "stream-age",
)


def plan() -> Path:
    """The plan of prod with these resources added; errors as those of `planned.plan`."""
    stack = atmos.stack("prod", environment.base())
    return planned.plan("prod", values=_values(planned.variables_of(stack)))


def _values(variables: Mapping[str, Any]) -> dict[str, Any]:
    functions, queues = variables["functions"], variables["queues"]
    any_function = next(iter(functions.values()))
    lost = next(key for key, queue in queues.items() if queue["kind"] == "dead_letter")
    return {
        "functions": {
            **functions,
            "projector": {**any_function, "name": "projector", "invoked_by": "stream"},
        },
        "queues": {**queues, lost: {**queues[lost], "consumer": "projector"}},
        "api": {**variables["api"], "type": "rest"},
        "canary_enabled": True,
        "canary_runtime": "syn-python-selenium-7.0",
    }
