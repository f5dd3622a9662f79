"""Which of GitHub's tokens get which role: the whole table, and that no condition of a trust policy is idle."""

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from tests.bootstrap_template import Rendered
from tests.environments import ENVIRONMENTS
from tests.trust_policy import allows, claims

MAIN = "refs/heads/main"
PULL = "refs/pull/12/merge"
QUEUE = "refs/heads/gh-readonly-queue/main/pr-12-6dcb09b5b57875f334f61aebed695e2e4193db5e"
RC = "refs/tags/v1.2.0-rc.1"
RELEASE = "refs/tags/v1.2.0"


@dataclass(frozen=True)
class Token:
    """A job's token, and the roles (`<environment> <kind>`) it is meant to get."""

    title: str
    claims: dict[str, str]
    roles: frozenset[str]


def token(title: str, *roles: str, **given: Any) -> Token:
    return Token(title, claims(**given), frozenset(roles))


def in_both_forms(title: str, *roles: str, **given: Any) -> list[Token]:
    """The token of a repository from before July 2026 and of one made since."""
    return [
        token(f"{title}, old subject", *roles, immutable=False, **given),
        token(f"{title}, immutable subject", *roles, immutable=True, **given),
    ]


EVERY_PLAN = ("dev plan", "staging plan", "prod plan")

PLAN_JOBS = [
    *in_both_forms(
        "plan of a pull request", *EVERY_PLAN, event="pull_request", ref=PULL, workflow="pr.yml"
    ),
    *in_both_forms(
        "plan in the merge queue", *EVERY_PLAN, event="merge_group", ref=QUEUE, workflow="pr.yml"
    ),
    *in_both_forms("plan after the merge", *EVERY_PLAN, workflow="apply.yml"),
    *in_both_forms("plan on dispatch", *EVERY_PLAN, event="workflow_dispatch"),
    *in_both_forms("drift on schedule", *EVERY_PLAN, event="schedule", workflow="drift.yml"),
    *in_both_forms("load test", *EVERY_PLAN, event="workflow_dispatch", workflow="load-test.yml"),
    *in_both_forms("plan of a release candidate", "staging plan", ref=RC),
    *in_both_forms("plan of a release", "prod plan", ref=RELEASE),
]
APPLY_JOBS = [
    *in_both_forms("apply of main to dev", "dev apply", environment="dev"),
    *in_both_forms(
        "apply to staging on dispatch",
        "staging apply",
        event="workflow_dispatch",
        environment="staging",
    ),
    *in_both_forms("rollback of prod", "prod apply", event="workflow_dispatch", environment="prod"),
    *in_both_forms("apply of a release candidate", "staging apply", ref=RC, environment="staging"),
    *in_both_forms("apply of a release", "prod apply", ref=RELEASE, environment="prod"),
    *in_both_forms(
        "removal of components in dev",
        "dev apply",
        workflow="destroy.yml",
        environment="dev-destroy",
    ),
    *in_both_forms(
        "removal on dispatch in staging",
        "staging apply",
        event="workflow_dispatch",
        workflow="destroy.yml",
        environment="staging-destroy",
    ),
    *in_both_forms(
        "removal with a release candidate",
        "staging apply",
        ref=RC,
        workflow="destroy.yml",
        environment="staging-destroy",
    ),
    *in_both_forms(
        "removal on dispatch in prod",
        "prod apply",
        event="workflow_dispatch",
        workflow="destroy.yml",
        environment="prod-destroy",
    ),
    *in_both_forms(
        "removal with a release",
        "prod apply",
        ref=RELEASE,
        workflow="destroy.yml",
        environment="prod-destroy",
    ),
]
PREVIEW_JOBS = [
    *in_both_forms(
        "preview of a pull request",
        "dev preview",
        event="pull_request",
        ref=PULL,
        workflow="preview.yml",
        environment="preview",
    ),
    *in_both_forms(
        "preview of a merged pull request goes",
        "dev preview",
        event="pull_request",
        ref=MAIN,
        workflow="preview.yml",
        environment="preview",
    ),
    *in_both_forms(
        "sweep of previews",
        "dev preview",
        event="schedule",
        workflow="preview-sweep.yml",
        environment="preview",
    ),
]


