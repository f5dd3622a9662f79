"""Queries are answered as CloudWatch answers them, as far as AWS documents it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from blueprint.insights.answering import DEFAULT_LIMIT, Row, answer, parse
from blueprint.insights.discovery import LogEvent
from blueprint.insights.values import Value

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def log(*documents: dict[str, Any] | str) -> list[LogEvent]:
    """One event a minute, from noon."""
    return [
        LogEvent(
            NOON + timedelta(minutes=number),
            document if isinstance(document, str) else json.dumps(document),
            "/shop",
        )
        for number, document in enumerate(documents)
    ]


def ask(query: str, *documents: dict[str, Any] | str) -> list[Row]:
    return answer(parse(query), log(*documents))


def column(query: str, *documents: dict[str, Any] | str) -> list[Value]:
    """The only column of the answer, None where a row lacks it."""
    return [next(iter(row.values()), None) for row in ask(query, *documents)]


def one(expression: str, **document: Any) -> Value:
    return column(f"fields {expression} as x", document)[0]


# --- filter ---


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("n = 2", ["b", "s"]),
        ("n != 2", ["a", "c"]),
        ("n >= 2", ["b", "c", "s"]),
        ("n < 2.5", ["a", "b", "s"]),
        ('n = "2"', ["b", "s"]),
        ("name > 'b'", ["c", "none", "s"]),
        ("name in ['a', 'c', 9]", ["a", "c"]),
        ("name not in ['a', 'c']", ["b", "none", "s"]),
        ("n in [2]", ["b", "s"]),
        ("ispresent(n)", ["a", "b", "c", "s"]),
        ("not ispresent(n)", ["none"]),
        ("tag like 'ree'", ["a"]),
        ("tag like /^g.*n$/", ["a"]),
        ("tag like /(?i)GREEN/", ["a"]),
        ("tag =~ /^(?i)Green$/", ["a"]),
        ("tag like 'GREEN'", []),
        ("tag not like 'gr'", ["b", "c", "s"]),
        ("n > 1 and n < 3 or name = 'a'", ["a", "b", "s"]),
        ("n > 1 and (n < 3 or name = 'a')", ["b", "s"]),
        ("not (n = 1 or n = 3)", ["b", "s"]),
        ("isblank(tag)", ["c", "none", "s"]),
        ("isempty(tag)", ["none", "s"]),
        ("strcontains(tag, 'ee') = 1", ["a"]),
        ("n + 1 = 4", ["c"]),
    ],
)
def test_a_filter_lets_through_what_it_says(condition: str, names: list[str]) -> None:
    documents: list[dict[str, Any] | str] = [
        {"name": "a", "n": 1, "tag": "green"},
        {"name": "b", "n": 2, "tag": "red"},
        {"name": "c", "n": 3, "tag": " "},
        {"name": "none"},
        {"name": "s", "n": "2", "tag": ""},
    ]

    assert column(f"filter {condition} | fields name | sort name", *documents) == names


def test_the_order_of_a_number_and_a_text_lets_nothing_through() -> None:
    """The access log writes a dash where a request had no latency."""
    assert ask("filter latency > 100 | fields latency", {"latency": "-"}) == []
    assert ask("filter latency <= 100 | fields latency", {"latency": "-"}) == []


def test_nothing_is_known_of_a_missing_field_not_even_that_it_differs() -> None:
    assert ask("filter a != 1", {"b": 1}) == []
    assert ask("filter not (a = 1)", {"b": 1}) == []
    assert ask("filter a not like 'x'", {"b": 1}) == []
    assert len(ask("filter a = 1 or b = 1", {"b": 1})) == 1


# --- fields, display, functions ---


@pytest.mark.parametrize(
    ("expression", "document", "value"),
    [
        ("a + b * c", {"a": 1, "b": 2, "c": 3}, 7),
        ("(a + b) * c", {"a": 1, "b": 2, "c": 3}, 9),
        ("a - b - c", {"a": 9, "b": 2, "c": 3}, 4),
        ("a - -b", {"a": 9, "b": 2}, 11),
        ("2 ^ 3", {}, 8),
        ("2 ^ 3 ^ 2", {}, 512),
        ("10 % 3", {}, 1),
        ("a / b", {"a": "7", "b": 2}, 3.5),
        ("a / b", {"a": 7, "b": 0}, None),
        ("a + b", {"a": 7}, None),
        ("a + 1", {"a": "x"}, None),
        ("abs(f3 - f4)", {"f3": 1, "f4": 4}, 3),
        ("ceil(1.2)", {}, 2),
        ("floor(a)", {"a": 1.8}, 1),
        ("greatest(a, 5, 3)", {"a": 4}, 5),
        ("least(a, 5, 3)", {"a": 4}, 3),
        ("sqrt(16)", {}, 4),
        ("sqrt(a)", {"a": -1}, None),
        ("log(1)", {}, 0),
        ("coalesce(a, b, c)", {"b": "x", "c": "y"}, "x"),
        ("coalesce(a, b)", {}, None),
        ("concat(a, '-', b)", {"a": "x", "b": 3}, "x-3"),
        ("ltrim('xyZfooxyZ', 'xyZ')", {}, "fooxyZ"),
        ("rtrim('xyZfooxyZ', 'xyZ')", {}, "xyZfoo"),
        ("trim('xyZfooxyZ', 'xyZ')", {}, "foo"),
        ("trim(a)", {"a": "  foo "}, "foo"),
        ("strlen('naïve')", {}, 5),
        ("toupper(a)", {"a": "foo"}, "FOO"),
        ("tolower(a)", {"a": "FOO"}, "foo"),
        ("substr('xyZfooxyZ', 3, 3)", {}, "foo"),
        ("substr('xyZfoo', 3)", {}, "foo"),
        ("replace('foo', 'o', '0')", {}, "f00"),
        ("strcontains('foo', 'oo')", {}, 1),
        ("strcontains('foo', 'x')", {}, 0),
        ("datefloor(@timestamp, 1h)", {}, NOON),
        ("dateceil(fromMillis(toMillis(@timestamp) + 1), 1h)", {}, NOON + timedelta(hours=1)),
        ("dateceil(@timestamp, 1h)", {}, NOON),
        ("toMillis(@timestamp)", {}, 1_795_435_200_000),
    ],
)
def test_an_expression_has_the_documented_value(
    expression: str, document: dict[str, Any], value: Value
) -> None:
    assert one(expression, **document) == value


def test_columns_come_in_order_and_a_missing_value_is_left_out() -> None:
    rows = ask("fields b, a as first | fields a + 1", {"a": 1}, {"a": 2, "b": 3})

    assert [list(row.items()) for row in rows] == [
        [("b", 3), ("first", 2), ("a + 1", 3)],
        [("first", 1), ("a + 1", 2)],
    ]


def test_display_shows_these_columns_only() -> None:
    assert ask("fields a, b | display b", {"a": 1, "b": 2}) == [{"b": 2}]


def test_without_fields_the_event_is_shown() -> None:
    assert ask("filter a = 1", {"a": 1}) == [{"@timestamp": NOON, "@message": '{"a": 1}'}]


# --- parse ---


def test_a_glob_takes_the_least_that_fits_and_its_last_star_the_rest() -> None:
    rows = ask(
        'parse @message "user=*, method:*, latency := *" as user, method, latency | display user, method, latency',
        "at noon user=ada, method:GET, latency := 12 ms, slow",
    )

    assert rows == [{"user": "ada", "method": "GET", "latency": "12 ms, slow"}]


def test_an_expression_writes_its_named_groups() -> None:
    query = "parse line /(?<verb>[A-Z]+) \\/(?<path>\\w+)/ | fields verb, path"

    assert ask(query, {"line": "GET /orders"}) == [{"verb": "GET", "path": "orders"}]


def test_an_event_that_does_not_fit_keeps_its_row_without_the_fields() -> None:
    assert ask("parse a /(?<digit>\\d)/ | fields a, digit", {"a": "x"}, {"b": 1}) == [
        {},
        {"a": "x"},
    ]


# --- stats ---


def test_functions_of_a_group_work_on_what_is_there() -> None:
    rows = ask(
        "stats count(*) as all_of, count(n) as with_n, sum(n) as total, avg(n) as mean, min(n) as low, max(n) as high, "
        "count_distinct(n) as kinds, stddev(n) as spread, pct(n, 50) as half, pct(n, 100) as most",
        {"n": 2},
        {"n": "4"},
        {"n": 4},
        {"m": 1},
        {"n": 6},
    )

    assert rows == [
        {
            "all_of": 5,
            "with_n": 4,
            "total": 16,
            "mean": 4,
            "low": 2,
            "high": 6,
            "kinds": 3,
            "spread": pytest.approx(2**0.5),
            "half": 4,
            "most": 6,
        }
    ]


def test_earliest_and_latest_go_by_time_and_first_and_last_by_value() -> None:
    rows = ask(
        "stats earliest(v) as e, latest(v) as l, sortsFirst(v) as f, sortsLast(v) as z",
        {"v": "m"},
        {"v": "a"},
        {"v": "z"},
        {"v": "k"},
        {"w": 1},
    )

    assert rows == [{"e": "m", "l": "k", "f": "a", "z": "z"}]


def test_groups_are_made_by_fields_and_periods() -> None:
    rows = ask(
        "stats count(*) as n by bin(2m) as t, kind | sort t asc, n desc",
        {"kind": "a"},
        {"kind": "a"},
        {"kind": "b"},
        {},
    )

    later = NOON + timedelta(minutes=2)
    assert rows == [
        {"t": NOON, "kind": "a", "n": 2},
        {"t": later, "kind": "b", "n": 1},
        {"t": later, "n": 1},
    ]


def test_a_column_without_an_alias_is_called_as_it_is_written() -> None:
    assert ask("stats count(*), max( a ) by b", {"a": 1, "b": 2}) == [
        {"b": 2, "count(*)": 1, "max( a )": 1}
    ]


def test_what_is_computed_of_functions_of_a_group() -> None:
    query = "stats sum(strcontains(m, 'cold')) / count(*) * 100 as percent, abs(min(a) - max(a)) as width"

    assert ask(query, {"m": "cold", "a": 1}, {"m": "warm", "a": 4}) == [{"percent": 50, "width": 3}]


def test_a_second_stats_works_on_the_rows_of_the_first() -> None:
    query = "stats count(*) as n by user | stats max(n) as most, count(*) as users"

    assert ask(query, {"user": "a"}, {"user": "a"}, {"user": "b"}) == [{"most": 2, "users": 2}]


def test_stats_of_nothing_counts_zero_and_has_no_group() -> None:
    assert ask("stats count(*) as n, max(a) as m") == [{"n": 0}]
    assert ask("stats count(*) as n by a") == []


# --- sort, dedup, limit ---


def _reversed(text: str) -> str:
    """Orders texts in a way of their own."""
    return text[::-1]


def test_the_order_is_the_documented_one() -> None:
    """The example of AWS's page on sort."""
    ascending = ["!:", "#", "*%04", "0#", "5A", "111A", "2345_", "@", "@_", "A", "A9876fghj"]
    ascending += ["a12345hfh", "0", "01", "1", "2", "3"]
    shuffled: list[dict[str, Any] | str] = [
        {"v": value} for value in sorted(ascending, key=_reversed)
    ]

    up = column("fields v | sort v asc", *shuffled)

    assert [str(value) for value in up if value not in {"0", "01", "1"}] == [
        value for value in ascending if value not in {"0", "01", "1"}
    ]
    assert column("fields v | sort v", *shuffled) == up
    assert {up.index("0"), up.index("01"), up.index("1")} == {12, 13, 14}


