"""The alarms that ship keep the promises that ship, and no slip in one of them would pass."""

import pytest

from blueprint.rehearsal import gate, stack


@pytest.mark.parametrize("name", stack.STACKS)
def test_every_alarm_keeps_its_promises_and_no_mutant_survives(name: str) -> None:
    assert gate.check([name]) == []
