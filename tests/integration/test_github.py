"""The client against a GitHub on loopback, with a real git repository behind its refs."""

import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from blueprint.errors import BlueprintError
from blueprint.github import comments, deployments, pulls, refs, releases
from blueprint.github.client import Client
from blueprint.github.environments import Environments
from blueprint.github.errors import ApiError, RateLimitError
from blueprint.github.issues import Issues
from blueprint.promotion import pointer
from blueprint.promotion.git import Repository
from tests.fakes_github import FakeGithub, dropped, limited, secondary_limit, status

ALICE = {"login": "alice", "type": "User"}
DEPENDABOT = {"login": "dependabot[bot]", "type": "Bot"}
PLAN = "<!-- blueprint:plan -->"
DRIFT = "<!-- blueprint:drift:dev -->"
# Nothing of the caller's own configuration, nor of a hook this may run in.
GIT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.com",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.com",
    "PATH": os.environ["PATH"],
}


@dataclass(frozen=True)
class History:
    """A bare repository: three commits on main, and one beside the second."""

    directory: Path
    first: str
    second: str
    third: str
    beside: str


@pytest.fixture
def history(tmp_path: Path) -> History:
    directory = tmp_path / "orders.git"

    def git(*arguments: str) -> str:
        done = subprocess.run(
            ["git", "--git-dir", str(directory), *arguments],
            capture_output=True,
            text=True,
            check=True,
            env=GIT,
        )
        return done.stdout.strip()

    git("init", "--quiet", "--initial-branch=main")
    tree = git("hash-object", "-t", "tree", "-w", "/dev/null")
    first = git("commit-tree", tree, "-m", "first")
    second = git("commit-tree", tree, "-p", first, "-m", "second")
    third = git("commit-tree", tree, "-p", second, "-m", "third")
    beside = git("commit-tree", tree, "-p", first, "-m", "beside")
    git("update-ref", "refs/heads/main", third)
    git("update-ref", "refs/heads/beside", beside)
    git("update-ref", "refs/tags/v1.0.0", second)
    return History(directory, first, second, third, beside)


@pytest.fixture
def github(history: History) -> Iterator[FakeGithub]:
    with FakeGithub(repository="acme/orders", git=history.directory) as server:
        yield server


@dataclass
class Caller:
    """Makes clients of the fake, and keeps how long they slept instead of sleeping."""

    github: FakeGithub
    session: requests.Session
    slept: list[float]

    def __call__(self, token: str | None = None, **permissions: str) -> Client:
        token = token or "ghs_all"
        if token not in self.github.state.tokens:
            self.github.add_token(token, permissions=permissions or None)
        return Client(
            self.github.url,
            "acme/orders",
            token,
            request=self.session.request,
            sleep=self.slept.append,
        )


@pytest.fixture
def caller(github: FakeGithub) -> Iterator[Caller]:
    with requests.Session() as session:
        session.trust_env = False
        yield Caller(github, session, [])


@pytest.fixture
def pull(github: FakeGithub, history: History) -> int:
    return github.open_pull(head_sha=history.beside, base_sha=history.third)


def test_one_comment_is_created_then_updated_then_left_alone(
    github: FakeGithub, caller: Caller, pull: int
) -> None:
    client = caller(token="ghs_comment", pull_requests="write")

    posted = [
        comments.upsert(client, pull, marker=PLAN, body=f"{PLAN}\n{text}").action
        for text in ("one", "two", "two")
    ]

    assert posted == ["created", "updated", "unchanged"]
    (comment,) = github.comments(pull)
    assert comment["body"] == f"{PLAN}\ntwo"
    assert comment["user"]["login"] == "github-actions[bot]"
    assert len(github.calls("POST")) == 1
    assert len(github.calls("PATCH")) == 1


def test_our_comment_is_found_among_hundreds_of_others(
    github: FakeGithub, caller: Caller, pull: int
) -> None:
    for number in range(205):
        github.comment_as(pull, f"remark {number}", ALICE)
    client = caller()
    comments.upsert(client, pull, marker=PLAN, body=f"{PLAN}\none")
    for number in range(3):
        github.comment_as(pull, f"reply {number}", ALICE)

    posted = comments.upsert(client, pull, marker=PLAN, body=f"{PLAN}\ntwo")

    assert posted.action == "updated"
    assert len(github.comments(pull)) == 209


