"""An account of the embedded AWS made ready as one of AWS's is: who gets which role there, and what it may then do."""

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from blueprint import aws
from blueprint.accounts.bootstrapping import Clients, Deployed, clients, deploy
from blueprint.accounts.parameters import parameters
from blueprint.accounts.repository import parse
from blueprint.emulator import server
from blueprint.emulator.environment import client_environment
from blueprint.emulator.instance import Instance
from blueprint.stacks.model import Component, Stack
from tests.bootstrap_template import ACCOUNT as RENDERED_ACCOUNT
from tests.bootstrap_template import Rendered
from tests.trust_policy import allows, claims

ACCOUNT = "111111111111"
NEIGHBOUR = "222222222222"
STATE = f"acme-useast1-dev-tfstate-{ACCOUNT}"
PLANS = f"acme-useast1-dev-plans-{ACCOUNT}"
SESSION = boto3.Session(region_name="us-east-1")

PULL = {"event": "pull_request", "ref": "refs/pull/12/merge", "workflow": "pr.yml"}
APPLY = {"environment": "dev"}
PREVIEW = {**PULL, "workflow": "preview.yml", "environment": "preview"}


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """One embedded AWS for this file: every test leaves the account ready."""
    directory = tmp_path_factory.mktemp("aws")
    yield server.start(directory)
    server.stop(directory, grace_seconds=1)


@pytest.fixture(scope="module")
def stack() -> Stack:
    values = {
        "namespace": "acme",
        "region": "us-east-1",
        "stage": "dev",
        "account_id": ACCOUNT,
        "force_destroy": True,
    }
    component = Component("s3", "dev", "s3", values, (), (), {"bucket": STATE, "key": "k"})
    return Stack("dev", {"s3": component}, emulated=False)


@pytest.fixture(scope="module")
def administrator(instance: Instance, stack: Stack) -> Clients:
    env = {**client_environment(instance, {}, account=ACCOUNT), aws.EMULATED: stack.name}
    return clients(stack, env)


@pytest.fixture(scope="module")
def given(stack: Stack) -> dict[str, str]:
    repository = parse("octo-org/octo-repo", repository_id="456789", owner_id="123456")
    return parameters(stack, repository, ref="refs/heads/main", tls_only=False)


@pytest.fixture(scope="module")
def deployed(stack: Stack, administrator: Clients, given: dict[str, str]) -> Deployed:
    """The account made ready, over a state bucket that was there with a state in it."""
    administrator.s3.create_bucket(Bucket=STATE)
    administrator.s3.put_object(Bucket=STATE, Key="iam/dev/terraform.tfstate", Body=b"state")
    return bring(stack, administrator, given)


def bring(stack: Stack, administrator: Clients, given: dict[str, str], **more: Any) -> Deployed:
    def no_report(_text: str) -> None:
        """Progress is for people."""

    return deploy(
        stack,
        given,
        embedded_aws=True,
        clients=administrator,
        report=no_report,
        pause=lambda _: None,
        **more,
    )


def token(**given: Any) -> str:
    """A token as GitHub issues it; the embedded AWS does not look at its signature."""

    def part(content: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'RS256'})}.{part(claims(**given))}.c2ln"


Become = Callable[..., dict[str, str]]


@pytest.fixture
def become(instance: Instance, deployed: Deployed) -> Become:
    """Credentials of the role `plan`, `apply` or `preview`, for the token of a job."""
    sts = SESSION.client(
        "sts",
        endpoint_url=instance.url,
        aws_access_key_id="anybody",
        aws_secret_access_key="none",
    )

    def assume(role: str, **given: Any) -> dict[str, str]:
        answer = sts.assume_role_with_web_identity(
            RoleArn=deployed.outputs[f"{role.capitalize()}RoleArn"],
            RoleSessionName="test",
            WebIdentityToken=token(**given),
        )
        credentials = answer["Credentials"]
        return {
            "AccessKeyId": credentials["AccessKeyId"],
            "SecretAccessKey": credentials["SecretAccessKey"],
            "SessionToken": credentials["SessionToken"],
        }

    return assume


def client(service: str, instance: Instance, credentials: dict[str, str]) -> Any:
    make: Any = SESSION.client
    return make(
        service,
        endpoint_url=instance.url,
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )


def test_the_state_that_was_there_is_kept(administrator: Clients, deployed: Deployed) -> None:
    kept = administrator.s3.get_object(Bucket=STATE, Key="iam/dev/terraform.tfstate")

    assert kept["Body"].read() == b"state"
    assert administrator.s3.get_bucket_versioning(Bucket=STATE)["Status"] == "Enabled"
    assert deployed.outputs["StateBucket"] == STATE


