"""Reads a YAML file that people tune and holds it to its schema, so that a slip is told by file, line and field."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator, ValidationError

from blueprint import paths
from blueprint.errors import UsageError

# libyaml where PyYAML was built with it: ten times as fast, with the same marks.
_Safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Safe):  # type: ignore[misc]
    """YAML as usual, but a key that is there twice is an error: one of the two would be dropped silently."""


def _mapping(loader: Any, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in seen:
            raise yaml.MarkedYAMLError(
                problem=f"the key {key!r} is there twice", problem_mark=key_node.start_mark
            )
        seen.add(key)
    loader.flatten_mapping(node)
    answer: dict[Any, Any] = loader.construct_mapping(node, deep=True)
    return answer


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)

# Where a value stands in a document: keys and positions from the top, as jsonschema counts them.
Steps = Sequence[str | int]


@dataclass(frozen=True)
class Source:
    """A file that follows its schema: its `document` as plain values, and where each of them stands."""

    file: Path
    document: Any
    _root: yaml.Node | None

    def line(self, *path: str | int) -> int:
        """The line of the value at `path`, or of its nearest parent that is there; the first is 1."""
        return _line(self._root, path)

    def refuse(self, path: Steps, what: str, *, remedy: str = "") -> UsageError:
        """The error for the value at `path`: `file:line: field: what`."""
        name = shown(self.file)
        return UsageError(
            f"{name}:{self.line(*path)}: {_field(path)}: {what}",
            remedy=remedy or f"correct {name}",
        )


def read(file: Path, schema: Mapping[str, Any]) -> Any:
    """The document in `file`; UsageError with line and field of everything that does not follow `schema`."""
    return read_source(file, schema).document


def read_source(file: Path, schema: Mapping[str, Any]) -> Source:
    """Like `read`, for a caller that has more to check: the answer knows the line of each value."""
    name = shown(file)
    try:
        text = file.read_text(encoding="utf-8")
        document, root = _parse(text)
    except OSError as error:
        raise UsageError(
            f"{name} cannot be read: {error.strerror}", remedy="bring the file back from git"
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{name}:{mark.line + 1}" if mark else name
        raise UsageError(
            f"{place} is not YAML: {error}", remedy="correct the named line"
        ) from error
    faults = [f"{name}:{_line(root, path)}: {fault}" for path, fault in _faults(document, schema)]
    if faults:
        raise UsageError("\n".join(faults), remedy=f"correct {name}")
    return Source(file, document, root)


def faults_of(document: Any, schema: Mapping[str, Any]) -> Iterator[str]:
    """Each violation of `schema` as `field: what is wrong`, in the order of the fields."""
    for _, fault in _faults(document, schema):
        yield fault


def shown(file: Path) -> str:
    """`file` as a person names it: from the repository's root where it lies there."""
    return file.relative_to(paths.ROOT).as_posix() if file.is_relative_to(paths.ROOT) else str(file)


def _parse(text: str) -> tuple[Any, yaml.Node | None]:
    loader = _Loader(text)
    try:
        root = loader.get_single_node()
        return (loader.construct_document(root) if root else None), root
    finally:
        loader.dispose()


def _faults(document: Any, schema: Mapping[str, Any]) -> Iterator[tuple[Steps, str]]:
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    errors = validator.iter_errors(document)
    for error in sorted(errors, key=lambda error: error.json_path):
        yield from _explain(error)


def _explain(error: ValidationError) -> Iterator[tuple[Steps, str]]:
    path = tuple(error.absolute_path)
    schema = error.schema if isinstance(error.schema, Mapping) else {}
    if error.validator == "additionalProperties" and isinstance(error.instance, Mapping):
        known = list(schema.get("properties", {}))
        for key in error.instance:
            if key not in known:
                place = (*path, str(key))
                yield place, f"{_field(place)}: there is no such key; use {', '.join(known)}"
        return
    about = f" ({schema['description']})" if "description" in schema else ""
    yield path, f"{_field(path)}: {error.message}{about}"


def _line(root: yaml.Node | None, path: Steps) -> int:
    """The line of the key or item that `path` leads to, as far as the document goes."""
    node, line = root, root.start_mark.line if root else 0
    for step in path:
        if isinstance(node, yaml.MappingNode):
            found = [(key, value) for key, value in node.value if key.value == str(step)]
            if not found:
                break
            key, node = found[-1]
            line = key.start_mark.line
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            if step >= len(node.value):
                break
            node = node.value[step]
            line = node.start_mark.line
        else:
            break
    return line + 1


def _field(path: Steps) -> str:
    parts = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return parts.removeprefix(".") or "the document"
