"""What keeps an alarm from going off or from being over, one reason at a time."""

from dataclasses import replace

import pytest

from blueprint.catalogue.model import Fact, Reports
from blueprint.cloudwatch.model import Comparison, Metric, MetricAlarm, MissingData, Query
from blueprint.reachability.verdict import Verdict
from tests.observability.reachability.given import (
    AGE,
    AT_LEAST,
    BREACHING,
    DURATION,
    ERRORS,
    FAILED,
    IGNORE,
    INVOCATIONS,
    LATENCY,
    LESS,
    MISSING,
    NOT_BREACHING,
    RECEIVED,
    REQUESTS,
    SERVER_ERRORS,
    THROTTLED,
    codes_of,
    computing,
    is_proved,
    proof_of,
    watching,
)

RATE = {"errors": (ERRORS, "Sum"), "calls": (INVOCATIONS, "Sum")}


@pytest.mark.parametrize(
    "alarm",
    [
        watching(ERRORS, "Sum"),
        watching(ERRORS, "Sum", missing_data=MISSING),
        watching(ERRORS, "Sum", missing_data=IGNORE, evaluation_periods=5, datapoints=3),
        watching(SERVER_ERRORS, "Average", threshold=0.05),
        watching(SERVER_ERRORS, "Average", period=86_400, threshold=0.003),
        watching(LATENCY, "PR(:300)", comparison=LESS, threshold=99, period=259_200),
        watching(LATENCY, "p99", threshold=2500),
        watching(AGE, "Maximum", threshold=300),
        watching(INVOCATIONS, "Sum", comparison=LESS, threshold=1, missing_data=BREACHING),
        watching(REQUESTS, "SampleCount", comparison=LESS, threshold=10, missing_data=BREACHING),
        watching(FAILED, "Sum", comparison=AT_LEAST, threshold=1),
        watching(INVOCATIONS, "Sum", comparison=AT_LEAST, threshold=1),
        computing("IF(calls >= 5, errors / calls, 0)", RATE, threshold=0.05),
        computing("100 * errors / calls", RATE, threshold=99),
        computing("FILL(t, 0)", {"t": (THROTTLED, "Sum")}, threshold=0, missing_data=MISSING),
        computing("FILL(calls, 0)", RATE, comparison=LESS, threshold=1),
        computing(
            "IF(age > 300 AND FILL(got, 0) < 1, 1, 0)",
            {"age": (AGE, "Maximum"), "got": (RECEIVED, "Sum")},
            threshold=0,
            evaluation_periods=5,
            datapoints=5,
        ),
    ],
    ids=lambda alarm: (
        f"{alarm.result.expression or alarm.metrics[0].name}-{alarm.result.statistic}"
    ),
)
def test_an_alarm_that_works_is_proved_with_values_that_fire_and_clear_it(
    alarm: MetricAlarm,
) -> None:
    assert is_proved(alarm), proof_of(alarm).reasons


@pytest.mark.parametrize(
    ("alarm", "reason", "remedy"),
    [
        (
            watching(SERVER_ERRORS, "Average", threshold=1),
            "is 0 to 1, never above 1",
            "it is a share of 1: for 1% write 0.01",
        ),
        (watching(LATENCY, "PR(:300)", threshold=100), "is 0 to 100, never above 100", "0 to 100"),
        (
            watching(AGE, "Maximum", threshold=1_209_601),
            "is 0 to 1209600, never above 1209601",
            "it is in seconds: if milliseconds were meant, write 1209.601",
        ),
        (watching(DURATION, "Maximum", threshold=900_000), "never above 900000", "within 0 to"),
        (watching(ERRORS, "Sum", comparison=LESS, threshold=0), "never below 0", "0 and more"),
        (
            watching(INVOCATIONS, "Sum", comparison=LESS, threshold=1),
            "is 1 and more, never below 1",
            "choose a threshold",
        ),
        (computing("errors / calls", RATE, threshold=1), "is 0 to 1, never above 1", "share of 1"),
        (
            computing("errors / (errors + calls)", RATE, threshold=1),
            "is 0 to 1, never above 1",
            "share",
        ),
        (
            computing("IF(errors > 3, 1, 0)", RATE, threshold=1),
            "is 0 to 1, never above 1",
            "share",
        ),
        (
            computing("MAX([errors, calls]) * 0", RATE, threshold=0),
            "is 0, never above 0",
            "choose a threshold",
        ),
        (
            computing("(calls - errors) / calls", RATE, threshold=1),
            "is 1 and less, never above 1",
            "choose",
        ),
    ],
)
def test_a_threshold_no_value_is_beyond_is_refused(
    alarm: MetricAlarm, reason: str, remedy: str
) -> None:
    proof = proof_of(alarm)
    assert codes_of(proof) == ["NEVER-FIRES"]
    assert reason in proof.reasons[0].text
    assert remedy in proof.reasons[0].remedy


