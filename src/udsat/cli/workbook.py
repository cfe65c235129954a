"""The sheets of a workbook: the verdicts, a sheet for each question that people ask next, and what
they all rest on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from udsat.cli.errors import say
from udsat.cli.progress import counted
from udsat.export.excel import MOST_ROWS, Sheet
from udsat.messages import language
from udsat.messages.text import Text

if TYPE_CHECKING:
    import duckdb

    from udsat.api import Scored
    from udsat.tables.dictionary import Column

#: How wide columns of text are in a sheet, in characters; others are as wide as their heading.
_WIDTHS = {"area": 34, "municipality": 18, "region": 20, "notes": 90, "note": 90, "missing": 64}
#: Of tables with more rows it is not worked out what changed: causes are found by scoring again.
_MOST_COMPARED = 5_000
_UNKNOWN = ("area", "municipality", "list_date", "category", "category_possible", "missing")


def sheets(
    scored: Scored,
    relation: duckdb.DuckDBPyRelation,
    columns: Sequence[Column],
    only: tuple[str, ...],
) -> Iterator[Sheet]:
    """Yield the sheets; the list is the relation, with the columns that describe it."""
    yield _listed("verdicts", relation, columns)
    if "criterion" not in relation.columns:
        yield from _criteria(scored, only)
        yield from _changes(scored, relation)
        yield Sheet("unknowns", _UNKNOWN, _unknowns(scored, only), widths=_wide(_UNKNOWN))
    rows = [
        (column.name, column.holds, column.unit, ", ".join(column.words), column.source)
        for column in columns
    ]
    yield Sheet(
        "columns",
        ("column", "holds", "unit", "words", "paragraph"),
        rows,
        widths=(34, 90, 12, 26, 28),
        wrap=True,
    )
    about = [
        (part, json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value))
        for part, value in _proof(scored)
    ]
    yield Sheet("provenance", ("what", "value"), about, widths=(34, 100), wrap=True)


def _listed(name: str, relation: duckdb.DuckDBPyRelation, columns: Sequence[Column]) -> Sheet:
    """Return verdicts as a sheet: signs before outcomes, and on each heading what it holds and the
    paragraph.
    """
    return Sheet(
        name,
        relation.columns,
        counted(relation.iter_rows()),
        notes=[f"{column.holds}\n{column.source}".strip() for column in columns],
        widths=_wide(relation.columns),
        formats=[_format(column) for column in columns],
        signs=[
            column.words in {("met", "not_met", "unknown"), ("yes", "no", "unknown")}
            for column in columns
        ],
    )


def _wide(names: Sequence[str]) -> list[int]:
    return [_WIDTHS.get(name, max(10, len(name) + 2)) for name in names]


def _format(column: Column) -> str:
    """Return how numbers of a column are shown; those of a user's own columns as they are."""
    if column.name == "residents":
        return "#,##0"
    return (
        "0.0########"
        if column.unit == "percent" or column.name in {"value", "limit", "margin"}
        else ""
    )


def _criteria(scored: Scored, only: tuple[str, ...]) -> Iterator[Sheet]:
    relation = scored.relation("criteria", only)
    if _rows(relation) >= MOST_ROWS:
        say(
            Text(
                "the sheet criteria is left out, as it would have more rows than a sheet holds;"
                " --detail criteria -o FILE.parquet has it"
            )
        )
        return
    yield _listed("criteria", relation, scored.described(relation, "criteria"))


def _rows(relation: duckdb.DuckDBPyRelation) -> int:
    (count,) = relation.aggregate("count(*)").fetchall()[0]
    return int(count)


def _changes(scored: Scored, relation: duckdb.DuckDBPyRelation) -> Iterator[Sheet]:
    """Yield what changed since the list before, if the table has one."""
    from udsat import changes
    from udsat.render import diff

    if len(scored.verdicts.case.versions) < 2:
        return
    if _rows(relation) > _MOST_COMPARED:
        say(
            Text(
                "the sheet changes is left out of a table of more than {most_compared:,} rows;"
                " udsat diff has it",
                most_compared=_MOST_COMPARED,
            )
        )
        return
    with language.english():
        found = changes.latest(scored)
        yield Sheet("changes", diff.COLUMNS, list(diff.records(found)), widths=_wide(diff.COLUMNS))


def _unknowns(scored: Scored, only: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    """Yield the areas of which a category cannot be decided, with what would settle it."""
    from udsat.render.footnotes import missing

    versions = scored.verdicts.case.by_id()
    for row in scored.undecided(only):
        with language.english():
            reasons = missing(row, versions[row["criteria_version"]])
        yield *(row.get(name) for name in _UNKNOWN[:-1]), "; ".join(reasons)


def _proof(scored: Scored) -> Iterable[tuple[str, Any]]:
    for part, value in scored.provenance().items():
        if isinstance(value, list):
            yield from ((part, one) for one in value)
        elif isinstance(value, dict):
            yield from value.items()
        else:
            yield part, value
