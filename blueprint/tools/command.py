"""The command line of `python3 -m blueprint.tools`."""

import argparse
import signal
import sys
from collections.abc import Sequence

from blueprint.errors import BlueprintError
from blueprint.tools import bootstrap, environments, locks, provision
from blueprint.tools.host import this_host


def run(arguments: Sequence[str]) -> int:
    """Provide what is named (everything where nothing is) and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python3 -m blueprint.tools", description="Provide the tools the blueprint runs."
    )
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        default=["bootstrap"],
        help="bootstrap (everything `make up` needs), lock (renew requirements/*.txt), "
        f"{bootstrap.PROVIDER}, a tool ({', '.join(provision.names())}) or a Python environment "
        f"({', '.join(environments.ENVIRONMENTS)})",
    )
    parser.add_argument(
        "--upgrade", action="store_true", help="with lock: take the newest versions, not the pinned"
    )
    options = parser.parse_args(arguments)
    # As Ctrl-C: a compiler that was started must end with us.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        for name in options.names:
            if name == "lock":
                locks.renew(upgrade=options.upgrade, host=this_host())
            else:
                bootstrap.provide(name, host=this_host())
    except BlueprintError as error:
        print(f"error: {error.message}", file=sys.stderr)
        if error.remedy:
            print(f"  {error.remedy}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("interrupted; running it again continues", file=sys.stderr)
        return 130
    return 0
