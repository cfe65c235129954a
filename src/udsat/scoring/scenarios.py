"""What other numbers in the criteria would make of the same rows: all combinations as rows of one
query.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

import duckdb
import narwhals as nw

from udsat import engine, ticks
from udsat.engine import identifier
from udsat.evidence.published_lists import Lists
from udsat.evidence.references import ReferenceTable
from udsat.law.loader import Law
from udsat.law.schema import MOST_NUMBER, CriteriaVersion
from udsat.messages.problems import Problem, UsageError
from udsat.messages.text import Text
from udsat.scoring import categories, thresholds
from udsat.scoring.criteria import Case, certain, possible
from udsat.scoring.score import Options, RunContext, judged, prepare
from udsat.scoring.verdicts import Verdicts
from udsat.scoring.years_in_row import look_back as streak
from udsat.tables.area_table import DATE, ROW, AreaTable

VARIANT = "variant"
#: Keys of the criteria that can be varied.
KEYS = ("threshold", "count", "min_residents", "years_in_row")
#: More combinations than anyone reads.
MOST = 100_000
_NUMBER = r"\d+(?:\.\d+)?"
_SPAN = re.compile(rf"({_NUMBER})\.\.({_NUMBER})(?::({_NUMBER}))?")


@dataclass(frozen=True, slots=True)
class Axis:
    """One number of the criteria, and the values that it takes in turn."""

    path: str
    values: tuple[Fraction, ...]

    @property
    def name(self) -> str:
        """The criterion, the category or `area`."""
        return self.path.rpartition(".")[0]

    @property
    def key(self) -> str:
        """What of it is varied: one of `KEYS`."""
        return self.path.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Variation:
    """The outcome for every variant, list and category; `rows` has them in this order."""

    axes: tuple[Axis, ...]
    rows: tuple[dict[str, Any], ...]


def axis(text: str) -> Axis:
    """Return what to vary: `labour_market.threshold=35..45:1`, `udsat.count=1..3` or
    `origin.threshold=40,50.5`.

    >>> axis("udsat.count=1..3").values
    (Fraction(1, 1), Fraction(2, 1), Fraction(3, 1))

    Raises:
        UsageError: where the text is none of these.
    """
    path, mark, values = text.replace(" ", "").partition("=")
    hint = Text(
        "write it as labour_market.threshold=35..45:1, udsat.count=1..3 or origin.threshold=40,50"
    )
    if not mark or path.rpartition(".")[2] not in KEYS or not path.rpartition(".")[0]:
        raise UsageError(
            Problem("UD716", Text("'{text}' names no number that can be varied", text=text), hint)
        )
    found: list[Fraction] = []
    for part in values.split(","):
        found += _values(part, text, hint)
    if any(value <= 0 for value in found) or (
        not path.endswith(".threshold") and any(value.denominator > 1 for value in found)
    ):
        raise UsageError(
            Problem(
                "UD716",
                Text(
                    "'{text}': values are above 0, and whole numbers but for thresholds", text=text
                ),
                hint,
            )
        )
    if max(found) >= MOST_NUMBER:
        raise UsageError(
            Problem(
                "UD716",
                Text(
                    "'{text}': a value of {most_number:,} and more is no number of a criterion",
                    text=text,
                    most_number=MOST_NUMBER,
                ),
                hint,
            )
        )
    return Axis(path, tuple(dict.fromkeys(found)))


def _values(part: str, text: str, hint: Text) -> list[Fraction]:
    if re.fullmatch(_NUMBER, part):
        return [Fraction(part)]
    match = _SPAN.fullmatch(part)
    if match is None:
        raise UsageError(
            Problem(
                "UD716",
                Text("'{text}': '{part}' is no number and no span", text=text, part=part),
                hint,
            )
        )
    first, last, step = Fraction(match[1]), Fraction(match[2]), Fraction(match[3] or 1)
    if first > last or not step or (last - first) / step > MOST:
        raise UsageError(
            Problem(
                "UD716",
                Text(
                    "'{text}': the span '{part}' is empty or has too many steps",
                    text=text,
                    part=part,
                ),
                hint,
            )
        )
    return [first + n * step for n in range(int((last - first) / step) + 1)]


def varied(
    axes: Sequence[Axis],
    baseline: Verdicts,
    table: AreaTable,
    law: Law,
    references: ReferenceTable,
    lists: Lists,
    options: Options,
    connection: duckdb.DuckDBPyConnection,
) -> Variation:
    """Return, for every combination, how many areas are in each category, and who enters or leaves
    against the law.

    Earlier lists that are published stay as they are; a table's own earlier rows are judged by the
    variant as well. Raises `UsageError` where the versions in use have no such number, or there are
    too many combinations.
    """
    context = prepare(table, law, references, lists, options)
    _check(axes, context.case)
    combinations = list(product(*(one.values for one in axes)))
    case = replace(context.case, varied=frozenset(one.path for one in axes))
    frame, streaks = streak.look_back(
        context.frame, case, law, context.published, context.table, connection
    )
    frame = nw.from_native(engine.materialise(connection, _with_law(frame, baseline).to_native()))
    variants = nw.from_native(_variants(axes, combinations, context, references, connection))
    frame = frame.join(variants, on=DATE, how="inner")
    frame = judged(frame, context, case, options)
    frame = streak.with_years(streak.with_breaks(frame, streaks, case, (VARIANT,)), streaks, case)
    if deep := categories.memberships(case, in_a_row=True):
        frame = frame.with_columns(*deep)
    if context.asked:
        frame = frame.filter(nw.col(DATE) == context.asked)
    found = _summed(frame, baseline.case, context.table.municipality)
    return Variation(tuple(axes), tuple(_tidy(found, axes, combinations, baseline.case)))


def _check(axes: Sequence[Axis], case: Case) -> None:
    known = dict.fromkeys(path for version in case.by_id().values() for path in _numbers(version))
    for one in axes:
        if one.path not in known:
            hint = Text("the versions in use have {names}", names=", ".join(known))
            raise UsageError(
                Problem("UD716", Text("there is no number '{path}'", path=one.path), hint)
            )
    paths = [one.path for one in axes]
    if len(set(paths)) < len(paths):
        raise UsageError(
            Problem(
                "UD716", Text("a number is varied twice"), Text("give all its values in one --vary")
            )
        )
    count = 1
    for one in axes:
        count *= len(one.values)
    if count > MOST:
        raise UsageError(
            Problem(
                "UD716",
                Text("there are {count:,} combinations", count=count),
                Text("give at most {most:,}", most=MOST),
            )
        )


def _numbers(version: CriteriaVersion) -> list[str]:
    """Return the path of every number that a version has."""
    paths = [f"{name}.threshold" for name in version.criteria] + ["area.min_residents"]
    paths += [f"{name}.count" for name, block in version.categories.items() if block.count]
    return paths + [
        f"{name}.years_in_row" for name, block in version.categories.items() if block.years_in_row
    ]


def _law(name: str) -> str:
    return f"{name}__by_law"


def _with_law(frame: nw.LazyFrame[Any], baseline: Verdicts) -> nw.LazyFrame[Any]:
    """Join what the law as it stands makes of each row; rows that are only looked back on have
    nothing there.
    """
    sides = [side(name) for name in baseline.case.categories() for side in (certain, possible)]
    own = baseline.frame.select(ROW, DATE, *(nw.col(side).alias(_law(side)) for side in sides))
    return frame.join(own, on=[ROW, DATE], how="left")


def _variants(
    axes: Sequence[Axis],
    combinations: Sequence[tuple[Fraction, ...]],
    context: RunContext,
    references: ReferenceTable,
    connection: duckdb.DuckDBPyConnection,
) -> duckdb.DuckDBPyRelation:
    """Return a table with a row for each list and variant: where the lines lie, and the other
    numbers.
    """
    columns: dict[str, list[Any]] = {DATE: [], VARIANT: []}
    types = {DATE: "DATE", VARIANT: "INTEGER"}
    for date in context.case.versions:
        columns[DATE] += [date] * len(combinations)
        columns[VARIANT] += range(1, len(combinations) + 1)
    for place, one in enumerate(axes):
        for name, kind, of in _columns(one, context.case, references):
            types[name] = kind
            columns[name] = [
                cell
                for date in context.case.versions
                for cell in _cells(of[date], place, combinations)
            ]
    return engine.table(connection, columns, types)


def _cells(
    of: Mapping[Fraction, int | None], place: int, combinations: Sequence[tuple[Fraction, ...]]
) -> list[int | None]:
    return [of[values[place]] for values in combinations]


def _columns(
    one: Axis, case: Case, references: ReferenceTable
) -> list[tuple[str, str, dict[dt.date, dict[Fraction, int | None]]]]:
    """Return the columns of an axis: name, type, and for each list and value the cell."""
    if one.key != "threshold":
        return [
            (
                one.path,
                "INTEGER",
                {date: {value: int(value) for value in one.values} for date in case.versions},
            )
        ]
    made: dict[str, dict[dt.date, dict[Fraction, int | None]]] = {"cut": {}, "cut_possible": {}}
    for date, version in case.versions.items():
        of = {value: _line(one.name, value, version, date, references) for value in one.values}
        for what, cells in made.items():
            cells[date] = {
                value: None if line is None else getattr(line, what) for value, line in of.items()
            }
    return [(f"{one.name}__{what}", "BIGINT", cells) for what, cells in made.items()]


def _line(
    name: str, value: Fraction, version: CriteriaVersion, date: dt.date, references: ReferenceTable
) -> thresholds.Threshold | None:
    """Return the line of a criterion with another threshold; a printed limit is moved in
    proportion.
    """
    if name not in version.criteria:
        return None
    block = version.criteria[name]
    other = block.model_copy(
        update={"threshold": Decimal(value.numerator) / Decimal(value.denominator)}
    )
    changed = version.model_copy(update={"criteria": version.criteria | {name: other}})
    printed = references.limit(date, name) if block.reference == "national" else None
    if printed is None:
        return thresholds.line(name, changed, date, references)
    return thresholds.scaled(block, printed, Fraction(other.threshold) / Fraction(block.threshold))


def _summed(frame: nw.LazyFrame[Any], case: Case, municipality: bool) -> list[tuple[Any, ...]]:
    """Return one row for each variant and list: for each category, the sums and the names of who
    enters and leaves.
    """
    relation: duckdb.DuckDBPyRelation = frame.to_native()
    name = "area || coalesce(', ' || municipality, '')" if municipality else "area"
    picks = []
    for category in case.categories():
        yes, maybe = identifier(certain(category)), identifier(possible(category))
        yes_by_law, maybe_by_law = (
            identifier(_law(certain(category))),
            identifier(_law(possible(category))),
        )
        enters, leaves = f"{yes} = 1 AND {maybe_by_law} = 0", f"{maybe} = 0 AND {yes_by_law} = 1"
        changed = f"({yes} != {yes_by_law} OR {maybe} != {maybe_by_law})"
        picks += [f"sum({yes})", f"sum({maybe} - {yes})"]
        picks += [f"list({name} ORDER BY {ROW}) FILTER ({test})" for test in (enters, leaves)]
        picks.append(f"count(*) FILTER ({changed} AND NOT ({enters}) AND NOT ({leaves}))")
    query = f"SELECT {VARIANT}, {DATE}, {', '.join(picks)} FROM frame GROUP BY ALL ORDER BY ALL"
    return engine.select(relation, "frame", query).fetchall()


def _tidy(
    found: Sequence[tuple[Any, ...]],
    axes: Sequence[Axis],
    combinations: Sequence[tuple[Fraction, ...]],
    case: Case,
) -> list[dict[str, Any]]:
    """Return one record for each variant, list and category that the version of the list has."""
    rows = []
    for number, date, *cells in found:
        values = {
            one.path: ticks.cut(value)
            for one, value in zip(axes, combinations[number - 1], strict=True)
        }
        for place, category in enumerate(case.categories()):
            if category in case.versions[date].categories:
                yes, unknown, enters, leaves, unclear = cells[5 * place : 5 * place + 5]
                one = {
                    "variant": number,
                    **values,
                    "list_date": date,
                    "category": category,
                    "yes": int(yes),
                    "unknown": int(unknown),
                }
                rows.append(
                    one | {"enters": enters or [], "leaves": leaves or [], "unclear": unclear}
                )
    return rows
