"""The only module that writes, renames and removes files: outputs whole or not at all, and what a
run needs for a while.

Names are random and opened exclusively, so that runs in other containers and on other machines
cannot meet. Nothing is removed but what this process made. What a killed run left is only named,
with the command that removes it.
"""

from __future__ import annotations

import atexit
import contextlib
import errno
import os
import shutil
import stat
import sys
import tempfile
import weakref
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from udsat.files import leftovers
from udsat.messages.problems import Problem, UsageError
from udsat.messages.text import Text

if sys.platform != "win32":
    import fcntl

#: More links in a row than these are a circle.
_MOST_LINKS = 32
#: What systems say of a full disk.
_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
#: An access list, which some systems keep beside the permissions.
_ACCESS_LIST = "system.posix_acl_access"

#: What this process made and has to remove, with the handle that shows other runs that it is in
#: use.
_made: dict[Path, int | None] = {}


@contextlib.contextmanager
def whole(path: str) -> Iterator[Path]:
    """Yield a path for the content of a file, which takes the place of the file when all went well,
    and is gone when not.

    A link stays, and its target is replaced. A file that is replaced keeps its permissions. A pipe
    or a device gets the content at the end. Raises `UsageError` where nothing can be written.
    """
    try:
        target = _followed(Path(path))
        with _poured_into(target) if _takes_a_stream(target) else _replacing(target) as place:
            yield place
    except BrokenPipeError:
        raise  # nobody reads on, here or on standard output
    except OSError as error:
        raise _unwritable(error, path) from error


def opened(path: Path) -> TextIO:
    """Return a path that this module gave, opened for text: UTF-8, with line ends as they are; what
    UTF-8 cannot hold is written out.
    """
    return path.open("w", encoding="utf-8", newline="", errors="backslashreplace")


def write(path: str, content: str | bytes) -> None:
    """Write a file whole or not at all; raise `UsageError` where it cannot be written."""
    with whole(path) as place:
        place.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)


