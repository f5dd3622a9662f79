"""Writes a release's notes from the commits since the release before, as Markdown."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from blueprint.errors import BlueprintError
from blueprint.promotion import conventional
from blueprint.promotion.conventional import Change
from blueprint.promotion.git import Commit, Repository
from blueprint.promotion.policy import Environment, Policy

# In this order; a type that is not here comes under the last heading.
_HEADINGS = {
    "feat": "Features",
    "fix": "Fixes",
    "perf": "Performance",
    "revert": "Reverted",
    "refactor": "Refactoring",
    "docs": "Documentation",
}
_OTHER = "Other changes"

_CODE = re.compile(r"(`[^`]*`)")
_MENTION = re.compile(r"(?<!\w)@(?=\w)")


@dataclass(frozen=True)
class Span:
    """The commits of a release, newest first; `previous` is the tag of the release before, None for the first."""

    tag: str
    previous: str | None
    commits: tuple[Commit, ...]


def gather(tag: str, *, policy: Policy, repository: Repository) -> Span:
    """The commits of main that `tag` releases and the release before it did not.

    That is the last one of the same environment or of a later: a candidate's notes say what is new since the candidate
    before, a release's repeat what its candidates said. Raises BlueprintError where `tag` is no release's.
    """
    environment = policy.reached_by(f"refs/tags/{tag}")
    found = repository.tag(tag)
    if found is None or environment is None:
        known = " or ".join(item.short for item in policy.environments if item.is_tagged)
        raise BlueprintError(
            f"{tag!r} is no release tag of this clone",
            remedy=f"give a tag of the form {known}; `git fetch --tags --force origin` brings those of the remote",
        )
    later = policy.environments[policy.environments.index(environment) :]
    releases = _releases(later, repository)
    history = repository.first_parents(found.commit)
    before = next((commit for commit in history[1:] if commit.sha in releases), None)
    commits = history if before is None else history[: history.index(before)]
    return Span(tag, None if before is None else releases[before.sha], tuple(commits))


def _releases(environments: Sequence[Environment], repository: Repository) -> dict[str, str]:
    """By commit, the tag that releases it; of several the one of the latest environment and the highest version."""
    ranked = [
        (rank, release, tag)
        for tag in repository.tags()
        for rank, environment in enumerate(environments)
        if tag.kind != "lightweight"
        and (release := environment.release(f"refs/tags/{tag.name}")) is not None
    ]
    return {tag.commit: tag.name for _, _, tag in sorted(ranked, key=lambda row: row[:2])}


def render(span: Span, *, repository_url: str) -> str:
    """The notes of `span` in Markdown; `repository_url` is its page, such as https://github.com/owner/name."""
    changes = [conventional.read(commit) for commit in span.commits]
    breaking = [change for change in changes if change.breaking]
    others = [change for change in changes if not change.breaking]
    parts = [_section("Breaking changes", breaking, repository_url)]
    for kind, heading in _HEADINGS.items():
        chosen = [change for change in others if change.type == kind]
        parts.append(_section(heading, chosen, repository_url))
    rest = [change for change in others if change.type not in _HEADINGS]
    parts.append(_section(_OTHER, rest, repository_url))
    parts.append(_contributors(changes))
    parts.append(_comparison(span, repository_url))
    return "\n\n".join(part for part in parts if part) + "\n"


def _section(heading: str, changes: Sequence[Change], url: str) -> str:
    rows = [_row(change, url) for change in sorted(changes, key=lambda change: change.scope)]
    return "\n".join([f"## {heading}", "", *rows]) if rows else ""


def _row(change: Change, url: str) -> str:
    scope = f"**{_safe(change.scope)}**: " if change.scope else ""
    link = f"[`{change.sha[:7]}`]({url}/commit/{change.sha})"
    notice = change.breaking if change.breaking not in (None, change.text) else None
    return f"- {scope}{_safe(change.text)} ({link})" + (f": {_safe(notice)}" if notice else "")


def _contributors(changes: Sequence[Change]) -> str:
    people = sorted({name for change in changes for name in change.people}, key=str.casefold)
    if not people:
        return ""
    return "## Contributors\n\n" + ", ".join(_safe(name) for name in people)


def _comparison(span: Span, url: str) -> str:
    if span.previous is None:
        return f"First release: [{span.tag}]({url}/commits/{span.tag})"
    page = f"{url}/compare/{span.previous}...{span.tag}"
    return f"Everything since {span.previous}: [compare]({page})"


def _safe(text: str) -> str:
    """`text` as it was written: no markup of HTML, and nobody is notified by it; code stays code."""
    return "".join(
        part if part.startswith("`") else _MENTION.sub("@<!-- -->", html.escape(part, quote=False))
        for part in _CODE.split(text)
    )
