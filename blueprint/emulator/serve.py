"""Runs MiniStack, its functions on another interpreter: `python -P serve.py <interpreter>`.

MiniStack starts a Python function on `sys.executable`, its own interpreter, and has no setting for
it. This file is run by the interpreter of MiniStack's virtual environment, not imported.
"""

import runpy
import sys
from pathlib import Path


def main(interpreter: str) -> None:
    sys.executable = interpreter
    sys.argv[1:] = []
    # By their paths: on the path of imports, this directory would hide MiniStack's own modules.
    for addition in ("request_facts.py", "alarm_answers.py"):
        runpy.run_path(str(Path(__file__).with_name(addition)))["install"]()

    # Only now, and only here: the rest of the package knows nothing of this environment.
    from ministack.app import main as serve  # type: ignore[import-not-found]

    serve()


if __name__ == "__main__":
    main(sys.argv[1])
