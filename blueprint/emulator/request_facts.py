"""What AWS knows of a request when it judges it and MiniStack 1.5.33 does not, so that policies mean the same on both.

Loaded into MiniStack's process by serve.py. Without it, a policy that names a resource or asks for a
condition key refuses here what it allows on AWS, and the policies under test would have to be others.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

Facts = dict[str, Any]

# Requests for which MiniStack finds no resource: the ARN of each from its parameters.
_RESOURCES = {
    "cloudwatch:DeleteDashboards": "arn:aws:cloudwatch::{account}:dashboard/{DashboardNames_member_1}",
    "cloudwatch:GetDashboard": "arn:aws:cloudwatch::{account}:dashboard/{DashboardName}",
    "cloudwatch:PutDashboard": "arn:aws:cloudwatch::{account}:dashboard/{DashboardName}",
    "dynamodb:ListTagsOfResource": "{ResourceArn}",
    "iam:CreatePolicy": "arn:aws:iam::{account}:policy/{PolicyName}",
    "lambda:CreateFunction": "arn:aws:lambda:{region}:{account}:function:{FunctionName}",
    "sns:ListTagsForResource": "{ResourceArn}",
}


def install() -> None:
    """Have the running MiniStack judge requests by what this module adds as well."""
    from ministack.core import iam_actions, iam_evaluator  # type: ignore[import-not-found]
    from ministack.services import sts  # type: ignore[import-not-found]

    iam_actions.s3_service_context = _with_headers(iam_actions.s3_service_context)
    sts._web_identity_principal = _with_claims(sts._web_identity_principal)
    iam_evaluator.enforce = _with_facts(iam_evaluator.enforce)


def _with_claims(principal: Callable[..., Any]) -> Callable[..., Any]:
    """`<issuer>:<claim>` for every claim of a web identity's token; MiniStack gives aud, sub and amr."""

    def named(token: str, provider_id: str, role_arn: str) -> tuple[str, Facts]:
        from ministack.services.cognito import (  # type: ignore[import-not-found]
            _decode_id_token_unverified,
        )

        provider, keys = principal(token, provider_id, role_arn)
        try:
            claims = _decode_id_token_unverified(token)
        except (ValueError, TypeError):
            return provider, keys
        host = provider.partition(":oidc-provider/")[2]
        if host and isinstance(claims, dict):
            texts = {name: value for name, value in claims.items() if isinstance(value, str)}
            keys |= {f"{host}:{name}".lower(): value for name, value in texts.items()}
        return provider, keys

    return named


def _with_facts(enforce: Callable[..., Any]) -> Callable[..., Any]:
    """The resource a request names, and condition keys of what it is done to."""

    def judge(
        access_key_id: str,
        iam_action: str,
        service: str,
        region: str,
        resource_arn: str = "*",
        service_context: Facts | None = None,
    ) -> Any:
        from ministack.core import iam_evaluator
        from ministack.core.responses import get_account_id  # type: ignore[import-not-found]

        facts: Facts = dict(service_context or {})
        # None for the account's root, who is not judged.
        request = iam_evaluator._signed_request.get()
        if request is not None:
            given = _parameters(request)
            if resource_arn == "*" and iam_action in _RESOURCES:
                names = {"account": get_account_id(), "region": region, **given}
                resource_arn = _RESOURCES[iam_action].format_map(names)
            facts |= _facts(iam_action, resource_arn, given, request.raw_path)
        return enforce(access_key_id, iam_action, service, region, resource_arn, facts)

    return judge


def _with_headers(context: Callable[..., Facts]) -> Callable[..., Facts]:
    """Whether a put of S3 makes an object, and only if there is none."""

    def named(
        iam_action: str,
        query_params: Mapping[str, Any] | None,
        path: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Facts:
        facts = context(iam_action, query_params, path, headers)
        if iam_action != "s3:PutObject":
            return facts
        part = bool({"uploads", "partNumber"} & set(query_params or {}))
        created = {"s3:ObjectCreationOperation": "false" if part else "true"}
        header = (headers or {}).get("if-none-match")
        return facts | created | ({"s3:if-none-match": header} if header else {})

    return named


def _facts(action: str, resource_arn: str, given: Mapping[str, Any], path: str) -> Facts:
    facts: Facts = {}
    if action in ("iam:CreateRole", "iam:PutRolePermissionsBoundary"):
        facts = {"iam:PermissionsBoundary": given.get("PermissionsBoundary")}
    elif action in ("iam:DeleteRolePolicy", "iam:PutRolePolicy"):
        facts = {"iam:PermissionsBoundary": _boundary(resource_arn)}
    elif action.startswith("lambda:") and action.endswith("EventSourceMapping"):
        facts = {"lambda:FunctionArn": _function(given, path)}
    elif action == "cognito-idp:CreateUserPool":
        tags = given.get("UserPoolTags", {})
        facts = {f"aws:RequestTag/{name}": value for name, value in tags.items()}
    elif ":userpool/" in resource_arn:
        tags = _pool_tags(resource_arn)
        facts = {f"aws:ResourceTag/{name}": value for name, value in tags.items()}
    return {key: value for key, value in facts.items() if value is not None}


def _parameters(request: Any) -> dict[str, Any]:
    """The parameters in the request's body, JSON or a form's, where `Names.member.1` is Names_member_1."""
    try:
        parsed = json.loads(request.body or b"{}")
    except ValueError:
        form = parse_qs(request.body.decode(errors="replace"))
        return {name.replace(".", "_"): values[0] for name, values in form.items()}
    return parsed if isinstance(parsed, dict) else {}


def _boundary(role_arn: str) -> str | None:
    from ministack.services import iam

    role: Facts = iam._roles.get(role_arn.rpartition("/")[2]) or {}
    return role.get("PermissionsBoundary")


def _function(given: Mapping[str, Any], path: str) -> str | None:
    """The function an event source mapping is for: the one that is named, or the stored mapping's."""
    from ministack.services import lambda_svc

    stored: Facts = lambda_svc._esms.get(path.rstrip("/").rpartition("/")[2]) or {}
    return given.get("FunctionName") or stored.get("FunctionArn")


def _pool_tags(pool_arn: str) -> dict[str, str]:
    from ministack.services import cognito

    pool: Facts = cognito._user_pools.get(pool_arn.rpartition("/")[2]) or {}
    tags: dict[str, str] = pool.get("UserPoolTags") or {}
    return tags
