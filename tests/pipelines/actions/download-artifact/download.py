"""Copies one artifact of the run, which must exist, or those that match a pattern, which may be none."""

import json
import os
import shutil
from pathlib import Path


def main() -> None:
    inputs = json.loads(os.environ["INPUTS"])
    artifacts = Path(os.environ["SIMULATED_ARTIFACTS"])
    target = Path(inputs["path"])
    if inputs["name"]:
        found = artifacts / inputs["name"]
        if not found.is_dir():
            raise SystemExit(
                f"Unable to download artifact(s): Artifact not found for name: {inputs['name']}"
            )
        shutil.copytree(found, target, dirs_exist_ok=True)
        print(f"{inputs['name']} -> {target}")
        return
    for found in sorted(artifacts.glob(inputs["pattern"])):
        place = target if inputs["merge-multiple"] == "true" else target / found.name
        shutil.copytree(found, place, dirs_exist_ok=True)
        print(f"{found.name} -> {place}")


main()