def make_folder(path: Path) -> None:
    """Make a folder for outputs, and those above it; raise `UsageError` where that is
    not allowed.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(error, str(path)) from error


def append(path: str, text: str) -> None:
    """Add text to the end of a file that others write to as well; raise `UsageError` where it
    cannot be written.
    """
    try:
        with open(path, "a", encoding="utf-8") as stream:
            stream.write(text)
    except OSError as error:
        raise _unwritable(error, path) from error


def _unwritable(error: OSError, path: str) -> UsageError:
    return UsageError(
        Problem(
            "UD502",
            Text("cannot be written: {strerror}", strerror=error.strerror or error),
            file=path,
        )
    )


def is_stream(path: str) -> bool:
    """Whether a path leads to a pipe or a device, such as standard output by its name: nothing can
    be read back from it.
    """
    try:
        return _takes_a_stream(_followed(Path(path)))
    except OSError:
        return False


@contextlib.contextmanager
def _replacing(target: Path) -> Iterator[Path]:
    leftovers.search(target.parent, leftovers.BESIDE, _made)
    # What replaces a file is for its owner alone until it has the permissions of that file.
    made = _new_file(target.parent, 0o600 if target.exists() else 0o666)
    try:
        yield made
        _take_over(made, target)
        _let_go(made)
        os.replace(made, target)
    finally:
        _remove(made)


@contextlib.contextmanager
def _poured_into(target: Path) -> Iterator[Path]:
    with scratch() as folder:
        made = folder / "content"
        yield made
        # Never from the start of it: standard output may be a file that has lines already.
        with made.open("rb") as content, target.open("ab") as stream:
            shutil.copyfileobj(content, stream)


def _new_file(folder: Path, permissions: int) -> Path:
    """Return a new file in a folder; `tempfile` would not let the umask and the folder decide on
    its permissions.
    """
    made = folder / f".udsat-{os.urandom(8).hex()}.tmp"
    _made[made] = None
    try:
        handle = os.open(made, os.O_RDWR | os.O_CREAT | os.O_EXCL, permissions)
    except OSError:
        del _made[made]
        raise
    _hold(made, handle)
    return made


def _followed(path: Path) -> Path:
    """Return where a path leads: a link as its target, which need not exist; standard output by its
    name stays as it is.
    """
    for _ in range(_MOST_LINKS):
        if _is_handle(path) or not path.is_symlink():
            return path
        path = path.parent / path.readlink()
    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))


def _is_handle(path: Path) -> bool:
    """Whether a path is the name of an open file, such as /dev/fd/1."""
    folder = os.path.realpath(path.parent)
    return os.name == "posix" and (folder == "/dev/fd" or folder.startswith("/proc/"))


def _takes_a_stream(path: Path) -> bool:
    try:
        kind = path.stat().st_mode
    except OSError:
        return False
    if _is_handle(path):
        return True
    if stat.S_ISBLK(kind):
        raise OSError(errno.EINVAL, "it is a whole disk")
    return stat.S_ISCHR(kind) or stat.S_ISFIFO(kind)


def _take_over(made: Path, target: Path) -> None:
    """Give a file the owner and the permissions of the one that it replaces, as far as this user
    may.
    """
    try:
        there = os.stat(target)
    except OSError:
        return
    if hasattr(os, "chown"):
        for owner in (there.st_uid, -1):
            with contextlib.suppress(OSError):
                os.chown(made, owner, there.st_gid)
                break
    allowed = there.st_mode & 0o777
    same_group = os.stat(made).st_gid == there.st_gid
    if not same_group:  # another group may do what everybody may
        allowed = (allowed & 0o707) | ((allowed >> 3 & allowed & 0o7) << 3)
    with contextlib.suppress(OSError):
        os.chmod(made, allowed)
        if same_group and sys.platform == "linux":
            os.setxattr(made, _ACCESS_LIST, os.getxattr(target, _ACCESS_LIST))


class _RunFolder:
    """The folder of this process for temporary files; None until one is needed."""

    folder: Path | None = None


def run_folder() -> Path:
    """Return the folder of this process for temporary files: private, under a random name, and gone
    when the process ends.

    It is where the system keeps temporary files; the environment variable TMPDIR names another
    place. Raises `UsageError` where no folder can be made.
    """
    if _RunFolder.folder is None or not _is_own_folder(_RunFolder.folder):
        try:
            place = Path(tempfile.gettempdir())
            leftovers.search(place, leftovers.FOLDERS, _made)
            made = Path(tempfile.mkdtemp(prefix="udsat-spill-", dir=place))
            _made[made] = None
            _hold(made, None if os.name == "nt" else os.open(made, os.O_RDONLY))
        except OSError as error:
            raise _no_room(error) from error
        _RunFolder.folder = made
    return _RunFolder.folder


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """Yield a new folder for temporary files; it is gone at the end of the block."""
    made = Path(tempfile.mkdtemp(prefix="files-", dir=run_folder()))
    _made[made] = None
    try:
        yield made
    finally:
        _remove(made)


def _no_room(error: OSError, place: str = "") -> UsageError:
    hint = Text("make room there, or name another folder in the environment variable TMPDIR")
    return UsageError(
        Problem(
            "UD714",
            Text("temporary files cannot be written: {strerror}", strerror=error.strerror or error),
            hint,
            place,
        )
    )


class Temporary:
    """A temporary file that is gone with its owner, and at the latest with the process."""

    def __init__(self, suffix: str) -> None:
        """Make an empty file."""
        handle, place = tempfile.mkstemp(suffix=suffix, dir=run_folder())
        self.path = Path(place)
        _made[self.path] = None
        os.close(handle)
        weakref.finalize(self, _remove, self.path)

    def fill(self, chunks: Iterable[bytes]) -> None:
        """Write bytes in place of what the file has; raise `UsageError` where the disk is full."""
        try:
            with self.path.open("wb") as stream:
                stream.writelines(chunks)
        except OSError as error:
            if (
                error.errno not in _FULL
            ):  # that of reading what is written, which is told where it is read
                raise
            raise _no_room(error, str(self.path.parent)) from error


def remove_all() -> None:
    """Remove everything that this process made for a while: asked for when it ends, in whatever
    way.
    """
    for path in reversed(_made.copy()):
        _remove(path)


def _remove(path: Path) -> None:
    """Remove what this process made; a child that was forked has made nothing of it."""
    if path not in _made:
        return
    _let_go(path)
    with contextlib.suppress(OSError):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    _made.pop(path, None)


def _is_own_folder(path: Path) -> bool:
    """Whether the folder is still the one that was made: long processes outlive what a system keeps
    temporary files for.
    """
    try:
        there = path.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(there.st_mode) and (os.name == "nt" or there.st_uid == os.geteuid())


def _hold(path: Path, handle: int | None) -> None:
    """Keep a file open and locked while it is in use: the system ends that with the process,
    however it ends.
    """
    if sys.platform == "win32":
        if handle is not None:  # an open file cannot be renamed there
            os.close(handle)
    elif handle is not None:
        _made[path] = handle
        with contextlib.suppress(OSError):  # some file systems have no locks
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _let_go(path: Path) -> None:
    if (handle := _made.get(path)) is not None:
        _made[path] = None
        os.close(handle)


def _forget() -> None:
    """Have made nothing: a child that was forked removes nothing of its parent."""
    for path in _made:
        _let_go(path)
    _made.clear()
    _RunFolder.folder = None


atexit.register(remove_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
