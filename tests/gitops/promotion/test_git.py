"""What promotion asks git: history by first parents, tags with their kind, files of any commit."""

from pathlib import Path

import pytest

from blueprint.errors import BlueprintError, UsageError
from blueprint.promotion.git import Commit, Repository
from blueprint.promotion.refnames import checked
from tests.git_repository import ENVIRONMENT, GitRepository


@pytest.mark.parametrize(
    "name",
    [
        "main",
        "HEAD",
        "v1.2.3-rc.1",
        "refs/heads/feature/orders",
        "origin/main",
        "deployed/dev",
        "4f" * 20,
    ],
)
def test_a_name_that_git_takes_is_taken(name: str) -> None:
    assert checked(name) == name


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", "it is empty"),
        ("--upload-pack=touch /etc/x", "starts with a dash"),
        ("-h", "starts with a dash"),
        ("main..dev", r"contains '\.\.'"),
        ("HEAD~1", "contains '~'"),
        ("main:file", "contains ':'"),
        ("main@{1}", "contains '@{'"),
        ("a b", "contains ' '"),
        ("a\nb", r"contains '\\n'"),
        ("refs//heads", "contains '//'"),
        ("main/", "git reserves"),
        ("/main", "git reserves"),
        ("main.", "git reserves"),
        ("@", "git reserves"),
        ("feature/.hidden", "start with a dot"),
        ("main.lock", "end with .lock"),
    ],
)
def test_a_name_that_is_no_ref_is_refused_with_the_rule_it_breaks(name: str, problem: str) -> None:
    with pytest.raises(UsageError, match=problem) as refused:
        checked(name)

    assert "40 hexadecimal digits" in refused.value.remedy


def test_a_branch_a_tag_and_an_id_lead_to_their_commit(
    made: GitRepository, repository: Repository
) -> None:
    made.tag("v1.0.0")

    for ref in ("main", "v1.0.0", "refs/tags/v1.0.0", "HEAD", made.head, made.head[:10]):
        assert repository.commit(ref) == made.head


def test_an_unknown_ref_is_named_with_the_way_to_fetch_it(repository: Repository) -> None:
    with pytest.raises(BlueprintError, match=r"there is no commit 'v9\.9\.9'") as refused:
        repository.commit("v9.9.9")

    assert "fetch-depth: 0" in refused.value.remedy


def test_the_remotes_main_counts_where_the_local_one_lags_behind(
    made: GitRepository, tmp_path: Path
) -> None:
    clone = made.clone(tmp_path / "clone")
    newer = made.commit("fix: later")
    seen = Repository(clone.root, ENVIRONMENT)

    seen.fetch("refs/heads/main")

    assert seen.branch_tip("main") == newer != clone.head


def test_a_branch_without_remote_is_the_local_one(
    made: GitRepository, repository: Repository
) -> None:
    assert repository.branch_tip("main") == made.head
    assert repository.branch("deployed/dev") is None

    with pytest.raises(BlueprintError, match="there is no branch 'trunk'"):
        repository.branch_tip("trunk")


def test_descent_counts_over_merges_and_from_a_commit_to_itself(
    made: GitRepository, repository: Repository
) -> None:
    first = made.head
    made.branch("side")
    side = made.commit("fix: beside")
    made.switch("main")
    assert not repository.is_ancestor(side, made.head)
    made.merge("side")

    assert repository.is_ancestor(first, made.head)
    assert repository.is_ancestor(side, made.head)
    assert repository.is_ancestor(first, first)
    assert not repository.is_ancestor(made.head, first)


def test_what_was_merged_into_main_is_not_mains_own_but_the_merge_is(
    made: GitRepository, repository: Repository
) -> None:
    first = made.head
    made.branch("side")
    side = made.commit("fix: beside")
    made.switch("main")
    merge = made.merge("side")
    made.commit("fix: after")

    assert repository.on_first_parents(first, "main")
    assert repository.on_first_parents(merge, "main")
    assert repository.on_first_parents(made.head, "main")
    assert not repository.on_first_parents(side, "main")


def test_a_side_branch_and_what_is_ahead_of_main_are_not_on_it(
    made: GitRepository, repository: Repository
) -> None:
    made.branch("side")
    side = made.commit("fix: beside")

    assert not repository.on_first_parents(side, "main")


def test_mains_own_commits_are_listed_newest_first_with_their_words(
    made: GitRepository, repository: Repository
) -> None:
    first = made.head
    made.branch("side")
    made.commit("fix: not listed")
    made.switch("main")
    merge = made.merge("side", "Merge side\n\nWith a body\n\nof three lines")
    last = made.commit("fix: é", author="Grace")

    assert [commit.sha for commit in repository.first_parents("main")] == [last, merge, first]
    assert repository.first_parents("main", since=first) == [
        Commit(last, "Grace", "fix: é", ""),
        Commit(merge, "Ada", "Merge side", "With a body\n\nof three lines\n"),
    ]
    assert repository.first_parents(first, since=last) == []


def test_a_tag_is_told_by_its_kind_and_commit(made: GitRepository, repository: Repository) -> None:
    made.tag("light", annotated=False)
    made.tag("v1.0.0")
    made.git("update-ref", "refs/tags/signed", signed(made))
    made.commit("fix: later")

    kinds = {tag.name: tag.kind for tag in repository.tags()}

    assert kinds == {"light": "lightweight", "signed": "signed", "v1.0.0": "annotated"}
    tag = repository.tag("v1.0.0")
    assert tag is not None
    assert tag.commit == made.git("rev-parse", "v1.0.0^{commit}")
    assert tag.object == made.git("rev-parse", "v1.0.0") != tag.commit
    made.tag("v1/beta")
    assert repository.tag("v1") is None


