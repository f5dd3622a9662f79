"""Says on standard error what takes long: in place on a terminal, as occasional lines elsewhere."""

import sys
import time
from typing import TextIO

_LINE_EVERY_SECONDS = 15.0


class Progress:
    """Lines for a person; one of them at a time is being rewritten."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream if stream is not None else sys.stderr
        self._in_place = self._stream.isatty()
        self._width = 0
        self._last_line = time.monotonic()

    def say(self, text: str) -> None:
        """One line that stays."""
        self._clear()
        print(text, file=self._stream, flush=True)
        self._last_line = time.monotonic()

    def update(self, text: str) -> None:
        """How far it is: replaces the last update on a terminal, else at most one line per 15 s."""
        if self._in_place:
            print(f"\r{text:<{self._width}}", end="", file=self._stream, flush=True)
            self._width = len(text)
        elif time.monotonic() - self._last_line >= _LINE_EVERY_SECONDS:
            self.say(text)

    def _clear(self) -> None:
        if self._width:
            print("\r" + " " * self._width + "\r", end="", file=self._stream)
            self._width = 0
