"""From raw tables to one checked `AreaTable`: every problem of every file at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import duckdb
import narwhals as nw

from udsat import engine
from udsat.engine import identifier
from udsat.messages.problems import InvalidTable, Problem, TableError
from udsat.messages.text import Text
from udsat.names.resolver import Resolver
from udsat.tables.area_table import AreaTable, Counts, Kroner, Share, Source
from udsat.tables.headings import PROXIES
from udsat.tables.readers.open import RawTable
from udsat.tables.readers.options import Reading
from udsat.tables.readers.raw import TextTable
from udsat.tables.validate import repeated_keys, units
from udsat.tables.validate.area_keys import AREA_ID, with_keys
from udsat.tables.validate.one_table import part_of
from udsat.tables.validate.part import Calendar, Part, place
from udsat.ticks import HIGH, LOW, SHOWN


@dataclass(frozen=True, slots=True)
class Checked:
    """A checked table, the files it came from, and the problems of the rows that were left out."""

    table: AreaTable
    parts: tuple[Part, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What is odd in rows that were kept."""
        return tuple(warning for part in self.parts for warning in part.warnings)

    @property
    def sources(self) -> tuple[Source, ...]:
        """The input files, in order."""
        return tuple(part.source for part in self.parts)

    def place(self, row: int) -> tuple[str, int]:
        """Return the file and the line of a row of the table."""
        return place(self.parts, row)


@dataclass(frozen=True, slots=True)
class Examined:
    """Every problem of some files, and the rows without problems as a table, if there are any."""

    problems: tuple[Problem, ...]
    checked: Checked | None = None


def check(
    raws: Sequence[RawTable],
    connection: engine.Connection,
    calendar: Calendar,
    how: Reading | None = None,
    skip_invalid: bool = False,
    names: Resolver | None = None,
) -> Checked:
    """Return the rows of all files as one checked table; `names` tells which of them are about one
    area.

    Raises `TableError` where a file has no usable columns, and `InvalidTable` with every problem of
    every row unless `skip_invalid` leaves such rows out.
    """
    return _checked(
        [_examined(raw, connection, calendar, how or Reading()) for raw in raws],
        connection,
        skip_invalid,
        names or Resolver(),
    )


def examine(
    tables: Iterable[Callable[[], RawTable]],
    connection: engine.Connection,
    calendar: Calendar,
    how: Reading | None = None,
    names: Resolver | None = None,
) -> Examined:
    """Return every problem of every file, also of files that are no tables; `tables` read one file
    each.
    """
    parts: list[Part] = []
    problems: list[Problem] = []
    for table in tables:
        try:
            parts.append(_examined(table(), connection, calendar, how or Reading()))
        except TableError as error:
            problems += error.problems
    try:
        checked = _checked(parts, connection, True, names or Resolver())
    except (TableError, InvalidTable) as error:
        return Examined((*problems, *(error.problems if parts else ())))
    return Examined((*problems, *checked.problems), checked)


def _checked(
    parts: Sequence[Part], connection: engine.Connection, skip_invalid: bool, names: Resolver
) -> Checked:
    _same_key(parts)
    problems = [problem for part in parts for problem in part.problems]
    keyed = with_keys(_union(parts), connection, names)
    length = sum(part.length for part in parts)
    relation = engine.materialise_short(connection, keyed.relation, length)
    in_order = repeated_keys.in_order(relation, parts, connection)
    repeated = (
        []
        if in_order and not any(part.wrong for part in parts)
        else repeated_keys.repeated(relation, parts, connection, names)
    )
    problems += [problem for problem, _ in repeated]
    bad = {(problem.file, problem.line) for problem in problems}
    if problems and (
        not skip_invalid
        or len(bad) == sum(part.length if part.rows is None else part.rows for part in parts)
    ):
        raise InvalidTable(problems)
    if repeated:
        relation = engine.without(connection, relation, "row", [row for _, row in repeated])
    table = replace(_area_table(relation, parts, connection), unknown_towns=keyed.unknown_towns)
    return Checked(table, tuple(parts), tuple(problems))


def unknown_municipalities(checked: Checked, names: Resolver) -> list[Problem]:
    """Return a problem for each row whose municipality is not in the register that the law asks
    for.
    """
    table = checked.table
    if not table.unknown_towns:
        return []
    listed = ", ".join(engine.literal(town) for town in table.unknown_towns)
    query = f'SELECT "row", municipality FROM t WHERE municipality IN ({listed}) ORDER BY 1'
    return [
        replace(unknown_municipality(town, names), file=file, line=line)
        for row, town in engine.select(table.frame.to_native(), "t", query).fetchall()
        for file, line in (checked.place(row),)
    ]


def unknown_municipality(town: str, names: Resolver) -> Problem:
    """Return the problem that a municipality is not in the register."""
    near = " or ".join(f"'{name}'" for name in names.suggestions(town))
    hint = (
        Text("did you mean {near}?", near=near)
        if near
        else Text("give its name, its code of three digits, or both")
    )
    return Problem(
        "UD135",
        Text("'{town}' is no municipality", town=town),
        hint,
        column="municipality",
        value=town,
    )


def _examined(
    raw: RawTable, connection: engine.Connection, calendar: Calendar, how: Reading
) -> Part:
    part = part_of(raw, connection, calendar, how)
    if not isinstance(raw, TextTable):  # what the model has read is a table already
        relation = engine.materialise_short(connection, part.relation, part.length)
        part = replace(part, relation=relation)
    return units.examined(part, calendar.law, how, connection)


