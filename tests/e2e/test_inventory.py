"""What observability watches is what is deployed: as computed from values, as reported, and as it is in the account."""

from dataclasses import replace
from typing import Any

from blueprint.observability import inventory

from .conftest import Deployment


def test_the_inventory_from_values_is_what_the_components_report(deployment: Deployment) -> None:
    """Field by field; only what AWS makes up (the ids of the API, the pool and its clients) is taken from there."""
    computed = inventory.of(deployment.stack)
    outputs = deployment.outputs
    pool = outputs.get("cognito", "user_pools")["users"]
    assert computed.api is not None
    known = replace(
        computed,
        api=replace(computed.api, id=outputs.get("apigateway", "api")["id"]),
        user_pools={"users": inventory.UserPool(pool["id"], pool["clients"])},
    ).as_variables()

    reported: dict[str, Any] = {
        "functions": outputs.get("lambda", "functions"),
        "queues": outputs.get("sqs", "queues"),
        "tables": outputs.get("dynamodb", "tables"),
        "schedules": outputs.get("scheduler", "schedules"),
        "user_pools": outputs.get("cognito", "user_pools"),
        "api": outputs.get("apigateway", "api"),
    }
    assert known == reported


def test_what_is_watched_is_there_under_its_name(deployment: Deployment) -> None:
    outputs = deployment.outputs
    functions = deployment.client("lambda")
    for role, function in outputs.get("lambda", "functions").items():
        found = functions.get_function_configuration(FunctionName=function["name"])
        assert found["Timeout"] == function["timeout_seconds"], role
        assert found["LoggingConfig"]["LogGroup"] == function["log_group_name"], role
    queues = deployment.client("sqs")
    for key, queue in outputs.get("sqs", "queues").items():
        url = queues.get_queue_url(QueueName=queue["name"])["QueueUrl"]
        found = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        assert int(found["MessageRetentionPeriod"]) == queue["retention_seconds"], key
        assert int(found["VisibilityTimeout"]) == queue["visibility_timeout_seconds"], key
    for key, table in outputs.get("dynamodb", "tables").items():
        found = deployment.client("dynamodb").describe_table(TableName=table["name"])["Table"]
        names = [index["IndexName"] for index in found.get("GlobalSecondaryIndexes", [])]
        assert names == table["indexes"], key
    for key, schedule in outputs.get("scheduler", "schedules").items():
        found = deployment.client("scheduler").get_schedule(
            Name=schedule["name"], GroupName=schedule["group"]
        )
        assert found["ScheduleExpression"] == f"rate({schedule['period_seconds'] // 60} minute)", (
            key
        )
    api = outputs.get("apigateway", "api")
    (integration,) = deployment.client("apigatewayv2").get_integrations(ApiId=api["id"])["Items"]
    assert integration["TimeoutInMillis"] == api["integration_timeout_ms"]


def test_every_alarm_of_the_plan_is_in_the_account_and_tells_whom_it_should(
    deployment: Deployment,
) -> None:
    cloudwatch = deployment.client("cloudwatch")
    pages = cloudwatch.get_paginator("describe_alarms").paginate(
        AlarmNamePrefix=f"{deployment.stack.prefix}-", AlarmTypes=["MetricAlarm", "CompositeAlarm"]
    )
    metric: dict[str, Any] = {}
    composite: dict[str, Any] = {}
    for page in pages:
        metric |= {alarm["AlarmName"]: alarm for alarm in page["MetricAlarms"]}
        composite |= {alarm["AlarmName"]: alarm for alarm in page["CompositeAlarms"]}
    topics = deployment.outputs.get("observability", "topic_arns")

    assert sorted(metric) == deployment.outputs.get("observability", "alarm_names")
    assert sorted(composite) == sorted(
        deployment.outputs.get("observability", "composite_alarm_names").values()
    )
    dead_letters = metric[f"{deployment.stack.prefix}-orders-dlq-not-empty"]
    assert dead_letters["AlarmActions"] == dead_letters["OKActions"] == [topics["page"]]
    ticket = composite[f"{deployment.stack.prefix}-ticket"]
    assert ticket["ActionsSuppressor"] == f"{deployment.stack.prefix}-page"
