"""A journey stops at the step that fails, and says how to go on."""

import pytest
from botocore.exceptions import EndpointConnectionError

from blueprint.errors import BlueprintError
from blueprint.journey.steps import Step, run


def test_steps_run_in_order_and_are_timed() -> None:
    done: list[str] = []

    seconds = run(
        [Step(name, lambda name=name: done.append(name), "make up") for name in ("a", "b")]
    )

    assert done == ["a", "b"]
    assert list(seconds) == ["a", "b"]


def test_a_failure_names_the_step_the_cause_and_the_command_that_continues() -> None:
    done: list[str] = []

    def fail() -> None:
        raise BlueprintError("disk full", remedy="free some space")

    with pytest.raises(BlueprintError) as failed:
        run(
            [
                Step("apply", fail, "make up"),
                Step("release", lambda: done.append("release"), "make up"),
            ]
        )

    assert failed.value.message == "step `apply` failed: disk full"
    assert failed.value.remedy == "free some space\nthen continue with `make up`"
    assert done == []


@pytest.mark.parametrize(
    "cause",
    [EndpointConnectionError(endpoint_url="http://127.0.0.1:1"), OSError(28, "No space left")],
)
def test_what_aws_or_the_disk_refuses_is_named_with_its_step(cause: Exception) -> None:
    def fail() -> None:
        raise cause

    with pytest.raises(BlueprintError) as failed:
        run([Step("apply", fail, "make up")])

    assert failed.value.message.startswith("step `apply` failed: ")
    assert str(cause) in failed.value.message
    assert "continue with `make up`" in failed.value.remedy
