"""Signals that end a run: a thread hears them at once, which Python itself does only when the
engine has a moment.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import NoReturn

#: Signals by which others ask a run to end; Windows ends it without asking.
_ENDING = ("SIGTERM", "SIGHUP")
#: The status of a run that a signal ended is this and the number of the signal.
_SIGNALLED = 128

#: Seconds in which whatever the starting thread does in one piece is over, or at least writes no
#: new files.
_PATIENCE = 2.0
#: Seconds in which many files are removed.
_LONGEST = 30.0

_pressed, _waiting = threading.Event(), threading.Event()


def listen() -> None:
    """Heed signals from now on: asked for once, by the thread that starts the process.

    Ctrl-C stops every query of the engine. What asks the run to end ends it, without files of its
    own left behind.
    """
    if sys.platform != "win32":
        for number in (getattr(signal, name) for name in _ENDING):
            if (
                signal.getsignal(number) == signal.SIG_DFL
            ):  # whoever started us may have it ignored, as nohup does
                signal.signal(number, _wait)
        heard, told = os.pipe()
        os.set_blocking(told, False)
        signal.set_wakeup_fd(told, warn_on_full_buffer=False)
        threading.Thread(target=_heed, args=(heard,), daemon=True).start()


def pressed() -> bool:
    """Whether Ctrl-C was pressed: then an error may be nothing but what a stopped query says."""
    return _pressed.is_set()


def _heed(heard: int) -> None:
    while signals := os.read(heard, 64):
        ending = [number for name in _ENDING if (number := getattr(signal, name)) in signals]
        if ending or signal.SIGINT in signals:
            _pressed.set()
            with contextlib.suppress(Exception):  # whatever goes wrong, this thread has to go on
                _of("udsat.engine", "stop")()
        if ending:
            _end(ending[0])


def _wait(number: int, _: object) -> NoReturn:
    """Let the thread that writes files write no more of them, as it would make a removed one again,
    until the process ends.
    """
    _waiting.set()
    threading.Event().wait(_LONGEST)
    os._exit(_SIGNALLED + number)


def _end(number: int) -> NoReturn:
    """End the process with the status of a signal: nothing else is taken apart, as whoever asked
    may soon kill it.
    """
    try:
        _waiting.wait(_PATIENCE)
        _of("udsat.files", "remove_all")()
    finally:
        os._exit(_SIGNALLED + number)


def _of(module: str, name: str) -> Callable[[], None]:
    """Return a function of a module, or one that does nothing where it is not loaded, or not to its
    end: it has done nothing yet.
    """
    found: Callable[[], None] = getattr(sys.modules.get(module), name, lambda: None)
    return found
