"""The command line: `.venv/bin/blueprint`. Each verb lives with its subject; this module only puts them together."""

import signal
import sys

import typer

from blueprint import failures
from blueprint.alarms.commands import app as alarms_app
from blueprint.console import err
from blueprint.contract.commands import app as contract_app
from blueprint.delivery import commands as delivery
from blueprint.emulator.commands import app as local_app
from blueprint.journey import commands as journey
from blueprint.load.commands import load
from blueprint.pipeline.bootstrapping import bootstrap
from blueprint.pipeline.commands import app as delivery_app
from blueprint.preview.commands import app as preview_app
from blueprint.release import commands as release

INTERRUPTED = 130  # 128 + SIGINT, as shells report it

app = typer.Typer(
    help="Plan, apply, deploy and prove a serverless REST API on AWS.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for verb in (
    journey.up,
    journey.down,
    journey.pipelines,
    journey.check,
    journey.fix,
    journey.tools,
    journey.package,
    journey.env,
    delivery.plan,
    journey.apply,
    delivery.destroy,
    delivery.unlock,
    release.release,
    release.seed,
    release.smoke,
    release.token,
    release.url,
    load,
    bootstrap,
):
    app.command()(verb)
app.command("test")(journey.run_tests)
app.add_typer(local_app, name="local")
app.add_typer(contract_app, name="contract")
app.add_typer(delivery_app, name="delivery")
app.add_typer(preview_app, name="preview")
app.add_typer(alarms_app, name="alarms")


def main() -> None:
    """Run the command line; every known failure ends as a message, its remedy and an exit code.

    Wrong arguments are Typer's to report (exit 2).
    """
    # A pipeline that is cancelled is told so by SIGTERM, which is what Ctrl-C is to a person. Where a
    # shell started us in the background it had SIGINT ignored, for us and for all that we start.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        app()
    except failures.EXPECTED as cause:
        error = failures.explain(cause)
        _report(error.message, error.remedy)
        sys.exit(error.exit_code)
    except SystemExit as end:
        if end.code == INTERRUPTED:
            err.print("interrupted; nothing is lost: run the same command again to continue")
        raise


def _report(message: str, remedy: str) -> None:
    err.print(f"[red]error:[/red] {_escaped(message)}")
    if remedy:
        err.print(f"[bold]remedy:[/bold] {_escaped(remedy)}")


def _escaped(text: str) -> str:
    """Brackets in a message are text, not markup."""
    return text.replace("[", "\\[")
