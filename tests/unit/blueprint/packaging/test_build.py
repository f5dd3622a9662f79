import json
import os
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from blueprint.errors import BlueprintError
from blueprint.packaging import archive, manifest, wheels
from blueprint.packaging import build as building
from blueprint.packaging.build import build
from blueprint.packaging.config import Config
from blueprint.packaging.manifest import Package

from .conftest import WheelHouse

HANDLER = "from services.core import clients\ndef lambda_handler(event, context):\n    return clients.table()\n"
CLIENTS = "import boto3\ndef table():\n    return boto3.client('dynamodb')\n"
Write = Callable[..., Path]


@pytest.fixture
def write(repository: Write, sdk: WheelHouse) -> Write:
    """A repository whose api function uses the small SDK."""
    return lambda **options: repository(
        {
            "services/api/handler.py": HANDLER,
            "services/core/clients.py": CLIENTS,
            "services/core/unreached.py": "",
            "requirements/api.txt": sdk.lock("boto3", "botocore"),
        },
        **options,
    )


def unchanged(root: Path, settings: Config) -> bool:
    return build(root=root, settings=settings)[1] == []


def test_the_zip_holds_the_code_its_bytecode_and_the_trimmed_sdk(
    write: Write, settings: Config
) -> None:
    root = write()

    packages, built = build(root=root, settings=settings)

    assert built == ["api"]
    with zipfile.ZipFile(root / packages["api"].file) as zipped:
        names = set(zipped.namelist())
    assert {
        "services/api/handler.py",
        "services/api/__pycache__/handler.cpython-311.pyc",
        "boto3/__pycache__/__init__.cpython-311.pyc",
        "botocore/data/dynamodb/2012-08-10/service-2.json",
    } <= names
    assert not {
        name for name in names if "unreached" in name or "sqs" in name or "examples" in name
    }


def test_the_manifest_says_what_terraform_needs(write: Write, settings: Config) -> None:
    root = write()

    build(root=root, settings=settings)

    document = json.loads((root / "build/packages.json").read_text())
    entry = document["packages"]["api"]
    zipped = (root / entry["file"]).read_bytes()
    sha256, base64sha256 = manifest.digests(zipped)
    assert document["version"] == 1
    assert entry["file"] == f"build/packages/api-{sha256}.zip"
    assert entry["key"] == f"functions/api/{sha256}.zip"
    assert (entry["sha256"], entry["base64sha256"]) == (sha256, base64sha256)
    assert entry["bytes"] == len(zipped)
    with zipfile.ZipFile(root / entry["file"]) as archived:
        assert entry["unpacked_bytes"] == sum(info.file_size for info in archived.infolist())
    assert manifest.read(root / "build/packages.json")["api"].services == ("dynamodb",)


