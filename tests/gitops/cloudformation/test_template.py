"""The bootstrap template as a whole: AWS's limits, what is locked, and what a deletion leaves."""

import json
from typing import Any

import pytest

from blueprint.accounts.bootstrapping import TEMPLATE_BYTES
from tests.bootstrap_template import TEMPLATE, Rendered, template
from tests.environments import ENVIRONMENTS

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html; white space does not count.
TRUST_CHARACTERS = 2_048
INLINE_CHARACTERS = 10_240
MANAGED_CHARACTERS = 6_144
# The longest owner/name that fits the quota of a trust policy together with numbers of ten digits.
REPOSITORY_CHARACTERS = 40

LONGEST = {
    "NamePrefix": f"{'n' * 12}-{'r' * 12}",
    "Stage": "s" * 10,
    "GitHubOwnerId": "1234567890",
    "GitHubRepositoryId": "1234567890",
    "GitHubOwner": "o" * 18,
    "GitHubRepository": "r" * (REPOSITORY_CHARACTERS - 19),
    "ServesPreviews": "true",
    "DisposableData": "true",
    "BoundaryChanges": "locked",
}
TAGS = {
    "none": {},
    "candidates": {"TagPattern": "v*.*.*-rc.*"},
    "releases": {"TagPattern": "v*.*.*", "TagExclusion": "v*-*"},
}


def characters(policy: object) -> int:
    return len(json.dumps(policy, separators=(",", ":")))


def test_the_template_can_be_sent_with_a_request() -> None:
    assert len(TEMPLATE.read_bytes()) <= TEMPLATE_BYTES


@pytest.mark.parametrize("tags", TAGS)
@pytest.mark.parametrize("kind", ["plan", "apply", "preview"])
def test_the_longest_names_fit_into_the_quotas_of_iam(kind: str, tags: str) -> None:
    role = Rendered({**LONGEST, **TAGS[tags]}).role(kind)
    attached, *inline = role.policies

    assert characters(attached) <= MANAGED_CHARACTERS
    assert characters(role.boundary) <= MANAGED_CHARACTERS
    assert sum(map(characters, inline)) <= INLINE_CHARACTERS
    assert len(role.name) <= 64


@pytest.mark.parametrize("tags", TAGS)
@pytest.mark.parametrize("kind", ["plan", "apply", "preview"])
def test_a_repository_of_forty_characters_fits_into_the_quota_of_a_trust_policy(
    kind: str, tags: str
) -> None:
    environment = {**ENVIRONMENTS["staging"], "ServesPreviews": "true", "Stage": "staging"}
    names = {key: LONGEST[key] for key in LONGEST if key.startswith("GitHub")}

    trust = Rendered({**environment, **names, **TAGS[tags]}).role(kind).trust

    assert characters(trust) <= TRUST_CHARACTERS


@pytest.mark.parametrize("stage", ENVIRONMENTS)
def test_a_session_lasts_an_hour_at_most(stage: str) -> None:
    rendered = Rendered(ENVIRONMENTS[stage])
    roles = [
        resource["MaxSessionDuration"]
        for name, resource in rendered.resources.items()
        if name.endswith("Role")
    ]

    assert set(roles) == {3600}


def test_only_the_previews_account_has_their_role() -> None:
    with_role = [
        stage
        for stage, parameters in ENVIRONMENTS.items()
        if "PreviewRole" in Rendered(parameters).resources
    ]

    assert with_role == ["dev"]


def test_an_account_that_has_githubs_provider_keeps_it() -> None:
    parameters = ENVIRONMENTS["prod"]

    assert "GitHubProvider" in Rendered(parameters).resources
    assert "GitHubProvider" not in Rendered({**parameters, "OidcProvider": "existing"}).resources


def test_the_provider_is_for_tokens_to_aws() -> None:
    provider = Rendered(ENVIRONMENTS["prod"]).resources["GitHubProvider"]

    assert provider == {
        "Url": "https://token.actions.githubusercontent.com",
        "ClientIdList": ["sts.amazonaws.com"],
    }


@pytest.mark.parametrize(
    "name", ["Key", "StateBucket", "StateBucketPolicy", "PlanBucket", "PlanBucketPolicy"]
)
def test_what_holds_state_and_plans_outlives_the_stack(name: str) -> None:
    resource = template()["Resources"][name]

    # Kept when the stack is deleted or replaces it, but not when its very first creation fails.
    assert resource["DeletionPolicy"] == "RetainExceptOnCreate"
    assert resource["UpdateReplacePolicy"] == "Retain"


@pytest.mark.parametrize(("name", "words"), [("StateBucket", "tfstate"), ("PlanBucket", "plans")])
def test_a_bucket_is_private_versioned_and_encrypted_with_the_deliverys_key(
    name: str, words: str
) -> None:
    bucket = Rendered(ENVIRONMENTS["dev"]).resources[name]
    encryption = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]

    assert bucket["BucketName"] == f"acme-useast1-dev-{words}-123456789012"
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    assert [rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] for rule in encryption] == [
        "aws:kms"
    ]


def test_the_key_is_rotated() -> None:
    assert Rendered(ENVIRONMENTS["dev"]).resources["Key"]["EnableKeyRotation"] is True


def test_packages_are_kept_and_what_was_planned_goes_one_day() -> None:
    bucket: dict[str, Any] = Rendered(ENVIRONMENTS["dev"]).resources["PlanBucket"]
    expiring = {
        rule["Prefix"]: rule["ExpirationInDays"]
        for rule in bucket["LifecycleConfiguration"]["Rules"]
        if "ExpirationInDays" in rule
    }

    assert expiring == {"documents/": 400, "reviewed/": 400, "files/": 30}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GitHubOwner", "octo*"),
        ("GitHubRepository", "octo/repo"),
        ("GitHubRepository", "*"),
        ("GitHubRepositoryId", "*"),
        ("GitHubRepositoryId", "0"),
        ("GitHubOwnerId", ""),
        ("DefaultBranch", "*"),
        ("TagPattern", "*"),
        ("Stage", "dev*"),
        ("NamePrefix", "acme"),
        ("TlsOnly", "no"),
    ],
)
def test_a_parameter_that_would_widen_a_policy_is_refused(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=f"parameter {name}"):
        Rendered({**ENVIRONMENTS["dev"], name: value})