def test_running_it_again_changes_nothing(
    stack: Stack, administrator: Clients, given: dict[str, str], deployed: Deployed
) -> None:
    again = bring(stack, administrator, given)

    assert again.outcome == "unchanged"
    assert again.outputs == deployed.outputs


def test_a_change_says_what_it_touches_and_is_carried_out(
    stack: Stack, administrator: Clients, given: dict[str, str], deployed: Deployed
) -> None:
    changed = {**given, "DisposableData": "false"}

    planned = bring(stack, administrator, changed, dry_run=True)
    there = bring(stack, administrator, changed)
    back = bring(stack, administrator, given)

    assert planned.outcome == "to be updated"
    assert [change.logical_id for change in planned.changes] == ["ApplyRole"]
    assert (there.outcome, back.outcome) == ("updated", "updated")
    assert back.outputs == deployed.outputs


@pytest.mark.parametrize("kind", ["plan", "apply", "preview"])
def test_cloudformation_reads_the_template_as_the_tests_do(
    kind: str, administrator: Clients, given: dict[str, str], deployed: Deployed
) -> None:
    name = deployed.outputs[f"{kind.capitalize()}RoleArn"].rpartition("/")[2]
    role = administrator.iam.get_role(RoleName=name)["Role"]
    names = administrator.iam.list_role_policies(RoleName=name)["PolicyNames"]
    found = [
        administrator.iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
        for policy in names
    ]
    rendered = Rendered(given).role(kind)

    def ours(content: object) -> Any:
        text = json.dumps(content).replace(RENDERED_ACCOUNT, ACCOUNT)
        return json.loads(text.replace(_key(Rendered(given)), deployed.outputs["KeyArn"]))

    assert role["AssumeRolePolicyDocument"] == ours(rendered.trust)
    assert sorted(map(json.dumps, found)) == sorted(
        json.dumps(ours(policy)) for policy in rendered.policies[1:]
    )
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == deployed.outputs["BoundaryArn"]


def _key(rendered: Rendered) -> str:
    statement = next(
        item
        for item in rendered.role("plan").policies[1]["Statement"]
        if item["Sid"] == "UseTheirKeyThroughS3"
    )
    return str(statement["Resource"]).replace(RENDERED_ACCOUNT, ACCOUNT)


@pytest.mark.parametrize(
    ("kind", "given_claims"),
    [
        ("plan", PULL),
        ("plan", {**PULL, "immutable": False}),
        ("plan", {"event": "schedule", "workflow": "drift.yml"}),
        ("apply", APPLY),
        ("apply", {"environment": "dev-destroy", "workflow": "destroy.yml"}),
        ("preview", PREVIEW),
    ],
)
def test_a_job_gets_its_role(kind: str, given_claims: dict[str, Any], become: Become) -> None:
    assert become(kind, **given_claims)["SessionToken"]


@pytest.mark.parametrize(
    ("kind", "given_claims"),
    [
        ("apply", PULL),
        ("apply", {}),
        ("apply", {"environment": "dev", "ref": "refs/heads/x"}),
        ("apply", {"environment": "dev", "ref": "refs/heads/x", "workflow_ref": "refs/heads/main"}),
        ("apply", {"environment": "dev", "workflow": "evil.yml"}),
        ("apply", {"environment": "staging"}),
        ("apply", {**APPLY, "aud": "https://github.com/octo-org"}),
        ("apply", {**APPLY, "repository_id": "999999", "immutable": False}),
        ("apply", {**APPLY, "owner": "mallory", "owner_id": "666", "repository_id": "667"}),
        ("apply", {**APPLY, "iss": "https://token.example.com"}),
        ("apply", {**APPLY, "job_workflow_ref": None}),
        ("plan", {**PULL, "workflow": "evil.yml"}),
        ("plan", APPLY),
        ("preview", APPLY),
        ("preview", PULL),
    ],
)
def test_any_other_job_is_refused_by_the_embedded_aws_and_by_the_evaluator_alike(
    kind: str, given_claims: dict[str, Any], become: Become, given: dict[str, str]
) -> None:
    with pytest.raises(ClientError, match="Not authorized to perform"):
        become(kind, **given_claims)

    assert not allows(Rendered(given).role(kind).trust, claims(**given_claims))


