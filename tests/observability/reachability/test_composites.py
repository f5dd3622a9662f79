"""What keeps the rule of a composite alarm from becoming true, or from becoming false."""

from dataclasses import replace

import pytest

from blueprint.reachability.verdict import Verdict
from tests.observability.reachability.given import (
    ERRORS,
    SERVER_ERRORS,
    codes_of,
    composite,
    judged,
    watching,
)

A = watching(ERRORS, "Sum", name="a")
B = watching(SERVER_ERRORS, "Average", name="b", threshold=0.05)
DEAD = watching(SERVER_ERRORS, "Average", name="dead", threshold=1)


def rule(text: str, **changes: object) -> tuple[Verdict, list[str]]:
    proof = judged(composite("page", text, **changes), A, B, DEAD)[0]
    return proof.verdict, codes_of(proof)


@pytest.mark.parametrize(
    "text",
    [
        "ALARM(a)",
        "ALARM(a) AND ALARM(b)",
        "NOT ALARM(a) AND (ALARM(b) OR INSUFFICIENT_DATA(b))",
        'ALARM("arn:aws:cloudwatch:eu-west-1:111122223333:alarm:a") OR OK(b)',
        "AT_LEAST(2, ALARM, (a, b))",
    ],
)
def test_a_rule_that_can_be_true_and_false_is_proved(text: str) -> None:
    assert rule(text) == (Verdict.PROVED, [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ALARM(a) AND OK(a)", "COMPOSITE-NEVER"),
        ("FALSE", "COMPOSITE-NEVER"),
        ("AT_LEAST(3, ALARM, (a, b))", "COMPOSITE-NEVER"),
        ("ALARM(dead)", "COMPOSITE-NEVER"),
        ("ALARM(a) AND ALARM(dead)", "COMPOSITE-NEVER"),
        ("TRUE", "COMPOSITE-ALWAYS"),
        ("ALARM(a) OR NOT ALARM(a)", "COMPOSITE-ALWAYS"),
        ("ALARM(a) OR NOT ALARM(dead)", "COMPOSITE-ALWAYS"),
        ("ALARM(a", "COMPOSITE-RULE"),
        ("a AND b", "COMPOSITE-RULE"),
        ("ALARM(a) AND ALARM(page)", "COMPOSITE-CYCLE"),
    ],
)
def test_a_rule_that_cannot_work_is_refused(text: str, code: str) -> None:
    verdict, codes = rule(text)
    assert verdict is Verdict.REFUSED
    assert codes == [code]


def test_a_child_that_is_refused_or_nowhere_leaves_the_rule_unknown() -> None:
    assert rule("ALARM(a) OR ALARM(dead)") == (Verdict.UNKNOWN, ["COMPOSITE-CHILD"])
    assert rule("ALARM(a) OR ALARM(elsewhere)") == (Verdict.UNKNOWN, ["COMPOSITE-CHILD"])


def test_a_misspelt_child_is_told_with_the_alarm_that_was_meant() -> None:
    checkout = replace(A, name="checkout-errors")
    proof = judged(composite("page", "ALARM(checkout-error)"), checkout)[0]

    assert codes_of(proof) == ["COMPOSITE-CHILD"]
    assert proof.reasons[0].remedy == "did you mean checkout-errors?"


def test_composites_of_composites_are_judged_children_first_and_circles_are_told() -> None:
    outer = composite("outer", "ALARM(inner)")
    inner = composite("inner", "ALARM(a)")
    proofs = judged(outer, inner, A)
    assert [proof.verdict for proof in proofs] == [Verdict.PROVED] * 3

    circle = judged(outer, replace(inner, rule="ALARM(outer) OR ALARM(a)"), A)
    assert codes_of(circle[0]) == ["COMPOSITE-CYCLE"]
    assert circle[0].reasons[0].text == "it reads itself: outer -> inner -> outer"
    assert codes_of(circle[1]) == ["COMPOSITE-CYCLE"]


def test_rules_of_a_hundred_alarms_are_judged_and_of_more_are_refused() -> None:
    children = [replace(A, name=f"c{index}") for index in range(101)]
    names = [child.name for child in children]
    pairs = " OR ".join(
        f"(ALARM({one}) AND ALARM({other}))"
        for one, other in zip(names[:100:2], names[1:100:2], strict=True)
    )
    assert judged(composite("page", pairs), *children)[0].verdict is Verdict.PROVED
    everything = " OR ".join(f"ALARM({name})" for name in names)
    assert codes_of(judged(composite("page", everything), *children)[0]) == ["LIMITS"]
    assert codes_of(judged(composite("page", "ALARM(c1)" + " " * 10_300), *children)[0]) == [
        "LIMITS"
    ]


def test_two_alarms_of_one_name_are_refused() -> None:
    proofs = judged(A, replace(B, name="a"))
    assert [codes_of(proof) for proof in proofs] == [["NAME-TWICE"], ["NAME-TWICE"]]


def test_an_alarm_that_a_composite_reads_is_not_noted_as_telling_nobody() -> None:
    quiet = replace(A, actions=replace(A.actions, alarm=()))
    proofs = judged(composite("page", "ALARM(a)"), quiet)
    assert proofs[1].notes == ()
