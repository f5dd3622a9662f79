"""What `make check` asks of the alarms: that each has its cases, keeps their promises, and lets no mutant pass."""

from collections.abc import Iterable

from blueprint.rehearsal import reading, stack


def check(stacks: Iterable[str] = stack.STACKS) -> list[str]:
    """Every fault in the plans of `stacks`, with the stack's name and the file and line to repair."""
    book = reading.read()
    return [
        f"{name}: {fault}"
        for name in stacks
        for fault in stack.rehearse_stack(name, book).all_faults
    ]
