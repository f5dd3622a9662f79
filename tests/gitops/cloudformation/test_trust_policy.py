"""The judge of tokens itself: whom a trust policy is about, and what it does with what it does not know."""

from typing import Any

import pytest

from tests.policy_language import PolicyError
from tests.trust_policy import allows, claims

PROVIDER = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
KEY = "token.actions.githubusercontent.com"


def policy(*more: dict[str, Any], **changes: Any) -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": PROVIDER},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {f"{KEY}:aud": "sts.amazonaws.com"}},
        **changes,
    }
    return {"Version": "2012-10-17", "Statement": [statement, *more]}


def test_a_token_that_meets_the_conditions_is_allowed() -> None:
    assert allows(policy(), claims())


def test_a_token_of_another_issuer_is_refused() -> None:
    assert not allows(policy(), claims(iss="https://token.example.com"))
    assert not allows(policy(), claims(iss=None))
    assert not allows(policy(), claims(iss="http://token.actions.githubusercontent.com"))


def test_a_deny_wins_over_every_allow() -> None:
    deny = {
        **policy()["Statement"][0],
        "Effect": "Deny",
        "Condition": {"StringLike": {f"{KEY}:ref": "refs/heads/main"}},
    }

    assert not allows(policy(deny), claims())
    assert allows(policy(deny), claims(ref="refs/heads/other"))


def test_a_role_that_trusts_nobody_refuses() -> None:
    assert not allows({"Version": "2012-10-17", "Statement": []}, claims())


@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}, {"Federated": PROVIDER, "AWS": "*"}])
def test_a_principal_that_is_no_identity_provider_is_an_error(principal: object) -> None:
    with pytest.raises(PolicyError, match="the principal is no identity provider"):
        allows(policy(Principal=principal), claims())


@pytest.mark.parametrize(
    "action", ["sts:*", "*", ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"]]
)
def test_an_action_besides_the_one_is_an_error(action: object) -> None:
    with pytest.raises(PolicyError, match="the action is not sts:AssumeRoleWithWebIdentity"):
        allows(policy(Action=action), claims())


@pytest.mark.parametrize("key", [f"{KEY}:repository_owner_id", f"{KEY}:nope", "aws:SourceIp"])
def test_a_claim_that_sts_makes_no_key_of_is_an_error(key: str) -> None:
    with pytest.raises(PolicyError, match="no request has the key"):
        allows(policy(Condition={"StringEquals": {key: "1"}}), claims())


def test_an_element_such_as_not_action_is_an_error() -> None:
    with pytest.raises(PolicyError, match="unknown elements"):
        allows(policy(NotAction="sts:AssumeRole"), claims())


@pytest.mark.parametrize(
    ("given", "subject"),
    [
        ({}, "repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main"),
        ({"immutable": False}, "repo:octo-org/octo-repo:ref:refs/heads/main"),
        ({"event": "pull_request"}, "repo:octo-org@123456/octo-repo@456789:pull_request"),
        (
            {"event": "pull_request", "environment": "preview", "immutable": False},
            "repo:octo-org/octo-repo:environment:preview",
        ),
    ],
)
def test_the_subject_is_what_github_says_of_the_job(given: dict[str, Any], subject: str) -> None:
    assert claims(**given)["sub"] == subject


def test_a_claim_can_be_left_out() -> None:
    assert "ref" not in claims(ref_type=None) or "ref_type" not in claims(ref_type=None)
    assert "environment" not in claims()
