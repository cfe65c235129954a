"""What may be wrong in a table though no cell is: jumps from year to year, values on a line,
changed meanings, totals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import duckdb

from udsat import engine, ticks
from udsat.law.doubts import changed
from udsat.messages.problems import Problem
from udsat.messages.text import Bilingual, Text
from udsat.scoring import reasons
from udsat.scoring.verdicts import Verdicts
from udsat.tables.area_table import ROW, AreaTable
from udsat.tables.validate.check import Checked
from udsat.ticks import SHOWN

#: A share that changes by so many points in a year, and residents that change by this factor, are
#: worth a look.
JUMP = 20
FACTOR = 2
_TOTAL = re.compile(
    r"(i alt|total|sum|hele (landet|kommunen|danmark)|danmark|denmark|samlet|gennemsnit|all(e"
    r" områder)?)\b.*",
    re.IGNORECASE,
)


def doubts(checked: Checked, verdicts: Verdicts | None) -> list[Problem]:
    """Return warnings on the good rows of a table, in the order of the rows; ties need verdicts."""
    found = [*_jumps(checked.table), *_residents(checked.table), *_totals(checked.table)]
    found += _ties(verdicts) if verdicts else []
    placed = []
    for row, problem in sorted(found, key=lambda one: one[0]):
        file, line = checked.place(row)
        placed.append(
            Problem(
                problem.code,
                problem.message,
                problem.hint,
                file,
                line,
                problem.column,
                problem.value,
            )
        )
    return placed + ([*_changed(checked, verdicts)] if verdicts else [])


RowWarning = tuple[int, Problem]


def _jumps(table: AreaTable) -> Iterator[RowWarning]:
    """Yield each share that changes by many points from one list or year to the next."""
    for column, share in _shares(table).items():
        for row, before, now, year in _pairs(table, share, f"abs(now - before) >= {JUMP}"):
            message = Text(
                "{now:.4g} percent is {abs:.4g} points from the {before:.4g} of {year}",
                now=now,
                abs=abs(now - before),
                before=before,
                year=year,
            )
            yield (
                row,
                Problem(
                    "UD211",
                    message,
                    Text("look at both figures again"),
                    column=column,
                    value=f"{now:.4g}",
                ),
            )


def _shares(table: AreaTable) -> dict[str, str]:
    """Return the share of each measure in percent, as SQL: as given, else from counts."""
    found = {
        name: f"{name}_share{SHOWN} / {ticks.TICKS}.0" for name in table.shares if name != "income"
    }
    counted = {
        name: f"100.0 * {name}_count{SHOWN} / {name}_base{SHOWN}"
        for name in table.counts
        if name not in found
    }
    return found | counted


def _pairs(table: AreaTable, value: str, condition: str) -> list[Any]:
    """Return row, value before, value now and year before, where two rows of an area are a year
    apart and a condition holds.
    """
    key = "year" if table.key == "year" else "year(list_date)"
    area = "area, municipality" if table.municipality else "area"
    over = f"OVER (PARTITION BY {area} ORDER BY {'year' if table.key == 'year' else 'list_date'})"
    picks = (
        f'"{ROW}" AS place, {value} AS now, lag({value}) {over} AS before, {key} AS y, lag({key})'
        f" {over} AS y_before"
    )
    query = (
        f"SELECT place, before, now, y_before FROM (SELECT {picks} FROM t) WHERE y - y_before = 1"
        f" AND {condition} ORDER BY 1"
    )
    return engine.select(_relation(table), "t", query).fetchall()


def _relation(table: AreaTable) -> duckdb.DuckDBPyRelation:
    relation: duckdb.DuckDBPyRelation = table.frame.to_native()
    return relation


def _residents(table: AreaTable) -> Iterator[RowWarning]:
    if not table.residents:
        return
    condition = f"now > 0 AND before > 0 AND (now >= {FACTOR} * before OR before >= {FACTOR} * now)"
    for row, before, now, year in _pairs(table, f"residents{SHOWN}", condition):
        yield (
            row,
            Problem(
                "UD212",
                Text(
                    "{now:,} residents after {before:,} in {year}",
                    now=now,
                    before=before,
                    year=year,
                ),
                Text("look at both figures again"),
                "",
                None,
                "residents",
                str(now),
            ),
        )


def _totals(table: AreaTable) -> Iterator[RowWarning]:
    rows = engine.select(
        _relation(table), "t", 'SELECT area, list("row") FROM t GROUP BY area'
    ).fetchall()
    for area, places in rows:
        if _TOTAL.fullmatch(area.strip()):
            for row in places:
                yield (
                    row,
                    Problem(
                        "UD215",
                        Text("'{area}' looks like a total", area=area),
                        Text("leave the row out if it is no area"),
                        column="area",
                        value=area,
                    ),
                )


def _ties(verdicts: Verdicts) -> Iterator[RowWarning]:
    """Yield each value that equals its line to the printed decimals."""
    for name, condition in reasons.ties(verdicts.case).items():
        rows = engine.fetch(verdicts.frame.filter(condition).select(ROW))
        hint = Text("--rounded says which outcomes the printed figures leave open")
        yield from (
            (
                row,
                Problem("UD213", Text("the value of {name} equals its threshold", name=name), hint),
            )
            for (row,) in rows
        )


def _changed(checked: Checked, verdicts: Verdicts) -> Iterator[Problem]:
    """Yield a warning for each measure that means something else from one version of the law to the
    next.
    """
    versions = list(verdicts.case.by_id().values())
    for old, new in pairwise(versions):
        for topic in changed(old, new):
            if topic in verdicts.case.values:
                files = ", ".join(dict.fromkeys(source.name for source in checked.sources))
                message = Text(
                    "{topic} has another meaning from {in_force} on than before",
                    topic=Bilingual(topic, new.measures[topic].danish),
                    in_force=new.version.in_force,
                )
                yield Problem(
                    "UD214",
                    message,
                    Text("compare no values across that date"),
                    files,
                    column=topic,
                )
