"""`blueprint alarms lint`."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from blueprint.catalogue import catalogue as catalogues
from blueprint.catalogue.catalogue import Catalogue
from blueprint.console import note, out
from blueprint.data_files import shown
from blueprint.documents import reading
from blueprint.documents.model import Document
from blueprint.errors import UsageError
from blueprint.reachability import own, report, sarif
from blueprint.reachability.proof import prove
from blueprint.reachability.verdict import Proof, Verdict

Files = Annotated[
    list[Path] | None,
    typer.Argument(
        help="Terraform plans (terraform show -json) or CloudFormation templates, taken together. Without any: the "
        "plans of this repository's own alarms.",
        show_default=False,
    ),
]
StackName = Annotated[
    str | None,
    typer.Option(
        "-s", "--stack", help="Without files: judge this stack only, rather than staging and prod."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print every step of every proof as JSON.")]
SarifFile = Annotated[
    Path | None,
    typer.Option("--sarif", help="Write the findings as SARIF 2.1.0 to this file.", dir_okay=False),
]
MetricsFiles = Annotated[
    list[Path] | None,
    typer.Option(
        "--metrics",
        help="A file that lists the metrics of a namespace of your own (docs/alarms-lint.md); repeatable.",
    ),
]
Strict = Annotated[bool, typer.Option("--strict", help="Fail for what is unknown, too.")]
Verbose = Annotated[
    bool, typer.Option("--all", help="Show the proved ones as well, each with its witness.")
]


def lint(
    files: Files = None,
    stack: StackName = None,
    as_json: AsJson = False,
    sarif_file: SarifFile = None,
    metrics: MetricsFiles = None,
    strict: Strict = False,
    every: Verbose = False,
) -> None:
    """Prove for each alarm that it can go off and be over again, or say why not.

    Exit code 0: nothing is refused (with --strict: everything is proved), 1: something is, 2: a file is unreadable.

    Example: blueprint alarms lint template.yaml --sarif alarms.sarif
    """
    if files and stack:
        raise UsageError("give either files or -s STACK", remedy="leave one of them out")
    proofs = [
        proof
        for documents, known in _to_judge(files, stack, metrics or [])
        for proof in prove(documents, known)
    ]
    if sarif_file:
        _write(sarif_file, json.dumps(sarif.log(proofs), indent=2) + "\n")
    if as_json:
        print(json.dumps(report.as_json(proofs), indent=2))
    else:
        for line in report.lines(proofs, every=every):
            out.print(line)
        out.print(report.summary(proofs), markup=False)
    if failed(proofs, strict=strict):
        raise typer.Exit(1)


def failed(proofs: Sequence[Proof], *, strict: bool) -> bool:
    """Whether these verdicts fail a build."""
    bad = {Verdict.REFUSED, Verdict.UNKNOWN} if strict else {Verdict.REFUSED}
    return any(proof.verdict in bad for proof in proofs)


def _to_judge(
    files: list[Path] | None, stack: str | None, metrics: Sequence[Path]
) -> list[tuple[list[Document], Catalogue]]:
    known = catalogues.load()
    if not files:
        return [own.read(name, known, metrics) for name in ([stack] if stack else own.STACKS)]
    for file in metrics:
        known = known.with_file(file)
    documents = [reading.read(file) for file in files]
    for document in documents:
        if not document.alarms:
            note(f"{document.file} declares no alarm")
    return [(documents, known)]


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"{shown(file)} cannot be written: {error.strerror}",
            remedy="give a file in a directory that exists",
        ) from error
