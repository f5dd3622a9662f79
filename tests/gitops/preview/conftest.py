"""dev and a preview of two components, without Atmos, Terraform or an account."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from blueprint import paths
from blueprint.stacks.model import Component, Stack
from tests.gitops.preview.fake_s3 import FakeS3

HOURS = {"preview": {"expires_after_hours": 72}}


def stack(name: str, *components: str) -> Stack:
    """The stack `name`; its second component needs its first."""
    return Stack(
        name,
        {
            component: Component(
                component,
                name,
                component,
                {"region": "us-east-1"},
                components[:number],
                ("build/packages.json",) if component == "lambda" else (),
                {"bucket": "states", "key": "terraform.tfstate", "workspace_key_prefix": component},
            )
            for number, component in enumerate(components)
        },
        emulated=False,
        settings=HOURS,
    )


@dataclass
class World:
    """What the verbs under test reach: a clone, a bucket, and what was done to the account."""

    root: Path
    s3: FakeS3 = field(default_factory=FakeS3)
    done: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)

    def state(self, component: str, name: str = "pr12", *, resources: bool = True) -> None:
        document = {"resources": [{"mode": "managed"}] if resources else []}
        key = f"{component}/{name}/terraform.tfstate"
        self.s3.objects[key] = json.dumps(document).encode()

    def open_stack(self, name: str) -> tuple[Stack, dict[str, str]]:
        self.opened.append(name)
        return stack(name, "iam", "lambda"), {}


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    root = tmp_path / "clone"
    (root / "stacks" / "deploy").mkdir(parents=True)
    (root / "build").mkdir()
    made = World(root)

    def client(service: str, *_: Any, **__: Any) -> FakeS3:
        assert service == "s3"
        return made.s3

    monkeypatch.setattr("blueprint.aws.client", client)
    monkeypatch.setattr(paths, "ROOT", root)
    monkeypatch.setattr(paths, "MANIFEST", root / "build" / "packages.json")
    return made
