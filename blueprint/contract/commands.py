"""The verbs for the contract: render, check."""

import typer

from blueprint import contract, paths
from blueprint.console import done

app = typer.Typer(help="Code that follows from services/api/openapi.yaml.", no_args_is_help=True)


def write() -> None:
    """Write every generated file."""
    for path, text in contract.render(paths.ROOT).items():
        path.write_text(text, encoding="utf-8")
        done(str(path.relative_to(paths.ROOT)))


@app.command("render")
def render() -> None:
    """Write the files generated from the contract.

    Example: blueprint contract render
    """
    write()


@app.command("check")
def check() -> None:
    """Fail if a generated file is not what the contract says.

    Example: blueprint contract check
    """
    contract.check(paths.ROOT)
    done("generated files follow the contract")