def test_the_timeout_of_the_function_bounds_its_duration() -> None:
    slow = watching(DURATION, "Maximum", threshold=10_000, comparison=AT_LEAST)
    timeout_10 = {"aws_lambda_function": {"function_name": "api", "timeout": 10}}
    timeout_9 = {"aws_lambda_function": {"function_name": "api", "timeout": 9}}
    other = {"aws_lambda_function": {"function_name": "other", "timeout": 9}}

    assert is_proved(slow, resources=timeout_10)
    assert is_proved(slow, resources=other)
    refused = proof_of(slow, resources=timeout_9)
    assert codes_of(refused) == ["NEVER-FIRES"]
    assert "(aws_lambda_function.this has timeout 9)" in refused.reasons[0].text


def test_the_retention_of_the_queue_bounds_the_age_of_its_messages() -> None:
    old = watching(AGE, "Maximum", threshold=600_000)
    queue = {"aws_sqs_queue": {"name": "orders", "message_retention_seconds": 345_600}}

    assert is_proved(old)
    refused = proof_of(old, resources=queue)
    assert codes_of(refused) == ["NEVER-FIRES"]
    assert "if milliseconds were meant, write 600" in refused.reasons[0].remedy


@pytest.mark.parametrize(
    ("alarm", "reason"),
    [
        (watching(ERRORS, "Sum", comparison=AT_LEAST, threshold=0), "always at or above 0"),
        (watching(LATENCY, "PR(:300)", comparison=LESS, threshold=101), "always below 101"),
        (
            computing("calls / again * 100", {**RATE, "again": (INVOCATIONS, "Sum")}, threshold=2),
            "is 100, which is always above 2",
        ),
        (watching(DURATION, "p90", missing_data=BREACHING), "every quiet hour is an alarm"),
        (watching(ERRORS, "Sum", missing_data=BREACHING), "every quiet hour is an alarm"),
        (
            watching(LATENCY, "PR(:300)", comparison=LESS, threshold=99, missing_data=BREACHING),
            "every quiet hour is an alarm",
        ),
    ],
)
def test_an_alarm_that_is_on_while_all_is_well_is_refused(alarm: MetricAlarm, reason: str) -> None:
    proof = proof_of(alarm)
    assert codes_of(proof) == ["ALWAYS-ON"]
    assert reason in proof.reasons[0].text


@pytest.mark.parametrize(
    ("missing", "reason"),
    [
        (MISSING, "becomes INSUFFICIENT_DATA and never OK"),
        (IGNORE, "with missing data ignore it stays in ALARM"),
    ],
)
def test_a_metric_that_reports_only_trouble_has_to_clear_by_silence(
    missing: MissingData, reason: str
) -> None:
    alarm = watching(FAILED, "Sum", threshold=0, missing_data=missing)
    proof = proof_of(alarm)

    assert codes_of(proof) == ["NEVER-CLEARS"]
    assert reason in proof.reasons[0].text
    assert proof.reasons[0].remedy == "use treat_missing_data notBreaching"
    assert is_proved(replace(alarm, missing_data=NOT_BREACHING))


def test_an_alarm_that_only_a_little_trouble_clears_is_proved_with_a_note() -> None:
    proof = proof_of(watching(FAILED, "Sum", threshold=10, missing_data=IGNORE))

    assert proof.verdict is Verdict.PROVED
    assert [note.code.name for note in proof.notes] == ["LINGERS"]


