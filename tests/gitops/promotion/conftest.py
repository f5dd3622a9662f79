"""A repository with history, and a ledger that is kept in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from blueprint.errors import BlueprintError
from blueprint.promotion.git import Repository
from tests.git_repository import ENVIRONMENT, GitRepository


@pytest.fixture
def made(tmp_path: Path) -> GitRepository:
    """A repository to make history in; it has one commit."""
    repository = GitRepository(tmp_path / "repository")
    repository.commit("feat: begin", {"README.md": "begun\n"})
    return repository


@pytest.fixture
def repository(made: GitRepository) -> Repository:
    """The same, as the code under test sees it."""
    return Repository(made.root, ENVIRONMENT)


@dataclass
class FakeLedger:
    """Pointers and convergences in memory; `meanwhile` moves a pointer between a reading and the move."""

    pointers: dict[str, str] = field(default_factory=dict)
    records: list[tuple[str, str]] = field(default_factory=list)
    meanwhile: dict[str, str] = field(default_factory=dict)
    moved: list[str] = field(default_factory=list)
    forced: list[str] = field(default_factory=list)

    def pointer(self, environment: str) -> str | None:
        read = self.pointers.get(environment)
        self.pointers.update(self.meanwhile)
        return read

    def converged(self, environment: str, sha: str) -> bool:
        return (environment, sha) in self.records

    def history(self, environment: str) -> Sequence[str]:
        newest_first = [sha for name, sha in reversed(self.records) if name == environment]
        return list(dict.fromkeys(newest_first))

    def move_pointer(
        self, environment: str, sha: str, *, expected: str | None, backwards: bool
    ) -> None:
        if self.pointers.get(environment) != expected:
            raise BlueprintError(f"deployed/{environment} is not where it was", remedy="run again")
        self.pointers[environment] = sha
        self.moved.append(environment)
        if backwards:
            self.forced.append(environment)

    def record(self, environment: str, sha: str) -> None:
        self.records.append((environment, sha))

    def deploy(self, environment: str, sha: str) -> None:
        """As a run that ended well leaves it."""
        self.pointers[environment] = sha
        self.records.append((environment, sha))


@pytest.fixture
def ledger() -> FakeLedger:
    return FakeLedger()
