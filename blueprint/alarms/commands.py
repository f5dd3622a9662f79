"""`blueprint alarms`: prove, rehearse, replay and price what watches a stack."""

import json
from typing import Annotated

import typer
from rich.table import Table

from blueprint.console import note, out
from blueprint.observability import cost as costs
from blueprint.reachability.commands import lint
from blueprint.rehearsal.commands import rehearse
from blueprint.replay.commands import replay

app = typer.Typer(
    help="Prove, rehearse, replay and price the alarms of a stack, without an account.",
    no_args_is_help=True,
)
app.command("lint")(lint)
app.command("test")(rehearse)
app.command("replay")(replay)


@app.command()
def cost(
    stacks: Annotated[
        list[str] | None,
        typer.Option(
            "--stack",
            "-s",
            help="Stack whose plan is priced; may be given more than once. dev, staging and prod when left out.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the bill as JSON, by stack.")
    ] = False,
) -> None:
    """What alarms, dashboards and custom metrics cost a month, with and without free allowances.

    Counted in the plan, priced by loadtests/prices.yaml; the ceilings are in dashboards/cost.yaml.

    Example: blueprint alarms cost -s prod
    """
    bills = [costs.of(name) for name in stacks or costs.STACKS]
    if as_json:
        print(json.dumps({bill.stack: _document(bill) for bill in bills}))
        return
    for bill in bills:
        out.print(_table(bill))
        note(f"ceiling of {bill.stack}: {bill.ceiling:.2f} USD a month, for the second column")


def _document(bill: costs.Cost) -> dict[str, object]:
    return {
        "quantities": dict(bill.quantities),
        "usd_with_free_allowances": str(bill.total_free),
        "usd_nothing_free": str(bill.total),
        "ceiling_usd": str(bill.ceiling),
    }


def _table(bill: costs.Cost) -> Table:
    table = Table(title=f"{bill.stack}: US dollars a month", title_justify="left", box=None)
    table.add_column("item")
    for title in ("number", "with free allowances", "nothing free"):
        table.add_column(title, justify="right")
    for item, many in bill.quantities.items():
        table.add_row(item, str(many), f"{bill.free[item]:.2f}", f"{bill.full[item]:.2f}")
    table.add_row("total", "", f"{bill.total_free:.2f}", f"{bill.total:.2f}", style="bold")
    return table
