"""`blueprint alarms replay`: a month of made-up traffic through our alarms, and through other people's beside them."""

import json
import time
from typing import Annotated

import typer

from blueprint import console
from blueprint.errors import BlueprintError
from blueprint.replay import ours, packs, playing, report, scenarios


def replay(
    scenario: Annotated[
        str | None,
        typer.Argument(
            help="A file of dashboards/scenarios, without its ending; all of them when left out."
        ),
    ] = None,
    stack: Annotated[
        str, typer.Option("--stack", "-s", help="Whose alarms are ours, as planned.")
    ] = "prod",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print everything that was measured as JSON.")
    ] = False,
    seed: Annotated[
        int | None, typer.Option(help="Other dice than the scenario's own.", show_default=False)
    ] = None,
) -> None:
    """Replay a month of traffic and faults: who is told of what, how soon, and how often for nothing.

    Our alarms are those of the planned stack; beside them stand the defaults of slic-watch, AWS's recommended
    alarms and an AWS sample, on the very same series. Exits with 1 where ours miss what a scenario says must be
    heard, or page more often for nothing than it allows.

    Example: blueprint alarms replay deploy-blip
    """
    names = scenarios.names() if scenario is None else (scenario,)
    chosen = [scenarios.with_seed(scenarios.load(name), seed) for name in names]
    mine = ours.of_stack(stack)
    compared = (mine.pack, *packs.others(mine.system))
    started = time.monotonic()
    played = playing.play_all(chosen, compared, mine.system)
    seconds = time.monotonic() - started
    if as_json:
        console.out.print_json(json.dumps(report.document(compared, played)), indent=2)
    else:
        # Variants would make the table of faults too wide; the summary and --json have them.
        plain = [pack for pack in compared if not pack.variant]
        console.out.print(report.fault_table(plain, played))
        console.out.print(report.summary_table(compared, played))
    days = sum(each.days for each in chosen)
    console.done(
        f"{days} days, {sum(len(pack.alarms) for pack in compared)} alarms", seconds=seconds
    )
    failed = list(report.failures(ours.NAME, played))
    if failed:
        raise BlueprintError(
            "\n".join(failed),
            remedy="see which alarms should have told (docs/alarms-replay.md), then correct dashboards/alarms.yaml or "
            "slo.yaml; if the scenario asks too much, correct the scenario",
        )
