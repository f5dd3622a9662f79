"""A repository is taken as GitHub spells it, and every wrong field is named with where its value is found."""

import pytest

from blueprint.accounts.repository import parse
from blueprint.errors import UsageError


def test_a_repository_keeps_its_names_and_numbers() -> None:
    found = parse("octo-org/octo.repo_1", repository_id=456789, owner_id="123456")

    assert (found.owner, found.name) == ("octo-org", "octo.repo_1")
    assert (found.owner_id, found.id) == ("123456", "456789")
    assert found.full_name == "octo-org/octo.repo_1"


@pytest.mark.parametrize(
    "name",
    [
        "octo-repo",
        "octo-org/",
        "/octo-repo",
        "octo-org/octo/repo",
        "octo org/repo",
        "-octo/repo",
        "octo--org/repo",
        "octo*/repo",
        "octo-org/*",
        "octo-org/..",
        f"{'o' * 40}/repo",
        f"octo-org/{'r' * 101}",
        "https://github.com/octo-org/octo-repo",
        "octo-org/octo-repo\n",
    ],
)
def test_a_name_github_would_not_give_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="is not OWNER/NAME as GitHub writes it"):
        parse(name, repository_id=1, owner_id=1)


@pytest.mark.parametrize("value", ["", "0", "-1", "*", "12a", "R_kgDOabc", "1 ", 0])
def test_a_number_github_would_not_give_is_refused_with_the_command_that_prints_it(
    value: str | int,
) -> None:
    with pytest.raises(UsageError, match=r"repository-id .* is not a number") as caught:
        parse("octo-org/octo-repo", repository_id=value, owner_id=1)
    assert caught.value.remedy == "pass what `gh api repos/octo-org/octo-repo --jq .id` prints"

    with pytest.raises(UsageError, match=r"owner-id .* is not a number") as caught:
        parse("octo-org/octo-repo", repository_id=1, owner_id=value)
    assert (
        caught.value.remedy == "pass what `gh api repos/octo-org/octo-repo --jq .owner.id` prints"
    )
