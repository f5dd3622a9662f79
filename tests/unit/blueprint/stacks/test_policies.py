"""Every rule of policies/stacks passes a stack that follows it, and names the field of one that does not."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from blueprint.errors import UsageError
from blueprint.stacks import policies, validation
from blueprint.stacks.model import Component, Stack

KEY = "!terraform.state iam .kms_key_arn"
BACKEND = {
    "bucket": "acme-useast1-prod-tfstate-123456789012",
    "key": "terraform.tfstate",
    "encrypt": True,
    "use_lockfile": True,
}
# A prod that breaks no rule.
GOOD: Mapping[str, Mapping[str, Any]] = {
    "iam": {"kms_key_enabled": True},
    "dynamodb": {
        "kms_key_arn": KEY,
        "deletion_protection_enabled": True,
        "point_in_time_recovery_days": 35,
    },
    "sqs": {"kms_key_arn": KEY},
    "s3": {
        "kms_key_arn": KEY,
        "force_destroy": False,
        "noncurrent_version_expiration_days": 90,
    },
    "cognito": {"deletion_protection_enabled": True, "password_auth_enabled": False},
    "lambda": {
        "kms_key_arn": KEY,
        "log_retention_days": 90,
        "functions": {"api": {"environment": {"TABLE": "!terraform.state dynamodb .table_name"}}},
    },
    "apigateway": {
        "kms_key_arn": KEY,
        "log_retention_days": 90,
        "throttling_rate_limit": 2000,
        "cors_allowed_origins": ["https://app.acme.io", "!terraform.state site .origin"],
    },
    "scheduler": {"kms_key_arn": KEY},
    "observability": {
        "kms_key_arn": KEY,
        "tier": "prod",
        "alarm_emails": ["on-call@acme.io"],
    },
}


def stack(
    name: str = "prod",
    *,
    changed: Mapping[str, Mapping[str, Any]] | None = None,
    without: tuple[str, ...] = (),
    backend: Mapping[str, Any] | None = None,
    settings: Mapping[str, Any] | None = None,
    emulated: bool = False,
) -> Stack:
    """GOOD as the stack `name`: with values `changed`, and `without` values (`component.value`) or components."""
    components = {}
    for component, good in GOOD.items():
        if component in without:
            continue
        values = {
            "namespace": "acme",
            "region": "us-east-1",
            "stage": name,
            "account_id": "123456789012",
            **good,
            **(changed or {}).get(component, {}),
        }
        for missing in without:
            values.pop(missing.removeprefix(f"{component}."), None)
        components[component] = Component(
            component, name, component, values, (), (), {**BACKEND, **(backend or {})}
        )
    return Stack(
        name, components, emulated, settings={"tier": "100M"} if settings is None else settings
    )


def broken(given: Stack, *, deploying: bool = False) -> dict[str, set[str]]:
    """Fields (`component: field`) by the rule they break."""
    found: dict[str, set[str]] = {}
    for violation in policies.find_violations(given, deploying=deploying):
        place = f"{violation.component}: {violation.field}"
        found.setdefault(violation.rule, set()).add(place)
    return found


# rule, stack that breaks it alone, where
BREAKS: list[tuple[str, Stack, set[str]]] = [
    (
        "account-is-yours",
        stack(changed={"iam": {"account_id": "333333333333"}}),
        {"iam: vars.account_id"},
    ),
    (
        "alarm-emails-are-yours",
        stack(changed={"observability": {"alarm_emails": ["on-call@acme.io", "me@example.com"]}}),
        {"observability: vars.alarm_emails[1]"},
    ),
    (
        "alarms-are-on",
        stack("staging", changed={"observability": {"tier": "dev"}}),
        {"observability: vars.tier"},
    ),
    (
        "architecture-is-arm64",
        stack(changed={"lambda": {"functions": {"api": {"architectures": ["x86_64"]}}}}),
        {"lambda: vars.functions.api.architectures[0]"},
    ),
    (
        "buckets-are-kept",
        stack(changed={"s3": {"force_destroy": True}}),
        {"s3: vars.force_destroy"},
    ),
    ("components-are-whole", stack(without=("observability",)), {": components"}),
    (
        "cors-origins-are-named",
        stack(changed={"apigateway": {"cors_allowed_origins": ["*", "http://app.acme.io"]}}),
        {"apigateway: vars.cors_allowed_origins[0]", "apigateway: vars.cors_allowed_origins[1]"},
    ),
    (
        "deletion-is-refused",
        stack(
            changed={"dynamodb": {"deletion_protection_enabled": False}},
            without=("cognito.deletion_protection_enabled",),
        ),
        {
            "dynamodb: vars.deletion_protection_enabled",
            "cognito: vars.deletion_protection_enabled",
        },
    ),
    (
        "fallbacks-are-absent",
        stack(changed={"sqs": {"topic": '!terraform.state site .topic // "none"'}}),
        {"sqs: vars.topic"},
    ),
    ("key-is-used", stack(changed={"sqs": {"kms_key_arn": None}}), {"sqs: vars.kms_key_arn"}),
    (
        "kms-key-is-on",
        stack(changed={"iam": {"kms_key_enabled": False}}),
        {"iam: vars.kms_key_enabled"},
    ),
    (
        "log-retention-disposable",
        stack(
            "dev",
            changed={
                "lambda": {"log_retention_days": 30},
                "apigateway": {"log_retention_days": 14},
            },
        ),
        {"lambda: vars.log_retention_days"},
    ),
    (
        "log-retention-prod",
        stack(changed={"lambda": {"log_retention_days": 60}}),
        {"lambda: vars.log_retention_days"},
    ),
    (
        "log-retention-protected",
        stack(
            "staging",
            changed={
                "lambda": {"log_retention_days": 14},
                "apigateway": {"log_retention_days": 545},
            },
        ),
        {"lambda: vars.log_retention_days", "apigateway: vars.log_retention_days"},
    ),
    (
        "mocks-are-absent",
        stack(
            changed={"lambda": {"functions": {"api": {"environment": {"URL": "https://mock-api"}}}}}
        ),
        {"lambda: vars.functions.api.environment.URL"},
    ),
    (
        "object-versions-are-kept",
        stack(changed={"s3": {"noncurrent_version_expiration_days": 7}}),
        {"s3: vars.noncurrent_version_expiration_days"},
    ),
    (
        "objectives-are-watched",
        stack(changed={"observability": {"tier": "staging"}}),
        {"observability: vars.tier"},
    ),
    (
        "passwords-stay-home",
        stack(changed={"cognito": {"password_auth_enabled": True}}),
        {"cognito: vars.password_auth_enabled"},
    ),
    (
        "states-are-locked",
        stack(backend={"use_lockfile": False}),
        {f"{component}: backend.use_lockfile" for component in GOOD},
    ),
    (
        "table-can-be-restored",
        stack(changed={"dynamodb": {"point_in_time_recovery_days": 0}}),
        {"dynamodb: vars.point_in_time_recovery_days"},
    ),
    (
        "throttling-fits-tier",
        stack(changed={"apigateway": {"throttling_rate_limit": 399}}),
        {"apigateway: vars.throttling_rate_limit"},
    ),
    ("tier-is-named", stack(settings={}), {": settings.tier"}),
    ("tls-is-required", stack(changed={"s3": {"tls_only": False}}), {"s3: vars.tls_only"}),
    (
        "values-are-committed",
        stack(changed={"cognito": {"endpoint_url": "!env COGNITO", "mfa": "!exec whoami"}}),
        {"cognito: vars.endpoint_url", "cognito: vars.mfa"},
    ),
]


@pytest.mark.parametrize(("rule", "given", "fields"), BREAKS, ids=[rule for rule, *_ in BREAKS])
def test_a_stack_that_breaks_a_rule_is_told_which_and_where(
    rule: str, given: Stack, fields: set[str]
) -> None:
    assert broken(given, deploying=True) == {rule: fields}


def test_every_rule_is_seen_broken_above() -> None:
    assert [rule for rule, *_ in BREAKS] == [rule.name for rule in policies.rules()]


def test_a_stack_that_follows_every_rule_breaks_none() -> None:
    assert broken(stack(), deploying=True) == {}


def test_a_new_stage_is_held_to_the_protection_until_it_is_named_disposable() -> None:
    assert "kms-key-is-on" in broken(stack("qa", changed={"iam": {"kms_key_enabled": False}}))
    assert "kms-key-is-on" not in broken(stack("pr9", changed={"iam": {"kms_key_enabled": False}}))


@pytest.mark.parametrize("rule", ["account-is-yours", "alarm-emails-are-yours"])
def test_the_templates_placeholders_stop_a_deployment_and_not_a_check(rule: str) -> None:
    given = next(given for name, given, _ in BREAKS if name == rule)

    assert broken(given, deploying=False) == {}


def test_the_embedded_aws_is_held_to_no_rule() -> None:
    anything = stack(
        "local", changed={"iam": {"kms_key_enabled": False}}, settings={}, emulated=True
    )

    assert broken(anything, deploying=True) == {}


@pytest.mark.parametrize("value", ["!terraform.state iam .arn", "!terraform.output a .b", "//"])
def test_what_is_read_from_another_component_is_no_fallback(value: str) -> None:
    assert broken(stack(changed={"sqs": {"topic": value}})) == {}


@pytest.mark.parametrize("value", ["mockingbird", "todos", "dummyhead"])
def test_a_word_that_only_contains_another_is_no_mock(value: str) -> None:
    assert broken(stack(changed={"sqs": {"topic": value}})) == {}


@pytest.mark.parametrize(("tier", "least"), [("1M", 4), ("10M", 40), ("100M", 400)])
def test_each_tier_has_its_least_rate(tier: str, least: int) -> None:
    def found(rate: int) -> dict[str, set[str]]:
        return broken(
            stack(changed={"apigateway": {"throttling_rate_limit": rate}}, settings={"tier": tier})
        )

    assert found(least) == {}
    assert set(found(least - 1)) == {"throttling-fits-tier"}


def test_an_unknown_tier_is_refused() -> None:
    assert broken(stack(settings={"tier": "1000M"})) == {"tier-is-named": {": settings.tier"}}


def test_validate_reports_policies_with_their_rule_and_remedy() -> None:
    given = stack(changed={"apigateway": {"cors_allowed_origins": ["*"]}})

    with pytest.raises(
        UsageError,
        match=r"stack prod, component apigateway: vars\.cors_allowed_origins\[0\]: is '\*'; only sites .*"
        r"\(policy cors-origins-are-named: name each origin",
    ):
        validation.validate(given)


def test_each_missing_component_is_told_by_its_name() -> None:
    given = stack(without=("observability", "cognito"))

    assert {violation.message.split(";")[0] for violation in policies.find_violations(given)} == {
        "lacks 'cognito'",
        "lacks 'observability'",
    }


RULE = """\
description: a value that is right for somebody
remedy: write another one
stages: real
subject: [iam]
schema: {properties: {vars: {required: [kms_key_enabled]}}}
"""


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("stages:", "stage:", r"stage: there is no such key; use description, remedy, stages"),
        ("stages: real", "stages: production", r"stages: 'production' is not one of \['real'"),
        ("[iam]", "[aim]", r"subject: components/terraform has no aim"),
        ("[iam]", "everything", r"subject: 'everything' is not valid"),
        (
            "required",
            "require",
            r"schema\.properties\.vars\.require: there is no such key; use \$ref",
        ),
        (
            "required: [kms_key_enabled]",
            "pattern: '['",
            r"schema\.properties\.vars\.pattern: '\[' is not a 'regex'",
        ),
        ("required: [kms_key_enabled]", '$ref: "#/$defs/vars"', r"schema: \$defs has no vars"),
        ("remedy: write another one\n", "", r"the document: 'remedy' is a required property"),
    ],
)
def test_a_slip_in_a_rule_is_told_by_file_and_field(
    tmp_path: Path, right: str, wrong: str, message: str
) -> None:
    (tmp_path / "key.yaml").write_text(RULE)
    assert [rule.name for rule in policies.rules(tmp_path)] == ["key"]
    (tmp_path / "key.yaml").write_text(RULE.replace(right, wrong))

    with pytest.raises(UsageError, match=rf"key\.yaml(:\d+)?: {message}"):
        policies.rules(tmp_path)
