"""Resolves what a rollback goes back to, and lists what it undoes."""

from dataclasses import dataclass

from blueprint.errors import BlueprintError
from blueprint.promotion.git import Commit, Repository
from blueprint.promotion.policy import Policy
from blueprint.promotion.ports import History
from blueprint.promotion.rules import brief


@dataclass(frozen=True)
class Rollback:
    """From the deployed commit back to `commit`; `undone` are the commits of main that go, newest first."""

    environment: str
    pointer: str
    commit: str
    undone: tuple[Commit, ...]


def resolve(
    environment: str,
    to: str | None = None,
    *,
    policy: Policy,
    repository: Repository,
    history: History,
) -> Rollback:
    """The rollback of `environment` to `to` (a tag, branch or commit), or to what it had converged at before.

    Only a commit that has converged there, and that the deployed one descends from, is taken. Raises BlueprintError
    with what was found otherwise.
    """
    name = policy.environment(environment).name
    pointer = history.pointer(name)
    if pointer is None:
        raise BlueprintError(
            f"nothing was ever deployed to {name}: there is nothing to go back from",
            remedy="deploy first: push to the main branch, or release",
        )
    commit = (
        _previous(name, pointer, repository, history)
        if to is None
        else _named(name, to, pointer, repository, history)
    )
    undone = tuple(repository.first_parents(pointer, since=commit))
    return Rollback(name, pointer, commit, undone)


def _previous(environment: str, pointer: str, repository: Repository, history: History) -> str:
    for commit in history.history(environment):
        if commit != pointer and repository.is_ancestor(commit, pointer):
            return commit
    raise BlueprintError(
        f"{environment} has converged at no commit before {brief(pointer)}, which is deployed there",
        remedy="there is nothing to roll back to: revert the change on the main branch, and deploy that",
    )


def _named(
    environment: str, to: str, pointer: str, repository: Repository, history: History
) -> str:
    commit = repository.commit(to)
    shown = brief(commit) if commit.startswith(to) else f"{to} ({brief(commit)})"
    if commit == pointer:
        raise BlueprintError(
            f"{shown} is what is deployed to {environment}",
            remedy="name an older commit; to bring the environment back to what it should be, deploy again",
        )
    if not repository.is_ancestor(commit, pointer):
        raise BlueprintError(
            f"{shown} is not older than {brief(pointer)}, which is deployed to {environment}",
            remedy=f"a rollback goes back only; forwards: `blueprint delivery promote --environment {environment}"
            f" --sha {commit}`",
        )
    if not history.converged(environment, commit):
        known = ", ".join(brief(sha) for sha in history.history(environment)[:5] if sha != pointer)
        raise BlueprintError(
            f"{shown} has never converged in {environment}, so nobody knows that it works there",
            remedy=f"take one that has: {known}"
            if known
            else "revert the change on the main branch, and deploy that",
        )
    return commit
