"""The promotion rules: what a commit must have been through before an environment takes it.

Pure functions over facts, so that the rules are a table in their tests. Every refusal says the rule, what
was found, and what to do.
"""

from collections.abc import Callable
from dataclasses import dataclass

from blueprint.errors import BlueprintError
from blueprint.promotion.git import Tag
from blueprint.promotion.policy import Environment, Policy, Release


@dataclass(frozen=True)
class Request:
    """What happened, or is asked for: a push of `ref` at `sha`, or a dispatch, which names the environment."""

    sha: str
    ref: str = ""
    environment: str | None = None


@dataclass(frozen=True)
class Target:
    """The environment that a request is for, and the environment a commit must have passed before it."""

    environment: Environment
    before: Environment | None


@dataclass(frozen=True)
class Facts:
    """What is so, when the request is judged.

    commit           the one asked for: 40 hexadecimal digits
    pushed           the name of the tag that was pushed; None for a branch and for a dispatch
    tags             every tag on the commit, as this clone has them now
    moved_to         the commit the pushed tag is on now, where that is another one
    on_main          the commit is one of the main branch's own (first parents)
    converged_before the commit has converged in the environment before; True where there is none
    pointer          what is deployed to the environment; None where nothing is
    pointer_on_main  that is still part of the main branch's history
    descends         the commit is the pointer, or descends from it
    pointer_before   what is deployed to the environment before
    """

    commit: str
    pushed: str | None
    tags: tuple[Tag, ...]
    moved_to: str | None
    on_main: bool
    converged_before: bool
    pointer: str | None
    pointer_on_main: bool
    descends: bool
    pointer_before: str | None


@dataclass(frozen=True)
class Decision:
    """The commit to deploy and where to; `environment` is None when the ref reaches none. `reason` says why."""

    environment: str | None
    commit: str
    reason: str


@dataclass(frozen=True)
class Refusal:
    """A broken rule: the rule and what was found, and what to do about it."""

    message: str
    remedy: str


def target(request: Request, policy: Policy) -> Target | None:
    """The environment `request` is for; None where its ref reaches none.

    Raises BlueprintError for a tag that is meant as a release and is no semantic version.
    """
    if request.environment is not None:
        environment = policy.environment(request.environment)
        return Target(environment, policy.before(environment))
    reached = policy.reached_by(request.ref)
    if reached is not None:
        return Target(reached, policy.before(reached))
    if policy.spoiled(request.ref):
        known = " or ".join(item.short for item in policy.environments if item.is_tagged)
        raise BlueprintError(
            f"{short(request.ref)} is no release: a tag is a semantic version, none of its numbers starts with a zero",
            remedy=f"delete the tag and push one of the form {known}",
        )
    return None


def nothing(request: Request, policy: Policy) -> Decision:
    """The decision for a ref that reaches no environment."""
    known = ", ".join(f"{item.short} reaches {item.name}" for item in policy.environments)
    return Decision(
        None, request.sha, f"{short(request.ref) or 'no ref'} reaches no environment ({known})"
    )


def judge(target: Target, facts: Facts) -> Decision:
    """The decision to deploy; BlueprintError with the first broken rule."""
    for rule in RULES:
        if refusal := rule(target, facts):
            raise BlueprintError(
                f"{target.environment.name} does not take {brief(facts.commit)}: {refusal.message}",
                remedy=refusal.remedy,
            )
    again = facts.pointer == facts.commit
    return Decision(
        target.environment.name,
        facts.commit,
        "is deployed already, and is brought to what it should be again"
        if again
        else f"follows {brief(facts.pointer) if facts.pointer else 'nothing: the first deployment'}",
    )


def _tag_stands_where_it_was_pushed(_: Target, facts: Facts) -> Refusal | None:
    if facts.moved_to is None:
        return None
    return Refusal(
        f"tag {facts.pushed} was moved: it was pushed on this commit and is on {brief(facts.moved_to)} now",
        "a released tag stays where it is: push a new one with the next number",
    )


