"""Reads policies/promotion.yaml: the environments in order, and which git ref reaches which."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from blueprint import data_files, paths
from blueprint.errors import UsageError

FILE = paths.ROOT / "policies" / "promotion.yaml"

_BRANCH, _TAG = "refs/heads/", "refs/tags/"
_SCHEMA = {
    "type": "object",
    "required": ["environments"],
    "additionalProperties": False,
    "properties": {
        "environments": {
            "description": "the environments, the one to deploy to first before the others",
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["name", "ref"],
                "additionalProperties": False,
                "properties": {
                    "name": {
                        "description": "a stack's name: lower-case letters, digits and dashes",
                        "type": "string",
                        "pattern": "^[a-z][a-z0-9-]*$",
                    },
                    "ref": {
                        "description": "refs/heads/<branch>, or refs/tags/<tag with X.Y.Z>",
                        "type": "string",
                        "pattern": "^refs/(heads|tags)/[^\\s]+$",
                    },
                },
            },
        }
    },
}
# Numbers as semver.org has them: none starts with a zero.
_NUMBER = r"(?:0|[1-9][0-9]*)"
_SEMVER = re.compile(
    rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}"
    r"(?:-(?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*))*)?"
    r"(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?"
)


@dataclass(frozen=True, order=True)
class Release:
    """What a tag's name says: version (X, Y, Z), and N where it is a candidate's."""

    version: tuple[int, int, int]
    number: int = 0

    @property
    def text(self) -> str:
        """The version as X.Y.Z."""
        return ".".join(str(part) for part in self.version)


@dataclass(frozen=True)
class Environment:
    """An environment and the ref that reaches it: a branch, or tags in which X.Y.Z and N stand for numbers."""

    name: str
    ref: str

    @property
    def is_tagged(self) -> bool:
        return self.ref.startswith(_TAG)

    @property
    def short(self) -> str:
        """The ref as people write it: main, vX.Y.Z."""
        return self.ref.removeprefix(_BRANCH).removeprefix(_TAG)

    def takes(self, ref: str) -> bool:
        """Whether `ref` (a full name) reaches this environment."""
        return self.release(ref) is not None if self.is_tagged else ref == self.ref

    def release(self, ref: str) -> Release | None:
        """The release that `ref` names, None where it is not one of this environment's tags."""
        if not self.is_tagged or not (found := re.fullmatch(self._expression(), ref)):
            return None
        x, y, z, *number = (int(part) for part in found.groups())
        return Release((x, y, z), *number)

    def _expression(self) -> str:
        literal = re.escape(self.ref)
        version = r"\.".join([f"({_NUMBER})"] * 3)
        return literal.replace(r"X\.Y\.Z", version).replace("N", f"({_NUMBER})")


@dataclass(frozen=True)
class Policy:
    """The environments in the order in which a commit passes them; the first one's ref is the main branch."""

    environments: tuple[Environment, ...]

    @property
    def main(self) -> str:
        """Name of the main branch."""
        return self.environments[0].short

    def environment(self, name: str) -> Environment:
        """The environment called `name`."""
        for environment in self.environments:
            if environment.name == name:
                return environment
        known = ", ".join(environment.name for environment in self.environments)
        raise UsageError(f"there is no environment {name!r}", remedy=f"use one of: {known}")

    def before(self, environment: Environment) -> Environment | None:
        """The environment a commit must have passed to reach `environment`; None for the first."""
        position = self.environments.index(environment)
        return self.environments[position - 1] if position else None

    def reached_by(self, ref: str) -> Environment | None:
        """The environment that `ref` (a full name) reaches."""
        return next((item for item in self.environments if item.takes(ref)), None)

    def spoiled(self, ref: str) -> bool:
        """Whether `ref` is a tag that starts as the release tags do and is no semantic version, such as v1.02.0."""
        for environment in self.environments:
            prefix = environment.ref.partition("X.Y.Z")[0]
            rest = ref.removeprefix(prefix)
            if environment.is_tagged and rest != ref and rest[:1].isdigit():
                return _SEMVER.fullmatch(rest) is None
        return False


def read(file: Path = FILE) -> Policy:
    """The policy in `file`; UsageError names the field that is wrong and what would be right."""
    rows = data_files.read(file, _SCHEMA)["environments"]
    found = [Environment(row["name"], row["ref"]) for row in rows]
    for position, environment in enumerate(found):
        if fault := _fault(environment, found[:position]):
            raise UsageError(
                f"{data_files.shown(file)}: environments[{position}].{fault}",
                remedy=f"correct {data_files.shown(file)}",
            )
    return Policy(tuple(found))


def _fault(environment: Environment, earlier: Sequence[Environment]) -> str:
    name, ref = environment.name, environment.ref
    if any(other.name == name for other in earlier):
        return f"name: {name!r} is there twice"
    if other := next((other for other in earlier if other.ref == ref), None):
        return f"ref: {ref!r} is that of {other.name}; one ref reaches one environment"
    if not earlier and environment.is_tagged:
        return (
            "ref: must be a branch, such as refs/heads/main: what is merged there is deployed first"
        )
    if earlier and not environment.is_tagged:
        return "ref: must be a tag, such as refs/tags/vX.Y.Z: a commit comes here on purpose, and after another place"
    if environment.is_tagged:
        rest = ref.removeprefix(_TAG).replace("X.Y.Z", "", 1)
        if "X.Y.Z" not in ref or rest.count("N") > 1 or re.search("[XYZ]", rest):
            return f"ref: {ref!r} must have X.Y.Z once, and N at most once, where a tag's numbers stand"
    return ""
