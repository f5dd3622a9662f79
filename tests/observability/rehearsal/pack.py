"""A small pack of its own: one queue, one function, one API, the alarms on them and the cases of these."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from blueprint.catalogue import catalogue
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
from blueprint.documents.model import Declared, Place
from blueprint.rehearsal import reading, watched
from blueprint.rehearsal.laying import Stage
from blueprint.rehearsal.model import Book
from blueprint.rehearsal.rehearsing import Report, rehearse

VARIABLES: Mapping[str, Any] = {
    "functions": {
        "worker": {
            "name": "shop-worker",
            "timeout_seconds": 30,
            "invoked_by": "queue",
            "log_group_name": "/aws/lambda/shop-worker",
        },
        "nightly": {
            "name": "shop-nightly",
            "timeout_seconds": 60,
            "invoked_by": "schedule",
            "log_group_name": "/aws/lambda/shop-nightly",
        },
    },
    "queues": {"lost": {"name": "shop-lost", "kind": "dead_letter", "consumer": None}},
    "tables": {"carts": {"name": "shop-carts", "indexes": ["ByUser"]}},
    "schedules": {
        "cleanup": {
            "name": "shop-cleanup",
            "group": "shop",
            "function": "nightly",
            "period_seconds": 600,
        }
    },
    "api": {"type": "http", "id": "abc123", "name": "shop", "stage": "live"},
    "user_pools": {"people": {"id": "pool-1", "clients": {"web": "client-1"}}},
    "account_concurrency_quota": 1000,
}

# One message in a dead-letter queue, with everything that its alarm has to stand.
LOST = """\
watches: queues
ordinary:
  - metrics: { ApproximateNumberOfMessagesVisible: 0, NumberOfMessagesSent: 0 }
signals:
  not-empty:
    fire:
      - story: One message is given up on, by one of two readings.
        phases: [{ for: 20m, metrics: { ApproximateNumberOfMessagesVisible: "1 x 0, 1 x 1" } }]
        within: 2m
      - story: One reading misses the message.
        phases:
          - { for: 1m, metrics: { ApproximateNumberOfMessagesVisible: 1 } }
          - { for: 1m }
          - { for: 1m, metrics: { ApproximateNumberOfMessagesVisible: 1 } }
          - { for: 5m }
        within: 3m
    clear:
      - story: The queue is redriven.
        phases: [{ for: 30m }]
        within: 2m
    hold:
      - story: The queue falls silent with its message.
        phases: [{ for: 12h, silent: true }]
    near_miss:
      - story: One reading sees a message that is gone already.
        phases: [{ for: 1m, metrics: { ApproximateNumberOfMessagesVisible: 1 } }]
      - story: The queue was never used.
        before: [{ for: 1h, silent: true }]
        phases: [{ for: 12h, silent: true }]
"""

VISIBLE = Metric.of("AWS/SQS", "ApproximateNumberOfMessagesVisible", {"QueueName": "shop-lost"})
NOT_EMPTY = MetricAlarm(
    name="shop-lost-not-empty",
    queries=(Query("m", VISIBLE, "Maximum", 60),),
    comparison=Comparison.GREATER_OR_EQUAL,
    threshold=1,
    evaluation_periods=3,
    datapoints=2,
    missing_data=MissingData.IGNORE,
    actions=Actions(alarm=("page",)),
)


def alarm_on(metric: Metric, **changes: Any) -> MetricAlarm:
    """An alarm that goes off with one minute whose Sum is above 0, or as `changes` say; `statistic` is its query's."""
    query = Query("m", metric, changes.pop("statistic", "Sum"), changes.pop("period", 60))
    plain = MetricAlarm("alarm", (query,), Comparison.GREATER, 0, 1, 1, MissingData.NOT_BREACHING)
    return replace(plain, **changes)


def alarm_of(expression: str, reads: Mapping[str, Query], **changes: Any) -> MetricAlarm:
    """An alarm that goes off with one period in which `expression` is above 0, or as `changes` say."""
    queries = (
        *(replace(query, id=name, returns_data=False) for name, query in reads.items()),
        Query("result", expression=expression),
    )
    plain = MetricAlarm("alarm", queries, Comparison.GREATER, 0, 1, 1, MissingData.NOT_BREACHING)
    return replace(plain, **changes)


def composite(rule: str, **changes: Any) -> CompositeAlarm:
    """A combined alarm called all."""
    return CompositeAlarm("all", rule, **changes)


def declared(alarm: Alarm, **tags: str) -> Declared:
    """`alarm` as a plan declares it."""
    return Declared(
        Place(f'aws_cloudwatch_metric_alarm.this["{alarm.name}"]', "plan.json"), alarm, tags=tags
    )


def book(directory: Path, *texts: str) -> Book:
    """The cases in `texts`, each written to a file of its own."""
    for number, text in enumerate(texts):
        (directory / f"{number}.yaml").write_text(text, encoding="utf-8")
    return reading.read(directory)


def stage(cases: Book, variables: Mapping[str, Any] = VARIABLES) -> Stage:
    """The resources of `variables`, as AWS's own services report on them."""
    found = watched.resources(watched.inventory(variables), catalogue.load())
    return Stage(found, cases.ordinary)


def rehearsed(
    directory: Path, alarms: Iterable[Declared], *texts: str, known: Iterable[str] = ()
) -> Report:
    """The report on `alarms` with the cases in `texts`."""
    cases = book(directory, *texts)
    return rehearse(alarms, stage=stage(cases), book=cases, known=frozenset(known))
