"""What the tests share: the engine run on rows of text, through every door that tables come in by."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet

from udsat import engine, ticks
from udsat.evidence.published_lists import Lists, PublishedList
from udsat.evidence.references import Reference, ReferenceTable, _ReferenceRow, plain_region
from udsat.law import loader
from udsat.law.loader import Law
from udsat.names.areas import Area
from udsat.names.resolver import Resolver
from udsat.scoring.score import Options, score
from udsat.scoring.verdicts import Verdicts
from udsat.tables.headings import COLUMN_UNITS, NUMBERS, plain
from udsat.tables.readers import csv as csvs
from udsat.tables.readers import open as read
from udsat.tables.readers.options import Reading
from udsat.tables.validate import cells
from udsat.tables.validate.check import check
from udsat.tables.validate.part import Calendar

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "data" / "samples"
Row = Mapping[str, str]
#: A published list of each date and category, as the oracle takes it.
Published = Mapping[dt.date, Mapping[str, set[tuple[str, str]]]]
VIAS = ("csv", "parquet", "pandas")
#: Random figures are in the units of their columns, however odd they are.
IN_THEIR_UNITS = {plain(column): unit for column, unit in COLUMN_UNITS.items()}


def columns_of(rows: Sequence[Row]) -> list[str]:
    """Return every column that a row has, in order of appearance."""
    return list(dict.fromkeys(name for row in rows for name in row))


def danish_csv(rows: Sequence[Row]) -> bytes:
    """Return rows as a Danish office writes them: semicolon, decimal comma, Windows-1252, CRLF."""
    names = columns_of(rows)
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow(
            [_danish(row.get(name, "")) if name in NUMBERS else row.get(name, "") for name in names]
        )
    return stream.getvalue().encode("cp1252")


def _danish(cell: str) -> str:
    return cell if cell == ".." else cell.replace(".", ",")


def typed(rows: Sequence[Row]) -> dict[str, list[Any]]:
    """Return rows as typed columns: floats for plain numbers, text for a column with a bound, dates for list dates."""
    columns: dict[str, list[Any]] = {}
    for name in columns_of(rows):
        texts = [row.get(name, "") for row in rows]
        gaps = [None if text in {"", ".."} else text for text in texts]
        if name in NUMBERS:
            plain = all(text is None or cells._PLAIN.fullmatch(text) for text in gaps)
            columns[name] = (
                [None if text is None else float(text) for text in gaps] if plain else gaps
            )
        elif name == "list_date":
            columns[name] = [None if text is None else dt.date.fromisoformat(text) for text in gaps]
        elif name in {"year", "list_year"}:
            columns[name] = [None if text is None else int(text) for text in gaps]
        else:
            columns[name] = gaps
    return columns


def misstated(cells: pa.Table, said: pa.Table) -> bytes:
    """Return a Parquet file that says of its cells (the least, the greatest) what is true of others."""
    parts = []
    for table in (cells, said):
        made = io.BytesIO()
        pyarrow.parquet.write_table(table, made, use_dictionary=False, compression="none")
        data = made.getvalue()
        footer = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
        parts.append((data[:footer], data[footer:]))
    (body, _), (other, end) = parts
    assert len(body) == len(other)
    return body + end


def raw_table(
    rows: Sequence[Row], via: str, connection: Any, folder: Path | None = None, name: str = "rows"
) -> read.RawTable:
    """Return rows as the raw table that a door gives."""
    if via == "csv":
        return csvs.read(danish_csv(rows), f"{name}.csv", Reading())
    if via == "pandas":
        frame = pd.DataFrame(typed(rows))
        if "list_date" in frame:
            frame["list_date"] = pd.to_datetime(frame["list_date"])
        return read.frame(frame, connection)
    assert folder is not None
    path = folder / f"{name}.parquet"
    pyarrow.parquet.write_table(
        pa.table({name: pa.array(values) for name, values in typed(rows).items()}), path
    )
    return read.read(str(path), Reading(), connection)


def reference_table(references: Sequence[Row], law: Law) -> ReferenceTable:
    """Return the oracle's references as the engine's, printed ones as intervals."""
    found = []
    for given in references:
        when: Any = dt.date.fromisoformat(given["list_date"]) if given.get("list_date") else None
        if when is None:
            when = (
                law.list_date(int(given["list_year"]))
                if given.get("list_year")
                else int(given["year"])
            )
        number = cells.number(given["value"])
        low, high, shown = (
            Fraction(number.low),
            Fraction(number.high),
            Fraction(number.shown or number.low),
        )
        if given.get("printed") == "yes":
            half = Fraction(1, 2 * 10**number.places)
            low, high = low - half, high + half
        per = ticks.PERCENT_PER.get(given["unit"], Fraction(1))
        figure = Reference(
            low * per, high * per, shown * per, "test", given.get("status") or "stated"
        )
        region = plain_region(given.get("region", ""))
        found.append(
            _ReferenceRow(
                when, given["measure"], given["scope"], region, given.get("criterion", ""), figure
            )
        )  # type: ignore[arg-type]
    return ReferenceTable(tuple(found))


def published(lists: Published) -> Lists:
    """Return the oracle's lists as the engine's."""
    members = {
        (date, category): PublishedList(frozenset(Area(*area) for area in areas))
        for date, categories in lists.items()
        for category, areas in categories.items()
    }
    return Lists(members, Resolver({area for one in members.values() for area in one.on}))


def run(
    rows: Sequence[Row],
    references: Sequence[Row] = (),
    lists: Published | None = None,
    *,
    via: str = "csv",
    folder: Path | None = None,
    list_year: int | None = None,
    criteria: str | None = None,
    basis: Any = "published",
    rounded: bool = False,
    assume_min_residents: bool = False,
) -> list[dict[str, Any]]:
    """Return the engine's verdicts on rows, one record per row, with nothing shipped but the law."""
    return run_parts(
        [(rows, via)],
        references,
        lists,
        folder=folder,
        list_year=list_year,
        criteria=criteria,
        basis=basis,
        rounded=rounded,
        assume_min_residents=assume_min_residents,
    )


