"""Only one command at a time changes the server."""

from pathlib import Path

import pytest

from blueprint.emulator.lock import exclusive
from blueprint.errors import BlueprintError


def test_a_held_lock_is_waited_for_and_then_an_error(tmp_path: Path) -> None:
    lock = tmp_path / "lock"

    with (
        exclusive(lock, timeout_seconds=1),
        pytest.raises(BlueprintError, match="Another command has been starting or stopping"),
        exclusive(lock, timeout_seconds=0.1),
    ):
        pytest.fail("the lock was given twice")


def test_a_released_lock_is_given_again(tmp_path: Path) -> None:
    lock = tmp_path / "lock"

    with exclusive(lock, timeout_seconds=1):
        pass
    with exclusive(lock, timeout_seconds=0.1):
        assert lock.exists()
