"""The rules that the plan breaks, with their remedies; it cannot be applied before they are settled."""

from blueprint.report import markdown
from blueprint.report.context import Context
from blueprint.report.section import Section


def render(context: Context) -> str | None:
    found = [
        f"- {markdown.code(finding.rule)}: {markdown.inert(finding.message)}."
        f" {markdown.inert(f'To settle it, {finding.remedy}')}."
        for document, component in context.components()
        for finding in component.findings
    ]
    if not found:
        return None
    shown, rest = context.shorten(found, "finding")
    heading = "**This cannot be applied:**"
    return markdown.alert(
        "WARNING", "\n".join([heading, "", *shown, *([f"- {rest}"] if rest else [])])
    )


SECTION = Section("findings", 300, render)
