"""The verdicts as SARIF 2.1.0, which GitHub and editors show beside the lines."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from blueprint.reachability import codes
from blueprint.reachability.verdict import Proof, Step, Verdict

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Verdict.REFUSED: "error", Verdict.UNKNOWN: "warning", Verdict.PROVED: "note"}


def log(proofs: Sequence[Proof]) -> dict[str, Any]:
    """A SARIF log of one run: an error for each refusal, a warning for what is unknown, a note for each note.

    A Terraform plan has no lines: its results stand at the file's first line, and name the resource's address.
    """
    results = [_result(proof, step) for proof in proofs for step in (*proof.reasons, *proof.notes)]
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "blueprint alarms lint",
                        "rules": [_rule(code) for code in codes.ALL],
                    }
                },
                "results": results,
            }
        ],
    }


def _rule(code: codes.Code) -> dict[str, Any]:
    return {
        "id": code.name,
        "shortDescription": {"text": code.meaning},
        "help": {"text": f"{code.meaning} See {code.name} in docs/alarms-lint.md."},
    }


def _result(proof: Proof, step: Step) -> dict[str, Any]:
    place = proof.declared.place
    line = proof.declared.lines.get(step.field) or place.line or 1
    remedy = f". {step.remedy[:1].upper()}{step.remedy[1:]}" if step.remedy else ""
    key = f"{step.code.name}|{place.file}|{place.address}|{step.field}"
    return {
        "ruleId": step.code.name,
        "ruleIndex": codes.ALL.index(step.code),
        "level": _LEVELS[step.verdict],
        "message": {"text": f"{proof.name}: {step.text}{remedy}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(place.file)},
                    "region": {"startLine": line},
                },
                "logicalLocations": [{"fullyQualifiedName": place.address, "kind": "resource"}],
            }
        ],
        # The same finding keeps its identity when lines move, so that a dismissed one stays dismissed.
        "partialFingerprints": {"alarm/v1": sha256(key.encode()).hexdigest()},
    }


def _uri(file: str) -> str:
    path = Path(file)
    return path.as_uri() if path.is_absolute() else path.as_posix()