def test_numbers_are_sorted_by_value_whichever_way_they_are_written() -> None:
    documents: list[dict[str, Any] | str] = [{"v": "10"}, {"v": 9}, {"v": "-1.5"}, {"v": 2e3}]

    assert column("fields v | sort v desc", *documents) == [2e3, "10", 9, "-1.5"]


def test_events_come_newest_first_where_nothing_sorts_them() -> None:
    assert column("fields a", {"a": 1}, {"a": 2}, {"a": 3}) == [3, 2, 1]


def test_the_first_of_duplicates_is_kept_and_null_is_no_duplicate() -> None:
    documents: list[dict[str, Any] | str] = [
        {"s": "a", "n": 1},
        {"s": "b", "n": 2},
        {"s": "a", "n": 3},
        {"n": 4},
        {"n": 5},
    ]

    assert column("fields n, s | dedup s", *documents) == [5, 4, 3, 2]
    assert column("fields n, s | sort n asc | dedup s | limit 3", *documents) == [1, 2, 4]


def test_a_query_without_a_limit_has_the_documented_one() -> None:
    documents: list[dict[str, Any] | str] = [{"a": 1}] * (DEFAULT_LIMIT + 1)

    assert len(ask("fields a", *documents)) == DEFAULT_LIMIT
    assert len(ask("fields a | limit 10001", *documents)) == DEFAULT_LIMIT + 1


def test_a_clock_in_milliseconds_is_exact() -> None:
    event = LogEvent(NOON + timedelta(milliseconds=299_999), "{}", "/shop")

    assert answer(parse("fields bin(5m) as t, bin(1ms) as exact"), [event]) == [
        {"t": NOON, "exact": event.timestamp}
    ]
