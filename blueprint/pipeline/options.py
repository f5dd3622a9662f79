"""The arguments that several verbs of `blueprint delivery` share."""

from pathlib import Path
from typing import Annotated

import typer

Environment = Annotated[
    str, typer.Option("--stack", "-s", help="Stack, which is the environment's name, too.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
GithubOutput = Annotated[
    bool, typer.Option("--github-output", help="Hand the result on to the workflow's later jobs.")
]
Base = Annotated[
    str | None,
    typer.Option(
        "--from",
        help="Commit to compare with; the environment's deployed pointer when left out.",
        show_default=False,
    ),
]
Digest = Annotated[str, typer.Option("--digest", help="Digest of the plan document.")]
OutFile = Annotated[
    Path | None, typer.Option("--out", help="File to write to.", show_default=False)
]
