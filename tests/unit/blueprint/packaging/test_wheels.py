import sys
from pathlib import Path

import pytest

from blueprint import paths
from blueprint.errors import BlueprintError
from blueprint.packaging import wheels

from .conftest import TARGET, WheelHouse


def install(lock_text: str, tmp_path: Path) -> Path:
    lock = tmp_path / "api.txt"
    lock.write_text(lock_text)
    destination = tmp_path / "installed"
    wheels.install(lock, TARGET, destination, uv=wheels.find_uv(), python=Path(sys.executable))
    return destination


def test_wheels_for_arm64_and_for_any_machine_are_installed(
    wheel_house: WheelHouse, tmp_path: Path
) -> None:
    wheel_house.add("fast", {"fast.py": ""}, tag="cp311-cp311-manylinux_2_17_aarch64")
    wheel_house.add("plain", {"plain.py": ""})

    installed = install(wheel_house.lock("fast", "plain"), tmp_path)

    assert sorted(file.name for file in installed.glob("*.py")) == ["fast.py", "plain.py"]


@pytest.mark.parametrize(
    "tag", ["cp311-cp311-manylinux_2_17_x86_64", "cp311-cp311-manylinux_2_28_aarch64"]
)
def test_a_package_without_a_fitting_arm64_wheel_is_refused_with_the_wheels_there_are(
    wheel_house: WheelHouse, tmp_path: Path, tag: str
) -> None:
    wheel_house.add("fast", {"fast.py": ""}, tag=tag)

    with pytest.raises(
        BlueprintError, match=r"fast 1\.0 has no wheel for Python 3\.11 .*\(arm64\)"
    ) as raised:
        install(wheel_house.lock("fast"), tmp_path)
    assert f"built for `{tag.removeprefix('cp311-cp311-')}`" in raised.value.message
    assert "requirements/api.in" in raised.value.remedy


def test_a_package_with_sources_only_is_refused(wheel_house: WheelHouse, tmp_path: Path) -> None:
    (wheel_house.directory / "older-1.0.tar.gz").write_bytes(b"")

    with pytest.raises(
        BlueprintError, match=r"older 1\.0 has no wheel that fits Python 3\.11 on arm64"
    ):
        install(f"older==1.0 --hash=sha256:{'0' * 64}\n", tmp_path)


def test_a_wheel_with_another_hash_is_refused_whatever_the_environment_says(
    wheel_house: WheelHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel_house.add("plain", {"plain.py": ""})
    monkeypatch.setenv("UV_NO_VERIFY_HASHES", "1")

    with pytest.raises(BlueprintError, match=r"plain 1\.0 has another hash than the lock says"):
        install(f"plain==1.0 --hash=sha256:{'0' * 64}\n", tmp_path)
    assert not (tmp_path / "installed" / "plain.py").exists()


def test_a_lock_line_without_a_hash_is_refused(wheel_house: WheelHouse, tmp_path: Path) -> None:
    wheel_house.add("plain", {"plain.py": ""})

    with pytest.raises(BlueprintError, match=r"requirements/api\.txt: plain==1\.0 has no hash"):
        install("plain==1.0\n", tmp_path)


@pytest.mark.usefixtures("wheel_house")
def test_any_other_failure_is_told_in_uv_s_words(tmp_path: Path) -> None:
    with pytest.raises(
        BlueprintError,
        match=r"requirements/api\.txt could not be installed: .*absent was not found",
    ):
        install(f"absent==1.0 --hash=sha256:{'0' * 64}\n", tmp_path)


def test_uv_on_the_path_serves_where_the_pinned_one_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "TOOLS", tmp_path / "tools")
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(BlueprintError, match="uv is missing"):
        wheels.find_uv()
    (tmp_path / "uv").write_text("")
    (tmp_path / "uv").chmod(0o755)
    assert wheels.find_uv() == tmp_path / "uv"
