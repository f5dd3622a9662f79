"""An account is brought to the template: made, changed, taken over, or left alone; a stop says what to do."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from blueprint.accounts.bootstrapping import Clients, Deployed, deploy
from blueprint.errors import BlueprintError
from blueprint.stacks.model import Stack
from tests.fakes_account import FakeSts

STATE = "acme-useast1-dev-tfstate-111111111111"
PLANS = "acme-useast1-dev-plans-111111111111"
PARAMETERS = {"Stage": "dev"}

Bootstrap = Callable[..., Deployed]


def no_pause(_seconds: float) -> None:
    """Fakes are done at once."""


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def bootstrap(account: Clients, make_stack: Callable[..., Stack], told: list[str]) -> Bootstrap:
    def run(*, parameters: Any = PARAMETERS, **given: Any) -> Deployed:
        return deploy(
            make_stack(),
            parameters,
            clients=account,
            report=told.append,
            pause=no_pause,
            **given,
        )

    return run


def test_an_empty_account_is_made_ready(
    account: Clients, bootstrap: Bootstrap, told: list[str]
) -> None:
    deployed = bootstrap()

    assert deployed.stack == "acme-useast1-dev-bootstrap"
    assert deployed.outcome == "created"
    assert [change.logical_id for change in deployed.changes] == ["StateBucket", "PlanRole"]
    assert deployed.outputs["PlanRoleArn"].endswith("role/acme-useast1-dev-plan")
    assert account.cloudformation.deployed[1] == {"Stage": "dev", "OidcProvider": "create"}
    assert account.cloudformation.protected
    assert told == ["StateBucket: create complete"]


def test_the_same_again_changes_nothing(bootstrap: Bootstrap) -> None:
    bootstrap()

    again = bootstrap()

    assert again.outcome == "unchanged"
    assert again.changes == ()
    assert again.outputs["PlanRoleArn"].endswith("role/acme-useast1-dev-plan")


def test_other_parameters_update_it(account: Clients, bootstrap: Bootstrap) -> None:
    bootstrap()

    deployed = bootstrap(parameters={"Stage": "dev", "DefaultBranch": "trunk"})

    assert deployed.outcome == "updated"
    assert account.cloudformation.kinds == ["CREATE", "UPDATE"]


def test_a_dry_run_says_what_would_be_and_leaves_nothing_behind(
    account: Clients, bootstrap: Bootstrap
) -> None:
    planned = bootstrap(dry_run=True)

    assert planned.outcome == "to be created"
    assert [change.action for change in planned.changes] == ["add", "add"]
    assert account.cloudformation.status is None


def test_a_dry_run_of_a_change_keeps_the_stack(account: Clients, bootstrap: Bootstrap) -> None:
    bootstrap()

    planned = bootstrap(parameters={"Stage": "dev", "DefaultBranch": "trunk"}, dry_run=True)

    assert planned.outcome == "to be updated"
    assert account.cloudformation.deployed[1]["Stage"] == "dev"
    assert "DefaultBranch" not in account.cloudformation.deployed[1]


def test_the_wrong_account_is_left_alone(
    account: Clients, make_stack: Callable[..., Stack]
) -> None:
    with pytest.raises(BlueprintError, match="but you are signed in to 999999999999") as caught:
        deploy(make_stack(), PARAMETERS, clients=replace(account, sts=FakeSts("999999999999")))
    assert "stacks/deploy/dev.yaml" in caught.value.remedy
    assert account.cloudformation.kinds == []


def test_a_bucket_made_by_hand_stops_it_until_it_may_be_adopted(
    account: Clients, bootstrap: Bootstrap
) -> None:
    account.s3.buckets[STATE] = True

    with pytest.raises(BlueprintError, match=f"not by this command: bucket {STATE}") as caught:
        bootstrap()

    assert "--adopt" in caught.value.remedy
    assert account.cloudformation.kinds == []


def test_adopting_imports_the_buckets_then_gives_them_their_settings(
    account: Clients, bootstrap: Bootstrap, told: list[str]
) -> None:
    account.s3.buckets = {STATE: True, PLANS: True}

    deployed = bootstrap(adopt=True)

    assert account.cloudformation.kinds == ["IMPORT", "UPDATE"]
    assert account.cloudformation.imported == [STATE, PLANS]
    assert account.s3.buckets == {STATE: False, PLANS: False}
    assert deployed.outcome == "updated"
    assert f"{STATE}: taken over, with all it holds" in told


def test_adopting_where_nothing_is_there_just_creates(
    account: Clients, bootstrap: Bootstrap
) -> None:
    bootstrap(adopt=True)

    assert account.cloudformation.kinds == ["CREATE"]


def test_a_dry_run_adopts_nothing(account: Clients, bootstrap: Bootstrap) -> None:
    account.s3.buckets = {STATE: True}

    bootstrap(adopt=True, dry_run=True)

    assert account.cloudformation.imported == []
    assert account.s3.buckets == {STATE: True}


def test_a_bucket_of_another_account_stops_it(account: Clients, bootstrap: Bootstrap) -> None:
    account.s3.taken = {PLANS}

    with pytest.raises(BlueprintError, match=f"bucket {PLANS} belongs to another account"):
        bootstrap()


def test_the_accounts_own_provider_for_github_is_used(
    account: Clients, bootstrap: Bootstrap
) -> None:
    account.iam.audiences = ["sts.amazonaws.com"]

    bootstrap()

    assert account.cloudformation.deployed[1]["OidcProvider"] == "existing"


def test_the_provider_this_stack_made_stays_its_own(account: Clients, bootstrap: Bootstrap) -> None:
    bootstrap()
    account.iam.audiences = ["sts.amazonaws.com"]

    assert bootstrap().outcome == "unchanged"


def test_a_provider_that_is_not_for_aws_is_named_with_the_command_that_mends_it(
    account: Clients, bootstrap: Bootstrap
) -> None:
    account.iam.audiences = ["https://github.com/octo-org"]

    with pytest.raises(BlueprintError, match="does not accept tokens for") as caught:
        bootstrap()
    assert "add-client-id-to-open-id-connect-provider" in caught.value.remedy
    assert "oidc-provider/token.actions.githubusercontent.com" in caught.value.remedy


@pytest.mark.parametrize(
    ("status", "remedy"),
    [
        (
            "ROLLBACK_COMPLETE",
            "delete-stack --region us-east-1 --stack-name acme-useast1-dev-bootstrap",
        ),
        ("ROLLBACK_FAILED", "resolve what its events name"),
        ("DELETE_FAILED", "finish its deletion"),
        ("UPDATE_ROLLBACK_FAILED", "continue-update-rollback --region us-east-1"),
        ("UPDATE_IN_PROGRESS", "somebody else is changing it"),
        ("DELETE_IN_PROGRESS", "somebody else is changing it"),
    ],
)
def test_a_stack_that_cannot_be_changed_says_what_to_do(
    status: str, remedy: str, account: Clients, bootstrap: Bootstrap
) -> None:
    account.cloudformation.status = status

    with pytest.raises(BlueprintError, match=f"acme-useast1-dev-bootstrap is {status}") as caught:
        bootstrap()
    assert remedy in caught.value.remedy
    assert account.cloudformation.kinds == []


@pytest.mark.parametrize(
    ("reason", "remedy"),
    [
        ("Cannot exceed quota for ACLSizePerRole: 2048", "raised to 4096"),
        ("alias/acme-useast1-dev-delivery already exists", "made by other means"),
        ("Access denied", "its creation failed and nothing of it is left"),
    ],
)
def test_a_failed_creation_names_the_resource_its_reason_and_what_to_do(
    reason: str, remedy: str, account: Clients, bootstrap: Bootstrap
) -> None:
    account.cloudformation.fails_with = reason

    with pytest.raises(BlueprintError) as caught:
        bootstrap()

    assert caught.value.message == (
        f"CloudFormation stack acme-useast1-dev-bootstrap ended as ROLLBACK_COMPLETE\nStateBucket: {reason}"
    )
    assert remedy in caught.value.remedy
    assert not account.cloudformation.protected


def test_a_failed_update_tells_only_its_own_failures(
    account: Clients, bootstrap: Bootstrap
) -> None:
    bootstrap()
    account.cloudformation.fails_with = "first reason"
    with pytest.raises(BlueprintError, match="first reason"):
        bootstrap(parameters={"Stage": "dev", "DefaultBranch": "one"})
    account.cloudformation.fails_with = "second reason"

    with pytest.raises(BlueprintError, match="second reason") as caught:
        bootstrap(parameters={"Stage": "dev", "DefaultBranch": "two"})
    assert "first reason" not in caught.value.message


def test_a_change_that_cloudformation_refuses_is_no_unchanged_stack(
    account: Clients, bootstrap: Bootstrap
) -> None:
    account.cloudformation.refuses_with = "Template error: unresolved"

    with pytest.raises(BlueprintError, match=r"refuses the change of .*: Template error"):
        bootstrap()
    assert account.cloudformation.deleted


def test_a_stack_that_never_ends_is_not_waited_for_for_ever(
    account: Clients,
    make_stack: Callable[..., Stack],
    told: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(account.cloudformation, "_finish", lambda: None)
    monkeypatch.setattr("blueprint.accounts.change_sets._TIMEOUT_SECONDS", 0.05)

    with pytest.raises(BlueprintError, match="is not done after"):
        deploy(
            make_stack(),
            PARAMETERS,
            clients=account,
            report=told.append,
            pause=no_pause,
        )


def test_the_embedded_aws_gets_by_api_what_its_cloudformation_lacks(
    account: Clients, bootstrap: Bootstrap
) -> None:
    bootstrap(embedded_aws=True)

    assert account.cloudformation.deployed[1]["OidcProvider"] == "existing"
    assert account.iam.audiences == ["sts.amazonaws.com"]
    assert set(account.iam.boundaries) == {"acme-useast1-dev-plan", "acme-useast1-dev-apply"}
    assert not account.cloudformation.protected


def test_the_embedded_aws_takes_over_the_buckets_other_commands_made(
    account: Clients, bootstrap: Bootstrap
) -> None:
    account.s3.buckets = {STATE: False}

    bootstrap(embedded_aws=True)

    assert account.cloudformation.imported == [STATE]
