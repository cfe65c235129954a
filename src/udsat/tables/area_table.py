"""The area table after checking: whoever holds one need not check again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Literal

import narwhals as nw

from udsat.messages.text import EMPTY, Text

ROW = "row"
DATE = "list_date"
YEAR = "year"
#: What rows of one area have in common, whatever they call it: columns of every checked table, for
#: joins alone.
AREA_KEY, TOWN_KEY = "area_key", "municipality_key"


@dataclass(frozen=True, slots=True)
class Share:
    """A share or ratio given as such, in ticks of percent."""

    #: Every value is a point: low, high and shown are the same.
    exact: bool
    #: Half a unit of the last printed decimal, in ticks of percent (of the finest column).
    half: int


@dataclass(frozen=True, slots=True)
class Counts:
    """A numerator and its base, both times `scale`, as whole numbers."""

    exact: bool
    scale: int
    #: The largest base in the table, times `scale`.
    largest: int


@dataclass(frozen=True, slots=True)
class Kroner:
    """A mean income in billionths of a krone."""

    exact: bool
    #: Half a unit of the last printed decimal, in billionths.
    half: int


@dataclass(frozen=True, slots=True)
class AreaTable:
    """Rows of areas, checked: one per area and list (`list_date`), or one per area and calendar
    year (`year`).

    `frame` is lazy. Its columns are `row` (position in the input), `area`, `municipality`, `region`
    as the table spells them, `area_key` and `municipality_key`, which are equal where rows are
    about one area, `list_date` or `year`, `residents` and `residents_2010`, `<measure>_share` and
    `income_share` (ticks of percent), `<measure>_count` and `<measure>_base`, `kroner` (mean income
    in billionths), each number as `__low`, `__high` and `__shown`; `<measure>_proxy`; and `passed`,
    columns that came along.
    """

    frame: nw.LazyFrame[Any]
    key: Literal["list_date", "year"]
    dates: tuple[dt.date, ...] = ()
    years: tuple[int, ...] = ()
    shares: dict[str, Share] = field(default_factory=dict)
    counts: dict[str, Counts] = field(default_factory=dict)
    kroner: Kroner | None = None
    residents: bool = False
    residents_2010: bool = False
    #: Every number of residents is known to be a point: low, high and shown are the same.
    residents_exact: bool = False
    #: Whether rows have an identifier of their area that does not change with its name.
    area_id: bool = False
    municipality: bool = False
    region: bool = False
    #: The names of regions in the table, as they are spelt; only asked for where there are incomes
    #: in kroner.
    regions: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ()
    #: Measures whose share was formed from counts, with the fraction behind it in
    #: `<measure>__numerator` and `__base`.
    formed: frozenset[str] = frozenset()
    #: The rows are lists formed from calendar years.
    from_years: bool = False
    #: Columns of the user's that are passed through, as heading and name in the frame.
    passed: dict[str, str] = field(default_factory=dict)
    #: Municipalities that are not in the register that the law asks for, as the table spells them.
    unknown_towns: tuple[str, ...] = ()
    #: How many rows there are at most, where that is known and each has a number of its own.
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """An input file: its name, and the SHA-256 of its bytes (empty for a data frame)."""

    name: str
    sha256: str
    #: One line on how it was read, if there was something to find out.
    detected: Text = EMPTY
