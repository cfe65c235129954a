"""Runs golden cases with whatever `udsat` this Python imports, and writes what they print and make: `python -m golden.run OUT`.

Everything is loaded once, and each case runs in a fork of this process: hundreds of commands in a few minutes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Set
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import NoReturn

from golden import inputs
from golden.cases import Case, cases

#: What a developer's shell may set, and what would change the output.
_UNSET = (
    "NO_COLOR",
    "FORCE_COLOR",
    "CLICOLOR_FORCE",
    "UDSAT_DEBUG",
    "UDSAT_LANG",
    "UDSAT_CRITERIA",
    "PYTHONIOENCODING",
)
#: What commands import late; modules that a commit lacks are left out.
_LATE = (
    "narwhals",
    "duckdb",
    "pydantic",
    "rich.console",
    "rich.table",
    "babel.numbers",
    "babel.dates",
    "jinja2",
    "openpyxl",
    "xlsxwriter",
)


def run(wanted: Iterable[Case], out: Path) -> None:
    """Run cases, and write the text of each into a folder, as a file named by its number in `cases`."""
    numbers = {case.name: n for n, case in enumerate(cases())}
    _load()
    folder = Path(tempfile.mkdtemp())  # not one that is removed at the end of each fork
    try:
        given = folder / "given"
        given.mkdir()
        inputs.write(given)
        places = {case: folder / str(numbers[case.name]) for case in wanted}
        statuses = {case: _run(case, given, place) for case, place in places.items()}
        names = {path.name for path in given.iterdir()}
        for case, place in places.items():  # reading starts threads, which forks would lack
            text = f"$ udsat {case.name}\n{_text(place, names, statuses[case])}"
            path = out / f"{numbers[case.name]:04}.txt"
            path.write_text(text, "utf-8", "surrogateescape")
    finally:
        shutil.rmtree(folder)


def digest(text: str) -> str:
    """Return the hash of a case's text, as it is kept."""
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _load() -> None:
    """Import what commands import, so that forks find it loaded; no query is run, so that no thread is lost in a fork."""
    import_module("udsat.cli.app").application()
    package = import_module("udsat")
    modules = (found.name for found in walk_packages(package.__path__, "udsat."))
    for name in [*_LATE, *(name for name in modules if name != "udsat.__main__")]:
        with suppress(ImportError):
            import_module(name)


def _run(case: Case, given: Path, folder: Path) -> int:
    """Run a case in a folder of its own, and return its exit status; its streams stand beside the folder."""
    folder.mkdir()
    for path in given.iterdir():
        if any(path.name in word for word in case.words):
            os.link(path, folder / path.name)
    child = os.fork()
    if child == 0:
        _become(case, folder, *_streams(folder))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _streams(folder: Path) -> tuple[Path, Path]:
    return folder.with_suffix(".out"), folder.with_suffix(".err")


def _text(folder: Path, given: Set[str], status: int) -> str:
    """Return the status, the streams and the new files of a case as one text, without where the project lies."""
    parts = [f"status {status}"]
    parts += [
        f"--- {name}\n{_decoded(path)}"
        for name, path in zip(("stdout", "stderr"), _streams(folder), strict=True)
    ]
    parts += [
        f"--- {path.name}\n{_content(path)}"
        for path in sorted(folder.iterdir())
        if path.name not in given
    ]
    project = Path(import_module("udsat").__file__ or "").parents[2]
    return "\n".join(parts).replace(str(project), "PROJECT") + "\n"


def _become(case: Case, folder: Path, out: Path, err: Path) -> NoReturn:
    """Turn this fork into the command of a case."""
    try:
        for name in _UNSET:
            os.environ.pop(name, None)
        os.environ["COLUMNS"] = "120"
        os.chdir(folder)
        for path, number in ((os.devnull, 0), (out, 1), (err, 2)):
            handle = os.open(path, os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT)
            os.dup2(handle, number)
        sys.stdin, sys.stdout, sys.stderr = (
            open(
                number,
                "r" if number == 0 else "w",
                encoding="utf-8",
                errors="surrogateescape",
                closefd=False,
            )
            for number in range(3)
        )
        sys.argv = ["udsat", *case.words]
        import_module("udsat.__main__").main()
        sys.stdout.flush()
        sys.stderr.flush()
    except SystemExit as done:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(done.code if isinstance(done.code, int) else int(done.code is not None))
    except BaseException as error:  # noqa: BLE001 - a fork must never go on as its parent
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
        os._exit(99)
    os._exit(0)


def _content(path: Path) -> str:
    """Return a file as text: workbooks and Parquet by what they hold, since the bytes around it depend on libraries."""
    if path.suffix == ".parquet":
        return "\n".join(_parquet(path))
    if path.suffix == ".xlsx":
        return "\n".join(_workbook(path))
    return _decoded(path)


def _parquet(path: Path) -> Iterator[str]:
    import pyarrow.parquet as pq

    table = pq.read_table(path)
    for field in table.schema:
        yield f"{field.name}: {field.type}"
    for key, value in sorted((table.schema.metadata or {}).items()):
        if key != b"ARROW:schema":
            yield f"{key.decode()}: {value.decode('utf-8', 'replace')}"
    for row in table.to_pylist():
        yield json.dumps(row, ensure_ascii=False, default=str)


def _workbook(path: Path) -> Iterator[str]:
    with zipfile.ZipFile(path) as parts:
        for name in sorted(parts.namelist()):
            yield f"{name}: {parts.read(name).decode('utf-8', 'replace')}"


def _decoded(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "surrogateescape")


def main() -> None:
    """Run the cases whose names contain some words."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--only", default="", help="cases whose command line contains this")
    parser.add_argument("--part", default="0/1", help="every n-th case: k/n")
    options = parser.parse_args()
    start, step = map(int, options.part.split("/"))
    options.out.mkdir(parents=True, exist_ok=True)
    run([case for case in cases()[start::step] if options.only in case.name], options.out)


if __name__ == "__main__":
    main()
