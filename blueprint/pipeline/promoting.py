"""The verbs that decide what goes where: promote, pointer, rollback, separation, notes."""

import json
import os
from dataclasses import asdict
from typing import Annotated

import typer

from blueprint.console import done, note, out
from blueprint.errors import UsageError
from blueprint.github import client, event, releases
from blueprint.github.environments import Environments
from blueprint.pipeline import clone, github_output
from blueprint.pipeline.options import AsJson, Environment, GithubOutput
from blueprint.promotion import facts, policy, separation
from blueprint.promotion import notes as release_notes
from blueprint.promotion import pointer as pointers
from blueprint.promotion import rollback as rollbacks
from blueprint.promotion.rules import Request, brief


def promote(
    ref: Annotated[
        str | None, typer.Option(help="Full ref that was pushed; GITHUB_REF when left out.")
    ] = None,
    sha: Annotated[
        str | None, typer.Option(help="Commit that was pushed; GITHUB_SHA when left out.")
    ] = None,
    environment: Annotated[
        str | None,
        typer.Option(help="Environment asked for by hand; when left out the ref decides."),
    ] = None,
    as_json: AsJson = False,
    to_github: GithubOutput = False,
) -> None:
    """Say which environment a commit goes to, or which promotion rule refuses it.

    Example: blueprint delivery promote --ref refs/tags/v1.4.0 --sha 3f2a9c1
    """
    request = Request(
        sha=sha or _variable("GITHUB_SHA", "--sha"),
        ref=ref or ("" if environment else _variable("GITHUB_REF", "--ref")),
        environment=environment or None,
    )
    decision = facts.promote(
        request, policy.read(), repository=clone.repository(), converged=_environments()
    )
    found = {"environment": decision.environment, "commit": decision.commit}
    if to_github:
        github_output.write(found)
    if as_json:
        print(json.dumps({**found, "reason": decision.reason}))
    elif decision.environment:
        done(f"{brief(decision.commit)} goes to {decision.environment}: {decision.reason}")
    else:
        note(f"{brief(decision.commit)} goes nowhere: {decision.reason}")


def pointer(
    stack: Annotated[
        str | None,
        typer.Option("--stack", "-s", help="Environment; all of them when left out."),
    ] = None,
    move_to: Annotated[
        str | None, typer.Option("--move-to", help="Commit that has wholly converged there.")
    ] = None,
    backwards: Annotated[
        bool, typer.Option("--backwards", help="The move is a rollback's.")
    ] = False,
    as_json: AsJson = False,
    to_github: GithubOutput = False,
) -> None:
    """Show the deployed pointers this clone knows, or move one on GitHub and record what has converged.

    Example: blueprint delivery pointer -s dev
    """
    rules = policy.read()
    names = [rules.environment(stack).name] if stack else [each.name for each in rules.environments]
    if move_to is not None:
        if stack is None:
            raise UsageError("--move-to moves one pointer", remedy="name it with -s")
        _move(names[0], move_to, backwards=backwards, as_json=as_json)
        return
    repository = clone.repository()
    found = {name: clone.deployed(name, None, repository) for name in names}
    if to_github:
        github_output.write({"environments": json.dumps([name for name in names if found[name]])})
    if as_json:
        print(json.dumps(found))
        return
    for name, commit in found.items():
        out.print(f"{name} {commit or 'nothing deployed'}", markup=False)


def _move(environment: str, commit: str, *, backwards: bool, as_json: bool) -> None:
    move = pointers.move(
        environment,
        commit,
        repository=clone.repository(),
        ledger=_environments(),
        backwards=backwards,
    )
    if as_json:
        print(json.dumps(asdict(move)))
    done(f"deployed/{environment} is {brief(move.after)} ({move.step})")


def rollback(
    stack: Environment,
    to: Annotated[
        str | None,
        typer.Option(help="Tag or commit to go back to; the last one before when left out."),
    ] = None,
    as_json: AsJson = False,
    to_github: GithubOutput = False,
) -> None:
    """Say which commit an environment can go back to, and what that undoes.

    Example: blueprint delivery rollback -s prod --to v1.3.2
    """
    found = rollbacks.resolve(
        stack,
        to or None,
        policy=policy.read(),
        repository=clone.repository(),
        history=_environments(),
    )
    if to_github:
        github_output.write({"environment": found.environment, "commit": found.commit})
    if as_json:
        print(json.dumps(asdict(found)))
        return
    done(f"{found.environment} goes back from {brief(found.pointer)} to {brief(found.commit)}")
    for commit in found.undone:
        note(f"undone: {brief(commit.sha)} {commit.subject}")


def separate(
    base: Annotated[str, typer.Option(help="Commit the change starts from.")],
) -> None:
    """Refuse a change that edits guards (workflows, policies) together with what they guard.

    Example: blueprint delivery separation --base origin/main
    """
    separation.check_since(base, repository=clone.repository())
    done("no guard changes together with what it guards")


def notes(
    tag: Annotated[str, typer.Option(help="Release tag, such as v1.4.0.")],
    publish: Annotated[bool, typer.Option("--publish", help="Make it the GitHub release.")] = False,
) -> None:
    """Write the notes of a release, from the commits since the one before.

    Example: blueprint delivery notes --tag v1.4.0
    """
    rules = policy.read()
    span = release_notes.gather(tag, policy=rules, repository=clone.repository())
    server = os.environ.get("GITHUB_SERVER_URL") or "https://github.com"
    text = release_notes.render(
        span, repository_url=f"{server.rstrip('/')}/{event.repository_of(os.environ)}"
    )
    if not publish:
        out.print(text, markup=False)
        return
    reached = rules.reached_by(f"refs/tags/{tag}")
    final = reached == rules.environments[-1]
    address = releases.publish(
        client.from_environment(os.environ), tag, title=tag, notes=text, prerelease=not final
    )
    done(f"published: {address}")


def _environments() -> Environments:
    return Environments(client.from_environment(os.environ), run_url=event.run_url(os.environ))


def _variable(name: str, option: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise UsageError(f"{option} is missing, and {name} is not set", remedy=f"give {option}")
    return value
