"""Deployments and their statuses."""

import re

from tests.fakes_github.exchange import (
    Answer,
    Json,
    RefusedError,
    Request,
    invalid,
    not_found,
    page,
)
from tests.fakes_github.routing import Repository, route
from tests.fakes_github.state import now

_STATES = {"error", "failure", "inactive", "in_progress", "queued", "pending", "success"}
_FILTERS = ("sha", "ref", "task", "environment")


def _list(repository: Repository, request: Request, _: re.Match[str]) -> Answer:
    filters = {key: request.query[key] for key in _FILTERS if key in request.query}
    found = [
        deployment
        for deployment in reversed(repository.state.deployments)
        if all(deployment[key] == value for key, value in filters.items())
    ]
    return page(request, found)


def _create(repository: Repository, request: Request, _: re.Match[str]) -> Answer:
    body = request.body
    ref = body.get("ref")
    if not ref:
        raise invalid("Deployment", "ref", "missing_field")
    sha = repository.git.resolve(f"{ref}^{{commit}}")
    if sha is None:
        raise RefusedError(422, f"No ref found for: {ref}")
    main = repository.git.resolve(f"refs/heads/{repository.default_branch}")
    if body.get("auto_merge", True) and main and not repository.git.is_ancestor(main, sha):
        raise RefusedError(409, f"Conflict merging {repository.default_branch} into {ref}.")
    _check_contexts(repository, sha, ref, body.get("required_contexts"))
    return Answer(201, new_deployment(repository, request, sha))


def new_deployment(repository: Repository, request: Request, sha: str) -> Json:
    """Add a deployment of `sha` with the request's fields to the state."""
    body, identifier = request.body, repository.state.next_id()
    environment = body.get("environment", "production")
    deployment = {
        "id": identifier,
        "sha": sha,
        "ref": body["ref"],
        "task": body.get("task", "deploy"),
        "environment": environment,
        "original_environment": environment,
        "description": body.get("description"),
        "payload": body.get("payload", {}),
        "creator": request.author,
        "transient_environment": body.get("transient_environment", False),
        "production_environment": body.get("production_environment", environment == "production"),
        "url": f"{request.repository_url}/deployments/{identifier}",
        "statuses_url": f"{request.repository_url}/deployments/{identifier}/statuses",
        "created_at": now(),
        "updated_at": now(),
    }
    repository.state.deployments.append(deployment)
    return deployment


def _check_contexts(repository: Repository, sha: str, ref: str, required: list[str] | None) -> None:
    latest = {s["context"]: s["state"] for s in repository.state.statuses if s["sha"] == sha}
    names = latest.keys() if required is None else required
    failing = sorted(name for name in names if latest.get(name) != "success")
    if failing:
        errors = [{"contexts": failing, "resource": "Deployment", "field": "required_contexts"}]
        raise RefusedError(409, f"Conflict: Commit status checks failed for {ref}.", errors=errors)


def _list_statuses(repository: Repository, request: Request, match: re.Match[str]) -> Answer:
    url = _deployment(repository, match)["url"]
    found = [s for s in repository.state.deployment_statuses if s["deployment_url"] == url]
    return page(request, found[::-1])


def _create_status(repository: Repository, request: Request, match: re.Match[str]) -> Answer:
    deployment, body = _deployment(repository, match), request.body
    if body.get("state") not in _STATES:
        raise invalid("DeploymentStatus", "state", "invalid")
    if body["state"] == "success" and body.get("auto_inactive", True):
        return Answer(201, succeed(repository, request, deployment))
    return Answer(201, _new_status(repository, request, deployment))


def succeed(repository: Repository, request: Request, deployment: Json) -> Json:
    """Make `deployment` a success and the environment's earlier ones inactive."""
    status = _new_status(repository, request, deployment, "success")
    _make_others_inactive(repository, request, deployment)
    return status


def _new_status(
    repository: Repository, request: Request, deployment: Json, state: str | None = None
) -> Json:
    identifier = repository.state.next_id()
    status = {
        "id": identifier,
        "state": state or request.body["state"],
        "environment": request.body.get("environment", deployment["environment"]),
        "description": request.body.get("description", ""),
        "log_url": request.body.get("log_url", ""),
        "environment_url": request.body.get("environment_url", ""),
        "creator": request.author,
        "deployment_url": deployment["url"],
        "url": f"{deployment['statuses_url']}/{identifier}",
        "created_at": now(),
        "updated_at": now(),
    }
    repository.state.deployment_statuses.append(status)
    return status


def _make_others_inactive(repository: Repository, request: Request, current: Json) -> None:
    """As GitHub does with the earlier deployments of an environment that is not production."""
    for earlier in repository.state.deployments:
        if (
            earlier["environment"] == current["environment"]
            and earlier["id"] < current["id"]
            and not earlier["transient_environment"]
            and not earlier["production_environment"]
            and _latest_state(repository, earlier) != "inactive"
        ):
            _new_status(repository, request, earlier, "inactive")


def _latest_state(repository: Repository, deployment: Json) -> str | None:
    states = [
        status["state"]
        for status in repository.state.deployment_statuses
        if status["deployment_url"] == deployment["url"]
    ]
    return states[-1] if states else None


def _deployment(repository: Repository, match: re.Match[str]) -> Json:
    for deployment in repository.state.deployments:
        if deployment["id"] == int(match[1]):
            return deployment
    raise not_found()


_READ, _WRITE = [{"deployments": "read"}], [{"deployments": "write"}]

ROUTES = [
    route("GET", r"/deployments", _READ, _list),
    route("POST", r"/deployments", _WRITE, _create),
    route("GET", r"/deployments/(\d+)/statuses", _READ, _list_statuses),
    route("POST", r"/deployments/(\d+)/statuses", _WRITE, _create_status),
]
