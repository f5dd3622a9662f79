"""`blueprint alarms lint` as people and pipelines run it: exit codes, JSON, SARIF, several files."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from blueprint.errors import UsageError
from blueprint.reachability.commands import lint

ALARM = """\
  {name}:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: {namespace}
      MetricName: Errors
      Dimensions: [{{Name: FunctionName, Value: api}}]
      Statistic: Sum
      Period: 60
      EvaluationPeriods: 3
      ComparisonOperator: {comparison}
      Threshold: {threshold}
      TreatMissingData: notBreaching
      AlarmActions: [arn]
"""


def alarm(name: str, **values: Any) -> str:
    given = {"namespace": "AWS/Lambda", "comparison": "GreaterThanThreshold", "threshold": 5}
    return ALARM.format(name=name, **{**given, **values})


GOOD = alarm("Good")
BAD = alarm("Bad", comparison="LessThanThreshold", threshold=0)
UNKNOWN = alarm("Unknown", namespace="Shop")


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)

    def file(*alarms: str, name: str = "template.yaml") -> str:
        (tmp_path / name).write_text("Resources:\n" + "".join(alarms))
        return name

    return file


def run(*arguments: str) -> Result:
    app = typer.Typer()
    app.command()(lint)
    return CliRunner().invoke(app, list(arguments))


def test_nothing_refused_is_exit_0_and_the_last_line_counts(write) -> None:
    result = run(write(GOOD))

    assert result.exit_code == 0
    assert result.stdout.splitlines() == ["1 alarm: 1 proved, 0 refused, 0 unknown"]


def test_a_refusal_is_exit_1_with_reason_and_remedy(write) -> None:
    result = run(write(GOOD, BAD))

    assert result.exit_code == 1
    assert "✗ refused ${Bad}  template.yaml:15 Bad" in result.stdout
    assert "NEVER-FIRES: Sum of AWS/Lambda Errors is 0 and more, never below 0." in result.stdout
    assert "${Good}" not in result.stdout
    assert result.stdout.splitlines()[-1] == "2 alarms: 1 proved, 1 refused, 0 unknown"


def test_the_unknown_fails_only_when_it_is_asked_to(write) -> None:
    file = write(UNKNOWN)

    assert run(file).exit_code == 0
    assert "? unknown" in run(file).stdout
    assert run(file, "--strict").exit_code == 1


def test_a_file_that_lists_the_metrics_makes_the_unknown_known(write, tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text(
        """\
