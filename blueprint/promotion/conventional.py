"""Reads a commit's message as Conventional Commits (1.0.0) has it, also behind GitHub's merge commits."""

import re
from dataclasses import dataclass

from blueprint.promotion.git import Commit

_HEADER = re.compile(r"(?P<type>[A-Za-z]+)(?:\((?P<scope>[^()]+)\))?(?P<bang>!)?: +(?P<text>.+)")
_FOOTER = re.compile(
    r"^BREAKING[ -]CHANGE: +(?P<text>.+(?:\n(?![A-Za-z-]+: |\n).+)*)", re.MULTILINE
)
_MERGED = re.compile(r"Merge pull request #(?P<number>[0-9]+) from \S+")
_COAUTHOR = re.compile(r"^Co-authored-by: +(?P<name>[^<\n]*[^<\s])", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True)
class Change:
    """What a commit says it does; `type` is empty where it does not follow the convention.

    `breaking` says what breaks (the footer, else the text itself), None where nothing does.
    """

    type: str
    scope: str
    text: str
    breaking: str | None
    sha: str
    people: tuple[str, ...]


def read(commit: Commit) -> Change:
    """The change that `commit` describes."""
    subject, body = commit.subject, commit.body
    if merged := _MERGED.fullmatch(subject):
        # GitHub puts the pull request's title where a merge commit has its body.
        title, _, body = body.strip().partition("\n")
        subject = f"{title} (#{merged['number']})" if title else subject
    people = tuple(dict.fromkeys((commit.author, *_COAUTHOR.findall(body))))
    footer = _FOOTER.search(body)
    notice = " ".join(footer["text"].split()) if footer else None
    header = _HEADER.fullmatch(subject)
    if header is None:
        return Change("", "", subject, notice, commit.sha, people)
    breaking = notice or (header["text"] if header["bang"] else None)
    return Change(
        header["type"].lower(),
        header["scope"] or "",
        header["text"],
        breaking,
        commit.sha,
        people,
    )
