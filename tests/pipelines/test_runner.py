"""What a job meets in the simulation, and what it must not: shown on workflows of a few lines."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from tests.pipelines import act, events
from tests.pipelines.simulator import NotStartedError, Simulator
from tests.pipelines.workflow_files import StartupError

CHECKOUT = {"uses": "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1"}
MAIN = "refs/heads/main"
ZEROS = "0" * 40


def workflow(jobs: Mapping[str, object], on: object = "push", name: str = "some") -> str:
    """The text of a workflow that grants nothing but what its jobs ask for."""
    return yaml.safe_dump(
        {"name": name, "on": on, "permissions": {}, "jobs": jobs}, sort_keys=False
    )


def job(*steps: object, **more: object) -> dict[str, object]:
    """A job of shell commands and steps."""
    written = [{"run": step} if isinstance(step, str) else step for step in steps]
    return {"runs-on": "ubuntu-24.04", "steps": written, **more}


def commit(simulator: Simulator, files: dict[str, str | None]) -> str:
    """Commit workflows by their file name, and other files by their path, to main."""
    placed = {
        f".github/workflows/{name}" if "/" not in name else name: text
        for name, text in files.items()
    }
    sha = simulator.repository.commit("change", placed)
    simulator.repository.push("main")
    return sha


def push(simulator: Simulator, files: dict[str, str | None]) -> act.Result:
    """Commit `files` to main and run some.yml for the push."""
    sha = commit(simulator, files)
    return simulator.run("some.yml", events.push(MAIN, before=ZEROS, after=sha))


def test_a_job_that_does_not_check_out_finds_nothing(bare: Simulator) -> None:
    result = push(
        bare, {"some.yml": workflow({"look": job("ls -A", CHECKOUT, "ls")}), "a/file": "x"}
    )

    assert result["look"].lines[0] != "a"
    assert result["look"].lines[-1] == "a"


def test_a_job_checks_out_the_events_commit_and_not_what_came_later(bare: Simulator) -> None:
    steps = {"look": job(CHECKOUT, "cat file.d/text; git rev-list --count HEAD")}
    first = commit(bare, {"some.yml": workflow(steps), "file.d/text": "first\n"})
    commit(bare, {"file.d/text": "second\n"})

    result = bare.run("some.yml", events.push(MAIN, before=ZEROS, after=first))

    assert result["look"].lines[-2:] == ["first", "1"]


def test_a_job_can_ask_for_all_of_the_history_and_every_branch(bare: Simulator) -> None:
    deep = {**CHECKOUT, "with": {"fetch-depth": 0}}
    steps = {"look": job(deep, "git rev-list --count HEAD; git branch --remotes")}
    sha = commit(bare, {"some.yml": workflow(steps)})
    bare.repository.git("push", "--quiet", "origin", f"{sha}:refs/heads/deployed/dev")

    result = push(bare, {"x/y": "z"})

    assert result["look"].lines[-3:] == ["2", "  origin/deployed/dev", "  origin/main"]


def test_a_workflow_that_the_event_does_not_start_is_not_run(bare: Simulator) -> None:
    only_tags = {"push": {"tags": ["v[0-9]+.[0-9]+.[0-9]+"]}}
    sha = commit(bare, {"some.yml": workflow({"a": job("true")}, only_tags)})

    with pytest.raises(
        NotStartedError, match=re.escape("push of refs/heads/main does not start some.yml")
    ):
        bare.run("some.yml", events.push(MAIN, before=ZEROS, after=sha))

    with pytest.raises(NotStartedError, match=re.escape("refs/tags/v1.2.3-rc.1")):
        bare.run("some.yml", events.push("refs/tags/v1.2.3-rc.1", before=ZEROS, after=sha))
    assert bare.run("some.yml", events.push("refs/tags/v1.20.3", before=ZEROS, after=sha)).ok


def test_what_a_failed_job_was_needed_for_is_skipped(bare: Simulator) -> None:
    result = push(
        bare,
        {
            "some.yml": workflow(
                {
                    "first": job("exit 3"),
                    "second": job("true", needs="first"),
                    "report": job("true", needs=["first", "second"], **{"if": "failure()"}),
                }
            )
        },
    )

    assert result.results == {"first": "failure", "report": "success"}
    assert not result.ok


def test_outputs_travel_through_a_called_workflow(bare: Simulator) -> None:
    called = {
        "workflow_call": {
            "inputs": {"who": {"type": "string", "required": True}},
            "outputs": {"greeting": {"value": "${{ jobs.greet.outputs.text }}"}},
        }
    }
    greet = job(
        {
            "id": "say",
            "run": 'echo "text=hello $WHO" >> "$GITHUB_OUTPUT"',
            "env": {"WHO": "${{ inputs.who }}"},
        },
        outputs={"text": "${{ steps.say.outputs.text }}"},
    )
    result = push(
        bare,
        {
            "greet.yml": workflow({"greet": greet}, called, "greet"),
            "some.yml": workflow(
                {
                    "call": {"uses": "./.github/workflows/greet.yml", "with": {"who": "you"}},
                    "print": job("echo ${{ needs.call.outputs.greeting }}", needs="call"),
                }
            ),
        },
    )

    assert result.results == {"call": "success", "call/greet": "success", "print": "success"}
    assert result["print"].lines == ["hello you"]


@pytest.mark.parametrize(("command", "outcome"), [("true", "success"), ("exit 3", "failure")])
def test_a_call_within_a_call_ends_as_what_it_called(
    bare: Simulator, command: str, outcome: str
) -> None:
    called = {"workflow_call": {}}

    result = push(
        bare,
        {
            "inner.yml": workflow({"work": job(command)}, called, "inner"),
            "outer.yml": workflow(
                {"inner": {"uses": "./.github/workflows/inner.yml"}}, called, "outer"
            ),
            "some.yml": workflow({"call": {"uses": "./.github/workflows/outer.yml"}}),
        },
    )

    assert result.results == {"call": outcome, "call/inner": outcome, "inner/work": outcome}


def test_a_called_workflow_may_not_ask_for_more_than_its_caller_has(bare: Simulator) -> None:
    wants = workflow({"a": job("true", permissions={"issues": "write"})}, "workflow_call", "wants")
    calls = {"call": {"uses": "./.github/workflows/wants.yml", "permissions": {"issues": "read"}}}

    with pytest.raises(
        StartupError, match="requests issues: write, but is only allowed issues: read"
    ):
        push(bare, {"wants.yml": wants, "some.yml": workflow(calls)})


def test_nothing_of_the_callers_environment_reaches_a_job(
    bare: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "GITHUB_TOKEN", "PYTHONPATH", "ANYTHING"):
        monkeypatch.setenv(name, "the-callers-own")

    result = push(bare, {"some.yml": workflow({"look": job("env; cat ~/.aws/* || true")})})

    assert "ANYTHING" not in result["look"].log
    assert "the-callers-own" not in result["look"].log
    assert str(Path.home()) + "\n" not in result["look"].log


def test_artifacts_go_from_one_job_to_another(bare: Simulator) -> None:
    upload = {
        "uses": "actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f",
        "with": {"name": "made", "path": "out/one.txt\nout/deep/*.txt\n"},
    }
    download = {
        "uses": "actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c",
        "with": {"name": "made", "path": "in"},
    }
    result = push(
        bare,
        {
            "some.yml": workflow(
                {
                    "make": job(
                        "mkdir -p out/deep; echo 1 > out/one.txt; echo 2 > out/deep/two.txt", upload
                    ),
                    "take": job(download, "cat in/one.txt in/deep/two.txt", needs="make"),
                }
            )
        },
    )

    assert result["take"].lines[-2:] == ["1", "2"], result.explain()


IDENTITY = (
    'curl -sS -H "Authorization: bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN"'
    ' "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=sts.amazonaws.com"'
)


def test_the_identity_follows_from_the_job_that_asks(bare: Simulator) -> None:
    may = {"id-token": "write"}
    called = {"workflow_call": {"inputs": {"where": {"type": "string"}}}}
    enter = job(IDENTITY, permissions=may, environment="${{ inputs.where }}-destroy")
    push(
        bare,
        {
            "enter.yml": workflow({"enter": enter}, called, "enter"),
            "some.yml": workflow(
                {
                    "plain": job(IDENTITY, permissions=may),
                    "call": {
                        "needs": "plain",
                        "uses": "./.github/workflows/enter.yml",
                        "with": {"where": "prod"},
                        "permissions": may,
                    },
                }
            ),
        },
    )

    plain, entering = bare.identities.issued
    assert plain["sub"] == "repo:acme@9876543/orders@812345678:ref:refs/heads/main"
    assert plain["job_workflow_ref"] == "acme/orders/.github/workflows/some.yml@refs/heads/main"
    assert "environment" not in plain
    assert entering["sub"] == "repo:acme@9876543/orders@812345678:environment:prod-destroy"
    assert entering["environment"] == "prod-destroy"
    assert entering["job_workflow_ref"] == "acme/orders/.github/workflows/enter.yml@refs/heads/main"
    assert entering["workflow_ref"] == "acme/orders/.github/workflows/some.yml@refs/heads/main"
    assert [(entry.job, entry.environment) for entry in bare.admitted] == [
        ("call/enter", "prod-destroy")
    ]


def test_a_job_without_the_permission_has_nobody_to_ask_for_an_identity(bare: Simulator) -> None:
    result = push(
        bare,
        {"some.yml": workflow({"ask": job("env", permissions={"contents": "read"})})},
    )

    assert "ACTIONS_ID_TOKEN_REQUEST" not in result["ask"].log
    assert "BLUEPRINT_GITHUB_API" in result["ask"].log


def test_a_pull_request_of_a_fork_gets_no_identity_and_a_token_that_reads(bare: Simulator) -> None:
    sha = commit(
        bare,
        {
            "some.yml": workflow(
                {"ask": job("env", permissions={"id-token": "write", "contents": "write"})},
                "pull_request",
            )
        },
    )
    number = bare.github.open_pull(head_sha=sha, base_sha=sha, head_repository="mallory/orders")
    event = events.pull_request(bare.github.pull(number), action="opened", merge=sha)

    result = bare.run("some.yml", event)

    assert "ACTIONS_ID_TOKEN_REQUEST" not in result["ask"].log
    assert bare.github.state.tokens["ghs_1_ask"]["permissions"] == {
        "id-token": "none",
        "contents": "read",
    }


MOVE = (
    'curl -sS -X POST -H "Authorization: Bearer ${{ github.token }}" -H "User-Agent: curl"'
    ' -d "{\\"ref\\": \\"refs/heads/deployed/dev\\", \\"sha\\": \\"$GITHUB_SHA\\"}"'
    f' "$BLUEPRINT_GITHUB_API/repos/{events.REPOSITORY}/git/refs"'
)


def test_each_job_has_its_own_permissions_although_act_knows_one_token(bare: Simulator) -> None:
    result = push(
        bare,
        {
            "some.yml": workflow(
                {
                    "reader": job(MOVE, permissions={"contents": "read"}),
                    "writer": job(MOVE, permissions={"contents": "write"}, needs="reader"),
                }
            )
        },
    )

    assert "Resource not accessible by integration" in result["reader"].log
    assert bare.github.ref("heads/deployed/dev") == bare.repository.sha("main")
    assert [(call.job, call.status) for call in bare.gateway.calls] == [
        ("reader", 403),
        ("writer", 201),
    ]


def test_the_simulated_workflow_is_the_shipped_one_but_for_what_github_adds(
    bare: Simulator,
) -> None:
    written = workflow(
        {"a": job("true", name="A name", env={"OWN": "kept"}, permissions={"id-token": "write"})}
    )
    push(bare, {"some.yml": written})

    simulated = yaml.safe_load(
        (bare.directory / "runs/1/files/.github/workflows/some.yml").read_text()
    )
    added = simulated["jobs"]["a"].pop("env")
    original = yaml.safe_load(written)
    del original["jobs"]["a"]["name"], original["jobs"]["a"]["env"]
    assert simulated == original
    assert set(added) == {
        "OWN",
        "BLUEPRINT_GITHUB_API",
        "ACTIONS_ID_TOKEN_REQUEST_URL",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
        "SIMULATED_STS",
    }


PATIENT = """
import os, time
try:
    print("ready", flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    os.mkdir(os.environ["SIMULATED_ARTIFACTS"])
"""


def test_a_cancelled_run_interrupts_its_step_and_skips_what_comes_after(bare: Simulator) -> None:
    patient = f"exec python3 -c '{PATIENT}'"
    sha = commit(
        bare,
        {
            "some.yml": workflow(
                {
                    "work": job(
                        patient, {"if": "always()", "run": "echo kept the result"}, "echo went on"
                    ),
                    "next": job("true", needs="work"),
                }
            )
        },
    )
    run = bare.start("some.yml", events.push(MAIN, before=ZEROS, after=sha))
    run.cancel_when("ready", job="work")

    result = bare.finish(run)

    assert result.cancelled
    assert result.results == {"work": "cancelled"}
    # Not by what it printed: act lets go of the terminal of a step that it cancels.
    assert (bare.directory / "runs/1/artifacts").is_dir()
    assert "kept the result" in result["work"].lines
    assert "went on" not in result["work"].lines
    assert result.seconds < 30


def test_the_event_file_tells_what_happened(bare: Simulator) -> None:
    sha = commit(
        bare, {"some.yml": workflow({"look": job('cat "$GITHUB_EVENT_PATH"')}, "workflow_dispatch")}
    )

    result = bare.run("some.yml", events.dispatch(MAIN, sha, {"environment": "dev"}))

    payload = json.loads(result["look"].log)
    assert payload["inputs"] == {"environment": "dev"}
    assert payload["repository"]["full_name"] == events.REPOSITORY
