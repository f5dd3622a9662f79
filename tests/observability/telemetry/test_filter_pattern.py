"""Metric filter patterns for JSON match as AWS documents them."""

import json

import pytest

from blueprint.errors import UsageError
from blueprint.observability.filter_pattern import matcher

LINE = json.dumps(
    {
        "eventType": "UpdateTrail",
        "sourceIPAddress": "111.111.111.111",
        "arrayKey": ["value", "another value"],
        "objectList": [{"name": "a", "id": 1}, {"name": "b", "id": 2}],
        "someObject": None,
        "cluster": True,
        "latency": 55.5,
        "coordinates": [[0, 1], [2, 3]],
    }
)


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        ('{ $.eventType = "UpdateTrail" }', True),
        ("{ $.eventType = UpdateTrail }", True),
        ('{ $.eventType = "updatetrail" }', False),
        ("{ $.eventType = Update* }", True),
        ("{ $.eventType = *Trail }", True),
        ("{ $.eventType = *date* }", True),
        ("{ $.eventType = * }", True),
        ("{ $.eventType = Up*Trail }", False),
        ("{ $.sourceIPAddress != 123.123.* }", True),
        ("{ $.sourceIPAddress != 111.111.* }", False),
        ('{ $.arrayKey[0] = "value" }', True),
        ('{ $.arrayKey[2] = "value" }', False),
        ("{ $.objectList[1].id = 2 }", True),
        ("{ $.coordinates[1][0] = 2 }", True),
        ("{ $.arrayKey = value }", False),
        ("{ $.arrayKey != value }", False),
        ("{ $.absent != value }", False),
        ("{ $.someObject IS NULL }", True),
        ("{ $.absent IS NULL }", False),
        ("{ $.absent NOT EXISTS }", True),
        ("{ $.someObject NOT EXISTS }", False),
        ("{ $.cluster IS TRUE }", True),
        ("{ $.cluster IS FALSE }", False),
        ("{ $.latency >= 55.5 }", True),
        ("{ $.latency > 5.55e1 }", False),
        ("{ $.latency < +100 }", True),
        ("{ $.latency = 55.5 }", True),
        ("{ $.eventType > 3 }", False),
        ("{ $.latency > 1 && $.cluster IS FALSE || $.eventType = Up* }", True),
        ("{ $.latency > 1 && ($.cluster IS FALSE || $.eventType = Up*) }", True),
        ("{ $.latency > 100 && ($.cluster IS TRUE || $.eventType = Up*) }", False),
    ],
)
def test_a_pattern_matches_what_it_says(pattern: str, matches: bool) -> None:
    assert matcher(pattern)(LINE) is matches


@pytest.mark.parametrize("line", ["no JSON", '["a"]', "{broken", "3"])
def test_a_line_that_is_no_object_is_not_matched(line: str) -> None:
    assert matcher("{ $.a NOT EXISTS }")(line) is False


@pytest.mark.parametrize(
    ("pattern", "column"),
    [
        ("ERROR", 1),
        ("[ip, user]", 1),
        ("{ $.a = %regex% }", 9),
        ("{ $.a ~ 3 }", 7),
        ("{ level = ERROR }", 3),
        ('{ $.a = "x" ', 12),
        ("{ }", 3),
    ],
)
def test_a_pattern_that_is_not_understood_is_an_error_with_its_column(
    pattern: str, column: int
) -> None:
    with pytest.raises(UsageError, match=f"column {column}: not understood"):
        matcher(pattern)
