"""Everything the fake GitHub remembers, as JSON it could write to a file."""

import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tests.fakes_github.exchange import Json


@dataclass
class State:
    """Lists hold objects as GitHub answers them, oldest first; issues hold the pull requests too."""

    tokens: dict[str, Json] = field(default_factory=dict)
    issues: list[Json] = field(default_factory=list)
    pulls: list[Json] = field(default_factory=list)
    comments: list[Json] = field(default_factory=list)
    deployments: list[Json] = field(default_factory=list)
    deployment_statuses: list[Json] = field(default_factory=list)
    releases: list[Json] = field(default_factory=list)
    statuses: list[Json] = field(default_factory=list)
    environments: dict[str, Json] = field(default_factory=dict)
    calls: list[Json] = field(default_factory=list)
    last_id: int = 0
    last_number: int = 0

    def next_id(self) -> int:
        self.last_id += 1
        return self.last_id

    def next_number(self) -> int:
        """Issues and pull requests share one sequence."""
        self.last_number += 1
        return self.last_number

    def issue(self, number: int) -> Json | None:
        return next((entry for entry in self.issues if entry["number"] == number), None)

    def as_json(self) -> Json:
        return asdict(self)

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(self.as_json(), indent=1) + "\n")

    @staticmethod
    def load(path: Path) -> "State":
        return State(**json.loads(path.read_text()))


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
