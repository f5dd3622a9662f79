"""Judges requests by a role's policies within its permissions boundary, as AWS does within one account."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.policy_language import PolicyError, conditions_met, elements, matches, statements, values

Policy = Mapping[str, Any]
_KEYS = {
    "aws:requestedregion",
    "aws:securetransport",
    "iam:passedtoservice",
    "iam:permissionsboundary",
    "kms:grantisforawsresource",
    "kms:viaservice",
    "lambda:functionarn",
    "s3:if-none-match",
    "s3:objectcreationoperation",
}


def permits(
    policies: Sequence[Policy],
    boundary: Policy,
    action: str,
    resource: str,
    *,
    resource_policy: Policy | None = None,
    context: Mapping[str, str] | None = None,
) -> bool:
    """Whether the role with `policies` and `boundary` may do `action` to `resource`.

    `resource_policy` is the bucket's; it can only refuse here, as ours only do.
    """
    given = context or {}
    by_role = [d for policy in policies for d in _decisions(policy, action, resource, given)]
    by_boundary = _decisions(boundary, action, resource, given)
    by_resource = _decisions(resource_policy, action, resource, given) if resource_policy else []
    if "Deny" in [*by_role, *by_boundary, *by_resource]:
        return False
    return "Allow" in by_role and "Allow" in by_boundary


def _decisions(policy: Policy, action: str, resource: str, context: Mapping[str, str]) -> list[str]:
    return [
        effect
        for statement in statements(policy)
        if (effect := _effect(statement)) and _applies(statement, action, resource, context)
    ]


def _effect(statement: Mapping[str, Any]) -> str:
    effect = elements(
        statement,
        known={"Sid", "Effect", "Action", "NotAction", "Resource", "Condition", "Principal"},
    )
    if ("Action" in statement) == ("NotAction" in statement):
        raise PolicyError("a statement has either Action or NotAction")
    if statement.get("Principal", "*") != "*":
        raise PolicyError(f"a principal other than everybody: {statement['Principal']!r}")
    return effect


def _applies(
    statement: Mapping[str, Any], action: str, resource: str, context: Mapping[str, str]
) -> bool:
    listed = values(statement.get("Action", statement.get("NotAction")))
    # Actions are compared without regard to case, resources are not.
    named = any(matches(pattern.lower(), action.lower()) for pattern in listed)
    return (
        conditions_met(statement.get("Condition", {}), context, known=_is_key)
        and named == ("Action" in statement)
        and any(matches(pattern, resource) for pattern in values(statement["Resource"]))
    )


def _is_key(key: str) -> bool:
    return key.lower() in _KEYS or key.lower().startswith(("aws:requesttag/", "aws:resourcetag/"))
