"""A table by its decimal mark: numbers as doubles, and which rows the engine cannot read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from udsat import engine
from udsat.engine import ROW_NUMBER
from udsat.tables.readers.options import Reading
from udsat.tables.readers.raw import ColumnTable, TypedTable
from udsat.tables.validate import cells
from udsat.tables.validate.plain_cells import FLOATS, CellColumn, is_number
from udsat.tables.validate.rows import decimal_mark

#: So many rows are looked at to find the decimal mark; rows below that say otherwise are found
#: among the suspects.
_SAMPLE = 20_000


@dataclass(frozen=True, slots=True)
class Prepared:
    """A table by its decimal mark: numbers as doubles, and which rows have a cell that the engine
    cannot read.
    """

    cells: list[CellColumn]
    mark: str | None
    table: TypedTable
    unread: list[int]
    #: The unread rows as they stand in the file, with `ROW_NUMBER`.
    texts: duckdb.DuckDBPyRelation


def prepare(
    raw: ColumnTable, found: dict[str, int], how: Reading, connection: duckdb.DuckDBPyConnection
) -> Prepared:
    """Return a table by its decimal mark.

    The first rows show the mark. Rows below them that do not go with it are unread, and their cells
    are asked too.
    """
    columns = _cell_columns(raw, found, None, how)
    showing = [column.cell for column in columns if column.shows_mark]
    first = (
        engine.select(raw.view, "t", f"SELECT * FROM t LIMIT {_SAMPLE}") if showing else raw.view
    )
    seen = _marks(first, [f"CAST({cell} AS VARCHAR)" for cell in showing])
    while True:
        evidence = cells.evidence(seen)
        mark = how.decimal or ("comma" if evidence[0] else "point" if evidence[1] else None)
        prepared = _by_mark(raw, _cell_columns(raw, found, mark, how), mark, connection)
        seen |= _marks(prepared.texts, showing if prepared.unread else [])
        if decimal_mark(cells.evidence(seen), how, raw.name) == mark:
            return prepared


def _cell_columns(
    raw: ColumnTable, found: Mapping[str, int], mark: str | None, how: Reading
) -> list[CellColumn]:
    column_of = {n: column for column, n in found.items()}
    return [
        CellColumn(
            n,
            column_of.get(n, ""),
            kind,
            "point" if is_number(kind) else mark,
            how.dash_is_zero,
            raw.dialect is None,
        )
        for n, kind in enumerate(raw.kinds)
    ]


def _marks(relation: duckdb.DuckDBPyRelation, columns: Sequence[str]) -> dict[str, None]:
    """Return the distinct cells of some columns that hold a mark, in order."""
    rows = (
        engine.select(relation, "t", f"SELECT {', '.join(columns)} FROM t").fetchall()
        if columns
        else []
    )
    return dict.fromkeys(
        cell for row in rows for cell in row if cell and ("," in cell or "." in cell)
    )


def _by_mark(
    raw: ColumnTable,
    columns: list[CellColumn],
    mark: str | None,
    connection: duckdb.DuckDBPyConnection,
) -> Prepared:
    """Return a table as a decimal mark makes it; the text it is made of stays as it is."""
    picks = ", ".join(f"{column.value} AS {column.cell}" for column in columns)
    view = engine.select(raw.view, "t", f"SELECT {picks} FROM t")
    numbered = engine.select(raw.numbered, "t", f"SELECT {picks}, {ROW_NUMBER} FROM t")
    types = {name: str(kind) for name, kind in zip(view.columns, view.types, strict=True)}
    clean = frozenset(
        column.cell for column in columns if column.is_text_number or column.kind in FLOATS
    )
    masks = [column.unread for column in columns if column.unread]
    query = f"SELECT {ROW_NUMBER} FROM t WHERE {' OR '.join(masks)} ORDER BY 1"
    unread = [row[0] for row in engine.ask(connection, raw.numbered, "t", query)] if masks else []
    texts = raw.written()
    if unread:
        texts = engine.materialise(connection, rows_of(texts, unread, connection))
    return Prepared(
        columns, mark, TypedTable(raw.name, view, numbered, types, clean=clean), unread, texts
    )


def rows_of(
    relation: duckdb.DuckDBPyRelation, rows: Sequence[int], connection: duckdb.DuckDBPyConnection
) -> duckdb.DuckDBPyRelation:
    """Return some rows of a relation."""
    wanted = engine.table(connection, {ROW_NUMBER: list(rows)}, {ROW_NUMBER: "BIGINT"})
    return engine.select(
        relation,
        "t",
        f"SELECT t.* FROM t SEMI JOIN ({wanted.sql_query()}) w ON t.{ROW_NUMBER} = w.{ROW_NUMBER}",
    )
