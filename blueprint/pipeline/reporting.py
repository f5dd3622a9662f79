"""The verbs that tell people: the pull request's comment, and the issues about drift and failed deployments."""

import os
from pathlib import Path
from typing import Annotated

import typer

from blueprint import paths
from blueprint.console import done, note, out
from blueprint.delivery.commands import open_stack
from blueprint.errors import UsageError
from blueprint.github import client, comments, event
from blueprint.github.issues import Issues
from blueprint.pipeline import clone
from blueprint.pipeline.options import AsJson, Environment, OutFile
from blueprint.promotion import policy
from blueprint.report import comment as comments_report
from blueprint.report import documents, failure, step_summary
from blueprint.report import drift as drift_report
from blueprint.report.tracking import Outcome
from blueprint.review import drift as drifting
from blueprint.stacks import atmos, environment

Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files to read.")]


def comment(
    files: Files,
    pull_request: Annotated[
        int | None, typer.Option("--pull-request", help="Its number; the event's when left out.")
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help="Print it (and put it on the page of a workflow's run) instead."
        ),
    ] = False,
) -> None:
    """Show plan documents to reviewers, as the one comment of a pull request.

    Example: blueprint delivery comment build/delivery/dev.json --dry-run
    """
    plans = sorted(documents.read(files), key=lambda plan: _place(plan.stack))
    text = comments_report.render(
        plans,
        directory=files[0].parent,
        run_url=event.run_url(os.environ),
        emulated=any(_emulated(plan.stack) for plan in plans),
    )
    if dry_run:
        out.print(text, markup=False)
        # In a workflow it is read on the run's page: by an environment's reviewers, and where a fork cannot comment.
        step_summary.append(text, os.environ)
        return
    number = pull_request or event.from_environment(os.environ).pull_request
    if number is None:
        raise UsageError(
            "the event is of no pull request", remedy="give --pull-request, or --dry-run"
        )
    posted = comments.upsert(
        client.from_environment(os.environ), number, marker=comments_report.MARKER, body=text
    )
    done(f"comment on #{number} {posted.action}: {posted.url}")


def drift(stack: Environment, target: OutFile = None, as_json: AsJson = False) -> None:
    """Find what differs in AWS from what was deployed; run it at the deployed commit. Drift is no failure.

    Example: blueprint delivery drift -s prod --out build/delivery/drift-prod.json
    """
    opened, env = open_stack(stack)
    found = drifting.find(opened, env, commit=clone.head(clone.repository()))
    text = drifting.render(found)
    if target is not None:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    if as_json:
        print(text, end="")
    for item in found.components:
        note(f"{item.component}: {item.kind}, {len(item.changes)} resources")
    done(f"{stack}: {len(found.components)} components have drifted")


def drift_issue(files: Files) -> None:
    """Keep one issue per environment in step with its drift: opened, updated, closed.

    Example: blueprint delivery drift-issue build/delivery/drift-prod.json
    """
    reports = [drift_report.read(file) for file in files]
    tracker = Issues(client.from_environment(os.environ))
    for report in reports:
        outcome = drift_report.update(tracker, report, run_url=event.run_url(os.environ))
        _tell(f"drift in {report.stack}", outcome)


def failure_issue(
    stack: Environment,
    result: Annotated[
        Path | None, typer.Option(help="What `delivery apply --result` wrote, if it came that far.")
    ] = None,
    commit: Annotated[
        str | None, typer.Option(help="Commit that was deployed; GITHUB_SHA when left out.")
    ] = None,
    resolved: Annotated[
        bool, typer.Option("--resolved", help="The environment has been deployed.")
    ] = False,
) -> None:
    """Keep one issue per environment about a deployment that failed; close it once one succeeds.

    Example: blueprint delivery failure-issue -s dev --result build/delivery/dev-result.json
    """
    outcome = failure.update(
        Issues(client.from_environment(os.environ)),
        stack,
        failure.read(result) if result else None,
        commit=commit or os.environ.get("GITHUB_SHA") or clone.head(clone.repository()),
        run_url=event.run_url(os.environ),
        resolved=resolved,
    )
    _tell(f"deploy failed: {stack}", outcome)


def _tell(what: str, outcome: Outcome) -> None:
    issue = f" #{outcome.issue.number}" if outcome.issue else ""
    done(f"{what}: {outcome.action}{issue}")


def _place(stack: str) -> int:
    """The place of an environment in the order in which a commit passes them; after them what is none."""
    names = [each.name for each in policy.read().environments]
    return names.index(stack) if stack in names else len(names)


def _emulated(stack: str) -> bool:
    """Whether the plan was made on the embedded AWS; a stack this tree does not have was not."""
    env = environment.base()
    return stack in atmos.stack_names(env, root=paths.ROOT) and atmos.stack(stack, env).emulated
