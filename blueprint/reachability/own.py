"""This repository's own alarms: the plan of a stack's observability component, with what it is about."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from blueprint.catalogue.catalogue import Catalogue
from blueprint.documents import reading
from blueprint.documents.model import Document, Place, Resource
from blueprint.observability import inventory, planned, telemetry
from blueprint.observability.inventory import Inventory
from blueprint.stacks import atmos, environment

STACKS = ("staging", "prod")


def read(stack: str, known: Catalogue, metrics: Sequence[Path]) -> tuple[list[Document], Catalogue]:
    """The documents to judge together, and `known` with the metrics of `metrics` and those that our functions emit.

    UsageError for an unknown stack or a wrong file, BlueprintError where Terraform refuses to plan.
    """
    opened = atmos.stack(stack, environment.base())
    for file in metrics:
        known = known.with_file(file, prefix=opened.prefix)
    watched = f"inventory of {stack}"
    resources = tuple(_resources(inventory.of(opened), watched))
    documents = [reading.read(planned.plan(stack)), Document(watched, (), resources)]
    return documents, known.with_metrics(telemetry.read().facts(opened.prefix))


def _resources(found: Inventory, watched: str) -> Iterator[Resource]:
    """What other components make, in Terraform's words; their plans are not read for it."""
    for role, function in found.functions.items():
        values = {"function_name": function.name, "timeout": function.timeout_seconds}
        yield Resource("aws_lambda_function", Place(f"functions.{role}", watched), values)
    for key, queue in found.queues.items():
        kept = {"name": queue.name, "message_retention_seconds": queue.retention_seconds}
        yield Resource("aws_sqs_queue", Place(f"queues.{key}", watched), kept)
