"""The files that are named, and their digests, formed beside other work. Loads nothing that takes
long to load.
"""

from __future__ import annotations

import glob
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from threading import Thread

from udsat.messages.problems import Problem, TableError
from udsat.messages.text import Text

#: The endings of names, and what kind of file each stands for.
ENDINGS = {".parquet": "parquet", ".pq": "parquet", ".csv": "csv"}
#: So many bytes are read at once: the fewer times a thread comes back for more, the less it keeps
#: others from their work.
_CHUNK = 1 << 22


class PersonFiles:
    """Files of person rows, each once, in the order in which they were named."""

    def __init__(self, paths: Sequence[str]) -> None:
        """Keep the paths."""
        self.paths = tuple(paths)
        self._seen = [_seen(path) for path in self.paths]
        self._digests: list[str] = []
        self._error: Exception | None = None
        self._thread: Thread | None = None

    def begin(self) -> None:
        """Begin with the digests: a processor that would be idle can form them."""
        self._thread = Thread(target=self._digest, daemon=True)
        self._thread.start()

    def check(self) -> None:
        """Raise `TableError` where files are no longer those that were named: others have their
        place, or they were written to.
        """
        changed = [
            path for path, seen in zip(self.paths, self._seen, strict=True) if _seen(path) != seen
        ]
        if changed:
            hint = Text("count again when nobody writes to it")
            raise TableError(
                [
                    Problem("UD708", Text("has changed while it was read"), hint, path)
                    for path in changed
                ]
            )

    def digests(self) -> list[str]:
        """Return the SHA-256 of every file; raise `OSError` where one cannot be read, and what
        `check` raises.
        """
        if self._thread is None:
            self.begin()
        if self._thread:
            self._thread.join()
        if self._error:
            raise self._error
        self.check()
        return self._digests

    def _digest(self) -> None:
        try:
            room = memoryview(bytearray(_CHUNK))
            for path in self.paths:
                found = hashlib.sha256()
                with open(path, "rb", buffering=0) as stream:
                    while many := stream.readinto(room):
                        found.update(room[:many])
                self._digests.append(found.hexdigest())
        except Exception as error:  # noqa: BLE001 - whoever asks for digests is told
            self._error = error


def _seen(path: str) -> tuple[int, ...] | None:
    """Return what changes with a file; None where there is none."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def named(names: Sequence[str]) -> PersonFiles:
    """Return every file that names, globs and folders stand for; raise `TableError` for all that
    are missing.
    """
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for name in names:
        some = _matching(name)
        if not some:
            problems.append(
                Problem("UD707", _nothing(name), Text("check the name and the folder"), name)
            )
        for path in some:
            found.setdefault(os.path.realpath(path), path)
    problems += [
        Problem(
            "UD707",
            Text("is neither Parquet nor CSV"),
            Text("give files that end in .parquet or .csv"),
            path,
        )
        for path in found.values()
        if Path(path).suffix.lower() not in ENDINGS
    ]
    if problems:
        raise TableError(problems)
    return PersonFiles(list(found.values()))


def _matching(name: str) -> list[str]:
    if os.path.isdir(name):
        inside = (
            os.path.join(name, part)
            for part in sorted(os.listdir(name))
            if not part.startswith((".", "_"))
        )
        return [
            path for path in inside if os.path.isfile(path) and Path(path).suffix.lower() in ENDINGS
        ]
    if os.path.isfile(name):
        return [name]
    return (
        []
        if "\0" in name
        else sorted(path for path in glob.glob(name, recursive=True) if os.path.isfile(path))
    )


def _nothing(name: str) -> Text:
    if os.path.isdir(name):
        return Text("is a folder without Parquet or CSV files")
    return Text("matches no file") if glob.has_magic(name) else Text("does not exist")
