"""What can go wrong between a client and GitHub, made to happen on purpose."""

import re
import time
from dataclasses import dataclass, field

from tests.fakes_github.exchange import Answer


@dataclass(frozen=True)
class Fault:
    """One spoilt answer; None drops the connection. With `carried_out` the request takes effect first."""

    answer: Answer | None
    carried_out: bool = False


def status(
    code: int,
    message: str = "",
    *,
    carried_out: bool = False,
    headers: dict[str, str] | None = None,
) -> Fault:
    """An answer with this status, instead of the real one."""
    return Fault(
        Answer(code, {"message": message or f"Injected {code}"}, headers or {}), carried_out
    )


def limited(*, resets_in: float) -> Fault:
    """The primary rate limit is used up for that many seconds."""
    return status(
        403,
        "API rate limit exceeded for installation ID 1.",
        headers={
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Reset": str(int(time.time() + resets_in)),
        },
    )


def secondary_limit(*, retry_after: int | None = None, code: int = 403) -> Fault:
    """The limit on too many calls at once, which need not say for how long."""
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return status(
        code,
        "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
        headers=headers,
    )


def dropped(*, carried_out: bool = False) -> Fault:
    """The connection ends without an answer."""
    return Fault(None, carried_out)


@dataclass
class Faults:
    """The faults still to come, each for the next request that matches."""

    _pending: list[tuple[str, re.Pattern[str], Fault]] = field(default_factory=list)

    def add(self, method: str, path: str, *faults: Fault) -> None:
        """Spoil the next answers to `method` on paths that match the expression `path`, in order."""
        self._pending += [(method, re.compile(path), fault) for fault in faults]

    def take(self, method: str, path: str) -> Fault | None:
        for index, (wanted, expression, fault) in enumerate(self._pending):
            if wanted == method and expression.search(path):
                del self._pending[index]
                return fault
        return None
