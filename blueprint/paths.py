"""Where things lie in the repository and in the user's cache."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMPONENTS = ROOT / "components" / "terraform"
STACKS = ROOT / "stacks"
SERVICES = ROOT / "services"
REQUIREMENTS = ROOT / "requirements"
BUILD = ROOT / "build"  # packages, their manifest and logs; not in git
MANIFEST = BUILD / "packages.json"  # which package each function runs; Terraform reads it
LOGS = BUILD / "logs"  # the last output of each Terraform run
LOCAL = ROOT / ".local"  # the embedded AWS: pid, log, data; not in git
TOOLS = ROOT / ".tools"  # links to the pinned tools, virtual environments; not in git


def cache() -> Path:
    """The directory that outlives a clone: downloads and builds are shared by every checkout of a user."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "serverless-api-blueprint"
