"""`blueprint local`: the embedded AWS on the command line."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from blueprint.console import done, note, out, working
from blueprint.emulator import logs, ministack, server
from blueprint.emulator.ending import Stopped
from blueprint.emulator.home import Home
from blueprint.errors import BlueprintError
from blueprint.paths import LOCAL

app = typer.Typer(
    name="local",
    help="The embedded AWS: a server on this machine that Terraform and the services talk to.",
    no_args_is_help=True,
    epilog="Example: blueprint local start",
)

_NOT_RUNNING = 3  # what a status command answers by convention (LSB)


@dataclass(frozen=True)
class Place:
    """Which embedded AWS the commands speak of; `command` is the server's (None: MiniStack)."""

    directory: Path
    command: Sequence[str] | None = None


@app.callback()
def _this_clone(context: typer.Context) -> None:
    if not isinstance(context.obj, Place):
        context.obj = Place(LOCAL)


@app.command(epilog="Example: blueprint local start --persist --port 4570")
def start(
    context: typer.Context,
    persist: Annotated[
        bool,
        typer.Option("--persist", help="Restore what the last stop saved; save again at the next."),
    ] = False,
    port: Annotated[
        int | None,
        typer.Option(
            min=1024,
            max=65535,
            help="Listen on this port (default: BLUEPRINT_PORT, else the first free one from 4566).",
        ),
    ] = None,
) -> None:
    """Start the embedded AWS and wait until it answers; a running one is left as it is."""
    place: Place = context.obj
    before = server.running(place.directory)
    with working("Starting the embedded AWS"):
        current = server.start(place.directory, port=port, persist=persist, command=place.command)
    if before == current:
        note(f"It was running already (process {current.pid}).")
    out.print(current.url)


@app.command(epilog="Example: blueprint local stop")
def stop(context: typer.Context) -> None:
    """End the embedded AWS and its functions; without --persist its resources go with it."""
    place: Place = context.obj
    current = server.running(place.directory)
    outcome = server.stop(place.directory)
    if outcome is Stopped.NOT_RUNNING:
        note("The embedded AWS is not running.")
        return
    done("Stopped the embedded AWS")
    if current and current.persist and outcome is Stopped.ENDED:
        note("Its resources are saved: `blueprint local start --persist` restores them.")
    elif current and current.persist:
        note(f"It {outcome.value}: not all of what changed since its start is saved.")


@app.command(epilog="Example: blueprint local status --json")
def status(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show whether the embedded AWS runs, where, and its memory; exit code 3 if it does not run."""
    place: Place = context.obj
    current = server.running(place.directory)
    facts: dict[str, object] = {"running": current is not None}
    if current:
        facts |= {
            "healthy": ministack.answers(current.port),
            "url": current.url,
            "pid": current.pid,
            "memory_bytes": server.memory_bytes(current),
            "persist": current.persist,
            "instance": current.id,
            "log": str(Home(place.directory).log),
        }
    if as_json:
        print(json.dumps(facts))
    elif current:
        table = Table(show_header=False, box=None)
        for name, value in facts.items():
            table.add_row(name.removesuffix("_bytes"), _readable(name, value))
        out.print(table)
    else:
        out.print("The embedded AWS is not running. Start it with: blueprint local start")
    if current is None:
        raise typer.Exit(_NOT_RUNNING)


@app.command(name="logs", epilog="Example: blueprint local logs --follow --lines 20")
def show_logs(
    context: typer.Context,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on with each new line until Ctrl-C.")
    ] = False,
    lines: Annotated[
        int, typer.Option("--lines", "-n", min=0, help="How many lines of the end to show.")
    ] = 50,
) -> None:
    """Show the end of the server's log; the functions' output is in it too."""
    place: Place = context.obj
    log = Home(place.directory).log
    if not follow and not log.exists():
        raise BlueprintError(
            f"There is no log: {log} does not exist.", remedy="Run `blueprint local start`."
        )
    try:
        for line in logs.follow(log, lines) if follow else logs.tail(log, lines):
            out.print(line, markup=False)
    except KeyboardInterrupt:
        raise typer.Exit from None


@app.command(epilog="Example: blueprint local reset")
def reset(context: typer.Context) -> None:
    """Delete every resource, saved ones too; a running server is ended and started empty."""
    place: Place = context.obj
    with working("Deleting every resource of the embedded AWS"):
        current = server.reset(place.directory, command=place.command)
    if current:
        out.print(current.url)
    else:
        note("It was not running: what an earlier --persist had saved is deleted.")


def _readable(name: str, value: object) -> str:
    if name == "memory_bytes" and isinstance(value, int):
        return f"{value / 1024 / 1024:.0f} MiB"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
