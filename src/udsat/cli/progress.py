"""Progress: a line on standard error for people at a terminal, with rows and the time left."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from udsat.messages import display

T = TypeVar("T")

#: Seconds until the line appears, and between two of its states.
PATIENCE, BEAT = 1.0, 0.5
#: Rows between two looks at the counter.
_STEP = 1_000
_CLEAR = "\r\x1b[K"


class Progress:
    """What the running command is doing, and how far it is."""

    #: The one that is shown now.
    shown: Progress | None = None

    def __init__(self, percent: Callable[[], float] | None = None) -> None:
        """Take what says how many percent are done, below 0 where that is not known."""
        self._percent = percent
        self._what, self._total, self._began = "", 0, time.monotonic()
        self._done: Callable[[], int] | None = None
        self.rows = 0

    def __call__(self, what: str, rows: int = 0, done: Callable[[], int] | None = None) -> None:
        """Say what is done from now on, over how many rows (0: not known), and what counts them, if
        not the engine.
        """
        self._what, self._total, self._done = what, rows, done
        self.rows, self._began = 0, time.monotonic()

    @contextlib.contextmanager
    def watching(self) -> Iterator[Progress]:
        """Show the line while the block runs, once that takes longer than `PATIENCE` seconds;
        nothing is drawn where standard error is no terminal.
        """
        if not sys.stderr.isatty():
            yield self
            return
        over = threading.Event()
        thread = threading.Thread(target=self._draw, args=(over,), daemon=True)
        thread.start()
        Progress.shown = self
        try:
            yield self
        finally:
            Progress.shown = None
            over.set()
            thread.join()

    def _draw(self, over: threading.Event) -> None:
        drawn = False
        while not over.wait(BEAT if drawn else min(BEAT, PATIENCE)):
            seconds = time.monotonic() - self._began
            if self._what and (drawn or seconds >= PATIENCE):
                drawn = True
                sys.stderr.write(f"{_CLEAR}udsat: {self._line(seconds)}")
                sys.stderr.flush()
        if drawn:
            sys.stderr.write(_CLEAR)
            sys.stderr.flush()

    def _line(self, seconds: float) -> str:
        percent = self._percent() if self._percent else -1.0
        if self._done:
            percent = 100 * self._done() / self._total if self._total else -1.0
        return line(display.line(self._what), self._total, percent, seconds, self.rows)


def line(what: str, total: int, percent: float, seconds: float, rows: int = 0) -> str:
    """Return one line of progress; the time left is the time gone, carried forward.

    >>> line("counting persons", 96_000_000, 25.0, 10.0)
    'counting persons: 24,000,000 of 96,000,000 rows, 25 %, about 30 s left'
    >>> line("writing out.csv", 0, -1.0, 3.0, 2_000), line("reading", 0, -1.0, 3.0)
    ('writing out.csv: 2,000 rows, 3 s', 'reading: 3 s')
    """
    if not 0 < percent <= 100:
        return f"{what}: {f'{rows:,} rows, ' if rows else ''}{seconds:.0f} s"
    done = f"{int(total * percent / 100):,} of {total:,} rows, " if total else ""
    return f"{what}: {done}{percent:.0f} %, about {seconds * (100 - percent) / percent:.0f} s left"


@contextlib.contextmanager
def doing(what: str, wanted: bool = True) -> Iterator[None]:
    """Say what is being done for as long as it lasts."""
    if not wanted:
        yield
        return
    progress = Progress()
    progress(what)
    with progress.watching():
        yield


def counted(rows: Iterable[T]) -> Iterable[T]:
    """Return rows as they are, counted for the line if there is one."""
    return rows if Progress.shown is None else _counted(rows, Progress.shown)


def _counted(rows: Iterable[T], progress: Progress) -> Iterator[T]:
    for number, row in enumerate(rows, 1):
        if number % _STEP == 0:
            progress.rows = number
        yield row