def test_of_several_of_our_comments_the_oldest_stays(
    github: FakeGithub, caller: Caller, pull: int
) -> None:
    for text in ("first", "second", "third"):
        github.comment_as(pull, f"{PLAN}\n{text}", {"login": "github-actions[bot]", "type": "Bot"})
    kept = github.comments(pull)[0]["id"]

    posted = comments.upsert(caller(), pull, marker=PLAN, body=f"{PLAN}\nfourth")

    assert (posted.action, posted.removed) == ("updated", 2)
    (comment,) = github.comments(pull)
    assert (comment["id"], comment["body"]) == (kept, f"{PLAN}\nfourth")


def test_a_persons_comment_that_imitates_or_quotes_ours_is_not_touched(
    github: FakeGithub, caller: Caller, pull: int
) -> None:
    imitation, quotation = f"{PLAN}\nall is well", f"Look: {PLAN}\n"
    github.comment_as(pull, imitation, ALICE)
    github.comment_as(pull, quotation, {"login": "github-actions[bot]", "type": "Bot"})

    comments.upsert(caller(), pull, marker=PLAN, body=f"{PLAN}\nthe plan")

    bodies = [comment["body"] for comment in github.comments(pull)]
    assert bodies == [imitation, quotation, f"{PLAN}\nthe plan"]


def test_with_a_persons_token_only_that_persons_comment_is_ours(
    github: FakeGithub, caller: Caller, pull: int
) -> None:
    github.comment_as(pull, f"{PLAN}\nby a bot", DEPENDABOT)
    github.add_token("ghp_alice", login="alice", kind="User")
    client = caller("ghp_alice")
    comments.upsert(client, pull, marker=PLAN, body=f"{PLAN}\none")

    assert comments.upsert(client, pull, marker=PLAN, body=f"{PLAN}\ntwo").action == "updated"
    assert [comment["body"] for comment in github.comments(pull)] == [
        f"{PLAN}\nby a bot",
        f"{PLAN}\ntwo",
    ]


def test_a_comment_posted_although_the_answer_was_lost_is_found_by_the_next_run(
    github: FakeGithub, caller: Caller, pull: int
) -> None:
    github.fail("POST", "/comments", dropped(carried_out=True))
    client = caller()

    with pytest.raises(BlueprintError, match=r"did not answer POST .*unknown"):
        comments.upsert(client, pull, marker=PLAN, body=f"{PLAN}\none")
    assert comments.upsert(client, pull, marker=PLAN, body=f"{PLAN}\none").action == "unchanged"
    assert len(github.comments(pull)) == 1


def test_a_token_without_the_permission_is_told_which_one_it_takes(
    github: FakeGithub, caller: Caller, pull: int
) -> None:
    client = caller(token="ghs_reader", pull_requests="read")

    with pytest.raises(ApiError, match="403 Resource not accessible by integration") as stopped:
        comments.upsert(client, pull, marker=PLAN, body=f"{PLAN}\none")
    assert "`issues: write` or `pull-requests: write`" in stopped.value.remedy
    assert github.comments(pull) == []


def test_a_comment_over_githubs_limit_is_refused_with_its_reason(caller: Caller, pull: int) -> None:
    with pytest.raises(ApiError, match=r"Body is too long \(maximum is 65536 characters\)"):
        comments.upsert(caller(), pull, marker=PLAN, body=PLAN + "x" * 65536)


def test_an_issue_is_opened_commented_closed_and_reopened(
    github: FakeGithub, caller: Caller
) -> None:
    issues = Issues(caller(token="ghs_issues", issues="write"))
    assert issues.find(marker=DRIFT, label="drift") is None

    opened = issues.open(title="Drift in dev", body=f"{DRIFT}\none", labels=["drift", "dev"])
    issues.comment(opened.number, "it changed")
    assert issues.update(opened.number, title="Drift in dev", body=f"{DRIFT}\ntwo").body.endswith(
        "two"
    )
    assert issues.close(opened.number).state == "closed"

    found = issues.find(marker=DRIFT, label="drift")
    assert found is not None
    assert (found.number, found.state, found.body) == (opened.number, "closed", f"{DRIFT}\ntwo")
    assert issues.reopen(opened.number).state == "open"
    assert [comment["body"] for comment in github.comments(opened.number)] == ["it changed"]


