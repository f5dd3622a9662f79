"""Releases of tags."""

import re
from urllib.parse import unquote

from tests.fakes_github.exchange import Answer, Json, Request, invalid, not_found
from tests.fakes_github.routing import Repository, route
from tests.fakes_github.state import now


def _create(repository: Repository, request: Request, _: re.Match[str]) -> Answer:
    body = request.body
    tag = body.get("tag_name")
    if not tag:
        raise invalid("Release", "tag_name", "missing_field")
    if _find(repository, tag) is not None:
        raise invalid("Release", "tag_name", "already_exists")
    if repository.git.resolve(f"refs/tags/{tag}") is None:
        # GitHub makes the tag, on the default branch where none is named.
        target = body.get("target_commitish") or repository.default_branch
        sha = repository.git.resolve(f"{target}^{{commit}}")
        if sha is None:
            raise invalid("Release", "target_commitish", "invalid")
        repository.git.set(f"refs/tags/{tag}", sha)
    identifier = repository.state.next_id()
    release = {
        "id": identifier,
        "tag_name": tag,
        "target_commitish": body.get("target_commitish", repository.default_branch),
        "name": body.get("name"),
        "body": body.get("body"),
        "draft": body.get("draft", False),
        "prerelease": body.get("prerelease", False),
        "make_latest": body.get("make_latest", "true"),
        "author": request.author,
        "url": f"{request.repository_url}/releases/{identifier}",
        "html_url": request.html(f"/releases/tag/{tag}"),
        "created_at": now(),
    }
    repository.state.releases.append(release)
    return Answer(201, release)


def _by_tag(repository: Repository, _: Request, match: re.Match[str]) -> Answer:
    release = _find(repository, unquote(match[1]))
    if release is None or release["draft"]:
        raise not_found()
    return Answer(200, release)


def _update(repository: Repository, request: Request, match: re.Match[str]) -> Answer:
    for release in repository.state.releases:
        if release["id"] == int(match[1]):
            release |= {
                k: request.body[k] for k in ("name", "body", "prerelease") if k in request.body
            }
            return Answer(200, release)
    raise not_found()


def _find(repository: Repository, tag: str) -> Json | None:
    return next((r for r in repository.state.releases if r["tag_name"] == tag), None)


ROUTES = [
    route("POST", r"/releases", [{"contents": "write"}], _create),
    route("GET", r"/releases/tags/([^/]+)", [{"contents": "read"}], _by_tag),
    route("PATCH", r"/releases/(\d+)", [{"contents": "write"}], _update),
]
