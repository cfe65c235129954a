"""Tables with types are read as the same cells are in a text file."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from udsat import engine
from udsat.law import loader
from udsat.messages.problems import InvalidTable
from udsat.tables.readers import open as read
from udsat.tables.readers.options import Reading
from udsat.tables.validate.check import Checked, check
from udsat.tables.validate.part import Calendar
from udsat.ticks import TICKS


def checked(skip_invalid: bool = False, **columns: list[Any]) -> Checked:
    """Return two areas of one list as a checked table, with some columns replaced."""
    given = {"area": ["A", "B"], "list_date": ["2019-12-01"] * 2, "convicted_pct": [3.1, 2.0]}
    connection = engine.connect()
    raw = read.frame(pa.table(given | columns), connection)
    return check([raw], connection, Calendar(loader.shipped()), Reading(), skip_invalid)


def cells(table: Checked, *names: str) -> list[tuple[Any, ...]]:
    """Return some columns of all rows, in order."""
    picks = ", ".join(map(engine.identifier, names))
    return table.table.frame.to_native().project(picks).fetchall()


def test_a_code_that_a_spreadsheet_wrote_as_text_is_the_code() -> None:
    assert cells(checked(area=['="084"', "B"]), "area") == [("084",), ("B",)]


def test_space_of_any_kind_behind_a_name_does_not_count() -> None:
    assert cells(checked(area=["A\u2003", "B"]), "area") == [("A",), ("B",)]


def test_fractions_in_a_base_without_its_count_are_no_error_of_the_engine() -> None:
    assert cells(checked(convicted_base=[10.5, 20.0]), "area") == [("A",), ("B",)]


def test_texts_beside_numbers_have_a_mark_of_their_own_and_what_is_passed_keeps_its_type() -> None:
    table = checked(
        outside_labour_market_pct=["41,5", "<5"],
        basic_education_pct=[Decimal("50.25"), Decimal("60.00")],
        code=[1, 2],
    )
    names = ("convicted_share", "outside_labour_market_share", "basic_education_share")
    values = cells(table, *(f"{name}__shown" for name in names), table.table.passed["code"])
    assert values[0] == (31 * TICKS // 10, 415 * TICKS // 10, 5025 * TICKS // 100, 1)
    assert values[1] == (2 * TICKS, None, 60 * TICKS, 2)


def test_gaps_among_dates_are_problems_of_their_rows_alone() -> None:
    with pytest.raises(InvalidTable) as caught:
        checked(list_date=["2019-12-01", None])
    assert [(one.code, one.line) for one in caught.value.problems] == [("UD105", 2)]
    assert cells(checked(True, list_date=["2019-12-01", None]), "area") == [("A",)]
