"""Markdown that GitHub shows as it is meant, whatever stands in the values put into it.

A plan's content comes from whoever wrote the pull request. It must not end a block, pass for a heading, a link or a
checkbox of ours, notify anybody, or reach another issue; so it only ever enters through these functions.
"""

import html
import re
from collections.abc import Iterable, Sequence

# GitHub finds these in the text it shows, after Markdown: only something between the characters keeps it from that.
_LIVE = re.compile(r"(?<=[@#])(?=\w)|(?<=\bGH-)(?=\d)|(?<=:)(?=//)|(?<=\bwww)(?=\.)", re.IGNORECASE)
_SPECIAL = re.compile(r"[\\`*_{}\[\]()<>#+!|~&$=:.-]")
_GAP = "&#8203;"  # a space of no width


def inert(text: str) -> str:
    """`text` as prose on one line, in which nothing has a meaning."""
    text = visible(" ".join(text.split()))
    parts = _LIVE.split(text)
    return _GAP.join(_SPECIAL.sub(lambda match: f"&#{ord(match[0])};", part) for part in parts)


def code(text: str) -> str:
    """`text` as code within a line."""
    text = visible(text) or " "
    fence = "`" * (_longest_run(text) + 1)
    # A blank keeps backticks at the ends from joining the fence; Markdown takes it away again.
    gap = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{gap}{text}{gap}{fence}"


def fenced(lines: Iterable[str], *, language: str = "") -> str:
    """`lines` as a block of code, behind a fence longer than any in them."""
    text = "\n".join(map(visible, lines))
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def details(summary: Sequence[str], body: str) -> str:
    """`body` folded away behind one line: `summary` is text and, at every second place, code."""
    parts = [html.escape(visible(part)) for part in summary]
    line = "".join(
        f"<code>{part}</code>" if place % 2 else part for place, part in enumerate(parts)
    )
    return f"<details>\n<summary>{line}</summary>\n\n{body}\n\n</details>"


def table(
    header: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: Iterable[int] = ()
) -> str:
    """A table of ready Markdown; the columns in `numbers` are set to the right."""
    right = set(numbers)
    rule = ["--:" if place in right else "---" for place in range(len(header))]
    # A bar ends a cell even within code, and only there may it be escaped like this.
    lines = [[cell.replace("|", "\\|") for cell in row] for row in [list(header), rule, *rows]]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def alert(kind: str, body: str) -> str:
    """One of GitHub's coloured boxes: NOTE, WARNING or CAUTION."""
    return "\n".join(f"> {line}".rstrip() for line in [f"[!{kind}]", *body.splitlines()])


def link(text: str, url: str) -> str:
    """A link to an address of ours, which holds no bracket and no blank."""
    if re.search(r"[\s<>()\"']", url):
        raise ValueError(f"not an address that can be linked: {url}")
    return f"[{text}]({url})"


def run(url: str | None) -> str:
    """` (run)` with a link, to be put behind a statement; nothing without an address."""
    return f" ({link('run', url)})" if url else ""


def number(count: int, noun: str) -> str:
    """`1 change`, `2 changes`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def visible(text: str) -> str:
    """`text` with what nobody sees, such as marks that turn the direction of reading, spelled out."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else _spelled(character) for character in text
    )


def _spelled(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall(r"`+", text)), default=0)
