"""Holds this repository's own alarms to the proof: what `make check` says of them."""

from blueprint.catalogue import catalogue as catalogues
from blueprint.reachability import own
from blueprint.reachability.proof import prove
from blueprint.reachability.verdict import Verdict


def check() -> list[str]:
    """Each alarm of ours that is not proved, with the reasons: unknown is not good enough here."""
    known = catalogues.load()
    faults = []
    for stack in own.STACKS:
        for proof in prove(*own.read(stack, known, ())):
            if proof.verdict is not Verdict.PROVED:
                reasons = "; ".join(step.text for step in proof.reasons)
                faults.append(f"{stack}: {proof.name} is {proof.verdict.value}: {reasons}")
    return faults
