"""The expressions mean here what they mean on GitHub."""

from typing import Any

import pytest

from blueprint.errors import UsageError
from blueprint.workflows import expressions
from blueprint.workflows.expressions import Scope

SCOPE = Scope(
    {
        "github": {
            "event_name": "push",
            "ref": "refs/heads/main",
            "event": {"pull_request": {"labels": [{"name": "bug"}, {"name": "Preview"}]}},
        },
        "inputs": {"on": True, "off": False, "count": 3, "empty": ""},
        "needs": {
            "a": {"result": "success", "outputs": {"n": "0"}},
            "b": {"result": "failure", "outputs": {}},
        },
        "vars": {"DEV_REGION": "eu-west-1", "LIST": '["dev"]'},
    },
    {"success": False, "failure": True, "cancelled": False, "always": True},
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("'it''s'", "it's"),
        ("${{ true }}", True),
        ("1.5", 1.5),
        ("null", None),
        ("github.event_name", "push"),
        ("needs.a.outputs.n", "0"),
        ("needs['a'].result", "success"),
        ("needs.*.result", ["success", "failure"]),
        ("github.event.pull_request.labels.*.name", ["bug", "Preview"]),
        ("github.event.pull_request.labels[1].name", "Preview"),
        ("github.event.nothing.at.all", None),
        ("vars.dev_region", "eu-west-1"),
        ("vars[format('{0}_REGION', 'dev')]", "eu-west-1"),
        ("fromJSON(vars.LIST)[0]", "dev"),
        ("inputs.empty || 'else'", "else"),
        ("inputs.count && 'yes'", "yes"),
        ("inputs.off && 'yes'", False),
        ("inputs.on && 'a' || 'b'", "a"),
    ],
)
def test_a_value_is(text: str, value: Any) -> None:
    assert expressions.parse(text).value(SCOPE) == value


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("'Main' == 'main'", True),  # text ignores case
        ("github.ref != 'refs/heads/MAIN'", False),
        ("null == ''", True),  # both are the number 0
        ("0 == ''", True),
        ("true == 1", True),
        ("'0' == 0", True),
        ("'a' == 0", False),  # not a number at all
        ("'0'", True),  # a text that is not empty
        ("''", False),
        ("0", False),
        ("!github.event.nothing", True),
        ("!inputs.on", False),
        ("true || false && false", True),  # && binds tighter
        ("(true || false) && false", False),
        ("false == false == true", True),
        ("!false == true", True),
        ("contains('Hello', 'LL')", True),
        ("contains(needs.*.result, 'Failure')", True),
        ("contains(github.event.pull_request.labels.*.name, 'preview')", True),
        ("contains(github.event.nothing.*.name, 'preview')", False),
        ("startsWith(github.ref, 'REFS/heads')", True),
        ("success()", False),
        ("failure() && always()", True),
        ("!cancelled()", True),
    ],
)
def test_a_condition_holds_or_does_not(text: str, *, holds: bool) -> None:
    assert expressions.parse(text).holds(SCOPE) is holds


@pytest.mark.parametrize(
    ("text", "tests"),
    [
        ("always()", True),
        ("needs.a.result == 'success' && !Cancelled()", True),
        ("needs.a.result == 'success'", False),
        ("contains('always()', 'a')", False),
    ],
)
def test_a_status_function_is_found_where_it_is_called(text: str, *, tests: bool) -> None:
    assert expressions.parse(text).tests_status is tests


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a > b", "'> b' is not known here"),
        ("hashFiles('x')", "the function 'hashFiles' is not known here"),
        ("always(1)", r"always\(\) takes nothing"),
        ("contains('a')", r"contains\(\) takes 2 arguments"),
        ("format('{{0}}', 1)", "braces"),
        ("(a", r"'\)' is missing before 'the end'"),
        ("a b", "'b' is not expected here"),
        ("a &&", "'the end' is not expected here"),
        ("a.'b'", "a name is missing before \"'b'\""),
        ('a == "b"', "is not known here"),
        ("", "'the end' is not expected here"),
    ],
)
def test_what_is_not_understood_is_refused(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        expressions.parse(text).value(Scope({"a": 1}, SCOPE.status))


def test_an_unknown_context_is_refused() -> None:
    with pytest.raises(UsageError, match="there is no context 'need'"):
        expressions.parse("need.a.result").value(SCOPE)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("${{ inputs.count }}", 3),
        ("deploy-${{ github.event_name }}-${{ inputs.on }}", "deploy-push-true"),
        ("${{ vars.X }}${{ 'a' }}", "a"),
        ("plain", "plain"),
    ],
)
def test_a_template_keeps_the_kind_of_a_single_expression(text: str, value: Any) -> None:
    assert expressions.render(text, SCOPE) == value
