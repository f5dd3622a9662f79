"""One wrong thing about a stack: where it is, what is wrong, and what would be right."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Violation:
    """`component` is empty where the stack itself is at fault, `rule` and `remedy` where no policy was broken."""

    stack: str
    component: str
    field: str
    message: str
    rule: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        place = f"stack {self.stack}" + (f", component {self.component}" if self.component else "")
        policy = f" (policy {self.rule}: {self.remedy})" if self.rule else ""
        return f"{place}: {self.field}: {self.message}{policy}"
