"""Hostile text stays text: it ends no block, makes no link, and calls nobody."""

import html as entities
import re

import pytest
from markdown_it import MarkdownIt

from blueprint.report import markdown

HOSTILE = [
    "</details></summary><script>alert(1)</script>",
    "```\n# A heading\n```",
    "~~~~\n</details>",
    "a`b``c```d",
    "`",
    "``` ```",
    "[approve](https://evil.example) ![x](https://evil.example/x.png)",
    "<!-- blueprint:plan -->",
    "&lt;b&gt; &#64;",
    "*bold* _em_ ~~gone~~ # title\n- [x] reviewed",
    "a | b \\| c",
    "line one\r\nline two\u2028line three",
    "$\\evil$",
    "1. one",
]


def html(text: str) -> str:
    """What CommonMark, with tables, makes of `text`."""
    return str(MarkdownIt("commonmark", {"html": True}).enable("table").render(text))


def text_of(page: str) -> str:
    return entities.unescape(re.sub(r"<[^>]*>", "", page))


@pytest.mark.parametrize("text", HOSTILE)
def test_inert_text_is_one_paragraph_and_says_what_it_said(text: str) -> None:
    page = html(markdown.inert(text))

    assert re.findall(r"<[^>]*>", page) == ["<p>", "</p>"]
    said = text_of(page).replace("\u200b", "")
    assert said.strip() == " ".join(text.split())


@pytest.mark.parametrize("text", HOSTILE)
def test_code_is_one_code_span_even_within_a_table(text: str) -> None:
    page = html(markdown.code(text))
    assert re.findall(r"<[^>]*>", page) == ["<p>", "<code>", "</code>", "</p>"]
    assert text_of(page).strip() == markdown.visible(text)

    in_table = html(markdown.table(["A", "B"], [[markdown.code(text), "end"]]))
    assert in_table.count("<code>") == 1
    assert in_table.count("<td>") == 2
    assert "<td>end</td>" in in_table


@pytest.mark.parametrize("text", HOSTILE)
def test_a_fence_holds_whatever_is_in_it(text: str) -> None:
    page = html(markdown.fenced([text, *text.splitlines()], language="diff") + "\n\nafter")

    assert re.findall(r"<[^>]*>", page) == [
        "<pre>",
        '<code class="language-diff">',
        "</code>",
        "</pre>",
        "<p>",
        "</p>",
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_details_are_closed_by_us_alone(text: str) -> None:
    page = html(markdown.details(["", text, f": {text}"], markdown.fenced([text])))

    assert re.findall(r"</?(?:details|summary|script|a|img|h1)\b[^>]*>", page) == [
        "<details>",
        "<summary>",
        "</summary>",
        "</details>",
    ]


@pytest.mark.parametrize(
    ("text", "live"),
    [
        ("ask @octocat and @acme/platform", r"@\w"),
        ("fixes #12 and acme/orders#7", r"#\d"),
        ("see GH-12", r"GH-\d"),
        ("go to https://evil.example", r"://"),
        ("go to www.evil.example", r"www\."),
    ],
)
def test_inert_text_calls_nobody_and_refers_to_nothing(text: str, live: str) -> None:
    """GitHub looks for these in the finished text, where entities are characters again."""
    assert re.search(live, text)

    assert not re.search(live, text_of(html(markdown.inert(text))))


def test_marks_that_nobody_sees_are_spelled_out() -> None:
    assert markdown.visible("admin\u202etxt.\u200bexe\x07") == "admin\\u202etxt.\\u200bexe\\x07"
    assert markdown.visible("Zürich 東京") == "Zürich 東京"


def test_a_cells_bars_stay_within_their_cell() -> None:
    table = markdown.table(["Name", "Count"], [[markdown.code("a|b"), "1"]], numbers=[1])

    assert table == "| Name | Count |\n| --- | --: |\n| `a\\|b` | 1 |"


def test_an_alert_marks_every_line() -> None:
    assert markdown.alert("NOTE", "one\n\ntwo") == "> [!NOTE]\n> one\n>\n> two"


@pytest.mark.parametrize("url", ["https://x/)[a](b", "https://x y", "https://x/<b>"])
def test_an_address_that_would_end_the_link_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="not an address that can be linked"):
        markdown.link("run", url)
