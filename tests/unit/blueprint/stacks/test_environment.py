"""A shell that works on the embedded AWS is never taken for one that works on an account."""

import pytest

from blueprint.aws import EMULATED
from blueprint.errors import UsageError
from blueprint.stacks import environment


def test_a_real_stack_is_refused_in_a_shell_of_the_embedded_aws(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(EMULATED, "local")

    with pytest.raises(
        UsageError, match=r"embedded AWS \(stack local\), not on prod's account"
    ) as failed:
        environment.for_stack("prod", emulated=False)

    assert "open a new shell" in failed.value.remedy


def test_a_real_stack_gets_the_callers_own_aws_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(EMULATED, raising=False)
    monkeypatch.setenv("AWS_PROFILE", "acme-prod")
    monkeypatch.setattr(environment, "terraform_environment", lambda: {"TF_IN_AUTOMATION": "1"})

    env = environment.for_stack("prod", emulated=False)

    assert env["AWS_PROFILE"] == "acme-prod"
    assert env["ATMOS_TELEMETRY_ENABLED"] == "false"
    assert env["TF_IN_AUTOMATION"] == "1"
    assert EMULATED not in env
