"""Gathers what the promotion rules judge by: from git, and from the record of what has converged."""

from blueprint.promotion import rules
from blueprint.promotion.git import Repository
from blueprint.promotion.policy import Policy
from blueprint.promotion.ports import Converged
from blueprint.promotion.rules import Decision, Facts, Request, Target


def promote(
    request: Request, policy: Policy, *, repository: Repository, converged: Converged
) -> Decision:
    """What `request` deploys, and where; a decision without environment where its ref reaches none.

    Raises BlueprintError with the rule that refuses it, what was found, and the remedy.
    """
    target = rules.target(request, policy)
    if target is None:
        return rules.nothing(request, policy)
    facts = gather(request, target, policy, repository=repository, converged=converged)
    return rules.judge(target, facts)


def gather(
    request: Request,
    target: Target,
    policy: Policy,
    *,
    repository: Repository,
    converged: Converged,
) -> Facts:
    """The facts about `request`'s commit as regards `target`."""
    commit = repository.commit(request.sha)
    main = repository.branch_tip(policy.main)
    is_tag = request.environment is None and target.environment.is_tagged
    pushed = rules.short(request.ref) if is_tag else None
    present = None if pushed is None else repository.commit(f"refs/tags/{pushed}")
    environment, before = target.environment, target.before
    pointer = converged.pointer(environment.name)
    return Facts(
        commit=commit,
        pushed=pushed,
        tags=tuple(repository.tags(at=commit)),
        moved_to=None if present == commit else present,
        on_main=repository.on_first_parents(commit, main),
        converged_before=before is None or converged.converged(before.name, commit),
        pointer=pointer,
        pointer_on_main=pointer is not None and repository.is_ancestor(pointer, main),
        descends=pointer is None or repository.is_ancestor(pointer, commit),
        pointer_before=None if before is None else converged.pointer(before.name),
    )
