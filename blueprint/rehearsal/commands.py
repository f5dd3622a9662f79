"""`blueprint alarms test`: whether every alarm of a plan does what operators were promised."""

import json
import time
from typing import Annotated

import typer

from blueprint.console import done, note, out
from blueprint.errors import BlueprintError
from blueprint.rehearsal import reading, showing, stack

# Names that are still read; of a stack with fewer alarms, most signals have none.
_FEW = 10


def rehearse(
    stacks: Annotated[
        list[str] | None,
        typer.Option(
            "--stack",
            "-s",
            help="Stack whose plan is rehearsed; may be given more than once. All that matter when left out.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print every case and mutant as JSON, by stack.")
    ] = False,
) -> None:
    """Make every alarm fire, clear and not fire, and show that no slip in it would pass.

    The cases are in dashboards/cases. Exit 0 where every alarm keeps every promise and each of its mutants is noticed;
    1 where one does not; 2 where a file cannot be used.

    Example: blueprint alarms test -s prod
    """
    faults: list[str] = []
    documents = {}
    book = reading.read()
    for name in stacks or stack.STACKS:
        started = time.monotonic()
        report = stack.rehearse_stack(name, book)
        faults += [f"{name}: {fault}" for fault in report.all_faults]
        documents[name] = showing.as_json(report)
        if not as_json:
            out.print(showing.table(report))
            for reason, times in showing.equivalents(report).most_common():
                note(f"{times} x the same as the alarm: {reason}")
            if report.idle:
                few = len(report.idle) <= _FEW
                named = ", ".join(report.idle) if few else f"{len(report.idle)} signals"
                note(f"no alarm in {name} for: {named}")
        done(f"{name}: {showing.summary(report)}", seconds=time.monotonic() - started)
    if as_json:
        print(json.dumps(documents))
    if faults:
        raise BlueprintError(
            "\n".join(faults),
            remedy="correct the alarm (alarms.yaml or slo.yaml in dashboards), or the promise in dashboards/cases",
        )