def signed(made: GitRepository) -> str:
    """A tag object with a signature: git tells it by its form, and checks it only when asked."""
    text = made.root / "tag.txt"
    text.write_text(
        f"object {made.head}\ntype commit\ntag signed\ntagger Ada <ada@example.com> 1 +0000\n\nmessage\n"
        "-----BEGIN PGP SIGNATURE-----\n\nxxxx\n-----END PGP SIGNATURE-----\n"
    )
    return made.git("hash-object", "-t", "tag", "-w", str(text))


def test_tags_can_be_asked_for_by_commit_and_those_of_files_are_none(
    made: GitRepository, repository: Repository
) -> None:
    first = made.head
    made.tag("v1.0.0")
    made.tag("v1.0.0-rc.1", annotated=False)
    made.tag("file", made.git("rev-parse", "HEAD:README.md"))
    made.commit("fix: later")
    made.tag("v1.0.1")

    assert [tag.name for tag in repository.tags(at=first)] == ["v1.0.0", "v1.0.0-rc.1"]
    assert [tag.name for tag in repository.tags()] == ["v1.0.0", "v1.0.0-rc.1", "v1.0.1"]


def test_a_renamed_file_counts_under_both_names(
    made: GitRepository, repository: Repository
) -> None:
    before = made.head
    text = "the same\n" * 20
    made.commit("docs: write", {"a b.txt": text, "ünique.txt": "x\n"})
    made.git("mv", "a b.txt", "c.txt")
    after = made.commit("docs: rename", {"README.md": None})

    assert repository.changed_paths(before, after) == ["README.md", "c.txt", "ünique.txt"]
    assert repository.changed_paths(f"{after}", before) == ["README.md", "c.txt", "ünique.txt"]
    middle = repository.first_parents(after)[1].sha
    assert repository.changed_paths(middle, after) == ["README.md", "a b.txt", "c.txt"]


def test_a_file_is_read_as_it_was_in_a_commit(made: GitRepository, repository: Repository) -> None:
    before = made.head
    made.commit("docs: more", {"README.md": "more\n", "new.txt": "new\n"})

    assert repository.read(before, "README.md") == "begun"
    assert repository.read(before, "new.txt") is None


def test_a_commit_is_laid_out_beside_the_work_tree_which_stays_as_it_is(
    made: GitRepository, repository: Repository, tmp_path: Path
) -> None:
    before = made.head
    made.commit("docs: more", {"README.md": "more\n"})
    made.write({"README.md": "not committed\n"})

    laid_out = repository.checkout(before, tmp_path / "out")

    assert (laid_out / "README.md").read_text() == "begun\n"
    assert (made.root / "README.md").read_text() == "not committed\n"
    assert made.git("worktree", "list").count("\n") == 0
    assert made.git("status", "--porcelain") == "M README.md"


def test_a_checkout_runs_none_of_the_users_hooks(made: GitRepository, tmp_path: Path) -> None:
    hook, ran, configuration = tmp_path / "post-checkout", tmp_path / "ran", tmp_path / "config"
    hook.write_text(f"#!/bin/sh\ntouch {ran}\n")
    hook.chmod(0o755)
    configuration.write_text(f"[core]\n\thooksPath = {tmp_path}\n")
    env = {**ENVIRONMENT, "GIT_CONFIG_GLOBAL": str(configuration)}

    Repository(made.root, env).checkout(made.head, tmp_path / "out")

    assert not ran.exists()


def test_a_clone_inside_a_hook_is_still_itself(made: GitRepository, tmp_path: Path) -> None:
    other = GitRepository(tmp_path / "other")
    inside = {**ENVIRONMENT, "GIT_DIR": str(other.root / ".git")}

    assert Repository(made.root, inside).commit("main") == made.head


def test_a_shallow_clone_is_refused_wherever_its_history_would_be_asked(
    made: GitRepository, tmp_path: Path
) -> None:
    made.commit("fix: later")
    shallow = Repository(made.clone(tmp_path / "clone", "--depth=1").root, ENVIRONMENT)
    asked = [
        lambda: shallow.is_ancestor("main", "main"),
        lambda: shallow.on_first_parents("main", "main"),
        lambda: shallow.first_parents("main"),
        lambda: shallow.merge_base("main", "main"),
        shallow.tags,
        lambda: shallow.checkout("main", tmp_path / "out"),
    ]

    for ask in asked:
        with pytest.raises(BlueprintError, match="this clone is shallow") as refused:
            ask()
        assert "fetch-depth: 0" in refused.value.remedy


def test_a_tag_moved_on_the_remote_is_fetched_as_it_is_now(
    made: GitRepository, tmp_path: Path
) -> None:
    made.tag("v1.0.0")
    seen = Repository(made.clone(tmp_path / "clone").root, ENVIRONMENT)
    moved = made.commit("fix: later")
    made.git("tag", "--force", "--annotate", "--message", "moved", "v1.0.0")

    seen.fetch("refs/tags/v1.0.0")

    assert seen.commit("v1.0.0") == moved


def test_gits_own_words_are_in_the_error(repository: Repository) -> None:
    with pytest.raises(
        BlueprintError, match=r"git cannot compare .*(?s:.)*Not a valid commit name"
    ):
        repository.is_ancestor("4f" * 20, "main")

    with pytest.raises(BlueprintError, match=r"git cannot fetch refs/heads/main: .*origin"):
        repository.fetch("refs/heads/main")


def test_histories_without_a_common_commit_are_told(
    made: GitRepository, repository: Repository
) -> None:
    made.git("checkout", "--quiet", "--orphan", "other")
    made.commit("feat: another beginning")

    with pytest.raises(BlueprintError, match="other and main have no commit in common"):
        repository.merge_base("other", "main")
