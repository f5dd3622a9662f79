"""Other people's packs become alarms on our system, as their files say."""

from pathlib import Path

import pytest

from blueprint.cloudwatch.model import Comparison, Metric, MetricAlarm, MissingData
from blueprint.errors import UsageError
from blueprint.replay import packs
from blueprint.replay.packs import Pack
from blueprint.replay.system import System
from tests.observability.replay.building import PREFIX

FILE = """\
name: theirs
title: Their pack
source: {repository: a/b, commit: abcdef0, date: "2026-01-01", files: [alarms.tf]}
choices: []
groups:
  - common:
      watches: functions
      namespace: AWS/Lambda
      dimensions: { FunctionName: "{name}" }
      statistic: Sum
      comparison: ">"
      threshold: 0
      period_seconds: 60
      datapoints: 1
      evaluation_periods: 1
      missing_data: missing
    alarms:
      - { id: errors, metric: Errors }
      - { id: duration, metric: Duration, threshold_of: { attribute: timeout_ms, times: 0.5 } }
variants:
  - name: sorted
    title: errors are tickets
    tickets: [errors]
    values: { errors: { threshold: 5 } }
"""


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    file = tmp_path / "theirs.yaml"
    file.write_text(FILE)
    return file


def alarm(pack: Pack, name: str) -> MetricAlarm:
    found = next(alarm for alarm in pack.alarms if alarm.name == name)
    assert isinstance(found, MetricAlarm)
    return found


def test_an_alarm_is_made_for_each_resource(theirs: Path, system: System) -> None:
    pack, _ = packs.read(theirs, system)

    assert [alarm.name for alarm in pack.alarms] == [
        f"{role}-{name}"
        for name in ("errors", "duration")
        for role in ("api", "processor", "scheduler")
    ]
    errors = alarm(pack, "api-errors")
    assert errors.metrics == (Metric.of("AWS/Lambda", "Errors", {"FunctionName": f"{PREFIX}-api"}),)
    assert (errors.comparison, errors.threshold) == (Comparison.GREATER, 0)
    assert errors.missing_data is MissingData.MISSING


def test_a_variant_changes_what_it_names_and_nothing_else(theirs: Path, system: System) -> None:
    plain, variant = packs.read(theirs, system)

    assert (plain.name, plain.variant) == ("theirs", False)
    assert (variant.name, variant.variant) == ("theirs sorted", True)
    assert set(plain.told.values()) == {"page"}
    assert variant.told["api-errors"] == "ticket"
    assert variant.told["api-duration"] == "page"
    assert alarm(plain, "api-errors").threshold == 0
    assert alarm(variant, "api-errors").threshold == 5


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("tickets: [errors]", "tickets: [mistakes]", "tickets: there is no alarm 'mistakes'"),
        ("      missing_data: missing\n", "", "alarm errors: .*'missing_data' is a required"),
        ("statistic: Sum", "statistik: Sum", "there is no such key"),
        ("id: errors, metric: Errors", "id: errors", "alarm errors:"),
    ],
)
def test_a_slip_in_a_pack_is_told(
    old: str, new: str, message: str, theirs: Path, system: System
) -> None:
    assert old in FILE
    theirs.write_text(FILE.replace(old, new))

    with pytest.raises(UsageError, match=message):
        packs.read(theirs, system)


def test_every_pack_that_ships_can_be_read_and_says_where_it_is_from(system: System) -> None:
    read = {pack.name: pack for pack in packs.others(system)}

    assert {"slic-watch", "AWS recommended", "aws-samples"} <= set(read)
    assert alarm(read["slic-watch"], "api-lambda-duration").threshold == 23_750
    assert alarm(read["AWS recommended"], "api-api-5xx").datapoints == 3
    for pack in read.values():
        names = [alarm.name for alarm in pack.alarms]
        assert len(set(names)) == len(names), pack.name
        assert set(pack.told) == set(names)


def test_the_index_throttles_of_slic_watch_keep_the_dimension_that_does_not_exist(
    system: System,
) -> None:
    pack = next(pack for pack in packs.others(system) if pack.name == "slic-watch")

    (metric,) = alarm(pack, "orders-index-index-read-throttles").metrics
    assert "GlobalSecondaryIndex" in dict(metric.dimensions)


def test_optional_alarms_are_in_the_variants_that_name_them_only(system: System) -> None:
    read = {pack.name: pack for pack in packs.others(system)}

    plain = {alarm.name for alarm in read["AWS recommended"].alarms}
    everything = {alarm.name for alarm in read["AWS recommended everything"].alarms}
    assert everything - plain == {
        "api-api-integration-latency",
        "api-api-low-count",
        *(f"{queue.key}-queue-nothing-sent" for queue in system.queues),
    }
