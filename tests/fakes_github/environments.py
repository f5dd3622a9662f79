"""Environments and the rules that protect them."""

import re
from urllib.parse import unquote

from tests.fakes_github.exchange import Answer, Request, not_found
from tests.fakes_github.routing import Repository, route


def _get(repository: Repository, _: Request, match: re.Match[str]) -> Answer:
    environment = repository.state.environments.get(unquote(match[1]))
    if environment is None:
        raise not_found()
    return Answer(200, environment)


ROUTES = [route("GET", r"/environments/([^/]+)", [{"actions": "read"}], _get)]
