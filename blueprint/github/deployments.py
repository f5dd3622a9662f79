"""The record of which commits an environment has wholly converged to, kept as GitHub deployments."""

from collections.abc import Iterator
from typing import Any

from blueprint.github.client import Client

# Keeps these apart from the deployments GitHub itself makes for every job with an environment.
TASK = "converged"


def converged(client: Client, environment: str, sha: str) -> bool:
    """Whether `environment` was ever recorded as converged at the commit `sha`."""
    return any(
        _succeeded(client, deployment) for deployment in _deployments(client, environment, sha=sha)
    )


def history(client: Client, environment: str, *, limit: int = 20) -> list[str]:
    """Commits `environment` converged at, the last one first, each once, at most `limit`.

    Costs one call per commit looked at, out of the thousand a workflow has per hour.
    """
    shas: list[str] = []
    for deployment in _deployments(client, environment):
        sha = str(deployment["sha"])
        if sha not in shas and _succeeded(client, deployment):
            shas.append(sha)
            if len(shas) == limit:
                break
    return shas


def record(client: Client, environment: str, sha: str, *, run_url: str | None = None) -> None:
    """Record that `environment` has converged at `sha`; saying it twice in a row records it once.

    A commit that comes back after another is recorded again, so that the history keeps its order.
    """
    if history(client, environment, limit=1) == [sha]:
        return
    deployment = client.post(
        "/deployments",
        {
            "ref": sha,
            "task": TASK,
            "environment": environment,
            "description": "every component applied, second plan empty, smoke test passed",
            "auto_merge": False,
            "required_contexts": [],
        },
    )
    client.post(
        f"/deployments/{deployment['id']}/statuses",
        {
            "state": "success",
            "environment": environment,
            # Otherwise GitHub marks the deployment of the very job that runs this as inactive.
            "auto_inactive": False,
            **({"log_url": run_url} if run_url else {}),
        },
    )


def _deployments(client: Client, environment: str, **filters: str) -> Iterator[dict[str, Any]]:
    """Newest first, as GitHub lists them."""
    return client.each("/deployments", environment=environment, task=TASK, **filters)


def _succeeded(client: Client, deployment: dict[str, Any]) -> bool:
    """Whether it ever was a success: a later deployment of the environment makes it `inactive`."""
    statuses = client.each(f"/deployments/{deployment['id']}/statuses")
    return any(status["state"] == "success" for status in statuses)
