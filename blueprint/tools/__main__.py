"""`python3 -m blueprint.tools`: what the Makefile runs before the virtual environment exists."""

import sys

# A name, not a literal in the comparison: this must also run, and explain itself, on older Pythons.
OLDEST_PYTHON = (3, 11)


def main() -> int:
    """Run the command line; an older Python is told so before anything it cannot read is imported."""
    if sys.version_info < OLDEST_PYTHON:
        running = "{}.{}".format(*sys.version_info)
        wanted = "{}.{}".format(*OLDEST_PYTHON)
        print(f"error: Python {wanted} or newer is needed; this is {running}.", file=sys.stderr)
        print(f"  Name another one: make PYTHON=python{wanted} up", file=sys.stderr)
        return 2

    from blueprint.tools import command

    return command.run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
