"""A preview is remembered before anything of it is made, and its packages' manifest once they are uploaded."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from blueprint.errors import BlueprintError
from blueprint.preview import stack_file
from blueprint.preview import up as bringing
from blueprint.preview.records import Record, Records
from blueprint.stacks.model import Component, Stack
from tests.gitops.preview.conftest import World, stack

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
COMMIT = "c" * 40


@pytest.fixture
def account(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """An account in which every step works and is noted."""
    kept = Records(world.s3, "states")

    def step(name: str, answer: Any = None) -> Callable[..., Any]:
        def act(*_: Any, **__: Any) -> Any:
            world.done.append(name)
            return answer

        return act

    def packages(*_: Any, **__: Any) -> None:
        world.done.append("package")
        (world.root / "build" / "packages.json").write_text("new packages")

    def uploader(*_: Any) -> Callable[[Component], None]:
        return lambda component: world.done.append(f"upload for {component.name}")

    def apply(opened: Stack, _: object, *, prepare: Callable[[Component], None]) -> None:
        assert kept.find("pr12") is not None, "resources before the record"
        for component in opened.components.values():
            prepare(component)
            world.done.append(f"apply {component.name} with {kept.manifest('pr12')}")

    monkeypatch.setattr(bringing, "open_stack", world.open_stack)
    monkeypatch.setattr(bringing, "package_functions", packages)
    monkeypatch.setattr(bringing.release, "uploader", uploader)
    monkeypatch.setattr(bringing.applying, "apply", apply)
    for name in ("release_stack", "seed_stack"):
        monkeypatch.setattr(bringing.release, name, step(name))
    monkeypatch.setattr(bringing.release, "smoke_stack", step("smoke_stack", []))
    monkeypatch.setattr(bringing.endpoint, "api_url", lambda *_: "https://api")
    return world


def test_a_preview_is_packaged_applied_released_seeded_and_asked(account: World) -> None:
    url = bringing.up(12, commit=COMMIT, now=lambda: NOW)

    assert url == "https://api"
    assert account.opened == ["pr12"]
    assert account.done == [
        "package",
        "upload for iam",
        "apply iam with None",
        "upload for lambda",
        "apply lambda with new packages",
        "release_stack",
        "seed_stack",
        "smoke_stack",
    ]
    assert stack_file.path(12, root=account.root).is_file()
    assert Records(account.s3, "states").find("pr12") == Record(
        12, COMMIT, NOW, NOW + timedelta(hours=72)
    )


def test_a_number_that_is_none_is_refused_before_anything_is_opened(account: World) -> None:
    with pytest.raises(BlueprintError, match="0 is no pull request's number"):
        bringing.up(0, commit=COMMIT, now=lambda: NOW)

    assert account.opened == account.done == []


def test_a_push_gives_the_preview_its_whole_lifetime_anew(world: World) -> None:
    kept = Records(world.s3, "states")
    kept.write("pr12", Record(12, "a" * 40, NOW - timedelta(days=2), NOW + timedelta(days=1)))

    renewed = bringing.renewed(kept, stack("pr12", "iam"), 12, COMMIT, NOW)

    assert renewed == Record(12, COMMIT, NOW - timedelta(days=2), NOW + timedelta(days=3))


def test_a_record_that_cannot_be_read_is_written_anew(world: World) -> None:
    world.s3.objects["previews/pr12.json"] = b"garbage"

    renewed = bringing.renewed(Records(world.s3, "states"), stack("pr12", "iam"), 12, COMMIT, NOW)

    assert renewed == Record(12, COMMIT, NOW, NOW + timedelta(hours=72))
