"""Programs are run to their end, and interrupted once with all they have started."""

import os
import sys
import threading
import time
from pathlib import Path

import pytest

from blueprint import processes
from blueprint.errors import BlueprintError

# Counts the interruptions it gets, as Terraform does, and tells when it is ready for them.
COUNTER = """
import signal, sys, time
caught = []
signal.signal(signal.SIGINT, lambda *_: caught.append(1))
open(sys.argv[1], "w").close()
deadline = time.monotonic() + 10
while not caught and time.monotonic() < deadline:
    time.sleep(0.01)
time.sleep(0.2)
print("interrupted", len(caught), "times")
"""


def test_output_and_error_come_together_or_apart(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import sys; print('out'); print('err', file=sys.stderr)"]

    together = processes.run(command, cwd=tmp_path, env=dict(os.environ))
    apart = processes.run(command, cwd=tmp_path, env=dict(os.environ), apart=True)

    assert sorted(together.output.split()) == ["err", "out"]
    assert (apart.output, apart.errors) == ("out", "err")


def test_the_log_holds_what_was_said_without_colours(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "run.log"
    command = [sys.executable, "-c", r"print('\x1b[31mred\x1b[0m   ')"]

    processes.run(command, cwd=tmp_path, env=dict(os.environ), log=log)

    assert log.read_text() == "red\n"


def test_a_missing_program_is_named_with_the_command_that_provides_it(tmp_path: Path) -> None:
    with pytest.raises(BlueprintError, match="no-such-program is missing") as failed:
        processes.run(["no-such-program"], cwd=tmp_path, env=dict(os.environ))

    assert "make bootstrap" in failed.value.remedy


def test_an_interruption_reaches_a_running_program_exactly_once(tmp_path: Path) -> None:
    """Terraform takes a second one as an order to drop everything."""
    ready = tmp_path / "ready"
    said: list[str] = []

    def work() -> None:
        command = [sys.executable, "-c", COUNTER, str(ready)]
        said.append(processes.run(command, cwd=tmp_path, env=dict(os.environ)).output)

    worker = threading.Thread(target=work)
    worker.start()
    deadline = time.monotonic() + 10
    while not ready.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    processes.interrupt()
    processes.interrupt()
    worker.join(timeout=15)

    assert said == ["interrupted 1 times"]
