"""Starts a program in a session of its own and prints its number: `detach.py <command>...`.

It is a process between the command line and the server, so that the server is nobody's child: it
outlives the command line, and when it ends nobody has to collect it. What the program prints goes
to the standard error of this process.
"""

import signal
import subprocess
import sys


def main(command: list[str]) -> None:
    # The command line puts Ctrl-C off while it runs us; the server must not inherit that.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    child = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    print(child.pid)


if __name__ == "__main__":
    main(sys.argv[1:])
