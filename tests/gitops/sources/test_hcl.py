"""HCL is read into blocks with their lines, and what is not written out is not guessed."""

from pathlib import Path

import pytest

from blueprint.sources import hcl
from blueprint.sources.hcl import Block


def read(tmp_path: Path, text: str) -> tuple[Block, ...]:
    file = tmp_path / "main.tf"
    file.write_text(text)
    return hcl.read(file)


def test_blocks_have_their_labels_quoted_or_bare_and_their_lines(tmp_path: Path) -> None:
    found = read(tmp_path, 'resource "aws_x" y {}\n\n# words\nlocals {\n}\n')

    assert [(block.kind, block.labels, block.line) for block in found] == [
        ("resource", ("aws_x", "y"), 1),
        ("locals", (), 4),
    ]


def test_blocks_are_found_however_deep(tmp_path: Path) -> None:
    (block,) = read(tmp_path, 'resource "a" "b" {\n  c {\n    provisioner "d" {}\n  }\n}\n')

    assert [(inner.labels, inner.line) for inner in block.within("provisioner")] == [(("d",), 3)]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ('"hashicorp/aws"', "hashicorp/aws"),
        ('""', ""),
        ('["a", "b"]', ["a", "b"]),
        ('{ source = "x", "version" : "y" }', {"source": "x", "version": "y"}),
        ('{\n  source = "x" # why\n  other = var.y\n}', {"source": "x", "other": None}),
        ("var.source", None),
        ('"${var.source}"', None),
        ('"a${var.source}"', None),
        (r'"a\u0062c"', None),
        ("<<EOT\nabc\nEOT", None),
        ('"a" == "b" ? "c" : "d"', None),
        ("true", None),
    ],
)
def test_a_value_is_what_is_written_out(tmp_path: Path, expression: str, value: object) -> None:
    (block,) = read(tmp_path, f"locals {{\n  x = {expression}\n}}\n")

    assert block.attributes["x"].value == value
    assert block.attributes["x"].line == 2


def test_an_expression_gives_the_first_name_in_it(tmp_path: Path) -> None:
    (block,) = read(tmp_path, 'resource "aws_x" "y" {\n  provider = other.west\n}\n')

    assert block.attributes["provider"].reference == "other"


def test_text_that_looks_like_a_block_is_none(tmp_path: Path) -> None:
    text = (
        'locals {\n  x = <<-EOT\n    data "external" "x" {}\n  EOT\n}\n# data "external" "y" {}\n'
    )

    (block,) = read(tmp_path, text)

    assert (block.kind, block.blocks) == ("locals", ())


@pytest.mark.parametrize("text", ['resource "a" {{\n', "}\n", '\n\nx = "unclosed\n'])
def test_what_is_not_hcl_is_unreadable_at_its_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(hcl.UnreadableError) as failed:
        read(tmp_path, text)

    assert 1 <= failed.value.line <= text.count("\n") + 1


def test_what_is_not_text_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_bytes(b"\xff\xfe")

    with pytest.raises(hcl.UnreadableError, match="cannot be read"):
        hcl.read(tmp_path / "main.tf")
