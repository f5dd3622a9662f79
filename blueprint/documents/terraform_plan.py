"""Reads what a Terraform plan (`terraform show -json`) declares, child modules included."""

from collections.abc import Iterator, Mapping
from typing import Any

from blueprint.documents import declarations
from blueprint.documents.model import Declared, Document, Place, Resource
from blueprint.documents.placeholders import after_apply
from blueprint.errors import UsageError

_METRIC_ALARM = "aws_cloudwatch_metric_alarm"
_COMPOSITE_ALARM = "aws_cloudwatch_composite_alarm"
_SET_BY_AWS = ("evaluate_low_sample_count_percentiles",)
_RECIPE = (
    "terraform plan -out=tfplan && terraform show -json tfplan > plan.json (Terraform 1.1 or newer)"
)


def is_terraform(document: Mapping[str, Any]) -> bool:
    """Whether a JSON object is any of Terraform's documents, a plan or not."""
    return (
        "format_version" in document
        or {"terraform_version", "lineage"} <= set(document)
        or ("@level" in document and "@message" in document)
        or (bool({"terraform", "resource"} & set(document)) and "Resources" not in document)
    )


def parse(document: Mapping[str, Any], file: str) -> Document:
    """What the plan `document` declares once it is applied; UsageError if it is no plan of format 1."""
    _check(document, file)
    unknown = {
        change["address"]: change.get("change", {}).get("after_unknown", {})
        for change in document.get("resource_changes", [])
        if isinstance(change, Mapping) and "address" in change
    }
    alarms: list[Declared] = []
    resources: list[Resource] = []
    for resource in _resources(document["planned_values"].get("root_module", {})):
        address, kind = str(resource["address"]), str(resource["type"])
        place = Place(address, file)
        values = resource.get("values") or {}
        resources.append(Resource(kind, place, values))
        if kind in (_METRIC_ALARM, _COMPOSITE_ALARM):
            declare = (
                declarations.metric_alarm if kind == _METRIC_ALARM else declarations.composite_alarm
            )
            merged = _with_unknown(values, _undecided(unknown.get(address, {})))
            alarms.append(declare(place, merged, {}, str))
    return Document(file, tuple(alarms), tuple(resources))


def _check(document: Mapping[str, Any], file: str) -> None:
    if "format_version" not in document:
        if "lineage" in document:
            found = (
                "a Terraform state file, which says what is there and not what a change would make"
            )
        elif "@level" in document:
            found = "the log of `terraform plan -json`, which has no values in it"
        else:
            found = "Terraform configuration, which has no values before it is planned"
        raise UsageError(f"{file} is {found}", remedy=f"give the plan: {_RECIPE}")
    version = str(document["format_version"])
    if version.split(".")[0] != "1":
        raise UsageError(
            f"{file} is a Terraform document of format {version} (made by Terraform "
            f"{document.get('terraform_version', 'of unknown version')}); format 1.x is understood",
            remedy=f"make the plan again: {_RECIPE}",
        )
    if not isinstance(document.get("planned_values"), Mapping):
        found = (
            "a Terraform state shown as JSON"
            if "values" in document
            else "a Terraform document without planned_values"
        )
        raise UsageError(f"{file} is {found}, not a plan", remedy=f"give the plan: {_RECIPE}")
    if document.get("errored"):
        raise UsageError(
            f"{file} is a plan that ended in an error, so it is not whole",
            remedy=f"repair what Terraform names, then: {_RECIPE}",
        )


def _resources(module: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for resource in module.get("resources", []):
        if resource.get("mode") != "data":
            yield resource
    for child in module.get("child_modules", []):
        yield from _resources(child)


def _undecided(unknown: Any) -> Any:
    """What is unknown, but for what the provider calls so wherever it is not set: AWS then sets its default."""
    if not isinstance(unknown, Mapping):
        return unknown
    return {key: value for key, value in unknown.items() if key not in _SET_BY_AWS}


def _with_unknown(value: Any, unknown: Any) -> Any:
    """`value` with a placeholder wherever `unknown` (the plan's `after_unknown`) says true."""
    if unknown is True:
        return after_apply()
    if isinstance(unknown, Mapping) and unknown:
        base = value if isinstance(value, Mapping) else {}
        return {**base, **{key: _with_unknown(base.get(key), unknown[key]) for key in unknown}}
    if isinstance(unknown, list) and unknown:
        items = value if isinstance(value, list) else [None] * len(unknown)
        return [
            _with_unknown(item, unknown[index] if index < len(unknown) else False)
            for index, item in enumerate(items)
        ]
    return value
