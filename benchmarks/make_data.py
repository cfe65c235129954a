"""Make the synthetic tables that the benchmarks score: one row per area and list, sorted by area
and date.

The values lie near the lines of the law, so that every verdict occurs, some of them exactly on a
line. The same seed gives the same table, and a short table is the beginning of a long one. Areas
are made in blocks, so that memory stays bounded whatever the number of rows.
"""

import argparse
import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow.parquet as pq

Floats = npt.NDArray[np.float64]

SEED = 20251201
#: Municipalities in which no listed area lies: there earlier lists say nothing of an area, whatever
#: it is called.
MUNICIPALITIES = (
    "Allerød", "Assens", "Ballerup", "Billund", "Bornholm", "Brønderslev", "Dragør", "Egedal",
    "Fanø", "Favrskov", "Faxe", "Frederikshavn", "Frederikssund", "Furesø", "Faaborg-Midtfyn",
    "Gentofte", "Gladsaxe", "Glostrup", "Gribskov", "Guldborgsund", "Haderslev", "Halsnæs",
    "Hedensted", "Herlev", "Herning", "Hillerød", "Hjørring", "Holstebro", "Hvidovre", "Hørsholm",
    "Ikast-Brande", "Jammerbugt", "Kalundborg", "Kerteminde", "Langeland", "Lejre", "Lemvig",
    "Lolland", "Læsø", "Mariagerfjord", "Middelfart", "Morsø", "Norddjurs", "Nordfyns", "Nyborg",
    "Næstved", "Odder", "Odsherred", "Rebild", "Ringkøbing-Skjern", "Ringsted", "Rudersdal",
    "Rødovre", "Samsø", "Skive", "Solrød", "Sorø", "Stevns", "Struer", "Syddjurs", "Thisted",
    "Tønder", "Tårnby", "Vallensbæk", "Varde", "Vejen", "Vesthimmerlands", "Vordingborg", "Ærø",
)  # fmt: skip
LIST_DATES = [
    date(2010, 10, 26),
    *(date(year, 10, 1) for year in range(2011, 2014)),
    *(date(year, 12, 1) for year in range(2014, 2026)),
]
ROWS = {"small": 1_000, "large": 10_000_000}
BLOCK = 16_384  # areas per block; with 16 lists 262,144 rows, which is also the row group of a Parquet file  # noqa: E501
MISSING = 0.02

# mean, spread over areas, spread over the years of an area, decimals, the lines that some values
# sit on
MEASURES: dict[str, tuple[float, float, float, int, list[float]]] = {
    "outside_labour_market_pct": (39.0, 6.5, 2.5, 1, [30.0, 40.0]),
    "convicted_pct": (1.9, 0.5, 0.25, 2, [1.32, 1.45, 1.98, 2.03, 2.17, 2.27, 2.7]),
    "basic_education_pct": (58.0, 6.0, 2.0, 1, [50.0, 60.0]),
    "income_ratio_pct": (57.0, -5.0, 2.5, 1, [55.0, 65.0]),
    "non_western_pct": (48.0, 14.0, 1.5, 1, [30.0, 50.0]),
}
ON_A_LINE = 0.03

# limits in percent of the crime criteria of § 61 a and § 61 b; made up where no printed figure is
# known
LIMITS = {
    2018: ("1.98", "1.32"),
    2019: ("2.03", "1.35"),
    2020: ("2.27", "1.51"),
    2021: ("2.35", "1.57"),
    2022: ("2.17", "1.45"),
    2023: ("2.10", "1.40"),
    2024: ("2.05", "1.37"),
    2025: ("1.99", "1.33"),
}
ROWS_LEFT_OUT = 0.05
LIMITS_LEFT_OUT = {(2023, "crime"), (2024, "crime"), (2024, "prevention_crime")}


def main() -> None:
    """Write the tables asked for."""
    options = _arguments()
    if options.references:
        write_references(options.references, awkward=options.awkward)
    if options.output:
        rows = options.rows or ROWS[options.kind]
        every = rows // options.damaged if options.damaged else 0
        write_table(
            options.output,
            rows,
            awkward=options.awkward,
            danish=options.danish or bool(every),
            every=every,
        )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Make synthetic tables for the benchmarks.")
    parser.add_argument(
        "--kind", choices=ROWS, default="small", help="1,000 or 10,000,000 rows unless --rows says"
    )
    parser.add_argument("--rows", type=int, help="number of rows")
    parser.add_argument("-o", "--output", type=Path, help="the area table, .csv or .parquet")
    parser.add_argument("--references", type=Path, help="the limits of the crime criteria, .csv")
    parser.add_argument(
        "--awkward",
        action="store_true",
        help=(
            "leave out 5 %% of the rows, 2 %% of the residents and three limits; to compare, not to"
            " time"
        ),
    )
    parser.add_argument(
        "--danish", action="store_true", help="CSV with semicolons and decimal commas"
    )
    parser.add_argument(
        "--damaged",
        type=int,
        default=0,
        metavar="N",
        help="damage about N rows of a Danish CSV, spread evenly",
    )
    options = parser.parse_args()
    if not options.output and not options.references:
        parser.error("give -o, --references or both")
    if options.output and options.output.suffix not in {".csv", ".parquet"}:
        parser.error(f"{options.output}: the ending must be .csv or .parquet")
    return options


