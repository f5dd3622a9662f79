"""Copies what was named to the run's artifacts, below the deepest directory all of it shares, as the action does."""

import json
import os
import shutil
from pathlib import Path


def main() -> None:
    inputs = json.loads(os.environ["INPUTS"])
    patterns = [line.strip() for line in inputs["path"].splitlines() if line.strip()]
    files = sorted(
        {file for pattern in patterns for file in Path().glob(pattern) if file.is_file()}
    )
    if not files:
        message = f"No files were found with the provided path: {', '.join(patterns)}"
        if inputs["if-no-files-found"] == "error":
            raise SystemExit(message)
        print(f"{message}. No artifacts will be uploaded.")
        return
    target = Path(os.environ["SIMULATED_ARTIFACTS"], inputs["name"])
    if target.exists():
        if inputs["overwrite"] != "true":
            raise SystemExit(f"an artifact with the name {inputs['name']} exists already")
        shutil.rmtree(target)
    root = Path(os.path.commonpath([file.parent for file in files]))
    for file in files:
        place = target / file.relative_to(root)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, place)
    print(f"{inputs['name']}: {len(files)} files")


main()
