"""How much of a text GitHub takes, and what fits into that."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

# Characters, in a comment and in an issue. Counted in bytes here, which is never fewer.
COMMENT = 65_536

Key = TypeVar("Key")


def of(text: str) -> int:
    """Bytes of `text` in UTF-8."""
    return len(text.encode())


def fitting(blocks: Mapping[Key, str], room: int, *, between: int = 2) -> set[Key]:
    """The keys of those `blocks` that fit into `room` bytes, whole, in their order.

    A block that is too long is left out and the ones after it get its room. `between` is what separates two.
    """
    chosen: set[Key] = set()
    for key, block in blocks.items():
        needed = of(block) + between
        if needed <= room:
            chosen.add(key)
            room -= needed
    return chosen


def joined(parts: Iterable[str | None]) -> str:
    """The parts that there are, as paragraphs."""
    return "\n\n".join(part for part in parts if part)
