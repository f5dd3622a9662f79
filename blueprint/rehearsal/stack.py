"""Rehearses the alarms that a stack's plan holds."""

import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from blueprint.catalogue import catalogue
from blueprint.documents import reading as documents
from blueprint.observability import planned
from blueprint.rehearsal import elsewhere, watched
from blueprint.rehearsal.laying import Stage
from blueprint.rehearsal.model import Book
from blueprint.rehearsal.rehearsing import Report, rehearse

STACKS = ("staging", "prod", elsewhere.NAME)
"""What is rehearsed unless somebody says otherwise: every stack with somebody on call, and what none of them has."""

# Signals that are not in dashboards/alarms.yaml, because the objectives as a whole make them.
_OF_THE_SERVICE = ("quiet", "page", "ticket", "deploy")
_INDICATORS = {"availability", "latency", "success", "freshness"}


def rehearse_stack(name: str, book: Book) -> Report:
    """The report on the stack `name`, or on the one in blueprint/rehearsal/elsewhere.py; errors as below."""
    if name == elsewhere.NAME:
        return rehearse_plan(elsewhere.plan(), book, only=elsewhere.SIGNALS)
    return rehearse_plan(planned.plan(name), book)


def rehearse_plan(file: Path, book: Book, *, only: Collection[str] | None = None) -> Report:
    """The report on the plan in `file`, as Terraform shows it in JSON: of component observability.

    What is watched is what the plan was made with: its variables. UsageError for a plan or a case file that cannot be
    used, with the line.
    """
    variables = _variables(file)
    document = documents.read(file)
    resources = watched.resources(
        watched.inventory(variables), catalogue.load(), watched.log_filters(document)
    )
    return rehearse(
        document.alarms,
        stage=Stage(resources, book.ordinary),
        book=book,
        known=frozenset(_signals(variables)),
        only=only,
    )


def _variables(file: Path) -> Mapping[str, Any]:
    stated = json.loads(file.read_text(encoding="utf-8")).get("variables", {})
    return {name: item.get("value") for name, item in stated.items()}


def _signals(variables: Mapping[str, Any]) -> Iterator[str]:
    """Every signal that the pack's data could make an alarm of, in whatever stack: those without a resource, too."""
    yield from variables.get("signals") or {}
    yield from _OF_THE_SERVICE
    slo = variables.get("slo") or {"slos": {}, "burn_rates": []}
    for name, objectives in slo["slos"].items():
        for indicator in _INDICATORS & objectives.keys():
            for rate in slo["burn_rates"]:
                for window in (rate["long"], rate["short"]):
                    yield f"{name}-{indicator}-{window}"
                    yield f"{name}-{indicator}-{window}-ticket"
