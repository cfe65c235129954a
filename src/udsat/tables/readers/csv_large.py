"""Long text tables: where the table lies in a large file, and its rows as a relation of text in the
engine.
"""

from __future__ import annotations

import csv
import io
from array import array
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice
from pathlib import Path

import duckdb

from udsat import engine
from udsat.engine import ROW_NUMBER, literal
from udsat.files import Temporary, opened
from udsat.messages.problems import UdsatError
from udsat.messages.text import Text
from udsat.tables.headings import NUMBERS, recognise
from udsat.tables.readers import dialect, layout, transcode
from udsat.tables.readers.dialect import Dialect
from udsat.tables.readers.layout import TextLine
from udsat.tables.readers.options import Reading
from udsat.tables.readers.raw import ColumnTable
from udsat.tables.readers.transcode import Marks
from udsat.tables.validate.cells import Plain, evidence
from udsat.tables.validate.rows import decimal_mark

#: So much of the start is looked at for the header, and of the end for notes.
_WINDOW = 2**17
#: So many lines at the end are looked at for notes.
_HEAD = 200
#: How much text the engine holds: a file with longer lines is read row by row.
_BUFFERS = f"max_line_size={2**21}, buffer_size={2**23}"
_COUNTS = {"MISSING COLUMNS", "TOO MANY COLUMNS"}
#: What the engine reads as it lies on the disk: a mark of the byte order stands in a line that it
#: skips.
_AS_IT_IS = {"utf-8", "utf-8-sig"}
#: A file with the rows of a table, and the lines of another width: their number and how many cells
#: they have.
_Stored = tuple[Temporary, list[tuple[int, int]]]


