"""A repository in miniature and wheels made on the spot, so that packaging is tested with neither network nor index."""

import gzip
import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from blueprint.packaging.config import Config, PackageConfig, Target

ARM64_ELF = b"\x7fELF" + bytes(14) + (183).to_bytes(2, "little")
X86_64_ELF = b"\x7fELF" + bytes(14) + (62).to_bytes(2, "little")
TARGET = Target(python="3.11", platform="aarch64-manylinux2014")


@dataclass
class WheelHouse:
    """A directory of wheels, and the lock lines that pin them."""

    directory: Path
    lines: dict[str, str] = field(default_factory=dict)

    def add(
        self,
        name: str,
        files: Mapping[str, str | bytes],
        *,
        requires: tuple[str, ...] = (),
        tag: str = "py3-none-any",
    ) -> None:
        """Make `name`-1.0 and pin it."""
        metadata = f"{name}-1.0.dist-info"
        requirements = "".join(f"Requires-Dist: {each}\n" for each in requires)
        entries: dict[str, str | bytes] = {
            **files,
            f"{metadata}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{requirements}",
            f"{metadata}/WHEEL": f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: {tag}\n",
        }
        record = [*entries, f"{metadata}/RECORD"]
        entries[f"{metadata}/RECORD"] = "".join(f"{path},,\n" for path in record)
        wheel = self.directory / f"{name}-1.0-{tag}.whl"
        with zipfile.ZipFile(wheel, "w") as archive:
            for path, content in entries.items():
                archive.writestr(path, content)
        self.lines[name] = (
            f"{name}==1.0 --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}"
        )

    def lock(self, *names: str) -> str:
        return "".join(f"{self.lines[name]}\n" for name in names)

    def unpack(self, destination: Path) -> Path:
        """The wheels laid out as an installer would, without running one."""
        for wheel in self.directory.glob("*.whl"):
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(destination)
        return destination


@pytest.fixture
def wheel_house(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> WheelHouse:
    """An empty house, the only place uv looks for wheels."""
    directory = tmp_path / "wheels"
    directory.mkdir()
    monkeypatch.setenv("UV_NO_INDEX", "1")
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_FIND_LINKS", str(directory))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path_factory.getbasetemp() / "uv-cache"))
    return WheelHouse(directory)


@pytest.fixture
def sdk(wheel_house: WheelHouse) -> WheelHouse:
    """The house with a small boto3 and a botocore of three services."""

    def model(prefix: str, **extra: object) -> bytes:
        return gzip.compress(json.dumps({"metadata": {"endpointPrefix": prefix}, **extra}).encode())

    documented = {
        "documentation": "<p>Prose.</p>",
        "shapes": {
            "Page": {
                "members": {"documentation": {"shape": "Text", "documentation": "What it says."}}
            }
        },
    }
    endpoints = {
        "partitions": [
            {
                "partition": "aws",
                "services": {
                    "dynamodb": {"endpoints": {}},
                    "monitoring": {"endpoints": {}},
                    "sqs": {"endpoints": {}},
                },
            }
        ]
    }
    wheel_house.add(
        "botocore",
        {
            "botocore/__init__.py": "from botocore.docs import page\n",
            "botocore/docs/__init__.py": "page = 1\n",
            "botocore/session.py": "def credentials(session):\n    return session.create_client('sqs')\n",
            "botocore/data/_retry.json": "{}",
            "botocore/data/endpoints.json": json.dumps(endpoints, indent=2),
            "botocore/data/partitions.json": "{}",
            "botocore/data/sdk-default-configuration.json": "{}",
            "botocore/data/dynamodb/2011-12-05/service-2.json.gz": model("dynamodb"),
            "botocore/data/dynamodb/2012-08-10/service-2.json.gz": model("dynamodb", **documented),
            "botocore/data/dynamodb/2012-08-10/paginators-1.json": '{"pagination": {}}',
            "botocore/data/dynamodb/2012-08-10/examples-1.json": "{}",
            "botocore/data/cloudwatch/2010-08-01/service-2.json.gz": model("monitoring"),
            "botocore/data/sqs/2012-11-05/service-2.json.gz": model("sqs"),
        },
    )
    wheel_house.add(
        "boto3",
        {
            "boto3/__init__.py": "import botocore\nfrom botocore import session\ndef client(name):\n    return name\n",
            "boto3/data/dynamodb/2012-08-10/resources-1.json": "{}",
            "boto3/examples/s3.rst": "Examples",
        },
        requires=("botocore>=1",),
    )
    return wheel_house


@pytest.fixture
def repository(tmp_path: Path) -> Callable[..., Path]:
    """Writes a repository from {path: text}, adding the package files, and returns its root."""

    def write(files: Mapping[str, str], *, name: str = "repository") -> Path:
        root = tmp_path / name
        if root.exists():
            shutil.rmtree(root)
        packages = {"services/__init__.py", "services/api/__init__.py", "services/core/__init__.py"}
        for path, text in {**dict.fromkeys(packages, ""), **files}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        return root

    return write


@pytest.fixture
def api() -> PackageConfig:
    return PackageConfig(role="api", handler="services.api.handler")


@pytest.fixture
def settings(api: PackageConfig) -> Config:
    return Config(TARGET, {"api": api})
