"""The verbs that change an environment and prove the change: apply, prune, verify."""

import json
from pathlib import Path
from typing import Annotated

import typer

from blueprint.console import done, note
from blueprint.delivery.commands import open_stack
from blueprint.errors import BlueprintError
from blueprint.pipeline.options import Base, Digest, Environment
from blueprint.pipeline.planning import compared
from blueprint.promotion.affected import dependents
from blueprint.release import commands as release
from blueprint.release import smoke
from blueprint.release.endpoint import has_api
from blueprint.review import applying, pruning, verifying
from blueprint.review import document as documents
from blueprint.review.document import Document
from blueprint.review.results import Run
from blueprint.review.store import open_store


def apply(
    stack: Environment,
    digest: Digest,
    document: Annotated[
        Path | None,
        typer.Option(help="File of the plan document; the plan bucket when left out."),
    ] = None,
    result: Annotated[
        Path | None, typer.Option(help="File that says what became of each component.")
    ] = None,
) -> None:
    """Apply what was reviewed, and nothing else; running it again continues.

    Example: blueprint delivery apply -s dev --digest 4be1...
    """
    opened, env = open_stack(stack)
    reviewed = _read(document, digest) if document else open_store(opened, env).document(digest)
    applying.apply(
        opened,
        env,
        reviewed,
        prepare=release.uploader(opened, env),
        on_change=lambda run: _write(run, result),
    )
    if any(release.reads_packages(component) for component in opened.components.values()):
        release.release_stack(opened, env)
    else:
        note(f"nothing to release: no component of {stack} deploys packages")


def prune(
    stack: Environment,
    digest: Digest,
    base: Base = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Destroy the components that were removed since the pointer, from the deployed commit's own files.

    Example: blueprint delivery prune -s dev --digest 4be1...
    """
    with compared(stack, base) as found:
        reviewed = open_store(found.stack, found.env).document(digest)
        names = ", ".join(item.component for item in reviewed.of("removed"))
        if not names or found.affected.deployed is None or found.tree is None:
            note(f"{stack}: the plan removes no component")
            return
        if not yes:
            account = found.stack.value("account_id")
            typer.confirm(f"Destroy {names} of {stack} in account {account}?", abort=True)
        pruning.prune(found.affected.deployed, found.env, reviewed, root=found.tree)


def verify(
    stack: Environment,
    base: Base = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Plan unaffected components, too.")
    ] = False,
) -> None:
    """Prove an environment: a second plan of what was deployed is empty, and the API answers.

    Example: blueprint delivery verify -s dev --all
    """
    with compared(stack, base) as found:
        changed = found.affected.names("changed", "new")
        only = (*changed, *dependents(found.stack, changed))
        if everything or only:
            names = verifying.verify(found.stack, found.env, only=() if everything else only)
            done(f"{stack}: a second plan is empty ({', '.join(names)})")
        else:
            note(f"{stack}: nothing differs from what is deployed, so nothing is planned")
        if has_api(found.stack):
            smoke.require(release.smoke_stack(found.stack, found.env))
        else:
            note(f"{stack} has no API to ask")


def _read(file: Path, digest: str) -> Document:
    try:
        found = documents.parse(file.read_bytes(), name=str(file))
    except OSError as error:
        raise BlueprintError(
            f"{file} cannot be read: {error.strerror}",
            remedy="name the file `blueprint delivery plan --out` wrote",
        ) from error
    if found.digest != digest:
        raise BlueprintError(
            f"{file} holds the plan {found.digest}, and {digest} is to be applied",
            remedy="name the file of that plan, or leave --document out",
        )
    return found


def _write(run: Run, file: Path | None) -> None:
    if file is None:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(run.as_json(), indent=2) + "\n")
