"""The small tables that options name beside the area table: references, lists, borders, names; CSV
or Excel.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

from udsat.law.loader import Law
from udsat.messages.text import Text, listed
from udsat.tables.readers import paths
from udsat.tables.readers.csv import read_plain
from udsat.tables.readers.raw import TextTable
from udsat.tables.validate import cells

_WORKBOOKS = frozenset({".xlsx", ".xlsm"})


def read_given(name: str, sheet: str) -> TextTable:
    """Return a file whose first line is the header: CSV, or the sheet of a name (or the only one)
    of a workbook.

    Raises `TableError` where there is no such file or it is no table.
    """
    path = Path(name)
    data = paths.content(name)
    if path.suffix.lower() not in _WORKBOOKS:
        return read_plain(data, name)
    from udsat.tables.readers import excel

    return excel.read_plain(path, name, sheet)


def no_municipality(word: str, near: Sequence[str]) -> ValueError:
    """Return the error that a word names no municipality, with those that may be meant."""
    if not near:
        return ValueError(Text("'{municipality}' is no municipality", municipality=word))
    return ValueError(
        Text(
            "'{municipality}' is no municipality; did you mean {near}?",
            municipality=word,
            near=listed(near, "or"),
        )
    )


def list_date(given: Mapping[str, str], law: Law) -> dt.date:
    """Return the date of the list that a row is about, from `list_date` or `list_year`; raise
    `ValueError` where it has none.
    """
    if given.get("list_date"):
        return cells.date(given["list_date"])
    year = given.get("list_year", "")
    date = law.list_date(int(year)) if year.isdecimal() and len(year) == 4 else None
    if date is None:
        raise ValueError(Text("'{year}' is no year of a list", year=year))
    return date
