"""The catalogue's own data: every row has its source and date, and says nothing that cannot be."""

from datetime import date

import pytest

from blueprint.catalogue import catalogue, namespaces
from blueprint.catalogue.model import Fact, Reports

FILES = sorted(catalogue.DATA.glob("*.yaml"))
FACTS = [fact for file in FILES for fact in namespaces.read(file).facts]
_SERVICES = {
    "AWS/ApiGateway",
    "AWS/Billing",
    "AWS/CloudFront",
    "AWS/Cognito",
    "AWS/DynamoDB",
    "AWS/Events",
    "AWS/Kinesis",
    "AWS/Lambda",
    "AWS/Logs",
    "AWS/S3",
    "AWS/SNS",
    "AWS/SQS",
    "AWS/Scheduler",
    "AWS/States",
    "AWS/Usage",
    "AWS/X-Ray",
    "CloudWatchSynthetics",
}


def _named(fact: Fact) -> str:
    return f"{fact.namespace} {fact.name}"


def test_the_catalogue_knows_every_service_that_the_blueprint_watches() -> None:
    assert set(catalogue.load().namespaces) >= _SERVICES


def test_every_row_names_its_source_and_the_day_it_was_read() -> None:
    today = date.today()  # noqa: DTZ011 # a day, wherever it is
    assert [_named(fact) for fact in FACTS if "https://" not in fact.source] == []
    assert [_named(fact) for fact in FACTS if date.fromisoformat(fact.read_on) > today] == []


def test_the_dimensions_of_every_row_are_those_of_its_service() -> None:
    # AWS's own series have few dimensions, and the names of a service's resources are among them.
    assert [_named(fact) for fact in FACTS if max(map(len, fact.dimension_sets)) > 4] == []
    of_its_own = {"AWS/SQS": "QueueName", "AWS/DynamoDB": "TableName", "AWS/SNS": "TopicName"}
    assert [
        _named(fact)
        for fact in FACTS
        if fact.namespace in of_its_own and not fact.name.startswith("SMS")
        if frozenset().union(*fact.dimension_sets)
        if not any(of_its_own[fact.namespace] in names for names in fact.dimension_sets)
    ] == []


def test_unit_and_range_of_every_row_agree() -> None:
    no_metric_below_zero = [
        _named(fact) for fact in FACTS if fact.minimum is None or fact.minimum < 0
    ]
    assert no_metric_below_zero == []
    countable = {"Count", "None", "Bytes", "Seconds"}
    assert [_named(fact) for fact in FACTS if fact.whole and fact.unit not in countable] == []


def test_a_metric_that_is_reported_only_where_it_happened_is_never_zero() -> None:
    sparse = [fact for fact in FACTS if fact.reports is Reports.WHEN_NONZERO]
    assert len(sparse) > 50
    assert [_named(fact) for fact in sparse if fact.minimum != 1] == []


def test_each_series_is_listed_once() -> None:
    series = [(_named(fact), names) for fact in FACTS for names in fact.dimension_sets]
    assert len(series) == len(set(series))


def test_a_namespace_is_one_file() -> None:
    names = [namespaces.read(file).name for file in FILES]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("namespace", "name", "dimensions", "exists"),
    [
        ("AWS/ApiGateway", "5XXError", {"ApiName", "Stage"}, True),
        ("AWS/ApiGateway", "5XXError", {"ApiId", "Stage"}, False),
        ("AWS/ApiGateway", "5xx", {"ApiId", "Stage"}, True),
        ("AWS/ApiGateway", "5xx", {"ApiName"}, False),
        ("AWS/DynamoDB", "ReadThrottleEvents", {"TableName", "GlobalSecondaryIndexName"}, True),
        ("AWS/DynamoDB", "ReadThrottleEvents", {"TableName", "GlobalSecondaryIndex"}, False),
        ("AWS/DynamoDB", "ThrottledRequests", {"TableName"}, False),
        ("AWS/DynamoDB", "SystemErrors", {"TableName"}, False),
        ("AWS/DynamoDB", "UserErrors", set(), True),
        ("AWS/DynamoDB", "UserErrors", {"TableName"}, False),
        ("AWS/Lambda", "ClaimedAccountConcurrency", set(), True),
        ("AWS/Lambda", "Errors", {"FunctionName", "Resource"}, True),
        ("AWS/Lambda", "Errors", {"Resource"}, False),
        ("AWS/Scheduler", "InvocationDroppedCount", {"ScheduleGroup"}, True),
        ("AWS/Scheduler", "InvocationDroppedCount", {"ScheduleName"}, False),
        ("AWS/Cognito", "SignInThrottles", {"UserPool", "UserPoolClient"}, True),
        ("AWS/Cognito", "SignInThrottles", {"UserPool"}, False),
        ("AWS/Events", "FailedInvocations", {"EventBusName", "RuleName"}, True),
        ("AWS/S3", "5xxErrors", {"BucketName", "FilterId"}, True),
        ("AWS/S3", "5xxErrors", {"BucketName"}, False),
    ],
)
def test_series_exist_by_the_dimensions_that_aws_documents(
    namespace: str, name: str, dimensions: set[str], exists: bool
) -> None:
    facts = catalogue.load().facts(namespace, name)
    assert any(dimensions in fact.dimension_sets for fact in facts) is exists


@pytest.mark.parametrize(
    ("namespace", "name"),
    [("AWS/ApiGateway", "5XXErrors"), ("AWS/ApiGateway", "5XX"), ("AWS/S3", "5xxError")],
)
def test_a_name_that_is_nearly_right_does_not_exist(namespace: str, name: str) -> None:
    known = catalogue.load()
    assert known.facts(namespace, name) == ()
    assert known.namespace_known(namespace)


def test_a_rate_is_a_share_of_requests_for_an_api_and_percent_for_cloudfront() -> None:
    (rest,) = catalogue.load().facts("AWS/ApiGateway", "5XXError")
    (edge,) = catalogue.load().facts("AWS/CloudFront", "5xxErrorRate")
    assert (rest.maximum, edge.maximum) == (1, 100)
