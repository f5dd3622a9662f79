"""One thing in the Terraform sources that breaks a rule."""

from dataclasses import dataclass
from pathlib import Path

from blueprint import data_files


@dataclass(frozen=True)
class Finding:
    """What is wrong at a line of a file, by which rule, and what would be right."""

    file: Path
    line: int
    rule: str
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{data_files.shown(self.file)}:{self.line}: {self.message} ({self.rule}): {self.remedy}"
