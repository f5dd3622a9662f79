"""What is read of CloudFormation and SAM templates: values, places, and what a template does not decide."""

from pathlib import Path
from textwrap import dedent

import pytest

from blueprint.cloudwatch.model import Comparison, CompositeAlarm, MetricAlarm, MissingData
from blueprint.documents import reading
from blueprint.documents.model import Declared, Document
from blueprint.errors import UsageError

ALARM = """\
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/Lambda
      MetricName: Errors
      Statistic: Sum
      Period: 60
      EvaluationPeriods: 3
      ComparisonOperator: GreaterThanThreshold
"""


@pytest.fixture
def template(tmp_path: Path):
    def write(text: str, name: str = "template.yaml") -> Document:
        file = tmp_path / name
        file.write_text(dedent(text), encoding="utf-8")
        return reading.read(file)

    return write


def with_threshold(value: str, head: str = "") -> str:
    return f"{head}\nResources:\n  A:\n{ALARM}      Threshold: {value}\n"


def only(document: Document) -> Declared:
    [declared] = document.alarms
    return declared


def metric_alarm(declared: Declared) -> MetricAlarm:
    assert isinstance(declared.alarm, MetricAlarm), (declared.unresolved, declared.invalid)
    return declared.alarm


def test_an_alarm_is_read_with_the_line_of_each_property(template) -> None:
    declared = only(template(with_threshold("5")))
    alarm = metric_alarm(declared)

    assert (alarm.threshold, alarm.period, alarm.datapoints) == (5, 60, 3)
    assert alarm.comparison is Comparison.GREATER
    assert alarm.missing_data is MissingData.MISSING
    assert alarm.name == "${A}"
    assert (declared.place.address, declared.place.line) == ("A", 3)
    assert declared.lines["threshold"] == 12
    assert declared.lines["metric_name"] == 7


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("!Ref Limit", 7),
        ("!Sub '${Limit}'", 7),
        ("!Sub ['${A}5', {A: '2'}]", 25),
        ("!Join ['', ['1', '2']]", 12),
        ("!Select [1, [3, 4]]", 4),
        ("!Select ['1', !Split [',', '8,9']]", 9),
        ("!FindInMap [Stages, prod, Errors]", 3),
        ("!FindInMap [Stages, !Ref Stage, Errors]", 3),
        ("!FindInMap [Regions, !Ref AWS::Region, Errors]", 6),
        ("!If [IsProd, 1, 2]", 1),
        ("!If [IsOther, 1, 2]", 2),
        ("!If [Undecided, 1, 1]", 1),
        ("{'Fn::If': [IsProd, {Ref: Limit}, 2]}", 7),
    ],
)
def test_functions_of_known_values_are_worked_out(template, expression: str, value: float) -> None:
    head = """
Parameters:
  Limit: {Type: Number, Default: '7'}
  Stage: {Type: String, Default: prod}
  Free: {Type: String}
Mappings:
  Stages: {prod: {Errors: 3}, dev: {Errors: 30}}
  Regions: {eu-west-1: {Errors: 6}, us-east-1: {Errors: 6}}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsOther: !Not [!Condition IsProd]
  Undecided: !And [!Equals [!Ref Free, a], !Condition IsProd]
"""
    assert metric_alarm(only(template(with_threshold(expression, head)))).threshold == value


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("!Ref Limit", "Threshold: is the parameter Limit, which has no default"),
        ("!Sub '${Limit}0'", "Threshold: is the parameter Limit, which has no default"),
        ("!ImportValue shared-limit", "Threshold: is exported by another stack (shared-limit)"),
        (
            "!GetAtt Custom.Limit",
            "Threshold: is Limit of the resource Custom, known once it exists",
        ),
        ("!If [Undecided, 1, 2]", "Threshold: depends on the condition Undecided"),
        ("!FindInMap [Regions, !Ref AWS::Region, Errors]", "Threshold: depends on a key that"),
        ("{'Fn::Transform': {Name: Macro}}", "Threshold: is made by Fn::Transform"),
        ("!Select [5, [1]]", "Threshold: is a Fn::Select of an entry that is not there"),
    ],
)
def test_a_value_the_template_does_not_decide_is_listed_with_the_reason(
    template, expression: str, why: str
) -> None:
    head = """
Parameters:
  Limit: {Type: Number}
Mappings:
  Regions: {eu-west-1: {Errors: 6}, us-east-1: {Errors: 7}}
Conditions:
  Undecided: !Equals [!Ref Limit, 3]
"""
    declared = only(template(with_threshold(expression, head)))

    assert declared.alarm is None
    assert declared.invalid == ()
    assert declared.unresolved[0].startswith(why)


