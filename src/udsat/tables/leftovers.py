"""Temporary files that carry the number of the process that made them, so that the next run removes what a killed one left."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def clean(folder: Path, prefix: str) -> None:
    """Remove files and folders called `<prefix><process>` or `<prefix><process>-...` whose process runs no more."""
    for left in folder.glob(f"{prefix}*"):
        owner = left.name.removeprefix(prefix).split("-")[0]
        if owner.isdecimal() and not runs(int(owner)):
            shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)


def runs(process: int) -> bool:
    """Whether a process runs; where that cannot be asked without harm (Windows), every one does."""
    if os.name == "nt":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
