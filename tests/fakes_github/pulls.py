"""Pull requests, as far as they are read."""

import re

from tests.fakes_github.exchange import Answer, Json, Request, not_found, page
from tests.fakes_github.routing import Repository, route


def _list(repository: Repository, request: Request, _: re.Match[str]) -> Answer:
    wanted = request.query.get("state", "open")
    found = [as_json(repository, pull) for pull in reversed(repository.state.pulls)]
    return page(request, [pull for pull in found if wanted in {pull["state"], "all"}])


def _get(repository: Repository, _: Request, match: re.Match[str]) -> Answer:
    for pull in repository.state.pulls:
        if pull["number"] == int(match[1]):
            return Answer(200, as_json(repository, pull))
    raise not_found()


def as_json(repository: Repository, pull: Json) -> Json:
    """A pull request has its state, labels, title and author from the issue it also is."""
    issue = repository.state.issue(pull["number"])
    assert issue is not None, "every pull request is an issue"
    shared = ("title", "body", "state", "labels", "user", "created_at", "updated_at", "closed_at")
    return {**{key: issue[key] for key in shared}, **pull}


ROUTES = [
    route("GET", r"/pulls", [{"pull_requests": "read"}], _list),
    route("GET", r"/pulls/(\d+)", [{"pull_requests": "read"}], _get),
]
