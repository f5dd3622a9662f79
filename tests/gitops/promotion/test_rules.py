"""The promotion rules as a table: one row of facts, and what each environment says to it."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from blueprint.errors import BlueprintError, UsageError
from blueprint.promotion import policy, rules
from blueprint.promotion.git import Tag
from blueprint.promotion.policy import Environment, Policy
from blueprint.promotion.rules import Facts, Request

SHIPPED = policy.read()
COMMIT, EARLIER, OTHER = "c" * 40, "e" * 40, "0" * 40


def tag(name: str, kind: Any = "annotated", commit: str = COMMIT) -> Tag:
    return Tag(name, "a" * 40, commit, kind)


# What a commit looks like that each environment takes.
GOOD = {
    "dev": Facts(
        commit=COMMIT,
        pushed=None,
        tags=(),
        moved_to=None,
        on_main=True,
        converged_before=True,
        pointer=EARLIER,
        pointer_on_main=True,
        descends=True,
        pointer_before=None,
    )
}
GOOD["staging"] = replace(
    GOOD["dev"], pushed="v1.4.0-rc.1", tags=(tag("v1.4.0-rc.1"),), pointer_before=COMMIT
)
GOOD["prod"] = replace(GOOD["staging"], pushed="v1.4.0", tags=(tag("v1.4.0"), tag("v1.4.0-rc.1")))


@dataclass(frozen=True)
class Row:
    """What differs from the good facts of `environment`; `refused` is in the refusal, None where it is taken."""

    environment: str
    refused: str | None = None
    remedy: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def row(environment: str, refused: str | None = None, remedy: str = "", /, **facts: Any) -> Row:
    return Row(environment, refused, remedy, facts)


RC, FINAL = tag("v1.4.0-rc.1"), tag("v1.4.0")
TABLE = {
    "a merge reaches dev": row("dev"),
    "a candidate reaches staging": row("staging"),
    "a release reaches prod": row("prod"),
    "the first deployment of all": row("dev", pointer=None, pointer_on_main=False),
    "what is deployed already is deployed again": row("prod", pointer=COMMIT),
    "a signed tag is as good": row("staging", tags=(tag("v1.4.0-rc.1", "signed"),)),
    "the second candidate of a version": row(
        "prod", tags=(FINAL, tag("v1.4.0-rc.2"), tag("v1.3.0-rc.7"))
    ),
    "a dispatch takes the tags the commit has": row("prod", pushed=None),
    "a dispatch takes the one of two releases that has a candidate": row(
        "prod", pushed=None, tags=(FINAL, RC, tag("v1.3.9"))
    ),
    "a side branch": row("dev", "is not one of the main branch's own", "merge it", on_main=False),
    "a candidate on a side branch": row("staging", "main branch's own", on_main=False),
    "a release on a side branch": row("prod", "main branch's own", on_main=False),
    "a lightweight candidate": row(
        "staging",
        "v1.4.0-rc.1 is lightweight",
        "git tag -a v1.4.0-rc.1",
        tags=(tag("v1.4.0-rc.1", "lightweight"),),
    ),
    "a lightweight release": row(
        "prod", "v1.4.0 is lightweight", tags=(tag("v1.4.0", "lightweight"), RC)
    ),
    "a tag that was moved since": row(
        "staging", "v1.4.0-rc.1 was moved", "push a new one", moved_to=OTHER, tags=()
    ),
    "a candidate that dev never had": row(
        "staging",
        f"never converged in dev, where {EARLIER[:12]} is deployed",
        "wait until dev has converged",
        converged_before=False,
        pointer_before=EARLIER,
    ),
    "a candidate before anything reached dev": row(
        "staging",
        "never converged in dev, where nothing is deployed",
        converged_before=False,
        pointer_before=None,
    ),
    "a release that staging never had": row(
        "prod", "never converged in staging", converged_before=False
    ),
    "a release without a candidate": row(
        "prod",
        r"no tag of the form vX.Y.Z-rc.N of the same version (1.4.0); its candidates: none",
        "to staging first",
        tags=(FINAL,),
    ),
    "a release whose candidate is of another version": row(
        "prod", "its candidates: 1.3.0", tags=(FINAL, tag("v1.3.0-rc.1"))
    ),
    "a release whose candidate is lightweight": row(
        "prod", "its candidates: none", tags=(FINAL, tag("v1.4.0-rc.1", "lightweight"))
    ),
    "a release is not excused by another release's candidate": row(
        "prod", "same version (1.4.0)", tags=(FINAL, tag("v1.3.0"), tag("v1.3.0-rc.1"))
    ),
    "a dispatch of a commit nobody released": row(
        "prod", "it has no annotated tag of the form vX.Y.Z", "git tag -a", pushed=None, tags=(RC,)
    ),
    "a dispatch to staging of a commit without candidate": row(
        "staging", "no annotated tag of the form vX.Y.Z-rc.N", pushed=None, tags=()
    ),
    "a dispatch of a lightweight release": row(
        "prod",
        "no annotated tag of the form vX.Y.Z",
        pushed=None,
        tags=(tag("v1.4.0", "lightweight"), RC),
    ),
    "an older commit": row(
        "prod",
        f"does not descend from {EARLIER[:12]}",
        f"blueprint delivery rollback -s prod --to {COMMIT}",
        descends=False,
    ),
    "an older commit of main": row("dev", "would go backwards", "rollback -s dev", descends=False),
    "main was force-pushed": row(
        "dev",
        "main was force-pushed",
        f"git push origin {EARLIER}:refs/heads/recovered",
        pointer_on_main=False,
        descends=False,
    ),
    "main was force-pushed under prod": row(
        "prod", "is no longer part of the main branch", "roll back", pointer_on_main=False
    ),
}


@pytest.mark.parametrize("case", TABLE.values(), ids=TABLE)
def test_the_rules_hold(case: Row) -> None:
    environment = SHIPPED.environment(case.environment)
    target = rules.Target(environment, SHIPPED.before(environment))
    facts = replace(GOOD[case.environment], **case.facts)

    if case.refused is None:
        decision = rules.judge(target, facts)
        assert (decision.environment, decision.commit) == (case.environment, COMMIT)
        return
    with pytest.raises(BlueprintError) as refused:
        rules.judge(target, facts)
    assert case.refused in refused.value.message
    assert refused.value.message.startswith(f"{case.environment} does not take {COMMIT[:12]}: ")
    assert case.remedy in refused.value.remedy
    assert refused.value.remedy


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__.lstrip("_"))
def test_no_rule_is_without_a_case_that_it_alone_refuses(rule: rules.Rule) -> None:
    """Each of the table's refusals is the first rule's that is broken; without one of them something would pass."""
    refused = [
        case
        for case in TABLE.values()
        if case.refused is not None
        and next(other for other in rules.RULES if other(*judged(case))) is rule
    ]

    assert refused


def judged(case: Row) -> tuple[rules.Target, Facts]:
    environment = SHIPPED.environment(case.environment)
    target = rules.Target(environment, SHIPPED.before(environment))
    return target, replace(GOOD[case.environment], **case.facts)


@pytest.mark.parametrize(
    ("request_", "environment"),
    [
        (Request(COMMIT, "refs/heads/main"), "dev"),
        (Request(COMMIT, "refs/tags/v1.4.0-rc.1"), "staging"),
        (Request(COMMIT, "refs/tags/v1.4.0"), "prod"),
        (Request(COMMIT, "refs/heads/main", environment="prod"), "prod"),
        (Request(COMMIT, environment="dev"), "dev"),
        (Request(COMMIT, "refs/heads/feature"), None),
        (Request(COMMIT, "refs/tags/docs-1"), None),
        (Request(COMMIT, "refs/pull/7/merge"), None),
        (Request(COMMIT), None),
    ],
)
def test_a_request_is_for_the_environment_its_ref_reaches_or_it_names(
    request_: Request, environment: str | None
) -> None:
    target = rules.target(request_, SHIPPED)

    assert (target and target.environment.name) == environment


def test_a_ref_that_reaches_nothing_is_told_what_would() -> None:
    decision = rules.nothing(Request(COMMIT, "refs/heads/feature"), SHIPPED)

    assert decision.environment is None
    assert decision.reason == (
        "feature reaches no environment"
        " (main reaches dev, vX.Y.Z-rc.N reaches staging, vX.Y.Z reaches prod)"
    )


@pytest.mark.parametrize("name", ["v01.4.0", "v1.4", "v1.4.0-rc.01"])
def test_a_tag_that_is_meant_as_a_release_and_is_none_is_refused(name: str) -> None:
    with pytest.raises(BlueprintError, match=f"{name} is no release") as refused:
        rules.target(Request(COMMIT, f"refs/tags/{name}"), SHIPPED)

    assert "vX.Y.Z-rc.N or vX.Y.Z" in refused.value.remedy


def test_a_dispatch_to_an_unknown_environment_is_refused() -> None:
    with pytest.raises(UsageError, match="there is no environment 'qa'"):
        rules.target(Request(COMMIT, environment="qa"), SHIPPED)


def test_the_order_is_the_files_and_not_the_programs() -> None:
    """With one more environment between, prod asks for that one's candidate and convergence."""
    four = Policy(
        (
            *SHIPPED.environments[:2],
            Environment("load", "refs/tags/vX.Y.Z-load.N"),
            SHIPPED.environments[2],
        )
    )
    target = rules.target(Request(COMMIT, "refs/tags/v1.4.0"), four)
    assert target is not None

    with pytest.raises(BlueprintError, match=r"no tag of the form vX\.Y\.Z-load\.N"):
        rules.judge(target, GOOD["prod"])
    with pytest.raises(BlueprintError, match="never converged in load"):
        rules.judge(
            target,
            replace(GOOD["prod"], tags=(FINAL, tag("v1.4.0-load.1")), converged_before=False),
        )


def test_the_decision_says_whether_it_is_new_there() -> None:
    target = rules.Target(SHIPPED.environments[0], None)

    first = rules.judge(target, replace(GOOD["dev"], pointer=None))
    again = rules.judge(target, replace(GOOD["dev"], pointer=COMMIT))

    assert rules.judge(target, GOOD["dev"]).reason == f"follows {EARLIER[:12]}"
    assert first.reason == "follows nothing: the first deployment"
    assert again.reason == "is deployed already, and is brought to what it should be again"