def test_an_issue_is_ours_by_marker_label_and_author_together(
    github: FakeGithub, caller: Caller, history: History
) -> None:
    bot = {"login": "github-actions[bot]", "type": "Bot"}
    github.issue_as("imitated", f"{DRIFT}\n", ["drift"], ALICE)
    github.issue_as("no label", f"{DRIFT}\n", [], bot)
    github.issue_as("of another environment", "<!-- blueprint:drift:prod -->\n", ["drift"], bot)
    github.open_pull(
        head_sha=history.first, base_sha=history.third, body=f"{DRIFT}\n", labels=["drift"]
    )
    issues = Issues(caller())

    assert issues.find(marker=DRIFT, label="drift") is None
    own = github.issue_as("ours", f"{DRIFT}\n", ["drift", "dev"], bot)
    found = issues.find(marker=DRIFT, label="drift")
    assert found is not None
    assert found.number == own


def test_an_open_issue_is_preferred_to_a_newer_closed_one(caller: Caller) -> None:
    issues = Issues(caller())
    numbers = [
        issues.open(title=str(n), body=f"{DRIFT}\n{n}", labels=["drift"]).number for n in range(3)
    ]
    issues.close(numbers[0])
    issues.close(numbers[2])

    found = issues.find(marker=DRIFT, label="drift")
    assert found is not None
    assert found.number == numbers[1]

    issues.close(numbers[1])
    found = issues.find(marker=DRIFT, label="drift")
    assert found is not None
    assert found.number == numbers[2]


def test_the_pointer_is_made_and_moves_forwards(
    github: FakeGithub, caller: Caller, history: History
) -> None:
    environments = Environments(caller(token="ghs_pointer", contents="write"))
    assert environments.pointer("dev") is None

    environments.move_pointer("dev", history.first, expected=None, backwards=False)
    environments.move_pointer("dev", history.third, expected=history.first, backwards=False)

    assert environments.pointer("dev") == history.third
    assert github.ref("heads/deployed/dev") == history.third


@pytest.mark.parametrize("target", ["first", "beside"])
def test_the_pointer_moves_backwards_only_deliberately(
    github: FakeGithub, caller: Caller, history: History, target: str
) -> None:
    environments = Environments(caller())
    environments.move_pointer("dev", history.second, expected=None, backwards=False)
    sha = getattr(history, target)

    with pytest.raises(
        BlueprintError, match=r"deployed/dev cannot move .* not forwards"
    ) as stopped:
        environments.move_pointer("dev", sha, expected=history.second, backwards=False)
    assert "--backwards" in stopped.value.remedy
    assert github.ref("heads/deployed/dev") == history.second

    environments.move_pointer("dev", sha, expected=history.second, backwards=True)
    assert github.ref("heads/deployed/dev") == sha


def test_a_pointer_that_is_there_already_stays_whatever_was_expected(
    github: FakeGithub, caller: Caller, history: History
) -> None:
    environments = Environments(caller())
    environments.move_pointer("dev", history.second, expected=None, backwards=False)

    environments.move_pointer("dev", history.second, expected=history.first, backwards=False)

    assert github.calls("PATCH") == []


@pytest.mark.parametrize("expected", [None, "first"])
def test_a_pointer_somebody_else_moved_meanwhile_stays_theirs(
    github: FakeGithub, caller: Caller, history: History, expected: str | None
) -> None:
    environments = Environments(caller())
    environments.move_pointer("dev", history.second, expected=None, backwards=False)

    with pytest.raises(BlueprintError, match=f"deployed/dev is at {history.second}, and not at"):
        environments.move_pointer(
            "dev",
            history.third,
            expected=expected and getattr(history, expected),
            backwards=True,
        )
    assert github.ref("heads/deployed/dev") == history.second


def test_a_pointer_made_by_two_at_once_is_an_error_for_the_later(
    github: FakeGithub, caller: Caller, history: History
) -> None:
    github.fail("GET", "/git/ref/", status(404, "Not Found"))
    refs.move(caller(), "heads/deployed/dev", to=history.first, expected=None)
    github.fail("GET", "/git/ref/", status(404, "Not Found"))

    with pytest.raises(ApiError, match="422 Reference already exists"):
        refs.move(caller(), "heads/deployed/dev", to=history.second, expected=None)


