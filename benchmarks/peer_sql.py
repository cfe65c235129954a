"""The hand-written SQL for large tables, on DuckDB or on Spark: what `udsat` is spared by forming
its expressions.

One SELECT per step, as an analyst would write it for this law and these tables alone: shares as
whole tenths and hundredths, so that every comparison is exact, and windows over each area for the
years in a row. On DuckDB the result is written by pyarrow in the order of the rows; on Spark
nothing is written, and both forms run in one session.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from peer_large import (
    CATEGORIES,
    DECIMALS,
    FIRST_DECEMBER,
    HIGHEST,
    MARKS,
    MEMBERSHIPS,
    OUTCOMES,
    RESIDENTS,
    RESIDENTS_MARK,
    STREAK,
    VERSIONS,
    Limits,
    RefusedError,
    is_list,
    read_limits,
    years_behind,
)

WORDS = {
    kind: tuple(words.categories)
    for kind, words in {
        "outcome": OUTCOMES,
        "membership": MEMBERSHIPS,
        "version": VERSIONS,
        "category": CATEGORIES,
    }.items()
}
#: Criterion, its measure, the first year of the versions that have it, its line and how the value
#: must lie to it.
CRITERIA = [
    ("labour_market", "outside_labour_market_pct", 0, "400", ">"),
    ("crime", "convicted_pct", 0, "crime_limit", ">="),
    ("education", "basic_education_pct", 2014, "education_limit", ">"),
    ("income", "income_ratio_pct", 2014, "550", "<"),
    ("origin", "non_western_pct", 0, "500", ">"),
    ("prevention_labour_market", "outside_labour_market_pct", 2021, "300", ">"),
    ("prevention_crime", "convicted_pct", 2021, "prevention_crime_limit", ">="),
    ("prevention_education", "basic_education_pct", 2021, "600", ">"),
    ("prevention_income", "income_ratio_pct", 2021, "650", "<"),
    ("prevention_origin", "non_western_pct", 2021, "300", ">"),
]
CORE = ("labour_market", "crime", "education", "income")


def main() -> int:
    """Score the table that the command line names."""
    parser = argparse.ArgumentParser(description="Score a Parquet table with hand-written SQL.")
    parser.add_argument("table", type=Path)
    parser.add_argument(
        "--references", type=Path, required=True, help="limits of the crime criteria, CSV"
    )
    parser.add_argument("-o", "--output", type=Path, help="a Parquet file (DuckDB)")
    parser.add_argument(
        "--spark",
        type=int,
        metavar="ROUNDS",
        help="run udsat's form and this one in turn on Spark, and print medians",
    )
    parser.add_argument(
        "--sorted", action="store_true", help="the rows are sorted by area and list date (DuckDB)"
    )
    parser.add_argument("--compression", default="zstd")
    options = parser.parse_args()
    if not (options.spark or options.output):
        parser.error("say where to write (-o), or --spark")
    try:
        if options.spark:
            on_spark(options.table, options.references, options.spark)
        else:
            limits = read_limits(options.references)
            on_duckdb(
                options.table, limits, options.output, options.compression, in_order=options.sorted
            )
    except RefusedError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def on_duckdb(
    path: Path, limits: dict[str, Limits], output: Path, compression: str, *, in_order: bool
) -> None:
    """Check and score a table with DuckDB, and write the verdicts; of a table in order this is
    believed, not checked.
    """
    import duckdb
    from pyarrow.parquet import ParquetWriter

    connection = duckdb.connect(config={"temp_directory": str(output.parent)})
    connection.execute(
        f"CREATE VIEW areas AS SELECT *, file_row_number AS row_number FROM read_parquet('{path}')"
    )
    years = check(lambda query: connection.execute(query).fetchall())
    query = (
        "SELECT * EXCLUDE (row_number) FROM"
        f" ({scored(limits, years, enums=True, in_order=in_order)})"
    )
    query += "" if in_order else " ORDER BY row_number"
    reader = connection.sql(query).to_arrow_reader(122_880)
    with ParquetWriter(
        output, reader.schema, compression=compression, store_schema=False, write_statistics=False
    ) as file:
        for batch in reader:
            file.write_batch(batch)


def on_spark(path: Path, references: Path, rounds: int) -> None:
    """Print how long both forms take on Spark, checks included: the rows are made and
    thrown away.
    """
    from pyspark.sql import SparkSession

    import udsat

    builder = SparkSession.builder.master("local[2]").appName("udsat-benchmark")
    settings = {
        "ui.enabled": "false",
        "ui.showConsoleProgress": "false",
        "sql.shuffle.partitions": "8",
        "driver.memory": "6g",
    }
    for key, value in settings.items():
        builder = builder.config(f"spark.{key}", value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    frame = session.read.parquet(str(path))
    frame.withColumn("row_number", frame["residents"]).createOrReplaceTempView("areas")
    limits = read_limits(references)

    def by_hand() -> Any:
        years = check(lambda query: [tuple(row) for row in session.sql(query).collect()])
        return session.sql(scored(limits, years, enums=False)).drop("row_number")

    def by_udsat() -> Any:
        return udsat.score(frame, references=references, basis="computed")

    forms: dict[str, Callable[[], Any]] = {"udsat": by_udsat, "hand-written SQL": by_hand}
    wall: dict[str, list[tuple[float, float]]] = {name: [] for name in forms}
    for number in range(rounds + 1):
        for name, form in forms.items():
            start = time.perf_counter()
            verdicts = form()
            formed = time.perf_counter()
            verdicts.write.format("noop").mode("overwrite").save()
            if number:
                wall[name].append((formed - start, time.perf_counter() - formed))
    sys.stdout.write("| form | checks s | scoring s |\n| --- | ---: | ---: |\n")
    for name, runs in wall.items():
        checks, scoring = (statistics.median(part) for part in zip(*runs, strict=True))
        sys.stdout.write(f"| {name} | {checks:.2f} | {scoring:.2f} |\n")
    session.stop()


def check(run: Callable[[str], list[tuple[Any, ...]]]) -> list[int]:
    """Refuse a table with values out of range, unknown dates, or keys that are
    missing or repeat.
    """
    asks = {
        f"rows without {key}": f"{key} IS NULL" for key in ("area", "municipality", "list_date")
    }
    asks["numbers of residents below 0"] = "residents < 0"
    for measure, decimals in DECIMALS.items():
        highest = HIGHEST.get(measure, 100)
        asks[f"values of {measure} not between 0 and {highest}"] = (
            f"NOT {measure} BETWEEN 0 AND {highest}"
        )
        asks[f"values of {measure} with more than {decimals} decimals"] = (
            f"{measure} <> round({measure}, {decimals})"
        )
    (found,) = run(
        "SELECT"
        f" {', '.join(f'count(CASE WHEN {condition} THEN 1 END)' for condition in asks.values())}"
        " FROM areas"
    )
    wrong = [f"{count} {problem}" for problem, count in zip(asks, found, strict=True) if count]
    dates = [day for (day,) in run("SELECT DISTINCT list_date FROM areas ORDER BY 1")]
    wrong += [f"no list of {day}" for day in dates if not is_list(day)]
    repeated = (
        "SELECT 1 FROM areas GROUP BY area, municipality HAVING count(*) > count(DISTINCT"
        " list_date) LIMIT 1"
    )
    wrong += ["rows with repeated keys"] * bool(run(repeated))
    if wrong:
        raise RefusedError("; ".join(wrong))
    return sorted({day.year for day in dates})


def scored(
    limits: dict[str, Limits], years: list[int], *, enums: bool, in_order: bool = False
) -> str:
    """Return the query: each step adds columns to those of the step before."""
    measured = ", ".join(
        f"CAST(round({measure} * {10**places}) AS INT) AS {measure}_whole"
        for measure, places in DECIMALS.items()
    )
    steps = {
        "whole": (
            f"*, {measured}, year(list_date) AS y, month(list_date) = 12 AS december FROM areas"
        ),
        "limited": (
            f"*, CASE WHEN y < 2018 THEN 270 ELSE {by_year(limits['crime'])} END AS crime_limit, "
            f"{by_year(limits['prevention_crime'])} AS prevention_crime_limit, "
            "CASE WHEN y < 2018 THEN 500 ELSE 600 END AS education_limit FROM whole"
        ),
        "judged": (
            f"*, {', '.join(f'{met(name, measure, *line)} AS {name}_met' for name, measure, _, *line in CRITERIA)}"  # noqa: E501
            " FROM limited"
        ),
        "counted": f"*, {', '.join(counts())} FROM judged",
        "listed": f"*, {', '.join(lists())} FROM counted",
        "gated": (
            "*, core_certain AND (y < 2018 OR coalesce(origin_met, false)) AS ghetto_certain,"
            " core_possible AND (y < 2018 OR coalesce(origin_met, true)) AS ghetto_possible FROM"
            " listed"
        ),
        **(years_sorted() if in_order else years_partitioned()),
        "ranked": f"*, {', '.join(ranks())} FROM counted_years",
    }
    chain = ", ".join(f"{name} AS (SELECT {step})" for name, step in steps.items())
    return f"WITH {chain} SELECT {', '.join(output(years, limits, enums))} FROM ranked"


def years_partitioned() -> dict[str, str]:
    """Return the steps to the years in a row for rows in any order: windows over each area."""
    window = "PARTITION BY area, municipality ORDER BY list_date"
    gap = "NOT coalesce(lag(y) OVER w = y - 1 AND lag(december) OVER w, false)"
    return {
        "broken": (
            f"*, CASE WHEN NOT ghetto_certain THEN y WHEN {gap} THEN y - 1 END AS break, CASE WHEN"
            " december AND NOT ghetto_possible THEN y WHEN lag(y) OVER w IS NULL THEN"
            f" {FIRST_DECEMBER - 1} END AS break_possible FROM gated WINDOW w AS ({window})"
        ),
        "counted_years": (
            "*, CASE WHEN december THEN y - max(break) OVER w END AS years_in_row, CASE WHEN"
            " december THEN y - max(break_possible) OVER w END AS years_in_row_possible FROM"
            f" broken WINDOW w AS ({window} ROWS UNBOUNDED PRECEDING)"
        ),
    }


def years_sorted() -> dict[str, str]:
    """Return the steps to the years in a row for sorted rows, which DuckDB takes one after the
    other: the row above tells.
    """
    running = "OVER (ROWS UNBOUNDED PRECEDING)"
    gap = "NOT (same_area AND y_above = y - 1 AND december_above)"
    return {
        "above": (
            "*, coalesce(lag(area) OVER () = area AND lag(municipality) OVER () = municipality,"
            " false) AS same_area, lag(y) OVER () AS y_above, lag(december) OVER () AS"
            " december_above FROM gated"
        ),
        "broken": (
            f"*, sum(CASE WHEN same_area THEN 0 ELSE 10000 END) {running} AS area_number, CASE WHEN"
            f" NOT ghetto_certain THEN y WHEN {gap} THEN y - 1 END AS break, CASE WHEN december AND"
            f" NOT ghetto_possible THEN y WHEN NOT same_area THEN {FIRST_DECEMBER - 1} END AS"
            " break_possible FROM above"
        ),
        "counted_years": (
            f"*, CASE WHEN december THEN y - CAST(max(area_number + break) {running} - area_number"
            " AS INT) END AS years_in_row, CASE WHEN december THEN y - CAST(max(area_number +"
            f" break_possible) {running} - area_number AS INT) END AS years_in_row_possible FROM"
            " broken"
        ),
    }


def by_year(limits: Limits) -> str:
    """Return the limit of the row's list year, missing where there is none."""
    return f"CASE y {' '.join(f'WHEN {year} THEN {limit}' for year, limit in limits.items())} END"


