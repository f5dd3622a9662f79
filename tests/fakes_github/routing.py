"""Which handler answers which request, and what a token needs for it."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.fakes_github.exchange import Answer, Request
from tests.fakes_github.git import Git
from tests.fakes_github.permissions import Alternatives
from tests.fakes_github.state import State


@dataclass(frozen=True)
class Repository:
    """What handlers work on."""

    state: State
    git: Git
    default_branch: str = "main"


Handler = Callable[[Repository, Request, re.Match[str]], Answer]
# Some permissions depend on what the request is about.
Needs = Alternatives | Callable[[Repository, re.Match[str]], Alternatives]


@dataclass(frozen=True)
class Route:
    method: str
    path: re.Pattern[str]
    needs: Needs
    handler: Handler


def route(method: str, path: str, needs: Needs, handler: Handler) -> Route:
    return Route(method, re.compile(path), needs, handler)
