"""When a Python environment is made, when it is synchronised, and when nothing happens."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from blueprint.errors import BlueprintError, UsageError
from blueprint.tools import provision
from blueprint.tools.environments import ENVIRONMENTS, environment
from tests.unit.blueprint.tools.conftest import Machine, says

MAKES = """
case "$1 $2" in
venv*) mkdir -p "$5/bin" "$5/lib/python3.11/site-packages"; ln -sf "$PYTHON" "$5/bin/python";;
"pip sync") [ ! -e "$REFUSED" ] || { echo 'error: No such package'; exit 2; };;
esac
"""


@pytest.fixture
def with_uv(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A uv on PATH that makes the directories of an environment; the file `refused` makes its sync fail."""
    monkeypatch.setenv("PYTHON", sys.executable)
    monkeypatch.setenv("REFUSED", str(machine.host.root.parent / "refused"))
    machine.script(machine.host.search_path[1] / "uv", says("uv", "0.13.9") + MAKES)
    provision.ensure("uv", host=machine.host)
    machine.calls.unlink()
    for name in ENVIRONMENTS:
        (machine.host.requirements / f"{name}.txt").write_text("package==1.0\n")
    return machine


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_an_environment_is_made_from_its_lock_by_its_hashes(with_uv: Machine, name: str) -> None:
    lock = with_uv.host.requirements / f"{name}.txt"

    directory = environment(name, host=with_uv.host)

    assert directory == with_uv.host.root / ENVIRONMENTS[name]
    assert with_uv.called() == [
        f"uv venv --clear --python python-of-make {directory}",
        f"uv pip sync --require-hashes --python {directory}/bin/python {lock}",
    ]


def test_an_environment_that_is_up_to_date_is_left_alone(with_uv: Machine) -> None:
    environment("emulator", host=with_uv.host)
    calls = with_uv.called()

    environment("emulator", host=with_uv.host)

    assert with_uv.called() == calls


def test_a_changed_lock_is_synchronised_into_the_environment_that_is_there(
    with_uv: Machine,
) -> None:
    environment("emulator", host=with_uv.host)
    with_uv.calls.unlink()
    (with_uv.host.requirements / "emulator.txt").write_text("package==2.0\n")

    environment("emulator", host=with_uv.host)

    (call,) = with_uv.called()
    assert call.startswith("uv pip sync")


def test_another_interpreter_makes_the_environment_anew(with_uv: Machine) -> None:
    environment("emulator", host=with_uv.host)
    with_uv.calls.unlink()

    environment("emulator", host=replace(with_uv.host, python=Path("newer-python")))

    assert with_uv.called()[0].startswith("uv venv --clear --python newer-python")


def test_an_environment_whose_interpreter_is_gone_is_made_anew(with_uv: Machine) -> None:
    directory = environment("emulator", host=with_uv.host)
    with_uv.calls.unlink()
    (directory / "bin" / "python").unlink()

    environment("emulator", host=with_uv.host)

    assert with_uv.called()[0].startswith("uv venv")


def test_a_failed_synchronisation_is_an_error_and_is_tried_again(with_uv: Machine) -> None:
    refused = with_uv.host.root.parent / "refused"
    refused.touch()

    with pytest.raises(BlueprintError, match=r"\.venv cannot be made from tooling\.txt") as raised:
        environment("tooling", host=with_uv.host)
    assert "error: No such package" in raised.value.message
    assert "UV_DEFAULT_INDEX" in raised.value.remedy

    refused.unlink()
    with_uv.calls.unlink()
    environment("tooling", host=with_uv.host)
    assert with_uv.called("uv pip sync")


def test_uv_never_downloads_a_python(with_uv: Machine) -> None:
    notes = with_uv.host.root.parent / "notes"
    with_uv.script(
        with_uv.host.search_path[1] / "uv",
        says("uv", "0.13.9") + f'\necho "downloads: $UV_PYTHON_DOWNLOADS" >> {notes}' + MAKES,
    )

    environment("emulator", host=with_uv.host)

    assert set(notes.read_text().splitlines()[1:]) == {"downloads: never"}


def test_the_command_runs_the_code_of_its_clone_from_any_directory(with_uv: Machine) -> None:
    host = replace(with_uv.host, root=with_uv.host.root.parent / "a clone's place")
    code = host.root / "blueprint"
    code.mkdir(parents=True)
    (code / "__init__.py").touch()
    (code / "cli.py").write_text(
        "import sys\ndef main():\n    print('arguments:', sys.argv[1:])\n    return 3\n"
    )

    directory = environment("tooling", host=host)

    assert (
        directory / "lib/python3.11/site-packages/blueprint.pth"
    ).read_text() == f"{host.root}\n"
    # The stand-in for an environment reads no .pth file, so its line is handed over.
    completed = subprocess.run(
        [directory / "bin" / "blueprint", "up", "with blank"],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env={**os.environ, "PYTHONPATH": str(host.root)},
    )
    assert (completed.returncode, completed.stdout) == (3, "arguments: ['up', 'with blank']\n")


def test_an_unknown_environment_is_a_usage_error(machine: Machine) -> None:
    with pytest.raises(UsageError, match="unknown Python environment 'production'"):
        environment("production", host=machine.host)
