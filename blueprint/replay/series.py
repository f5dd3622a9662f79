"""Names the series of CloudWatch that the replayed system reports."""

from blueprint.cloudwatch.model import Metric
from blueprint.replay.system import System


def rest_and_http(system: System, rest: str, http: str) -> tuple[Metric, ...]:
    """One API metric under every name and dimensions it could have.

    The system has one API. CloudWatch calls its series by other names for a REST API than for an HTTP API, and packs
    exist that know one kind only: both sets are reported, so that each pack is judged on what it would see.
    """
    names = {"ApiName": system.api_name, "Stage": system.stage}
    return (
        Metric.of("AWS/ApiGateway", rest, {"ApiName": system.api_name}),
        Metric.of("AWS/ApiGateway", rest, names),
        Metric.of("AWS/ApiGateway", http, {"ApiId": system.api_id}),
        Metric.of("AWS/ApiGateway", http, {"ApiId": system.api_id, "Stage": system.stage}),
    )


def of_function(function: str, metric: str) -> Metric:
    """A metric of a Lambda function, over all its versions."""
    return Metric.of("AWS/Lambda", metric, {"FunctionName": function})


def of_account(metric: str) -> Metric:
    """A metric of Lambda in the whole account."""
    return Metric.of("AWS/Lambda", metric, {})


def of_queue(queue: str, metric: str) -> Metric:
    """A metric of an SQS queue."""
    return Metric.of("AWS/SQS", metric, {"QueueName": queue})


def of_table(system: System, metric: str) -> Metric:
    """A metric of the table itself."""
    return Metric.of("AWS/DynamoDB", metric, {"TableName": system.table})


def of_index(system: System, metric: str) -> Metric:
    """A metric of the table's index."""
    dimensions = {"TableName": system.table, "GlobalSecondaryIndexName": system.index}
    return Metric.of("AWS/DynamoDB", metric, dimensions)


def of_operation(system: System, metric: str, operation: str) -> Metric:
    """A metric of one operation on the table."""
    return Metric.of("AWS/DynamoDB", metric, {"TableName": system.table, "Operation": operation})


def of_schedules(system: System, metric: str) -> tuple[Metric, ...]:
    """A metric of the Scheduler, over all schedules and of the group."""
    return (
        Metric.of("AWS/Scheduler", metric, {}),
        Metric.of("AWS/Scheduler", metric, {"ScheduleGroup": system.schedule_group}),
    )


def of_sign_in(system: System, metric: str) -> tuple[Metric, ...]:
    """A metric of the user pool, by its client."""
    dimensions = {"UserPool": system.user_pool, "UserPoolClient": system.client}
    return (Metric.of("AWS/Cognito", metric, dimensions),)


def of_service(system: System, role: str, metric: str) -> Metric:
    """A metric that a function sends itself."""
    return Metric.of(system.prefix, metric, {"service": role})


def error_lines(system: System, role: str) -> tuple[Metric, ...]:
    """The series that counts a function's ERROR lines; none where the stack has no such filter."""
    named = system.error_lines.get(role)
    return () if named is None else (Metric(*named),)
