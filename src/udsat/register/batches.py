"""Person rows in batches of columns: Arrow reads Parquet of plain types itself, the engine reads
all else.

Arrow keeps each different text of a column once, which is what counting asks for; the engine gives
every row texts of its own, and so is asked where cells must first be made whole numbers, exact
parts or texts. Both give the same columns.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import duckdb
import pyarrow as pa
from pyarrow.parquet import ParquetFile

from udsat import engine
from udsat.engine import identifier
from udsat.messages.problems import TableError
from udsat.register import arrays, problems
from udsat.register.arrays import Amounts, ArrayColumn, CellFactor
from udsat.register.cells import PersonCells
from udsat.register.mapping import NUMBERS, PARTS_OF_ONE, WORDS
from udsat.register.source import PersonSource

#: So many rows are read at once: few enough for the arrays made of them to stay near the processor.
ROWS = 1 << 16
#: So many rows of a file, or the row group that reaches beyond them, are read by one thread.
_STRETCH = 1 << 20
#: What a person is counted by, beside the year.
PLACES = ("area", "municipality", "region")
#: Whether it is still asked who the rows are about.
StopCheck = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows in their order."""

    rows: int
    #: Properties that are looked up: year, age, codes, and where a person lives.
    factors: Mapping[str, CellFactor]
    numbers: Mapping[str, Amounts]
    #: Who the rows are about; None where nobody asks.
    persons: pa.Array | None

    def halves(self) -> list[Batch]:
        """Return the rows in two parts; who they are about is not asked of these."""
        middle = self.rows // 2
        return [self._part(slice(0, middle)), self._part(slice(middle, self.rows))]

    def _part(self, rows: slice) -> Batch:
        factors = {
            name: CellFactor(one.cells, one.index[rows]) for name, one in self.factors.items()
        }
        return Batch(
            rows.stop - rows.start,
            factors,
            {name: one.part(rows) for name, one in self.numbers.items()},
            None,
        )


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows of a source that stand together, and are read in their order by one thread."""

    source: PersonSource
    #: How many rows there should be; 0 where that is not known.
    rows: int
    read: Callable[[StopCheck], Iterator[Batch]]


def stretches(
    cells: PersonCells, needed: Sequence[str], connection: duckdb.DuckDBPyConnection
) -> Iterator[Stretch]:
    """Yield all rows of a source in their order."""
    properties = [
        "year",
        "age",
        *PLACES,
        *(name for name in needed if name in WORDS or name in NUMBERS),
    ]
    if cells.source.kind == "parquet" and not any(name in cells.map.constants for name in NUMBERS):
        plain = [
            _File(path, name, cells, properties)
            for path, name in zip(cells.source.paths, cells.source.files, strict=True)
        ]
        if all(file.is_plain() for file in plain):
            for file in plain:
                yield from file.stretches()
            return
    yield Stretch(cells.source, 0, _Query(cells, properties, connection).read)


class _File:
    """A Parquet file that Arrow reads: texts as their places in a list of different ones."""

    def __init__(self, path: str, name: str, cells: PersonCells, properties: Sequence[str]) -> None:
        self.path, self.name, self.cells = path, name, cells
        self.headings = {
            one: cells.map.column(one) for one in ("person", *properties) if cells.map.column(one)
        }
        self.constants = {
            one: _constant(one, cells.map.constants.get(one))
            for one in properties
            if one not in self.headings
        }
        self.texts: list[str] = []
        with self._opened() as file:
            self.schema = file.schema_arrow
            self.texts = [
                one
                for name, one in self.headings.items()
                if name != "person" and self._is_text(one)
            ]
            self.groups = [
                file.metadata.row_group(number).num_rows for number in range(file.num_row_groups)
            ]

    def is_plain(self) -> bool:
        """Whether Arrow reads every column as it is counted: numbers are numbers, codes are texts
        or whole numbers.
        """
        return all(
            self._is_one(heading) and _is_plain(name, self.schema.field(heading).type)
            for name, heading in self.headings.items()
        )

    def stretches(self) -> Iterator[Stretch]:
        """Yield the rows in stretches of whole row groups."""
        start, rows = 0, 0
        for number, more in enumerate(self.groups):
            rows += more
            if rows >= _STRETCH or number == len(self.groups) - 1:
                yield Stretch(self.cells.source, rows, self._reader(range(start, number + 1)))
                start, rows = number + 1, 0

    def _reader(self, groups: range) -> Callable[[StopCheck], Iterator[Batch]]:
        def read(asked: StopCheck) -> Iterator[Batch]:
            headings = [
                heading for name, heading in self.headings.items() if name != "person" or asked()
            ]
            columns = {
                name: ArrayColumn(name in PLACES)
                for name in self.headings
                if name != "person" and name not in NUMBERS
            }
            try:
                with self._opened() as file:
                    # No name here holds a batch while the next one is read.
                    yield from map(
                        partial(self._batch, headings, columns),
                        _batches(file, groups, list(dict.fromkeys(headings))),
                    )
            except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
                raise self._unreadable(error) from error

        return read

    def _batch(
        self, headings: Sequence[str], columns: Mapping[str, ArrayColumn], batch: pa.RecordBatch
    ) -> Batch:
        columns_of = dict(zip(batch.schema.names, batch.columns, strict=True))
        given = {
            name: columns_of[heading]
            for name, heading in self.headings.items()
            if heading in headings
        }
        factors = {name: one.factor(given[name]) for name, one in columns.items()}
        factors |= {
            name: arrays.constant(cell, len(batch)) for name, cell in self.constants.items()
        }
        numbers = {
            name: arrays.amounts(column) for name, column in given.items() if name in NUMBERS
        }
        return _batch(len(batch), factors, numbers, given.get("person"))

    def _opened(self) -> ParquetFile:
        try:
            return ParquetFile(self.path, read_dictionary=self.texts)
        except (pa.ArrowException, OSError) as error:
            raise self._unreadable(error) from error

    def _is_text(self, heading: str) -> bool:
        return self._is_one(heading) and not pa.types.is_primitive(self.schema.field(heading).type)

    def _is_one(self, heading: str) -> bool:
        """Whether one column alone has a heading; of several, the engine gives the others names of
        their own.
        """
        return len(self.schema.get_all_field_indices(heading)) == 1

    def _unreadable(self, error: Exception) -> TableError:
        return TableError(problems.unreadable(error, [self.name]))


def _batches(
    file: ParquetFile, groups: Sequence[int], headings: list[str]
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of some row groups, one after the other: asked for all at once, Arrow holds on
    to what it read them with.
    """
    for group in groups:
        yield from filter(
            len, file.iter_batches(ROWS, row_groups=[group], columns=headings, use_threads=False)
        )