JOBS = [*PLAN_JOBS, *APPLY_JOBS, *PREVIEW_JOBS]

# What must cost a job every role, whichever job it is.
SPOILT: dict[str, dict[str, str | None]] = {
    "audience of GitHub's default": {"aud": "https://github.com/octo-org"},
    "no audience": {"aud": None},
    "another issuer": {"iss": "https://token.example.com"},
    "no issuer": {"iss": None},
    "no subject": {"sub": None},
    "no repository id": {"repository_id": None},
    "no workflow": {"job_workflow_ref": None},
    "subject in upper case": {"sub": "REPO:OCTO-ORG/OCTO-REPO:PULL_REQUEST"},
    "subject of the whole repository": {"sub": "repo:octo-org/octo-repo"},
    "workflow of a repository of the same name": {
        "job_workflow_ref": "mallory/octo-repo/.github/workflows/apply.yml@refs/heads/main"
    },
    "workflow of a repository whose name ends alike": {
        "job_workflow_ref": "x/octo-org/octo-repo/.github/workflows/apply.yml@refs/heads/main"
    },
    "workflow in another folder": {
        "job_workflow_ref": "octo-org/octo-repo/evil/.github/workflows/apply.yml@refs/heads/main"
    },
    "workflow that only starts alike": {
        "job_workflow_ref": "octo-org/octo-repo/.github/workflows/apply.yml.evil@refs/heads/main"
    },
}
ELSEWHERE: dict[str, dict[str, str]] = {
    "a fork": {"owner": "mallory", "owner_id": "666", "repository_id": "667"},
    "another repository of the owner": {"repository": "other", "repository_id": "456790"},
    "a new repository under the old name": {"repository_id": "999999"},
    "another owner under the old name": {"owner_id": "666", "repository_id": "999999"},
    "the repository under a new name": {"repository": "renamed"},
    "the repository with a new owner": {"owner": "other-org", "owner_id": "777"},
    "a repository whose name starts alike": {"repository": "octo-repo-x", "repository_id": "7"},
}


def with_claims(job: Token, title: str, changes: dict[str, str | None]) -> Token:
    changed = {**job.claims, **changes}
    kept = {claim: value for claim, value in changed.items() if value is not None}
    return Token(f"{job.title}: {title}", kept, frozenset())


def from_elsewhere(job: Token, title: str, changes: dict[str, str]) -> Token:
    """The same job in a repository that is not ours."""
    given = {
        "event": job.claims["event_name"],
        "ref": job.claims["ref"],
        "workflow": job.claims["job_workflow_ref"].rpartition("/workflows/")[2].partition("@")[0],
        "environment": job.claims.get("environment"),
        "immutable": "@" in job.claims["sub"].partition(":ref")[0],
    }
    return Token(f"{job.title}: {title}", claims(**given, **changes), frozenset())  # type: ignore[arg-type]


