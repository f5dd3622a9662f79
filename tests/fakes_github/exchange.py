"""One request as a handler sees it, and the answer it gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

Json = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """`path` is below the repository, for instance /issues/3/comments; `base` the server's address."""

    method: str
    path: str
    query: Mapping[str, str]
    body: Json
    base: str
    repository: str
    author: Json

    @property
    def repository_url(self) -> str:
        return f"{self.base}/repos/{self.repository}"

    def html(self, path: str) -> str:
        """The page a person would open."""
        return f"https://github.com/{self.repository}{path}"


@dataclass(frozen=True)
class Answer:
    status: int
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)


class RefusedError(Exception):
    """Ends the handling of a request with an answer that is not a success."""

    def __init__(self, status: int, message: str, **more: object) -> None:
        super().__init__(message)
        self.answer = Answer(
            status,
            {
                "message": message,
                **more,
                "documentation_url": "https://docs.github.com/rest",
                "status": str(status),
            },
        )


def not_found() -> RefusedError:
    return RefusedError(404, "Not Found")


def invalid(resource: str, field_name: str, code: str, message: str = "") -> RefusedError:
    """GitHub's 422 for a field it does not take."""
    error = {"resource": resource, "field": field_name, "code": code}
    return RefusedError(
        422, "Validation Failed", errors=[{**error, "message": message} if message else error]
    )


def page(request: Request, entries: list[Json]) -> Answer:
    """One page of `entries`, with the Link header that leads to the others."""
    size = _number(request.query.get("per_page"), default=30, most=100)
    current = _number(request.query.get("page"), default=1, most=10**9)
    last = max(1, -(-len(entries) // size))
    targets: dict[str, int] = {}
    if current > 1:
        targets |= {"prev": min(current - 1, last), "first": 1}
    if current < last:
        targets |= {"next": current + 1, "last": last}
    links = ", ".join(
        f'<{_page_url(request, number)}>; rel="{relation}"' for relation, number in targets.items()
    )
    start = (current - 1) * size
    return Answer(200, entries[start : start + size], {"Link": links} if links else {})


def _page_url(request: Request, number: int) -> str:
    query = urlencode({**request.query, "page": str(number)})
    return f"{request.repository_url}{request.path}?{query}"


def _number(text: str | None, *, default: int, most: int) -> int:
    return min(int(text), most) if text and text.isdigit() and int(text) > 0 else default