def test_references_stand_in_for_dimension_values_and_names(template) -> None:
    document = template("""
        Resources:
          Jobs: {Type: AWS::SQS::Queue}
          Named: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub 'x-${AWS::Region}'}}
          A:
            Type: AWS::CloudWatch::Alarm
            Properties:
              AlarmName: !Sub '${AWS::StackName}-age'
              Metrics:
                - {Id: e, Expression: MAX(METRICS())}
                - Id: a
                  ReturnData: false
                  MetricStat:
                    Stat: Maximum
                    Period: 60
                    Metric:
                      Namespace: AWS/SQS
                      MetricName: ApproximateAgeOfOldestMessage
                      Dimensions: [{Name: QueueName, Value: !GetAtt Jobs.QueueName}]
                - Id: b
                  ReturnData: false
                  MetricStat:
                    Stat: Maximum
                    Period: 60
                    Metric:
                      Namespace: AWS/SQS
                      MetricName: ApproximateAgeOfOldestMessage
                      Dimensions: [{Name: QueueName, Value: !GetAtt Named.QueueName}]
              EvaluationPeriods: 1
              ComparisonOperator: GreaterThanThreshold
              Threshold: 5
              AlarmActions: [!Ref Topic]
    """)
    alarm = metric_alarm(only(document))

    assert alarm.name == "${AWS::StackName}-age"
    assert alarm.result.id == "e"
    values = [metric.dimensions for metric in alarm.metrics]
    assert values == [(("QueueName", "${Jobs}"),), (("QueueName", "x-${AWS::Region}"),)]
    names = [resource.values["name"] for resource in document.resources]
    assert names == ["${Jobs}", "x-${AWS::Region}"]
    assert alarm.actions.alarm == ("${Topic}",)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("ComparisonOperator: GreaterThan", "ComparisonOperator: 'GreaterThan' is none of Greater"),
        ("Threshold: high", "Threshold: 'high' is not a number"),
        ("TreatMissingData: notbreaching", "TreatMissingData: 'notbreaching' is none of missing"),
        ("Statistic: ''", "Statistic: is required (or extended_statistic)"),
        ("Threshold: nan", "Threshold: 'nan' is not a number"),
        ("Threshold: [5]", "Threshold: has to be a number, not [5]"),
        ("EvaluationPeriods: true", "EvaluationPeriods: has to be a number, not True"),
        ("EvaluationPeriods: 2.5", "EvaluationPeriods: 2.5 is not a whole number"),
        ("Dimensions: api", "Dimensions: has to be a map of names and values"),
        ("Metrics: api", "Metrics: has to be a list"),
        ("Period:", "Period: is required"),
        ("Namespace:", "Namespace: is required"),
    ],
)
def test_what_aws_would_not_accept_is_listed_as_invalid(template, line: str, why: str) -> None:
    key = line.partition(":")[0]
    text = with_threshold("5")
    kept = [row for row in text.splitlines() if row.strip().partition(":")[0] != key]
    declared = only(template("\n".join([*kept, f"      {line}"])))

    assert declared.alarm is None
    assert declared.invalid[0].startswith(why)


def test_an_expression_with_two_results_is_invalid(template) -> None:
    declared = only(
        template("""
        Resources:
          A:
            Type: AWS::CloudWatch::Alarm
            Properties:
              Metrics: [{Id: a, Expression: '1'}, {Id: b, Expression: '2'}]
              EvaluationPeriods: 1
              ComparisonOperator: GreaterThanThreshold
              Threshold: 5
        """)
    )
    assert declared.invalid == (
        "Metrics: exactly one entry is compared with the threshold (return_data), here a, b",
    )


def test_an_anomaly_alarm_is_unresolved_not_passed(template) -> None:
    text = with_threshold("5").replace("Threshold: 5", "ThresholdMetricId: band")
    declared = only(template(text))

    assert declared.alarm is None
    assert declared.unresolved[0].startswith("ThresholdMetricId: compares with a band")


def test_a_composite_alarm_has_its_rule_and_its_suppressor(template) -> None:
    document = template("""
        Resources:
          Errors: {Type: AWS::CloudWatch::Alarm, Condition: Never, Properties: {AlarmName: my-errors}}
          Page:
            Type: AWS::CloudWatch::CompositeAlarm
            Properties:
              AlarmName: page
              AlarmRule: !Sub 'ALARM("${Errors}") OR ALARM(${Latency}) OR ALARM(${Latency.Arn})'
              ActionsSuppressor: !Ref Errors
              ActionsSuppressorWaitPeriod: 120
              ActionsSuppressorExtensionPeriod: 60
          Latency: {Type: AWS::CloudWatch::CompositeAlarm, Condition: Never, Properties: {AlarmRule: 'TRUE'}}
        Conditions: {Never: !Equals [a, b]}
    """)
    alarm = only(document).alarm

    assert isinstance(alarm, CompositeAlarm)
    assert alarm.suppressor == "my-errors"
    assert (alarm.wait, alarm.extension) == (120, 60)
    # The reference into a resource stands for its name, so the rule can be followed.
    assert only(document).unresolved == ()
    assert alarm.rule == 'ALARM("my-errors") OR ALARM(${Latency}) OR ALARM(${Latency})'


def test_a_rule_made_of_a_parameter_without_default_is_unresolved(template) -> None:
    declared = only(
        template("""
        Parameters: {Child: {Type: String}}
        Resources:
          Page: {Type: AWS::CloudWatch::CompositeAlarm, Properties: {AlarmRule: !Sub 'ALARM(${Child})'}}
        """)
    )
    assert declared.unresolved == ("AlarmRule: is the parameter Child, which has no default",)


