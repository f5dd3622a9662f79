"""A query that is not understood, or that CloudWatch would refuse, is told by line and column."""

import random
from datetime import UTC, datetime

import pytest

from blueprint.insights.answering import answer, parse
from blueprint.insights.discovery import LogEvent
from blueprint.insights.errors import QueryError


@pytest.mark.parametrize(
    ("query", "line", "column", "reason"),
    [
        ("", 1, 1, "a command is missing"),
        ("fields a |", 1, 11, "a command is missing"),
        ("fields a\n| pattern @message", 2, 3, "'pattern' is no command that is understood here"),
        ("fields a\n| unmask @message", 2, 3, "'unmask' is no command"),
        ("fields *", 1, 8, r"'\*' is not expected here"),
        ("filter a == 1", 1, 11, "'=' is not expected here"),
        ("filter a = 1 b = 2", 1, 14, "'b' is not expected here"),
        ("filter a like b", 1, 15, "expected a /regular expression/ or a text in quotes"),
        ("filter a like /(/", 1, 15, "is no regular expression: missing"),
        ('filter a = "x', 1, 12, "the text has no end"),
        ("filter a = 'x", 1, 12, "the text has no end"),
        ("limit many", 1, 7, "expected a whole number"),
        ("sort a down", 1, 8, "'down' is not expected here; expected , or asc or desc"),
        ("stats count(*", 1, 14, r"the query ends too early; expected \)"),
        ('parse a "* *" as b', 1, 9, "the pattern has 2 stars for 1 fields"),
        ("parse a /(x)/", 1, 9, "the groups of the expression must have names"),
        ("parse a /x/", 1, 9, "the groups of the expression must have names"),
    ],
)
def test_what_is_no_query_is_told_with_its_place(
    query: str, line: int, column: int, reason: str
) -> None:
    with pytest.raises(QueryError, match=reason) as raised:
        parse(query)

    assert (raised.value.line, raised.value.column) == (line, column)
    assert raised.value.message.startswith(f"line {line}, column {column}: ")


@pytest.mark.parametrize(
    ("query", "column", "reason"),
    [
        ("fields foo(a)", 8, "'foo' is no function that is understood here"),
        ("fields jsonParse(@message) as m", 8, "'jsonparse' is no function"),
        ("fields substr(a)", 8, r"substr does not take 1 argument\(s\)"),
        ('fields coalesce(a, "x")', 8, "argument 2 of coalesce must be a field"),
        ("fields ispresent(abs(a))", 8, "argument 1 of ispresent must be a field"),
        ("fields bin(a)", 8, "argument 1 of bin must be a period such as 5m"),
        ("fields bin(5mo)", 12, "5mo is no period that is understood here"),
        ("fields bin(0m)", 12, "0m is no period"),
        ("fields abs(5m)", 8, "argument 1 of abs must be a field or a value"),
        ("fields 5m + 1", 8, "the period 5m is for bin, datefloor and dateceil"),
        ("fields count(*)", 8, "count works on groups"),
        ("fields (a = 1) + 2", 8, r"\+ is for numbers, not conditions"),
        ("filter (a = 1) = 1", 8, "= is for values, not conditions"),
        ("filter a", 1, "a condition is expected here"),
        ("filter a = 1 and b", 8, "a condition is expected here"),
        ("filter not a", 8, "a condition is expected here"),
        ("filter strlen(a)", 1, "a condition is expected here"),
        ("stats a by b", 7, "the field 'a' stands outside an aggregate function"),
        ("stats 1", 7, "there is no aggregate function in this part of stats"),
        ("stats count(*) > 3", 7, "stats computes values of groups, not conditions"),
        ("stats sum(*)", 7, r"sum takes a field; \* is for count"),
        ("stats pct(a)", 7, r"pct takes 2 argument\(s\), not 1"),
        ("stats sum()", 7, r"sum takes 1 argument\(s\), not 0"),
        ("stats max(min(a))", 11, "min works on groups"),
        ("stats count(*) by max(b)", 19, "max works on groups"),
        ("fields @timestmp", 8, "CloudWatch generates no field '@timestmp'"),
        ("stats count(*) as n | sort m", 28, "there is no field 'm' after stats; there are n"),
        ("stats count(*) as n | filter a = 1", 30, "there is no field 'a' after stats"),
        ("stats max(a) as m by b | stats latest(m)", 32, "latest needs @timestamp, which is gone"),
        ("stats max(a) as m by b | stats max(m) by bin(1h)", 42, "bin needs @timestamp"),
        ("dedup a | sort a", 11, "sort may not follow dedup; only limit may"),
        ("limit 3 | sort a", 1, "limit must be the last command"),
        ("sort a | stats count(*)", 1, "sort must come after the last stats"),
        (
            "stats max(a) as a by b | stats max(a) as a by b | stats max(a)",
            51,
            "a query has at most 2 stats",
        ),
    ],
)
def test_what_cloudwatch_would_refuse_is_told_with_its_place(
    query: str, column: int, reason: str
) -> None:
    with pytest.raises(QueryError, match=reason) as raised:
        parse(query)

    assert raised.value.column == column


