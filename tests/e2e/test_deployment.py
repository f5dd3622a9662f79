"""What `make up` promises of the stack itself: converged, locked, least privileged, released."""

import json
import os
import re
import signal
import subprocess
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from blueprint import paths
from blueprint.delivery import applying, planning, terraform
from blueprint.errors import BlueprintError
from blueprint.journey.shell import exports
from blueprint.packaging import manifest
from blueprint.release.commands import uploader

from .conftest import Deployment


def test_a_second_plan_is_empty(deployment: Deployment) -> None:
    planned = planning.plan(deployment.stack, deployment.env)

    assert [item.as_json() for item in planned if not item.clean] == []
    assert {item.component for item in planned} == set(deployment.stack.components)


def test_a_second_apply_starts_terraform_for_nothing(deployment: Deployment) -> None:
    applied = applying.apply(
        deployment.stack, deployment.env, prepare=uploader(deployment.stack, deployment.env)
    )

    assert [item.component for item in applied if item.counts is not None] == []


def test_a_change_made_by_hand_is_found(deployment: Deployment) -> None:
    """An echo list that hid drift would hide this."""
    sqs, queue = deployment.client("sqs"), deployment.outputs.get("sqs", "queue_url")
    before = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["DelaySeconds"])["Attributes"]
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"DelaySeconds": "7"})
    try:
        planned = planning.plan(deployment.stack, deployment.env, only=["sqs"])
    finally:
        sqs.set_queue_attributes(QueueUrl=queue, Attributes=before)

    assert [change.attributes for change in planned[0].changes] == [frozenset({"delay_seconds"})]


def test_every_function_runs_the_package_that_was_built(deployment: Deployment) -> None:
    functions = deployment.outputs.get("lambda", "function_names")
    packages = manifest.read(paths.MANIFEST)

    for role, name in functions.items():
        live = deployment.client("lambda").get_function_configuration(
            FunctionName=name, Qualifier="live"
        )
        assert live["CodeSha256"] == packages[role].base64sha256, role
        assert live["Architectures"] == ["arm64"], role
        assert live["TracingConfig"] == {"Mode": "Active"}, role


def test_a_function_cannot_do_what_its_role_does_not_say(deployment: Deployment) -> None:
    """By the policies as they are deployed; that they are enforced is tests/emulator's to prove."""
    role = deployment.outputs.get("iam", "role_arns")["authorizer"]
    simulated = deployment.client("iam").simulate_principal_policy(
        PolicySourceArn=role,
        ActionNames=["dynamodb:GetItem"],
        ResourceArns=[deployment.outputs.get("dynamodb", "table_arn")],
    )

    assert simulated["EvaluationResults"][0]["EvalDecision"] != "allowed"


@pytest.fixture
def held_lock(deployment: Deployment) -> Iterator[str]:
    """The lock that a killed Terraform leaves behind."""
    identifier = str(uuid.uuid4())
    component = deployment.stack.component("dynamodb")
    key = f"{component.state_key}.tflock"
    lock = {
        "ID": identifier,
        "Operation": "OperationTypeApply",
        "Info": "",
        "Who": "somebody@elsewhere",
        "Version": "1.11.4",
        "Created": "2026-01-01T00:00:00Z",
        "Path": f"{deployment.stack.state_bucket}/{component.state_key}",
    }
    s3 = deployment.client("s3")
    s3.put_object(Bucket=deployment.stack.state_bucket, Key=key, Body=json.dumps(lock).encode())
    yield identifier
    s3.delete_object(Bucket=deployment.stack.state_bucket, Key=key)


def test_a_left_over_lock_is_explained_with_the_command_that_clears_it(
    deployment: Deployment, held_lock: str
) -> None:
    prepare = uploader(deployment.stack, deployment.env)
    # Whoever holds it never gives it back.
    impatient = {**deployment.env, "BLUEPRINT_LOCK_TIMEOUT": "0s"}

    with pytest.raises(BlueprintError, match="locked by somebody@elsewhere") as failed:
        applying.apply(deployment.stack, impatient, prepare=prepare, only=["dynamodb"], force=True)
    assert f"blueprint unlock dynamodb -s local {held_lock}" in failed.value.remedy

    terraform.unlock(deployment.stack.component("dynamodb"), held_lock, deployment.env)
    applied = applying.apply(
        deployment.stack, deployment.env, prepare=prepare, only=["dynamodb"], force=True
    )
    assert [str(item.counts) for item in applied] == ["+0 ~0 -0"]


def test_what_was_destroyed_comes_back_over_an_interrupted_apply(
    deployment: Deployment, eventually: Callable[..., Any]
) -> None:
    """Ctrl-C while Terraform creates: it ends its call, saves its state, frees the lock; the next run goes on."""
    blueprint = str(paths.ROOT / ".venv" / "bin" / "blueprint")
    lock = f"{deployment.stack.component('scheduler').state_key}.tflock"

    def locked() -> bool:
        found = deployment.client("s3").list_objects_v2(
            Bucket=deployment.stack.state_bucket, Prefix=lock
        )
        return bool(found.get("Contents"))

    def changes() -> list[str]:
        (planned,) = planning.plan(deployment.stack, deployment.env, only=["scheduler"])
        return [change.address for change in planned.changes]

    subprocess.run([blueprint, "destroy", "-s", "local", "scheduler", "--yes"], check=True)
    assert changes() == ["aws_scheduler_schedule.resend_orders"]

    command = [blueprint, "apply", "-s", "local", "scheduler"]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    eventually(lambda: locked() or running.poll() is not None, "Terraform holds the lock")
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=120)

    assert running.returncode == 130, said
    assert "run the same command again to continue" in said
    assert not locked()
    subprocess.run(command, check=True)
    assert changes() == []


@pytest.mark.parametrize("component", ["iam", "dynamodb", "lambda", "apigateway"])
def test_the_quick_start_command_works_as_written(deployment: Deployment, component: str) -> None:
    """In a shell that evaluated `blueprint env local`; answering yes as a person would."""
    lines = "\n".join(exports(deployment.env, before={}))
    script = f"{lines}\nyes yes | atmos terraform apply {component} -s local"

    result = subprocess.run(
        ["bash", "-c", script],
        cwd=paths.ROOT,
        env={"PATH": os.environ["PATH"], "HOME": os.environ["HOME"]},
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 0, result.stdout + result.stderr
    # A new JWT authorizer is updated once: the one declared echo (blueprint/delivery/echoes.yaml).
    changed = "[01]" if component == "apigateway" else "0"
    assert re.search(rf"\b0 added, {changed} changed, 0 destroyed", result.stdout), result.stdout


def test_deploy_lambda_works_on_a_deployed_stack() -> None:
    result = subprocess.run(
        [str(paths.ROOT / "scripts" / "deploy-lambda.sh")],
        cwd=Path("/"),
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 0, result.stdout + result.stderr
    assert "smoke" in result.stderr