def met(name: str, measure: str, line: str, comparator: str) -> str:
    """Return whether a criterion is met, by the whole numbers of its measure; before 2018 crime had
    to exceed its limit.
    """
    value = f"{measure}_whole"
    if name == "crime":
        return f"CASE WHEN y < 2018 THEN {value} > {line} ELSE {value} >= {line} END"
    return f"{value} {comparator} {line}"


def counts() -> list[str]:
    """Return the counts of criteria that are met and that may be."""

    def total(names: tuple[str, ...], condition: str) -> str:
        return " + ".join(f"CASE WHEN {name}_met{condition} THEN 1 ELSE 0 END" for name in names)

    def core(condition: str) -> str:
        later = f"CASE WHEN y >= 2014 THEN {total(('education', 'income'), condition)} ELSE 0 END"
        return (
            f"{total(('labour_market', 'crime'), condition)} + {later} + CASE WHEN y < 2018 THEN"
            f" {total(('origin',), condition)} ELSE 0 END"
        )

    prevention = tuple(f"prevention_{name}" for name in CORE)
    return [
        f"{core('')} AS met_count",
        f"{core(' IS NULL')} AS unknown_count",
        f"{total(prevention, '')} AS prevention_met",
        f"{total(prevention, ' IS NULL')} AS prevention_unknown",
        "CASE WHEN y BETWEEN 2014 AND 2017 THEN 3 ELSE 2 END AS needed",
        f"coalesce(residents >= {RESIDENTS}, false) AS enough_certain",
        f"coalesce(residents >= {RESIDENTS}, true) AS enough_possible",
    ]


