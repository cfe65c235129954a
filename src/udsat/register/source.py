"""Where person rows come from: groups of files that the engine can read in one go."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from udsat.engine import literal
from udsat.files import opened
from udsat.messages.problems import Problem, TableError
from udsat.messages.text import Text, first_line
from udsat.register.files import ENDINGS

_MARKS = (",", ";", "\t", "|")
_CHUNK = 1 << 22


@dataclass(frozen=True, slots=True)
class PersonSource:
    """Files that share their columns and types, and so are read as one."""

    kind: str
    files: tuple[str, ...]
    #: Where the bytes of each file lie: a CSV file that is not UTF-8 is copied first.
    paths: tuple[str, ...]
    types: dict[str, str]
    delimiter: str = ","

    def sql(self, only: str | None = None, placed: bool = False) -> str:
        """Return the table as SQL, of all files or one; `placed` adds the name of the file and the
        number of the row.
        """
        paths = self.paths if only is None else (self.paths[self.files.index(only)],)
        listed = f"[{', '.join(map(literal, paths))}]"
        if self.kind == "parquet":
            rows = ", file_row_number = true" if placed else ""
            return f"read_parquet({listed}, hive_partitioning = false{rows})"
        names = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in self.types)
        marks = (
            f"delim = {literal(self.delimiter)}, quote = '\"', escape = '\"', header = true,"
            " null_padding = false"
        )
        return (
            f"read_csv({listed}, columns = {{{names}}}, {marks}, auto_detect = false, strict_mode ="
            " true, hive_partitioning = false)"
        )


def sources(
    files: Sequence[str], connection: duckdb.DuckDBPyConnection, folder: Path
) -> list[PersonSource]:
    """Return the files in groups; raise `TableError` with every file that cannot be read.

    `folder` takes the copies of CSV files that are not in UTF-8.
    """
    groups: dict[tuple[object, ...], PersonSource] = {}
    problems: list[Problem] = []
    for number, file in enumerate(files):
        try:
            one = _one(file, connection, folder / f"copy-{number}.csv")
        except TableError as error:
            problems += error.problems
            continue
        key = (one.kind, one.delimiter, tuple(one.types.items()))
        same = groups.get(key)
        groups[key] = (
            one
            if same is None
            else PersonSource(
                one.kind, same.files + one.files, same.paths + one.paths, one.types, one.delimiter
            )
        )
    if problems:
        raise TableError(problems)
    return list(groups.values())


def _one(file: str, connection: duckdb.DuckDBPyConnection, copy: Path) -> PersonSource:
    try:
        with open(file, "rb") as stream:
            magic = stream.read(4)
        if not magic:
            raise TableError(Problem("UD302", Text("is empty"), file=file))
        if ENDINGS[Path(file).suffix.lower()] == "csv":
            return _csv(file, magic, copy)
        view = connection.sql(
            f"SELECT * FROM read_parquet([{literal(file)}], hive_partitioning = false)"
        )
        return PersonSource(
            "parquet", (file,), (file,), dict(zip(view.columns, map(str, view.types), strict=True))
        )
    except OSError as error:
        raise TableError(
            Problem(
                "UD708",
                Text("cannot be read: {strerror}", strerror=error.strerror),
                Text("check that you may read it"),
                file,
            )
        ) from error
    except duckdb.Error as error:
        raise TableError(
            Problem(
                "UD708",
                Text("is no Parquet file, or a damaged one: {first}", first=first_line(error)),
                Text("export it again"),
                file,
            )
        ) from error


def _csv(file: str, magic: bytes, copy: Path) -> PersonSource:
    if magic[:4] == b"PAR1" or magic[:2] in {b"PK", b"\x1f\x8b"}:
        raise TableError(
            Problem(
                "UD708",
                Text("is no CSV file, whatever its ending says"),
                Text("give it the right ending"),
                file,
            )
        )
    path = file if _is_utf8(file) else str(copy)
    if path != file:
        _transcoded(file, copy)
    with open(path, encoding="utf-8-sig", newline="") as stream:
        header = stream.readline()
    if (
        header.count('"') % 2
    ):  # the engine would guess line ends from the break, and could find no rows
        raise TableError(
            Problem(
                "UD708",
                Text("has a header with a line break in a name"),
                Text("write every name on one line"),
                file,
                1,
            )
        )
    mark = max(_MARKS, key=header.count)
    names = [name.strip().strip('"') for name in header.rstrip("\r\n").split(mark)]
    if len(set(names)) < len(names) or not all(names):
        raise TableError(
            Problem(
                "UD708",
                Text("has a header with a name twice, or without one"),
                Text("name every column once"),
                file,
                1,
            )
        )
    return PersonSource("csv", (file,), (path,), dict.fromkeys(names, "VARCHAR"), mark)


def _is_utf8(file: str) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with open(file, "rb") as stream:
        try:
            while chunk := stream.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _transcoded(file: str, copy: Path) -> None:
    """Write a file in Windows-1252, or UTF-16 with its mark, again as UTF-8."""
    with open(file, "rb") as stream:
        encoding = (
            "utf-16" if stream.read(2) in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE} else "cp1252"
        )
    with open(file, encoding=encoding, errors="strict", newline="") as given, opened(copy) as made:
        try:
            while text := given.read(_CHUNK):
                made.write(text)
        except UnicodeError as error:
            raise TableError(
                Problem(
                    "UD708",
                    Text("is neither UTF-8, UTF-16 nor Windows-1252"),
                    Text("save it as UTF-8"),
                    file,
                )
            ) from error
