"""Text tables: every row through the pydantic model, all problems at once, and the numbers into the
engine.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, NamedTuple

import duckdb
from pydantic import ValidationError

from udsat import engine
from udsat.messages.problems import Problem, TableError
from udsat.messages.text import EMPTY, Text, verbatim
from udsat.tables.area_table import Source
from udsat.tables.headings import NUMBERS, PROXIES, TOTALS, plain, recognise
from udsat.tables.readers.options import Reading
from udsat.tables.readers.raw import TextTable
from udsat.tables.validate import cells, fractions, scale
from udsat.tables.validate.model import MOST_LETTERS, RANGES, AreaRow
from udsat.tables.validate.part import Calendar, Part, RowKey, compared, row_problems

_TEXTS = ("area", "area_id", "municipality", "region", *PROXIES)
_EXPECTED = {
    "area": "a name or code",
    "list_date": "a date such as 2019-12-01",
    "list_year": "a year such as 2019",
    "year": "a year such as 2019",
    **dict.fromkeys(PROXIES, f"a phrase of up to {MOST_LETTERS} letters"),
}
_DATES = {"list_date", "list_year", "year"}
_NAMES = {"area", "municipality"}


class _ParsedRow(NamedTuple):
    """A row that the model made, its position among the rows of the file, and the date or year it
    is for.
    """

    position: int
    row: Any
    date: dt.date | int


@dataclass(frozen=True, slots=True)
class Parsed:
    """A text table after the model has read its rows: the good ones, and what is wrong with the
    others.
    """

    raw: TextTable
    found: dict[str, int]
    texts: list[list[str] | Problem]
    good: list[_ParsedRow]
    problems: list[Problem]
    #: The keys of the other rows, as far as they can be read.
    wrong: list[RowKey]

    @property
    def rows(self) -> list[Any]:
        """The good rows as the model made them."""
        return [row.row for row in self.good]

    @property
    def positions(self) -> list[int]:
        """Where the good rows stand among the rows of the table."""
        return [row.position for row in self.good]

    def part(self, connection: duckdb.DuckDBPyConnection, halves: Mapping[str, Decimal]) -> Part:
        """Return the good rows as a part; a printed value becomes an interval of `halves`, where
        its column is in there.
        """
        passed = {
            self.raw.headings[n]: n
            for n in range(len(self.raw.headings))
            if n not in self.found.values()
        }
        columns, types = _keys(self.good, self.found)
        for n in passed.values():
            columns[f"passed_{n}"] = [str(self.texts[row.position][n]) or None for row in self.good]  # type: ignore[index]
            types[f"passed_{n}"] = "VARCHAR"
        measured = scale.of_rows(self.rows, self.found, halves)
        columns |= measured.columns
        types |= dict.fromkeys(measured.columns, "BIGINT")
        return Part(
            source=Source(
                self.raw.name,
                self.raw.digest,
                self.raw.dialect.of(self.raw.name) if self.raw.dialect else EMPTY,
            ),
            relation=engine.table(connection, columns, types),
            length=len(self.raw.rows),
            headings={column: self.raw.headings[n] for column, n in self.found.items()},
            measured=replace(measured, columns={}),
            passed={name: f"passed_{n}" for name, n in passed.items()},
            problems=tuple(self.problems),
            wrong=tuple(self.wrong),
            signed=fractions.signed(self.found, self.texts),
            header_line=self.raw.header_line,
            line=lambda row: self.raw.rows[row][0],
        )


def read_text(
    raw: TextTable, connection: duckdb.DuckDBPyConnection, calendar: Calendar, how: Reading
) -> Part:
    """Return a text table as a part; its problems have the line, heading and value of each bad
    cell.
    """
    parsed = parse(
        raw, recognise(raw.headings, raw.name, how.columns, raw.header_line), calendar, how
    )
    return parsed.part(connection, scale.halves(parsed.rows, parsed.found) if how.rounded else {})


def parse(raw: TextTable, found: dict[str, int], calendar: Calendar, how: Reading) -> Parsed:
    """Read every row by the model; raise `TableError` where the cells do not show which decimal
    mark they have.
    """
    texts = [_fitted(cells_, raw) for _, cells_ in raw.rows]
    positions = [position for column, position in found.items() if column in NUMBERS]
    evidence = cells.evidence(
        _once(row[n] for row in texts if isinstance(row, list) for n in positions)
    )
    shown = decimal_mark(evidence, how, raw.name)
    if raw.dialect:
        raw = replace(raw, dialect=replace(raw.dialect, decimal=shown))
    made = [_made(row, found, shown or "point", how.dash_is_zero) for row in texts]
    for position, problem in _beside(texts, found, shown or "point"):
        made[position][1].append(problem)
    twice = compared(found)
    days = replace(calendar, by_list_year="list_year" in found)
    good: list[_ParsedRow] = []
    left_out: list[RowKey] = []
    problems: list[Problem] = []
    for position, (row, wrong) in enumerate(made):
        between, date = _between(row, "year" in found, twice, days)
        if _DATES & {problem.column for problem in wrong}:
            between = [problem for problem in between if problem.column not in _DATES]
        problems += [_placed(problem, raw, found, position) for problem in (*wrong, *between)]
        if not wrong and not between and date is not None:
            good.append(_ParsedRow(position, row, date))
        elif date is not None and not _NAMES & {problem.column for problem in wrong}:
            left_out.append(RowKey(position, row.area, row.municipality or None, date))
    return Parsed(raw, found, texts, good, problems, left_out)


def decimal_mark(
    evidence: tuple[str | None, str | None, str | None], how: Reading, name: str
) -> str | None:
    """Return the file's decimal mark: the option's, else the one the cells show; stop where they do
    not decide.
    """
    comma, point, unclear = evidence
    if how.decimal is None and comma and point:
        hint = Text("use one convention, or say --decimal comma or --decimal point")
        raise TableError(
            Problem(
                "UD308",
                Text(
                    "'{comma}' has a decimal comma and '{point}' a decimal point",
                    comma=comma,
                    point=point,
                ),
                hint,
                name,
            )
        )
    if how.decimal is None and unclear and not comma and not point:
        hint = Text("say --decimal comma or --decimal point")
        raise TableError(
            Problem(
                "UD308",
                Text("'{unclear}' can be read as thousands or as a decimal", unclear=unclear),
                hint,
                name,
            )
        )
    return how.decimal or ("comma" if comma else "point" if point else None)


def _beside(
    rows: Sequence[list[str] | Problem], found: dict[str, int], decimal: str
) -> Iterator[tuple[int, Problem]]:
    """Yield the cells that may be fractions of 1, because others of their column carry the sign of
    percent.
    """
    for column in (column for column in found if column in NUMBERS):
        yield from fractions.beside_percent(column, rows, found[column], decimal)


def _once(texts: Iterable[str]) -> Iterable[str]:
    """Return each text once; a number of the file's own stays apart from a text of the same
    letters.
    """
    return (text for text, _ in dict.fromkeys((text, type(text)) for text in texts))


def _fitted(row: list[str], raw: TextTable) -> list[str] | Problem:
    """Return the cells of a row below the headings; empty cells beyond the header do not count."""
    width = raw.width or len(raw.headings)
    if len(row) < width or any(cell.strip() for cell in row[width:]):
        hint = Text("look for a stray separator, a missing cell or a file cut short")
        return Problem(
            "UD202",
            Text("the row has {row} cells, the header has {width}", row=len(row), width=width),
            hint,
        )
    return [row[n] for n in raw.places] if raw.places else row[:width]


def _made(
    row: list[str] | Problem, found: dict[str, int], decimal: str, dash_is_zero: bool
) -> tuple[Any, list[Problem]]:
    """Return what the model makes of a row, as far as its cells are right, and the problems of the
    others.
    """
    if isinstance(row, Problem):
        return None, [row]
    data = {column: _cell(column, row[n], decimal, dash_is_zero) for column, n in found.items()}
    problems = [problem for column, n in found.items() for problem in _odd_problems(column, row[n])]
    for problem in problems:
        data.pop(problem.column, None)
    data.setdefault("area", "?")
    while True:
        try:
            return AreaRow.model_validate(data), problems
        except ValidationError as error:
            details = error.errors(include_url=False)
        more = [_of_detail(detail, row, found) for detail in details]
        problems += more
        wrong = {problem.column for problem in more}
        data = {column: cell for column, cell in data.items() if column not in wrong} | (
            {"area": "?"} if "area" in wrong else {}
        )


def _cell(column: str, cell: str, decimal: str, dash_is_zero: bool) -> str | None:
    if column in NUMBERS:
        return cells.normal(
            cell, "point" if isinstance(cell, cells.Plain) else decimal, dash_is_zero
        )
    text = cells.words(cell)
    return "" if text is None and column == "area" else text


def _odd_problems(column: str, cell: str) -> list[Problem]:
    """Return a problem where a cell is an error or formula, names a total, or carries a unit that
    its column has not.
    """
    shown = cells.shown(cell)
    if cells.broken(cell.strip()) and cells.words(cell) == cell.strip():
        hint = Text("correct it in the spreadsheet, or leave the cell empty")
        return [
            Problem(
                "UD114",
                Text("'{shown}' is an error or a formula, not a value", shown=shown),
                hint,
                column=column,
                value=shown,
            )
        ]
    if column == "area" and plain(cell) in TOTALS:
        hint = Text("leave the row out")
        return [
            Problem(
                "UD113",
                Text("'{shown}' names a total, not an area", shown=shown),
                hint,
                column=column,
                value=shown,
            )
        ]
    return _unit_problems(column, cell)


def _unit_problems(column: str, cell: str) -> list[Problem]:
    """Return a problem where a cell carries a unit that its column has not: 3,1 % is not 3,1 per
    1,000.
    """
    if column not in NUMBERS or not cell or cell[-1].isdigit():
        return []
    unit = cells.unit(cell)
    if not unit or unit == (
        "%" if column.endswith("_pct") else "kr" if column == "gross_income" else ""
    ):
        return []
    hint = Text("give the column the heading of its unit, or leave the unit out")
    value = cells.shown(cell)
    return [
        Problem(
            "UD111",
            Text(
                "'{value}' carries a unit that {column} does not have", value=value, column=column
            ),
            hint,
            column=column,
            value=value,
        )
    ]


def _of_detail(detail: Any, row: list[str], found: dict[str, int]) -> Problem:
    """Return pydantic's finding as a problem with the column and the cell as the file has it."""
    code = (
        detail["type"]
        if detail["type"].startswith("UD")
        else "UD105"
        if detail["input"] is None
        else "UD103"
    )
    message = _words(detail)
    if not detail["loc"]:
        return Problem(code, message, column=message.split(":")[0])
    column = str(detail["loc"][0])
    value = cells.shown(row[found[column]])
    problem = (
        Text("'{value}' {message}", value=value, message=message)
        if value
        else Text("the cell {message}", message=message)
    )
    return Problem(code, problem, column=column, value=value, expected=_expected(column))


