"""The hand-written peer for validation: a polars mask over a Danish CSV, and pydantic on the
suspect rows alone.

What a good analyst would write for this one table: every column as text, patterns and ranges as one
mask, the rows that it catches through a pydantic model, one line per problem. Keys that repeat are
looked for with a group by.
"""

import argparse
import datetime as dt
import sys
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import polars as pl
from polars import col
from pydantic import BaseModel, BeforeValidator, Field, ValidationError

SHARES = ["outside_labour_market_pct", "convicted_pct", "basic_education_pct", "non_western_pct"]
RATIO = "income_ratio_pct"
NUMBER = r"^\d{1,9}(,\d{1,9})?$"
EARLY = [
    dt.date(2010, 10, 26),
    *(dt.date(year, 10, 1) for year in (2011, 2012, 2013)),
    dt.date(2014, 2, 1),
]
DATES = [str(day) for day in [*EARLY, *(dt.date(year, 12, 1) for year in range(2014, 2031))]]


def _number(text: object) -> object:
    try:
        return None if text in (None, "") else Decimal(str(text).replace(",", "."))
    except InvalidOperation:
        raise ValueError("is no number") from None


def _listed(text: str | None) -> str:
    if text not in DATES:
        raise ValueError("is no date of a list")
    return str(text)


Share = Annotated[Annotated[Decimal, Field(ge=0, le=100)] | None, BeforeValidator(_number)]


class Row(BaseModel):
    """One row of the table."""

    area: Annotated[str, Field(min_length=1)]
    municipality: str | None
    list_date: Annotated[str, BeforeValidator(_listed)]
    residents: Annotated[int, Field(ge=0, le=20_000_000)] | None
    outside_labour_market_pct: Share
    convicted_pct: Share
    basic_education_pct: Share
    income_ratio_pct: Annotated[
        Annotated[Decimal, Field(ge=0, le=1000)] | None, BeforeValidator(_number)
    ]
    non_western_pct: Share


def main() -> int:
    """List the problems of the table that the command line names."""
    parser = argparse.ArgumentParser(description="Validate a Danish CSV of area rows.")
    parser.add_argument("table", type=Path)
    options = parser.parse_args()
    names = options.table.open(encoding="utf-8").readline().strip().split(";")
    table = pl.scan_csv(
        options.table,
        separator=";",
        infer_schema=False,
        truncate_ragged_lines=True,
        quote_char=None,
    ).with_row_index("line", 2)
    suspects = table.filter(mask()).collect(engine="streaming")
    count = 0
    for row in suspects.iter_rows(named=True):
        count += problems(row, options.table)
    good = (
        table.filter(~mask())
        .group_by("area", "municipality", "list_date")
        .len()
        .filter(col("len") > 1)
    )
    repeated = good.select(pl.len()).collect(engine="streaming").item()
    sys.stdout.write(f"{count} errors, {repeated} repeated keys, {len(names)} columns\n")
    return 1 if count or repeated else 0


def mask() -> pl.Expr:
    """Return where a row may be wrong: a cell that is no number or out of range, an unknown date, a
    missing last cell.
    """
    suspect = col("area").is_null() | ~col("list_date").is_in(DATES).fill_null(value=False)
    suspect |= col("residents").is_not_null() & ~col("residents").str.contains(r"^\d{1,8}$")
    for name, highest in [*((share, 100) for share in SHARES), (RATIO, 1000)]:
        value = col(name).str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
        suspect |= col(name).is_not_null() & (
            ~col(name).str.contains(NUMBER) | ~value.is_between(0, highest).fill_null(value=False)
        )
    # A row cut short has no last cell; so has one whose last cell is empty, and both go to the
    # model.
    return suspect | col("non_western_pct").is_null()


def problems(row: dict[str, str | int | None], file: Path) -> int:
    """Print what the model says of a row; return how many problems it has."""
    line = row.pop("line")
    try:
        Row.model_validate(row)
    except ValidationError as error:
        found = error.errors()
    else:
        found = []
    for one in found:
        sys.stdout.write(f"{file}:{line}: {one['loc'][0]}: {one['input']!r} {one['msg']}\n")
    return len(found)


if __name__ == "__main__":
    sys.exit(main())