def test_dynamodb_ignores_missing_data_so_silence_does_not_clear_it() -> None:
    for missing in (MISSING, IGNORE):
        proof = proof_of(watching(THROTTLED, "Sum", threshold=0, missing_data=missing))
        assert codes_of(proof) == ["NEVER-CLEARS"]
        assert "FILL(m, 0)" in proof.reasons[0].remedy


def test_what_awss_pages_disagree_about_is_unknown() -> None:
    proof = proof_of(watching(THROTTLED, "Sum", threshold=0, missing_data=NOT_BREACHING))

    assert proof.verdict is Verdict.UNKNOWN
    assert codes_of(proof) == ["MISSING-DATA"]


@pytest.mark.parametrize(
    ("metric", "code", "remedy"),
    [
        (Metric.of("AWS/ApiGateway", "5XXErrors", {"ApiName": "a"}), "METRIC-UNKNOWN", "5XXError?"),
        (Metric.of("AWS/lambda", "Errors", {}), "METRIC-UNKNOWN", "write AWS/Lambda"),
        (
            Metric.of(
                "AWS/DynamoDB",
                "ReadThrottleEvents",
                {"TableName": "a", "GlobalSecondaryIndex": "b"},
            ),
            "DIMENSIONS",
            "use GlobalSecondaryIndexName instead of GlobalSecondaryIndex",
        ),
        (
            Metric.of("AWS/DynamoDB", "UserErrors", {"TableName": "a"}),
            "DIMENSIONS",
            "leave out TableName",
        ),
        (
            Metric.of("AWS/ApiGateway", "5XXError", {"ApiId": "a", "Stage": "b"}),
            "DIMENSIONS",
            "did you mean 5xx, which is reported by ApiId + Stage?",
        ),
    ],
)
def test_a_series_that_cannot_exist_is_refused_with_what_was_meant(
    metric: Metric, code: str, remedy: str
) -> None:
    proof = proof_of(watching(metric, "Sum"))
    assert proof.verdict is Verdict.REFUSED
    assert codes_of(proof) == [code]
    assert remedy in proof.reasons[0].remedy


def test_a_namespace_nobody_declares_is_unknown_until_its_metrics_are_given() -> None:
    metric = Metric.of("Shop", "OrdersLost", {"service": "api"})
    alarm = watching(metric, "Sum", threshold=0)
    fact = Fact(
        "Shop",
        "OrdersLost",
        (frozenset({"service"}),),
        "Count",
        Reports.WHEN_NONZERO,
        "a file",
        "2026-11-23",
        minimum=1,
    )
    proof = proof_of(alarm)

    assert proof.verdict is Verdict.UNKNOWN
    assert codes_of(proof) == ["METRIC-UNKNOWN"]
    assert "--metrics FILE" in proof.reasons[0].remedy
    assert is_proved(alarm, facts=(fact,))


def test_a_metric_filter_of_the_document_declares_its_metric() -> None:
    alarm = watching(Metric.of("app/logs", "errors", {}), "Sum", threshold=0)
    given = {"name": "errors", "namespace": "app/logs", "value": "1", "unit": "Count"}

    def filtered(**more: object) -> dict[str, dict[str, object]]:
        transformation = {**given, **more}
        return {"aws_cloudwatch_log_metric_filter": {"metric_transformation": [transformation]}}

    assert is_proved(alarm, resources=filtered())
    assert is_proved(replace(alarm, missing_data=IGNORE), resources=filtered(default_value="0"))
    lasting = proof_of(replace(alarm, missing_data=IGNORE), resources=filtered())
    assert codes_of(lasting) == ["NEVER-CLEARS"]
    wrong_unit = replace(alarm, queries=(replace(alarm.queries[0], unit="Bytes"),))
    assert codes_of(proof_of(wrong_unit, resources=filtered())) == ["UNIT"]
    by_role = filtered(dimensions={"role": "$.role"})
    assert codes_of(proof_of(alarm, resources=by_role)) == ["DIMENSIONS"]


