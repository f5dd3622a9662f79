"""What became of each component of an apply, known at every moment: a broken run can tell how far it came."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from blueprint import data_files
from blueprint.delivery.terraform import Counts
from blueprint.errors import BlueprintError

# `skipped`: the document asked for changes that an earlier run has applied. `failed` counts while it runs, too.
Outcome = Literal["applied", "unchanged", "skipped", "failed", "not started"]
VERSION = 1
_INTERRUPTED = "the run ended while it was applied"


@dataclass(frozen=True)
class Result:
    """One component: `counts` only where it was applied, `error` only where it failed."""

    component: str
    outcome: Outcome = "not started"
    counts: Counts | None = None
    seconds: float = 0.0
    error: str | None = None


@dataclass(frozen=True)
class Run:
    """The apply of the document `document` (its digest) to `stack`; `error` is why it ended, None while all is well."""

    stack: str
    document: str
    results: tuple[Result, ...]
    error: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Plain values, as `from_json` reads them."""
        return {
            "version": VERSION,
            **asdict(self),
            "results": [asdict(each) for each in self.results],
        }


def from_json(content: Any, *, name: str = "the result") -> Run:
    """The run in plain values; BlueprintError with every field that is wrong."""
    faults = list(data_files.faults_of(content, _SCHEMA))
    if faults:
        raise BlueprintError(
            "\n".join(f"{name}: {fault}" for fault in faults),
            remedy="pass the file that `blueprint delivery apply --result FILE` wrote",
        )
    results = [
        Result(**{**each, "counts": Counts(**each["counts"]) if each["counts"] else None})
        for each in content["results"]
    ]
    return Run(content["stack"], content["document"], tuple(results), content["error"])


class Recorder:
    """Collects results from several threads; `on_change` receives the whole run each time something happens."""

    def __init__(
        self, stack: str, document: str, components: Iterable[str], on_change: Callable[[Run], None]
    ) -> None:
        self._run = Run(stack, document, tuple(Result(name) for name in sorted(components)))
        self._on_change = on_change
        self._started: dict[str, float] = {}
        self._lock = threading.Lock()
        on_change(self._run)

    @property
    def run(self) -> Run:
        with self._lock:
            return self._run

    def start(self, component: str) -> None:
        """An apply of `component` begins: until it ends it counts as failed."""
        self._started[component] = time.monotonic()
        self._set(Result(component, "failed", error=_INTERRUPTED))

    def end(
        self,
        component: str,
        outcome: Outcome,
        *,
        counts: Counts | None = None,
        error: str | None = None,
    ) -> Result:
        """What became of `component`, with the seconds since its start."""
        started = self._started.get(component)
        seconds = 0.0 if started is None else round(time.monotonic() - started, 1)
        result = Result(component, outcome, counts, seconds, error)
        self._set(result)
        return result

    def fail(self, error: str) -> None:
        """The whole run ends with `error`."""
        with self._lock:
            self._run = replace(self._run, error=error)
            self._on_change(self._run)

    def _set(self, result: Result) -> None:
        with self._lock:
            others = [each for each in self._run.results if each.component != result.component]
            ordered = sorted([*others, result], key=lambda each: each.component)
            self._run = replace(self._run, results=tuple(ordered))
            self._on_change(self._run)


_COUNT = {"type": "integer", "minimum": 0}
_COUNTS = {
    "type": ["object", "null"],
    "properties": {"added": _COUNT, "changed": _COUNT, "destroyed": _COUNT},
    "required": ["added", "changed", "destroyed"],
    "additionalProperties": False,
}
_RESULT = {
    "type": "object",
    "properties": {
        "component": {"type": "string"},
        "outcome": {"enum": ["applied", "unchanged", "skipped", "failed", "not started"]},
        "counts": _COUNTS,
        "seconds": {"type": "number", "minimum": 0},
        "error": {"type": ["string", "null"]},
    },
    "required": ["component", "outcome", "counts", "seconds", "error"],
    "additionalProperties": False,
}
_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "version": {"const": VERSION},
        "stack": {"type": "string"},
        "document": {"type": "string"},
        "results": {"type": "array", "items": _RESULT},
        "error": {"type": ["string", "null"]},
    },
    "required": ["version", "stack", "document", "results", "error"],
    "additionalProperties": False,
}
