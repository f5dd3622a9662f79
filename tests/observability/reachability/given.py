"""Alarms for the lint's tests, each right but for what a test says."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from blueprint.catalogue import catalogue
from blueprint.catalogue.model import Fact
from blueprint.cloudwatch.model import (
    Actions,
    Alarm,
    Comparison,
    CompositeAlarm,
    Metric,
    MetricAlarm,
    MissingData,
    Query,
)
from blueprint.documents.model import Declared, Document, Place, Resource
from blueprint.reachability.proof import prove
from blueprint.reachability.verdict import Proof, Verdict

ERRORS = Metric.of("AWS/Lambda", "Errors", {"FunctionName": "api"})
INVOCATIONS = Metric.of("AWS/Lambda", "Invocations", {"FunctionName": "api"})
DURATION = Metric.of("AWS/Lambda", "Duration", {"FunctionName": "api"})
AGE = Metric.of("AWS/SQS", "ApproximateAgeOfOldestMessage", {"QueueName": "orders"})
RECEIVED = Metric.of("AWS/SQS", "NumberOfMessagesReceived", {"QueueName": "orders"})
SERVER_ERRORS = Metric.of("AWS/ApiGateway", "5XXError", {"ApiName": "api", "Stage": "live"})
REQUESTS = Metric.of("AWS/ApiGateway", "Count", {"ApiName": "api", "Stage": "live"})
LATENCY = Metric.of("AWS/ApiGateway", "Latency", {"ApiName": "api", "Stage": "live"})
THROTTLED = Metric.of("AWS/DynamoDB", "ReadThrottleEvents", {"TableName": "orders"})
FAILED = Metric.of("AWS/Events", "FailedInvocations", {"RuleName": "nightly"})

GREATER, LESS = Comparison.GREATER, Comparison.LESS
AT_LEAST = Comparison.GREATER_OR_EQUAL
MISSING, IGNORE = MissingData.MISSING, MissingData.IGNORE
BREACHING, NOT_BREACHING = MissingData.BREACHING, MissingData.NOT_BREACHING


def watching(metric: Metric, statistic: str, period: int = 60, **changes: Any) -> MetricAlarm:
    """An alarm on one metric: above 5, 1 of 1, missing data not breaching."""
    return replace(
        MetricAlarm(
            name="watched",
            queries=(Query("m1", metric, statistic, period),),
            comparison=GREATER,
            threshold=5,
            evaluation_periods=1,
            datapoints=1,
            missing_data=NOT_BREACHING,
            actions=Actions(alarm=("topic",)),
        ),
        **changes,
    )


def computing(
    expression: str, metrics: Mapping[str, tuple[Metric, str]], period: int = 60, **changes: Any
) -> MetricAlarm:
    """An alarm on an expression over statistics of metrics, by id."""
    queries = tuple(
        Query(name, metric, statistic, period, returns_data=False)
        for name, (metric, statistic) in metrics.items()
    )
    result = Query("e", expression=expression)
    return watching(ERRORS, "Sum", **{"queries": (result, *queries), **changes})


def composite(name: str, rule: str, **changes: Any) -> CompositeAlarm:
    return replace(CompositeAlarm(name, rule, actions=Actions(alarm=("topic",))), **changes)


def judged(
    *alarms: Alarm,
    resources: Mapping[str, Mapping[str, object]] | None = None,
    facts: tuple[Fact, ...] = (),
) -> list[Proof]:
    """Proofs of alarms that stand in one document with `resources`, by type."""
    document = Document(
        "plan.json",
        tuple(Declared(Place(f"alarm.{alarm.name}", "plan.json"), alarm) for alarm in alarms),
        tuple(
            Resource(kind, Place(f"{kind}.this", "plan.json"), values)
            for kind, values in (resources or {}).items()
        ),
    )
    return prove([document], catalogue.load().with_metrics(facts))


def proof_of(alarm: Alarm, **given: Any) -> Proof:
    [proof] = judged(alarm, **given)
    return proof


def codes_of(proof: Proof) -> list[str]:
    """The codes that made the verdict, none where the alarm is proved."""
    return [step.code.name for step in proof.reasons]


def is_proved(alarm: Alarm, **given: Any) -> bool:
    proof = proof_of(alarm, **given)
    return proof.verdict is Verdict.PROVED and proof.witness is not None
