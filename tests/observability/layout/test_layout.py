"""What a dashboard is refused or warned for, whoever wrote it."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from blueprint.cloudwatch.model import Metric
from blueprint.documents.model import Document, Place, Resource
from blueprint.errors import UsageError
from blueprint.observability import dashboards, layout
from blueprint.observability.layout import Level

PLACE = Place("aws_cloudwatch_dashboard.this", "plan.json")
REQUESTS = ["AWS/ApiGateway", "Count", "ApiId", "a1"]


def graph(**changes: Any) -> dict[str, Any]:
    properties = {"title": "Requests", "metrics": [REQUESTS], "period": 60}
    return {
        "type": "metric",
        "x": 0,
        "y": 0,
        "width": 6,
        "height": 6,
        **{key: value for key, value in changes.items() if key in ("x", "y", "width", "height")},
        "properties": properties
        | {k: v for k, v in changes.items() if k not in ("x", "y", "width", "height")},
    }


def widget(kind: str, **properties: Any) -> dict[str, Any]:
    return {"type": kind, "x": 0, "y": 0, "width": 6, "height": 6, "properties": properties}


def findings(*widgets: Mapping[str, Any]) -> list[layout.Finding]:
    text = json.dumps({"widgets": widgets})
    return layout.check(dashboards.body(text, name="service", place=PLACE))


def messages(*widgets: Mapping[str, Any]) -> list[str]:
    return [finding.message for finding in findings(*widgets)]


def test_a_sound_dashboard_has_no_finding() -> None:
    assert (
        findings(
            graph(),
            graph(x=6, title="Latency"),
            graph(y=6, width=24, title="Errors"),
            {**widget("text", markdown="## Now"), "x": 12},
            {**widget("log", title="Lines", query="SOURCE '/aws/lambda/a' | limit 5"), "x": 18},
            {**widget("alarm", title="Alarms", alarms=["arn:aws:..."]), "y": 12},
        )
        == []
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"width": 25}, "width 25 is not from 1 to 24"),
        ({"width": 0}, "width 0 is not from 1 to 24"),
        ({"x": 20}, "columns 20 to 26 leave the grid of 24"),
        ({"x": -1}, "columns -1 to 5 leave the grid of 24"),
        ({"y": -1}, "row -1 is above the grid"),
        ({"height": 0}, "height 0 is not from 1 to 1000"),
        ({"height": 1001}, "height 1001 is not from 1 to 1000"),
        ({"y": None}, "it has x or y and not both"),
        ({"view": "line"}, "a metric widget has no view 'line'"),
        ({"metrics": []}, "it shows no metric"),
        ({"metrics": [[*REQUESTS, {"visible": False}]]}, "every line of it is hidden"),
        ({"period": 90}, "period 90 s is none of CloudWatch's"),
        ({"period": 0}, "period 0 s is none of CloudWatch's"),
        ({"metrics": [REQUESTS] * 501}, "501 metrics, and a graph takes 500"),
        (
            {"metrics": [[*REQUESTS, {"id": "a"}], [*REQUESTS, {"id": "a"}]]},
            "two of its lines have the id 'a'",
        ),
    ],
)
def test_a_graph_cloudwatch_would_not_show_is_an_error(
    changes: dict[str, Any], message: str
) -> None:
    (finding,) = findings(graph(**changes))

    assert finding.level is Level.ERROR
    assert finding.message == message
    assert str(finding).startswith("service: Requests: ")


@pytest.mark.parametrize("period", [1, 5, 10, 20, 30, 60, 300, 86_400])
def test_the_periods_of_cloudwatch_are_taken(period: int) -> None:
    assert messages(graph(period=period)) == []


@pytest.mark.parametrize(
    ("other", "free"),
    [
        ({"x": 6, "y": 0}, True),
        ({"x": 0, "y": 6}, True),
        ({"x": 5, "y": 0}, False),
        ({"x": 0, "y": 5}, False),
        ({"x": 3, "y": 3}, False),
        ({"x": 0, "y": 0, "width": 1, "height": 1}, False),
    ],
)
def test_widgets_may_touch_and_not_lie_on_each_other(other: dict[str, Any], free: bool) -> None:
    found = messages(graph(), graph(title="Other", **other))

    assert found == ([] if free else ["it lies on 'Requests'"])


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (widget("text", markdown=" "), "it has no text"),
        (widget("diagram"), "CloudWatch has no widget of type 'diagram'"),
        (widget("log", title="Lines", query="limit 5"), "its query reads no log group"),
        (
            widget("log", title="Lines", query="SOURCE 'a'", view="graph"),
            "a log widget has no view 'graph'",
        ),
        (widget("alarm", title="Alarms", alarms=[]), "it shows no alarm"),
        (widget("alarm", title="Alarms", alarms=["a"] * 101), "101 alarms, and a widget takes 100"),
    ],
)
def test_another_widget_that_shows_nothing_is_an_error(
    broken: dict[str, Any], message: str
) -> None:
    assert [(f.level, f.message) for f in findings(broken)] == [(Level.ERROR, message)]


def test_more_widgets_than_cloudwatch_takes_are_an_error() -> None:
    text = {"type": "text", "properties": {"markdown": "x"}}

    assert messages(*[text] * 500) == []
    assert messages(*[text] * 501) == ["501 widgets, and CloudWatch takes 500"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": ""}, "it has no title"),
        ({"yAxis": {"left": {"showUnits": False}}}, "its axis says no unit"),
        (
            {"metrics": [[*REQUESTS, {"label": "a"}], [*REQUESTS, {"label": "a"}]]},
            "two lines are called 'a'",
        ),
    ],
)
def test_what_a_reader_stumbles_over_is_a_warning(changes: dict[str, Any], message: str) -> None:
    assert [(f.level, f.message) for f in findings(graph(**changes))] == [(Level.WARNING, message)]


def test_the_fifty_first_metric_is_a_warning_that_says_the_price() -> None:
    metrics = [["AWS/Lambda", "Errors", "FunctionName", str(number)] for number in range(51)]

    assert messages(graph(metrics=metrics[:50])) == []
    (finding,) = findings(graph(metrics=metrics))
    assert finding.level is Level.WARNING
    assert "51 metrics" in finding.message
    assert "3 USD" in finding.remedy


def test_a_metric_shown_twice_is_paid_once() -> None:
    shown = dashboards.body(
        json.dumps({"widgets": [graph(), graph(x=6, stat="p99", title="Again")]}),
        name="service",
        place=PLACE,
    )

    assert shown.metrics == (Metric.of("AWS/ApiGateway", "Count", {"ApiId": "a1"}),)


def test_repeated_parts_of_a_row_are_written_out() -> None:
    shown = dashboards.body(
        json.dumps(
            {
                "widgets": [
                    graph(
                        metrics=[
                            ["AWS/Lambda", "Errors", "FunctionName", "a"],
                            [".", "Throttles", ".", "."],
                            ["...", "b", {"stat": "p99", "period": 300}],
                        ]
                    )
                ]
            }
        ),
        name="service",
        place=PLACE,
    )

    series = shown.widgets[0].series
    assert [s.metric for s in series] == [
        Metric.of("AWS/Lambda", "Errors", {"FunctionName": "a"}),
        Metric.of("AWS/Lambda", "Throttles", {"FunctionName": "a"}),
        Metric.of("AWS/Lambda", "Throttles", {"FunctionName": "b"}),
    ]
    assert [(s.statistic, s.period) for s in series] == [
        ("Average", 60),
        ("Average", 60),
        ("p99", 300),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "it is not JSON"),
        ("[]", "it has no list `widgets`"),
        ('{"widgets": ["text"]}', r"widgets\[0\] is not a widget"),
        ('{"widgets": [{"width": "6"}]}', r"widgets\[0\].width is '6'"),
        (
            json.dumps({"widgets": [graph(metrics=[["AWS/Lambda"]])]}),
            "not a namespace, a name and pairs",
        ),
        (json.dumps({"widgets": [graph(metrics=[["...", "a"]])]}), "repeats a row that is shorter"),
        (json.dumps({"widgets": [graph(metrics=[[".", "a"]])]}), "no row above it has"),
        (json.dumps({"widgets": [graph(metrics=["Errors"])]}), "is not a list of names"),
        (json.dumps({"widgets": [graph(metrics="Errors")]}), "is not a list"),
    ],
)
def test_what_is_no_dashboard_is_told_with_its_place(text: str, reason: str) -> None:
    with pytest.raises(UsageError, match=rf"plan.json: aws_cloudwatch_dashboard.this .*{reason}"):
        dashboards.body(text, name="service", place=PLACE)


def test_a_body_that_is_known_after_apply_is_not_judged_and_not_passed() -> None:
    document = Document(
        "plan.json",
        (),
        (
            Resource(
                "aws_cloudwatch_dashboard",
                PLACE,
                {"dashboard_name": "service", "dashboard_body": "(known after apply)"},
            ),
            Resource("aws_sns_topic", PLACE, {}),
        ),
    )

    (dashboard,) = dashboards.of(document)
    (finding,) = layout.check(dashboard)

    assert finding.level is Level.WARNING
    assert "not judged" in finding.message


def test_alarms_and_log_groups_a_widget_names_are_read() -> None:
    shown = dashboards.body(
        json.dumps(
            {
                "widgets": [
                    graph(
                        annotations={
                            "alarms": ["arn:1"],
                            "horizontal": [{"label": "age", "value": 300}],
                        }
                    ),
                    widget("alarm", title="Alarms", alarms=["arn:2"]),
                    widget("log", title="Lines", query="SOURCE 'a' | SOURCE \"b\", 'c' | limit 5"),
                ]
            }
        ),
        name="service",
        place=PLACE,
    )

    first, second, third = shown.widgets
    assert (first.alarms, first.thresholds) == (("arn:1",), (("age", 300.0),))
    assert second.alarms == ("arn:2",)
    assert third.log_groups == ("a", "b", "c")