class NotLong(Exception):
    """A file that has to be read row by row, because the engine would see other rows in it."""


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the rows of a file lie: those that the engine takes, and those with too few or too many
    cells.
    """

    path: Path
    mark: str
    header: int
    width: int

    def lines(self) -> tuple[array[int], list[tuple[int, int]]]:
        """Return the line of each row, and of each ragged row with its number of cells, as the
        other reader counts them.
        """
        taken, ragged = array("q"), []
        with self.path.open(encoding="utf-8-sig", newline="") as stream:
            for line, cells in numbered(csv.reader(stream, delimiter=self.mark)):
                if line > self.header and self.fits(cells):
                    taken.append(line)
                elif line > self.header and any(cell.strip() for cell in cells):
                    ragged.append((line, len(cells)))
        return taken, ragged

    def fits(self, cells: list[str]) -> bool:
        """Whether a row has as many cells as the header, or one more that is empty."""
        return len(cells) == self.width or (len(cells) == self.width + 1 and not cells[-1])


def _line_of(
    places: _Places, marks: Marks, ragged: Sequence[tuple[int, int]]
) -> tuple[Callable[[int], int], Sequence[tuple[int, int]]]:
    """Return what gives the file line of a row, and the ragged rows with their lines."""
    if not (marks.quotes or marks.blanks):
        # With no blank lines and no lines in quotes, a row lies below the header, all rows and
        # refused lines before it.
        starts = [line - places.header - 1 - n for n, (line, _) in enumerate(ragged)]
        return lambda row: places.header + 1 + row + bisect_right(starts, row), ragged
    if ragged:  # the engine counts them by rows, not by lines
        taken, found = places.lines()
        return taken.__getitem__, found
    lines = cache(places.lines)
    return lambda row: lines()[0][row], ragged


def numbered(reader: Iterable[list[str]]) -> Iterator[TextLine]:
    """Yield the rows of a CSV reader with the line that each starts on, without empty lines."""
    line = 1
    for cells in reader:
        if cells:
            yield line, cells
        line = reader.line_num + 1  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class _Found:
    """Where the table lies in a text file, as its start and its end show."""

    mark: str
    #: The line of the headings, and which of the lines that are not empty it is, from 0.
    header: int
    place: int
    #: How many lines there are down to the headings, and whether each is a row and ends as the
    #: others: in quotes a row may take several.
    lines: int
    even: bool
    #: How the line of the headings ends, as SQL writes it.
    end: str
    cells: list[str]
    notes: int
    #: The line of the first note, counted from the end of the file.
    first: int


def read(
    path: Path,
    name: str,
    how: Reading,
    digest: Callable[[], str],
    connection: duckdb.DuckDBPyConnection,
    keep: tuple[Temporary, ...] = (),
) -> ColumnTable:
    """Return a large text file as a long table; `digest` is asked in the end, so that it may be
    taken meanwhile.

    Raises `TableError` where it holds no table, and `NotLong` where it must be read row by row.
    """
    with (
        ThreadPoolExecutor(1) as hand
    ):  # while one thread looks at every character, the engine takes what is likely: UTF-8, no notes  # noqa: E501
        scanned = hand.submit(transcode.scan, path, name, how.encoding)
        likely = _likely(path, name, how, connection)
        codec, encoding, marks = scanned.result()
    if marks.bare_returns:
        raise NotLong
    if codec not in _AS_IT_IS:
        temporary = transcode.in_utf8(path, codec)
        path, keep, likely = temporary.path, (*keep, temporary), None
    end = marks.lines
    if likely is None and (found := _found(path, name, how)).notes:
        end += found.first - 1
        temporary = transcode.cut(path, end + 1)
        path, keep = temporary.path, (*keep, temporary)
    found, (stored, ragged) = likely or (found, _below(path, found, connection))
    view, counted = engine.parquet(connection, str(stored.path))
    width = len(found.cells)
    rows, breaks, swallows = (
        _counted(view, found.mark, width)
        if marks.quotes
        else (view.count("*").fetchall()[0][0], 0, False)
    )
    if swallows:
        raise NotLong  # the other reader says where
    if (
        not (marks.blanks or (marks.quotes and ragged))
        and rows + breaks + len(ragged) != end - found.lines
    ):
        raise NotLong  # every line is a row or the rest of one: the engine must have found them all
    places = _used(found.cells, view)
    headings = [found.cells[n].strip() or f"column {n + 1}" for n in places]
    whole = layout.Layout(headings, places, [], found.header, width, found.place, found.notes)
    cells = dialect.DELIMITERS.get(found.mark) or Text("'{mark}'", mark=found.mark)
    said = Dialect(cells, None, encoding, whole.left_out)
    line, refused = _line_of(_Places(path, found.mark, found.header, width), marks, ragged)
    return ColumnTable(
        name,
        headings,
        *_picked(view, counted, places),
        said,
        digest(),
        found.header,
        width,
        line,
        refused,
        (*keep, stored),
    )


def _likely(
    path: Path, name: str, how: Reading, connection: duckdb.DuckDBPyConnection
) -> tuple[_Found, _Stored] | None:
    """Return the table of a file in UTF-8 without notes; nothing where the file is no such file or
    will be refused.
    """
    try:
        found = _found(path, name, how)
        return None if found.notes else (found, _below(path, found, connection))
    except (NotLong, UdsatError, UnicodeError, csv.Error):
        return None  # the file is looked at before anything is said of it


def _found(path: Path, name: str, how: Reading) -> _Found:
    """Find the table in a text file in UTF-8; raise `NotLong` where the other reader has to say
    what is wrong.
    """
    head = list(_head(path))
    mark = how.delimiter or dialect.delimiter(
        "".join(head), partial(layout.known, more=how.known), (how.header_row or 1) - 1
    )
    lines = [
        line
        for line in numbered(csv.reader(head, delimiter=mark))
        if any(cell.strip() for cell in line[1])
    ]
    place = layout.header(lines, how.header_row, how.known)
    if place is None:
        raise NotLong
    layout.refuse_above(lines[: place + 1], how.header_row, how.known, name)
    number, cells = lines[place]
    return _Found(
        mark, number, place, *_above(head, mark, number), cells, *_notes(path, mark, len(cells))
    )


def _above(head: Sequence[str], mark: str, line: int) -> tuple[int, bool, str]:
    """Return how many lines there are down to the row that begins on one, whether they are even,
    and how the last ends.
    """
    rows = last = 0
    reader = csv.reader(head, delimiter=mark)
    while last < line:
        next(reader)
        rows, last = rows + 1, reader.line_num
    ends = [r"\r\n" if text.endswith("\r\n") else r"\n" for text in head[:last]]
    return last, rows == last and len(set(ends)) == 1, ends[-1]


def _head(path: Path) -> Iterator[str]:
    """Yield the whole lines at the start of a file."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        read = 0
        for line in stream:
            read += len(line)
            if read > _WINDOW:
                return
            yield line


