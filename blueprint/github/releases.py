"""Releases: the notes GitHub shows for a tag."""

from urllib.parse import quote

from blueprint.errors import BlueprintError
from blueprint.github import refs
from blueprint.github.client import Client


def publish(client: Client, tag: str, *, title: str, notes: str, prerelease: bool) -> str:
    """Make `notes` (Markdown) the release of `tag`, or update the one there is; its address.

    Raises BlueprintError where the tag does not exist: GitHub would make it, on whatever is newest.
    """
    if refs.get(client, f"tags/{tag}") is None:
        raise BlueprintError(f"there is no tag {tag} on GitHub", remedy=f"git push origin {tag}")
    content = {"name": title, "body": notes, "prerelease": prerelease}
    present = client.find(f"/releases/tags/{quote(tag, safe='')}")
    if present is not None:
        return str(client.patch(f"/releases/{present['id']}", content)["html_url"])
    created = client.post(
        "/releases",
        # A candidate is never what visitors are shown as the latest release.
        {"tag_name": tag, "make_latest": "false" if prerelease else "true", **content},
    )
    return str(created["html_url"])
