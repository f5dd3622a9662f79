"""Reads the plan documents one report is about, and holds them together: one commit, each stack once."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from blueprint.errors import UsageError
from blueprint.report import files
from blueprint.review import document
from blueprint.review.document import Document


def read(paths: Iterable[Path]) -> tuple[Document, ...]:
    """The documents in the files `paths`, in that order. Raises BlueprintError naming the file that is wrong."""
    return together([_read(file) for file in paths])


def together(documents: Sequence[Document]) -> tuple[Document, ...]:
    """`documents`, when one report can be about them; raises UsageError when it cannot."""
    if not documents:
        raise UsageError("there is no plan document", remedy="name at least one file")
    commits = {item.source.commit: item.stack for item in documents}
    if len(commits) > 1:
        named = ", ".join(f"{stack} is of {commit[:7]}" for commit, stack in commits.items())
        raise UsageError(
            f"the plan documents are of different commits: {named}",
            remedy="plan every stack at the same commit, and name only those files",
        )
    pulls = {item.source.pull_request for item in documents}
    if len(pulls) > 1:
        raise UsageError(
            f"the plan documents are of different pull requests: {_listed(pulls)}",
            remedy="name only the files of one run",
        )
    twice = [stack for stack, n in Counter(item.stack for item in documents).items() if n > 1]
    if twice:
        raise UsageError(
            f"two plan documents are of the stack {twice[0]}", remedy="name each stack's file once"
        )
    return tuple(documents)


def _read(file: Path) -> Document:
    remedy = "name files that `blueprint delivery plan --out FILE` wrote"
    return document.parse(files.content(file, remedy=remedy), name=str(file))


def _listed(pulls: Iterable[int | None]) -> str:
    return ", ".join(sorted("none" if number is None else str(number) for number in pulls))
