"""What is seen of a page: headings, blocks with the comment above them, links, code spans and tables."""

from pathlib import Path

from blueprint.observability import markdown
from blueprint.observability.markdown import Block, Link, Page

TEXT = """\
Before any heading.

# Title

Look at [the `page`](other.md#part) and `code`.

## Part

<!-- not run: why -->
```bash
# a comment, no heading
echo [no](link)
```

<!-- a remark -->
Words.

   ```text
   indented
   ```

| a | b |
|---|---|
| [x](x.md) | 1 |
"""


def page(tmp_path: Path, text: str = TEXT) -> Page:
    (tmp_path / "title.md").write_text(text)
    return markdown.read(tmp_path / "title.md")


def test_headings_are_sections_and_blocks_hide_theirs(tmp_path: Path) -> None:
    assert [(s.level, s.title, s.line) for s in page(tmp_path).sections] == [
        (1, "Title", 3),
        (2, "Part", 7),
    ]


def test_a_block_has_the_comment_directly_above_it(tmp_path: Path) -> None:
    part = page(tmp_path).section("Part")

    assert part is not None
    assert part.blocks == (
        Block("bash", "# a comment, no heading\necho [no](link)", "not run: why", 10),
        Block("text", "indented", "", 18),
    )


def test_links_and_code_are_read_outside_of_blocks(tmp_path: Path) -> None:
    title, part = page(tmp_path).sections

    assert list(title.links) == [Link("the page", "other.md#part", 5)]
    assert title.code == ("page", "code")
    assert [link.target for link in part.links] == ["x.md"]


def test_rows_are_those_of_tables(tmp_path: Path) -> None:
    part = page(tmp_path).section("Part")

    assert part is not None
    assert list(part.rows) == [("a", "b"), ("[x](x.md)", "1")]


def test_prose_is_what_is_read_as_words() -> None:
    assert markdown.prose("see [5 `things`](a.md) and `6 more`") == "see 5  and "


def test_a_page_without_headings_has_no_sections(tmp_path: Path) -> None:
    assert page(tmp_path, "only words\n").sections == ()
