"""A preview is destroyed by the configuration that made it, and forgotten only when nothing of it is left."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from blueprint.errors import BlueprintError
from blueprint.preview import down as removal
from blueprint.preview import stack_file
from blueprint.preview.records import Record, Records
from blueprint.stacks.model import Component, Stack
from tests.gitops.preview.conftest import World, stack

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
COMMIT = "c" * 40


@pytest.fixture
def account(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """An account in which destroying a component empties its state."""

    @contextmanager
    def files_of(commit: str | None) -> Iterator[Path]:
        tree = tmp_path / "tree"
        (tree / "stacks" / "deploy").mkdir(parents=True)
        world.done.append(f"files of {commit}")
        yield tree

    def described(name: str, _: object, *, root: Path) -> Stack:
        assert (root / "stacks" / "deploy" / f"{name}.yaml").is_file()
        return stack(name, "iam", "lambda")

    def destroy(component: Component, _: object, *, root: Path) -> None:
        manifest = root / "build" / "packages.json"
        packages = f" of {manifest.read_text()}" if manifest.exists() else ""
        world.done.append(f"destroy {component.name}{packages}")
        world.state(component.name, component.stack, resources=False)

    monkeypatch.setattr(removal, "open_stack", world.open_stack)
    monkeypatch.setattr(removal.tree, "files_of", files_of)
    monkeypatch.setattr(removal.atmos, "stack", described)
    monkeypatch.setattr(removal.environment, "base", dict[str, str])
    monkeypatch.setattr(removal.environment, "for_stack", lambda *_, **__: {})
    monkeypatch.setattr(removal.terraform, "destroy", destroy)
    kept = Records(world.s3, "states")
    kept.write("pr12", Record(12, COMMIT, NOW, NOW))
    kept.keep_manifest("pr12", "its packages")
    stack_file.write(12, root=world.root)
    return world


def test_dependents_go_first_with_the_packages_they_run_and_nothing_is_left(account: World) -> None:
    account.state("iam")
    account.state("lambda")
    account.state("iam", "dev")

    removal.down(12)

    assert account.done == [
        f"files of {COMMIT}",
        "destroy lambda of its packages",
        "destroy iam of its packages",
    ]
    assert list(account.s3.objects) == ["iam/dev/terraform.tfstate"]
    assert not stack_file.path(12, root=account.root).exists()
    assert account.opened == ["dev"]  # the preview's own stack file may be gone, or wrong


def test_a_component_that_was_never_applied_is_not_destroyed(account: World) -> None:
    account.state("iam")
    account.state("lambda", resources=False)

    removal.down(12)

    assert account.done[1:] == ["destroy iam of its packages"]


def test_a_preview_that_holds_nothing_any_more_is_only_forgotten(account: World) -> None:
    account.state("iam", resources=False)

    removal.down(12)

    assert account.done == []
    assert account.s3.objects == {}


def test_a_state_without_a_record_is_destroyed_by_the_current_configuration(account: World) -> None:
    Records(account.s3, "states").forget("pr12")
    account.state("iam")

    removal.down(12)

    assert account.done == ["files of None", "destroy iam"]


def test_what_no_configuration_knows_is_told_and_the_record_stays(account: World) -> None:
    account.state("iam")
    account.state("cache")

    with pytest.raises(BlueprintError, match="pr12: cache cannot be destroyed") as failed:
        removal.down(12)

    assert "blueprint preview down 12" in failed.value.remedy
    assert account.done[1:] == ["destroy iam of its packages"]
    assert Records(account.s3, "states").find("pr12") is not None


def test_a_destroy_that_fails_keeps_the_record_and_the_states(
    account: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.state("iam")

    def locked(*_: Any, **__: Any) -> None:
        raise BlueprintError("the state of iam is locked")

    monkeypatch.setattr(removal.terraform, "destroy", locked)

    with pytest.raises(BlueprintError, match="locked"):
        removal.down(12)

    assert Records(account.s3, "states").find("pr12") is not None
    assert "iam/pr12/terraform.tfstate" in account.s3.objects


def test_where_there_is_no_preview_nothing_happens(
    account: World, capsys: pytest.CaptureFixture[str]
) -> None:
    removal.down(99)

    assert account.done == []
    assert "pr99: there was none" in capsys.readouterr().err
