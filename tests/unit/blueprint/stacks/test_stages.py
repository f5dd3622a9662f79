"""A stage's name decides whose account it lives in, and whether it may be lost."""

import pytest

from blueprint.stacks import stages


def test_a_preview_lives_where_dev_does() -> None:
    assert stages.preview_stage(123) == "pr123"
    assert stages.pull_request("pr123") == 123
    assert stages.environment("pr123") == "dev"


@pytest.mark.parametrize(
    "stage", ["local", "dev", "staging", "prod", "pr", "pr0", "pr012", "prod1"]
)
def test_every_other_stage_is_its_own_environment(stage: str) -> None:
    assert stages.pull_request(stage) is None
    assert stages.environment(stage) == stage


@pytest.mark.parametrize(
    ("stage", "disposable"),
    [("dev", True), ("pr7", True), ("staging", False), ("prod", False), ("qa", False)],
)
def test_a_stage_is_protected_unless_it_is_known_to_be_disposable(
    stage: str, disposable: bool
) -> None:
    assert stages.is_disposable(stage) is disposable
