"""Branches and tags by name: what they point at, and moving a branch."""

from urllib.parse import quote

from blueprint.errors import BlueprintError
from blueprint.github.client import Client
from blueprint.github.errors import ApiError


def get(client: Client, ref: str) -> str | None:
    """The sha `ref` ("heads/main", "tags/v1.0.0") points at, None where there is no such ref.

    Of an annotated tag this is the tag's own sha, not its commit's.
    """
    found = client.find(f"/git/ref/{quote(ref)}")
    return None if found is None else str(found["object"]["sha"])


def move(client: Client, ref: str, *, to: str, expected: str | None, force: bool = False) -> None:
    """Move `ref` from `expected` (None: make it) to the commit `to`, forwards unless `force`.

    Moving to where it already is does nothing. Raises BlueprintError when `ref` is somewhere else
    than `expected`, or when GitHub finds that the move goes backwards.
    """
    present = get(client, ref)
    if present == to:
        return
    if present != expected:
        raise BlueprintError(
            f"{ref} is at {present or 'no commit'}, and not at {expected or 'no commit'} as it was read before",
            remedy="another run moved it meanwhile: run again, which starts from where it is now",
        )
    if present is None:
        client.post("/git/refs", {"ref": f"refs/{ref}", "sha": to})
        return
    try:
        client.patch(f"/git/refs/{quote(ref)}", {"sha": to, "force": force})
    except ApiError as error:
        if error.status == 422 and "fast forward" in error.reason.lower():
            raise BlueprintError(
                f"{ref} cannot move from {present} to {to}: that is not forwards",
                remedy="moving backwards is a rollback's business, and deliberate: `--backwards`",
            ) from error
        raise
