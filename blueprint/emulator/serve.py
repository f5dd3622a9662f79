"""Runs MiniStack, its functions on another interpreter: `python -P serve.py <interpreter>`.

MiniStack starts a Python function on `sys.executable`, its own interpreter, and has no setting for
it. This file is run by the interpreter of MiniStack's virtual environment, not imported.
"""

import sys


def main(interpreter: str) -> None:
    sys.executable = interpreter
    sys.argv[1:] = []

    # Only now, and only here: the rest of the package knows nothing of this environment.
    from ministack.app import main as serve  # type: ignore[import-not-found]

    serve()


if __name__ == "__main__":
    main(sys.argv[1])
