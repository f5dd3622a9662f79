"""The one function of the small project."""

from typing import Any

REVISION = "1"


def lambda_handler(_event: Any, _context: Any) -> dict[str, str]:
    """Say which revision of the code runs."""
    return {"revision": REVISION}
