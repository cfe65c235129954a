"""A PostgreSQL server of the tests' own, in a folder of its own, without a port."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path


class NoServer(Exception):
    """No server can be started here; the message says what to install."""


@contextlib.contextmanager
def postgres_server() -> Iterator[str]:
    """Start a server, and give the folder of its socket, which is the host to connect to as user `udsat`.

    The folder is not one of pytest's: other runs would clear it away.
    """
    programs = _programs()
    if programs is None:
        raise NoServer("there is no PostgreSQL: install postgresql")
    root = os.geteuid() == 0
    if root and not (shutil.which("runuser") and _has_user("postgres")):
        raise NoServer("PostgreSQL does not run as root, and there is no user postgres to run it")
    folder = Path(tempfile.mkdtemp(prefix="udsat-postgres-"))
    if root:
        shutil.chown(folder, "postgres")
    first = ["runuser", "-u", "postgres", "--"] if root else []
    data, own = str(folder / "data"), str(folder)
    subprocess.run(
        [
            *first,
            programs / "initdb",
            "-D",
            data,
            "-A",
            "trust",
            "-U",
            "udsat",
            "--locale=C.UTF-8",
            "-E",
            "UTF8",
        ],
        check=True,
        capture_output=True,
    )
    options = f"-c listen_addresses='' -c unix_socket_directories={own} -c fsync=off"
    control = [*first, programs / "pg_ctl", "-D", data, "-w", "-l", f"{own}/log"]
    subprocess.run(
        [*control, "-o", options, "start"],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield own
    finally:
        subprocess.run(
            [*control, "-m", "immediate", "stop"], check=False, stdout=subprocess.DEVNULL
        )
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path | None:
    """Return the folder with the server's programs: Debian keeps it out of the path."""
    for found in (
        shutil.which("pg_ctl"),
        *sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")), reverse=True),
    ):
        if found:
            return Path(found).resolve().parent
    return None


def _has_user(name: str) -> bool:
    import pwd

    return any(one.pw_name == name for one in pwd.getpwall())
