import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from blueprint.errors import BlueprintError, UsageError
from blueprint.packaging.sdk_data import trim

from .conftest import WheelHouse


@pytest.fixture
def files(sdk: WheelHouse, tmp_path: Path) -> dict[str, Path]:
    installed = sdk.unpack(tmp_path / "installed")
    return {
        path.relative_to(installed).as_posix(): path
        for path in installed.rglob("*")
        if path.is_file()
    }


def cut(files: Mapping[str, Path], **kinds: set[str]) -> tuple[dict[str, bytes], tuple[str, ...]]:
    given = {"named": set[str](), "declared": set[str](), "resources": set[str](), **kinds}
    return trim(files, role="api", **given)


@pytest.mark.parametrize("newest_first", [True, False])
def test_only_the_named_services_newest_models_stay(
    files: dict[str, Path], newest_first: bool
) -> None:
    ordered = {path: files[path] for path in sorted(files, reverse=newest_first)}

    contents, services = cut(ordered, named={"dynamodb", "http"})

    assert services == ("dynamodb",)
    assert sorted(path for path in contents if path.startswith("botocore/data/")) == [
        "botocore/data/_retry.json",
        "botocore/data/dynamodb/2012-08-10/paginators-1.json",
        "botocore/data/dynamodb/2012-08-10/service-2.json",
        "botocore/data/endpoints.json",
        "botocore/data/partitions.json",
        "botocore/data/sdk-default-configuration.json",
    ]


def test_models_lose_their_prose_but_not_a_member_called_documentation(
    files: dict[str, Path],
) -> None:
    contents, _ = cut(files, named={"dynamodb"})

    model = json.loads(contents["botocore/data/dynamodb/2012-08-10/service-2.json"])
    assert model == {
        "documentation": "",
        "metadata": {"endpointPrefix": "dynamodb"},
        "shapes": {"Page": {"members": {"documentation": {"shape": "Text", "documentation": ""}}}},
    }


def test_endpoints_are_kept_by_the_services_endpoint_prefix(files: dict[str, Path]) -> None:
    contents, _ = cut(files, declared={"cloudwatch"})

    endpoints = json.loads(contents["botocore/data/endpoints.json"])
    assert list(endpoints["partitions"][0]["services"]) == ["monitoring"]


def test_resource_definitions_stay_only_for_resources_in_use(files: dict[str, Path]) -> None:
    definition = "boto3/data/dynamodb/2012-08-10/resources-1.json"

    assert definition not in cut(files, named={"dynamodb"})[0]
    assert definition in cut(files, resources={"dynamodb"})[0]


def test_a_declared_client_without_a_model_is_refused(files: dict[str, Path]) -> None:
    with pytest.raises(UsageError, match=r"packages\.api\.clients names 'dynamo'"):
        cut(files, declared={"dynamo"})


def test_an_sdk_with_no_service_in_sight_is_refused(files: dict[str, Path]) -> None:
    with pytest.raises(BlueprintError, match="no literal in its code says which AWS service"):
        cut(files)


def test_a_package_without_the_sdk_needs_no_service(files: dict[str, Path]) -> None:
    other = {path: file for path, file in files.items() if path == "boto3/__init__.py"}

    assert cut(other) == ({"boto3/__init__.py": other["boto3/__init__.py"].read_bytes()}, ())
