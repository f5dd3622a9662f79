"""The facts of the event are read once, and whatever is missing or wrong is named."""

import json
from pathlib import Path
from typing import Any

import pytest

from blueprint.errors import UsageError
from blueprint.github.event import from_environment, run_url

MERGE, HEAD, BASE = "a" * 40, "b" * 40, "c" * 40

PUSH = {
    "GITHUB_REPOSITORY": "acme/orders",
    "GITHUB_SHA": MERGE,
    "GITHUB_REF": "refs/heads/main",
    "GITHUB_EVENT_NAME": "push",
    "GITHUB_RUN_ID": "77",
    "GITHUB_SERVER_URL": "https://github.com",
}


def pull_request(tmp_path: Path, *, repo: Any, **changes: Any) -> dict[str, str]:
    pull = {
        "number": 12,
        "head": {"sha": HEAD, "repo": repo},
        "base": {"sha": BASE, "repo": {"full_name": "acme/orders"}},
        **changes,
    }
    return with_payload(tmp_path, "pull_request", {"pull_request": pull})


def with_payload(tmp_path: Path, name: str, payload: Any) -> dict[str, str]:
    file = tmp_path / "event.json"
    file.write_text(json.dumps(payload))
    return {**PUSH, "GITHUB_EVENT_NAME": name, "GITHUB_EVENT_PATH": str(file)}


def test_a_push_needs_no_payload() -> None:
    event = from_environment(PUSH)

    assert (event.repository, event.sha, event.ref, event.name) == (
        "acme/orders",
        MERGE,
        "refs/heads/main",
        "push",
    )
    assert event.pull_request is None
    assert not event.fork
    assert not event.merge_group
    assert event.run_url == "https://github.com/acme/orders/actions/runs/77"


def test_a_pull_request_of_the_repository_itself_is_trusted(tmp_path: Path) -> None:
    event = from_environment(pull_request(tmp_path, repo={"full_name": "Acme/Orders"}))

    assert (event.pull_request, event.head_sha, event.base_sha) == (12, HEAD, BASE)
    assert event.head_repository == "Acme/Orders"
    assert not event.fork


@pytest.mark.parametrize(
    "repo", [{"full_name": "mallory/orders"}, None], ids=["a fork", "a fork gone"]
)
def test_a_pull_request_from_elsewhere_is_a_fork(tmp_path: Path, repo: Any) -> None:
    assert from_environment(pull_request(tmp_path, repo=repo)).fork


def test_a_merge_group_has_its_commits_and_no_pull_request(tmp_path: Path) -> None:
    group = {"head_sha": HEAD, "base_sha": BASE}

    event = from_environment(with_payload(tmp_path, "merge_group", {"merge_group": group}))

    assert event.merge_group
    assert event.pull_request is None
    assert (event.head_sha, event.base_sha) == (HEAD, BASE)


def test_a_run_that_was_run_again_links_to_its_present_attempt() -> None:
    env = {**PUSH, "GITHUB_RUN_ATTEMPT": "3"}

    assert run_url(env) == "https://github.com/acme/orders/actions/runs/77/attempts/3"


def test_outside_a_run_there_is_no_link() -> None:
    assert run_url({}) is None


@pytest.mark.parametrize(
    "variable", ["GITHUB_REPOSITORY", "GITHUB_SHA", "GITHUB_REF", "GITHUB_EVENT_NAME"]
)
def test_a_missing_variable_is_named(variable: str) -> None:
    with pytest.raises(UsageError, match=f"{variable} is not set"):
        from_environment({**PUSH, variable: ""})


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("GITHUB_SHA", "main", "GITHUB_SHA is not a commit: main"),
        ("GITHUB_SHA", "A" * 40, "GITHUB_SHA is not a commit"),
        ("GITHUB_REF", "main", "GITHUB_REF is not a full ref: main"),
        ("GITHUB_REPOSITORY", "acme/orders/x", "GITHUB_REPOSITORY is not owner/name"),
        ("GITHUB_RUN_ID", "7x", "GITHUB_RUN_ID is not a number: 7x"),
    ],
)
def test_a_wrong_variable_is_named(variable: str, value: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        from_environment({**PUSH, variable: value})


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        ({}, "pull_request is missing"),
        ([], "the event is missing"),
        ({"pull_request": {"number": "12"}}, r"pull_request\.number is missing"),
        ({"pull_request": {"number": 12, "head": None}}, "head is missing"),
        (
            {"pull_request": {"number": 12, "head": {"sha": "x"}, "base": {"sha": BASE}}},
            r"pull_request\.head\.sha in GITHUB_EVENT_PATH is not a commit: x",
        ),
    ],
)
def test_a_payload_of_another_form_is_refused(tmp_path: Path, payload: Any, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        from_environment(with_payload(tmp_path, "pull_request", payload))


def test_a_payload_that_is_missing_or_cut_off_is_named(tmp_path: Path) -> None:
    env = {**PUSH, "GITHUB_EVENT_NAME": "pull_request"}
    with pytest.raises(UsageError, match="GITHUB_EVENT_PATH is not set"):
        from_environment(env)

    env["GITHUB_EVENT_PATH"] = str(tmp_path / "event.json")
    with pytest.raises(UsageError, match=r"GITHUB_EVENT_PATH cannot be read: .*No such file"):
        from_environment(env)

    (tmp_path / "event.json").write_text('{"pull_request": {"num')
    with pytest.raises(UsageError, match="GITHUB_EVENT_PATH is not JSON"):
        from_environment(env)
