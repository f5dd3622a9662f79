"""The verbs that say what an environment lacks, and show it for review: affected, packages, plan."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from blueprint.console import done, note, out
from blueprint.delivery.commands import open_stack
from blueprint.errors import BlueprintError
from blueprint.github import event
from blueprint.pipeline import clone, github_output
from blueprint.pipeline.options import AsJson, Base, Environment, GithubOutput, OutFile
from blueprint.promotion import affected as differences
from blueprint.promotion.affected import Affected
from blueprint.review import document as documents
from blueprint.review import packages as exchange
from blueprint.review import planning
from blueprint.review.document import Document, Source
from blueprint.review.store import PlanStore, open_store
from blueprint.stacks.model import Component, Stack


@dataclass(frozen=True)
class Comparison:
    """An opened stack beside what is deployed there; `base` and `tree` are None where nothing is."""

    stack: Stack
    env: Mapping[str, str]
    head: str
    base: str | None
    tree: Path | None
    affected: Affected


@contextmanager
def compared(name: str, base: str | None) -> Iterator[Comparison]:
    """The stack `name` compared with its deployed pointer (or with `base`), whose files are there for the block."""
    stack, env = open_stack(name)
    repository = clone.repository()
    commit = clone.deployed(name, base, repository)
    with differences.checked_out(repository, commit) as tree:
        found = differences.find(name, target=repository.root, deployed=tree, env=env)
        yield Comparison(stack, env, clone.head(repository), commit, tree, found)


def affected(stack: Environment, base: Base = None, as_json: AsJson = False) -> None:
    """List the components that differ, by content, from what is deployed; starts no Terraform.

    Example: blueprint delivery affected -s dev --json
    """
    with compared(stack, base) as found:
        listed = [
            {"component": item.component.name, "kind": item.kind, "parts": list(item.parts)}
            for item in found.affected.differences
        ]
        if as_json:
            result = {"stack": stack, "from": found.base, "to": found.head, "components": listed}
            print(json.dumps(result))
            return
        for item in found.affected.differences:
            parts = f": {', '.join(item.parts)}" if item.parts else ""
            out.print(f"{item.kind} {item.component.name}{parts}", markup=False)
        done(f"{len(listed)} of {len(found.stack.components)} components of {stack} differ")


def packages(stack: Environment) -> None:
    """Fetch the function packages that were built for this content into build/; builds nothing.

    Example: blueprint delivery packages -s dev
    """
    opened, env = open_stack(stack)
    if not exchange.needed_by(list(opened.components.values())):
        note(f"no component of {stack} deploys packages")
        return
    for role, package in sorted(exchange.fetch(open_store(opened, env)).items()):
        done(f"{role}: {package.sha256}")


def plan(
    stack: Environment,
    base: Base = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Plan unaffected components, too.")
    ] = False,
    store: Annotated[
        bool, typer.Option("--store", help="Keep document, plan files and packages.")
    ] = False,
    require_reviewed: Annotated[
        bool,
        typer.Option("--require-reviewed", help="Refuse what no pull request has shown."),
    ] = False,
    reviewed: Annotated[
        str | None,
        typer.Option(help="Digest of a plan document that a person has read instead."),
    ] = None,
    target: OutFile = None,
    to_github: GithubOutput = False,
    as_json: AsJson = False,
) -> None:
    """Plan what an environment lacks, as a document that people review and machines compare.

    Example: blueprint delivery plan -s dev --out build/delivery/dev.json
    """
    with compared(stack, base) as found:
        opened = open_store(found.stack, found.env) if store or require_reviewed else None
        document = planning.plan(
            found.stack,
            found.env,
            components=_chosen(found, everything=everything),
            removed=_removed(found),
            source=_source(found, shows=not require_reviewed),
            store=_kept(opened, found, fetch=store),
        )
    if target is not None:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(documents.render(document))
    _report(document, as_json=as_json)
    # After the document is written: what is refused is what has to be read.
    _require_no_findings(document)
    if require_reviewed and opened is not None:
        planning.require_reviewed(document, opened, named=reviewed or None)
    if to_github:
        github_output.write(
            {
                "digest": document.digest,
                "changes": len(document.of("changes", "waits")),
                "removed": len(document.of("removed")),
            }
        )


def _chosen(found: Comparison, *, everything: bool) -> list[str]:
    return list(found.stack.components if everything else found.affected.names("changed", "new"))


def _removed(found: Comparison) -> list[Component]:
    return [item.component for item in found.affected.differences if item.kind == "removed"]


def _source(found: Comparison, *, shows: bool) -> Source:
    """Where the document comes from; it counts as shown to reviewers where it is a pull request's own plan."""
    number = None
    if shows and os.environ.get("GITHUB_EVENT_NAME") == "pull_request":
        number = event.from_environment(os.environ).pull_request
    return Source(
        commit=found.head,
        base=found.base,
        pull_request=number,
        run=event.run_url(os.environ),
    )


def _kept(store: PlanStore | None, found: Comparison, *, fetch: bool) -> PlanStore | None:
    """The store to keep the plan in, with the packages it deploys in it before it is made."""
    if store is None or not fetch:
        return None
    if exchange.needed_by(list(found.stack.components.values())):
        exchange.store_built(store)
    return store


def _report(document: Document, *, as_json: bool) -> None:
    if as_json:
        print(documents.render(document), end="")
        return
    for item in document.components:
        if item.outcome == "waits":
            out.print(
                f"{item.component}: planned once {', '.join(item.waits_for)} is applied",
                markup=False,
            )
        for change in item.changes:
            out.print(
                f"{item.component}: {'/'.join(change.actions)} {change.address}", markup=False
            )
    changed = len(document.of("changes", "waits", "removed"))
    done(f"{document.stack}: {changed} of {len(document.components)} planned components change")
    note(f"digest {document.digest}")


def _require_no_findings(document: Document) -> None:
    if document.findings:
        raise BlueprintError(
            "\n".join(f"{finding.rule}: {finding.message}" for finding in document.findings),
            remedy="\n".join(dict.fromkeys(finding.remedy for finding in document.findings)),
        )
