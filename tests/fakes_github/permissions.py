"""What a token may do, in GitHub's words, and the refusal of what it may not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.fakes_github.exchange import Answer, RefusedError

_LEVELS = ("none", "read", "write")

# Each alternative is a set of permissions that together suffice.
Alternatives = Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Token:
    """A token and its owner. Without `permissions` it may do everything."""

    login: str = "github-actions[bot]"
    kind: str = "Bot"
    permissions: Mapping[str, str] | None = None

    def allows(self, alternatives: Alternatives) -> bool:
        if self.permissions is None:
            return True
        # Workflows spell pull-requests what the API spells pull_requests.
        held = {name.replace("-", "_"): level for name, level in self.permissions.items()}
        return any(
            all(_rank(held.get(name, "none")) >= _rank(level) for name, level in needed.items())
            for needed in alternatives
        )


def require(token: Token, alternatives: Alternatives) -> None:
    """Raise GitHub's 403 when `token` holds none of the `alternatives`."""
    if token.allows(alternatives):
        return
    holder = "integration" if token.kind == "Bot" else "personal access token"
    refusal = RefusedError(403, f"Resource not accessible by {holder}")
    header = "; ".join(
        ",".join(f"{name}={level}" for name, level in needed.items()) for needed in alternatives
    )
    refusal.answer = Answer(403, refusal.answer.body, {"X-Accepted-GitHub-Permissions": header})
    raise refusal


def _rank(level: str) -> int:
    return _LEVELS.index(level)
