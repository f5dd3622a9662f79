"""Release notes say what a release brings, what it breaks, and who made it."""

import pytest

from blueprint.errors import BlueprintError
from blueprint.promotion import conventional, notes, policy
from blueprint.promotion.conventional import Change
from blueprint.promotion.git import Commit, Repository
from blueprint.promotion.notes import Span
from tests.git_repository import GitRepository

SHIPPED = policy.read()
URL = "https://github.com/acme/orders"


def commit(subject: str, body: str = "", *, author: str = "Ada", sha: str = "c" * 40) -> Commit:
    return Commit(sha, author, subject, body)


@pytest.mark.parametrize(
    ("subject", "body", "expected"),
    [
        ("feat: orders", "", ("feat", "", "orders", None)),
        ("fix(api): answer 404 (#12)", "", ("fix", "api", "answer 404 (#12)", None)),
        ("Feat(api)!: drop v1", "", ("feat", "api", "drop v1", "drop v1")),
        ("refactor!: move", "", ("refactor", "", "move", "move")),
        ("Say something", "", ("", "", "Say something", None)),
        ("feat:no blank", "", ("", "", "feat:no blank", None)),
        ("a sentence (not a scope): here", "", ("", "", "a sentence (not a scope): here", None)),
        (
            "feat: x",
            "Why.\n\nBREAKING CHANGE: the field\ntotal is gone\n\nRefs: 7\n",
            ("feat", "", "x", "the field total is gone"),
        ),
        (
            "fix: x",
            "BREAKING-CHANGE: ids change\nReviewed-by: Grace\n",
            ("fix", "", "x", "ids change"),
        ),
        ("Say it", "BREAKING CHANGE: all of it\n", ("", "", "Say it", "all of it")),
        (
            "Merge pull request #12 from acme/orders",
            "feat(api): orders\n\nBREAKING CHANGE: x\n",
            ("feat", "api", "orders (#12)", "x"),
        ),
        (
            "Merge pull request #13 from acme/empty",
            "",
            ("", "", "Merge pull request #13 from acme/empty", None),
        ),
    ],
)
def test_a_message_is_read_as_the_convention_has_it(
    subject: str, body: str, expected: tuple[str, str, str, str | None]
) -> None:
    change = conventional.read(commit(subject, body))

    assert (change.type, change.scope, change.text, change.breaking) == expected


def test_everybody_who_wrote_it_is_named_once() -> None:
    body = "Co-authored-by: Grace Hopper <g@example.com>\nco-authored-by: Ada <a@example.com>\n"

    change = conventional.read(commit("feat: x", body))

    assert change == Change("feat", "", "x", None, "c" * 40, ("Ada", "Grace Hopper"))


def test_the_notes_of_a_release() -> None:
    span = Span(
        "v1.1.0",
        "v1.0.0",
        (
            commit("feat(orders): list them", sha="1" * 40),
            commit("fix: retry <once> for @grace, see `@app<T>`", sha="2" * 40),
            commit("feat(api)!: drop v1", "BREAKING CHANGE: use v2\n", sha="3" * 40),
            commit("feat(api): page", sha="4" * 40, author="grace"),
            commit("ci: pin", sha="5" * 40, author="Bob"),
            commit("Say something", sha="6" * 40),
        ),
    )

    assert (
        notes.render(span, repository_url=URL)
        == f"""\
## Breaking changes

- **api**: drop v1 ([`3333333`]({URL}/commit/{"3" * 40})): use v2

## Features

- **api**: page ([`4444444`]({URL}/commit/{"4" * 40}))
- **orders**: list them ([`1111111`]({URL}/commit/{"1" * 40}))

## Fixes

- retry &lt;once&gt; for @<!-- -->grace, see `@app<T>` ([`2222222`]({URL}/commit/{"2" * 40}))

## Other changes

- pin ([`5555555`]({URL}/commit/{"5" * 40}))
- Say something ([`6666666`]({URL}/commit/{"6" * 40}))

## Contributors

Ada, Bob, grace

Everything since v1.0.0: [compare]({URL}/compare/v1.0.0...v1.1.0)
"""
    )


def test_the_first_release_and_an_empty_one_have_notes_too() -> None:
    first = notes.render(Span("v1.0.0", None, (commit("feat: x"),)), repository_url=URL)
    empty = notes.render(Span("v1.0.1", "v1.0.0", ()), repository_url=URL)

    assert first.endswith(f"First release: [v1.0.0]({URL}/commits/v1.0.0)\n")
    assert empty == f"Everything since v1.0.0: [compare]({URL}/compare/v1.0.0...v1.0.1)\n"


@pytest.fixture
def _released(made: GitRepository) -> GitRepository:
    """v1.0.0 (its candidate on the same commit), two candidates of v1.1.0, v1.1.0 on the second."""
    made.tag("v1.0.0-rc.1")
    made.tag("v1.0.0")
    made.commit("feat: one")
    made.tag("v1.1.0-rc.1")
    made.tag("v1.0.9", annotated=False)
    made.branch("side")
    made.commit("feat: inside")
    made.switch("main")
    made.merge("side", "Merge pull request #2 from acme/side\n\nfix: two")
    made.tag("v1.1.0-rc.2")
    made.tag("v1.1.0")
    made.tag("nightly")
    return made


@pytest.mark.usefixtures("_released")
@pytest.mark.parametrize(
    ("tag", "previous", "subjects"),
    [
        ("v1.1.0", "v1.0.0", ["Merge pull request #2 from acme/side", "feat: one"]),
        ("v1.1.0-rc.2", "v1.1.0-rc.1", ["Merge pull request #2 from acme/side"]),
        ("v1.1.0-rc.1", "v1.0.0", ["feat: one"]),
        ("v1.0.0", None, ["feat: begin"]),
        ("v1.0.0-rc.1", None, ["feat: begin"]),
    ],
)
def test_a_release_tells_what_is_new_since_the_last_of_its_kind(
    repository: Repository,
    tag: str,
    previous: str | None,
    subjects: list[str],
) -> None:
    span = notes.gather(tag, policy=SHIPPED, repository=repository)

    assert (span.tag, span.previous) == (tag, previous)
    assert [commit.subject for commit in span.commits] == subjects


def test_of_two_releases_on_one_commit_the_higher_is_the_previous_one(
    made: GitRepository, repository: Repository
) -> None:
    for name in ("v1.9.0", "v1.10.0", "v1.11.0-rc.1"):
        made.tag(name)
    made.commit("feat: one")
    made.tag("v1.11.0-rc.2")

    assert notes.gather("v1.11.0-rc.2", policy=SHIPPED, repository=repository).previous == "v1.10.0"


@pytest.mark.usefixtures("_released")
@pytest.mark.parametrize("tag", ["nightly", "v9.9.9", "v1.0"])
def test_a_tag_that_is_missing_or_no_release_has_no_notes(repository: Repository, tag: str) -> None:
    with pytest.raises(BlueprintError, match=f"'{tag}' is no release tag of this clone") as refused:
        notes.gather(tag, policy=SHIPPED, repository=repository)

    assert "vX.Y.Z-rc.N or vX.Y.Z" in refused.value.remedy
