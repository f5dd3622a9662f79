"""Answers a request from the state: who asks, may they, and which handler it is for."""

import json
import re
import time
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from tests.fakes_github import (
    deployments,
    environments,
    git_refs,
    issues,
    permissions,
    pulls,
    releases,
    statuses,
)
from tests.fakes_github.exchange import Answer, Json, RefusedError, Request, not_found
from tests.fakes_github.permissions import Token
from tests.fakes_github.routing import Repository

_ROUTES = [
    *issues.ROUTES,
    *pulls.ROUTES,
    *git_refs.ROUTES,
    *deployments.ROUTES,
    *releases.ROUTES,
    *statuses.ROUTES,
    *environments.ROUTES,
]
_VERSIONS = {"2022-11-28", "2026-03-10"}
_LIMIT = 5000


def answer(
    repository: Repository,
    name: str,
    method: str,
    target: str,
    headers: Mapping[str, str],
    content: bytes,
    base: str,
) -> Answer:
    """GitHub's answer for the repository `name` to the request, whose header names are in lower case."""
    try:
        return _answer(repository, name, method, target, headers, content, base)
    except RefusedError as refusal:
        return refusal.answer


def rate_limit_headers(used: int) -> dict[str, str]:
    """What GitHub adds to every answer."""
    return {
        "X-RateLimit-Limit": str(_LIMIT),
        "X-RateLimit-Remaining": str(max(1, _LIMIT - used)),
        "X-RateLimit-Used": str(used),
        "X-RateLimit-Reset": str(int(time.time()) + 3600),
        "X-RateLimit-Resource": "core",
    }


def _answer(
    repository: Repository,
    name: str,
    method: str,
    target: str,
    headers: Mapping[str, str],
    content: bytes,
    base: str,
) -> Answer:
    if not headers.get("user-agent"):
        raise RefusedError(
            403, "Request forbidden by administrative rules. Please add a User-Agent"
        )
    if headers.get("x-github-api-version", "2022-11-28") not in _VERSIONS:
        raise RefusedError(400, "This is not a supported version of the API")
    token = _token(repository, headers)
    parts = urlsplit(target)
    if parts.path == "/user":
        if token.kind == "Bot":
            raise RefusedError(403, "Resource not accessible by integration")
        return Answer(200, _author(token))
    prefix = f"/repos/{name}/"
    if not parts.path.lower().startswith(prefix.lower()):
        raise not_found()
    request = Request(
        method=method,
        path=parts.path[len(prefix) - 1 :],
        query=dict(parse_qsl(parts.query, keep_blank_values=True)),
        body=_body(content),
        base=base,
        repository=name,
        author=_author(token),
    )
    for route in _ROUTES:
        match = route.path.fullmatch(request.path)
        if match and route.method == method:
            needs = route.needs(repository, match) if callable(route.needs) else route.needs
            permissions.require(token, needs)
            return route.handler(repository, request, match)
    raise not_found()


def _token(repository: Repository, headers: Mapping[str, str]) -> Token:
    given = re.fullmatch(r"(?:Bearer|token) (\S+)", headers.get("authorization", ""))
    if given is None:
        raise not_found()  # a private repository does not exist for a stranger
    known = repository.state.tokens.get(given[1])
    if known is None:
        raise RefusedError(401, "Bad credentials")
    return Token(**known)


def _author(token: Token) -> Json:
    return {"login": token.login, "type": token.kind}


def _body(content: bytes) -> Json:
    if not content:
        return {}
    try:
        decoded = json.loads(content)
    except ValueError:
        raise RefusedError(400, "Problems parsing JSON") from None
    if not isinstance(decoded, dict):
        raise RefusedError(400, "Body should be a JSON object")
    return decoded