def lists() -> list[str]:
    """Return the categories that need no years in a row, certain and possible."""
    return [
        "met_count >= needed AND enough_certain AS core_certain",
        "met_count + unknown_count >= needed AND enough_possible AS core_possible",
        (
            "y >= 2021 AND prevention_met >= 2 AND coalesce(prevention_origin_met, false) AND"
            " enough_certain AS prevention_certain"
        ),
        (
            "y >= 2021 AND prevention_met + prevention_unknown >= 2 AND"
            " coalesce(prevention_origin_met, true) AND enough_possible AS prevention_possible"
        ),
    ]


def ranks() -> list[str]:
    """Return the place of the innermost category among the words, certain and possible, and who is
    long enough on the list.
    """
    found = []
    for kind, years in (("certain", "years_in_row"), ("possible", "years_in_row_possible")):
        ghetto, streak = f"ghetto_{kind}", f"coalesce({years} >= {STREAK}, false)"
        later = (
            f"CASE WHEN {ghetto} THEN CASE WHEN {streak} THEN 1 ELSE 0 END + CASE WHEN y >= 2021"
            " THEN 3 ELSE 1 END ELSE 0 END"
        )
        found.append(f"y >= 2018 AND {streak} AS streak_{kind}")
        found.append(
            f"CASE WHEN y < 2018 THEN CASE WHEN {ghetto} THEN 3 ELSE 0 END WHEN core_{kind} THEN 2"
            f" + {later} WHEN prevention_{kind} THEN 1 ELSE 0 END AS rank_{kind}"
        )
    return found


