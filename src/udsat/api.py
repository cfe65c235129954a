"""The library's entry point: score files or data frames; the command line is a thin
shell around it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import duckdb
import narwhals as nw

from udsat import __version__
from udsat import engine as embedded
from udsat.analysis import comparison_rows as comparison
from udsat.analysis import records
from udsat.analysis.comparison_rows import ComparisonRows, Level
from udsat.evidence import borders as border_tables
from udsat.evidence import published_lists as lists
from udsat.evidence import references as figures
from udsat.evidence.published_lists import Lists
from udsat.evidence.references import ReferenceTable
from udsat.law import loader
from udsat.law.loader import Law
from udsat.messages import display
from udsat.messages.problems import Problem, UsageError
from udsat.messages.text import Text
from udsat.names.areas import Area
from udsat.scoring.measures import misplaced
from udsat.scoring.scenarios import Variation, axis, varied
from udsat.scoring.score import Options, formed
from udsat.scoring.score import score as judge
from udsat.scoring.verdicts import BEHIND, Verdicts
from udsat.tables.area_table import AreaTable
from udsat.tables.readers import open as read
from udsat.tables.readers import options as reading
from udsat.tables.readers import paths
from udsat.tables.readers.options import Reading
from udsat.tables.readers.paths import Paths
from udsat.tables.sections import grouped
from udsat.tables.validate.check import Checked, check, unknown_municipalities
from udsat.tables.validate.check import examine as check_files
from udsat.tables.validate.part import Calendar

if TYPE_CHECKING:
    from udsat.analysis.explain.explain import ExplainRequest, Explanation
    from udsat.analysis.targets import Aim, Courses
    from udsat.analysis.watch import Nearness, Watched
    from udsat.tables.dictionary import Column

Detail = Literal["areas", "criteria"]
Engine = Literal["duckdb", "polars"]


@dataclass(frozen=True)
class Scored:
    """The verdicts of one run, with all that they rest on."""

    verdicts: Verdicts
    checked: Checked
    law: Law
    references: ReferenceTable
    lists: Lists
    options: Mapping[str, Any]
    connection: duckdb.DuckDBPyConnection
    #: Rows that are put beside areas and not judged as such.
    compared: ComparisonRows | None = None

    def relation(
        self, detail: Detail = "areas", only: Sequence[str] = ()
    ) -> duckdb.DuckDBPyRelation:
        """Return the verdicts as a relation of the engine, in the order of the input.

        `only` keeps areas that are certainly in one of these categories.
        """
        long = detail == "criteria"
        frame = self.verdicts.criteria(only) if long else self.verdicts.areas(only)
        return self._ordered(frame, set(BEHIND) if long else {"row"}, long)

    def complete(self, only: Sequence[str] = ()) -> duckdb.DuckDBPyRelation:
        """Return the verdicts on each area with what stands behind each criterion, in the order of
        the input.
        """
        return self._ordered(self.verdicts.complete(only), {"row"})

    def _ordered(
        self, frame: nw.LazyFrame[Any], own: set[str], long: bool = False
    ) -> duckdb.DuckDBPyRelation:
        names = ", ".join(
            embedded.identifier(name) for name in frame.collect_schema().names() if name not in own
        )
        relation: duckdb.DuckDBPyRelation = frame.to_native()
        order = (
            ' ORDER BY "row", position' if long else ""
        )  # rows on areas come out of scoring in the order of the input
        return embedded.select(relation, "verdicts", f"SELECT {names} FROM verdicts{order}")

    def areas(self, only: Sequence[str] = ()) -> list[dict[str, Any]]:
        """Return the verdicts on each area as records, with the bounds of values that are no
        points.
        """
        return records.area_records(self.verdicts, only)

    def undecided(self, only: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
        """Yield the areas of which a category cannot be decided, as `areas` has them but for the
        notes, which are `annotations` alone.
        """
        unknown = [nw.col(name) == "unknown" for name in self.verdicts.case.categories()]
        frame = self.verdicts.areas(only, bounds=True, annotated=True)
        return self._rows(frame.filter(nw.any_horizontal(*unknown, ignore_nulls=True)))[1]

    def rows(self, only: Sequence[str] = ()) -> tuple[list[str], Iterator[records.Record]]:
        """Return the columns of the verdicts on areas, and the areas in the order of the input,
        with `annotations` in place of notes.
        """
        return self._rows(self.verdicts.areas(only, annotated=True))

    def _rows(self, frame: nw.LazyFrame[Any]) -> tuple[list[str], Iterator[records.Record]]:
        relation = self._ordered(frame, {"row"})
        names = relation.columns
        rows = (dict(zip(names, row, strict=True)) for row in relation.iter_rows())
        return names, records.annotated(rows, self.verdicts)

    def criteria(self, only: Sequence[str] = ()) -> list[dict[str, Any]]:
        """Return the verdict on each criterion of each area as records, with what the long form
        leaves out.
        """
        return records.criterion_records(self.verdicts, only)

    def vary(self, specifications: Sequence[str]) -> Variation:
        """Return what other numbers in the criteria would make of the same rows, for every
        combination at once.

        A specification is `labour_market.threshold=35..45:1`, `udsat.count=1..3` or
        `origin.threshold=40,50`. Raises `UsageError` where the versions in use have no such number.
        """
        options = Options(
            self.options["basis"], self.options["list_year"], self.options["assume_min_residents"]
        )
        given = (
            self.checked.table,
            self.law,
            self.references,
            self.lists,
            options,
            self.connection,
        )
        return varied([axis(text) for text in specifications], self.verdicts, *given)

    def described(
        self, relation: duckdb.DuckDBPyRelation, detail: Detail = "areas"
    ) -> list[Column]:
        """Return what each column of a result means; those of areas end with the columns that were
        passed through.
        """
        from udsat.tables.dictionary import outputs

        types = {
            name: str(kind) for name, kind in zip(relation.columns, relation.types, strict=True)
        }
        passed = list(types)[list(types).index("notes") + 1 :] if detail == "areas" else []
        return outputs(
            list(types),
            list(self.verdicts.case.by_id().values()),
            {name: types[name] for name in passed},
        )

    def members(self, category: str) -> tuple[int, int]:
        """Return how many rows are certainly in a category, and of how many it is unknown."""
        yes, unknown = embedded.fetch(self.verdicts.members(category))[0]
        return yes or 0, unknown or 0

    def explain(self, asked: ExplainRequest) -> Explanation:
        """Return what explains the verdict on one area; raise `UsageError` where the name is not
        clear.
        """
        from udsat.analysis.explain.explain import explain as answer

        return answer(
            self.verdicts,
            self.checked.table,
            self.lists.names,
            asked,
            self.connection,
            self.compared,
        )

    def watch(
        self, within: Nearness | None = None, list: str | None = None, include_origin: bool = False
    ) -> Watched:
        """Return the areas near a change on a list (a year or date; the latest by default), sorted
        by nearness.
        """
        from udsat.analysis.watch import watch as look

        return look(
            self.verdicts, self.checked.table, self.connection, within, list, include_origin
        )

    def courses(self, aim: Aim, list: str | None = None, include_origin: bool = False) -> Courses:
        """Return where each area of a list stands on its way to an aim."""
        from udsat.analysis.targets import courses as course

        return course(self.verdicts, self.checked.table, self.connection, aim, list, include_origin)

    def provenance(self) -> dict[str, Any]:
        """Return what decided the result: version, criteria, inputs, references, lists and options,
        with SHA-256.
        """
        used = self.verdicts.case.by_id()
        found = {
            "udsat": __version__,
            "criteria": [{"id": name, "sha256": self.law.digests[name]} for name in used],
            "inputs": [
                {"name": os.path.basename(source.name), "sha256": source.sha256}
                for source in self.checked.sources
            ],
            "references": [
                {"name": os.path.basename(name), "sha256": digest}
                for name, digest in self.references.sources
            ],
            "lists": [
                {"name": os.path.basename(name), "sha256": digest}
                for name, digest in self.lists.sources
            ],
            **(
                {
                    "names": [
                        {"name": os.path.basename(name), "sha256": digest} for name, digest in named
                    ]
                }
                if (named := self.lists.name_sources)
                else {}
            ),
            "options": dict(self.options),
        }
        return {part: display.encodable(value) for part, value in found.items()}


def evaluate(
    data: Any,
    *,
    criteria: str | None = None,
    criteria_dir: str | None = None,
    references: Paths = (),
    history: Paths = (),
    names: Paths = (),
    basis: Literal["published", "computed"] = "published",
    list_year: int | None = None,
    rounded: bool = False,
    assume_min_residents: bool = False,
    skip_invalid: bool = False,
    decimal: Literal["comma", "point"] | None = None,
    dash: Literal["missing", "zero"] = "missing",
    delimiter: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    columns: str | None = None,
    group: str | None = None,
    compare: Sequence[str] = (),
    engine: Engine = "duckdb",
) -> Scored:
    """Return the verdicts on one or more files (paths, folders, patterns, or `-`), or on a data
    frame, with all that they rest on.

    `group` is a column that says to which area a housing section belongs: sections are scored
    together. `compare` names rows that stand beside areas and are not judged: `municipality`,
    `region`, `country`, or the name of a row. `engine` forms the verdicts; tables are read and
    checked by DuckDB in any case.
    """
    ready = prepare(
        data,
        criteria=criteria,
        criteria_dir=criteria_dir,
        references=references,
        history=history,
        names=names,
        basis=basis,
        rounded=rounded,
        assume_min_residents=assume_min_residents,
        skip_invalid=skip_invalid,
        decimal=decimal,
        dash=dash,
        delimiter=delimiter,
        encoding=encoding,
        sheet=sheet,
        header_row=header_row,
        columns=columns,
        group=group,
        compare=compare,
    )
    return ready.scored(list_year, engine)


@dataclass(frozen=True)
class Ready:
    """Checked tables with all that scoring them takes, so that they can be scored
    more than once.
    """

    raws: Sequence[read.RawTable]
    how: Reading
    checked: Checked
    law: Law
    references: ReferenceTable
    lists: Lists
    options: Mapping[str, Any]
    connection: duckdb.DuckDBPyConnection
    #: The keys of rows that stand beside areas, with what they are.
    beside: Mapping[Area, Level]

    def scored(self, list_year: int | None = None, engine: Engine = "duckdb") -> Scored:
        """Return the verdicts; tables of calendar years need the list to form from them."""
        options = self._options(list_year)
        given = (
            self.checked.table,
            self.law,
            self.references,
            self.lists,
            options,
            self.connection,
        )
        if engine == "polars":
            from udsat import engines as elsewhere

            verdicts = elsewhere.on_polars(*given)
        else:
            verdicts = judge(*given)
        said = {**self.options, "list_year": list_year}
        judged, compared = comparison.split(verdicts, self.beside)
        return Scored(
            judged,
            self.checked,
            self.law,
            self.references,
            self.lists,
            said,
            self.connection,
            compared,
        )

    def formed(self, list_year: int | None = None) -> AreaTable:
        """Return the table of lists that is scored."""
        return formed(
            self.checked.table, self.law, self.references, self.lists, self._options(list_year)
        )

    def _options(self, list_year: int | None) -> Options:
        return Options(self.options["basis"], list_year, self.options["assume_min_residents"])

    def rounded(self) -> Ready:
        """Return the same tables with every printed value taken as all values that round to it."""
        how = replace(self.how, rounded=True)
        calendar = Calendar(self.law, self.lists.refused())
        checked = check(
            self.raws,
            self.connection,
            calendar,
            how,
            self.options["skip_invalid"],
            self.lists.names,
        )
        return replace(self, how=how, checked=checked, options={**self.options, "rounded": True})


def prepare(
    data: Any,
    *,
    criteria: str | None = None,
    criteria_dir: str | None = None,
    references: Paths = (),
    history: Paths = (),
    names: Paths = (),
    borders: Paths = (),
    basis: Literal["published", "computed"] = "published",
    rounded: bool = False,
    assume_min_residents: bool = False,
    skip_invalid: bool = False,
    decimal: Literal["comma", "point"] | None = None,
    dash: Literal["missing", "zero"] = "missing",
    delimiter: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    columns: str | None = None,
    group: str | None = None,
    compare: Sequence[str] = (),
    connection: duckdb.DuckDBPyConnection | None = None,
) -> Ready:
    """Read and check files or a data frame; tables that share a connection can be compared in the
    engine.
    """
    law = loader.choose(criteria, criteria_dir)
    reference_table = figures.references([os.fspath(path) for path in references], law)
    renames = border_tables.borders([os.fspath(path) for path in borders], law).new_names()
    published = lists.with_history(
        [os.fspath(path) for path in history], law, [os.fspath(path) for path in names], renames
    )
    connection = connection or embedded.connect()
    how = reading.of(
        decimal, dash == "zero", rounded, delimiter, encoding, sheet, header_row, columns
    )
    raws = [table() for table in _tables(data, how, connection)]
    checked = check(
        raws, connection, Calendar(law, published.refused()), how, skip_invalid, published.names
    )
    beside = comparison.members(checked.table, compare, published.names) if compare else {}
    if group:
        checked = replace(
            checked,
            table=grouped(
                checked.table, group, connection, law, published.names, {area for area, _ in beside}
            ),
        )
    said: dict[str, Any] = {
        "assume_min_residents": assume_min_residents, "basis": basis,
        "criteria": criteria and os.path.basename(criteria),
        "columns": columns and os.path.basename(columns), "dash": dash, "decimal": decimal,
        "delimiter": delimiter, "encoding": encoding, "header_row": header_row, "list_year": None,
        "rounded": rounded, "sheet": sheet, "skip_invalid": skip_invalid,
    }  # fmt: skip
    said |= ({"group": group} if group else {}) | ({"compare": list(compare)} if compare else {})
    return Ready(raws, how, checked, law, reference_table, published, said, connection, beside)


def examine(
    data: Any,
    *,
    how: Reading | None = None,
    criteria: str | None = None,
    criteria_dir: str | None = None,
    references: Paths = (),
    names: Paths = (),
    list_year: int | None = None,
    warnings: bool = True,
) -> list[Problem]:
    """Return every problem of one or more files, or of a data frame: errors first by file, then
    warnings on the good rows.

    A table of calendar years is compared with thresholds only where the list year is said.
    """
    from udsat.analysis import data_warnings

    law = loader.choose(criteria, criteria_dir)
    connection = embedded.connect()
    published = lists.with_history((), law, [os.fspath(path) for path in names])
    calendar = Calendar(law, published.refused())
    found = check_files(
        _tables(data, how or Reading(), connection), connection, calendar, how, published.names
    )
    problems = [
        *found.problems,
        *(unknown_municipalities(found.checked, published.names) if found.checked else ()),
    ]
    if found.checked is None:
        return problems
    checked = found.checked
    refused = misplaced(
        checked.table, (version for date in checked.table.dates if (version := law.on(date)))
    )
    if refused or not warnings:
        return problems + refused
    problems += checked.warnings
    verdicts = None
    if checked.table.key == "list_date" or list_year is not None:
        reference_table = figures.references([os.fspath(path) for path in references], law)
        verdicts = judge(
            checked.table,
            law,
            reference_table,
            published,
            Options("computed", list_year),
            connection,
        )
    return problems + data_warnings.doubts(checked, verdicts)


def _tables(
    data: Any, how: Reading, connection: duckdb.DuckDBPyConnection
) -> list[Callable[[], read.RawTable]]:
    """Return, for each file or data frame, what reads it."""
    if not _are_paths(data):
        return [partial(read.frame, data, connection)]
    return [
        partial(read.read, path, how, connection)
        for path in paths.expanded([os.fspath(path) for path in data])
    ]


def _are_paths(data: Any) -> bool:
    return isinstance(data, (list, tuple)) and all(
        isinstance(item, (str, os.PathLike)) for item in data
    )


def score(
    table: Any,
    *,
    criteria: str | None = None,
    criteria_dir: str | None = None,
    references: str | os.PathLike[str] | None = None,
    history: str | os.PathLike[str] | None = None,
    names: str | os.PathLike[str] | None = None,
    basis: Literal["published", "computed"] = "published",
    list_year: int | None = None,
    rounded: bool = False,
    assume_min_residents: bool = False,
    detail: Detail = "areas",
) -> Any:
    """Return the verdicts on a table of areas, as a frame of the same kind.

    A Spark frame or a PostgreSQL table of Ibis is checked and scored where it is, and comes back
    unrun: rows stay there.

    Args:
        table: a pandas, polars or Spark data frame, an Arrow table or an Ibis table of PostgreSQL,
            one row per area and list, or per area and calendar year; columns are named as in a
            file.
        criteria: a version (`"2018"`) or a criteria file for all rows, instead of the law of each
            row's date.
        criteria_dir: a folder with criteria files of your own, which `criteria` may name.
        references: a file with national shares, regional incomes or limits.
        history: a file with earlier lists.
        names: a file that says what else areas are called.
        basis: whether earlier years come from published lists where known, or from the table's rows
            alone.
        list_year: the list to form from calendar years.
        rounded: treat printed values as every value that rounds to them.
        assume_min_residents: take missing residents as enough, with a mark.
        detail: one row per area (`"areas"`) or one per area and criterion (`"criteria"`).

    Raises:
        TableError: where the table has no usable columns.
        InvalidTable: where cells or rows are wrong; `problems` lists all of them.
        UsageError: where the arguments do not fit the table.

    >>> import pandas as pd
    >>> areas = pd.DataFrame({"area": ["Ringparken"], "municipality": ["Slagelse"], "list_year": [2019],
    ...     "residents": [2008], "outside_labour_market_pct": [41.2], "convicted_pct": [2.07],
    ...     "basic_education_pct": [70.2], "income_ratio_pct": [57.7], "non_western_pct": [57.0]})
    >>> score(areas)[["met_count", "category", "years_in_row"]].to_dict("records")
    [{'met_count': 3, 'category': 'haard_ghetto', 'years_in_row': 6}]
    """  # noqa: E501
    options: dict[str, Any] = {
        "criteria": criteria,
        "criteria_dir": criteria_dir,
        "references": () if references is None else (references,),
        "history": () if history is None else (history,),
        "names": () if names is None else (names,),
        "basis": basis,
        "list_year": list_year,
        "rounded": rounded,
        "assume_min_residents": assume_min_residents,
    }
    from udsat.engine import remote

    if place := remote.of(table):
        from udsat import engines as elsewhere

        return elsewhere.evaluate(place, **options).frame(detail)
    scored = evaluate(table, **options)
    relation = scored.relation(detail)
    kind = type(table).__module__.partition(".")[0]
    if kind == "pandas":
        return _pandas(relation, table, keep_index=detail == "areas" and list_year is None)
    if kind == "polars":
        return relation.pl()
    if kind == "pyarrow":
        return relation.to_arrow_table()
    raise UsageError(
        Problem(
            "UD515",
            Text("a table cannot be a {name}", name=type(table).__name__),
            Text("give a pandas, polars, Spark or Arrow table, or an Ibis table of PostgreSQL"),
        )
    )


def _pandas(relation: duckdb.DuckDBPyRelation, table: Any, keep_index: bool) -> Any:
    """Return a pandas frame: whole numbers with gaps stay whole, and rows keep their labels."""
    import pandas as pd

    frame = relation.df()
    whole = [
        name
        for name, kind in zip(relation.columns, relation.types, strict=True)
        if str(kind) in {"INTEGER", "BIGINT"}
    ]
    frame[whole] = frame[whole].astype("Int64")
    if keep_index:
        frame.index = table.index
    return frame.astype(
        {
            name: pd.StringDtype(na_value=float("nan"))
            for name in frame.columns
            if frame[name].dtype == object
        }
    )


def explain(
    data: Any,
    area: str,
    *,
    municipality: str | None = None,
    list: str | None = None,
    include_origin: bool = False,
    ways_off: bool = False,
    ways_on: bool = False,
    **options: Any,
) -> Explanation:
    """Return why one area has its verdict, with how far each criterion is from its line.

    Args:
        data: files or a data frame, as `evaluate` takes them.
        area: the name as people type it.
        municipality: where areas share a name.
        list: a year or date; the latest list of the area by default.
        include_origin: whether distances and ways of the criterion on origin are given too.
        ways_off: whether to find the sets of criteria that would take the area out of a category.
        ways_on: whether to find those that would bring it in.
        options: what `evaluate` takes.

    Raises:
        UsageError: where no area has the name, several have, or it is not on the list.

    Distances are exact: points are fractions, persons and kroner whole numbers.
    """
    from udsat.analysis.explain.explain import ExplainRequest

    return evaluate(data, **options).explain(
        ExplainRequest(area, municipality, list, include_origin, ways_off, ways_on)
    )


def watch(
    data: Any,
    within: str = "1",
    *,
    list: str | None = None,
    include_origin: bool = False,
    **options: Any,
) -> Watched:
    """Return the areas near a line, one criterion short of a category or one list short of a
    streak, sorted by nearness.

    Args:
        data: files or a data frame, as `evaluate` takes them.
        within: how near a line is near: `"1.5"` in points, or `"15 persons"`.
        list: a year or date; the latest list of the table by default.
        include_origin: whether the criterion on origin is looked at too.
        options: what `evaluate` takes.

    Raises:
        UsageError: where the table has no such list, or the distance cannot be read.
    """
    from udsat.analysis.watch import Nearness

    near = Nearness.of(within)
    return evaluate(data, **options).watch(near, list, include_origin)
