"""Statuses of commits."""

import re

from tests.fakes_github.exchange import Answer, RefusedError, Request, invalid, page
from tests.fakes_github.routing import Repository, route
from tests.fakes_github.state import now


def _create(repository: Repository, request: Request, match: re.Match[str]) -> Answer:
    sha = match[1]
    if repository.git.kind(sha) != "commit":
        raise RefusedError(422, f"No commit found for SHA: {sha}")
    if request.body.get("state") not in {"error", "failure", "pending", "success"}:
        raise invalid("Status", "state", "invalid")
    status = {
        "id": repository.state.next_id(),
        "sha": sha,
        "state": request.body["state"],
        "context": request.body.get("context", "default"),
        "description": request.body.get("description"),
        "target_url": request.body.get("target_url"),
        "creator": request.author,
        "created_at": now(),
        "updated_at": now(),
    }
    repository.state.statuses.append(status)
    return Answer(201, status)


def _list(repository: Repository, request: Request, match: re.Match[str]) -> Answer:
    sha = repository.git.resolve(f"{match[1]}^{{commit}}")
    found = [status for status in repository.state.statuses if status["sha"] == sha]
    return page(request, found[::-1])


ROUTES = [
    route("POST", r"/statuses/([0-9a-f]{40})", [{"statuses": "write"}], _create),
    route("GET", r"/commits/(.+)/statuses", [{"statuses": "read"}], _list),
]
