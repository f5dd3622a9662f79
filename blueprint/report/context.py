"""What the sections of a report are made from, and how much room they have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from blueprint.report import markdown
from blueprint.review.document import ComponentPlan, Document

Row = TypeVar("Row")
# A component's place in a report: its stack and its name.
Place = tuple[str, str]


@dataclass(frozen=True)
class Context:
    """`directory` is where the documents lie and other parts leave their files, such as cost.json.

    `emulated` marks plans made on the embedded AWS. `rows` is how many rows a table may have (None: all);
    `details` has the blocks that there is room for, of the components that have one.
    """

    documents: tuple[Document, ...]
    directory: Path | None = None
    run_url: str | None = None
    emulated: bool = False
    rows: int | None = None
    details: Mapping[Place, str] = field(default_factory=dict)

    @property
    def commit(self) -> str:
        return self.documents[0].source.commit

    def components(self) -> list[tuple[Document, ComponentPlan]]:
        """Every component that is not unchanged: those that lose something first, then those with findings."""
        affected = [
            (document, component)
            for document in self.documents
            for component in document.components
            if component.outcome != "unchanged"
        ]
        return sorted(affected, key=lambda pair: _urgency(pair[1]))

    def file(self, name: str) -> Path | None:
        """The file `name` next to the documents, None where it is missing."""
        file = None if self.directory is None else self.directory / name
        return file if file is not None and file.is_file() else None

    def shorten(self, rows: Sequence[Row], noun: str) -> tuple[Sequence[Row], str | None]:
        """As many of `rows` as may be shown, and a line about the rest where there is one."""
        if self.rows is None or len(rows) <= self.rows:
            return rows, None
        left_out = markdown.number(len(rows) - self.rows, f"more {noun}")
        return rows[: self.rows], f"… and {left_out}: {self.whole}."

    @property
    def whole(self) -> str:
        """Where everything can be read."""
        if self.run_url is None:
            return "the plan documents have them all"
        return f"{markdown.link('the run', self.run_url)} has them all"


def _urgency(component: ComponentPlan) -> int:
    if component.counts.replace or component.counts.delete:
        return 0
    return 1 if component.findings else 2
