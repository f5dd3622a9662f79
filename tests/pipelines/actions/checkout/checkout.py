"""Checks a commit out as actions/checkout does: shallow unless all of the history is asked for.

The job's workspace becomes a link to one of the machine's places, which keep the tools (and nothing
else) from job to job as GitHub's cache does; `make bootstrap` holds them to their locks all the same.
"""

import fcntl
import json
import os
import re
import subprocess
from pathlib import Path

_BRANCHES = "+refs/heads/*:refs/remotes/origin/*"
_KEPT = ("--exclude=/.venv", "--exclude=/.tools", "--exclude=/.git")


def main() -> None:
    inputs = json.loads(os.environ["INPUTS"])
    wanted = inputs["ref"] or os.environ["GITHUB_SHA"]
    deep = inputs["fetch-depth"] == "0"
    workspace = Path(os.environ["GITHUB_WORKSPACE"])
    if not workspace.is_symlink():
        settle(workspace)
    os.chdir(workspace)
    if deep:
        git("fetch", "--quiet", "--force", "--tags", "origin", _BRANCHES)
    commit = wanted if re.fullmatch(r"[0-9a-f]{40}", wanted) else resolve(wanted)
    git("fetch", "--quiet", "--no-tags", *(() if deep else ("--depth=1",)), "origin", commit)
    git("checkout", "--quiet", "--force", "--detach", commit)
    if inputs["clean"] == "true":
        git("clean", "-ffdxq", *_KEPT)
    print(f"checked out {commit}")


def settle(workspace: Path) -> None:
    """Give the job a place: the first that no living job has, with a new repository in it."""
    places = Path(os.environ["SIMULATED_PLACES"])
    places.mkdir(parents=True, exist_ok=True)
    with (places / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        number = 1
        while (owner := places / f"{number}.owner").exists() and Path(owner.read_text()).exists():
            number += 1
        # act removes a job's directory with the job.
        owner.write_text(str(workspace.parent))
    place = places / str(number)
    place.mkdir(exist_ok=True)
    subprocess.run(["rm", "-rf", str(place / ".git")], check=True)
    workspace.rename(workspace.with_suffix(".empty"))
    workspace.symlink_to(place)
    os.chdir(workspace)
    git("init", "--quiet", ".")
    git("remote", "add", "origin", os.environ["SIMULATED_ORIGIN"])


def resolve(name: str) -> str:
    """The commit of branch or tag `name` in the remote."""
    listed = git(
        "ls-remote", "origin", f"refs/heads/{name}", f"refs/tags/{name}", f"refs/tags/{name}^{{}}"
    )
    if not listed:
        raise SystemExit(f"A branch or tag with the name '{name}' could not be found")
    return listed.splitlines()[-1].split()[0]


def git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()


main()