def _notes(path: Path, mark: str, width: int) -> tuple[int, int]:
    """Return how many notes stand at the end of a file, and the line of the first, counted from the
    end.
    """
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - _WINDOW))
        tail = list(io.StringIO(stream.read().decode("utf-8", errors="replace"), newline=""))[1:]
    try:
        rows = list(numbered(csv.reader(tail, delimiter=mark, strict=True)))
    except csv.Error as error:
        raise NotLong from error
    below = [
        (line - len(tail), cells) for line, cells in rows if any(cell.strip() for cell in cells)
    ]
    body, notes = layout.without_notes(below, width, gap_before=-len(tail))
    return notes, below[len(body)][0] if notes else 0


def _below(path: Path, found: _Found, connection: duckdb.DuckDBPyConnection) -> _Stored:
    """Write the rows below the header to a file; where the lines above are uneven, the engine may
    lose its way, and rows.
    """
    if found.even:
        return _stored(path, found.mark, len(found.cells), connection, found.end, found.lines)
    below = transcode.below(path, found.lines)
    return _stored(below.path, found.mark, len(found.cells), connection, found.end)


def _stored(
    path: Path,
    mark: str,
    width: int,
    connection: duckdb.DuckDBPyConnection,
    end: str,
    skipped: int = 0,
) -> _Stored:
    """Write all rows but the first ones to a file with their cells as text; return it, and the
    lines of another width.

    One pass over the text; every later one is over a file that holds each distinct cell of a column
    once, and what is made of cells is made of each distinct one once.
    """
    columns = ", ".join(f"'c{n}': 'VARCHAR'" for n in range(width))
    options = (
        f"delim={literal(mark)}, header=false, skip={skipped}, auto_detect=false,"
        f" columns={{{columns}}}"
    )
    options += f", quote='\"', escape='\"', new_line={literal(end)}"
    source = (
        f"read_csv({literal(str(path))}, {options}, {_BUFFERS}, parallel=true, store_rejects=true)"
    )
    stored = Temporary(".parquet")
    try:
        connection.execute(
            f"COPY (SELECT * FROM {source}) TO {literal(str(stored.path))} (FORMAT parquet,"
            " COMPRESSION snappy)"
        )
        found = connection.execute(
            "SELECT DISTINCT line, csv_line, error_type FROM reject_errors ORDER BY line"
        ).fetchall()
    except duckdb.Error as error:
        raise NotLong from error
    finally:
        connection.execute("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans")
    ragged = []
    for line, text, kind in found:
        cells = next(csv.reader([text.strip("\r\n")], delimiter=mark), [])
        empty = not any(cell.strip() for cell in cells[width if len(cells) > width else 0 :])
        if (
            kind not in _COUNTS or empty
        ):  # to the other reader such lines are rows, or nothing at all
            raise NotLong
        ragged.append((line, len(cells)))
    return stored, ragged


def _picked(
    view: duckdb.DuckDBPyRelation, counted: duckdb.DuckDBPyRelation, places: Sequence[int]
) -> tuple[duckdb.DuckDBPyRelation, duckdb.DuckDBPyRelation]:
    """Return the columns of a stored table that are used, without and with the numbers
    of the rows.
    """
    picks = ", ".join(f"c{old} AS c{new}" for new, old in enumerate(places))
    return engine.select(view, "t", f"SELECT {picks} FROM t"), engine.select(
        counted, "t", f"SELECT {picks}, {ROW_NUMBER} FROM t"
    )


def _counted(relation: duckdb.DuckDBPyRelation, mark: str, width: int) -> tuple[int, int, bool]:
    """Return how many rows there are, how many line breaks within cells, and whether a cell
    swallows rows.

    Between two stray quotation marks, whole rows are one cell.
    """
    breaks = [f"length(c{n}) - length(replace(c{n}, chr(10), ''))" for n in range(width)]
    marks = [f"length(c{n}) - length(replace(c{n}, {literal(mark)}, ''))" for n in range(width)]
    odd = " OR ".join(
        f"({broken} > 0 AND {held} >= {width - 1} * ({broken}))"
        for broken, held in zip(breaks, marks, strict=True)
    )
    total = " + ".join(f"coalesce(sum({broken}), 0)" for broken in breaks)
    found: list[tuple[int, int, bool]] = engine.select(
        relation, "t", f"SELECT count(*), {total}, coalesce(bool_or({odd}), false) FROM t"
    ).fetchall()
    return found[0]


