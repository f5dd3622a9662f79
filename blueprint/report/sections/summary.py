"""What the plan comes to, one line per environment."""

from blueprint.report import markdown
from blueprint.report.context import Context
from blueprint.report.section import Section
from blueprint.review.document import Document


def render(context: Context) -> str:
    documents, rest = context.shorten(context.documents, "environment")
    lines = [f"- {markdown.code(item.stack)}: {line(item)}" for item in documents]
    return "\n".join([*lines, *([f"- {rest}"] if rest else [])])


def line(document: Document) -> str:
    """`1 to create, 0 to update, 0 to replace, 0 to destroy in 2 components`, or that nothing changes."""
    affected = document.of("changes", "removed")
    waiting = len(document.of("waits"))
    waits = (
        f"{markdown.number(waiting, 'component')} cannot be planned before others are applied"
        if waiting
        else ""
    )
    if not affected:
        return waits or "no changes"
    totals = {
        "create": sum(component.counts.create for component in affected),
        "update": sum(component.counts.update for component in affected),
        "replace": sum(component.counts.replace for component in affected),
        "destroy": sum(component.counts.delete for component in affected),
    }
    counts = ", ".join(_count(number, name) for name, number in totals.items())
    share = f"in {markdown.number(len(affected), 'component')}"
    return f"{counts} {share}{f'; {waits}' if waits else ''}"


def _count(number: int, name: str) -> str:
    text = f"{number:,} to {name}"
    return f"**{text}**" if number and name in {"replace", "destroy"} else text


SECTION = Section("summary", 100, render)
