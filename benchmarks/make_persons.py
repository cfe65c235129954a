"""Make synthetic persons for the benchmarks of `udsat aggregate`: one row for each person and year,
a file for each year.

    python benchmarks/make_persons.py -o persons                                   60,000 persons in
    2 years python benchmarks/make_persons.py -o persons --persons 6000000 --years 16      96
    million rows, about 600 MB

Nobody in the files exists. Persons are numbered, live in one municipality and region, and one in
five in one of 2,000 housing areas; ages, convictions, educations, incomes and origins are drawn at
random, worse in the areas than elsewhere. A file is sorted by person, as extracts of a register are
(`--shuffled` mixes the rows). The same seed gives the same files, and a small table is the
beginning of no other: numbers are drawn for each year and block of persons.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

SEED = 20251201
BLOCK = 262_144  # persons per block, and rows per row group
FIRST_YEAR = 2010
AREAS, MUNICIPALITIES, REGIONS = 2_000, 98, 5
IN_AN_AREA = 0.2
LEVELS = np.array(["10", "20", "35", "40", "50", "60", "70", "80", "90"], dtype=object)
ORIGINS = np.array(["dansk", "vestlig", "ikke-vestlig"], dtype=object)
WEIGHTS = np.array([0.28, 0.1, 0.3, 0.06, 0.12, 0.03, 0.07, 0.01, 0.03])


def main() -> None:
    """Write the files asked for."""
    options = _arguments()
    options.output.mkdir(parents=True, exist_ok=True)
    for year in range(FIRST_YEAR, FIRST_YEAR + options.years):
        write(
            options.output / f"persons_{year}.parquet",
            year,
            options.persons,
            shuffled=options.shuffled,
        )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Make synthetic persons, one Parquet file for each year."
    )
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="DIR")
    parser.add_argument(
        "--persons", type=int, default=60_000, help="persons in each year (default 60,000)"
    )
    parser.add_argument(
        "--years", type=int, default=2, help=f"years from {FIRST_YEAR} on (default 2)"
    )
    parser.add_argument(
        "--shuffled",
        action="store_true",
        help="mix the rows of each block, so that persons are in no order",
    )
    return parser.parse_args()


def write(path: Path, year: int, persons: int, *, shuffled: bool = False) -> None:
    """Write the persons of one year; the file takes its name only when it is whole."""
    part = path.with_name(path.name + ".part")
    blocks = tables(year, persons, shuffled=shuffled)
    first = next(blocks)
    with pq.ParquetWriter(part, first.schema, compression="zstd") as writer:
        writer.write_table(first)
        for table in blocks:
            writer.write_table(table)
    part.replace(path)


def tables(year: int, persons: int, *, shuffled: bool = False) -> Iterator[pa.Table]:
    """Yield the persons of a year in blocks."""
    for number, start in enumerate(range(0, persons, BLOCK)):
        yield _block(year, number, start, min(BLOCK, persons - start), shuffled=shuffled)


def _block(year: int, number: int, start: int, count: int, *, shuffled: bool) -> pa.Table:
    home = np.random.default_rng(
        [SEED, number]
    )  # where a person lives does not change from year to year
    random = np.random.default_rng([SEED, number, year])
    area = home.integers(0, AREAS, count)
    poor = home.random(count) < IN_AN_AREA
    town = np.where(poor, area % MUNICIPALITIES, home.integers(0, MUNICIPALITIES, count))
    names = np.char.add("O", np.char.zfill((np.arange(AREAS) + 1).astype(str), 5)).astype(object)[
        area
    ]
    names[~poor] = None
    age = np.clip(random.normal(40, 23, count), 0, 104).astype(np.int16)
    adult = age >= 18
    outside = np.where(
        random.random(count) < np.where(poor, 0.5, 0.2), random.integers(0, 101, count) / 100, 0.0
    )
    columns = {
        "PNR": (
            np.char.zfill((np.arange(start, start + count) * 7 + 10**11).astype(str), 12).astype(
                object
            )
        ),
        "AAR": np.full(count, year, dtype=np.int16),
        "OMRAADE": names,
        "KOM": (town + 101).astype(np.int16),
        "REG": (town % REGIONS + 81).astype(np.int16),
        "ALDER": age,
        "OPRINDELSE": ORIGINS[
            np.where(
                poor & (random.random(count) < 0.5), 2, random.choice(3, count, p=[0.75, 0.1, 0.15])
            )
        ],
        "UDENFOR": np.where(adult, outside, 0.0),
        "DOEMT": (adult & (random.random(count) < np.where(poor, 0.025, 0.008))).astype(np.int8),
        "UDDANNELSE": LEVELS[random.choice(len(LEVELS), count, p=WEIGHTS)],
        "UDD_GODKENDT": (random.random(count) < np.where(poor, 0.6, 0.95)).astype(np.int8),
        "BRUTTOINDKOMST": (
            np.where(age >= 15, random.gamma(4, np.where(poor, 45_000, 90_000)), 0).astype(np.int32)
        ),
        "UDD_SOEGENDE": ((age < 30) & (random.random(count) < 0.4)).astype(np.int8),
    }
    order = random.permutation(count) if shuffled else slice(None)
    return pa.table({name: pa.array(cells[order]) for name, cells in columns.items()})


if __name__ == "__main__":
    main()
