"""How rules of composite alarms may be written."""

import pytest

from blueprint.cloudwatch import rules
from blueprint.cloudwatch.model import State
from blueprint.errors import BlueprintError

STATES = {"a": State.ALARM, "b": State.OK, "c": State.INSUFFICIENT_DATA}
ARN = "arn:aws:cloudwatch:us-east-1:000000000000:alarm:"


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("ALARM(a)", True),
        ('ALARM( "a" )', True),
        (f"ALARM({ARN}a)", True),
        (f'ALARM("{ARN}b")', False),
        ("OK(b) AND INSUFFICIENT_DATA(c)", True),
        ("NOT ALARM(b) AND ALARM(a)", True),
        ("NOT (ALARM(b) OR ALARM(a))", False),
        ("NOT NOT ALARM(a)", True),
        ("ALARM(a) OR ALARM(b) AND ALARM(c)", True),
        ("(ALARM(a) OR ALARM(b)) AND ALARM(c)", False),
        ("TRUE", True),
        ("FALSE OR False", False),
        ("AT_LEAST(2, NOT OK, (a, b, c))", True),
        ("AT_LEAST(3, NOT OK, (a, b, c))", False),
        ('AT_LEAST("66%", NOT ALARM, (a, b, c))', True),
        ("AT_LEAST(67%, NOT ALARM, (a, b, c))", False),
        ("AT_LEAST(1, INSUFFICIENT_DATA, (a, b))", False),
        ("\n  ALARM(a)\n  AND OK(b)\n", True),
    ],
)
def test_a_rule_holds_as_its_logic_says(text: str, holds: bool) -> None:
    assert rules.parse(text).holds(STATES) is holds


def test_names_with_marks_are_quoted_and_a_quote_in_them_is_escaped() -> None:
    rule = rules.parse(r'ALARM("5xx (api, v2)") OR OK("the \"main\" one") OR OK(${Alarm.Arn})')

    assert rule.children == ("5xx (api, v2)", 'the "main" one', "${Alarm.Arn}")


def test_each_child_is_named_once_by_name_or_arn() -> None:
    assert rules.parse(f"ALARM(a) AND OK(b) AND NOT ALARM({ARN}a)").children == ("a", "b")


def test_a_name_that_contains_alarm_but_is_no_arn_stays_whole() -> None:
    assert rules.name_of("team:alarm:errors") == "team:alarm:errors"
    assert rules.name_of(ARN + "team:alarm:errors") == "team:alarm:errors"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "has the end at character 1"),
        ("ALARM(a", r"has the end at character 8, where '\)' is expected"),
        ("ALARM()", r"has '\)' at character 7, where the name or ARN of an alarm is expected"),
        (
            "ALARM(a) ALARM(b)",
            "has 'ALARM.b.' at character 10, where AND, OR or the end is expected",
        ),
        ("ALARM(a) and ALARM(b)", "has 'and ALARM.b.' at character 10"),
        ("Alarm(a)", "has 'Alarm.a.' at character 1"),
        ('ALARM("a)', "at character 7, where a closing quote is expected"),
        ("ALARM(two words)", "has 'words.' at character 11"),
        ("AT_LEAST(some, ALARM, (a))", "where a number of alarms, or a percentage is expected"),
        ("AT_LEAST(101%, ALARM, (a))", "where a number of alarms, or a percentage is expected"),
        ("AT_LEAST(1, BAD, (a))", "where ALARM, OK or INSUFFICIENT_DATA"),
        ("AT_LEAST(1, ALARM, a)", r"where '\(' is expected"),
    ],
)
def test_a_slip_in_a_rule_is_told_by_its_place(text: str, fault: str) -> None:
    with pytest.raises(BlueprintError, match=fault) as refusal:
        rules.parse(text)

    assert "AT_LEAST(2, ALARM, (a, b, c))" in refusal.value.remedy
