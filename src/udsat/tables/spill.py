"""Where the engine puts what does not fit into memory: a folder of this run, gone when it ends, also when it was killed."""

from __future__ import annotations

import atexit
import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from udsat.errors import Problem, UsageError
from udsat.tables import leftovers

_PREFIX = "udsat-spill-"
_UNITS = {"": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12, "KIB": 1024, "MIB": 1024**2, "GIB": 1024**3, "TIB": 1024**4}
#: Below this the engine cannot hold one block of each column.
LEAST = 64 * 10**6
#: The engine counts bytes in numbers that end here.
MOST = 2**62


def size(text: str) -> str:
    """Return a size such as `2GB` or `512MiB` in bytes, as the engine reads it; raise `UsageError` for what is none.

    >>> size("2GB"), size("1.5 GiB")
    ('2000000000B', '1610612736B')
    """
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([kmgt]i?b)?\s*", text, re.IGNORECASE)
    if match is None:
        raise UsageError(Problem("UD715", f"'{text}' is no size of memory", "write it as 2GB or 512MB"))
    count = int(Decimal(match[1]) * _UNITS[(match[2] or "").upper()])
    if count > MOST:
        raise UsageError(Problem("UD715", f"'{text}' is more memory than there can be", "write it as 2GB or 512MB"))
    if count < LEAST:
        raise UsageError(Problem("UD715", f"'{text}' is too little memory for the engine", f"give at least {LEAST // 10**6}MB"))
    return f"{count}B"


@lru_cache
def folder() -> str:
    """Return the folder of this run, and remove those that killed runs left; the engine makes it when it needs it.

    It lies where the system keeps temporary files; the environment variable TMPDIR names another place.
    """
    place = Path(tempfile.gettempdir())
    leftovers.clean(place, _PREFIX)
    mine = place / f"{_PREFIX}{os.getpid()}"
    atexit.register(shutil.rmtree, mine, ignore_errors=True)
    return str(mine)


@contextlib.contextmanager
def inside() -> Iterator[Path]:
    """Yield the folder of this run, made, for files of our own in it; they are gone at the end of the block."""
    place = Path(folder())
    place.mkdir(mode=0o700, exist_ok=True)
    own = Path(tempfile.mkdtemp(prefix="files-", dir=place))
    try:
        yield own
    finally:
        shutil.rmtree(own, ignore_errors=True)
        with contextlib.suppress(OSError):
            place.rmdir()