namespace: Shop
complete: true
sources: {own: {page: the shop's code, url: "https://example.org", read_on: "2026-11-23"}}
dimension_sets: {function: [FunctionName]}
metrics:
  - {name: Errors, dimensions: [function], unit: Count, reports: per-event, maximum: 1, source: own}
"""
    )
    assert run(write(UNKNOWN), "--strict", "--metrics", "shop.yaml").exit_code == 0


def test_all_shows_the_proved_ones_with_their_witness(write) -> None:
    lines = run(write(GOOD), "--all").stdout.splitlines()

    assert lines[0] == "✓ proved  ${Good}  template.yaml:2 Good"
    assert lines[1] == "    fires at 6 (Errors 1 x 6 in each 60 s)"
    assert lines[2] == "    clears at 0 (Errors 0 in each 60 s)"


def test_json_has_every_step_of_every_proof(write) -> None:
    result = json.loads(run(write(GOOD, BAD), "--json").stdout)

    assert result["version"] == 1
    assert result["summary"] == {"proved": 1, "refused": 1, "unknown": 0}
    good, bad = result["alarms"]
    assert (good["address"], good["line"], good["verdict"]) == ("Good", 2, "proved")
    assert good["witness"]["fires"].startswith("6 ")
    assert {step["code"] for step in good["steps"]} >= {"DIMENSIONS", "NEVER-CLEARS", "WITNESS"}
    refused = next(step for step in bad["steps"] if step["verdict"] == "refused")
    assert (refused["code"], refused["field"]) == ("NEVER-FIRES", "threshold")
    assert bad["witness"] is None


def test_sarif_points_at_the_line_of_the_field(write, tmp_path: Path) -> None:
    run(write(GOOD, BAD, UNKNOWN), "--sarif", "alarms.sarif")
    log = json.loads((tmp_path / "alarms.sarif").read_text())
    [only_run] = log["runs"]
    error, warning = only_run["results"]

    assert log["version"] == "2.1.0"
    assert (error["ruleId"], error["level"]) == ("NEVER-FIRES", "error")
    assert only_run["tool"]["driver"]["rules"][error["ruleIndex"]]["id"] == "NEVER-FIRES"
    [location] = error["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"].endswith("template.yaml")
    assert location["physicalLocation"]["region"] == {"startLine": 25}
    assert location["logicalLocations"] == [{"fullyQualifiedName": "Bad", "kind": "resource"}]
    assert (warning["ruleId"], warning["level"]) == ("METRIC-UNKNOWN", "warning")


def test_a_finding_keeps_its_identity_when_its_line_moves(write, tmp_path: Path) -> None:
    def fingerprint(*alarms: str) -> str:
        run(write(*alarms), "--sarif", "alarms.sarif")
        log = json.loads((tmp_path / "alarms.sarif").read_text())
        return str(log["runs"][0]["results"][0]["partialFingerprints"]["alarm/v1"])

    assert fingerprint(BAD) == fingerprint(GOOD, BAD)


def test_files_are_taken_together_so_that_one_may_bound_the_alarms_of_another(
    write, tmp_path: Path
) -> None:
    slow = alarm("Slow", threshold=12_000).replace("MetricName: Errors", "MetricName: Duration")
    alarms = write(slow.replace("Statistic: Sum", "Statistic: Maximum"))
    (tmp_path / "functions.yaml").write_text(
        "Resources: {F: {Type: AWS::Lambda::Function, Properties: {FunctionName: api, Timeout: 10}}}"
    )
    assert run(alarms).exit_code == 0
    both = run(alarms, "functions.yaml")
    assert both.exit_code == 1
    assert "(F has timeout 10)" in both.stdout


def test_names_that_are_made_at_deployment_hold_within_their_file(write) -> None:
    page = """\
  Page:
    Type: AWS::CloudWatch::CompositeAlarm
    Properties: {AlarmRule: !Sub 'ALARM(${Good})', AlarmActions: [arn]}
"""
    dead = alarm("Good", comparison="LessThanThreshold", threshold=0)
    one, other = write(GOOD, page), write(dead, page, name="other.yaml")
    result = json.loads(run(one, other, "--json").stdout)

    assert [found["verdict"] for found in result["alarms"]] == ["proved"] * 2 + ["refused"] * 2


def test_a_name_that_two_files_give_is_refused(write) -> None:
    named = GOOD.replace("Properties:", "Properties:\n      AlarmName: errors")
    result = run(write(named), write(named, name="other.yaml"))

    assert result.exit_code == 1
    assert result.stdout.count("NAME-TWICE: another alarm is called errors, too") == 2


def test_wrong_arguments_and_unreadable_files_are_usage_errors(write) -> None:
    file = write(GOOD)
    for arguments, message in [
        (["absent.yaml"], "cannot be read: No such file"),
        ([file, "-s", "prod"], "give either files or -s STACK"),
        ([file, "--sarif", "no/such/directory.sarif"], "cannot be written"),
    ]:
        error = run(*arguments).exception
        assert isinstance(error, UsageError), arguments
        assert message in error.message
        assert error.exit_code == 2


def test_a_name_with_brackets_is_shown_as_it_is(write) -> None:
    named = alarm("Odd", threshold=-1, comparison="LessThanThreshold").replace(
        "Properties:", 'Properties:\n      AlarmName: "[bold]errors[/bold]"'
    )
    assert "[bold]errors[/bold]" in run(write(named)).stdout
