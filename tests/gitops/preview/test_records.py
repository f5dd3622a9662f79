"""Records of previews survive a round trip, and say what is wrong with those that cannot be read."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from blueprint.errors import UsageError
from blueprint.preview import records
from blueprint.preview.records import Record, Records, Unreadable
from blueprint.stacks.model import Stack
from tests.gitops.preview.fake_s3 import FakeS3

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
RECORD = Record(12, "c" * 40, NOON, NOON + timedelta(hours=72))


def test_a_record_is_found_again_by_its_stack() -> None:
    kept = Records(FakeS3(), "states")

    kept.write("pr12", RECORD)

    assert kept.find("pr12") == RECORD
    assert kept.find("pr13") is None
    assert kept.all() == {"pr12": RECORD}


def test_every_page_of_the_bucket_is_read_and_only_records_count() -> None:
    s3 = FakeS3()
    kept = Records(s3, "states")
    for number in range(1, 6):
        kept.write(f"pr{number}", Record(number, "c" * 40, NOON, NOON))
        kept.keep_manifest(f"pr{number}", "{}")
    s3.objects["previews/dev.json"] = b"{}"
    s3.objects["previews/notes.txt"] = b"hello"

    assert sorted(kept.all()) == ["pr1", "pr2", "pr3", "pr4", "pr5"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"expires": "soon"}, "Invalid isoformat string"),
        ({"expires": "2026-11-23T12:00:00"}, "has no time zone"),
        ({"expires": None}, "TypeError"),
        ({"pull_request": 13}, "it names pull request 13"),
    ],
)
def test_a_record_that_cannot_be_read_says_why(change: dict[str, Any], reason: str) -> None:
    s3 = FakeS3()
    kept = Records(s3, "states")
    kept.write("pr12", RECORD)
    document = json.loads(s3.objects["previews/pr12.json"])
    s3.objects["previews/pr12.json"] = json.dumps({**document, **change}).encode()

    found = kept.find("pr12")

    assert isinstance(found, Unreadable)
    assert reason in found.reason


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff"])
def test_what_is_no_record_at_all_is_unreadable(body: bytes) -> None:
    assert isinstance(
        Records(FakeS3({"previews/pr12.json": body}), "states").find("pr12"), Unreadable
    )


def test_times_of_another_zone_are_read_as_utc() -> None:
    s3 = FakeS3()
    kept = Records(s3, "states")
    kept.write("pr12", RECORD)
    s3.objects["previews/pr12.json"] = s3.objects["previews/pr12.json"].replace(
        b'"created": "2026-11-23T12:00:00+00:00"', b'"created": "2026-11-23T14:00:00+02:00"'
    )

    assert kept.find("pr12") == RECORD


def test_what_is_forgotten_last_is_the_record() -> None:
    s3 = FakeS3()
    kept = Records(s3, "states")
    kept.write("pr12", RECORD)
    kept.keep_manifest("pr12", "{}")

    kept.forget("pr12")

    assert s3.objects == {}
    assert s3.deleted[-1] == "previews/pr12.json"


def test_the_manifest_is_kept_beside_the_record() -> None:
    kept = Records(FakeS3(), "states")

    kept.keep_manifest("pr12", '{"version": 1}')

    assert kept.manifest("pr12") == '{"version": 1}'
    assert kept.manifest("pr13") is None


def test_the_lifetime_is_the_stacks() -> None:
    stack = Stack("pr12", {}, emulated=False, settings={"preview": {"expires_after_hours": 48}})

    assert records.lifetime(stack) == timedelta(days=2)


@pytest.mark.parametrize(
    "settings",
    [{}, {"preview": {}}, *({"preview": {"expires_after_hours": h}} for h in (0, 337, "72"))],
)
def test_a_lifetime_that_makes_no_sense_is_refused_by_name(settings: dict[str, Any]) -> None:
    with pytest.raises(
        UsageError, match=r"stack pr12: settings\.blueprint\.preview\.expires_after"
    ) as failed:
        records.lifetime(Stack("pr12", {}, emulated=False, settings=settings))

    assert "stacks/mixins/stage/preview.yaml" in failed.value.remedy
