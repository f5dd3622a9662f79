"""Which function packages are deployed: the same bytes in every environment that shows the same digest."""

from blueprint.report import markdown, size
from blueprint.report.context import Context
from blueprint.report.section import Section


def render(context: Context) -> str | None:
    roles = sorted({role for document in context.documents for role in document.packages})
    if not roles:
        return None
    shown, rest = context.shorten(roles, "package")
    documents, others = context.shorten(context.documents, "environment")
    table = markdown.table(
        ["Function", *(markdown.code(document.stack) for document in documents)],
        [
            [
                markdown.code(role),
                *(
                    markdown.code(document.packages[role][:12]) if role in document.packages else ""
                    for document in documents
                ),
            ]
            for role in shown
        ],
    )
    return size.joined(["### Packages", table, rest, others])


SECTION = Section("packages", 500, render)
