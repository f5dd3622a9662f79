"""The verb that prepares an account for the pipelines: bootstrap."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from blueprint import aws
from blueprint.accounts import bootstrapping, handover, parameters, repository
from blueprint.accounts.bootstrapping import Deployed
from blueprint.console import done, note, out
from blueprint.delivery.commands import open_stack
from blueprint.errors import UsageError
from blueprint.pipeline.options import AsJson, Environment
from blueprint.promotion import policy
from blueprint.promotion.policy import Policy


def bootstrap(
    stack: Environment,
    full_name: Annotated[
        str | None,
        typer.Option(
            "--repository",
            metavar="OWNER/NAME",
            help="Repository whose workflows may deploy; GITHUB_REPOSITORY when left out.",
        ),
    ] = None,
    repository_id: Annotated[
        str, typer.Option("--repository-id", metavar="N", help="Its number on GitHub.")
    ] = "",
    owner_id: Annotated[
        str, typer.Option("--owner-id", metavar="N", help="Its owner's number on GitHub.")
    ] = "",
    ready: Annotated[
        list[str] | None,
        typer.Option(
            "--ready", help="Another environment that is bootstrapped already; once for each."
        ),
    ] = None,
    adopt: Annotated[
        bool, typer.Option("--adopt", help="Take over buckets that were made by hand.")
    ] = False,
    lock_boundary: Annotated[
        bool,
        typer.Option(
            "--lock-boundary", help="Keep the apply role from changing the permissions boundary."
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Prepare an account, once and by its administrator: states, plans, roles; prints what GitHub needs.

    Example: blueprint bootstrap -s dev --repository acme/orders --repository-id 123456 --owner-id 7890
    """
    opened, env = open_stack(stack)
    embedded = aws.is_embedded(env)
    rules = policy.read()
    name = full_name or os.environ.get("GITHUB_REPOSITORY") or ""
    trusted = repository.parse(name, repository_id=repository_id, owner_id=owner_id)
    environments = _ready(stack, ready or [], rules)
    deployed = bootstrapping.deploy(
        opened,
        parameters.parameters(
            opened,
            trusted,
            ref=_reference(stack, rules, emulated=opened.emulated),
            branch=rules.main,
            lock_boundary=lock_boundary,
            tls_only=not embedded,
        ),
        clients=bootstrapping.clients(opened, env),
        embedded_aws=embedded,
        adopt=adopt,
        dry_run=dry_run,
    )
    _tell(deployed)
    needs = (
        handover.what_github_needs(opened, deployed.outputs, trusted, environments=environments)
        if deployed.outputs
        else None
    )
    if as_json:
        print(json.dumps({**asdict(deployed), **(needs.as_json() if needs else {})}))
    elif needs is not None and not opened.emulated:
        out.print(needs.as_text(), markup=False)


def _reference(stack: str, rules: Policy, *, emulated: bool) -> str:
    """The ref that deploys to `stack`; an emulated one, which none reaches, is prepared like the first."""
    return (rules.environments[0] if emulated else rules.environment(stack)).ref


def _ready(stack: str, others: Sequence[str], rules: Policy) -> list[str]:
    """All environments that are ready with this one, in the order in which a commit passes them."""
    known = [each.name for each in rules.environments]
    for name in others:
        if name not in known:
            raise UsageError(
                f"--ready {name!r} is no environment", remedy=f"use one of: {', '.join(known)}"
            )
    return [name for name in known if name == stack or name in others]


def _tell(deployed: Deployed) -> None:
    for change in deployed.changes:
        replaced = ", replaced" if change.replacement else ""
        note(f"{change.action} {change.logical_id} ({change.type}{replaced})")
    done(f"{deployed.stack}: {deployed.outcome}")
