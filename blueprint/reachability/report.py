"""Says what was proved: for a person, and as JSON for a program."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from rich.markup import escape

from blueprint.reachability.verdict import Proof, Step, Verdict

JSON_VERSION = 1
_MARKS = {
    Verdict.PROVED: "[green]✓ proved [/green]",
    Verdict.REFUSED: "[red]✗ refused[/red]",
    Verdict.UNKNOWN: "[yellow]? unknown[/yellow]",
}


def lines(proofs: Sequence[Proof], *, every: bool) -> Iterator[str]:
    """Rich text: each alarm that is not proved with its reasons, with `every` those that are, too."""
    for proof in proofs:
        if proof.verdict is Verdict.PROVED and not every:
            continue
        yield f"{_MARKS[proof.verdict]} [bold]{escape(proof.name)}[/bold]  [dim]{escape(_place(proof))}[/dim]"
        for step in proof.reasons:
            yield f"    {step.code.name}: {escape(_sentence(step))}"
        if proof.witness and every:
            yield f"    fires at {escape(proof.witness.fires)}"
            yield f"    clears at {escape(proof.witness.clears)}"
        if every:
            yield from (f"    {note.code.name}: {escape(note.text)}" for note in proof.notes)


def summary(proofs: Sequence[Proof]) -> str:
    """One line: how many alarms there are, and how many have each verdict."""
    found = Counter(proof.verdict for proof in proofs)
    alarms = f"{len(proofs)} alarm{'' if len(proofs) == 1 else 's'}"
    return f"{alarms}: " + ", ".join(f"{found[verdict]} {verdict}" for verdict in Verdict)


def as_json(proofs: Sequence[Proof]) -> dict[str, Any]:
    """Plain values; docs/alarms-lint.md describes them, and `version` rises when they change incompatibly."""
    found = Counter(proof.verdict for proof in proofs)
    return {
        "version": JSON_VERSION,
        "summary": {verdict.value: found[verdict] for verdict in Verdict},
        "alarms": [_alarm(proof) for proof in proofs],
    }


def _alarm(proof: Proof) -> dict[str, Any]:
    place = proof.declared.place
    return {
        "name": str(proof.name),
        "address": place.address,
        "file": place.file,
        "line": place.line,
        "verdict": proof.verdict.value,
        "witness": None
        if proof.witness is None
        else {"fires": proof.witness.fires, "clears": proof.witness.clears},
        "steps": [_step(step) for step in proof.steps],
        "notes": [_step(note) for note in proof.notes],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "code": step.code.name,
        "verdict": step.verdict.value,
        "text": step.text,
        "remedy": step.remedy or None,
        "field": step.field or None,
    }


def _sentence(step: Step) -> str:
    return f"{step.text}. {step.remedy[:1].upper()}{step.remedy[1:]}" if step.remedy else step.text


def _place(proof: Proof) -> str:
    place = proof.declared.place
    line = f":{place.line}" if place.line else ""
    return f"{place.file}{line} {place.address}"