def write_references(path: Path, *, awkward: bool = False) -> None:
    """Write the limits of 2018-2025 as a references file."""
    header = [
        "list_date",
        "measure",
        "scope",
        "region",
        "criterion",
        "value",
        "unit",
        "source",
        "status",
    ]
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream, lineterminator="\n")
        rows.writerow(header)
        for year, limits in LIMITS.items():
            for criterion, limit in zip(("crime", "prevention_crime"), limits, strict=True):
                if awkward and (year, criterion) in LIMITS_LEFT_OUT:
                    continue
                on = f"{year}-12-01"
                rows.writerow(
                    [
                        on,
                        "convicted",
                        "limit",
                        "",
                        criterion,
                        limit,
                        "percent",
                        "synthetic",
                        "stated",
                    ]
                )


def write_table(
    path: Path, rows: int, *, awkward: bool = False, danish: bool = False, every: int = 0
) -> None:
    """Write the area table block by block; it takes its name only when it is whole."""
    part = path.with_name(path.name + ".part")
    try:
        if path.suffix == ".csv":
            _write_csv(part, blocks(rows, awkward=awkward), danish=danish, every=every)
        else:
            _write_parquet(part, blocks(rows, awkward=awkward))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _write_csv(
    path: Path, tables: Iterator[pl.DataFrame], *, danish: bool = False, every: int = 0
) -> None:
    form = {"separator": ";", "decimal_comma": True} if danish else {}
    before = 0
    with path.open("wb") as stream:
        for number, table in enumerate(tables):
            text = table.write_csv(include_header=number == 0, **form)  # type: ignore[call-overload]
            stream.write(
                (_damaged(text, before, every, header=number == 0) if every else text).encode()
            )
            before += table.height


def _damaged(text: str, before: int, every: int, *, header: bool) -> str:
    """Damage one row of so many: a share out of range, text for a number, -999, a bad date, a cell
    too few.
    """
    lines = text.split("\n")
    first = -before % every + header
    for turn, place in enumerate(range(first, len(lines) - 1, every)):
        cells = lines[place].split(";")
        kind = (before // every + turn) % 5
        if kind == 4:
            cells.pop()
        else:
            column, value = [(4, "145"), (5, "mange"), (3, "-999"), (2, "2019-13-01")][kind]
            cells[column] = value
        lines[place] = ";".join(cells)
    return "\n".join(lines)


def _write_parquet(path: Path, tables: Iterator[pl.DataFrame]) -> None:
    first = next(tables).to_arrow()
    with pq.ParquetWriter(path, first.schema, compression="zstd") as writer:
        writer.write_table(first)
        for table in tables:
            writer.write_table(table.to_arrow())


def blocks(rows: int, *, awkward: bool = False) -> Iterator[pl.DataFrame]:
    """Yield the table in blocks of whole areas; the last area may be cut."""
    areas = -(-rows // len(LIST_DATES))
    width = max(6, len(str(areas)))
    for number, start in enumerate(range(0, areas, BLOCK)):
        table = _block(number, start, width).head(rows - start * len(LIST_DATES))
        yield _with_holes(table, number) if awkward else table


def _block(number: int, start: int, width: int) -> pl.DataFrame:
    """Return all lists of one block of areas; a whole block, so that rows do not bear on its
    numbers.
    """
    random = np.random.default_rng([SEED, number])
    lists = len(LIST_DATES)
    index = np.arange(start, start + BLOCK)
    names = pl.DataFrame({"index": index}).select(
        area="A" + (pl.col("index") + 1).cast(pl.String).str.zfill(width),
        municipality=pl.Series(MUNICIPALITIES).gather(index % len(MUNICIPALITIES)),
    )
    by_row = names[np.repeat(np.arange(BLOCK), lists)]
    hardship = random.standard_normal((BLOCK, 1))  # what the measures of an area have in common
    return by_row.with_columns(
        pl.Series("list_date", LIST_DATES * BLOCK, dtype=pl.Date),
        pl.Series("residents", _residents(random)),
        *(_measure(random, hardship, name) for name in MEASURES),
    )


def _residents(random: np.random.Generator) -> npt.NDArray[np.int64]:
    """Return residents around 1,600, drifting from list to list; one area in seven is
    below 1,000.
    """
    size = random.lognormal(7.38, 0.45, (BLOCK, 1))
    drift = random.normal(1, 0.02, (BLOCK, len(LIST_DATES)))
    residents = np.rint(size * drift).astype(np.int64)
    on_a_line = random.random(residents.shape) < ON_A_LINE / 3
    return np.where(on_a_line, random.integers(999, 1001, residents.shape), residents).ravel()


def _measure(random: np.random.Generator, hardship: Floats, name: str) -> pl.Series:
    mean, between, within, decimals, lines = MEASURES[name]
    shape = (BLOCK, len(LIST_DATES))
    area = mean + between * (0.7 * hardship + 0.7 * random.standard_normal((BLOCK, 1)))
    least = (
        0 if name == "convicted_pct" else 1
    )  # a share below one percent is odd for the others: udsat would ask about it
    values = np.clip(area + within * random.standard_normal(shape), least, 100)
    values = np.where(random.random(shape) < ON_A_LINE, random.choice(lines, shape), values)
    scale = 10**decimals
    column = pl.Series(name, np.rint(values * scale).ravel() / scale)
    return column.set(pl.Series(random.random(column.len()) < MISSING), None)


def _with_holes(table: pl.DataFrame, number: int) -> pl.DataFrame:
    random = np.random.default_rng([SEED, number, 1])
    unknown = pl.Series(random.random(table.height) < MISSING)
    kept = pl.Series(random.random(table.height) >= ROWS_LEFT_OUT)
    return table.with_columns(table["residents"].set(unknown, None)).filter(kept)


if __name__ == "__main__":
    main()
