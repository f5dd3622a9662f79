"""CloudFormation's resources and properties in Terraform's words."""

import re
from collections.abc import Mapping
from typing import Any

from blueprint.documents.placeholders import Placeholder

Values = dict[str, Any]

# Property of an alarm -> Terraform's argument, where they differ by more than their spelling.
_RENAMED = {
    "Metrics": "metric_query",
    "EvaluateLowSampleCountPercentile": "evaluate_low_sample_count_percentiles",
    "OKActions": "ok_actions",
}
_SPELLED = {argument: name for name, argument in _RENAMED.items()}

# Property -> argument of what an alarm may watch; what is not listed nobody needs.
_QUEUE = {
    "QueueName": "name",
    "MessageRetentionPeriod": "message_retention_seconds",
    "VisibilityTimeout": "visibility_timeout_seconds",
    "FifoQueue": "fifo_queue",
    "RedrivePolicy": "redrive_policy",
}
_FUNCTION = {
    "FunctionName": "function_name",
    "Timeout": "timeout",
    "MemorySize": "memory_size",
    "ReservedConcurrentExecutions": "reserved_concurrent_executions",
    "PackageType": "package_type",
}
_SCHEDULE = {
    "Name": "name",
    "ScheduleExpression": "schedule_expression",
    "GroupName": "group_name",
    "State": "state",
}
_TABLE = {"TableName": "name", "BillingMode": "billing_mode"}
_TYPES: dict[str, tuple[str, Mapping[str, str], Values]] = {
    "AWS::SQS::Queue": (
        "aws_sqs_queue",
        _QUEUE,
        {"message_retention_seconds": 345_600, "visibility_timeout_seconds": 30},
    ),
    "AWS::Lambda::Function": (
        "aws_lambda_function",
        _FUNCTION,
        {"timeout": 3, "memory_size": 128},
    ),
    "AWS::Serverless::Function": (
        "aws_lambda_function",
        _FUNCTION,
        {"timeout": 3, "memory_size": 128},
    ),
    "AWS::DynamoDB::Table": ("aws_dynamodb_table", _TABLE, {}),
    "AWS::DynamoDB::GlobalTable": ("aws_dynamodb_table", _TABLE, {}),
    "AWS::Serverless::SimpleTable": ("aws_dynamodb_table", _TABLE, {}),
    "AWS::ApiGateway::RestApi": ("aws_api_gateway_rest_api", {"Name": "name"}, {}),
    "AWS::Serverless::Api": ("aws_api_gateway_rest_api", {"Name": "name"}, {}),
    "AWS::ApiGatewayV2::Api": (
        "aws_apigatewayv2_api",
        {"Name": "name", "ProtocolType": "protocol_type"},
        {},
    ),
    "AWS::Serverless::HttpApi": (
        "aws_apigatewayv2_api",
        {"Name": "name"},
        {"protocol_type": "HTTP"},
    ),
    "AWS::Scheduler::Schedule": ("aws_scheduler_schedule", _SCHEDULE, {}),
    "AWS::Events::Rule": ("aws_cloudwatch_event_rule", _SCHEDULE, {}),
    "AWS::Cognito::UserPool": ("aws_cognito_user_pool", {"UserPoolName": "name"}, {}),
    "AWS::Lambda::EventSourceMapping": (
        "aws_lambda_event_source_mapping",
        {"EventSourceArn": "event_source_arn", "FunctionName": "function_name"},
        {},
    ),
    "AWS::Logs::MetricFilter": (
        "aws_cloudwatch_log_metric_filter",
        {"FilterName": "name", "FilterPattern": "pattern", "LogGroupName": "log_group_name"},
        {},
    ),
}

# Type -> attribute ("" is Ref) that is a name, and the property that sets it.
_NAMES = {
    "AWS::SQS::Queue": ("QueueName", "QueueName"),
    "AWS::Lambda::Function": ("", "FunctionName"),
    "AWS::Serverless::Function": ("", "FunctionName"),
    "AWS::DynamoDB::Table": ("", "TableName"),
    "AWS::DynamoDB::GlobalTable": ("", "TableName"),
    "AWS::Serverless::SimpleTable": ("", "TableName"),
    "AWS::CloudWatch::Alarm": ("", "AlarmName"),
    "AWS::CloudWatch::CompositeAlarm": ("", "AlarmName"),
    "AWS::Scheduler::Schedule": ("", "Name"),
    "AWS::Events::Rule": ("", "Name"),
}


def name_property(kind: str, attribute: str) -> str | None:
    """The property that sets what `Ref` (attribute "") or `Fn::GetAtt` of a resource gives; None where none does."""
    known, source = _NAMES.get(kind, (None, None))
    # The rule of a composite alarm takes an alarm's ARN for its name.
    of_alarm = kind.startswith("AWS::CloudWatch::") and attribute == "Arn"
    return source if attribute == known or of_alarm else None