def output(years: list[int], limits: dict[str, Limits], enums: bool) -> list[str]:
    """Return the columns of the result."""

    def word(kind: str, conditions: list[tuple[str, str]], other: str) -> str:
        def literal(text: str) -> str:
            listed = ", ".join(f"'{one}'" for one in WORDS[kind])
            return f"CAST('{text}' AS ENUM({listed}))" if enums else f"'{text}'"

        cases = " ".join(f"WHEN {condition} THEN {literal(text)}" for condition, text in conditions)
        return f"CASE {cases}{f' ELSE {literal(other)}' if other else ''} END"

    def membership(name: str, where: str) -> str:
        yes_or_unknown = [
            (f"({where}) AND {name}_certain", "yes"),
            (f"({where}) AND {name}_possible", "unknown"),
        ]
        return word("membership", [*yes_or_unknown, (where, "no")], "")

    columns = ["row_number", "area", "municipality", "list_date"]
    versions = [("y < 2014", "2010"), ("y < 2018", "2014"), ("y < 2021", "2018")]
    columns += [f"{word('version', versions, '2021')} AS criteria_version", "residents"]
    for name, measure, since, line, _ in CRITERIA:
        outcome = word("outcome", [(f"y >= {since} AND {name}_met IS NULL", "unknown"), (f"y >= {since} AND {name}_met", "met"),  # noqa: E501
                                   (f"y >= {since}", "not_met")], "")  # fmt: skip
        steps = f"{10 ** DECIMALS[measure]}e0"
        columns.append(f"{outcome} AS {name}")
        for part, value in (
            ("value", measure),
            ("limit", f"{line} / {steps}"),
            ("margin", f"({measure}_whole - {line}) / {steps}"),
        ):
            columns.append(
                f"{f'CASE WHEN y >= {since} THEN {value} END' if since else value} AS {name}_{part}"
            )
    columns += [
        "met_count",
        "unknown_count",
        "CASE WHEN y >= 2021 THEN prevention_met END AS prevention_met_count",
    ]
    columns += [
        f"{membership('prevention', 'y >= 2021')} AS forebyggelse",
        f"{membership('core', 'y >= 2018')} AS udsat",
        f"{membership('ghetto', 'y >= 2021')} AS parallelsamfund",
        f"{membership('streak', 'y >= 2021')} AS omdannelse",
        f"{membership('ghetto', 'y < 2021')} AS ghetto",
        f"{membership('streak', 'y BETWEEN 2018 AND 2020')} AS haard_ghetto",
    ]
    names = WORDS["category"]
    certain = [
        ("rank_certain = 0 AND rank_possible > 0", "unknown"),
        *((f"rank_certain = {n}", name) for n, name in enumerate(names[1:-1], 1)),
    ]
    possible = [(f"rank_possible = {n}", name) for n, name in enumerate(names[1:-1], 1)]
    columns += [
        f"{word('category', certain, 'none')} AS category",
        f"{word('category', possible, 'none')} AS category_possible",
    ]
    return [
        *columns,
        "years_in_row",
        "years_in_row_possible",
        f"nullif({notes(years, limits)}, '') AS notes",
    ]


