"""Reads a page of Markdown as far as runbooks are held to anything: headings, fenced blocks, links and code spans."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from blueprint import data_files

_HEADING = re.compile(r"(#{1,6}) +(.+?) *")
_FENCE = re.compile(r"( *)(`{3,})(\w*) *")
_COMMENT = re.compile(r"\s*<!--\s*(.*?)\s*-->\s*")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`]+)`")
_NOT_OF_ANCHORS = re.compile(r"[^\w\- ]")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, and the HTML comment directly above it, empty where there is none."""

    language: str
    text: str
    comment: str
    line: int


@dataclass(frozen=True)
class Link:
    """A link: `text` as it is read (without code marks), and what it points at."""

    text: str
    target: str
    line: int


@dataclass(frozen=True)
class Section:
    """A heading and what follows it up to the next one; `lines` are its prose and tables, without the blocks."""

    level: int
    title: str
    line: int
    lines: tuple[tuple[int, str], ...]
    blocks: tuple[Block, ...]

    @property
    def text(self) -> str:
        return "\n".join(line for _, line in self.lines).strip()

    @property
    def code(self) -> tuple[str, ...]:
        """The code spans, in their order."""
        return tuple(_CODE.findall(self.text))

    @property
    def links(self) -> Iterator[Link]:
        for number, line in self.lines:
            for text, target in _LINK.findall(line):
                yield Link(text.replace("`", ""), target, number)

    @property
    def rows(self) -> Iterator[tuple[str, ...]]:
        """The cells of each row of the tables, without the rows that only draw them."""
        for _, line in self.lines:
            if line.startswith("|") and set(line) - set("|-: "):
                yield tuple(cell.strip() for cell in line.strip("|").split("|"))


@dataclass(frozen=True)
class Page:
    """A file of Markdown."""

    file: Path
    sections: tuple[Section, ...]

    @property
    def name(self) -> str:
        return self.file.stem

    @property
    def anchors(self) -> frozenset[str]:
        """What a link may name after `#`, as GitHub makes it of the headings."""
        return frozenset(anchor(section.title) for section in self.sections)

    def section(self, title: str) -> Section | None:
        """The first section with that heading."""
        return next((section for section in self.sections if section.title == title), None)

    def at(self, line: int) -> str:
        """`file:line`, for messages."""
        return f"{data_files.shown(self.file)}:{line}"


def prose(text: str) -> str:
    """`text` without its code spans, and of links only what is read."""
    return _CODE.sub("", _LINK.sub(r"\1", text))


def anchor(title: str) -> str:
    """The anchor GitHub gives a heading."""
    return _NOT_OF_ANCHORS.sub("", title.lower()).replace(" ", "-")


def read(file: Path) -> Page:
    """The page in `file`. What stands before the first heading is left out."""
    return Page(file, tuple(_sections(file.read_text(encoding="utf-8").splitlines())))


def _sections(lines: list[str]) -> Iterator[Section]:
    opened: tuple[int, str, int] | None = None
    text: list[tuple[int, str]] = []
    blocks: list[Block] = []
    comment, position = "", 0
    while position < len(lines):
        line, number = lines[position], position + 1
        position += 1
        if fence := _FENCE.fullmatch(line):
            indent, marks, language = fence.groups()
            body = []
            while position < len(lines) and lines[position].strip() != marks:
                body.append(lines[position].removeprefix(indent))
                position += 1
            position += 1
            blocks.append(Block(language, "\n".join(body), comment, number))
            comment = ""
        elif heading := _HEADING.fullmatch(line):
            if opened:
                yield Section(*opened, lines=tuple(text), blocks=tuple(blocks))
            opened, text, blocks, comment = (len(heading[1]), heading[2], number), [], [], ""
        elif remark := _COMMENT.fullmatch(line):
            comment = remark[1]
        else:
            text.append((number, line))
            comment = ""
    if opened:
        yield Section(*opened, lines=tuple(text), blocks=tuple(blocks))