def test_the_same_inputs_give_the_same_bytes_wherever_and_whenever(
    write: Write, settings: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = write(name="here")
    first = build(root=here, settings=settings)[0]["api"]
    first_bytes = (here / first.file).read_bytes()

    there = write(name="elsewhere/with a longer name")
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    before = os.umask(0o077)
    try:
        for file in there.rglob("*.py"):
            os.utime(file, (0, 0))
        second = build(root=there, settings=settings)[0]["api"]
    finally:
        os.umask(before)

    assert (there / second.file).read_bytes() == first_bytes
    assert second == first


def test_unchanged_inputs_are_not_built_again(
    write: Write, settings: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write()
    before, _ = build(root=root, settings=settings)
    stamp = (root / "build/packages.json").stat().st_mtime_ns

    def no_uv() -> Path:
        raise AssertionError("nothing is to be installed")

    monkeypatch.setattr(wheels, "find_uv", no_uv)
    again, built = build(root=root, settings=settings)

    assert (again, built) == (before, [])
    assert (root / "build/packages.json").stat().st_mtime_ns == stamp


def test_the_fingerprints_of_the_sources_are_those_a_build_records(
    write: Write, settings: Config
) -> None:
    root = write()
    before = building.inputs(root=root, settings=settings)
    assert not (root / "build").exists()

    packages, _ = build(root=root, settings=settings)

    assert before == {role: package.inputs for role, package in packages.items()}
    (root / "services/core/clients.py").write_text(CLIENTS + "# another\n")
    assert building.inputs(root=root, settings=settings) != before


def test_code_that_is_reached_makes_the_package_stale_and_other_code_does_not(
    write: Write, settings: Config
) -> None:
    root = write()
    old = build(root=root, settings=settings)[0]["api"]

    (root / "services/core/unreached.py").write_text("x = 1\n")
    assert unchanged(root, settings)

    (root / "services/core/clients.py").write_text(CLIENTS + "# changed\n")
    new = build(root=root, settings=settings)[0]["api"]
    assert new.sha256 != old.sha256
    assert [file.name for file in (root / "build/packages").iterdir()] == [Path(new.file).name]


def test_the_lock_and_the_configuration_make_the_package_stale(
    write: Write, settings: Config
) -> None:
    root = write()
    build(root=root, settings=settings)

    (root / "requirements/api.txt").write_text(
        "# regenerated\n" + (root / "requirements/api.txt").read_text()
    )
    assert not unchanged(root, settings)
    declared = replace(settings.packages["api"], clients=("sqs",))
    packages, built = build(root=root, settings=replace(settings, packages={"api": declared}))
    assert built == ["api"]
    assert packages["api"].services == ("dynamodb", "sqs")


def test_a_damaged_zip_is_built_again(write: Write, settings: Config) -> None:
    root = write()
    zipped = root / build(root=root, settings=settings)[0]["api"].file
    whole = zipped.read_bytes()

    zipped.write_bytes(whole[:-1])

    assert not unchanged(root, settings)
    assert zipped.read_bytes() == whole


def test_an_unreadable_manifest_is_replaced(write: Write, settings: Config) -> None:
    root = write()
    build(root=root, settings=settings)
    (root / "build/packages.json").write_text('{"version": 0}')

    with pytest.raises(
        BlueprintError, match=r"packages\.json cannot be understood: its version is 0"
    ):
        manifest.read(root / "build/packages.json")
    assert not unchanged(root, settings)
    assert manifest.read(root / "build/packages.json")["api"]


def test_force_builds_again_to_the_same_name(write: Write, settings: Config) -> None:
    root = write()
    before, _ = build(root=root, settings=settings)

    assert build(root=root, settings=settings, force=True) == (before, ["api"])


def test_one_function_can_be_built_and_the_others_stay(write: Write, settings: Config) -> None:
    root = write()
    (root / "requirements/jobs.txt").write_text("")
    (root / "services/jobs").mkdir()
    (root / "services/jobs/handler.py").write_text("")
    jobs = replace(settings.packages["api"], role="jobs", handler="services.jobs.handler")
    both = replace(settings, packages={**settings.packages, "jobs": jobs})
    build(root=root, settings=both)
    (root / "services/jobs/handler.py").write_text("x = 1\n")

    packages, built = build(["jobs"], root=root, settings=both)

    assert built == ["jobs"]
    assert list(packages) == ["api", "jobs"]
    assert all((root / package.file).is_file() for package in packages.values())


def test_a_failed_build_leaves_manifest_and_zips_as_they_were(
    write: Write, settings: Config
) -> None:
    root = write()
    package: Package = build(root=root, settings=settings)[0]["api"]
    (root / "services/core/clients.py").write_text("import absent\n")

    with pytest.raises(BlueprintError, match=r"clients\.py:1: imports absent"):
        build(root=root, settings=settings)

    assert manifest.read(root / "build/packages.json") == {"api": package}
    assert sorted(path.name for path in (root / "build").iterdir()) == ["packages", "packages.json"]
    assert (root / package.file).is_file()


def test_a_missing_lock_is_named(write: Write, settings: Config) -> None:
    root = write()
    (root / "requirements/api.txt").unlink()

    with pytest.raises(
        BlueprintError, match=r"requirements/api\.txt, the lock of the function api, is missing"
    ):
        build(root=root, settings=settings)


def test_a_package_over_lambda_s_limit_is_refused(
    write: Write, settings: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "UNPACKED_LIMIT", 1000)

    with pytest.raises(
        BlueprintError, match="unpacked, and Lambda takes 250 MB; its largest file is"
    ):
        build(root=write(), settings=settings)


def test_another_compressor_is_reported(
    write: Write, settings: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "compressor_is_zlib", lambda: False)
    said: list[str] = []

    build(root=write(), settings=settings, report=said.append)

    assert "does not compress with zlib" in said[0]
    assert said[1] == "api: 2 libraries"