def notes(years: list[int], limits: dict[str, Limits]) -> str:
    """Return one text per row: its marks and reasons, with ` | ` between them."""
    parts = []
    for measure, texts in MARKS.items():
        cases = " ".join(
            f"WHEN y >= {first} THEN '{text}'"
            for first, text in sorted(texts.items(), reverse=True)
        )
        parts.append(f"CASE WHEN {measure} IS NOT NULL THEN CASE {cases} END END")
    for name, measure, since, line, _ in CRITERIA:
        there = f"{measure} IS NOT NULL AND y >= {since}"
        if name in limits:
            parts.append(
                f"CASE WHEN {there} AND {line} IS NULL THEN '{name}: unknown, no limit is known for"
                " this list' END"
            )
        parts.append(
            f"CASE WHEN {there} AND {measure}_whole = {line} THEN '{name}: the value equals its"
            " line to the printed decimals' END"
        )
    parts.append("CASE WHEN residents IS NULL THEN 'residents: missing' END")
    parts.append(f"CASE WHEN y >= 2018 THEN '{RESIDENTS_MARK}' END")
    behind = " ".join(
        f"WHEN {year} THEN '{years_behind(year)}'" for year in years if year > FIRST_DECEMBER
    )
    parts.append(
        f"CASE WHEN years_in_row_possible >= 1 THEN CASE y {behind} END END" if behind else "NULL"
    )
    return f"concat_ws(' | ', {', '.join(parts)})"


if __name__ == "__main__":
    sys.exit(main())
