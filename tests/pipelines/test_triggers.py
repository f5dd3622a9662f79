"""Which event starts which workflow: the rules by which the simulator decides what GitHub would run."""

from pathlib import Path

import pytest

from blueprint.paths import ROOT
from tests.pipelines import events, triggers, workflow_files
from tests.pipelines.workflow_files import FOLDER

SHA = "a" * 40


def started(event: events.Event) -> set[str]:
    """The shipped workflows that `event` starts."""
    return {
        file.name
        for file in sorted((ROOT / FOLDER).glob("*.yml"))
        if triggers.starts(workflow_files.read(file), event)
    }


def push(ref: str) -> events.Event:
    return events.push(ref, before="0" * 40, after=SHA)


@pytest.mark.parametrize(
    ("ref", "files"),
    [
        ("refs/heads/main", {"checks.yml", "deploy.yml"}),
        ("refs/heads/main/not", set()),
        ("refs/heads/deployed/dev", set()),
        ("refs/tags/v1.2.3", {"deploy.yml"}),
        ("refs/tags/v10.20.30", {"deploy.yml"}),
        ("refs/tags/v1.2.3-rc.4", {"deploy.yml"}),
        ("refs/tags/v1.2.3-beta.1", set()),
        ("refs/tags/v1.2.3.4", set()),
        ("refs/tags/nightly", set()),
    ],
)
def test_a_push_starts_what_its_branch_or_tag_is_named_for(ref: str, files: set[str]) -> None:
    assert started(push(ref)) == files


def pull_request(action: str) -> events.Event:
    head = {"ref": "change", "sha": SHA, "repo": {"full_name": events.REPOSITORY}}
    pull = {
        "number": 7,
        "user": {"login": "alice"},
        "head": head,
        "base": {"ref": "main", "sha": SHA},
    }
    return events.pull_request(pull, action=action, merge=SHA)


def test_a_pull_request_is_checked_when_it_is_opened_and_previewed_when_it_is_labelled() -> None:
    assert started(pull_request("opened")) == {"checks.yml", "pr.yml"}
    assert started(pull_request("synchronize")) == {"checks.yml", "pr.yml", "preview.yml"}
    assert started(pull_request("labeled")) == {"preview.yml"}
    assert started(pull_request("closed")) == {"preview.yml"}


def test_a_workflow_that_is_only_called_is_started_by_nothing() -> None:
    everything = [
        push("refs/heads/main"),
        pull_request("opened"),
        events.dispatch("refs/heads/main", SHA, {}),
        events.schedule(SHA, cron="17 5 * * 1-5"),
        events.merge_group("refs/heads/gh-readonly-queue/main/pr-7", SHA, base=SHA),
    ]

    assert not {"apply.yml", "destroy.yml"} & set().union(*map(started, everything))


def test_a_filter_the_simulator_does_not_know_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "some.yml"
    file.write_text("on: {push: {paths: [a/**]}}\n")

    with pytest.raises(AssertionError, match=r"does not know these filters of a push: {'paths'}"):
        triggers.starts(workflow_files.read(file), push("refs/heads/main"))
