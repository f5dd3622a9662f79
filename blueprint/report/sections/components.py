"""Every component that changes: a table, and folded away the diff of each."""

from collections.abc import Mapping
from dataclasses import replace

from blueprint.report import diff, markdown, size
from blueprint.report.context import Context, Place
from blueprint.report.section import Section
from blueprint.review.document import ComponentPlan, Document, Tally

_HEADER = ("Environment", "Component", "Create", "Update", "Replace", "Destroy", "Digest")


def render(context: Context) -> str | None:
    affected = context.components()
    if not affected:
        return None
    shown, rest = context.shorten(affected, "component")
    table = markdown.table(
        _HEADER, [_row(document, component) for document, component in shown], numbers=range(2, 6)
    )
    missing = sum(map(_has_details, (item for _, item in affected))) - len(context.details)
    left_out = (
        f"The details of {markdown.number(missing, 'component')} are left out here: {context.whole}."
        if missing
        else None
    )
    return size.joined(["### Components", table, rest, *context.details.values(), left_out])


def details(context: Context) -> dict[Place, str]:
    """The folded block of each component that has something to show, the urgent ones first."""
    return {
        (document.stack, component.component): _block(document, component)
        for document, component in context.components()
        if _has_details(component)
    }


def with_details(context: Context, blocks: Mapping[Place, str], room: int) -> Context:
    """`context` with those of `blocks` that fit into `room` bytes, each whole."""
    chosen = size.fitting(blocks, room)
    return replace(context, details={place: blocks[place] for place in blocks if place in chosen})


def _has_details(component: ComponentPlan) -> bool:
    return bool(component.changes or component.outputs)


def _row(document: Document, component: ComponentPlan) -> list[str]:
    return [
        markdown.code(document.stack),
        markdown.code(component.component),
        *_numbers(component),
        _state(component),
    ]


def _numbers(component: ComponentPlan) -> list[str]:
    if component.outcome == "waits":
        return ["", "", "", ""]
    counts = component.counts
    return [
        str(counts.create or ""),
        str(counts.update or ""),
        f"**{counts.replace}**" if counts.replace else "",
        f"**{counts.delete}**" if counts.delete else "",
    ]


def _state(component: ComponentPlan) -> str:
    if component.outcome == "waits":
        return f"waits for {', '.join(markdown.code(name) for name in component.waits_for)}"
    digest = markdown.code((component.digest or "")[:12])
    return f"{digest} removed" if component.outcome == "removed" else digest


def _block(document: Document, component: ComponentPlan) -> str:
    tally = _words(component.counts) or "outputs only"
    return markdown.details(
        ["", document.stack, " ", component.component, f": {tally}"],
        size.joined(
            [
                markdown.fenced(diff.of(component.changes, component.outputs), language="diff"),
                component.digest and f"Digest of this plan: {markdown.code(component.digest)}",
            ]
        ),
    )


def _words(counts: Tally) -> str:
    named = {
        "create": counts.create,
        "update": counts.update,
        "replace": counts.replace,
        "destroy": counts.delete,
    }
    return ", ".join(f"{number:,} to {name}" for name, number in named.items() if number)


SECTION = Section("components", 400, render)