def test_the_plan_role_reads_state_and_writes_plans_once(
    instance: Instance, become: Become
) -> None:
    s3 = client("s3", instance, become("plan", **PULL))

    s3.get_object(Bucket=STATE, Key="iam/dev/terraform.tfstate")
    s3.put_object(Bucket=STATE, Key="iam/dev/terraform.tfstate.tflock", Body=b"", IfNoneMatch="*")
    s3.delete_object(Bucket=STATE, Key="iam/dev/terraform.tfstate.tflock")
    s3.put_object(Bucket=PLANS, Key="documents/a.json", Body=b"1", IfNoneMatch="*")
    s3.put_object(Bucket=PLANS, Key="files/a.tfplan", Body=b"1", IfNoneMatch="*")
    s3.get_object(Bucket=PLANS, Key="documents/a.json")

    with pytest.raises(ClientError, match="PreconditionFailed"):
        s3.put_object(Bucket=PLANS, Key="documents/a.json", Body=b"2", IfNoneMatch="*")
    for refused in (
        lambda: s3.put_object(Bucket=PLANS, Key="documents/a.json", Body=b"2"),
        lambda: s3.delete_object(Bucket=PLANS, Key="documents/a.json"),
        lambda: s3.get_object(Bucket=PLANS, Key="files/a.tfplan"),
        lambda: s3.put_object(Bucket=STATE, Key="iam/dev/terraform.tfstate", Body=b""),
        lambda: s3.put_bucket_policy(Bucket=PLANS, Policy="{}"),
    ):
        with pytest.raises(ClientError, match="AccessDenied"):
            refused()


def test_the_apply_role_makes_roles_under_the_boundary_only(
    instance: Instance, become: Become
) -> None:
    iam = client("iam", instance, become("apply", **APPLY))
    trust = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "lambda.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
    )
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [everything]})
    boundary = iam.create_policy(PolicyName="acme-useast1-dev-boundary", PolicyDocument=policy)[
        "Policy"
    ]["Arn"]

    iam.create_role(
        RoleName="acme-useast1-dev-api",
        AssumeRolePolicyDocument=trust,
        PermissionsBoundary=boundary,
    )
    iam.put_role_policy(RoleName="acme-useast1-dev-api", PolicyName="p", PolicyDocument=policy)

    for refused in (
        lambda: iam.create_role(RoleName="acme-useast1-dev-admin", AssumeRolePolicyDocument=trust),
        lambda: iam.create_role(
            RoleName="acme-useast1-staging-api",
            AssumeRolePolicyDocument=trust,
            PermissionsBoundary=boundary,
        ),
        lambda: iam.delete_role_permissions_boundary(RoleName="acme-useast1-dev-api"),
        lambda: iam.put_role_policy(
            RoleName="acme-useast1-dev-apply", PolicyName="p", PolicyDocument=policy
        ),
        lambda: iam.update_assume_role_policy(
            RoleName="acme-useast1-dev-plan", PolicyDocument=trust
        ),
        lambda: iam.create_policy_version(
            PolicyArn=f"arn:aws:iam::{ACCOUNT}:policy/acme-useast1-dev-delivery-boundary",
            PolicyDocument=policy,
        ),
    ):
        with pytest.raises(ClientError, match="AccessDenied"):
            refused()


def test_no_role_deletes_the_history_of_a_state(instance: Instance, become: Become) -> None:
    s3 = client("s3", instance, become("apply", **APPLY))
    written = s3.put_object(Bucket=STATE, Key="iam/dev/terraform.tfstate", Body=b"state")

    with pytest.raises(ClientError, match="AccessDenied"):
        s3.delete_object(
            Bucket=STATE, Key="iam/dev/terraform.tfstate", VersionId=written["VersionId"]
        )
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.delete_bucket(Bucket=STATE)


def test_the_preview_role_reaches_previews_only(instance: Instance, become: Become) -> None:
    credentials = become("preview", **PREVIEW)
    s3, sqs = client("s3", instance, credentials), client("sqs", instance, credentials)

    s3.put_object(Bucket=STATE, Key="iam/pr12/terraform.tfstate", Body=b"")
    sqs.create_queue(QueueName="acme-useast1-pr12-orders")

    with pytest.raises(ClientError, match="AccessDenied"):
        s3.get_object(Bucket=STATE, Key="iam/dev/terraform.tfstate")
    with pytest.raises(ClientError, match="AccessDenied"):
        sqs.create_queue(QueueName="acme-useast1-dev-orders")


def test_a_role_is_nobody_in_the_account_beside(instance: Instance, become: Become) -> None:
    credentials = become("apply", **APPLY)
    neighbour = SESSION.client(
        "s3",
        endpoint_url=instance.url,
        aws_access_key_id=NEIGHBOUR,
        aws_secret_access_key="test",
    )
    name = f"acme-useast1-dev-receipts-{NEIGHBOUR}"
    neighbour.create_bucket(Bucket=name)
    neighbour.put_object(Bucket=name, Key="a", Body=b"")

    with pytest.raises(ClientError, match="AccessDenied"):
        client("s3", instance, credentials).get_object(Bucket=name, Key="a")
