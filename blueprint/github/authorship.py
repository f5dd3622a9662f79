"""Tells what this program wrote on GitHub from what somebody else wrote to look like it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from blueprint.github.client import Client


@dataclass(frozen=True)
class Authorship:
    """A text is ours when it starts with the hidden marker and we, the token's owner, wrote it.

    GitHub tells a person's token its login, and then only that login counts. It tells the token of
    a workflow or an app nothing; then the author has to be a bot, which no person can pose as.
    """

    client: Client

    def owns(self, entry: dict[str, Any], marker: str) -> bool:
        """Whether `entry`, a comment or an issue as GitHub lists it, is ours and carries `marker`."""
        if not str(entry.get("body") or "").startswith(marker):
            return False
        author = entry.get("user") or {}  # null once the account is deleted
        if self._login is not None:
            return bool(author.get("login") == self._login)
        return bool(author.get("type") == "Bot")

    @cached_property
    def _login(self) -> str | None:
        return self.client.login()
