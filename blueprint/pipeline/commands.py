"""`blueprint delivery`: what the workflows run, and what runs as well on a laptop."""

import typer

from blueprint.pipeline import applying, planning, promoting, reporting

app = typer.Typer(
    help="Review, apply, promote and roll back environments: each step of the workflows.",
    no_args_is_help=True,
)
for verb in (
    planning.affected,
    planning.packages,
    planning.plan,
    reporting.comment,
    applying.apply,
    applying.prune,
    applying.verify,
    promoting.promote,
    promoting.pointer,
    promoting.rollback,
    reporting.drift,
    promoting.notes,
):
    app.command()(verb)
app.command("separation")(promoting.separate)
app.command("drift-issue")(reporting.drift_issue)
app.command("failure-issue")(reporting.failure_issue)