def _used(cells: Sequence[str], relation: duckdb.DuckDBPyRelation) -> list[int]:
    """Return which columns have a heading or hold anything."""
    unnamed = [n for n, cell in enumerate(cells) if not cell.strip()]
    if not unnamed:
        return list(range(len(cells)))
    asks = ", ".join(f"count(nullif(trim(c{n}), ''))" for n in unnamed)
    counts = engine.select(relation, "t", f"SELECT {asks} FROM t").fetchall()[0]
    empty = {n for n, count in zip(unnamed, counts, strict=True) if not count}
    return [n for n in range(len(cells)) if n not in empty]


def of_lines(
    name: str,
    cells: Text,
    lines: Callable[[], Iterator[TextLine]],
    how: Reading,
    digest: str,
    connection: duckdb.DuckDBPyConnection,
) -> ColumnTable:
    """Return the lines of a large sheet as a long table; numbers of the sheet's own get the decimal
    mark of its texts.

    Raises `NotLong` where the engine would see other rows.
    """
    head = list(islice(lines(), _HEAD))
    place = layout.header(head, how.header_row, how.known) or 0
    number, header = head[place]
    found = recognise([cell.strip() for cell in header], name, how.columns, number)
    measures = {n: column for column, n in found.items() if column in NUMBERS}
    texts, signed, bare = _of_measures(islice(lines(), place + 1, None), measures)
    shown = decimal_mark(evidence(texts), how, name)
    temporary, rows, notes = _written(
        islice(lines(), place + 1, None), len(header), measures, shown == "comma", signed & bare
    )
    stored, _ = _stored(temporary.path, ";", len(header), connection, r"\n")
    view, counted = engine.parquet(connection, str(stored.path))
    if view.count("*").fetchall()[0][0] != len(rows):
        raise NotLong
    places = _used(header, view)
    headings = [header[n].strip() or f"column {n + 1}" for n in places]
    around = layout.Layout(headings, places, [], number, len(header), place, notes).left_out

    return ColumnTable(
        name, headings, *_picked(view, counted, places), Dialect(cells, None, "", around), digest,
        number, len(header), rows.__getitem__, (), (stored,), signed - bare,
        (shown or "point", shown is not None),
    )  # fmt: skip


def _of_measures(
    lines: Iterable[TextLine], measures: Mapping[int, str]
) -> tuple[set[str], frozenset[str], frozenset[str]]:
    """Return the texts among cells of figures, and the columns of percent in which numbers have the
    sign, and have it not.
    """
    texts: set[str] = set()
    signs: dict[bool, set[str]] = {True: set(), False: set()}
    for _, row in lines:
        for n, column in measures.items():
            if n < len(row):
                if not isinstance(row[n], Plain):
                    texts.add(row[n])
                elif column.endswith("_pct"):
                    signs[row[n].endswith("%")].add(column)
    return texts, frozenset(signs[True]), frozenset(signs[False])


def _written(
    lines: Iterator[TextLine],
    width: int,
    measures: Mapping[int, str],
    comma: bool,
    mixed: frozenset[str],
) -> tuple[Temporary, array[int], int]:
    """Write lines to a temporary file; return it, the number of each line, and how many notes below
    were left out.

    In columns where some numbers have the sign of percent and others not, the sign is kept: those
    cells are looked at one by one.
    """
    temporary, numbers = Temporary(".csv"), array("q")
    last: deque[TextLine] = deque()
    with opened(temporary.path) as out:
        writer = csv.writer(out, delimiter=";", lineterminator="\n")

        def write(line: TextLine) -> None:
            numbers.append(line[0])
            writer.writerow(
                [
                    _as_text(cell, measures.get(n, ""), comma, mixed)
                    for n, cell in enumerate(line[1])
                ]
            )

        for line in lines:
            last.append(line)
            if len(last) > _HEAD:
                write(last.popleft())
        body, notes = layout.without_notes(list(last), width, gap_before=last[0][0] if last else 0)
        for line in body:
            write(line)
    return temporary, numbers, notes


def _as_text(cell: str, column: str, comma: bool, mixed: frozenset[str]) -> str:
    """Return a cell as a text file would have it; a percentage in a column of percent needs no
    unit.
    """
    if not isinstance(cell, Plain):
        return cell
    text = cell.removesuffix("%") if column.endswith("_pct") and column not in mixed else str(cell)
    return text.replace(".", ",") if comma and column else text
