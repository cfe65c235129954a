"""Rows that the engine has read and rows that the model has read, as one part in the order of the
file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import duckdb

from udsat import engine
from udsat.tables.area_table import Counts, Kroner, Share
from udsat.tables.validate.part import Part
from udsat.tables.validate.scale import Measured


def without(part: Part, rows: Sequence[int], connection: duckdb.DuckDBPyConnection) -> Part:
    """Return a part without some rows."""
    return replace(part, relation=engine.without(connection, part.relation, "row", sorted(rows)))


def merged(
    part: Part,
    read: Part,
    places: Sequence[int],
    every: duckdb.DuckDBPyRelation,
    connection: duckdb.DuckDBPyConnection,
) -> Part:
    """Return a part together with rows that the model has `read`, and their `places` in the file.

    What is passed through stays as the engine has it in `every` row.
    """
    measured = _together(part.measured, read.measured)
    names = [name for name in part.relation.columns if name != "row"]
    of_file = [name for name in names if name.startswith("passed_")]
    by_model = [name for name in names if name not in of_file]
    looked = engine.table(
        connection,
        {"at": places, "place": list(range(len(places)))},
        {"at": "BIGINT", "place": "BIGINT"},
    )
    found = engine.select(
        read.relation, "t", "SELECT row_number() OVER () - 1 AS place, t.* FROM t"
    )
    picks = [
        'w.at AS "row"',
        *(f"o.{name}{_times(name, read.measured, measured)} AS {name}" for name in by_model),
        *(f"e.{name}" for name in of_file),
    ]
    query = f"SELECT {', '.join(picks)} FROM o JOIN ({looked.sql_query()}) w ON w.place = o.place"
    if of_file:
        query += f' JOIN ({every.sql_query()}) e ON e."row" = w.at'
    mended = engine.select(found, "o", query)
    own = [f"{name}{_times(name, part.measured, measured)} AS {name}" for name in by_model]
    both = (
        f'SELECT * FROM (SELECT "row", {", ".join([*own, *of_file])} FROM b UNION ALL'
        f' SELECT * FROM ({mended.sql_query()})) ORDER BY "row"'
    )
    return replace(part, relation=engine.select(part.relation, "b", both), measured=measured)


def _times(name: str, measured: Measured, both: Measured) -> str:
    """Return what a count has to be multiplied by to be on the scale of all rows, as SQL."""
    measure = name.partition("__")[0].removesuffix("_count").removesuffix("_base")
    if measure not in both.counts or not name.startswith((f"{measure}_count", f"{measure}_base")):
        return ""
    times = both.counts[measure].scale // measured.counts[measure].scale
    return f" * {times}" if times > 1 else ""


def _together(bulk: Measured, read: Measured) -> Measured:
    """Return what is known of the columns when both kinds of rows stand among each other."""
    shares = {
        name: Share(share.exact and read.shares[name].exact, share.half)
        for name, share in bulk.shares.items()
    }
    counts = {name: _on_one_scale(one, read.counts[name]) for name, one in bulk.counts.items()}
    kroner = (
        Kroner(bulk.kroner.exact and read.kroner.exact, bulk.kroner.half)
        if bulk.kroner and read.kroner
        else bulk.kroner
    )
    return Measured({}, shares, counts, kroner, bulk.residents_exact and read.residents_exact)


def _on_one_scale(one: Counts, other: Counts) -> Counts:
    scale = max(one.scale, other.scale)
    largest = max(each.largest * (scale // each.scale) for each in (one, other))
    return Counts(one.exact and other.exact, scale, largest)
