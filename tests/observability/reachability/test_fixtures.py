"""Public alarms: each that ships broken is refused with its reason, and none that works is."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from blueprint.catalogue import catalogue
from blueprint.documents import reading
from blueprint.reachability.proof import prove
from blueprint.reachability.verdict import Proof, Verdict

FIXTURES = Path(__file__).with_name("fixtures")
CASES = sorted(file.parent for file in FIXTURES.glob("*/*/expected.yaml"))


def expected(case: Path) -> dict[str, dict[str, Any]]:
    alarms: dict[str, dict[str, Any]] = yaml.safe_load((case / "expected.yaml").read_text())[
        "alarms"
    ]
    return alarms


def proofs(case: Path) -> dict[str, Proof]:
    plan = case / "plan.json"
    file = plan if plan.is_file() else case / "template.yaml"
    document = reading.read(file)
    return {proof.declared.place.address: proof for proof in prove([document], catalogue.load())}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.name}")
def test_each_alarm_gets_the_verdict_and_reason_that_are_expected(case: Path) -> None:
    found = proofs(case)
    wanted = expected(case)
    told = {
        address: {
            "verdict": proof.verdict.value,
            "code": [step.code.name for step in proof.reasons],
            "sentence": " ".join(f"{step.text}. {step.remedy}" for step in proof.reasons),
        }
        for address, proof in found.items()
    }
    wrong = {
        address: told[address]
        for address, wish in wanted.items()
        if told[address]["verdict"] != wish["verdict"]
        or ("code" in wish and wish["code"] not in told[address]["code"])
        or not all(word in told[address]["sentence"] for word in wish.get("words", []))
    }
    assert set(found) == set(wanted)
    assert wrong == {}


def test_every_public_fault_is_refused_and_nothing_recommended_is() -> None:
    def verdicts(kind: str) -> list[Verdict]:
        return [
            proof.verdict
            for case in CASES
            if case.parent.name == kind
            for proof in proofs(case).values()
        ]

    faults, recommended = verdicts("public-faults"), verdicts("recommended")
    assert len(faults) >= 10
    assert Verdict.REFUSED in faults
    assert len(recommended) >= 40
    assert Verdict.REFUSED not in recommended