OTHER_JOBS = [
    # The wrong branch or tag.
    *in_both_forms("push to another branch", ref="refs/heads/feature"),
    *in_both_forms("push to a branch that starts alike", ref="refs/heads/main2"),
    *in_both_forms("a tag called main", ref="refs/tags/main"),
    *in_both_forms("dispatch on another branch", event="workflow_dispatch", ref="refs/heads/x"),
    *in_both_forms("apply from another branch", ref="refs/heads/x", environment="dev"),
    *in_both_forms("apply to prod from another branch", ref="refs/heads/x", environment="prod"),
    *in_both_forms(
        "removal from another branch",
        ref="refs/heads/x",
        workflow="destroy.yml",
        environment="prod-destroy",
    ),
    *in_both_forms("a candidate to prod", ref=RC, environment="prod"),
    *in_both_forms(
        "removal in prod with a candidate",
        ref=RC,
        workflow="destroy.yml",
        environment="prod-destroy",
    ),
    *in_both_forms("a release to staging", ref=RELEASE, environment="staging"),
    *in_both_forms("a release to dev", ref=RELEASE, environment="dev"),
    *in_both_forms("any other tag to prod", ref="refs/tags/nightly", environment="prod"),
    *in_both_forms("any other tag to staging", ref="refs/tags/rc.1", environment="staging"),
    *in_both_forms("a candidate of nothing", ref="refs/tags/v-rc.1", environment="staging"),
    *in_both_forms("a pre-release to prod", ref="refs/tags/v2.0.0-beta", environment="prod"),
    *in_both_forms("plan of another tag", ref="refs/tags/nightly"),
    *in_both_forms(
        "the queue of another branch",
        event="merge_group",
        ref=QUEUE.replace("main", "x", 1),
        workflow="pr.yml",
    ),
    # A workflow of main or of a release, called from elsewhere: its inputs are the caller's.
    *in_both_forms("main's plan called from a branch", ref="refs/heads/x", workflow_ref=MAIN),
    *in_both_forms(
        "main's apply called from a pull request",
        event="pull_request",
        ref=PULL,
        workflow_ref=MAIN,
        environment="dev",
    ),
    *in_both_forms(
        "main's pull request workflow with its trust",
        event="pull_request",
        ref=MAIN,
        workflow="pr.yml",
    ),
    *in_both_forms("a branch's plan called from main", workflow_ref="refs/heads/x"),
    *in_both_forms(
        "a branch's apply called from main", workflow_ref="refs/heads/x", environment="dev"
    ),
    *in_both_forms("a commit's apply called from main", workflow_ref="6dcb09b", environment="prod"),
    *in_both_forms(
        "a branch's removal called from main",
        workflow="destroy.yml",
        workflow_ref="refs/heads/x",
        environment="prod-destroy",
    ),
    *in_both_forms(
        "a branch's preview", ref="refs/heads/x", workflow="preview.yml", environment="preview"
    ),
    # The wrong environment.
    *in_both_forms("apply without an environment", ref="refs/heads/x"),
    *in_both_forms("apply in an environment of their own", environment="mine"),
    *in_both_forms("apply in removal's environment", environment="dev-destroy"),
    *in_both_forms("removal in apply's environment", workflow="destroy.yml", environment="dev"),
    *in_both_forms("apply in the previews' environment", environment="preview"),
    *in_both_forms("preview in apply's environment", workflow="preview.yml", environment="dev"),
    *in_both_forms(
        "preview without its environment", event="pull_request", ref=PULL, workflow="preview.yml"
    ),
    *in_both_forms(
        "a pull request's plan with an environment",
        event="pull_request",
        ref=PULL,
        workflow="pr.yml",
        environment="dev",
    ),
    # The wrong workflow.
    *in_both_forms("deploy.yml itself", workflow="deploy.yml"),
    *(
        found
        for name in ENVIRONMENTS
        for environment in (name, f"{name}-destroy")
        for found in in_both_forms(
            f"another workflow in {environment}", workflow="evil.yml", environment=environment
        )
    ),
    *in_both_forms("drift in dev", workflow="drift.yml", environment="dev"),
    *in_both_forms("another workflow among previews", workflow="evil.yml", environment="preview"),
    *in_both_forms("another workflow on main", workflow="evil.yml"),
    *in_both_forms(
        "another workflow of a pull request", event="pull_request", ref=PULL, workflow="evil.yml"
    ),
    *in_both_forms("drift of a tag", ref=RC, workflow="drift.yml"),
    *in_both_forms(
        "sweep in a pull request",
        event="pull_request",
        ref=PULL,
        workflow="preview-sweep.yml",
        environment="preview",
    ),
    # Claims that contradict each other, as an owner who rewrites the subject could have them.
    *(
        token(
            f"{environment}: {title}",
            workflow=workflow,
            environment=claimed,
            sub=f"repo:octo-org/octo-repo:environment:{subject}",
        )
        for environment, workflow in [
            *((name, "apply.yml") for name in ENVIRONMENTS),
            *((f"{name}-destroy", "destroy.yml") for name in ENVIRONMENTS),
            ("preview", "preview.yml"),
        ]
        for title, claimed, subject in [
            ("claimed, not in the subject", environment, "x"),
            ("in the subject, not claimed", None, environment),
        ]
    ),
    *(
        token(
            f"{workflow} of main called from a branch for {environment}",
            ref="refs/heads/x",
            workflow=workflow,
            workflow_ref=MAIN,
            environment=environment,
        )
        for name in ENVIRONMENTS
        for environment, workflow in [(name, "apply.yml"), (f"{name}-destroy", "destroy.yml")]
    ),
]
TABLE = [
    *JOBS,
    *OTHER_JOBS,
    *(with_claims(job, title, changes) for job in JOBS for title, changes in SPOILT.items()),
    *(from_elsewhere(job, title, changes) for job in JOBS for title, changes in ELSEWHERE.items()),
]
ROLES = [
    "dev plan",
    "dev apply",
    "dev preview",
    "staging plan",
    "staging apply",
    "prod plan",
    "prod apply",
]


