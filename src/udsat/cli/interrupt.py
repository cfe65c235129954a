"""Ctrl-C: Python hears of it only when the engine has a moment, so the engine's queries are stopped first."""

from __future__ import annotations

import os
import signal
import sys
import threading

_pressed = threading.Event()


def listen() -> None:
    """Stop every query of the engine as soon as Ctrl-C is pressed: asked for once, by the thread that starts the process."""
    if sys.platform != "win32":
        heard, told = os.pipe()
        os.set_blocking(told, False)
        signal.set_wakeup_fd(told, warn_on_full_buffer=False)
        threading.Thread(target=_stop, args=(heard,), daemon=True).start()


def pressed() -> bool:
    """Whether Ctrl-C was pressed: then an error may be nothing but what a stopped query says."""
    return _pressed.is_set()


def _stop(heard: int) -> None:
    while signals := os.read(heard, 64):
        if signal.SIGINT in signals:
            _pressed.set()
            if engine := sys.modules.get("udsat.tables.engine"):  # not loaded for this alone
                engine.stop()
