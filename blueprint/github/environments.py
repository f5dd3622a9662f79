"""What GitHub knows of the environments: the commit each is deployed at, and those it converged to."""

from blueprint.github import deployments, refs
from blueprint.github.client import Client


class Environments:
    """The deployed pointers and convergence records of the client's repository: promotion's ledger."""

    def __init__(self, client: Client, *, run_url: str | None = None) -> None:
        self._client = client
        self._run_url = run_url

    def pointer(self, environment: str) -> str | None:
        """The commit `environment` is wholly converged at, None before the first deployment."""
        return refs.get(self._client, _ref(environment))

    def converged(self, environment: str, sha: str) -> bool:
        """Whether `environment` was ever recorded as converged at the commit `sha`."""
        return deployments.converged(self._client, environment, sha)

    def history(self, environment: str) -> list[str]:
        """Commits `environment` has converged at, the last one first, each once."""
        return deployments.history(self._client, environment)

    def move_pointer(
        self, environment: str, sha: str, *, expected: str | None, backwards: bool
    ) -> None:
        """Move the pointer from `expected` (None: make it) to `sha`.

        Raises BlueprintError when another run moved it meanwhile, or when GitHub finds that the
        move is not forwards and `backwards` was not meant.
        """
        refs.move(self._client, _ref(environment), to=sha, expected=expected, force=backwards)

    def record(self, environment: str, sha: str) -> None:
        """Record that `environment` has converged at `sha`; saying it again in a row changes nothing."""
        deployments.record(self._client, environment, sha, run_url=self._run_url)


def _ref(environment: str) -> str:
    return f"heads/deployed/{environment}"
