"""The pydantic model of one row of the area table: the only declaration of what a cell may hold."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    create_model,
    model_validator,
)
from pydantic_core import PydanticCustomError

from udsat import ticks
from udsat.messages.text import Text, of_error
from udsat.tables.headings import COUNTS, INCOMES, PROXIES, RESIDENTS, SHARE_MEASURES, SHARES, UNITS
from udsat.tables.validate import cells
from udsat.tables.validate.cells import Number

#: More people than live in Denmark, and more kroner than a mean income can be: a slip, not a
#: figure.
MOST_PERSONS = 20_000_000
MOST_KRONER = 4_000_000
#: A remark on a proxy is a phrase, not a page.
MOST_LETTERS = 500


def refused(code: str, message: Text) -> PydanticCustomError:
    """Return an error of the model, which keeps its text as a value under `message`."""
    return PydanticCustomError(code, "{message}", {"message": message})


@dataclass(frozen=True, slots=True)
class ColumnRange:
    """The range of a column, in its own unit; the same range guards single cells and
    whole columns.
    """

    low: int
    high: int
    code: str
    whole: bool = False

    def __call__(self, number: Number | None) -> Number | None:
        """Return the number if it lies in the range; raise the problem's code if not."""
        if number is None:
            return None
        if number.low < self.low or number.high > self.high:
            if number.low < 0:
                text = Text(
                    "is outside {low} to {high:,}; write a missing value as an empty cell",
                    low=self.low,
                    high=self.high,
                )
            else:
                text = Text("is outside {low} to {high:,}", low=self.low, high=self.high)
            raise refused(self.code, text)
        if self.whole and (number.low % 1 or number.high % 1):
            raise refused("UD110", Text("is no whole number"))
        return number


def _parse(cell: object) -> Number | None:
    if not isinstance(cell, str):
        raise refused("UD101", Text("is no number"))
    if not cell:
        return None
    try:
        return cells.number(cell)
    except (ValueError, ArithmeticError) as error:
        raise refused(
            "UD101", of_error(error) if isinstance(error, ValueError) else Text("is no number")
        ) from None


def _whole_bounds(number: Number | None) -> Number | None:
    """Turn `<5` into 0 to 4: a count has no values between."""
    if number is None or not number.open_above:
        return number
    return number._replace(
        high=number.high.to_integral_value(rounding="ROUND_CEILING") - 1, open_above=False
    )


def _date(cell: object) -> dt.date | None:
    if cell is None or cell == "":
        return None
    try:
        return cells.date(str(cell))
    except ValueError:
        raise refused("UD106", Text("is no date; write it as 2019-12-01")) from None


def _year(cell: object) -> int | None:
    if cell is None or cell == "":
        return None
    text = str(cell)
    if len(text) != 4 or not text.isdecimal():
        raise refused("UD106", Text("is no year; write it with four digits"))
    return int(text)


def _required(text: str) -> str:
    if not text.strip():
        raise refused("UD105", Text("is empty; each row needs the name or code of its area"))
    return text.strip()


_SHARE = {
    unit: ColumnRange(0, int(100 / ticks.PERCENT_PER[word]), "UD102")
    for unit, word in UNITS.items()
}
_PERSONS = ColumnRange(0, MOST_PERSONS, "UD103")
_WHOLE = ColumnRange(0, MOST_PERSONS, "UD103", whole=True)
_KRONER = ColumnRange(0, MOST_KRONER, "UD103")
_RATIO = ColumnRange(0, 1000, "UD103")

#: The range of each numeric column.
RANGES: dict[str, ColumnRange] = (
    {
        column: _SHARE[next(unit for unit in UNITS if column.endswith(f"_{unit}"))]
        for column in SHARES
    }
    | dict.fromkeys(COUNTS, _PERSONS)
    | dict.fromkeys(RESIDENTS, _WHOLE)
    | dict(zip(INCOMES, (_KRONER, _RATIO), strict=True))
)


def _field(column: str) -> Any:
    validators: list[Any] = [BeforeValidator(_parse)]
    if column in COUNTS + RESIDENTS:
        validators.append(AfterValidator(_whole_bounds))
    return (Annotated[Any, *validators, AfterValidator(RANGES[column])], None)


class _Keys(BaseModel):
    """The key columns of a row and the rules that hold between cells."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    area: Annotated[str, AfterValidator(_required)]
    area_id: Annotated[str, AfterValidator(str.strip)] | None = None
    municipality: Annotated[str, AfterValidator(str.strip)] | None = None
    region: Annotated[str, AfterValidator(str.strip)] | None = None
    list_date: Annotated[dt.date | None, BeforeValidator(_date)] = None
    list_year: Annotated[int | None, BeforeValidator(_year)] = None
    year: Annotated[int | None, BeforeValidator(_year)] = None

    @model_validator(mode="after")
    def _numerators_within_bases(self) -> _Keys:
        for measure in SHARE_MEASURES:
            share = share_of_counts(self, measure)
            if share is not None and share[0] > 100:
                top, base = getattr(self, measure), getattr(self, f"{measure}_base")
                raise refused(
                    "UD104",
                    Text(
                        "{measure}: {low} is more than its base {high}",
                        measure=measure,
                        low=top.low,
                        high=base.high,
                    ),
                )
        return self


_FIELDS: dict[str, Any] = {
    column: _field(column) for column in (*RESIDENTS, *SHARES, *COUNTS, *INCOMES)
}
_FIELDS |= {
    column: (Annotated[str | None, Field(max_length=MOST_LETTERS)], None) for column in PROXIES
}
_ABOUT = (
    "One row of the area table. Fields are named as the columns; an absent or empty cell is None."
)
AreaRow: type[_Keys] = create_model("AreaRow", __base__=_Keys, __doc__=_ABOUT, **_FIELDS)


def share_of_counts(row: object, measure: str) -> tuple[Fraction, Fraction] | None:
    """Return the share, in percent, that a row's counts give: its smallest and its largest value
    (at most 100).
    """
    top: Number | None = getattr(row, measure, None)
    base: Number | None = getattr(row, f"{measure}_base", None)
    if top is None or base is None or base.high == 0:
        return None
    low = 100 * Fraction(top.low) / Fraction(base.high)
    high = 100 * Fraction(top.high) / Fraction(base.low) if base.low else Fraction(100)
    return low, min(high, Fraction(100)) if low <= 100 else high


def share(row: object, measure: str) -> dict[str, Number]:
    """Return the shares of a measure that a row gives, by column."""
    columns = [f"{measure}_{unit}" for unit in UNITS]
    return {
        column: value for column in columns if (value := getattr(row, column, None)) is not None
    }


def in_percent(column: str, value: Decimal | int) -> Fraction:
    """Return a share or ratio in percent from the unit of its column."""
    unit = next(unit for unit in UNITS if column.endswith(f"_{unit}"))
    return Fraction(value) * ticks.PERCENT_PER[UNITS[unit]]
