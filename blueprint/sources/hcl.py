"""Reads HCL into blocks with their lines: as much as the rules ask for, and nothing evaluated."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import hcl2
from lark import Token, Tree
from lark.exceptions import LarkError, UnexpectedInput

Literal: TypeAlias = "str | list[Literal] | dict[str, Literal] | None"


@dataclass(frozen=True)
class Attribute:
    """`value` is a text, or a list or mapping of such, as far as it is written out; None where it is computed.

    `reference` is the first name in the expression: `aws` of `aws.other`.
    """

    line: int
    value: Literal
    reference: str


@dataclass(frozen=True)
class Block:
    """`kind "label" ... { }` with what is in it."""

    kind: str
    labels: tuple[str, ...]
    line: int
    attributes: Mapping[str, Attribute]
    blocks: tuple["Block", ...]

    def within(self, kind: str) -> Iterator["Block"]:
        """Every block of `kind` in this one, however deep."""
        for block in self.blocks:
            if block.kind == kind:
                yield block
            yield from block.within(kind)


class UnreadableError(Exception):
    """A file that is not HCL; `line` is where that shows."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


def read(file: Path) -> tuple[Block, ...]:
    """The blocks at the top of `file`; raises UnreadableError."""
    try:
        body = hcl2.parses_to_tree(file.read_text(encoding="utf-8")).children[0]
    except UnexpectedInput as error:
        raise UnreadableError(max(error.line, 1), "it is not HCL") from error
    except (LarkError, UnicodeDecodeError) as error:
        raise UnreadableError(1, f"it cannot be read: {error}") from error
    return tuple(_block(tree) for tree in _trees(body, "block"))


def _block(tree: Tree[Token]) -> Block:
    names = [
        _name(child) for child in _trees(tree, "identifier", "keyword", "literal_value", "string")
    ]
    (body,) = _trees(tree, "body")
    return Block(
        kind=names[0],
        labels=tuple(names[1:]),
        line=tree.meta.line,
        attributes=dict(_attribute(child) for child in _trees(body, "attribute")),
        blocks=tuple(_block(child) for child in _trees(body, "block")),
    )


def _attribute(tree: Tree[Token]) -> tuple[str, Attribute]:
    name, *_, expression = tree.children
    reference = next((_text(found) for found in _every(expression, "identifier")), "")
    return _name(name), Attribute(tree.meta.line, _literal(expression), reference)


def _literal(expression: "Tree[Token] | Token") -> Literal:
    if not isinstance(expression, Tree):
        return None
    parts = [child for child in expression.children if isinstance(child, Tree)]
    meaning = [part for part in parts if part.data != "new_line_or_comment"]
    match str(expression.data):
        case "expr_term" if len(meaning) == 1:
            return _literal(meaning[0])
        case "string" if all(_plain(part) for part in meaning):
            return "".join(_text(part) for part in meaning)
        case "tuple":
            return [_literal(part) for part in meaning]
        case "object":
            return {_name(part.children[0]): _literal(part.children[-1]) for part in meaning}
    return None


def _plain(part: Tree[Token]) -> bool:
    """Whether a part of a string is text that means itself: no interpolation, no escape."""
    return (
        len(part.children) == 1
        and isinstance(part.children[0], Token)
        and "\\" not in part.children[0]
    )


def _name(tree: "Tree[Token] | Token") -> str:
    """A name, quoted or bare, exactly as written between the quotes."""
    return _text(tree).strip('"')


def _text(tree: "Tree[Token] | Token") -> str:
    if isinstance(tree, Token):
        return str(tree)
    return "".join(_text(child) for child in tree.children)


def _trees(tree: "Tree[Token] | Token", *names: str) -> list[Tree[Token]]:
    children = tree.children if isinstance(tree, Tree) else []
    return [child for child in children if isinstance(child, Tree) and child.data in names]


def _every(tree: "Tree[Token] | Token", name: str) -> Iterator[Tree[Token]]:
    if isinstance(tree, Tree):
        yield from tree.find_data(name)
