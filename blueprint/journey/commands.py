"""The verbs that run several subjects after each other: up, down, test, check, and what feeds them."""

from typing import Annotated

import typer

from blueprint import aws
from blueprint.delivery.commands import Components, StackName, apply_components, open_stack
from blueprint.delivery.state import ensure_bucket
from blueprint.journey import check as checks
from blueprint.journey import down as takedown
from blueprint.journey import shell, suites
from blueprint.journey import up as journey
from blueprint.packaging import commands as packages
from blueprint.release.commands import upload_packages, uploader
from blueprint.tools.bootstrap import bootstrap
from blueprint.workflows.commands import verbs


def up(
    persist: Annotated[
        bool, typer.Option("--persist", help="Keep the embedded AWS's data over a stop.")
    ] = False,
    force: Annotated[bool, typer.Option("--all", help="Plan unchanged components, too.")] = False,
) -> None:
    """Bring the whole local stack up and print where it answers; again continues or changes nothing.

    Example: blueprint up --persist
    """
    journey.up(persist=persist, force=force)


def down() -> None:
    """Stop the embedded AWS and remove its data.

    Example: blueprint down
    """
    takedown.down()


def run_tests(
    suite: Annotated[
        list[str] | None, typer.Argument(help=f"{', '.join(suites.SUITES)}; all when left out.")
    ] = None,
) -> None:
    """Run the test suites, the quickest first.

    Example: blueprint test unit terraform
    """
    suites.test(suite or [])


def pipelines() -> None:
    """Fly the flight simulator: the shipped workflows, run offline against three accounts of the embedded AWS.

    Example: blueprint pipelines
    """
    suites.pipelines()


def check(
    context: typer.Context,
    name: Annotated[
        list[str] | None, typer.Argument(help=f"{', '.join(checks.CHECKS)}; all when left out.")
    ] = None,
) -> None:
    """Run the static checks; changes nothing.

    Example: blueprint check stacks checkov
    """
    checks.check(name or [], verbs=verbs(context.find_root().command))


def fix() -> None:
    """Repair what needs no judgement: format, shared Terraform files, generated code.

    Example: blueprint fix
    """
    checks.fix()


def tools() -> None:
    """Provide the pinned tools that are missing and link them in .tools/bin.

    Example: blueprint tools
    """
    bootstrap()


def env(
    stack: Annotated[str, typer.Argument(help="Stack: local, dev, staging or prod.")] = "local",
) -> None:
    """Print shell commands that make this shell work on a stack: pinned tools, provider mirror, endpoint.

    Example: eval "$(blueprint env local)"
    """
    opened, environment = open_stack(stack)
    if opened.emulated:
        # On AWS a person makes the state bucket once; here it went with the last server.
        ensure_bucket(opened, aws.client("s3", environment, region=opened.value("region")))
    for line in shell.exports(environment):
        print(line)


def package(
    role: Annotated[list[str] | None, typer.Argument(help="Functions; all when left out.")] = None,
    upload: Annotated[
        bool, typer.Option("--upload", help="Put the packages into the stack's bucket.")
    ] = False,
    stack: StackName = "local",
    as_json: Annotated[bool, typer.Option("--json", help="Print the manifest as JSON.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Build even what has not changed.")
    ] = False,
) -> None:
    """Build one reproducible arm64 zip per function; with --upload, put them where Terraform expects them.

    Example: blueprint package --upload -s dev
    """
    target = (
        open_stack(stack) if upload else None
    )  # a wrong stack is refused before anything is built
    packages.show(*packages.package_functions(role or [], force=force), as_json=as_json)
    if target:
        upload_packages(*target)


def apply(
    stack: StackName,
    components: Components = None,
    force: Annotated[bool, typer.Option("--all", help="Plan unchanged components, too.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print what was applied as JSON.")
    ] = False,
) -> None:
    """Apply a stack in dependency order; what has not changed since its last apply is skipped.

    Example: blueprint apply -s local lambda apigateway
    """
    opened, environment = open_stack(stack)
    apply_components(
        opened,
        environment,
        components,
        prepare=uploader(opened, environment),
        force=force,
        as_json=as_json,
    )
