"""What a document declares: alarms with their places, and the facts about what they watch."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from blueprint.cloudwatch.model import Alarm


@dataclass(frozen=True)
class Place:
    """Where something is declared: the address or logical ID, the file, and the line where files have any."""

    address: str
    file: str
    line: int | None = None


@dataclass(frozen=True)
class Declared:
    """An alarm of a document.

    `alarm` is None where a field that decides about it could not be resolved; `unresolved` says which fields, each as
    `field: why`. What does not decide (part of a name, an action) is held by a placeholder in `alarm` instead.
    `invalid` says in the same form what AWS would not accept at all; `alarm` is None then too. `lines` are those of
    the fields, by Terraform's name of the argument, where files have lines.
    """

    place: Place
    alarm: Alarm | None
    unresolved: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    invalid: tuple[str, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Resource:
    """A resource that an alarm may watch, or that an alarm should watch.

    `type` is Terraform's type whichever language the document is written in (aws_sqs_queue, aws_lambda_function, ...);
    `values` are its arguments in Terraform's names and units, those that could not be resolved left out.
    """

    type: str
    place: Place
    values: Mapping[str, object]


@dataclass(frozen=True)
class Document:
    """Everything that one file declares."""

    file: str
    alarms: tuple[Declared, ...]
    resources: tuple[Resource, ...]