def run_parts(
    parts: Sequence[tuple[Sequence[Row], str]],
    references: Sequence[Row] = (),
    lists: Published | None = None,
    *,
    folder: Path | None = None,
    list_year: int | None = None,
    criteria: str | None = None,
    basis: Any = "published",
    rounded: bool = False,
    assume_min_residents: bool = False,
) -> list[dict[str, Any]]:
    """Return the engine's verdicts on the rows of several files, each through a door of its own."""
    options = Options(basis, list_year, assume_min_residents)
    frame = judged(
        parts, references, lists, options, folder=folder, criteria=criteria, rounded=rounded
    ).areas()
    names = frame.collect_schema().names()
    found = engine.fetch(frame)
    found.sort(key=lambda record: record[0])
    return [dict(zip(names, record, strict=True)) for record in found]


def judged(
    parts: Sequence[tuple[Sequence[Row], str]],
    references: Sequence[Row],
    lists: Published | None,
    options: Options,
    *,
    folder: Path | None = None,
    criteria: str | None = None,
    rounded: bool = False,
) -> Verdicts:
    """Return the engine's verdicts on the rows of several files as they are before they are put into words."""
    law = loader.choose(criteria) if criteria else loader.shipped()
    connection = engine.connect()
    raws = [
        raw_table(rows, via, connection, folder, f"rows{n}") for n, (rows, via) in enumerate(parts)
    ]
    vias = {via for _, via in parts}
    decimal = "comma" if vias == {"csv"} else None if "csv" in vias else "point"
    checked = check(
        raws, connection, Calendar(law), Reading(decimal, False, rounded, units=IN_THEIR_UNITS)
    )
    return score(
        checked.table,
        law,
        reference_table(references, law),
        published(lists or {}),
        options,
        connection,
    )


def agreement(ours: Sequence[Mapping[str, Any]], theirs: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return every difference between the engine's records and the oracle's, up to a dozen, in words."""
    if len(ours) != len(theirs):
        return [f"{len(ours)} rows instead of {len(theirs)}"]
    wrong = []
    for number, (one, other) in enumerate(zip(ours, theirs, strict=True)):
        for name, expected in other.items():
            if name in {"municipality", "list_date"}:
                continue
            if one.get(name) != expected:
                wrong.append(f"row {number} {name}: {one.get(name)!r} instead of {expected!r}")
        if len(wrong) >= 12:
            break
    return wrong


def typed_rows(rows: Sequence[Row]) -> list[dict[str, str]]:
    """Return rows as they read after a round through floats: a binary float stands for its shortest decimal."""
    columns = typed(rows)

    def cell(name: str, number: int, text: str) -> str:
        value = columns[name][number]
        return (
            format(Decimal(repr(value)), "f").removesuffix(".0")
            if isinstance(value, float)
            else text
        )

    return [
        {name: cell(name, number, text) for name, text in row.items()}
        for number, row in enumerate(rows)
    ]
