"""The real functions, packaged once from their locks; uv fetches the arm64 wheels, or has them in its cache."""

import shutil
import zipfile
from pathlib import Path

import pytest

from blueprint import paths
from blueprint.packaging.build import build
from blueprint.packaging.manifest import Package


def copy_inputs(root: Path, destination: Path) -> Path:
    """What packaging reads of the repository at `root`, and nothing it has built there."""
    ignored = shutil.ignore_patterns("__pycache__")
    for directory in ("services", "requirements"):
        shutil.copytree(root / directory, destination / directory, ignore=ignored)
    return destination


@pytest.fixture(scope="session")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_inputs(paths.ROOT, tmp_path_factory.mktemp("repository"))


@pytest.fixture(scope="session")
def packages(repository: Path) -> dict[str, Package]:
    return build(root=repository)[0]


@pytest.fixture(scope="session")
def unpacked(
    packages: dict[str, Package], repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """Each function as it lies in Lambda's /var/task, by role."""
    task = tmp_path_factory.mktemp("task")
    for role, package in packages.items():
        with zipfile.ZipFile(repository / package.file) as zipped:
            zipped.extractall(task / role)
    return {role: task / role for role in packages}
