"""`blueprint preview`: a stack of its own for a pull request, made, removed and swept up after."""

import json
import os
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from blueprint import aws, paths, processes
from blueprint.console import done, out
from blueprint.delivery.commands import open_stack
from blueprint.delivery.state import ensure_bucket
from blueprint.errors import BlueprintError
from blueprint.github import client, pulls
from blueprint.preview import down as removal
from blueprint.preview import states
from blueprint.preview import sweep as sweeping
from blueprint.preview import up as bringing
from blueprint.preview.records import Records
from blueprint.stacks import stages

app = typer.Typer(
    name="preview",
    help="A stack of its own for each pull request, in dev's account, until it is closed or its time is up.",
    no_args_is_help=True,
)
PullRequestNumber = Annotated[int, typer.Argument(metavar="PR", help="Number of the pull request.")]


@app.command()
def up(pull_request: PullRequestNumber) -> None:
    """Bring the preview of a pull request to what the work tree says, and print where its API answers.

    Example: blueprint preview up 123
    """
    url = bringing.up(pull_request, commit=_head(), now=_now)
    done(f"preview {stages.preview_stage(pull_request)} answers at")
    out.print(url, markup=False)


@app.command()
def down(pull_request: PullRequestNumber) -> None:
    """Destroy the preview of a pull request; nothing happens where there is none.

    Example: blueprint preview down 123
    """
    removal.down(pull_request)


@app.command()
def sweep(
    as_json: Annotated[
        bool, typer.Option("--json", help="Print what had to go, and why, as JSON.")
    ] = False,
) -> None:
    """Destroy the previews whose pull request is closed, no longer labelled, or whose time is up.

    Example: blueprint preview sweep --json
    """
    github = client.from_environment(os.environ)
    host, env = open_stack(stages.PREVIEW_HOST)
    s3 = aws.client("s3", env, region=host.value("region"))
    ensure_bucket(host, s3)
    records, found = Records(s3, host.state_bucket).all(), states.find(s3, host.state_bucket)
    # Asked last: the pull request of every preview found above was opened before.
    previews = sweeping.doomed(records, found, pulls.open_pulls(github), _now())
    swept = sweeping.sweep(previews, down=removal.down)
    if as_json:
        print(json.dumps([asdict(item) for item in swept]))
    if not previews:
        done("no preview has to go")
    sweeping.require(swept)


def _now() -> datetime:
    return datetime.now(UTC)


def _head() -> str:
    """The commit of the work tree: the configuration that will be asked for when the preview goes."""
    result = processes.run(["git", "rev-parse", "HEAD"], cwd=paths.ROOT, env=os.environ, apart=True)
    if not result.ok:
        raise BlueprintError(
            f"git cannot tell the commit: {result.errors}",
            remedy="run it in a clone of the repository",
        )
    return result.output.strip()