def test_loops_over_known_lists_are_unrolled(template) -> None:
    document = template(
        """
Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Functions:
    - Role
    - [Api, Worker]
    - Errors${Role}:
"""
        + "\n".join("    " + line for line in ALARM.splitlines())
        + """
          Threshold: 1
          Dimensions: [{Name: FunctionName, Value: !Sub 'x-${Role}'}]
"""
    )
    alarms = [metric_alarm(declared) for declared in document.alarms]

    assert [declared.place.address for declared in document.alarms] == ["ErrorsApi", "ErrorsWorker"]
    assert [alarm.metrics[0].dimensions[0][1] for alarm in alarms] == ["x-Api", "x-Worker"]


def test_loops_and_macros_that_cannot_be_followed_are_listed(template) -> None:
    document = template("""
        Transform: [AWS::Serverless-2016-10-31, SlicWatch-v3]
        Parameters: {Roles: {Type: CommaDelimitedList}}
        Resources:
          Fn::ForEach::Functions: [Role, !Ref Roles, {"${Role}": {Type: AWS::SQS::Queue}}]
    """)
    assert [(declared.place.address, declared.alarm) for declared in document.alarms] == [
        ("Transform SlicWatch-v3", None),
        ("Fn::ForEach::Functions", None),
    ]
    assert document.alarms[0].unresolved == (
        "Transform: SlicWatch-v3 runs in the account and may add or change alarms",
    )


def test_resources_come_in_terraforms_words_with_their_defaults(template) -> None:
    document = template("""
        Globals: {Function: {Timeout: 20}}
        Resources:
          Jobs: {Type: AWS::SQS::Queue, Properties: {MessageRetentionPeriod: 1209600, FifoQueue: true}}
          Plain: {Type: AWS::SQS::Queue}
          Fn: {Type: AWS::Serverless::Function}
          Raw: {Type: AWS::Lambda::Function, Properties: {FunctionName: raw}}
          Orders:
            Type: AWS::DynamoDB::Table
            Properties: {TableName: orders, GlobalSecondaryIndexes: [{IndexName: GSI1}]}
          Rest: {Type: AWS::Serverless::Api}
          Http: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: HTTP}}
          Filter:
            Type: AWS::Logs::MetricFilter
            Properties:
              LogGroupName: x
              FilterPattern: ERROR
              MetricTransformations:
                - {MetricName: Errors, MetricNamespace: app, MetricValue: '1', DefaultValue: 0}
          Topic: {Type: AWS::SNS::Topic}
    """)
    found = {
        resource.place.address: (resource.type, resource.values) for resource in document.resources
    }

    assert found["Jobs"] == (
        "aws_sqs_queue",
        {
            "name": "${Jobs}",
            "message_retention_seconds": 1_209_600,
            "visibility_timeout_seconds": 30,
            "fifo_queue": True,
        },
    )
    assert found["Plain"][1]["message_retention_seconds"] == 345_600
    assert (found["Fn"][1]["timeout"], found["Fn"][1]["function_name"]) == (20, "${Fn}")
    assert found["Raw"][1]["timeout"] == 3
    assert found["Orders"][1]["global_secondary_index"] == [{"name": "GSI1"}]
    assert found["Rest"][0] == "aws_api_gateway_rest_api"
    assert found["Http"][1]["id"] == "${Http}"
    [transformation] = found["Filter"][1]["metric_transformation"]
    assert (transformation["name"], transformation["default_value"]) == ("Errors", 0)
    assert "Topic" not in found


def test_a_json_template_has_lines_too(template) -> None:
    declared = only(
        template(
            """{
  "Resources": {
    "A": {
      "Type": "AWS::CloudWatch::Alarm",
      "Properties": {"Threshold": {"Ref": "Limit"}}
    }
  }
}""",
            "template.json",
        )
    )
    assert declared.place.line == 3
    assert declared.lines["threshold"] == 5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [1", r"template.yaml:\d: this is not YAML: did not find expected ',' or '\]'"),
        ("a: 1\na: 2", r"template.yaml:2: the key 'a' is there twice"),
        (
            "a: *b",
            r"template.yaml:1: the alias \*b has no finished anchor before it|undefined alias",
        ),
        (
            "a: !!python/object:os.system {}",
            r"template.yaml:1: the tag .*python/object.* is not for data",
        ),
        ("a: 1\n---\nb: 2", r"template.yaml:2: a second document begins"),
        ("a: " + "[" * 200 + "]" * 200, r"template.yaml:1: nested deeper than 100 levels"),
        ("{a: " * 200 + "1" + "}" * 200, r"template.yaml:1: nested deeper than 100 levels"),
        ("? {a: 1}\n: 2", r"template.yaml:1: a key has to be text"),
    ],
)
def test_what_is_wrong_with_the_yaml_is_told_with_its_line(
    template, text: str, message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        template(text)


def test_a_yaml_that_grows_without_bound_is_refused(template) -> None:
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]

    with pytest.raises(UsageError, match=r"template.yaml:\d: more than 1,000,000 values"):
        template("\n".join(lines))
