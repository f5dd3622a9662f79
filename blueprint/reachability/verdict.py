"""What a proof is made of: steps, each of which holds, is refuted or cannot be judged."""

from dataclasses import dataclass
from enum import StrEnum

from blueprint.documents.model import Declared
from blueprint.reachability.codes import Code


class Verdict(StrEnum):
    """What is known of an alarm, or of one step of its proof."""

    PROVED = "proved"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Step:
    """One thing that was looked at: what was found, in one sentence, and the remedy where something is wrong.

    `field` is the argument it is about, in Terraform's name, where it is about one.
    """

    code: Code
    verdict: Verdict
    text: str
    remedy: str = ""
    field: str = ""


@dataclass(frozen=True)
class Witness:
    """Values inside what the metrics can report that take the alarm to ALARM and, after them, back to OK."""

    fires: str
    clears: str


@dataclass(frozen=True)
class Proof:
    """Everything that was looked at about one alarm; it is proved only where a witness was seen to work."""

    declared: Declared
    name: str
    steps: tuple[Step, ...]
    witness: Witness | None = None
    notes: tuple[Step, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """Refused where one step is, else unknown where one is, else proved."""
        found = {step.verdict for step in self.steps}
        for verdict in (Verdict.REFUSED, Verdict.UNKNOWN):
            if verdict in found:
                return verdict
        return Verdict.PROVED

    @property
    def reasons(self) -> tuple[Step, ...]:
        """The steps that made the verdict; none where everything holds."""
        if self.verdict is Verdict.PROVED:
            return ()
        return tuple(step for step in self.steps if step.verdict is self.verdict)


def holds(code: Code, text: str) -> Step:
    """A step that holds."""
    return Step(code, Verdict.PROVED, text)


def refused(code: Code, text: str, remedy: str, field: str = "") -> Step:
    """A step that was proved wrong."""
    return Step(code, Verdict.REFUSED, text, remedy, field)


def unknown(code: Code, text: str, remedy: str, field: str = "") -> Step:
    """A step that cannot be judged from what is given."""
    return Step(code, Verdict.UNKNOWN, text, remedy, field)