def _batch(
    rows: int,
    factors: Mapping[str, CellFactor],
    numbers: Mapping[str, Amounts],
    persons: pa.Array | None,
) -> Batch:
    """Return a batch in which a part of a year is none where it is less than nothing or more than
    all.
    """
    return Batch(
        rows,
        factors,
        {
            name: arrays.as_part(one) if name in PARTS_OF_ONE else one
            for name, one in numbers.items()
        },
        persons,
    )


def _is_plain(name: str, kind: pa.DataType) -> bool:
    whole: bool = pa.types.is_integer(kind) and kind != pa.uint64()
    if name in NUMBERS:
        return whole or bool(kind == pa.float64())
    if pa.types.is_dictionary(kind) and name != "person":
        kind = kind.value_type
    text = pa.types.is_string(kind) or pa.types.is_large_string(kind)
    return whole or (text and name not in {"year", "age"})


def _constant(name: str, cell: str | int | None) -> Any:
    """Return what stands for a column: years and ages are numbers, also where the map has them as
    texts.
    """
    if name in {"year", "age"} and isinstance(cell, str):
        return int(cell) if re.fullmatch(r"[0-9]{1,9}", cell.strip()) else None
    return cell


class _Query:
    """A source that the engine reads: cells as whole numbers, exact parts and texts."""

    def __init__(
        self, cells: PersonCells, properties: Sequence[str], connection: duckdb.DuckDBPyConnection
    ) -> None:
        self.cells, self.properties, self.connection = cells, properties, engine.another(connection)

    def read(self, asked: StopCheck) -> Iterator[Batch]:
        """Yield the rows."""
        cells, picks = self.cells, {}
        if asked():
            picks["person"] = (
                cells.text("person") if cells.kind("person") == "float" else cells.raw("person")
            )
        for name in self.properties:
            picks |= self._picks(name)
        query = (
            f"SELECT {', '.join(f'{pick} AS {identifier(name)}' for name, pick in picks.items())}"
            f" FROM {cells.source.sql()}"
        )
        columns = {
            name: ArrayColumn(name in PLACES) for name in self.properties if name not in NUMBERS
        }
        try:
            yield from map(
                partial(self._batch, columns),
                filter(len, self.connection.sql(query).to_arrow_reader(ROWS)),
            )
        except OSError as error:
            raise engine.unwrap_engine_error(error) from error

    def _picks(self, name: str) -> dict[str, str]:
        cells = self.cells
        if name in NUMBERS:
            number, _, cut = cells.number(name)
            return {name: number, f"{name} empty": cells.is_empty(name), f"{name} cut": cut}
        if name in {"year", "age"}:
            return {name: cells.whole(name)}
        return {name: cells.text(name) if name in {"area", "municipality"} else cells.code(name)}

    def _batch(self, columns: Mapping[str, ArrayColumn], batch: pa.RecordBatch) -> Batch:
        factors = {name: one.factor(batch.column(name)) for name, one in columns.items()}
        numbers = {
            name: arrays.told_amounts(
                batch.column(name),
                batch.column(f"{name} empty"),
                batch.column(f"{name} cut"),
                self.cells.number(name)[1],
            )
            for name in self.properties
            if name in NUMBERS
        }
        return _batch(
            batch.num_rows,
            factors,
            numbers,
            batch.column("person") if "person" in batch.schema.names else None,
        )
