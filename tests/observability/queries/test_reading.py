"""queries.yaml is read with its queries, and a slip in one is told by name, line and column."""

from pathlib import Path

import pytest

from blueprint.errors import UsageError
from blueprint.observability import queries

GOOD = """
queries:
  errors:
    title: Errors
    purpose: Which errors are logged.
    log_groups: [functions]
    query: |
      filter level = "ERROR"
      | limit 5
"""


def write(folder: Path, text: str) -> Path:
    file = folder / "queries.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_shipped_queries_read_groups_that_there_are() -> None:
    assert queries.check({"api", "processor", "scheduler", "authorizer"}) == []


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        (
            "| limit 5",
            "| limmit 5",
            r"queries\.errors\.query: line 2, column 3: 'limmit' is no command",
        ),
        (
            'level = "ERROR"',
            "level",
            r"queries\.errors\.query: line 1, column 1: a condition is expected",
        ),
        ("filter level", "filter lower(level)", r"line 1, column 8: 'lower' is no function"),
        ("title: Errors", "titel: Errors", r"titel: there is no such key; use title"),
        ("[functions]", "[]", r"log_groups: \[\] should be non-empty"),
        (
            "    query:",
            "    replace: { text: TRACE_ID, by: the trace's id }\n    query:",
            r"queries\.errors\.replace\.text: TRACE_ID does not stand in the query",
        ),
    ],
)
def test_a_slip_is_told_with_its_place(tmp_path: Path, before: str, after: str, fault: str) -> None:
    file = write(tmp_path, GOOD.replace(before, after))

    with pytest.raises(UsageError, match=fault):
        queries.read(file)


def test_every_wrong_query_is_named_at_once(tmp_path: Path) -> None:
    second = GOOD.removeprefix("\nqueries:\n").replace("errors:", "others:")
    file = write(tmp_path, (GOOD + second).replace("| limit 5", "| limit"))

    with pytest.raises(UsageError) as raised:
        queries.read(file)

    assert [line.split(": ")[1] for line in raised.value.message.splitlines()] == [
        "queries.errors.query",
        "queries.others.query",
    ]


def test_a_log_group_that_nobody_writes_is_a_fault(tmp_path: Path) -> None:
    file = write(tmp_path, GOOD.replace("[functions]", "[biller]"))

    assert queries.check({"api"}, file) == [
        f"{file}: queries.errors.log_groups: there is no 'biller'; use access, api, functions"
    ]


def test_a_query_reads_the_groups_that_it_names() -> None:
    saved = queries.read()

    assert saved["batch-item-failures"].reads("processor")
    assert not saved["batch-item-failures"].reads("api")
    assert saved["memory"].reads("api")
    assert not saved["memory"].reads(queries.ACCESS)
    assert saved["throttled-requests"].reads(queries.ACCESS)