def argument(name: str) -> str:
    """Terraform's argument of an alarm's property."""
    return _RENAMED.get(name) or re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def spelled(argument_name: str) -> str:
    """CloudFormation's property of one of Terraform's arguments of an alarm; an index stays behind it."""
    name, bracket, index = argument_name.partition("[")
    word = _SPELLED.get(name) or "".join(part.capitalize() for part in name.split("_"))
    return f"{word}{bracket}{index}"


def metric_alarm(properties: Mapping[str, Any]) -> Values:
    """Arguments of `aws_cloudwatch_metric_alarm` from the properties of `AWS::CloudWatch::Alarm`."""
    values = {argument(name): value for name, value in properties.items()}
    values["dimensions"] = _dimensions(properties.get("Dimensions"))
    values["tags"] = _tags(properties.get("Tags"))
    metrics = properties.get("Metrics")
    if isinstance(metrics, list):
        values["metric_query"] = [
            _query(entry) if isinstance(entry, Mapping) else entry for entry in metrics
        ]
    return values


def composite_alarm(properties: Mapping[str, Any]) -> Values:
    """Arguments of `aws_cloudwatch_composite_alarm` from the properties of `AWS::CloudWatch::CompositeAlarm`."""
    values = {argument(name): value for name, value in properties.items()}
    values["tags"] = _tags(properties.get("Tags"))
    suppressor = values.pop("actions_suppressor", None)
    if suppressor:
        values["actions_suppressor"] = [
            {
                "alarm": suppressor,
                "wait_period": values.get("actions_suppressor_wait_period"),
                "extension_period": values.get("actions_suppressor_extension_period"),
            }
        ]
    return values


def resource(kind: str, properties: Mapping[str, Any], logical: str) -> tuple[str, Values] | None:
    """Terraform's type and arguments of a resource that alarms watch or metrics come from; None of any other."""
    if kind not in _TYPES:
        return None
    terraform_type, names, defaults = _TYPES[kind]
    values: Values = {
        **defaults,
        **{names[name]: value for name, value in properties.items() if name in names},
    }
    # What AWS names is known by its reference; a value that is not known must not be taken for one.
    name = "function_name" if terraform_type == "aws_lambda_function" else "name"
    values.setdefault(name, f"${{{logical}}}")
    values = {
        key: value
        for key, value in values.items()
        if key == name or not isinstance(value, Placeholder)
    }
    if terraform_type == "aws_dynamodb_table":
        indexes = properties.get("GlobalSecondaryIndexes")
        values["global_secondary_index"] = [
            {"name": index.get("IndexName")}
            for index in (indexes if isinstance(indexes, list) else [])
            if isinstance(index, Mapping)
        ]
        values["stream_enabled"] = "StreamSpecification" in properties
    if terraform_type in ("aws_api_gateway_rest_api", "aws_apigatewayv2_api"):
        values["id"] = f"${{{logical}}}"
    if terraform_type == "aws_cloudwatch_log_metric_filter":
        given = properties.get("MetricTransformations")
        values["metric_transformation"] = [
            _transformation(entry)
            for entry in (given if isinstance(given, list) else [])
            if isinstance(entry, Mapping)
        ]
    return terraform_type, values


def _transformation(entry: Mapping[str, Any]) -> Values:
    names = {
        "MetricName": "name",
        "MetricNamespace": "namespace",
        "MetricValue": "value",
        "DefaultValue": "default_value",
        "Unit": "unit",
    }
    dimensions = entry.get("Dimensions")
    values = {names[name]: value for name, value in entry.items() if name in names}
    values["dimensions"] = (
        {
            str(pair.get("Key")): str(pair.get("Value"))
            for pair in dimensions
            if isinstance(pair, Mapping)
        }
        if isinstance(dimensions, list)
        else {}
    )
    return values


def _query(entry: Mapping[str, Any]) -> Values:
    stat = entry.get("MetricStat")
    values: Values = {
        "id": entry.get("Id"),
        "expression": entry.get("Expression"),
        "period": entry.get("Period"),
        # Left out, an entry is compared; that makes two where others are, which AWS refuses.
        "return_data": entry.get("ReturnData", True),
    }
    if isinstance(stat, Mapping):
        metric = stat.get("Metric")
        inner = metric if isinstance(metric, Mapping) else {}
        values["metric"] = [
            {
                "namespace": inner.get("Namespace"),
                "metric_name": inner.get("MetricName"),
                "dimensions": _dimensions(inner.get("Dimensions")),
                "period": stat.get("Period"),
                "stat": stat.get("Stat"),
                "unit": stat.get("Unit"),
            }
        ]
    return values


def _dimensions(given: object) -> object:
    if not isinstance(given, list):
        return given
    names: dict[str, str] = {}
    for pair in given:
        if isinstance(pair, Placeholder):
            return pair
        if not isinstance(pair, Mapping):
            return given
        name, value = pair.get("Name"), pair.get("Value")
        if isinstance(name, Placeholder):
            return name
        names[str(name)] = value if isinstance(value, str) else str(value)
    return names


def _tags(given: object) -> dict[str, str]:
    if not isinstance(given, list):
        return {}
    return {str(tag.get("Key")): str(tag.get("Value")) for tag in given if isinstance(tag, Mapping)}
