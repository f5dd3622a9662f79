"""What GitHub has to be told, for people, programs and a shell."""

import json
import shlex
from collections.abc import Callable

from blueprint.accounts.handover import Handover, what_github_needs
from blueprint.accounts.repository import parse
from blueprint.stacks.model import Stack

REPOSITORY = parse("octo-org/octo-repo", repository_id=456789, owner_id=123456)
OUTPUTS = {
    "PlanRoleArn": "arn:aws:iam::111111111111:role/acme-useast1-dev-plan",
    "ApplyRoleArn": "arn:aws:iam::111111111111:role/acme-useast1-dev-apply",
}
PREVIEW = {"PreviewRoleArn": "arn:aws:iam::111111111111:role/acme-useast1-dev-preview"}


def handover(stack: Stack, outputs: dict[str, str]) -> Handover:
    return what_github_needs(stack, outputs, REPOSITORY, environments=["dev", "staging"])


def test_an_environment_needs_its_region_and_roles(make_stack: Callable[..., Stack]) -> None:
    needed = handover(make_stack("staging"), OUTPUTS)

    assert needed.variables == {
        "ENVIRONMENTS": '["dev", "staging"]',
        "STAGING_REGION": "us-east-1",
        "STAGING_PLAN_ROLE_ARN": OUTPUTS["PlanRoleArn"],
        "STAGING_APPLY_ROLE_ARN": OUTPUTS["ApplyRoleArn"],
    }
    assert needed.environments == ("staging", "staging-destroy")


def test_the_previews_account_needs_one_role_and_one_environment_more(
    make_stack: Callable[..., Stack],
) -> None:
    needed = handover(make_stack(), OUTPUTS | PREVIEW)

    assert needed.variables["PREVIEW_ROLE_ARN"] == PREVIEW["PreviewRoleArn"]
    assert needed.environments == ("dev", "dev-destroy", "preview")


def test_a_program_reads_plain_values(make_stack: Callable[..., Stack]) -> None:
    needed = handover(make_stack(), OUTPUTS)

    assert json.loads(json.dumps(needed.as_json())) == {
        "repository": "octo-org/octo-repo",
        "variables": dict(needed.variables),
        "environments": ["dev", "dev-destroy"],
    }


def test_a_shell_gets_every_value_in_one_word(make_stack: Callable[..., Stack]) -> None:
    needed = handover(make_stack(), OUTPUTS | PREVIEW)
    commands = [shlex.split(command) for command in needed.as_commands()]

    assert {
        command[3]: command[-1] for command in commands if command[:3] == ["gh", "variable", "set"]
    } == dict(needed.variables)
    assert [command[-1] for command in commands if command[:2] == ["gh", "api"]] == [
        f"repos/octo-org/octo-repo/environments/{name}" for name in needed.environments
    ]


def test_a_person_reads_all_of_it(make_stack: Callable[..., Stack]) -> None:
    needed = handover(make_stack(), OUTPUTS)
    text = needed.as_text()

    for word in [*needed.variables, *needed.variables.values(), *needed.as_commands()]:
        assert word in text
    assert "dev, dev-destroy" in text
