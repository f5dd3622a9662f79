import json

import pytest

from blueprint.packaging import commands
from blueprint.packaging.manifest import Package

PACKAGE = Package(
    file="build/packages/api-00.zip",
    sha256="00",
    base64sha256="AA==",
    key="functions/api/00.zip",
    bytes=60 * 1024**2,
    unpacked_bytes=200 * 1024**2,
    inputs="11",
    content="22",
    modules=7,
    distributions={"boto3": "1.0"},
    left_out={"orjson": "3.0"},
    native=("fast/_core.so",),
    services=("dynamodb", "sqs"),
)


def test_the_table_gives_sizes_and_counts_per_function(capsys: pytest.CaptureFixture[str]) -> None:
    commands.show({"api": PACKAGE}, ["api"], as_json=False)

    said = capsys.readouterr()
    assert "60.00 MB" in said.out
    assert "200.00 MB" in said.out
    assert "dynamodb sqs" in said.out
    assert "left out: orjson" in said.err
    assert "fast/_core.so" in said.err
    assert "from the artifacts bucket only" in said.err


def test_json_is_the_manifest_alone(capsys: pytest.CaptureFixture[str]) -> None:
    commands.show({"api": PACKAGE}, [], as_json=True)

    said = capsys.readouterr()
    assert json.loads(said.out)["packages"]["api"]["native"] == ["fast/_core.so"]
    assert said.err == ""
