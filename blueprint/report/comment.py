"""The comment on a pull request: what merging it would do in every environment."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from blueprint.github.markers import marker
from blueprint.report import documents, markdown, section, size
from blueprint.report.context import Context
from blueprint.report.section import Section
from blueprint.report.sections import components
from blueprint.review.document import Document

MARKER = marker("plan")

# How long tables may be, tried in this order: the details of components have gone by then.
_ROWS = (None, 200, 100, 50, 20, 10, 5)
_TITLE = "## Plan"


def render(
    plans: Sequence[Document],
    *,
    directory: Path | None = None,
    run_url: str | None = None,
    emulated: bool = False,
    sections: Iterable[Section] | None = None,
    limit: int = size.COMMENT,
) -> str:
    """The report of `plans`, as Markdown of at most `limit` bytes that starts with MARKER.

    `directory` is where sections look for their files; `run_url` where readers find what there is no room for, by
    default the run that made the first plan. What does not fit goes in this order, each piece as a whole: details of
    components, rows of tables, the longest sections. Raises UsageError for plans that do not belong together.
    """
    together = documents.together(plans)
    context = Context(together, directory, run_url or together[0].source.run, emulated)
    chosen = section.registered() if sections is None else tuple(sections)
    # These two take their time, and are the same however much room there is.
    blocks = components.details(context)
    digests = {item.stack: item.digest for item in together}
    texts: list[tuple[str, str]] = []
    for rows in _ROWS:
        context = replace(context, rows=rows)
        texts = section.rendered(chosen, context)
        room = limit - size.of(_assembled(context, digests, texts))
        if room >= 0:
            context = components.with_details(context, blocks, room)
            return _assembled(context, digests, section.rendered(chosen, context))
    return _without_the_longest(context, digests, texts, limit)


def _without_the_longest(
    context: Context, digests: Mapping[str, str], texts: list[tuple[str, str]], limit: int
) -> str:
    """The report without as many of its longest sections as it takes."""
    texts = list(texts)
    while size.of(_assembled(context, digests, texts)) > limit:
        longest = max(range(len(texts)), key=lambda place: size.of(texts[place][1]))
        name = texts[longest][0]
        notice = f"The section {markdown.inert(name)} is too long for here: {context.whole}."
        if texts[longest][1] == notice:
            raise ValueError(f"no report fits into {limit} bytes")
        texts[longest] = (name, notice)
    return _assembled(context, digests, texts)


def _assembled(
    context: Context, digests: Mapping[str, str], texts: Iterable[tuple[str, str]]
) -> str:
    parts = [_head(context), *(text for _, text in texts), _foot(context, digests)]
    return size.joined(parts) + "\n"


def _head(context: Context) -> str:
    nothing = not context.components()
    title = f"{_TITLE}: no changes" if nothing else _TITLE
    if not context.emulated:
        return f"{MARKER}\n{title}"
    notice = (
        "Planned on the embedded AWS, and not in the real environments: a pull request from a fork gets no"
        " credentials. What it changes there is planned, and reviewed, after the merge."
    )
    return f"{MARKER}\n{title} (emulated)\n\n{markdown.alert('NOTE', notice)}"


def _foot(context: Context, digests: Mapping[str, str]) -> str:
    shown, rest = context.shorten(list(digests.items()), "digest")
    parts = [
        f"Commit {markdown.code(context.commit)}",
        *([markdown.link("run", context.run_url)] if context.run_url else []),
    ]
    # What is applied is held against these, so they are here in full.
    lines = [f"{' · '.join(parts)}. Digests of the plans:", ""]
    lines += [f"- {markdown.code(stack)} {markdown.code(digest)}" for stack, digest in shown]
    return "\n".join([*lines, *([f"- {rest}"] if rest else [])])
