"""Progress on a terminal and in a log."""

import io
import time

import pytest

from blueprint.tools import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_one_line_that_is_rewritten() -> None:
    terminal = Terminal()
    shown = progress.Progress(terminal)

    shown.update("downloading, 10 %")
    shown.update("done")
    shown.say("kept")

    blank = " " * len("done")
    assert terminal.getvalue() == (f"\rdownloading, 10 %\r{'done':<17}\r{blank}\rkept\n")


def test_a_log_gets_no_more_than_a_line_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    log = io.StringIO()
    shown = progress.Progress(log)

    for second in range(35):
        now[0] = float(second)
        shown.update(f"{second} s")

    assert log.getvalue() == "15 s\n30 s\n"
