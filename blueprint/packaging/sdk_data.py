"""Cuts botocore's data to the AWS services a function calls: 28 MB of models, of which a function reads well under one.

botocore lists every service directory and parses the whole of endpoints.json whenever it makes a client, and
the models carry their documentation; all of that is cold-start time. What stays is unchanged but for its
spacing: the chosen services' newest models without prose, their rows of endpoints.json, and the files that
belong to no service.
"""

import gzip
import json
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from blueprint.errors import BlueprintError, UsageError

_MODELS = PurePosixPath("botocore/data")
_RESOURCES = PurePosixPath("boto3/data")


def trim(
    files: Mapping[str, Path],
    *,
    named: Iterable[str],
    declared: Iterable[str],
    resources: Iterable[str],
    role: str,
) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """The content of `files` with the SDK's data cut down, and the AWS services that stay.

    `named` are the client names found in the code (one that is no AWS service is some other client, and
    ignored), `declared` those of packages.toml (one that is no AWS service is an error), `resources` those
    used through boto3.resource.
    """
    known = {PurePosixPath(path).parts[2] for path in files if _in_service(path, _MODELS)}
    for name in declared:
        if name not in known:
            raise UsageError(
                f"packages.{role}.clients names {name!r}, for which the locked botocore has no model"
            )
    services = ({*named, *declared} | {*resources}) & known
    if known and not services:
        raise BlueprintError(
            f"{role} brings botocore, but no literal in its code says which AWS service it calls",
            remedy=f'write boto3.client("<service>"), or declare packages.{role}.clients '
            "in blueprint/packaging/packages.toml",
        )
    newest = _newest(files, services)
    models = {
        path.removesuffix(".gz"): _model(path, file.read_bytes())
        for path, file in files.items()
        if str(PurePosixPath(path).parent) in newest and "examples-" not in path
    }
    rows = services | _endpoint_prefixes(models)
    contents: dict[str, bytes] = {path: _dump(model) for path, model in models.items()}
    for path, file in files.items():
        if _in_service(path, _RESOURCES):
            if PurePosixPath(path).parts[2] in resources:
                contents[path] = file.read_bytes()
        elif path == "botocore/data/endpoints.json":
            contents[path] = _endpoints(file.read_bytes(), rows)
        elif not _in_service(path, _MODELS):
            contents[path] = file.read_bytes()
    return contents, tuple(sorted(services))


def _in_service(path: str, base: PurePosixPath) -> bool:
    pure = PurePosixPath(path)
    return pure.is_relative_to(base) and len(pure.parts) > 3


def _newest(files: Iterable[str], services: set[str]) -> set[str]:
    """The directory of each service's newest API version, which is the one boto3.client takes."""
    versions: dict[str, str] = {}
    for path in files:
        if PurePosixPath(path).name.startswith("service-2.json") and _in_service(path, _MODELS):
            service, version = PurePosixPath(path).parts[2:4]
            if service in services:
                versions[service] = max(version, versions.get(service, ""))
    return {f"{_MODELS}/{service}/{version}" for service, version in versions.items()}


def _model(path: str, content: bytes) -> Any:
    plain = gzip.decompress(content) if path.endswith(".gz") else content
    return _without_prose(json.loads(plain))


def _endpoint_prefixes(models: Mapping[str, Any]) -> set[str]:
    """endpoints.json goes by endpoint prefix (`monitoring`), which is not always the service's name (`cloudwatch`)."""
    return {
        model["metadata"]["endpointPrefix"]
        for path, model in models.items()
        if path.endswith("/service-2.json")
    }


def _without_prose(value: Any) -> Any:
    """`value` with empty documentation strings; a shape's member of that name is an object, and stays.

    The keys stay, too: botocore reads a few of them while it makes a call (S3's client context parameters).
    """
    if isinstance(value, dict):
        return {
            key: "" if key == "documentation" and isinstance(inner, str) else _without_prose(inner)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_without_prose(inner) for inner in value]
    return value


def _endpoints(content: bytes, rows: set[str]) -> bytes:
    document = json.loads(content)
    for partition in document["partitions"]:
        partition["services"] = {
            name: entry for name, entry in partition["services"].items() if name in rows
        }
    return _dump(document)


def _dump(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