def _tag_is_annotated(_: Target, facts: Facts) -> Refusal | None:
    pushed = next((tag for tag in facts.tags if tag.name == facts.pushed), None)
    if pushed is None or pushed.kind != "lightweight":
        return None
    return Refusal(
        f"tag {pushed.name} is lightweight: it does not say who released, and when",
        f"delete it, and make it with `git tag -a {pushed.name}` (or -s, signed) before pushing it again",
    )


def _commit_is_on_main(_: Target, facts: Facts) -> Refusal | None:
    if facts.on_main:
        return None
    return Refusal(
        "it is not one of the main branch's own commits: it was never merged, or only as part of a merge,"
        " or main was force-pushed since",
        "merge it, and take the commit that the merge made on main",
    )


def _pointer_is_on_main(target: Target, facts: Facts) -> Refusal | None:
    if facts.pointer is None or facts.pointer_on_main:
        return None
    environment = target.environment.name
    return Refusal(
        f"the commit deployed there, {brief(facts.pointer)}, is no longer part of the main branch:"
        " main was force-pushed",
        f"bring the lost commits back: `git push origin {facts.pointer}:refs/heads/recovered`, and merge that branch;"
        f" or, if they were meant to go, roll back to the last commit both have:"
        f" `blueprint delivery rollback -s {environment} --to <commit>`",
    )


def _commit_is_released(target: Target, facts: Facts) -> Refusal | None:
    if not target.environment.is_tagged or _releases(target.environment, facts):
        return None
    return Refusal(
        f"it has no annotated tag of the form {target.environment.short}",
        f"tag it: `git tag -a {target.environment.short} {facts.commit}`, and push the tag, which deploys it",
    )


def _candidate_was_released(target: Target, facts: Facts) -> Refusal | None:
    if target.before is None or not target.before.is_tagged:
        return None
    wanted = {release.version for release in _releases(target.environment, facts)}
    candidates = _releases(target.before, facts)
    if wanted & {release.version for release in candidates}:
        return None
    versions = ", ".join(release.text for release in sorted(_releases(target.environment, facts)))
    return Refusal(
        f"it has no tag of the form {target.before.short} of the same version ({versions});"
        f" its candidates: {', '.join(release.text for release in sorted(candidates)) or 'none'}",
        f"release the same commit to {target.before.name} first, with a tag of that version; then tag it for"
        f" {target.environment.name}",
    )


def _commit_has_converged_before(target: Target, facts: Facts) -> Refusal | None:
    if target.before is None or facts.converged_before:
        return None
    name = target.before.name
    present = brief(facts.pointer_before) if facts.pointer_before else "nothing"
    return Refusal(
        f"it has never converged in {name}, where {present} is deployed",
        f"wait until {name} has converged at this commit, and run this again; where {name} is past it already,"
        f" take a commit that has converged there",
    )


def _pointer_moves_forwards(target: Target, facts: Facts) -> Refusal | None:
    if facts.pointer is None or facts.descends:
        return None
    return Refusal(
        f"it does not descend from {brief(facts.pointer)}, which is deployed there: that would go backwards",
        f"to go back on purpose: `blueprint delivery rollback -s {target.environment.name} --to {facts.commit}`",
    )


Rule = Callable[[Target, Facts], Refusal | None]

# In this order: a rule may rely on those before it.
RULES: tuple[Rule, ...] = (
    _tag_stands_where_it_was_pushed,
    _tag_is_annotated,
    _pointer_is_on_main,
    _commit_is_on_main,
    _commit_is_released,
    _candidate_was_released,
    _commit_has_converged_before,
    _pointer_moves_forwards,
)


def _releases(environment: Environment, facts: Facts) -> list[Release]:
    """The releases that the commit's annotated tags name for `environment`; of a pushed tag, that one alone."""
    pushed_here = facts.pushed is not None and environment.takes(f"refs/tags/{facts.pushed}")
    return [
        release
        for tag in facts.tags
        if tag.kind != "lightweight"
        and (tag.name == facts.pushed or not pushed_here)
        and (release := environment.release(f"refs/tags/{tag.name}")) is not None
    ]


def brief(sha: str) -> str:
    """A commit ID as people read it."""
    return sha[:12]


def short(ref: str) -> str:
    """A ref as people write it."""
    return ref.removeprefix("refs/heads/").removeprefix("refs/tags/")
