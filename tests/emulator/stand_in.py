"""A server that stands in for MiniStack where only its start and end matter: `stand_in.py <way>`."""

import os
import signal
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Health(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/_ministack/health" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """The log holds what a test put there."""


def fail_to_save(*_: object) -> None:
    print("2026-01-01 00:00:00 ERROR [persistence] failed to save s3", flush=True)
    sys.exit(0)


def main(way: str) -> None:
    print(f"stand-in: {way}", flush=True)
    if way == "dies":
        print("a reason on the last line", flush=True)
        sys.exit(1)
    if way == "mute":
        time.sleep(60)
    if way == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if way == "with a busy function":
        function = Path(os.environ["TMPDIR"]) / "function.py"
        function.write_text("import time; time.sleep(60)")
        subprocess.Popen([sys.executable, str(function)])
    if way == "cannot load":
        print("2026-01-01 00:00:00 ERROR [persistence] failed to load sqs", flush=True)
    if way == "cannot save":
        signal.signal(signal.SIGTERM, fail_to_save)
    address = (os.environ["BIND_HOST"], int(os.environ["GATEWAY_PORT"]))
    ThreadingHTTPServer(address, Health).serve_forever()


if __name__ == "__main__":
    main(sys.argv[1])
