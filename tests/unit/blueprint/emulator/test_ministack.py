"""The server is started with settings of ours alone."""

from pathlib import Path

import pytest

from blueprint.emulator import ministack
from blueprint.emulator.home import Home
from blueprint.errors import BlueprintError

HOME = Home(Path("/clone/.local"))


def settings(*, persist: bool = False, **environ: str) -> dict[str, str]:
    return ministack.environment(HOME, port=4570, persist=persist, environ=environ)


def test_only_what_programs_are_found_by_comes_from_the_user() -> None:
    environ = {
        "PATH": "/bin",
        "LD_LIBRARY_PATH": "/lib",
        "AWS_PROFILE": "production",
        "AWS_SESSION_TOKEN": "real",
        "HTTPS_PROXY": "http://proxy:3128",
        "PYTHONPATH": "/mine",
        "HOME": "/home/me",
        "USE_SSL": "1",
        "SFTP_ENABLED": "1",
    }

    assert settings(**environ) == settings() | {"PATH": "/bin", "LD_LIBRARY_PATH": "/lib"}


def test_it_listens_on_loopback_and_nowhere_else() -> None:
    variables = settings()

    assert variables["BIND_HOST"] == "127.0.0.1"
    assert variables["GATEWAY_PORT"] == "4570"
    assert variables["IOT_MTLS_ENABLED"] == variables["SFTP_ENABLED"] == "0"


def test_permissions_are_enforced() -> None:
    assert settings()["AUTH"] == "true"


def test_functions_call_the_server_that_runs_them() -> None:
    assert settings()["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4570"


def test_without_persist_nothing_is_written_but_scratch_files() -> None:
    variables = settings()

    assert "PERSIST_STATE" not in variables
    for name in ("STATE_DIR", "S3_DATA_DIR", "TMPDIR", "HOME"):
        assert Path(variables[name]).is_relative_to(HOME.scratch)


def test_with_persist_resources_and_objects_are_kept_in_the_data_directory() -> None:
    variables = settings(persist=True)

    assert variables["PERSIST_STATE"] == variables["S3_PERSIST"] == "1"
    assert Path(variables["STATE_DIR"]).is_relative_to(HOME.data)
    assert Path(variables["S3_DATA_DIR"]).is_relative_to(HOME.data)
    assert Path(variables["TMPDIR"]).is_relative_to(HOME.scratch)


def test_a_server_that_is_not_installed_is_named_with_the_command_that_installs_it(
    tmp_path: Path,
) -> None:
    with pytest.raises(BlueprintError, match=r"not installed: .*ministack is missing") as raised:
        ministack.command(Home(tmp_path), program=tmp_path / "bin" / "ministack")

    assert "blueprint tools" in raised.value.remedy
