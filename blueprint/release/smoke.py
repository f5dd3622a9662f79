"""Asks a deployed API the few questions whose answers say that it is alive, guarded and serving."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import requests

from blueprint.errors import BlueprintError

# A first request may have to start an environment of every function on its way.
_TIMEOUT_SECONDS = 30
_ATTEMPTS = 3


@dataclass(frozen=True)
class Check:
    """One question: what is asked, and what came back against what may."""

    name: str
    expected: tuple[int, ...]
    actual: int
    milliseconds: int

    @property
    def passed(self) -> bool:
        return self.actual in self.expected


def smoke(
    url: str, *, token: str | None, get: Callable[..., requests.Response] = requests.get
) -> list[Check]:
    """Run the checks against the API at `url` and return them; without `token` only what needs none.

    Raises BlueprintError when the API cannot be reached; whether a check passed is in it.
    """
    return list(_checks(url, token, get))


def require(checks: Sequence[Check]) -> None:
    """Raise BlueprintError with every check that did not pass."""
    if failed := [check for check in checks if not check.passed]:
        raise BlueprintError(
            "\n".join(
                f"smoke: {check.name}: expected {' or '.join(map(str, check.expected))}, got {check.actual}"
                for check in failed
            ),
            remedy="read the function's log: `aws logs tail /aws/lambda/<prefix>-api --since 5m`",
        )


def _checks(url: str, token: str | None, get: Callable[..., requests.Response]) -> Iterator[Check]:
    yield _ask("health is open", (200,), f"{url}/health", {}, get)
    yield _ask("no token is refused", (401,), f"{url}/items", {}, get)
    # The gateway's own authorizer answers 401; what a Lambda authorizer denies is 403.
    bad = {"Authorization": "Bearer not.a.token"}
    yield _ask("a bad token is refused", (401, 403), f"{url}/items", bad, get)
    if token is not None:
        good = {"Authorization": f"Bearer {token}"}
        yield _ask("a signed-in user sees the items", (200,), f"{url}/items", good, get)


def _ask(
    name: str,
    expected: tuple[int, ...],
    url: str,
    headers: dict[str, str],
    get: Callable[..., requests.Response],
) -> Check:
    for attempt in range(1, _ATTEMPTS + 1):
        started = time.monotonic()
        try:
            response = get(url, headers=headers, timeout=_TIMEOUT_SECONDS)
        except requests.RequestException as error:
            if attempt == _ATTEMPTS:
                raise BlueprintError(
                    f"smoke: {name}: {url} cannot be reached: {error}",
                    remedy="check that the stack is applied and, for `local`, that the embedded AWS runs",
                ) from error
            continue
        if response.status_code < 500 or attempt == _ATTEMPTS:
            break
        time.sleep(attempt)
    return Check(name, expected, response.status_code, int((time.monotonic() - started) * 1000))
