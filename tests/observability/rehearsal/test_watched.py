"""Which series AWS reports of which resource."""

from blueprint.catalogue import catalogue
from blueprint.cloudwatch.model import Metric
from blueprint.documents.model import Document, Place, Resource
from blueprint.rehearsal import watched
from blueprint.rehearsal.watched import Watched
from tests.observability.rehearsal import pack


def _resources(**variables: object) -> dict[str, Watched]:
    inventory = watched.inventory({**pack.VARIABLES, **variables})
    return {item.name: item for item in watched.resources(inventory, catalogue.load())}


def test_each_kind_reports_by_the_dimensions_aws_documents() -> None:
    found = _resources()
    assert pack.VISIBLE in found["queues/lost"].series
    for name, namespace, metric, dimensions in (
        ("functions/worker", "AWS/Lambda", "Errors", {"FunctionName": "shop-worker"}),
        ("tables/carts", "AWS/DynamoDB", "ReadThrottleEvents", {"TableName": "shop-carts"}),
        (
            "indexes/carts-byuser",
            "AWS/DynamoDB",
            "ReadThrottleEvents",
            {"TableName": "shop-carts", "GlobalSecondaryIndexName": "ByUser"},
        ),
        ("api/api", "AWS/ApiGateway", "5xx", {"ApiId": "abc123", "Stage": "live"}),
        ("schedules/cleanup", "AWS/Scheduler", "InvocationDroppedCount", {"ScheduleGroup": "shop"}),
        (
            "user_pool_clients/people-web",
            "AWS/Cognito",
            "SignInThrottles",
            {"UserPool": "pool-1", "UserPoolClient": "client-1"},
        ),
        ("account/account", "AWS/Lambda", "ClaimedAccountConcurrency", {}),
    ):
        assert Metric.of(namespace, metric, dimensions) in found[name].series, name


def test_a_series_by_another_set_of_dimensions_is_reported_by_nobody() -> None:
    series = {metric for item in _resources().values() for metric in item.series}
    assert Metric.of("AWS/DynamoDB", "ReadThrottleEvents", {"TableName": "other"}) not in series
    assert Metric.of("AWS/SQS", "ApproximateNumberOfMessagesVisible", {}) not in series
    assert Metric.of("AWS/Lambda", "Eros", {"FunctionName": "shop-worker"}) not in series


def test_a_rest_api_reports_by_its_name_and_under_its_own_names() -> None:
    series = _resources(api={**pack.VARIABLES["api"], "type": "rest"})["api/api"].series
    metric = Metric.of("AWS/ApiGateway", "5XXError", {"ApiName": "shop", "Stage": "live"})
    assert series[metric].name == "5xx"
    assert Metric.of("AWS/ApiGateway", "5xx", {"ApiId": "abc123", "Stage": "live"}) not in series


def test_a_scheduled_function_knows_the_time_between_its_runs() -> None:
    found = _resources()
    assert found["functions/nightly"].attributes["interval_seconds"] == 600
    assert found["functions/worker"].attributes["interval_seconds"] is None


def test_where_asks_for_a_value_or_for_one_of_several() -> None:
    worker = _resources()["functions/worker"]
    assert worker.has({"invoked_by": "queue"})
    assert worker.has({"invoked_by": ["api", "queue"], "timeout_seconds": 30})
    assert not worker.has({"invoked_by": "schedule"})
    assert not worker.has({"colour": "red"})


def test_a_metric_filter_makes_a_series_of_the_function_whose_log_it_reads() -> None:
    values = {
        "log_group_name": "/aws/lambda/shop-worker",
        "pattern": '{ $.level = "ERROR" }',
        "metric_transformation": [
            {
                "name": "worker-errors",
                "namespace": "shop/logs",
                "unit": "Count",
                "default_value": "0",
            }
        ],
    }
    place = Place("aws_cloudwatch_log_metric_filter.this", "plan.json")
    document = Document(
        "plan.json", (), (Resource("aws_cloudwatch_log_metric_filter", place, values),)
    )
    (made,) = watched.log_filters(document)
    assert made.metric == Metric.of("shop/logs", "worker-errors", {})
    assert made.default == 0
    assert made.matches('{"level": "ERROR"}')
    assert not made.matches('{"level": "INFO"}')
    found = watched.resources(watched.inventory(pack.VARIABLES), catalogue.load(), [made])
    assert [item.name for item in found if made.metric in item.filters] == ["functions/worker"]
