"""The events workflows run for: the payload, and what the runner's variables say of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

OWNER, NAME = "acme", "orders"
REPOSITORY = f"{OWNER}/{NAME}"
REPOSITORY_ID, OWNER_ID = 812345678, 9876543
DEFAULT_BRANCH = "main"

Payload = dict[str, Any]


@dataclass(frozen=True)
class Event:
    """What happened: `ref` and `sha` are what the workflow file is taken from and what is checked out."""

    name: str
    ref: str
    sha: str
    payload: Payload = field(default_factory=dict)
    actor: str = "alice"
    head_ref: str = ""
    base_ref: str = ""
    fork: bool = False

    @property
    def variables(self) -> dict[str, str]:
        """The runner's variables that follow from the event."""
        kind, _, short = self.ref.removeprefix("refs/").partition("/")
        return {
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_REPOSITORY_ID": str(REPOSITORY_ID),
            "GITHUB_REPOSITORY_OWNER": OWNER,
            "GITHUB_REPOSITORY_OWNER_ID": str(OWNER_ID),
            "GITHUB_ACTOR": self.actor,
            "GITHUB_TRIGGERING_ACTOR": self.actor,
            "GITHUB_REF": self.ref,
            "GITHUB_REF_NAME": short,
            "GITHUB_REF_TYPE": "tag" if kind == "tags" else "branch",
            "GITHUB_REF_PROTECTED": str(self.ref == f"refs/heads/{DEFAULT_BRANCH}").lower(),
            "GITHUB_HEAD_REF": self.head_ref,
            "GITHUB_BASE_REF": self.base_ref,
            # act takes the commit from here; what it would find by itself is the caller's own repository.
            "SHA_REF": self.sha,
        }

    @property
    def document(self) -> Payload:
        """The event's payload as GitHub would send it, as far as workflows and the blueprint read it."""
        return {"repository": repository(), "sender": {"login": self.actor}, **self.payload}


def repository(name: str = REPOSITORY, identifier: int = REPOSITORY_ID) -> Payload:
    owner, short = name.split("/")
    return {
        "id": identifier,
        "name": short,
        "full_name": name,
        "default_branch": DEFAULT_BRANCH,
        "private": True,
        "fork": name != REPOSITORY,
        "owner": {"login": owner, "id": OWNER_ID},
    }


def push(ref: str, *, before: str, after: str, actor: str = "alice", forced: bool = False) -> Event:
    """A push of branch or tag `ref`; `before` is 40 zeros where it is new. `after` is a commit."""
    payload = {
        "ref": ref,
        "before": before,
        "after": after,
        "created": set(before) == {"0"},
        "deleted": False,
        "forced": forced,
        "head_commit": {"id": after},
    }
    return Event("push", ref, after, payload, actor=actor)


def pull_request(
    pull: Mapping[str, Any], *, action: str, merge: str, label: str | None = None
) -> Event:
    """Something happened to the pull request `pull` (as GitHub's API shows it); `merge` is its trial merge."""
    payload: Payload = {"action": action, "number": pull["number"], "pull_request": dict(pull)}
    if label:
        payload["label"] = {"name": label}
    return Event(
        "pull_request",
        f"refs/pull/{pull['number']}/merge",
        merge,
        payload,
        actor=pull["user"]["login"],
        head_ref=pull["head"]["ref"],
        base_ref=pull["base"]["ref"],
        fork=pull["head"]["repo"]["full_name"] != REPOSITORY,
    )


def dispatch(ref: str, sha: str, inputs: Mapping[str, str], *, actor: str = "alice") -> Event:
    """A person started a workflow on `ref`, with `inputs`."""
    return Event("workflow_dispatch", ref, sha, {"ref": ref, "inputs": dict(inputs)}, actor=actor)


def schedule(sha: str, *, cron: str) -> Event:
    """The clock started a workflow, always on the default branch."""
    return Event(
        "schedule", f"refs/heads/{DEFAULT_BRANCH}", sha, {"schedule": cron}, actor="github"
    )


def merge_group(ref: str, sha: str, *, base: str) -> Event:
    """A merge queue asks whether the commit `sha` on its own branch `ref` may become the default branch."""
    group = {
        "head_sha": sha,
        "head_ref": ref,
        "base_sha": base,
        "base_ref": f"refs/heads/{DEFAULT_BRANCH}",
    }
    return Event("merge_group", ref, sha, {"action": "checks_requested", "merge_group": group})


def as_json(event: Event) -> str:
    """The event's file."""
    return json.dumps(event.document, indent=1)
