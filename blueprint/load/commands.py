"""The verb `load`: users who browse and order, for a while, against a deployed stack."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated

import typer
from rich.box import SIMPLE
from rich.table import Table

from blueprint import data_files, paths
from blueprint.console import done, out, working
from blueprint.delivery.commands import StackName, open_stack
from blueprint.delivery.outputs import Outputs
from blueprint.errors import UsageError
from blueprint.load import locust, profiles, results
from blueprint.load.results import Route
from blueprint.release import endpoint, identity
from blueprint.stacks.model import Stack

PRODUCTION = "prod"


def load(
    stack: StackName,
    profile: Annotated[
        str, typer.Option(help="How hard and how long; see loadtests/profiles.yaml.")
    ] = "smoke",
    yes_production: Annotated[
        bool, typer.Option("--yes-production", help="Let the stack be prod, orders included.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Let users browse and order on a deployed stack, and judge what came back; reports lie in build/load.

    On a real stack LOAD_TOKEN is the access token of a user of yours; the orders placed are that user's.

    Example: blueprint load -s local --profile smoke
    """
    chosen = profiles.find(profile)
    if stack == PRODUCTION and not yes_production:
        raise UsageError(
            "prod is not loaded by accident: customers share it, and the orders placed are real",
            remedy="take staging, or add --yes-production",
        )
    opened, env = open_stack(stack)
    token = access_token(opened, env)
    url = endpoint.api_url(opened, env, Outputs(opened, env))
    reports = paths.BUILD / "load" / f"{opened.name}-{chosen.name}"
    with working(f"load: {chosen.users} users on {opened.name} for {chosen.seconds} s"):
        routes = locust.run(chosen, url=url, token=token, reports=reports)
    if as_json:
        print(json.dumps([asdict(route) for route in routes]))
    else:
        out.print(_table(routes))
    done(f"report: {data_files.shown(reports / 'report.html')}")
    results.require(routes, chosen)


def access_token(stack: Stack, env: Mapping[str, str]) -> str:
    """The token the users sign in with: a test user's where nobody owns the users, else the caller's LOAD_TOKEN."""
    if stack.emulated:
        return identity.access_token(stack, env)
    token = os.environ.get("LOAD_TOKEN", "").strip()
    if not token:
        raise UsageError(
            f"LOAD_TOKEN is not set, and the users of {stack.name} are not this verb's to make",
            remedy="sign in as a user of yours, as README.md shows, and export the access token as LOAD_TOKEN",
        )
    return token


def _table(routes: list[Route]) -> Table:
    table = Table("route", "requests", "failed", "median ms", "p95 ms", box=SIMPLE)
    for route in routes:
        table.add_row(
            route.name, str(route.requests), str(route.failures), str(route.median), str(route.p95)
        )
    return table
