"""Finds out what kind of document a file is, and reads it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from blueprint.data_files import shown
from blueprint.documents import cloudformation, nodes, terraform_plan
from blueprint.documents.model import Document
from blueprint.errors import UsageError

_WANTED = (
    "give a Terraform plan (terraform show -json tfplan > plan.json) or a CloudFormation template (YAML or JSON; "
    "from CDK: cdk synth)"
)


def read(file: Path) -> Document:
    """What `file`, a Terraform plan as JSON or a CloudFormation template, declares.

    UsageError if it cannot be read or is something else; it names what was found and how to make the right one.
    """
    name = shown(file)
    text = _text(file, name)
    parsed = _json(text, file, name) if text.lstrip()[:1] in ("{", "[") else None
    if isinstance(parsed, Mapping) and terraform_plan.is_terraform(parsed):
        return terraform_plan.parse(parsed, name)
    if parsed is not None:
        # Once more, for the lines. A JSON that is no YAML (there are such) is taken without them.
        try:
            root = nodes.parse(text, name)
        except UsageError:
            root = nodes.of(parsed, name)
    else:
        root = nodes.parse(text, name)
    if cloudformation.is_template(root):
        return cloudformation.parse(root, name)
    raise UsageError(f"{name} is {_found(root, file)}", remedy=_WANTED)


def _text(file: Path, name: str) -> str:
    try:
        content = file.read_bytes()
    except IsADirectoryError as error:
        raise UsageError(f"{name} is a directory", remedy=_WANTED) from error
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror}", remedy=_WANTED) from error
    if not content.strip():
        raise UsageError(f"{name} is empty", remedy=_WANTED)
    if content.startswith(b"PK\x03\x04"):
        raise UsageError(
            f"{name} is a binary plan of Terraform (or another zip file)",
            remedy=f"show it as JSON: terraform show -json {file.name} > plan.json",
        )
    try:
        # Windows PowerShell writes `terraform show -json > plan.json` as UTF-16 with a byte order mark.
        marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        return content.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{name} is not UTF-8 text (byte {error.start} cannot be read)", remedy=_WANTED
        ) from error


def _json(text: str, file: Path, name: str) -> Any:
    """The value of a JSON text; None if it is not JSON and does not have to be: YAML in flow style looks like it."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        lines = text.splitlines()
        # One JSON object a line is a log; YAML would complain about the second line only.
        if error.msg == "Extra data" and '"@level"' in lines[0]:
            return json.loads(lines[0])
        if file.suffix != ".json":
            return None
        raise UsageError(
            f"{name}:{error.lineno}: this is not JSON: {error.msg}", remedy=_WANTED
        ) from error
    except RecursionError as error:
        raise UsageError(
            f"{name} is nested deeper than any plan or template is", remedy=_WANTED
        ) from error


def _found(root: nodes.Node, file: Path) -> str:
    if not isinstance(root.value, dict):
        return (
            "Terraform configuration, which has no values before it is planned"
            if file.suffix == ".tf"
            else "neither a Terraform plan nor a CloudFormation template"
        )
    keys = list(root.value)
    if {"service", "provider"} <= set(keys):
        return (
            "a file of the Serverless Framework; `serverless package` makes the CloudFormation template of it "
            "(.serverless/cloudformation-template-update-stack.json)"
        )
    if "Resources" in keys:
        return "not a CloudFormation template: Resources has to be a map of resources, each with a Type"
    return (
        "neither a Terraform plan nor a CloudFormation template; its top level has "
        + ", ".join(str(key) for key in keys[:5])
        + (", …" if len(keys) > 5 else "")
    )
