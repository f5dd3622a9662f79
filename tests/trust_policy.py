"""Judges GitHub's tokens by a role's trust policy, as AWS STS does in AssumeRoleWithWebIdentity."""

from collections.abc import Mapping
from typing import Any

from tests.policy_language import PolicyError, conditions_met, elements, statements, values

HOST = "token.actions.githubusercontent.com"
ISSUER = f"https://{HOST}"
ACTION = "sts:AssumeRoleWithWebIdentity"
# The claims of GitHub's tokens that STS makes condition keys of; a condition on any other claim is never met.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
KEYS = frozenset(
    {
        "actor",
        "actor_id",
        "aud",
        "enterprise_id",
        "environment",
        "job_workflow_ref",
        "ref",
        "repository",
        "repository_id",
        "sub",
        "workflow",
    }
)


def allows(trust_policy: Mapping[str, Any], claims: Mapping[str, str]) -> bool:
    """Whether whoever holds a token with `claims` may assume the role that has `trust_policy`.

    The token's signature and times are not judged here. Raises PolicyError where the policy holds
    an element, operator or key this evaluator does not know.
    """
    issuer = claims.get("iss", "").removeprefix("https://")
    context = {f"{HOST}:{claim}": value for claim, value in claims.items() if claim in KEYS}
    decisions = [
        elements(statement, known={"Sid", "Effect", "Principal", "Action", "Condition"})
        for statement in statements(trust_policy)
        if _trusts(statement, issuer)
        & conditions_met(statement.get("Condition", {}), context, known=_is_key)
    ]
    return "Allow" in decisions and "Deny" not in decisions


def claims(
    *,
    event: str = "push",
    ref: str = "refs/heads/main",
    workflow: str = "apply.yml",
    workflow_ref: str | None = None,
    environment: str | None = None,
    owner: str = "octo-org",
    repository: str = "octo-repo",
    owner_id: str = "123456",
    repository_id: str = "456789",
    immutable: bool = True,
    **overrides: str | None,
) -> dict[str, str]:
    """The claims of a job's token as GitHub makes them, without times; None as an override leaves a claim out.

    `workflow` is the file that holds the job, and `workflow_ref` the ref it was taken from: the
    caller's `ref` when left out, as for a workflow called by `./`. `immutable` is the subject of
    repositories made since July 2026.
    """
    name = f"{owner}/{repository}"
    subject = f"{owner}@{owner_id}/{repository}@{repository_id}" if immutable else name
    if environment is not None:
        context = f"environment:{environment}"
    elif event == "pull_request":
        context = "pull_request"
    else:
        context = f"ref:{ref}"
    made: dict[str, str | None] = {
        "iss": ISSUER,
        "aud": "sts.amazonaws.com",
        "sub": f"repo:{subject}:{context}",
        "event_name": event,
        "ref": ref,
        "ref_type": "tag" if ref.startswith("refs/tags/") else "branch",
        "environment": environment,
        "repository": name,
        "repository_id": repository_id,
        "repository_owner": owner,
        "repository_owner_id": owner_id,
        "repository_visibility": "private",
        "job_workflow_ref": f"{name}/.github/workflows/{workflow}@{workflow_ref or ref}",
        "workflow": workflow.removesuffix(".yml"),
        "actor": "octocat",
        "actor_id": "583231",
        "runner_environment": "github-hosted",
        **overrides,
    }
    return {claim: value for claim, value in made.items() if value is not None}


def _trusts(statement: Mapping[str, Any], issuer: str) -> bool:
    """Whether `statement` is about web identities that `issuer` vouches for."""
    elements(statement, known={"Sid", "Effect", "Principal", "Action", "Condition"})
    principal = statement.get("Principal")
    if not isinstance(principal, Mapping) or set(principal) != {"Federated"}:
        raise PolicyError(f"the principal is no identity provider: {principal!r}")
    actions = values(statement.get("Action"))
    if actions != [ACTION]:
        raise PolicyError(f"the action is not {ACTION}: {actions}")
    providers = [arn.partition(":oidc-provider/")[2] for arn in values(principal["Federated"])]
    return issuer != "" and issuer in providers


def _is_key(key: str) -> bool:
    host, _, claim = key.rpartition(":")
    return host == HOST and claim in KEYS
