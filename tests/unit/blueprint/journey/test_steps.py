"""A journey stops at the step that fails, and says how to go on."""

import pytest

from blueprint.errors import BlueprintError
from blueprint.journey.steps import Step, run


def test_steps_run_in_order_and_are_timed() -> None:
    done: list[str] = []

    seconds = run(
        [Step(name, lambda name=name: done.append(name)) for name in ("a", "b")], resume="make up"
    )

    assert done == ["a", "b"]
    assert list(seconds) == ["a", "b"]


def test_a_failure_names_the_step_the_cause_and_the_command_that_continues() -> None:
    done: list[str] = []

    def fail() -> None:
        raise BlueprintError("disk full", remedy="free some space")

    with pytest.raises(BlueprintError) as failed:
        run(
            [Step("apply", fail), Step("release", lambda: done.append("release"))], resume="make up"
        )

    assert failed.value.message == "step `apply` failed: disk full"
    assert failed.value.remedy == "free some space\nthen continue with `make up`"
    assert done == []
