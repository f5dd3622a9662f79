"""What would be replaced, destroyed or forgotten; never folded away."""

from blueprint.report import markdown
from blueprint.report.context import Context
from blueprint.report.section import Section
from blueprint.review.guard import action_of

_WORDS = {"replace": "is replaced", "destroy": "is destroyed", "forget": "is forgotten"}


def render(context: Context) -> str | None:
    losses = [
        f"- {markdown.code(change.address)} {_WORDS[action]} in {markdown.code(document.stack)},"
        f" {markdown.code(component.component)}"
        for document, component in context.components()
        for change in component.changes
        if (action := action_of(change.actions)) is not None
    ]
    if not losses:
        return None
    shown, rest = context.shorten(losses, "of these")
    heading = f"**{len(losses):,} of the resources would not stay:**"
    return markdown.alert(
        "CAUTION", "\n".join([heading, "", *shown, *([f"- {rest}"] if rest else [])])
    )


SECTION = Section("destructive", 200, render)
