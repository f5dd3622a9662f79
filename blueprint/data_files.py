"""Reads a YAML file that people tune and holds it to its schema, so that a slip is told by file and field."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator, ValidationError

from blueprint import paths
from blueprint.errors import UsageError


class _Loader(yaml.SafeLoader):
    """YAML as usual, but a key that is there twice is an error: one of the two would be dropped silently."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in seen:
            raise yaml.MarkedYAMLError(
                problem=f"the key {key!r} is there twice", problem_mark=key_node.start_mark
            )
        seen.add(key)
    loader.flatten_mapping(node)
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read(file: Path, schema: Mapping[str, Any]) -> Any:
    """The document in `file`; UsageError with every field of it that does not follow `schema`."""
    name = shown(file)
    try:
        document = yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506
    except OSError as error:
        raise UsageError(
            f"{name} cannot be read: {error.strerror}", remedy="bring the file back from git"
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UsageError(f"{name} is not YAML: {error}", remedy="correct the named line") from error
    faults = list(faults_of(document, schema))
    if faults:
        raise UsageError(
            "\n".join(f"{name}: {fault}" for fault in faults), remedy=f"correct {name}"
        )
    return document


def faults_of(document: Any, schema: Mapping[str, Any]) -> Iterator[str]:
    """Each violation of `schema` as `field: what is wrong`, in the order of the fields."""
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    errors = validator.iter_errors(document)
    for error in sorted(errors, key=lambda error: error.json_path):
        yield from _explain(error)


def shown(file: Path) -> str:
    """`file` as a person names it: from the repository's root where it lies there."""
    return file.relative_to(paths.ROOT).as_posix() if file.is_relative_to(paths.ROOT) else str(file)


def _explain(error: ValidationError) -> Iterator[str]:
    field = error.json_path.removeprefix("$").removeprefix(".")
    schema = error.schema if isinstance(error.schema, Mapping) else {}
    if error.validator == "additionalProperties" and isinstance(error.instance, Mapping):
        known = list(schema.get("properties", {}))
        for key in error.instance:
            if key not in known:
                place = f"{field}.{key}" if field else str(key)
                yield f"{place}: there is no such key; use {', '.join(known)}"
        return
    about = f" ({schema['description']})" if "description" in schema else ""
    yield f"{field or 'the document'}: {error.message}{about}"
