"""Serves a fake GitHub until it is interrupted; the first line it prints is its address."""

import argparse
import json
import signal
from pathlib import Path

from tests.fakes_github.server import FakeGithub


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fakes_github", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--repository", required=True, metavar="OWNER/NAME")
    parser.add_argument("--git", type=Path, required=True, help="bare repository with the refs")
    parser.add_argument("--state", type=Path, help="file the state is read from and written to")
    parser.add_argument(
        "--token",
        action="append",
        default=[],
        metavar="TOKEN[=JSON]",
        help='a token to know, with its permissions: ghs_1={"issues": "write"}; without: all of them',
    )
    arguments = parser.parse_args()
    with FakeGithub(
        repository=arguments.repository,
        git=arguments.git,
        port=arguments.port,
        state_file=arguments.state,
    ) as github:
        for entry in arguments.token:
            token, _, permissions = entry.partition("=")
            github.add_token(token, permissions=json.loads(permissions) if permissions else None)
        print(github.url, flush=True)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})


if __name__ == "__main__":
    # Waited for in main, so they must not interrupt anything else.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    main()
