"""The verbs after an apply: release, seed, smoke, token."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated

import typer

from blueprint import aws, paths
from blueprint.console import done, note
from blueprint.delivery import applying
from blueprint.delivery.commands import StackName, open_stack
from blueprint.delivery.outputs import Outputs
from blueprint.packaging import manifest
from blueprint.packaging.upload import upload
from blueprint.release import alias, endpoint, identity
from blueprint.release import seed as seeding
from blueprint.release import smoke as smoking
from blueprint.release.alias import Release
from blueprint.release.smoke import Check
from blueprint.stacks.model import Component, Stack


def upload_packages(stack: Stack, env: Mapping[str, str]) -> None:
    """Put the built packages into the stack's artifacts bucket, where Terraform expects them."""
    s3 = aws.client("s3", env, region=stack.value("region"))
    bucket = Outputs(stack, env).get("s3", "artifacts_bucket")
    uploaded = upload(manifest.read(paths.MANIFEST), bucket, s3)
    done(f"packages: {len(uploaded)} uploaded to {bucket}")


def reads_packages(component: Component) -> bool:
    """Whether `component` deploys the built packages: their manifest is among its declared inputs."""
    return paths.MANIFEST.relative_to(paths.ROOT).as_posix() in component.inputs


def uploader(stack: Stack, env: Mapping[str, str]) -> applying.Prepare:
    """What has to happen before a component is applied: a component that deploys packages finds them in the bucket."""

    def prepare(component: Component) -> None:
        if reads_packages(component):
            upload_packages(stack, env)

    return prepare


def release_stack(stack: Stack, env: Mapping[str, str]) -> list[Release]:
    """Move `live` of every function of `stack` to its built package."""
    functions = Outputs(stack, env).get("lambda", "function_names")
    digests = {
        role: package.base64sha256 for role, package in manifest.read(paths.MANIFEST).items()
    }
    releases = alias.release(
        functions, digests, aws.client("lambda", env, region=stack.value("region"))
    )
    for item in releases:
        text = (
            f"version {item.before} -> {item.after}"
            if item.moved
            else f"version {item.after}, unchanged"
        )
        done(f"{item.role}: {alias.ALIAS} is {text}")
    return releases


def seed_stack(stack: Stack, env: Mapping[str, str]) -> None:
    """Put the sample items into the stack's table."""
    dynamodb = aws.client("dynamodb", env, region=stack.value("region"))
    count = seeding.seed(Outputs(stack, env).get("dynamodb", "table_name"), dynamodb)
    done(f"table: {count} sample items")


def smoke_stack(stack: Stack, env: Mapping[str, str]) -> list[Check]:
    """Smoke-test the stack's API; signed in only where nobody owns the users."""
    outputs = Outputs(stack, env)
    token = identity.access_token(stack, env) if stack.emulated else None
    checks = smoking.smoke(endpoint.api_url(stack, env, outputs), token=token)
    for check in checks:
        if check.passed:
            done(f"smoke: {check.name} ({check.actual}, {check.milliseconds} ms)")
    if token is None:
        note("no user was signed in: a real environment's users are not this verb's to make")
    return checks


def release(
    stack: StackName,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the versions before and after as JSON.")
    ] = False,
) -> None:
    """Move the alias `live` of every function to the version of its built package.

    Example: blueprint release -s local
    """
    releases = release_stack(*open_stack(stack))
    if as_json:
        print(json.dumps([asdict(item) for item in releases]))


def seed(
    stack: StackName,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Put the sample items into the table (again changes nothing).

    Example: blueprint seed -s dev
    """
    opened, env = open_stack(stack)
    if not (yes or opened.emulated):
        typer.confirm(f"Write the sample items into the table of {opened.name}?", abort=True)
    seed_stack(opened, env)


def smoke(
    stack: StackName,
    as_json: Annotated[bool, typer.Option("--json", help="Print the checks as JSON.")] = False,
) -> None:
    """Check that a deployed API is alive, guarded and serving.

    Example: blueprint smoke -s local
    """
    checks = smoke_stack(*open_stack(stack))
    if as_json:
        print(json.dumps([{**asdict(check), "passed": check.passed} for check in checks]))
    smoking.require(checks)


def token(
    stack: StackName = "local",
    user: Annotated[
        str, typer.Option(help="E-mail of the test user; made where needed.")
    ] = identity.DEFAULT_USER,
) -> None:
    """Print a fresh access token of a test user (emulated stacks only).

    Example: curl -H "Authorization: Bearer $(blueprint token)" "$(blueprint url)/items"
    """
    opened, env = open_stack(stack)
    print(identity.access_token(opened, env, user=user))


def url(stack: StackName = "local") -> None:
    """Print the API's base URL.

    Example: curl "$(blueprint url)/health"
    """
    opened, env = open_stack(stack)
    print(endpoint.api_url(opened, env, Outputs(opened, env)))
