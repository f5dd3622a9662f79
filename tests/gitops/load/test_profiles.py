"""Load profiles are bounded, and a slip in one is told by file and field."""

from pathlib import Path

import pytest

from blueprint.errors import UsageError
from blueprint.load import profiles


def test_the_shipped_profiles_can_be_read() -> None:
    smoke = profiles.find("smoke")

    assert smoke.name == "smoke"
    assert smoke.seconds <= 60
    assert smoke.allowed_failure_ratio == 0


def test_an_unknown_profile_is_answered_with_the_known_ones() -> None:
    with pytest.raises(
        UsageError, match=r"no load profile 'soak' in loadtests/profiles\.yaml"
    ) as failed:
        profiles.find("soak")

    assert failed.value.remedy.startswith("use one of: smoke")


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("users: 3", "users: 0", r"profiles\.smoke\.users: 0 is less than the minimum of 1"),
        ("users: 3", "users: three", r"profiles\.smoke\.users: 'three' is not of type 'integer'"),
        (
            "users: 3",
            "user: 3",
            r"profiles\.smoke\.user: there is no such key; use description, users",
        ),
        ("seconds: 20", "seconds: 3601", r"profiles\.smoke\.seconds: 3601 is greater than"),
        ("spawn_rate: 3", "spawn_rate: 0", r"profiles\.smoke\.spawn_rate: 0 is less than or equal"),
        (
            "allowed_failure_ratio: 0 ",
            "allowed_failure_ratio: 1 ",
            r"profiles\.smoke\.allowed_failure_ratio: 1 is",
        ),
        ("profiles:", "profile:", r"profile: there is no such key; use profiles"),
    ],
)
def test_a_slip_in_a_profile_is_told_by_file_and_field(
    tmp_path: Path, right: str, wrong: str, message: str
) -> None:
    text = profiles.FILE.read_text()
    assert right in text
    file = tmp_path / "profiles.yaml"
    file.write_text(text.replace(right, wrong, 1))

    with pytest.raises(UsageError, match=rf"profiles\.yaml:\d+: {message}"):
        profiles.find("smoke", file=file)