@pytest.mark.parametrize(
    ("query", "remedy"),
    [
        ("feilds a", "use one of: fields, display, filter, parse, stats, sort, limit, dedup"),
        ("fields coalesc(a)", "write coalesce"),
        ("fields @requestid", "write @requestId"),
        ("fields bin(1week)", "write a number and one of: ms, s, m, h, d"),
        ('filter a = "x', 'close it with "'),
    ],
)
def test_the_remedy_says_what_would_be_right(query: str, remedy: str) -> None:
    with pytest.raises(QueryError) as raised:
        parse(query)

    assert raised.value.remedy == remedy


@pytest.mark.parametrize(
    "query",
    [
        "FIELDS a | FILTER a LIKE /x/ AND NOT b IN [1] | SORT a DESC | LIMIT 1",
        "fields a, b # what follows is no query: | nonsense\n| limit 1",
        "fields `odd-name`, isPresent(a), toMillis(@timestamp)",
        "filter notes = 'x' and order_by = 1 and limits > 2 and stats_a = 1",
        "stats count() by bin(5m), datefloor(@timestamp, 1hr)",
        "parse @message /(?<ms>\\d+)\\/s/ | stats max(ms)",
        "stats count(*) * 100 / sum(a + 1) as share, abs(min(a))",
        "filter (a.b.0.c = -1.5 or a != \"it's\") and c not like 'x' and d not in ['x', 2]",
        "fields a ^ 2 ^ b - -1 % 3",
    ],
)
def test_a_query_of_the_subset_is_understood(query: str) -> None:
    parse(query)


WORDS = [
    "fields",
    "filter",
    "stats",
    "sort",
    "limit",
    "dedup",
    "display",
    "parse",
    "by",
    "as",
    "and",
    "or",
    "not",
    "in",
    "like",
    "=~",
    "(",
    ")",
    "[",
    "]",
    ",",
    "|",
    "+",
    "-",
    "*",
    "/",
    "%",
    "^",
    "=",
    "!=",
    "<",
    ">=",
    "'x'",
    '"y"',
    "/a(?<b>c)/",
    "5m",
    "1.5",
    "3",
    "@timestamp",
    "a",
    "b.c",
    "count",
    "max",
    "pct",
    "bin",
    "abs",
    "coalesce",
    "ispresent",
    "concat",
    "`",
    "#",
    "\\",
    "é",
    '"',
]
BEGINNINGS = (
    "",
    "fields a ",
    "filter a = 1 ",
    "stats count(*) ",
    "sort a ",
    "parse a /(?<d>x)/ | ",
)


def test_whatever_is_written_is_a_query_with_an_answer_or_an_error_with_a_place() -> None:
    chance = random.Random(5)  # noqa: S311
    lines = ('{"a": "x", "b": {"c": 1e308}}', '{"a": 2.5, "d": true}', '{"a": [], "b": 0}', "no")
    events = [LogEvent(datetime(2026, 11, 23, tzinfo=UTC), line, "/shop") for line in lines]
    understood, misplaced = 0, []
    for _ in range(1500):
        words = chance.choices(WORDS, k=chance.randint(1, 5))
        text = chance.choice(BEGINNINGS) + " ".join(words)
        try:
            query = parse(text)
        except QueryError as error:
            misplaced += [text] if not 1 <= error.column <= len(text) + 1 else []
        else:
            understood += 1
            answer(query, events)

    assert misplaced == []
    assert understood > 20
