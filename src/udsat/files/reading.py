"""Files that a user names: opened, or an `OSError`, whatever the name holds."""

from __future__ import annotations

import errno
import os
from typing import BinaryIO


def opened(name: str | os.PathLike[str]) -> BinaryIO:
    """Return a file opened for its bytes; raise `OSError` also for a name that no file can have."""
    try:
        return open(name, "rb")
    except ValueError as error:
        raise OSError(errno.EINVAL, "no file can have this name", os.fspath(name)) from error


def content(name: str | os.PathLike[str]) -> bytes:
    """Return the bytes of a file; raise `OSError` where there are none to be had."""
    with opened(name) as stream:
        return stream.read()