def _words(detail: Any) -> Text:
    """Return what the model says of a cell."""
    context = detail.get("ctx", {})
    if detail["type"].startswith("UD"):
        return context["message"]  # type: ignore[no-any-return]
    if detail["type"] == "string_too_long":
        return Text("string should have at most {most} characters", most=context["max_length"])
    return verbatim(detail["msg"][:1].lower() + detail["msg"][1:])


def _expected(column: str) -> str:
    """Return what a cell of a column may hold, in words."""
    if within := RANGES.get(column):
        return (
            f"{'a whole number' if within.whole else 'a number'} from {within.low} to"
            f" {within.high:,}, or nothing"
        )
    return _EXPECTED.get(column, "a text")


def _between(
    row: Any, by_year: bool, twice: Sequence[str], calendar: Calendar
) -> tuple[list[Problem], dt.date | int | None]:
    """Return what is wrong between the cells of a row, and the date or year that the row is for."""
    if row is None:
        return [], None
    date: dt.date | int | Problem | None = row.year if by_year else calendar.date(row)
    if date is None:
        date = Problem("UD105", Text("the row has no year"), column="year")
    problems = (
        row_problems(
            row, twice, () if isinstance(date, Problem) else calendar.counted(twice, (date,))
        )
        if twice
        else []
    )
    return ([*problems, date], None) if isinstance(date, Problem) else (problems, date)


def _placed(problem: Problem, raw: TextTable, found: dict[str, int], position: int) -> Problem:
    heading = raw.headings[found[problem.column]] if problem.column in found else problem.column
    return replace(problem, file=raw.name, line=raw.rows[position][0], column=heading)


def _keys(
    good: list[_ParsedRow], found: dict[str, int]
) -> tuple[dict[str, list[Any]], dict[str, str]]:
    """Return the columns that say which area, when and with what remark."""
    key = "year" if "year" in found else "list_date"
    names = [name for name in _TEXTS if name in found]
    columns: dict[str, list[Any]] = {
        "row": [row.position for row in good],
        key: [row.date for row in good],
    }
    columns |= {name: [getattr(row.row, name) or None for row in good] for name in names}
    return columns, {"row": "BIGINT", key: "INTEGER" if key == "year" else "DATE"} | dict.fromkeys(
        names, "VARCHAR"
    )
