"""References, which are those of the real git repository behind the fake."""

import re

from tests.fakes_github.exchange import Answer, Json, RefusedError, Request, not_found
from tests.fakes_github.routing import Repository, route

_SHA = re.compile(r"[0-9a-f]{40}")


def _get(repository: Repository, request: Request, match: re.Match[str]) -> Answer:
    sha = repository.git.resolve(f"refs/{match[1]}")
    if sha is None:
        raise not_found()
    return Answer(200, _ref(repository, request, f"refs/{match[1]}", sha))


def _create(repository: Repository, request: Request, _: re.Match[str]) -> Answer:
    ref, sha = str(request.body.get("ref", "")), str(request.body.get("sha", ""))
    if not ref.startswith("refs/") or ref.count("/") < 2:
        raise RefusedError(
            422, "Reference name must start with 'refs/' and have at least two slashes"
        )
    if repository.git.resolve(ref) is not None:
        raise RefusedError(422, "Reference already exists")
    _check_object(repository, sha)
    _set(repository, ref, sha)
    return Answer(201, _ref(repository, request, ref, sha))


def _update(repository: Repository, request: Request, match: re.Match[str]) -> Answer:
    ref, sha = f"refs/{match[1]}", str(request.body.get("sha", ""))
    present = repository.git.resolve(ref)
    if present is None:
        raise RefusedError(422, "Reference does not exist")
    _check_object(repository, sha)
    if not request.body.get("force", False) and not repository.git.is_ancestor(present, sha):
        raise RefusedError(422, "Update is not a fast forward")
    _set(repository, ref, sha)
    return Answer(200, _ref(repository, request, ref, sha))


def _check_object(repository: Repository, sha: str) -> None:
    if not _SHA.fullmatch(sha):
        raise RefusedError(
            422, "The sha parameter must be exactly 40 characters and contain only [0-9a-f]."
        )
    if repository.git.kind(sha) is None:
        raise RefusedError(422, "Object does not exist")


def _set(repository: Repository, ref: str, sha: str) -> None:
    if not repository.git.set(ref, sha):
        raise RefusedError(422, "Reference update failed")


def _ref(repository: Repository, request: Request, ref: str, sha: str) -> Json:
    kind = repository.git.kind(sha)
    return {
        "ref": ref,
        "url": f"{request.repository_url}/git/{ref}",
        "object": {"sha": sha, "type": kind, "url": f"{request.repository_url}/git/{kind}s/{sha}"},
    }


ROUTES = [
    route("GET", r"/git/ref/((?:heads|tags)/.+)", [{"contents": "read"}], _get),
    route("POST", r"/git/refs", [{"contents": "write"}], _create),
    route("PATCH", r"/git/refs/((?:heads|tags)/.+)", [{"contents": "write"}], _update),
]
