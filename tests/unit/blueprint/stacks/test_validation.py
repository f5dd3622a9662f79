"""Wrong stack values are refused by name before Terraform starts."""

import json
from typing import Any

import boto3
import pytest

from blueprint.errors import UsageError
from blueprint.stacks import validation
from blueprint.stacks.model import Component, Stack

GOOD = {"namespace": "acme", "region": "us-east-1", "stage": "local", "account_id": "000000000000"}


BACKEND = {"key": "terraform.tfstate", "bucket": "acme-useast1-local-tfstate-000000000000"}


def stack(component: str, **values: Any) -> Stack:
    item = Component(component, "local", component, {**GOOD, **values}, (), (), BACKEND)
    return Stack("local", {component: item}, emulated=True)


def test_values_that_follow_the_schema_pass() -> None:
    validation.validate(
        stack("apigateway", api_type="http", authorizer="lambda", log_retention_days=30)
    )


@pytest.mark.parametrize(
    ("component", "field", "value"),
    [
        ("iam", "stage", "production"),
        ("iam", "region", "us-east-9"),
        ("iam", "account_id", 111111111111),
        ("iam", "namespace", "Acme Corporation"),
        ("apigateway", "api_type", "soap"),
        ("apigateway", "authorizer", "none"),
        ("lambda", "log_retention_days", 42),
        ("cognito", "mfa", True),
        ("dynamodb", "point_in_time_recovery_days", 36),
        ("apigateway", "cors_allowed_origins", ["app.example.com"]),
    ],
)
def test_a_wrong_value_is_refused_with_stack_component_and_field(
    component: str, field: str, value: Any
) -> None:
    with pytest.raises(UsageError) as failed:
        validation.validate(stack(component, **{field: value}))

    assert f"stack local, component {component}: vars.{field}" in failed.value.message
    assert "stacks/deploy/local.yaml" in failed.value.remedy


def test_a_missing_context_value_is_refused() -> None:
    item = Component(
        "iam", "local", "iam", {"namespace": "acme"}, (), (), {"key": "terraform.tfstate"}
    )

    with pytest.raises(UsageError, match="'account_id' is a required property"):
        validation.validate(Stack("local", {"iam": item}, emulated=True))


def test_a_misspelt_value_is_refused_with_the_names_the_component_takes() -> None:
    with pytest.raises(
        UsageError, match=r"vars\.kms_key_enable: .*declares no such variable.*kms_key_enabled"
    ):
        validation.validate(stack("iam", kms_key_enable=True))


def test_all_violations_are_reported_at_once() -> None:
    with pytest.raises(UsageError) as failed:
        validation.validate(stack("apigateway", api_type="soap", authorizer="none"))

    assert failed.value.message.count("stack local, component apigateway") == 2


def test_a_value_read_from_another_component_is_not_judged_before_it_is_read() -> None:
    validation.validate(stack("lambda", log_retention_days="!terraform.state iam .retention"))
    validation.validate(stack("apigateway", cors_allowed_origins=["!terraform.state site .url"]))


def test_the_schema_knows_every_commercial_region() -> None:
    schema = json.loads(validation.SCHEMA.read_text())
    known = set(schema["properties"]["vars"]["properties"]["region"]["enum"])

    assert set(boto3.session.Session().get_available_regions("dynamodb")) <= known


def test_a_state_bucket_of_another_account_is_refused_with_the_name_it_should_have() -> None:
    item = Component("iam", "local", "iam", GOOD | {"account_id": "123456789012"}, (), (), BACKEND)

    with pytest.raises(UsageError, match=r"terraform\.backend\.s3\.bucket: .*tfstate-123456789012"):
        validation.validate(Stack("local", {"iam": item}, emulated=True))


def test_a_key_of_another_environment_is_refused_with_the_name_it_should_have() -> None:
    backend = BACKEND | {"kms_key_id": "alias/acme-useast1-prod-delivery"}
    item = Component("iam", "local", "iam", GOOD, (), (), backend)

    with pytest.raises(UsageError, match=r"kms_key_id: .*'alias/acme-useast1-local-delivery'"):
        validation.validate(Stack("local", {"iam": item}, emulated=True))


def test_alarms_that_nobody_receives_are_refused() -> None:
    with pytest.raises(UsageError, match="'alarm_emails' is a required property"):
        validation.validate(stack("observability", tier="staging"))

    validation.validate(stack("observability", tier="staging", alarm_emails=["a@example.com"]))
    validation.validate(stack("observability", tier="dev"))
