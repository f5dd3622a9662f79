"""How the locks are renewed, and what every lock in the repository must be."""

import re
from pathlib import Path

import pytest

from blueprint import paths
from blueprint.errors import BlueprintError
from blueprint.tools import locks
from tests.unit.blueprint.tools.conftest import Machine, says

LOCKS = sorted(paths.REQUIREMENTS.glob("*.txt"))
SERVICES = ("api", "authorizer", "processor", "scheduler")


def pins(lock: Path) -> dict[str, set[str]]:
    """Every package of a lock and its version; two where they differ by platform."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([a-z0-9.-]+)==([^\s;]+)", lock.read_text(), re.M):
        found.setdefault(name, set()).add(version)
    return found


def test_the_first_lock_is_the_one_the_others_are_held_to(machine: Machine) -> None:
    for name in ("tooling", "api", "authorizer"):
        (machine.host.requirements / f"{name}.in").touch()
    machine.on_path("uv", "0.13.9")

    locks.renew(host=machine.host)

    compiled = [call.rsplit(" ", 1)[1] for call in machine.called("uv pip compile")]
    assert compiled == [
        "requirements/api.in",
        "requirements/authorizer.in",
        "requirements/tooling.in",
    ]


def test_pins_stay_unless_an_upgrade_is_asked_for(machine: Machine) -> None:
    (machine.host.requirements / "api.in").touch()
    machine.on_path("uv", "0.13.9")

    locks.renew(host=machine.host)
    locks.renew(upgrade=True, host=machine.host)

    assert ["--upgrade" in call for call in machine.called("uv pip compile")] == [False, True]


def test_requirements_without_a_solution_are_an_error_in_uv_s_words(machine: Machine) -> None:
    (machine.host.requirements / "api.in").touch()
    machine.script(
        machine.host.search_path[1] / "uv",
        f"{says('uv', '0.13.9')}\n[ \"$1\" = --version ] || {{ echo 'No solution found'; exit 1; }}",
    )

    with pytest.raises(BlueprintError, match=r"api\.in cannot be locked") as raised:
        locks.renew(host=machine.host)

    assert "No solution found" in raised.value.message
    assert raised.value.remedy == "Change requirements/api.in so that a solution exists."


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_a_lock_names_no_index_no_host_and_no_path(lock: Path) -> None:
    assert re.findall(r"://|--index|--find-links|--extra|@ |^-e|^/", lock.read_text(), re.M) == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_pin_has_a_hash(lock: Path) -> None:
    entries = re.split(r"\n(?=[a-z0-9])", lock.read_text().partition("make lock\n")[2])
    assert entries
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_every_requirements_file_has_its_lock() -> None:
    sources = {file.stem for file in paths.REQUIREMENTS.glob("*.in")}
    assert {file.stem for file in LOCKS} == sources


def test_services_ship_one_version_of_each_package_and_are_tested_with_it() -> None:
    tooling = pins(paths.REQUIREMENTS / "tooling.txt")
    for service in SERVICES:
        for name, versions in pins(paths.REQUIREMENTS / f"{service}.txt").items():
            assert versions == tooling[name], f"{service}: {name}"
