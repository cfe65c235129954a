"""Rows of verdicts as records: all of them, or some kept aside, so that a question about few rows
stays cheap.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import duckdb
import narwhals as nw

from udsat import engine
from udsat.messages.annotation import notes
from udsat.scoring.categories import RESIDENTS
from udsat.scoring.verdicts import ANNOTATIONS, Verdicts
from udsat.tables.area_table import DATE, ROW

#: The verdicts on one row, by the names of their columns.
Record = dict[str, Any]


def records(frame: nw.LazyFrame[Any], order: Sequence[str] = (ROW,)) -> list[Record]:
    """Return the rows of a frame as records, sorted by some of their columns."""
    names = frame.collect_schema().names()
    places = [names.index(name) for name in order]
    rows = sorted(engine.fetch(frame), key=lambda row: tuple(row[place] for place in places))
    return [dict(zip(names, row, strict=True)) for row in rows]


def area_records(verdicts: Verdicts, only: Sequence[str] = ()) -> list[Record]:
    """Return the verdicts on each area with the bounds of values that are no points; `notes` are a
    list, and `annotations` the same as values.
    """
    rows = records(verdicts.areas(only, bounds=True, annotated=True))
    return [row | {"notes": notes(row["annotations"])} for row in annotated(rows, verdicts)]


def criterion_records(verdicts: Verdicts, only: Sequence[str] = ()) -> list[Record]:
    """Return the verdict on each criterion of each area, with what the long form leaves out; in
    place of the note `annotations` has it as values.
    """
    readers = {name: verdicts.reader(name) for name in verdicts.case.criteria()}
    rows = records(verdicts.criteria(only, annotated=True), (ROW, "position"))
    for row in rows:
        row["annotations"] = readers[row["criterion"]].read(row.pop(ANNOTATIONS), row[DATE])
    return rows


def annotated(rows: Iterable[Record], verdicts: Verdicts) -> Iterator[Record]:
    """Yield rows of annotated verdicts on areas with their annotations as values."""
    reader = verdicts.reader()
    for row in rows:
        row["annotations"] = reader.read(row.pop(ANNOTATIONS), row[DATE])
        yield row


def with_residents(verdicts: Verdicts) -> list[Record]:
    """Return the rows of verdicts with both columns of each test of residents, which
    the ways need.
    """
    tests = [name for name in verdicts.frame.collect_schema().names() if name.startswith(RESIDENTS)]
    found = records(verdicts.frame.select(ROW, *tests))
    return [area | test for area, test in zip(area_records(verdicts), found, strict=True)]


def kept(
    verdicts: Verdicts,
    connection: duckdb.DuckDBPyConnection,
    rows: Collection[int] | None = None,
    dates: Collection[dt.date] = (),
) -> Verdicts:
    """Return the verdicts on some rows, or on some lists, worked out once and held in the engine.

    With `dates`, what follows names only the criteria and categories of these lists, which is what
    makes it fast.
    """
    frame = (
        verdicts.frame if rows is None else verdicts.frame.filter(nw.col(ROW).is_in(sorted(rows)))
    )
    frame = frame.filter(nw.col(DATE).is_in(sorted(dates))) if dates else frame
    rows_kept = engine.materialise(connection, frame.to_native())
    given = replace(verdicts.given, case=verdicts.case.on(dates)) if dates else verdicts.given
    return Verdicts(nw.from_native(rows_kept), given)