def test_a_pointer_to_a_commit_github_does_not_have_is_refused(caller: Caller) -> None:
    with pytest.raises(ApiError, match="422 Object does not exist"):
        refs.move(caller(), "heads/deployed/dev", to="0" * 39 + "1", expected=None)


def test_moving_the_pointer_survives_an_answer_lost_after_the_move(
    github: FakeGithub, caller: Caller, history: History
) -> None:
    environments = Environments(caller())
    environments.move_pointer("dev", history.first, expected=None, backwards=False)
    github.fail("PATCH", "/git/refs/", status(502, carried_out=True))

    environments.move_pointer("dev", history.second, expected=history.first, backwards=False)

    assert github.ref("heads/deployed/dev") == history.second
    assert caller.slept == [1]


def test_a_commit_is_converged_in_the_environment_it_was_recorded_for(
    github: FakeGithub, caller: Caller, history: History
) -> None:
    client = caller(token="ghs_deployments", deployments="write")
    run = "https://github.com/acme/orders/actions/runs/1"

    Environments(client, run_url=run).record("dev", history.first)

    environments = Environments(client)
    assert environments.converged("dev", history.first)
    assert not environments.converged("dev", history.second)
    assert not environments.converged("staging", history.first)
    (deployment,) = github.state.deployments
    assert (deployment["task"], deployment["ref"]) == ("converged", history.first)
    (recorded,) = github.state.deployment_statuses
    assert recorded["log_url"] == run


def test_a_convergence_stays_recorded_when_later_deployments_make_it_inactive(
    github: FakeGithub, caller: Caller, history: History
) -> None:
    environments = Environments(caller())
    environments.record("dev", history.first)
    github.deploy_as_actions("dev", history.second)

    assert [entry["state"] for entry in github.state.deployment_statuses] == [
        "success",
        "success",
        "inactive",
    ]
    assert environments.converged("dev", history.first)
    assert not environments.converged("dev", history.second)


def test_recording_leaves_the_deployment_of_the_job_that_records_active(
    github: FakeGithub, caller: Caller, history: History
) -> None:
    github.deploy_as_actions("dev", history.first)

    Environments(caller()).record("dev", history.first)

    assert {entry["state"] for entry in github.state.deployment_statuses} == {"success"}


def test_a_deployment_whose_success_was_never_written_is_no_convergence(
    github: FakeGithub, caller: Caller, history: History
) -> None:
    github.fail("POST", "/statuses", status(500))
    environments = Environments(caller())
    with pytest.raises(ApiError, match="500"):
        environments.record("dev", history.first)
    assert not environments.converged("dev", history.first)

    environments.record("dev", history.first)

    assert environments.converged("dev", history.first)


def test_a_deployment_that_failed_is_no_convergence(caller: Caller, history: History) -> None:
    client = caller()
    deployment = client.post(
        "/deployments",
        {
            "ref": history.first,
            "task": "converged",
            "environment": "dev",
            "auto_merge": False,
            "required_contexts": [],
        },
    )
    client.post(f"/deployments/{deployment['id']}/statuses", {"state": "failure"})

    assert not Environments(client).converged("dev", history.first)
    assert Environments(client).history("dev") == []


def test_the_history_is_newest_first_each_commit_once_and_follows_a_rollback(
    github: FakeGithub, caller: Caller, history: History
) -> None:
    environments = Environments(caller())
    for sha in (history.first, history.second, history.second, history.first):
        environments.record("dev", sha)

    assert environments.history("dev") == [history.first, history.second]
    assert len(github.state.deployments) == 3
    assert deployments.history(caller(), "dev", limit=1) == [history.first]


def test_promotions_own_move_works_on_github(
    github: FakeGithub, caller: Caller, history: History, tmp_path: Path
) -> None:
    clone = tmp_path / "clone"
    subprocess.run(
        ["git", "clone", "--quiet", str(history.directory), str(clone)],
        check=True,
        capture_output=True,
        env=GIT,
    )
    environments = Environments(caller())

    moved = pointer.move(
        "dev", history.third, repository=Repository(clone, GIT), ledger=environments
    )

    assert moved.step == "created"
    assert github.ref("heads/deployed/dev") == history.third
    assert environments.history("dev") == [history.third]


