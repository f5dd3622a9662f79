"""The facts of the event a workflow runs for, read from the runner's environment once."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from blueprint.errors import UsageError

_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)
_SHA = re.compile(r"[0-9a-f]{40}")
_PULL_REQUEST_EVENTS = frozenset({"pull_request", "pull_request_target"})
_OUTSIDE = "this runs in a GitHub Actions workflow; elsewhere set the variable by hand"


@dataclass(frozen=True)
class Event:
    """What happened in the repository, and which run of the workflow looks at it.

    sha              the commit checked out; of a pull request the merge GitHub tried
    pull_request     its number, for the events that carry one
    head_repository  where the pull request's commits come from; None when that fork is gone
    head_sha         the pull request's or the merge group's own newest commit
    fork             the commits come from another repository: nothing of theirs is trusted
    merge_group      the commit is a merge queue's
    run_url          the page of this run, None outside a run
    """

    repository: str
    sha: str
    ref: str
    name: str
    pull_request: int | None = None
    head_repository: str | None = None
    head_sha: str | None = None
    base_sha: str | None = None
    fork: bool = False
    merge_group: bool = False
    run_url: str | None = None


def from_environment(env: Mapping[str, str]) -> Event:
    """The event of this run. Raises UsageError naming the variable that is missing or wrong."""
    repository = repository_of(env)
    name = _required(env, "GITHUB_EVENT_NAME")
    ref = _required(env, "GITHUB_REF")
    if not ref.startswith("refs/"):
        raise UsageError(f"GITHUB_REF is not a full ref: {ref}", remedy="it starts with refs/")
    event = Event(
        repository=repository,
        sha=_sha(_required(env, "GITHUB_SHA"), "GITHUB_SHA"),
        ref=ref,
        name=name,
        run_url=run_url(env),
    )
    if name in _PULL_REQUEST_EVENTS:
        return _of_pull_request(event, _payload(env))
    if name == "merge_group":
        return _of_merge_group(event, _payload(env))
    return event


def repository_of(env: Mapping[str, str]) -> str:
    """GITHUB_REPOSITORY, checked to be `owner/name`."""
    repository = _required(env, "GITHUB_REPOSITORY")
    if not _REPOSITORY.fullmatch(repository):
        raise UsageError(
            f"GITHUB_REPOSITORY is not owner/name: {repository}", remedy="set it to owner/name"
        )
    return repository


def run_url(env: Mapping[str, str]) -> str | None:
    """The page of this run, or of its present attempt when it was run again; None outside a run."""
    run = env.get("GITHUB_RUN_ID")
    if not run:
        return None
    if not run.isdigit():
        raise UsageError(f"GITHUB_RUN_ID is not a number: {run}", remedy=_OUTSIDE)
    server = env.get("GITHUB_SERVER_URL") or "https://github.com"
    page = f"{server.rstrip('/')}/{repository_of(env)}/actions/runs/{run}"
    attempt = env.get("GITHUB_RUN_ATTEMPT", "1")
    return page if attempt == "1" else f"{page}/attempts/{attempt}"


def _of_pull_request(event: Event, payload: Mapping[str, Any]) -> Event:
    pull = _table(payload, "pull_request")
    number = pull.get("number")
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise _malformed("pull_request.number")
    head, base = _table(pull, "head"), _table(pull, "base")
    repository = head.get("repo")  # null once the fork is deleted
    origin = repository.get("full_name") if isinstance(repository, dict) else None
    return replace(
        event,
        pull_request=number,
        head_repository=origin,
        head_sha=_sha(head.get("sha"), "pull_request.head.sha in GITHUB_EVENT_PATH"),
        base_sha=_sha(base.get("sha"), "pull_request.base.sha in GITHUB_EVENT_PATH"),
        # GitHub's names are the same in any case of letters.
        fork=origin is None or origin.lower() != event.repository.lower(),
    )


def _of_merge_group(event: Event, payload: Mapping[str, Any]) -> Event:
    group = _table(payload, "merge_group")
    return replace(
        event,
        head_repository=event.repository,
        head_sha=_sha(group.get("head_sha"), "merge_group.head_sha in GITHUB_EVENT_PATH"),
        base_sha=_sha(group.get("base_sha"), "merge_group.base_sha in GITHUB_EVENT_PATH"),
        merge_group=True,
    )


def _payload(env: Mapping[str, str]) -> Mapping[str, Any]:
    path = Path(_required(env, "GITHUB_EVENT_PATH"))
    try:
        payload = json.loads(path.read_text())
    except OSError as error:
        raise UsageError(
            f"GITHUB_EVENT_PATH cannot be read: {path}: {error.strerror}", remedy=_OUTSIDE
        ) from error
    except ValueError as error:
        raise UsageError(
            f"GITHUB_EVENT_PATH is not JSON: {path}: {error}", remedy="run the workflow again"
        ) from error
    if not isinstance(payload, dict):
        raise _malformed("the event")
    return payload


def _table(payload: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = payload.get(key)
    if not isinstance(value, dict):
        raise _malformed(key)
    return value


def _malformed(field: str) -> UsageError:
    return UsageError(
        f"GITHUB_EVENT_PATH: {field} is missing or of another form",
        remedy="the file must hold the payload of the event GITHUB_EVENT_NAME names",
    )


def _required(env: Mapping[str, str], variable: str) -> str:
    value = env.get(variable, "").strip()
    if not value:
        raise UsageError(f"{variable} is not set", remedy=_OUTSIDE)
    return value


def _sha(value: object, source: str) -> str:
    if not isinstance(value, str) or not _SHA.fullmatch(value):
        raise UsageError(f"{source} is not a commit: {value}", remedy="it is 40 hexadecimal digits")
    return value
