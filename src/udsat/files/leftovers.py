"""What killed runs left: files and folders that are recognised by their names, and named. Nothing
is removed here.
"""

from __future__ import annotations

import os
import re
import shlex
import stat
import sys
from collections.abc import Container, Sequence
from pathlib import Path

from udsat.messages.problems import Problem
from udsat.messages.text import Text

if sys.platform != "win32":
    import fcntl

#: The names of files beside an output, and of folders for temporary files.
BESIDE, FOLDERS = re.compile(r"\.udsat-[0-9a-f]{16}\.tmp"), re.compile(r"udsat-spill-[a-z0-9_]{8}")
#: How long a command may be, in characters.
_LONGEST = 1_000

_searched: set[Path] = set()
_found: list[Problem] = []


def search(folder: Path, names: re.Pattern[str], made: Container[Path]) -> None:
    """Look in a folder, once in a process, for what killed runs left; `made` are the paths of this
    one.
    """
    if folder in _searched:
        return
    _searched.add(folder)
    try:
        with os.scandir(folder) as entries:
            named = [
                entry
                for entry in entries
                if names.fullmatch(entry.name) and Path(entry.path) not in made
            ]
            left = sorted(os.path.abspath(entry.path) for entry in named if _is_left(entry))
    except OSError:
        return
    if left:
        hint = Text("if no other run uses them: {command}", command=_command(left))
        _found.append(
            Problem(
                "UD507",
                Text("temporary files of killed runs are still here ({left})", left=len(left)),
                hint,
                str(folder),
            )
        )


def _command(paths: Sequence[str]) -> str:
    """Return the command that removes paths, or the first of them: a message is cut where it is too
    long.
    """
    command = (
        "rm -r --" if os.name == "posix" else "rmdir /s /q" if os.path.isdir(paths[0]) else "del"
    )
    for path in paths:
        longer = f"{command} {_quoted(path)}"
        if len(longer) > _LONGEST:
            break
        command = longer
    return command


def take() -> list[Problem]:
    """Return, once, what was found, with the command that removes it."""
    found = _found.copy()
    _found.clear()
    return found


def _is_left(entry: os.DirEntry[str]) -> bool:
    """Whether a file or folder is of this user, takes room, and is in no use that this machine
    knows of.
    """
    try:
        there = entry.stat(follow_symlinks=False)
        if sys.platform != "win32" and there.st_uid != os.geteuid():
            return False
        is_folder = stat.S_ISDIR(there.st_mode)
        if not is_folder and not stat.S_ISREG(there.st_mode):
            return False
        return not _is_held(entry.path) and (not is_folder or any(os.scandir(entry.path)))
    except OSError:
        return False


def _is_held(path: str) -> bool:
    """Whether a run that goes on holds a file or folder."""
    if sys.platform == "win32":
        return False
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(handle)
    return False


def _quoted(path: str) -> str:
    r"""Return a path as a shell takes it: what cannot be shown is written as its bytes.

    >>> print(_quoted("/tmp/a b"), _quoted("/tmp/new\nline"))
    '/tmp/a b' $'/tmp/new\x0aline'
    """
    if os.name != "posix":
        return f'"{path}"'
    if path.isprintable():
        return shlex.quote(path)
    plain = (
        chr(byte) if 32 <= byte < 127 and byte not in b"\\'" else f"\\x{byte:02x}"
        for byte in os.fsencode(path)
    )
    return f"$'{''.join(plain)}'"