def test_open_pull_requests_are_listed_over_all_pages_with_labels_and_origin(
    github: FakeGithub, caller: Caller, history: History
) -> None:
    def open_one(**facts: object) -> int:
        return github.open_pull(head_sha=history.beside, base_sha=history.third, **facts)  # type: ignore[arg-type]

    own = open_one(labels=["preview", "api"])
    fork = open_one(head_repository="mallory/orders")
    gone = open_one(head_repository=None)
    closed = open_one()
    github.close_pull(closed)
    rest = [open_one() for _ in range(100)]
    client = caller(token="ghs_pulls", **{"pull-requests": "read"})

    assert pulls.open_numbers(client) == [own, fork, gone, *rest]
    assert pulls.labels(client, own) == ("api", "preview")
    assert [pulls.get(client, number).fork for number in (own, fork, gone)] == [False, True, True]
    assert not pulls.get(client, closed).is_open
    assert pulls.get(client, own).head_sha == history.beside


def test_a_release_is_published_for_its_tag_and_updated_the_second_time(
    github: FakeGithub, caller: Caller
) -> None:
    client = caller(token="ghs_release", contents="write")

    url = releases.publish(client, "v1.0.0", title="1.0.0", notes="one", prerelease=False)
    again = releases.publish(client, "v1.0.0", title="1.0.0", notes="two", prerelease=True)

    assert url == again == "https://github.com/acme/orders/releases/tag/v1.0.0"
    (release,) = github.state.releases
    assert (release["body"], release["prerelease"]) == ("two", True)


def test_a_release_of_a_tag_that_is_not_there_makes_no_tag(
    github: FakeGithub, caller: Caller
) -> None:
    with pytest.raises(BlueprintError, match=r"there is no tag v9\.9\.9 on GitHub"):
        releases.publish(caller(), "v9.9.9", title="9", notes="", prerelease=False)
    assert github.ref("tags/v9.9.9") is None


def test_reads_outlast_failures_lost_connections_and_short_rate_limits(
    github: FakeGithub, caller: Caller, pull: int
) -> None:
    github.fail(
        "GET",
        f"/pulls/{pull}",
        status(500),
        dropped(),
        secondary_limit(retry_after=3, code=429),
        limited(resets_in=20),
        status(502),
    )

    assert pulls.get(caller(), pull).number == pull
    assert caller.slept[:3] == [1, 2, 3]
    assert 15 <= caller.slept[3] <= 21
    assert caller.slept[4] == 4


def test_a_long_rate_limit_stops_before_anything_is_created(
    github: FakeGithub, caller: Caller, history: History
) -> None:
    github.fail("POST", "/deployments", limited(resets_in=1800))

    with pytest.raises(RateLimitError, match="used up at POST") as stopped:
        Environments(caller()).record("dev", history.first)
    assert "run again after 20" in stopped.value.remedy
    assert github.state.deployments == []
    assert caller.slept == []


def test_a_wrong_token_is_told_apart_from_a_missing_permission(
    github: FakeGithub, pull: int, caller: Caller
) -> None:
    make: Callable[..., Client] = caller
    client = make("ghs_expired")
    del github.state.tokens["ghs_expired"]

    with pytest.raises(ApiError, match="401 Bad credentials") as stopped:
        pulls.get(client, pull)
    assert "GITHUB_TOKEN is wrong or has expired" in stopped.value.remedy


def test_what_is_not_there_is_named(caller: Caller) -> None:
    with pytest.raises(ApiError, match="GET /repos/acme/orders/pulls/404: 404 Not Found"):
        pulls.get(caller(), 404)


def test_the_state_survives_a_restart_of_the_fake(history: History, tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    with FakeGithub(repository="acme/orders", git=history.directory, state_file=file) as first:
        number = first.open_pull(head_sha=history.beside, base_sha=history.third)
        first.comment_as(number, "hello", ALICE)

    with FakeGithub(repository="acme/orders", git=history.directory, state_file=file) as second:
        assert [comment["body"] for comment in second.comments(number)] == ["hello"]
        with requests.Session() as session:
            session.trust_env = False
            state = session.get(f"{second.url}/_state", timeout=5).json()
        assert state["last_number"] == number
