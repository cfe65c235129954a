"""How much memory the engine may take, and where it puts what does not fit."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from decimal import Decimal
from pathlib import Path

from udsat import files
from udsat.messages.problems import Problem, UsageError
from udsat.messages.text import Text

_UNITS = {
    "": 1,
    "KB": 10**3,
    "MB": 10**6,
    "GB": 10**9,
    "TB": 10**12,
    "KIB": 1024,
    "MIB": 1024**2,
    "GIB": 1024**3,
    "TIB": 1024**4,
}
#: Below this the engine cannot hold one block of each column.
LEAST = 64 * 10**6
#: The engine counts bytes in numbers that end here.
MOST = 2**62


def size(text: str) -> str:
    """Return a size such as `2GB` or `512MiB` in bytes, as the engine reads it; raise `UsageError`
    for what is none.

    >>> size("2GB"), size("1.5 GiB")
    ('2000000000B', '1610612736B')
    """
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([kmgt]i?b)?\s*", text, re.IGNORECASE)
    if match is None:
        raise UsageError(
            Problem(
                "UD715",
                Text("'{text}' is no size of memory", text=text),
                Text("write it as 2GB or 512MB"),
            )
        )
    count = int(Decimal(match[1]) * _UNITS[(match[2] or "").upper()])
    if count > MOST:
        raise UsageError(
            Problem(
                "UD715",
                Text("'{text}' is more memory than there can be", text=text),
                Text("write it as 2GB or 512MB"),
            )
        )
    if count < LEAST:
        raise UsageError(
            Problem(
                "UD715",
                Text("'{text}' is too little memory for the engine", text=text),
                Text("give at least {least}MB", least=LEAST // 10**6),
            )
        )
    return f"{count}B"


def folder() -> str:
    """Return the folder of this process for temporary files, in which the engine keeps its own."""
    return str(files.run_folder())


def inside() -> AbstractContextManager[Path]:
    """Yield a folder for files of our own in it; they are gone at the end of the block."""
    return files.scratch()
