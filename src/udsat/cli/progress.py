"""A sign of life on standard error, for people at a terminal who wait longer than two seconds."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

from udsat.messages import display

T = TypeVar("T")

#: Seconds until the line appears, and between two of its states.
PATIENCE, BEAT = 2.0, 0.5
#: Rows between two looks at the counter.
_STEP = 1_000
_CLEAR = "\r\x1b[K"


class _State:
    """What the running command is doing, as the line tells it; None where no line may be drawn."""

    what: str | None = None
    rows = 0


@contextlib.contextmanager
def doing(what: str, wanted: bool = True) -> Iterator[None]:
    """Say what is being done for as long as it lasts, once it lasts longer than `PATIENCE` seconds.

    Nothing is drawn where standard error is no terminal, or where `wanted` is false.
    """
    if not wanted or not sys.stderr.isatty():
        yield
        return
    _State.what, _State.rows = what, 0
    over = threading.Event()
    line = threading.Thread(target=_draw, args=(over,), daemon=True)
    line.start()
    try:
        yield
    finally:
        over.set()
        line.join()
        _State.what = None


def counted(rows: Iterable[T]) -> Iterable[T]:
    """Return rows as they are, counted for the line if there is one."""
    return rows if _State.what is None else _counted(rows)


def _counted(rows: Iterable[T]) -> Iterator[T]:
    for number, row in enumerate(rows, 1):
        if number % _STEP == 0:
            _State.rows = number
        yield row


def _draw(over: threading.Event) -> None:
    started = time.monotonic()
    if over.wait(PATIENCE):
        return
    while True:
        count = f", {_State.rows:,} rows" if _State.rows else ""
        sys.stderr.write(
            f"{_CLEAR}udsat: {display.line(_State.what or '')}{count},"
            f" {time.monotonic() - started:.0f} s"
        )
        sys.stderr.flush()
        if over.wait(BEAT):
            break
    sys.stderr.write(_CLEAR)
    sys.stderr.flush()
