"""What the command line and the Makefile offer is read from them."""

from pathlib import Path
from typing import Annotated

import typer
import typer.main

from blueprint.workflows import commands


def test_verbs_are_found_at_every_depth_with_their_options() -> None:
    app, inner = typer.Typer(), typer.Typer()

    @app.command()
    def check(name: str, fast: bool = False) -> None: ...

    @inner.command("plan")
    def make_plan(stack: Annotated[str, typer.Option("--stack", "-s")] = "dev") -> None: ...

    @inner.command()
    def apply() -> None: ...

    app.add_typer(inner, name="delivery")

    found = commands.verbs(typer.main.get_command(app))

    assert set(found) == {("check",), ("delivery", "plan"), ("delivery", "apply")}
    assert {"--fast", "--no-fast"} <= found[("check",)]
    assert {"--stack", "-s"} <= found[("delivery", "plan")]


def test_targets_are_those_of_the_makefile(tmp_path: Path) -> None:
    makefile = tmp_path / "Makefile"
    makefile.write_text("A := 1\n.PHONY: up\nup: down ## Start\n\t@x\ndown:\n\t@y: z\nload-test:\n")

    assert commands.targets(makefile) == {"up", "down", "load-test"}