def _same_key(parts: Sequence[Part]) -> None:
    by_year = {part.source.name for part in parts if "year" in part.columns}
    if by_year and len(by_year) < len({part.source.name for part in parts}):
        names = ", ".join(sorted(by_year))
        hint = Text("score them in two runs")
        raise TableError(
            Problem(
                "UD307",
                Text("some files are keyed by year ({names}) and others by list date", names=names),
                hint,
            )
        )


def _union(parts: Sequence[Part]) -> duckdb.DuckDBPyRelation:
    """Return all parts as one relation: columns by name, rows numbered on, counts on one scale."""
    if len(parts) == 1:
        return parts[0].relation
    scales = _scales(parts)
    relation: duckdb.DuckDBPyRelation | None = None
    offset = 0
    for part in parts:
        picks = f'* REPLACE ("row" + {offset} AS "row"{_rescaled(part, scales)})'
        moved = {old: f"passed_{n}" for n, old in enumerate(_passed(parts)) if old in part.passed}
        names = [column for column in part.relation.columns if not column.startswith("passed_")]
        kept = ", ".join(identifier(name) for name in names)
        handed = "".join(f", {part.passed[old]} AS moved_{new}" for old, new in moved.items())
        numbered = engine.select(part.relation, "t", f"SELECT {picks} FROM t")
        numbered = engine.select(numbered, "t", f"SELECT {kept}{handed} FROM t")
        relation = numbered if relation is None else _by_name(relation, numbered)
        offset += part.length
    if relation is None:
        raise TableError(Problem("UD305", Text("there is no table to score")))
    renamed = ", ".join(
        f"moved_{new} AS {new}" for new in (f"passed_{n}" for n in range(len(_passed(parts))))
    )
    kept = ", ".join(identifier(name) for name in relation.columns if not name.startswith("moved_"))
    return engine.select(relation, "t", f"SELECT {kept}{', ' + renamed if renamed else ''} FROM t")


def _by_name(
    one: duckdb.DuckDBPyRelation, other: duckdb.DuckDBPyRelation
) -> duckdb.DuckDBPyRelation:
    """Return two relations below each other; a column that one lacks is a gap there."""
    names = list(dict.fromkeys([*one.columns, *other.columns]))

    def fitted(relation: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
        have = set(relation.columns)
        return relation.project(
            ", ".join(
                identifier(name) if name in have else f"NULL AS {identifier(name)}"
                for name in names
            )
        )

    return fitted(one).union(fitted(other))


def _passed(parts: Sequence[Part]) -> dict[str, str]:
    """Return every heading that is passed through, with its name in the joined table."""
    headings = dict.fromkeys(heading for part in parts for heading in part.passed)
    return {heading: f"passed_{n}" for n, heading in enumerate(headings)}


def _scales(parts: Sequence[Part]) -> dict[str, int]:
    scales: dict[str, int] = {}
    for part in parts:
        for measure, counts in part.measured.counts.items():
            scales[measure] = max(scales.get(measure, 1), counts.scale)
    return scales


def _rescaled(part: Part, scales: dict[str, int]) -> str:
    picks = ""
    for measure, counts in part.measured.counts.items():
        factor = scales[measure] // counts.scale
        for name in (
            f"{measure}_{what}{end}"
            for what in ("count", "base")
            for end in (LOW, HIGH, SHOWN)
            if factor > 1
        ):
            picks += f", {identifier(name)} * {factor} AS {identifier(name)}"
    return picks


def _area_table(
    relation: duckdb.DuckDBPyRelation,
    parts: Sequence[Part],
    connection: engine.Connection,
) -> AreaTable:
    columns = set(relation.columns)
    by_year = "year" in columns
    key = "year" if by_year else "list_date"
    found = [
        row[0]
        for row in engine.ask(connection, relation, "t", f"SELECT DISTINCT {key} FROM t ORDER BY 1")
    ]
    measured = [part.measured for part in parts]
    kroner = [one.kroner for one in measured if one.kroner]
    shares = {
        name: [one.shares[name] for one in measured if name in one.shares]
        for one in measured
        for name in one.shares
    }
    counts = {
        name: [one.counts[name] for one in measured if name in one.counts]
        for one in measured
        for name in one.counts
    }
    return AreaTable(
        frame=nw.from_native(relation),
        key="year" if by_year else "list_date",
        dates=() if by_year else tuple(_dates(found)),
        years=tuple(found) if by_year else (),
        shares={
            name: Share(all(s.exact for s in some), min(s.half for s in some))
            for name, some in shares.items()
        },
        counts={name: _merged(some, _scales(parts)[name]) for name, some in counts.items()},
        kroner=(
            Kroner(all(k.exact for k in kroner), min(k.half for k in kroner)) if kroner else None
        ),
        residents=f"residents{LOW}" in columns,
        residents_2010=f"residents_2010{LOW}" in columns,
        residents_exact=all(one.residents_exact for one in measured),
        area_id=AREA_ID in columns,
        municipality="municipality" in columns,
        region="region" in columns,
        regions=_regions(relation, connection) if kroner and "region" in columns else (),
        proxies=tuple(name.removesuffix("_proxy") for name in PROXIES if name in columns),
        passed=_passed(parts) if len(parts) > 1 else parts[0].passed,
        rows=sum(part.length for part in parts),
    )


def _regions(relation: duckdb.DuckDBPyRelation, connection: engine.Connection) -> tuple[str, ...]:
    query = "SELECT DISTINCT region FROM t WHERE region IS NOT NULL ORDER BY 1"
    rows = engine.ask(connection, relation, "t", query)
    return tuple(row[0] for row in rows)


def _dates(found: Sequence[dt.date]) -> list[dt.date]:
    return [date for date in found if date is not None]


def _merged(some: Sequence[Counts], scale: int) -> Counts:
    largest = max(counts.largest * (scale // counts.scale) for counts in some)
    return Counts(all(counts.exact for counts in some), scale, largest)