@cache
def trust(role: str) -> str:
    environment, kind = role.split()
    return json.dumps(Rendered(ENVIRONMENTS[environment]).role(kind).trust)


def admitted(policy: dict[str, Any]) -> set[str]:
    return {token.title for token in TABLE if allows(policy, token.claims)}


def refused(role: str) -> list[dict[str, str]]:
    return [token.claims for token in TABLE if role not in token.roles]


def meant_for(role: str) -> list[dict[str, str]]:
    return [token.claims for token in TABLE if role in token.roles]


def test_the_tokens_of_the_table_are_told_apart_by_their_titles() -> None:
    assert len({token.title for token in TABLE}) == len(TABLE)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_goes_to_the_jobs_it_is_meant_for_and_to_no_other(role: str) -> None:
    meant = {token.title for token in TABLE if role in token.roles}

    assert admitted(json.loads(trust(role))) == meant


def test_no_job_gets_a_role_that_is_not_in_the_table() -> None:
    roles = {
        f"{name} {kind}"
        for name, parameters in ENVIRONMENTS.items()
        for kind, resource in [
            ("plan", "PlanRole"),
            ("apply", "ApplyRole"),
            ("preview", "PreviewRole"),
        ]
        if resource in Rendered(parameters).resources
    }

    assert roles == set(ROLES)


def without_a_condition(policy: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """`policy` once for each condition of each statement, which is left out."""
    for number, statement in enumerate(policy["Statement"]):
        for operator, keys in statement["Condition"].items():
            for key in keys:
                changed = copy.deepcopy(policy)
                del changed["Statement"][number]["Condition"][operator][key]
                yield f"{number} {operator} {key}", changed


def without_a_value(policy: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """`policy` once for each value of each list of values, which is left out."""
    for number, statement in enumerate(policy["Statement"]):
        for operator, keys in statement["Condition"].items():
            for key, listed in keys.items():
                for value in listed if isinstance(listed, list) and len(listed) > 1 else []:
                    changed = copy.deepcopy(policy)
                    changed["Statement"][number]["Condition"][operator][key].remove(value)
                    yield f"{number} {operator} {key} {value}", changed


@pytest.mark.parametrize("role", ROLES)
def test_every_condition_refuses_a_token_that_nothing_else_refuses(role: str) -> None:
    idle = [
        name
        for name, mutant in without_a_condition(json.loads(trust(role)))
        if not any(allows(mutant, token) for token in refused(role))
    ]

    assert idle == []


@pytest.mark.parametrize("role", ROLES)
def test_every_accepted_value_is_needed_by_a_job(role: str) -> None:
    idle = [
        name
        for name, mutant in without_a_value(json.loads(trust(role)))
        if all(allows(mutant, token) for token in meant_for(role))
    ]

    assert idle == []


@pytest.mark.parametrize("role", ROLES)
def test_every_statement_is_needed_by_a_job(role: str) -> None:
    policy = json.loads(trust(role))

    for number in range(len(policy["Statement"])):
        fewer = copy.deepcopy(policy)
        del fewer["Statement"][number]
        assert not all(allows(fewer, token) for token in meant_for(role))


@pytest.mark.parametrize("role", ROLES)
def test_a_wildcard_stands_for_a_part_never_for_a_whole_claim(role: str) -> None:
    policy = json.loads(trust(role))

    assert "ForAllValues" not in json.dumps(policy)
    for statement in policy["Statement"]:
        for key, listed in statement["Condition"].get("StringLike", {}).items():
            for value in [listed] if isinstance(listed, str) else listed:
                assert value.startswith(
                    ("repo:octo-org", "refs/", "octo-org/octo-repo/.github/")
                ), key
