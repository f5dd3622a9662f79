"""The evaluator is strict: what it does not know is an error, what is missing is missing."""

from typing import Any

import pytest

from tests.policy_language import PolicyError, conditions_met, elements, matches, statements, values


def met(conditions: dict[str, dict[str, Any]], **context: str) -> bool:
    return conditions_met(conditions, context, known=lambda key: key in {"name", "other"})


@pytest.mark.parametrize(
    ("operator", "expected", "actual", "answer"),
    [
        ("StringEquals", "main", "main", True),
        ("StringEquals", "main", "Main", False),
        ("StringEquals", "ma*", "main", False),
        ("StringEquals", ["dev", "main"], "main", True),
        ("StringEquals", "main", None, False),
        ("StringLike", "refs/*/main", "refs/a/b/main", True),
        ("StringLike", "v?", "v1", True),
        ("StringLike", "v?", "v", False),
        ("StringLike", "v1.0", "v1x0", False),
        ("StringLike", "*", None, False),
        ("StringNotEquals", "main", "dev", True),
        ("StringNotEquals", ["dev", "main"], "main", False),
        ("StringNotEquals", "main", None, True),
        ("StringNotLike", "v*-*", "v1.0.0", True),
        ("StringNotLike", ["v*-*", "x"], "v1.0.0-rc.1", False),
        ("StringNotLike", "v*-*", None, True),
        ("Null", "true", None, True),
        ("Null", "true", "main", False),
        ("Null", "false", "main", True),
        ("Null", "false", None, False),
        ("Bool", "true", "true", True),
        ("Bool", "true", None, False),
        ("ArnLike", "arn:aws:iam::1:policy/a-*", "arn:aws:iam::1:policy/a-b", True),
        ("ArnLike", "arn:aws:*:::a", "arn:aws:iam::1:policy/a", False),
        ("ArnLike", "arn:aws:iam::1:policy/a", "a", False),
    ],
)
def test_an_operator_answers_as_iam_does(
    operator: str, expected: object, actual: str | None, answer: bool
) -> None:
    context = {} if actual is None else {"name": actual}

    assert met({operator: {"name": expected}}, **context) is answer


def test_every_operator_and_every_key_has_to_be_met() -> None:
    conditions = {"StringEquals": {"name": "a", "other": "b"}, "StringLike": {"name": "?"}}

    assert met(conditions, name="a", other="b")
    assert not met(conditions, name="a", other="c")
    assert not met(conditions, name="a")


@pytest.mark.parametrize("operator", ["StringEqualsIgnoreCase", "ForAllValues:StringEquals", ""])
def test_an_unknown_operator_is_an_error_also_when_the_rest_already_fails(operator: str) -> None:
    with pytest.raises(PolicyError, match="unknown operator"):
        met({"StringEquals": {"name": "x"}, operator: {"name": "a"}}, name="a")


def test_an_unknown_key_is_an_error_also_when_the_rest_already_fails() -> None:
    with pytest.raises(PolicyError, match="no request has the key nme"):
        met({"StringEquals": {"name": "x", "nme": "a"}}, name="a")


@pytest.mark.parametrize("value", [[], None, 1, [1], {"a": "b"}])
def test_a_value_that_is_no_string_is_an_error(value: object) -> None:
    with pytest.raises(PolicyError, match="neither a string nor a list of strings"):
        values(value)


def test_a_policy_variable_is_an_error_not_a_literal() -> None:
    with pytest.raises(PolicyError, match="holds a policy variable"):
        values("arn:aws:s3:::${aws:username}")


def test_null_wants_a_truth_value() -> None:
    with pytest.raises(PolicyError, match="Null wants true or false"):
        met({"Null": {"name": "yes"}})


def test_bool_wants_a_truth_value() -> None:
    with pytest.raises(PolicyError, match="Bool compares true and false"):
        met({"Bool": {"name": "true"}}, name="yes")


def test_the_old_language_is_refused() -> None:
    with pytest.raises(PolicyError, match="not a policy of version 2012-10-17"):
        statements({"Version": "2008-10-17", "Statement": []})


def test_an_element_nobody_evaluates_is_an_error() -> None:
    with pytest.raises(PolicyError, match="unknown elements"):
        elements({"Effect": "Allow", "NotPrincipal": "*"}, known={"Effect"})


def test_an_effect_is_allow_or_deny() -> None:
    with pytest.raises(PolicyError, match="unknown effect 'allow'"):
        elements({"Effect": "allow"}, known={"Effect"})


def test_a_wildcard_reaches_over_slashes_and_lines() -> None:
    assert matches("refs/*", "refs/heads/a\nb")
    assert not matches("refs/heads", "refs/heads/a")
