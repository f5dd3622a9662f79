"""What a person sees while a command works: progress on standard error, results on standard output."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

# Results go to standard output, so that a pipeline can read them; everything else to standard error.
out = Console(highlight=False, soft_wrap=True, emoji=False)
err = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)


def done(text: str, *, seconds: float | None = None) -> None:
    """One finished step."""
    took = "" if seconds is None else f" [dim]({seconds:.1f} s)[/dim]"
    err.print(f"[green]✓[/green] {text}{took}")


def note(text: str) -> None:
    """Something worth knowing that is neither progress nor failure."""
    err.print(f"[dim]·[/dim] {text}")


@contextmanager
def working(text: str) -> Iterator[None]:
    """Show `text` while the block runs (a spinner on a terminal, one line elsewhere), then how long it took."""
    started = time.monotonic()
    if err.is_terminal:
        with err.status(text):
            yield
    else:
        err.print(f"… {text}")
        yield
    done(text, seconds=time.monotonic() - started)
