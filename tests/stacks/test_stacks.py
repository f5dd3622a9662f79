"""The stacks as Atmos itself reads them: valid, protected where it matters, and refused by field where wrong."""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from blueprint import paths, processes
from blueprint.errors import UsageError
from blueprint.stacks import atmos, environment, stages, validation
from blueprint.stacks.model import Stack

STACKS = ("local", "dev", "staging", "prod")


@pytest.fixture(scope="module")
def env() -> dict[str, str]:
    return environment.base()


@pytest.fixture(scope="module")
def stacks(env: dict[str, str]) -> dict[str, Stack]:
    return {name: atmos.stack(name, env) for name in STACKS}


def leaves(value: Any, path: str = "") -> dict[str, Any]:
    if isinstance(value, Mapping):
        return {
            leaf: item
            for key, inner in value.items()
            for leaf, item in leaves(inner, f"{path}.{key}").items()
        }
    return {path.lstrip("."): value}


def differences(one: Stack, other: Stack) -> set[str]:
    """`component.value` of everything that is not the same in both."""
    values = [
        leaves({name: component.values for name, component in stack.components.items()})
        for stack in (one, other)
    ]
    context = {"stage", "account_id"}
    return {
        key
        for key in {*values[0], *values[1]}
        if values[0].get(key) != values[1].get(key) and key.split(".")[-1] not in context
    }


def test_atmos_finds_the_four_stacks_and_nothing_wrong_in_them(env: dict[str, str]) -> None:
    result = processes.run(["atmos", "validate", "stacks"], cwd=paths.ROOT, env=env)

    assert result.ok, result.output
    # A preview's stack file may lie in a clone.
    names = [name for name in atmos.stack_names(env) if stages.pull_request(name) is None]
    assert names == sorted(STACKS)


@pytest.mark.parametrize("name", STACKS)
def test_every_stack_follows_the_schema_and_has_every_component(
    stacks: dict[str, Stack], name: str
) -> None:
    validation.validate(stacks[name])

    assert set(stacks[name].components) == set(stacks["prod"].components)
    assert sorted(stacks[name].sorter().get_ready()) == ["cognito", "iam"]


def test_prod_is_staging_with_more_capacity_and_longer_memory(stacks: dict[str, Stack]) -> None:
    assert differences(stacks["staging"], stacks["prod"]) == {
        "apigateway.log_retention_days",
        "apigateway.throttling_burst_limit",
        "apigateway.throttling_rate_limit",
        "dynamodb.max_read_request_units",
        "dynamodb.max_write_request_units",
        "lambda.functions.api.reserved_concurrency",
        "lambda.functions.processor.event_source.maximum_concurrency",
        "lambda.functions.processor.reserved_concurrency",
        "lambda.log_retention_days",
        "observability.account_alarms_enabled",
        "observability.account_concurrency_quota",
        "observability.monthly_budget_usd",
        "observability.tier",
    }


def test_local_is_dev_with_an_endpoint_and_shorter_waits(stacks: dict[str, Stack]) -> None:
    assert differences(stacks["dev"], stacks["local"]) == {
        "cognito.endpoint_url",
        "lambda.functions.processor.timeout_seconds",
        "observability.alarm_emails",
        "observability.monthly_budget_usd",
        "observability.queries_enabled",
        "observability.tier",
        "observability.tracing_enabled",
        "s3.tls_only",
        "scheduler.maximum_event_age_seconds",
        "scheduler.schedule_expression",
        "sqs.function_timeout_seconds",
        "sqs.max_receive_count",
        "sqs.tls_only",
        "sqs.visibility_timeout_seconds",
    }


@pytest.mark.parametrize(
    "file",
    [*paths.STACKS.glob("mixins/stage/*.yaml"), *paths.STACKS.glob("deploy/*.yaml")],
    ids=lambda file: file.name,
)
def test_every_value_that_differs_has_its_reason_beside_it(file: Path) -> None:
    _, _, components = file.read_text().partition("\ncomponents:\n")
    values = [line for line in components.splitlines() if not line.rstrip().endswith(":")]

    assert [line for line in values if line.strip() and "# " not in line] == []


@pytest.mark.parametrize("name", ["staging", "prod"])
def test_what_customers_use_is_protected(stacks: dict[str, Stack], name: str) -> None:
    components = stacks[name].components

    assert components["iam"].values["kms_key_enabled"] is True
    assert components["dynamodb"].values["deletion_protection_enabled"] is True
    assert components["dynamodb"].values["point_in_time_recovery_days"] == 35
    assert components["cognito"].values["deletion_protection_enabled"] is True
    assert components["cognito"].values["password_auth_enabled"] is False
    assert components["s3"].values["force_destroy"] is False
    assert components["observability"].values["tier"] == name
    assert components["apigateway"].values["cors_allowed_origins"] == []
    assert "tls_only" not in components["sqs"].values  # the component's default: refuse without TLS


def test_only_the_local_stack_is_emulated(stacks: dict[str, Stack]) -> None:
    assert [name for name in STACKS if stacks[name].emulated] == ["local"]


def test_states_are_encrypted_and_locked_and_never_shared(stacks: dict[str, Stack]) -> None:
    places = set()
    for stack in stacks.values():
        for component in stack.components.values():
            assert component.backend["use_lockfile"] is True
            assert component.backend["encrypt"] is True
            places.add((component.backend["bucket"], component.state_key))
    assert len(places) == sum(len(stack.components) for stack in stacks.values())


def test_an_unknown_stack_is_answered_with_the_known_ones(env: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="there is no stack 'production'") as failed:
        atmos.stack("production", env)

    assert failed.value.remedy == "use one of: dev, local, prod, staging"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the stacks, to be made wrong."""
    shutil.copy(paths.ROOT / "atmos.yaml", tmp_path)
    # The stacks take in what is watched.
    for folder in ("stacks", "dashboards"):
        shutil.copytree(paths.ROOT / folder, tmp_path / folder)
    (tmp_path / "components").symlink_to(paths.ROOT / "components")
    return tmp_path


def test_atmos_itself_refuses_a_wrong_value_by_its_name(copied: Path, env: dict[str, str]) -> None:
    """For who calls Atmos by hand: the schema is checked before Terraform starts."""
    region = copied / "stacks" / "mixins" / "region" / "us-east-1.yaml"
    region.write_text(
        region.read_text().replace("vars:\n  region: us-east-1", "vars:\n  region: us-east-9")
    )

    result = processes.run(
        ["atmos", "validate", "component", "iam", "-s", "dev"], cwd=copied, env=env
    )

    assert not result.ok
    assert "region" in result.output


def test_a_file_that_is_no_yaml_is_named(copied: Path, env: dict[str, str]) -> None:
    (copied / "stacks" / "deploy" / "dev.yaml").write_text("vars: [unclosed\n")

    result = subprocess.run(
        ["atmos", "validate", "stacks"],
        cwd=copied,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode != 0
    assert "deploy/dev.yaml" in result.stdout + result.stderr
