"""The page of a workflow run: Markdown that a step leaves there."""

from collections.abc import Mapping
from pathlib import Path

LIMIT = 1_048_576  # bytes, of all a step writes; GitHub shows nothing of what is longer

_TOO_LONG = "The summary of this step is too long to be shown here; its log has everything.\n"


def append(text: str, env: Mapping[str, str]) -> bool:
    """Add the Markdown `text` to the run's page; False outside a run, where there is none."""
    if not (name := env.get("GITHUB_STEP_SUMMARY")):
        return False
    file = Path(name)
    content = f"{text.rstrip()}\n\n"
    room = LIMIT - (file.stat().st_size if file.exists() else 0)
    if len(content.encode()) > room:
        content = _TOO_LONG if len(_TOO_LONG) <= room else ""
    with file.open("a", encoding="utf-8") as page:
        page.write(content)
    return True
