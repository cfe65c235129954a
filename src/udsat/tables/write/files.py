"""Files that are written whole or not at all, and what a killed run left behind."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from udsat.errors import Problem, UsageError
from udsat.tables import leftovers

_PREFIX = ".udsat-"


@contextlib.contextmanager
def whole(path: str) -> Iterator[Path]:
    """Yield a temporary path beside `path` that takes its place when all went well, and is gone when not.

    What a killed run left in the folder is removed first. Raises `UsageError` where nothing can be written.
    """
    target = Path(path)
    leftovers.clean(target.parent, _PREFIX)
    temporary = beside(target, target.name)
    try:
        yield temporary
        temporary.replace(target)
    except OSError as error:
        raise UsageError(Problem("UD502", f"cannot be written: {error.strerror or error}", file=path)) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def beside(target: Path, name: str) -> Path:
    """Return a path in the folder of a file that only this run uses, and that the next run removes if this one is killed."""
    return target.parent / f"{_PREFIX}{os.getpid()}-{name}"