def test_a_unit_the_metric_is_not_reported_in_is_refused() -> None:
    alarm = watching(LATENCY, "p99", threshold=2500)
    in_counts = replace(alarm, queries=(replace(alarm.queries[0], unit="Count"),))
    in_its_own = replace(alarm, queries=(replace(alarm.queries[0], unit="Milliseconds"),))

    assert codes_of(proof_of(in_counts)) == ["UNIT"]
    assert is_proved(in_its_own)


@pytest.mark.parametrize("statistic", ["P99", "p101", "Mean", "PR()", "TM(10%:5%)", "sum"])
def test_a_statistic_that_does_not_exist_is_refused(statistic: str) -> None:
    assert codes_of(proof_of(watching(ERRORS, statistic))) == ["STATISTIC"]


@pytest.mark.parametrize(
    ("expression", "verdict"),
    [
        ("errors / nothing", Verdict.REFUSED),
        ("errors /", Verdict.REFUSED),
        ("FIL(errors, 0)", Verdict.REFUSED),
        ("RUNNING_SUM(errors)", Verdict.UNKNOWN),
        ("ANOMALY_DETECTION_BAND(errors)", Verdict.UNKNOWN),
        ('SELECT SUM(Errors) FROM SCHEMA("AWS/Lambda")', Verdict.UNKNOWN),
    ],
)
def test_an_expression_that_is_wrong_is_refused_and_one_not_judged_is_unknown(
    expression: str, verdict: Verdict
) -> None:
    proof = proof_of(computing(expression, RATE))
    assert codes_of(proof) == ["MATH"]
    assert proof.verdict is verdict


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"queries": (Query("m1", ERRORS, "Sum", 45),)}, "PERIOD"),
        ({"queries": (Query("m1", ERRORS, "Sum", 90),)}, "PERIOD"),
        ({"queries": (Query("m1", ERRORS, "Sum", 10),)}, "PERIOD"),
        ({"evaluation_periods": 0, "datapoints": 0}, "LIMITS"),
        ({"evaluation_periods": 2, "datapoints": 3}, "LIMITS"),
        ({"evaluation_periods": 1441, "datapoints": 1}, "LIMITS"),
        ({"queries": (Query("m1", ERRORS, "Sum", 86_400),), "evaluation_periods": 8}, "LIMITS"),
        ({"description": "x" * 1025}, "LIMITS"),
        ({"name": "x" * 256}, "LIMITS"),
    ],
)
def test_what_cloudwatch_does_not_accept_is_refused(changes: dict[str, object], code: str) -> None:
    proof = proof_of(watching(ERRORS, "Sum", **changes))
    assert proof.verdict is Verdict.REFUSED
    assert code in codes_of(proof)


def test_eleven_metrics_in_one_alarm_are_refused() -> None:
    metrics = {
        f"m{index}": (Metric.of("AWS/Lambda", "Errors", {"FunctionName": f"f{index}"}), "Sum")
        for index in range(11)
    }
    assert "LIMITS" in codes_of(proof_of(computing("SUM(METRICS())", metrics)))
    ten = dict(list(metrics.items())[:10])
    assert is_proved(computing("SUM(METRICS())", ten, threshold=100))


@pytest.mark.parametrize("comparison", list(Comparison))
def test_the_threshold_itself_belongs_to_one_side_only(comparison: Comparison) -> None:
    alarm = watching(SERVER_ERRORS, "Average", comparison=comparison, threshold=1)
    expected = {
        Comparison.GREATER: "NEVER-FIRES",
        Comparison.GREATER_OR_EQUAL: None,
        Comparison.LESS: None,
        Comparison.LESS_OR_EQUAL: "ALWAYS-ON",
    }[comparison]
    assert codes_of(proof_of(alarm)) == ([expected] if expected else [])


def test_an_alarm_that_tells_nobody_is_noted_but_not_refused() -> None:
    silent = watching(ERRORS, "Sum", actions=replace(watching(ERRORS, "Sum").actions, alarm=()))
    proof = proof_of(silent)

    assert proof.verdict is Verdict.PROVED
    assert [note.code.name for note in proof.notes] == ["NO-ONE-TOLD"]
