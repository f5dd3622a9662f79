"""A command beside a journey: its output is shown at its end, and it never outlives the journey."""

import sys
import time
from pathlib import Path

import pytest

from blueprint.errors import BlueprintError
from blueprint.journey.beside import beside

PATIENT = """
import pathlib, sys, time
try:
    print("began", flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    pathlib.Path(sys.argv[1]).write_text("taken down")
"""


def test_its_output_is_shown_when_its_turn_comes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with beside([sys.executable, "-c", "print('[one] passed')"], log=tmp_path / "log") as started:
        before = capsys.readouterr().err
        started.finish()

    assert before == ""
    assert "[one] passed" in capsys.readouterr().err


def test_its_failure_is_the_journey_s(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise SystemExit(3)"]
    with (
        beside(command, log=tmp_path / "log") as started,
        pytest.raises(BlueprintError, match="ended with 3"),
    ):
        started.finish()


def test_it_is_interrupted_once_when_the_journey_ends_without_it(tmp_path: Path) -> None:
    log, sign = tmp_path / "log", tmp_path / "sign"

    with beside([sys.executable, "-c", PATIENT, str(sign)], log=log) as started:
        while "began" not in log.read_text():
            time.sleep(0.01)

    assert sign.read_text() == "taken down"
    assert started.process.returncode == 0
