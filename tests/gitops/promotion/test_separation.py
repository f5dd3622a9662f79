"""Guards and what they guard change in two pull requests, judged by the rules of the branch they go to."""

from pathlib import Path

import pytest

from blueprint.errors import BlueprintError, UsageError
from blueprint.promotion import separation
from blueprint.promotion.git import Repository
from blueprint.promotion.separation import Separation
from tests.git_repository import GitRepository

SHIPPED = separation.read()


@pytest.mark.parametrize(
    "changed",
    [
        [],
        ["README.md", "docs/pipelines.md"],
        [
            "components/terraform/lambda/main.tf",
            "stacks/deploy/dev.yaml",
            "services/api/handler.py",
        ],
        [".github/workflows/pr.yml", "components/cloudformation/bootstrap.yaml"],
        ["policies/stacks/prod.yaml", "CODEOWNERS", "blueprint/review/stateful.yaml"],
        ["policies/allowances.yaml", "components/terraform/dynamodb/main.tf"],
        ["policies/allowances.yaml", ".github/workflows/pr.yml"],
        ["blueprint/review/digest.py", "components/terraform/dynamodb/main.tf"],
        ["tests/unit/test_x.py", "policies/promotion.yaml"],
    ],
)
def test_a_change_of_one_kind_passes(changed: list[str]) -> None:
    separation.check(changed, SHIPPED)


@pytest.mark.parametrize(
    "guard",
    [
        ".github/workflows/apply.yml",
        ".github/CODEOWNERS",
        "policies/promotion.yaml",
        "policies/stacks/prod.yaml",
        "components/cloudformation/bootstrap.yaml",
        "blueprint/review/stateful.yaml",
        "blueprint/review/ignore.yaml",
        "CODEOWNERS",
    ],
)
@pytest.mark.parametrize(
    "guarded",
    ["components/terraform/sqs/main.tf", "stacks/catalog/sqs.yaml", "services/core/model.py"],
)
def test_a_guard_and_what_it_guards_are_refused_and_both_listed(guard: str, guarded: str) -> None:
    with pytest.raises(BlueprintError) as refused:
        separation.check(["README.md", guarded, guard], SHIPPED)

    assert refused.value.message == (
        "this change edits guards together with what they guard\n"
        f"guards:\n  {guard}\nguarded:\n  {guarded}"
    )
    assert "two pull requests" in refused.value.remedy


def test_the_workflows_and_the_policies_they_are_held_to_are_refused_together() -> None:
    with pytest.raises(BlueprintError, match=r"policies/workflows/pins\.yaml(?s:.)*pr\.yml"):
        separation.check([".github/workflows/pr.yml", "policies/workflows/pins.yaml"], SHIPPED)


def test_an_allowance_does_not_excuse_another_guard_beside_it() -> None:
    changed = ["policies/allowances.yaml", "policies/promotion.yaml", "stacks/deploy/dev.yaml"]

    with pytest.raises(BlueprintError) as refused:
        separation.check(changed, SHIPPED)

    assert "allowances" not in refused.value.message


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("a/**", "a/b/c.txt", True),
        ("a/**", "a", False),
        ("a/**", "ab/c", False),
        ("a/*.tf", "a/b.tf", True),
        ("a/*.tf", "a/b/c.tf", False),
        ("a/**/*.tf", "a/c.tf", True),
        ("a/**/*.tf", "a/b/c/d.tf", True),
        ("a.b", "axb", False),
        ("CODEOWNERS", "docs/CODEOWNERS", False),
    ],
)
def test_a_star_is_a_name_and_two_are_any_folders(pattern: str, path: str, matches: bool) -> None:
    rows = (Separation((pattern,), ("guarded",)),)

    if matches:
        with pytest.raises(BlueprintError):
            separation.check([path, "guarded"], rows)
    else:
        separation.check([path, "guarded"], rows)


def test_a_guard_within_what_is_guarded_may_change_alone() -> None:
    overlapping = (Separation(("stacks/schemas/**",), ("stacks/**",)),)

    separation.check(["stacks/schemas/values.json"], overlapping)
    with pytest.raises(BlueprintError):
        separation.check(["stacks/schemas/values.json", "stacks/deploy/dev.yaml"], overlapping)


STRICT = "separations:\n  - {guards: ['policies/**'], guarded: ['stacks/**']}\n"
NONE = "separations:\n  - {guards: [nothing], guarded: [nothing-else]}\n"
TOGETHER = {"policies/limits.yaml": "1\n", "stacks/dev.yaml": "1\n"}


def test_a_change_cannot_excuse_itself_by_editing_the_separations(
    made: GitRepository, repository: Repository
) -> None:
    made.commit("chore: guard", {"policies/separation.yaml": STRICT})
    made.branch("feature")
    made.commit("feat: loosen", {"policies/separation.yaml": NONE, **TOGETHER})

    with pytest.raises(BlueprintError, match="edits guards together"):
        separation.check_since("main", repository=repository)


def test_only_what_the_branch_itself_changes_counts(
    made: GitRepository, repository: Repository
) -> None:
    made.commit("chore: guard", {"policies/separation.yaml": STRICT})
    made.branch("feature")
    made.commit("feat: deploy", {"stacks/dev.yaml": "1\n"})
    made.switch("main")
    made.commit("chore: limit", {"policies/limits.yaml": "1\n"})
    made.switch("feature")

    separation.check_since("main", repository=repository)


def test_a_guarded_file_that_is_moved_away_or_deleted_counts(
    made: GitRepository, repository: Repository
) -> None:
    made.commit("chore: guard", {"policies/separation.yaml": STRICT, **TOGETHER})
    made.branch("feature")
    made.git("mv", "policies/limits.yaml", "limits.yaml")
    made.commit("feat: quietly", {"stacks/dev.yaml": None})

    with pytest.raises(
        BlueprintError, match=r"guards:\n  policies/limits\.yaml\nguarded:\n  stacks/dev"
    ):
        separation.check_since("main", repository=repository)


def test_where_the_base_has_no_separations_those_of_the_change_are_taken(
    made: GitRepository, repository: Repository
) -> None:
    made.branch("feature")
    made.commit("feat: all at once", {"policies/separation.yaml": STRICT, **TOGETHER})

    with pytest.raises(BlueprintError, match="edits guards together"):
        separation.check_since("main", repository=repository)


def test_the_bases_own_slip_is_told_by_field_and_commit(
    made: GitRepository, repository: Repository
) -> None:
    base = made.commit("chore: slip", {"policies/separation.yaml": "separations: [{guards: []}]\n"})

    with pytest.raises(UsageError, match=r"separations\[0\]: 'guarded' is a required") as refused:
        separation.check_since("main", repository=repository)

    assert f"policies/separation.yaml of commit {base}" in refused.value.message


def test_a_wrong_file_is_refused_by_its_field(tmp_path: Path) -> None:
    file = tmp_path / "separation.yaml"
    file.write_text("separations:\n  - {guards: ['/.github/**'], guarded: [stacks], exept: []}\n")

    with pytest.raises(UsageError) as refused:
        separation.read(file)

    assert "separations[0].exept: there is no such key" in refused.value.message
    assert "separations[0].guards[0]: '/.github/**' does not match" in refused.value.message
