"""What a run may use, and how far it is: the option for memory, progress on a terminal, and clear
words when room is short.
"""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated

from udsat.cli.options import MEMORY, option
from udsat.messages.problems import Problem, UsageError
from udsat.messages.text import Text

if TYPE_CHECKING:
    import duckdb

Memory = Annotated[str | None, option("--memory", metavar="SIZE", text=MEMORY)]
#: Shorter work shows no progress.
_PATIENCE = 1.0
_STEP = 0.5


@contextlib.contextmanager
def within_limits() -> Iterator[None]:
    """Turn what the engine says when memory or disk are full into a message with what to do."""
    import duckdb

    from udsat.engine import spill

    try:
        yield
    except duckdb.OutOfMemoryException as error:
        full = "max_temp_directory_size" in str(error) or "temporary" in str(error).lower()
        place = spill.folder()
        if full:
            hint = Text(
                "make room there, or name another folder in the environment variable TMPDIR"
            )
            raise UsageError(
                Problem(
                    "UD714", Text("there is no room for what does not fit into memory"), hint, place
                )
            ) from error
        raise UsageError(
            Problem(
                "UD713",
                Text("the memory that is allowed does not do for this table"),
                Text("allow more with --memory"),
            )
        ) from error
    except duckdb.IOException as error:
        text = " ".join(str(error).split())[:300]
        hint = Text(
            "check that there is room, here and where temporary files go (the environment"
            " variable TMPDIR)"
        )
        raise UsageError(
            Problem("UD714", Text("a file cannot be written or read: {text}", text=text), hint)
        ) from error


class Progress:
    """Says on standard error what is being done, with rows and the time left, where that is a
    terminal.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Watch a connection; the engine is told to keep account of its progress, and not to draw
        it.
        """
        self.connection = connection
        self.what, self.rows, self.began = "", 0, time.monotonic()
        self.done: Callable[[], int] | None = None
        self._over = threading.Event()
        self._shown = False

    def __call__(self, what: str, rows: int, done: Callable[[], int] | None = None) -> None:
        """Say what is done from now on, over how many rows (0: not known), and what counts them, if
        not the engine.
        """
        self.what, self.rows, self.done, self.began = what, rows, done, time.monotonic()

    def percent(self) -> float:
        """Return how much is done, below 0 where that is not known."""
        if self.done:
            return 100 * self.done() / self.rows if self.rows else -1.0
        return self.connection.query_progress()

    @contextlib.contextmanager
    def watching(self) -> Iterator[Progress]:
        """Show progress while the block runs."""
        if not sys.stderr.isatty():
            yield self
            return
        for setting in (
            "enable_progress_bar = true",
            "enable_progress_bar_print = false",
            "progress_bar_time = 0",
        ):
            self.connection.execute(f"SET {setting}")
        thread = threading.Thread(target=self._watch, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._over.set()
            thread.join()
            if self._shown:
                sys.stderr.write("\r\x1b[K")
                sys.stderr.flush()

    def _watch(self) -> None:
        while not self._over.wait(_STEP):
            seconds = time.monotonic() - self.began
            if self.what and (self._shown or seconds > _PATIENCE):
                self._shown = True
                sys.stderr.write(f"\r\x1b[K{line(self.what, self.rows, self.percent(), seconds)}")
                sys.stderr.flush()


def line(what: str, rows: int, percent: float, seconds: float) -> str:
    """Return one line of progress; the time left is the time gone, carried forward.

    >>> line("counting persons", 96_000_000, 25.0, 10.0)
    'counting persons: 24,000,000 of 96,000,000 rows, 25 %, about 30 s left'
    >>> line("reading", 0, -1.0, 3.0)
    'reading: 3 s'
    """
    if not 0 < percent <= 100:
        return f"{what}: {seconds:.0f} s"
    done = f"{int(rows * percent / 100):,} of {rows:,} rows, " if rows else ""
    return f"{what}: {done}{percent:.0f} %, about {seconds * (100 - percent) / percent:.0f} s left"
