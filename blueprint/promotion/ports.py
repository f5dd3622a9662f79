"""What promotion needs of the place where deployments are recorded."""

from collections.abc import Sequence
from typing import Protocol


class Converged(Protocol):
    """Where every environment is, and what it has been."""

    def pointer(self, environment: str) -> str | None:
        """The commit wholly deployed to `environment`; None where nothing ever was."""

    def converged(self, environment: str, sha: str) -> bool:
        """Whether `environment` was ever wholly brought to the commit `sha`."""


class History(Converged, Protocol):
    """The same, with the order in which it came about."""

    def history(self, environment: str) -> Sequence[str]:
        """Commits that `environment` has converged at, the last one first, each once."""


class Ledger(History, Protocol):
    """The same, to be written."""

    def move_pointer(
        self, environment: str, sha: str, *, expected: str | None, backwards: bool
    ) -> None:
        """Move the pointer to `sha` (None: make it); BlueprintError when it is no longer at `expected`."""

    def record(self, environment: str, sha: str) -> None:
        """Record that `environment` has converged at `sha`; saying it again in a row changes nothing."""
