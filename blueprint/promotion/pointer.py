"""Moves an environment's deployed pointer, the branch deployed/<environment>, and records what has converged."""

from dataclasses import dataclass
from typing import Literal

from blueprint.errors import BlueprintError
from blueprint.promotion.git import Repository
from blueprint.promotion.ports import Ledger
from blueprint.promotion.rules import brief

Step = Literal["created", "forward", "unchanged", "backward"]
# How a commit lies to the pointer: the two are the same, one descends from the other, or neither does.
Relation = Literal["same", "newer", "older", "apart"]


@dataclass(frozen=True)
class Move:
    """What became of the pointer of `environment`; `before` is None where it was made."""

    environment: str
    before: str | None
    after: str
    step: Step


def decide(
    environment: str, pointer: str | None, commit: str, relation: Relation, *, backwards: bool
) -> Move:
    """The move from `pointer` to `commit`; BlueprintError where it is not the one that is meant."""
    if pointer is None:
        return Move(environment, None, commit, "created")
    if relation == "same":
        return Move(environment, pointer, commit, "unchanged")
    if relation == "newer" and not backwards:
        return Move(environment, pointer, commit, "forward")
    if relation == "older" and backwards:
        return Move(environment, pointer, commit, "backward")
    refused = f"deployed/{environment} does not move from {brief(pointer)} to {brief(commit)}: "
    if relation == "newer":
        raise BlueprintError(
            f"{refused}that is forwards, and --backwards was given",
            remedy="leave --backwards out; it is for rollbacks",
        )
    if relation == "older":
        raise BlueprintError(
            f"{refused}that is backwards",
            remedy=f"to go back on purpose: `blueprint delivery rollback -s {environment} --to {commit}`",
        )
    raise BlueprintError(
        f"{refused}neither descends from the other (main was force-pushed, or this is a side branch)",
        remedy="deploy a commit of main; after a force-push roll back to the last commit both have first:"
        f" `blueprint delivery rollback -s {environment} --to <commit>`",
    )


def move(
    environment: str,
    ref: str,
    *,
    repository: Repository,
    ledger: Ledger,
    backwards: bool = False,
) -> Move:
    """Move the pointer of `environment` to `ref` and record that it has converged there.

    Moving it to where it is records the convergence again, which heals a run that ended between the two. A move by
    another run meanwhile is an error.
    """
    commit = repository.commit(ref)
    pointer = ledger.pointer(environment)
    relation: Relation = "same" if pointer is None else _relation(pointer, commit, repository)
    found = decide(environment, pointer, commit, relation, backwards=backwards)
    # The record is what other environments go by, so it comes last: never before the pointer is known to be ours.
    if found.step != "unchanged":
        ledger.move_pointer(
            environment, commit, expected=pointer, backwards=found.step == "backward"
        )
    ledger.record(environment, commit)
    return found


def _relation(pointer: str, commit: str, repository: Repository) -> Relation:
    if pointer == commit:
        return "same"
    if repository.is_ancestor(pointer, commit):
        return "newer"
    return "older" if repository.is_ancestor(commit, pointer) else "apart"
