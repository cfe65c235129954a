"""The hand-written peer of `udsat aggregate`: polars, streaming, one pass over the persons.

What a good analyst would write once and tune, for the columns and codes of make_persons.py alone.
Exact: parts of a year are summed as whole hundredths. It trusts its input: no code is looked up,
and nobody is looked for twice (`--checked` does that). The populations of the law stand in the
code, which is what `udsat` spares its users.
"""

import argparse
from pathlib import Path

import polars as pl
from polars import col

KEYS = ["OMRAADE", "KOM", "REG", "AAR"]
MEANS = ["gross_income_sum", "gross_income_base"]


def main() -> None:
    """Count the persons of a folder."""
    parser = argparse.ArgumentParser(description="Count persons per area and year.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument(
        "--checked", action="store_true", help="also look for persons counted twice in a year"
    )
    parser.add_argument("--compression", default="zstd")
    options = parser.parse_args()
    persons = pl.scan_parquet(options.folder / "*.parquet")
    if options.checked:
        twice = (
            persons.select("AAR", "PNR")
            .group_by("AAR", "PNR")
            .len()
            .filter(col("len") > 1)
            .head(1)
            .collect(engine="streaming")
        )
        if twice.height:
            raise SystemExit("a person is counted twice")
    counts(persons).write_parquet(options.output, compression=options.compression)


def counts(persons: pl.LazyFrame) -> pl.DataFrame:
    """Return the counts of each area and year, in order."""
    adult, working = col("ALDER") >= 18, col("ALDER").is_between(18, 64)
    taught = col("ALDER").is_between(30, 59)
    earning = (
        col("ALDER").is_between(15, 64)
        & (col("UDD_SOEGENDE") == 0)
        & col("BRUTTOINDKOMST").is_not_null()
    )
    older = (col("UDDANNELSE") == "10") | (col("UDDANNELSE") == "90")
    newer = (col("UDDANNELSE") == "10") | ((col("UDDANNELSE") != "90") & (col("UDD_GODKENDT") == 0))
    basic = pl.when(col("AAR") < 2018).then(older).otherwise(newer)
    grouped = persons.group_by(KEYS).agg(
        residents=pl.len(),
        outside_labour_market=(col("UDENFOR") * 100).round(0).cast(pl.Int64).filter(working).sum()
        / 100,
        outside_labour_market_base=working.sum(),
        convicted=(adult & (col("DOEMT") == 1)).sum(),
        convicted_base=adult.sum(),
        basic_education=(taught & basic).sum(),
        basic_education_base=taught.sum(),
        gross_income_sum=col("BRUTTOINDKOMST").cast(pl.Int64).filter(earning).sum(),
        gross_income_base=earning.sum(),
        non_western=(col("OPRINDELSE") == "ikke-vestlig").sum(),
    )
    found = grouped.collect(engine="streaming")
    mean = (col("gross_income_sum") / col("gross_income_base")).alias("gross_income")
    rows = (
        found.filter(col("OMRAADE").is_not_null())
        .with_columns(mean, non_western_base=col("residents"))
        .drop(MEANS)
    )
    return rows.rename(
        {"OMRAADE": "area", "KOM": "municipality", "REG": "region", "AAR": "year"}
    ).sort("area", "municipality", "year")


if __name__ == "__main__":
    main()
