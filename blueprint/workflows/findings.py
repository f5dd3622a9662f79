"""One thing that is wrong in a workflow file."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """Where it is (`file` from the repository's root, `line` from 1), which rule it breaks, and what to do."""

    file: str
    line: int
    rule: str
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.rule}: {self.message}; {self.remedy}"
