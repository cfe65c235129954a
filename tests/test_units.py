"""The parts that verdicts rest on, one by one: exact numbers, cells, names of areas, references, and which law on which day."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from commandline import environment
from support import ROOT, SAMPLES
from udsat import api, export, ticks
from udsat.cli.errors import handled
from udsat.evidence import published_lists
from udsat.evidence import references as figures
from udsat.law import loader
from udsat.messages.catalog import CODES
from udsat.messages.problems import CriteriaError, InvalidTable, Problem, TableError, UsageError
from udsat.render import numbers
from udsat.tables.validate import cells

# Exact numbers ----

SHARES = st.fractions(min_value=0, max_value=1000, max_denominator=10**14)
ON_GRID = st.integers(0, 1000 * ticks.GRID).map(lambda points: Fraction(points, ticks.GRID))
NEAR_GRID = st.builds(lambda point, off: point + Fraction(off, 10**20), ON_GRID, st.integers(-5, 5))


@given(st.one_of(SHARES, NEAR_GRID), ON_GRID)
def test_a_tick_stands_to_a_grid_point_as_its_number_does(value: Fraction, line: Fraction) -> None:
    tick, at = ticks.to_ticks(value), ticks.to_ticks(line)
    assert ((tick > at) - (tick < at)) == ((value > line) - (value < line))


@given(st.one_of(SHARES, NEAR_GRID), st.one_of(SHARES, NEAR_GRID))
def test_ticks_keep_the_order_of_their_numbers(one: Fraction, other: Fraction) -> None:
    low, high = sorted((one, other))
    assert ticks.to_ticks(low) <= ticks.to_ticks(high)


@given(ON_GRID)
def test_a_grid_point_has_an_even_tick_that_gives_it_back(value: Fraction) -> None:
    tick = ticks.to_ticks(value)
    assert (tick % 2, ticks.to_fraction(tick), ticks.tick_bounds(value)) == (0, value, (tick, tick))


@given(SHARES)
def test_tick_bounds_are_the_grid_points_on_both_sides(value: Fraction) -> None:
    low, high = (ticks.to_fraction(tick) for tick in ticks.tick_bounds(value))
    assert low <= value <= high
    assert high - low == (0 if ticks.to_ticks(value) % 2 == 0 else Fraction(1, ticks.GRID))


def test_a_hundred_percent_in_ticks_is_far_from_the_end_of_64_bits() -> None:
    assert ticks.to_ticks(Fraction(1000)) * 400 < 2**63


@given(st.integers(0, 10**17).map(lambda units: Decimal(units).scaleb(-14)))
def test_a_number_with_more_than_nine_places_stands_for_an_interval_around_it(
    value: Decimal,
) -> None:
    low, high = ticks.around(value)
    assert low < value < high
    assert high - low == Decimal("2e-9")


@given(st.fractions(min_value=-1000, max_value=1000), st.integers(0, 12))
def test_a_cut_never_rounds_up(value: Fraction, digits: int) -> None:
    text = ticks.cut(value, digits)
    assert 0 <= abs(value) - abs(Fraction(text)) < Fraction(1, 10**digits)
    assert re.fullmatch(r"0|-?(0|[1-9]\d*)(\.\d*[1-9])?", text)
    assert text != "-0"


# Cells ----

NUMBERS = st.builds(
    lambda units, places: Decimal(units).scaleb(-places),
    st.integers(-(10**10), 10**10),
    st.integers(0, 9),
)
SPACES = st.sampled_from(("", " ", "\u00a0", "\u202f"))


def printed(value: Decimal, thousands: str, mark: str) -> str:
    """Return a number as offices write it."""
    return format(value, ",f").replace(",", "t").replace(".", mark).replace("t", thousands)


@given(
    NUMBERS,
    st.sampled_from(("", ".", " ", "\u00a0")),
    SPACES,
    st.sampled_from(("", "%", " %", " pct.", "pct", " kr.", " kr")),
)
def test_a_danish_number_is_read_back(
    value: Decimal, thousands: str, space: str, unit: str
) -> None:
    found = cells.number(
        cells.normal(f"{space}{printed(value, thousands, ',')}{unit}{space}", "comma")
    )
    assert (found.low, found.high, found.shown) == (value, value, value)
    assert found.places == max(0, -int(value.as_tuple().exponent))


@given(NUMBERS, st.sampled_from(("", ",", " ")), SPACES)
def test_an_english_number_is_read_back(value: Decimal, thousands: str, space: str) -> None:
    found = cells.number(cells.normal(f"{space}{printed(value, thousands, '.')}{space}", "point"))
    assert (found.low, found.high) == (value, value)


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)))
def test_a_date_is_read_back_however_danes_write_it(date: dt.date) -> None:
    day, month, year = date.day, date.month, date.year
    spellings = (
        date.isoformat(),
        f"{day}.{month}.{year}",
        f"{day:02}-{month:02}-{year}",
        f"{day}/{month}/{year}",
        f"{date} 00:00:00",
    )
    assert {cells.date(text) for text in spellings} == {date}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2019",
        "12-2019",
        "2019-13-01",
        "31-02-2019",
        "1.12.19",
        "2019-12-01 13:00",
        "2019-12-01Z",
    ],
)
def test_what_is_no_date_is_not_guessed(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        cells.date(text)


@pytest.mark.parametrize(
    "text", ["", "  ", "..", ".", "…", ":", "-", "–", "—", "NaN", "null", "N/A"]
)
def test_every_sign_of_a_missing_value_is_a_gap(text: str) -> None:
    assert cells.normal(text, "comma") == ""


@pytest.mark.parametrize("text", ["-", "–", " - "])
def test_a_dash_is_zero_where_that_is_said(text: str) -> None:
    assert cells.normal(text, "comma", dash_is_zero=True) == "0"


BOUNDS = {
    "<5": (0, 5, True),
    "< 5": (0, 5, True),
    "<2,5 %": (0, Decimal("2.5"), True),
    "3-7": (3, 7, False),
    "3 – 7": (3, 7, False),
    "1.000-1.200": (1000, 1200, False),
    "2,5-3,5 pct.": (Decimal("2.5"), Decimal("3.5"), False),
}


@pytest.mark.parametrize(("text", "bounds"), BOUNDS.items())
def test_a_bound_is_read_as_what_it_leaves_possible(
    text: str, bounds: tuple[Decimal | int, Decimal | int, bool]
) -> None:
    found = cells.number(cells.normal(text, "comma"))
    assert (found.low, found.high, found.open_above, found.shown) == (*bounds, None)


@pytest.mark.parametrize(
    "text",
    [
        "abc",
        "1,2,3",
        "1.23.456",
        "5-",
        "7-3",
        ">5",
        "1e999999",
        "12345678901" * 6,
        "--5",
        "0x10",
        "½",
        "+-1",
    ],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        cells.number(cells.normal(text, "comma"))


def test_a_long_decimal_is_an_interval_and_trailing_zeros_do_not_make_one() -> None:
    long, zeros = cells.number("40.0000000001"), cells.number("40.000000000000")
    assert (long.low, long.high, long.shown) == (
        Decimal("39.999999999"),
        Decimal("40.000000001"),
        Decimal("40.0000000001"),
    )
    assert (zeros.low, zeros.high) == (Decimal(40), Decimal(40))


EVIDENCE = {
    ("41,2", "1.234"): ("41,2", None, "1.234"),
    ("41.2", "1,234"): (None, "41.2", "1,234"),
    ("1.234",): (None, None, "1.234"),
    ("1.234,5",): ("1.234,5", None, None),
    ("0,125",): ("0,125", None, None),
    ("1234,125",): ("1234,125", None, None),
    ("12", ".."): (None, None, None),
    ("41,2", "41.2"): ("41,2", "41.2", None),
}


@pytest.mark.parametrize(("texts", "expected"), EVIDENCE.items())
def test_the_decimal_mark_is_found_in_the_cells_or_not_at_all(
    texts: tuple[str, ...], expected: tuple[str | None, str | None, str | None]
) -> None:
    assert cells.evidence(texts) == expected


# Numbers out ----

FLOATS = st.floats(min_value=0, max_value=1000, allow_nan=False)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_in_csv_has_no_power_of_ten_and_is_read_back(value: float) -> None:
    text = export.text(value)
    assert (float(text), "e" in text.lower()) == (value, False)


@given(FLOATS, FLOATS)
def test_a_number_people_read_never_looks_equal_to_a_limit_that_it_is_not(
    value: float, limit: float
) -> None:
    assert (float(numbers.plain(value, limit)) == limit) == (value == limit)


@given(FLOATS)
def test_a_difference_that_is_not_nothing_has_a_sign(value: float) -> None:
    text = numbers.signed(value)
    assert text == "0" if value == 0 else text.startswith("+") and float(text) > 0


# Lists ----


def test_lists_that_did_not_follow_the_law_are_no_steps_and_their_dates_are_refused() -> None:
    shipped = published_lists.shipped()
    assert shipped.refused() == {dt.date(2013, 6, 10), dt.date(2018, 5, 9)}
    assert not shipped.complete(dt.date(2018, 5, 9), "ghetto")
    assert shipped.complete(dt.date(2018, 12, 1), "haard_ghetto")


# References ----

HEADER = "list_date,list_year,year,measure,scope,region,criterion,value,unit,source,status"


def reference_table(folder: Path, *rows: str, header: str = HEADER) -> figures.ReferenceTable:
    path = folder / "given.csv"
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return figures.references([str(path)], loader.shipped())


def test_a_figure_is_exact_as_given_in_any_unit(tmp_path: Path) -> None:
    for value, unit in (("0.66", "percent"), ("6.6", "per_1000"), ("66", "per_10000")):
        figure = reference_table(
            tmp_path, f"2023-12-01,,,convicted,national,,,{value},{unit},,"
        ).national(dt.date(2023, 12, 1), "convicted")
        assert figure is not None
        assert (figure.low, figure.high, figure.shown, figure.decides) == (
            Fraction("0.66"),
            Fraction("0.66"),
            Fraction("0.66"),
            True,
        )


def test_a_shipped_figure_is_printed_and_so_an_interval() -> None:
    shipped = figures.references([], loader.shipped())
    limit = shipped.limit(dt.date(2019, 12, 1), "crime")
    assert limit is not None
    assert (limit.low, limit.high, limit.decides) == (Fraction("2.025"), Fraction("2.035"), True)
    inferred = shipped.limit(dt.date(2021, 12, 1), "crime")
    assert inferred is not None
    assert not inferred.decides


def test_own_rows_replace_every_shipped_one_of_their_measure_and_date(tmp_path: Path) -> None:
    given = reference_table(tmp_path, ",2022,,convicted,national,,,0.7,percent,,")
    assert given.limit(dt.date(2022, 12, 1), "crime") is None
    assert given.limit(dt.date(2022, 12, 1), "prevention_crime") is None
    assert given.limit(dt.date(2020, 12, 1), "crime") is not None


def test_a_figure_of_a_calendar_year_is_none_of_a_list(tmp_path: Path) -> None:
    given = reference_table(
        tmp_path,
        ",,2023,convicted,national,,,0.7,percent,,",
        ",2023,,convicted,national,,,0.8,percent,,",
    )
    year, of_list = (
        given.national(2023, "convicted"),
        given.national(dt.date(2023, 12, 1), "convicted"),
    )
    assert year is not None
    assert of_list is not None
    assert (year.shown, of_list.shown) == (Fraction("0.7"), Fraction("0.8"))


def test_regions_are_found_with_and_without_the_word(tmp_path: Path) -> None:
    given = reference_table(
        tmp_path, "2019-12-01,,,gross_income,region,Region  SJÆLLAND,,300000,dkk,,"
    )
    assert list(given.regions(dt.date(2019, 12, 1), "gross_income")) == [
        figures.plain_region("sjælland")
    ]


def test_the_mean_of_figures_is_stated_only_where_all_are() -> None:
    one = figures.Reference(Fraction(1), Fraction(2), Fraction(3, 2), "a", "stated")
    other = figures.Reference(Fraction(3), Fraction(3), Fraction(3), "b", "inferred")
    assert figures.mean([one, other]) == figures.Reference(
        Fraction(2), Fraction(5, 2), Fraction(9, 4), "a; b", "inferred"
    )


def test_every_row_of_references_that_cannot_be_used_is_reported_at_once(tmp_path: Path) -> None:
    with pytest.raises(TableError) as caught:
        reference_table(
            tmp_path,
            "2023-12-01,,,crime,national,,,0.7,percent,,",
            "2023-12-01,,,convicted,country,,,0.7,percent,,",
            "2023-12-01,,,convicted,national,,,many,percent,,",
            ",2009,,convicted,national,,,0.7,percent,,",
            "2023-12-01,,,convicted,national,,,0.7,percent,,guessed",
        )
    assert [(problem.code, problem.line) for problem in caught.value.problems] == [
        ("UD309", line) for line in range(2, 7)
    ]


def test_two_figures_for_one_thing_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"UD309 two figures for 2023-12-01, convicted, national"):
        reference_table(tmp_path, *["2023-12-01,,,convicted,national,,,0.7,percent,,"] * 2)


# The law and its dates ----

LAST_AND_FIRST_DAYS = [
    ("2010-10-25", None),
    ("2010-10-26", "2010"),
    ("2014-01-31", "2010"),
    ("2014-02-01", "2014"),
    ("2018-11-30", "2014"),
    ("2018-12-01", "2018"),
    ("2021-11-29", "2018"),
    ("2021-11-30", "2021"),
    ("2050-01-01", "2021"),
]


@pytest.mark.parametrize(("day", "version"), LAST_AND_FIRST_DAYS)
def test_the_version_in_force_changes_on_its_first_day(day: str, version: str | None) -> None:
    in_force = loader.shipped().on(dt.date.fromisoformat(day))
    assert (in_force.id if in_force else None) == version


LIST_DATES = {
    2009: None,
    2010: "2010-10-26",
    2011: "2011-10-01",
    2012: "2012-10-01",
    2013: "2013-10-01",
}


@pytest.mark.parametrize("year", range(2009, 2031))
def test_every_year_has_its_list_date(year: int) -> None:
    expected = LIST_DATES.get(year, f"{year}-12-01")
    assert loader.shipped().list_date(year) == (expected and dt.date.fromisoformat(expected))


def test_a_chosen_version_is_in_force_on_every_day_and_leaves_the_lists_alone() -> None:
    chosen = loader.choose("2014")
    version, in_force = chosen.on(dt.date(2022, 12, 1)), chosen.in_force(dt.date(2022, 12, 1))
    assert version is not None
    assert in_force is not None
    assert (version.id, in_force.id) == ("2014", "2021")
    assert chosen.list_date(2012) == dt.date(2012, 10, 1)


def test_a_version_ends_the_day_before_the_next_begins() -> None:
    versions = [version.version for version in loader.shipped().versions]
    ends = [version.ended and version.ended + dt.timedelta(days=1) for version in versions]
    assert ends == [version.in_force for version in versions[1:]] + [None]


DEFECTS = {
    "unknown key": (
        "threshold = 40\n",
        "threshold = 40\nnote = 1\n",
        r"criteria\.labour_market\.note: UD403 ",
    ),
    "unknown measure": (
        'measure = "convicted"',
        'measure = "crime"',
        r"measure 'crime' is not defined",
    ),
    "unknown comparator": (
        'comparator = "exceeds"',
        'comparator = ">"',
        r"criteria\.labour_market\.comparator: UD406 ",
    ),
    "unknown member": (
        'all_of = ["udsat", "origin"]',
        'all_of = ["udsat", "orign"]',
        r"'orign' is not defined above",
    ),
    "a key twice": (
        "threshold = 40\n",
        "threshold = 40\nthreshold = 40\n",
        r"UD408 'threshold' is given twice",
    ),
    "decimal comma": (
        "threshold = 40\n",
        "threshold = 40,5\n",
        r"UD402 is no TOML: .*decimals with a point",
    ),
    "count above members": ("count = 2\n", "count = 5\n", r"UD413 5 of 4"),
    "a lost doubt": (
        'about = ["area.min_residents"]',
        'about = ["area.residents"]',
        r"'area\.residents' is not in this file",
    ),
    "times without a reference": (
        'reference = "national"\n',
        "",
        r"'times' and reference 'national' belong together",
    ),
}


@pytest.mark.parametrize(("old", "new", "said"), DEFECTS.values(), ids=DEFECTS)
def test_a_criteria_file_with_a_defect_is_refused_with_its_place(
    old: str, new: str, said: str, tmp_path: Path
) -> None:
    text = (loader.criteria_folder() / "2018.toml").read_text(encoding="utf-8")
    path = tmp_path / "own.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert old in text
    with pytest.raises(CriteriaError, match=said):
        loader.load(path)


# Messages ----


def test_a_problem_is_one_line_with_its_place_first() -> None:
    problem = Problem(
        "UD102", "'145' is outside 0 to 100", "check it", "areas.csv", 3, "convicted_pct", "145"
    )
    assert str(problem) == "areas.csv:3: convicted_pct: UD102 '145' is outside 0 to 100 (check it)"
    assert str(Problem("UD510", "no such option")) == "UD510 no such option"


def test_problems_are_counted_by_code() -> None:
    assert InvalidTable(
        [Problem("UD102", ""), Problem("UD101", ""), Problem("UD102", "")]
    ).totals() == {"UD101": 1, "UD102": 2}


def test_every_code_that_is_used_is_explained_and_every_code_explained_is_used() -> None:
    sources = [
        path
        for path in (ROOT / "src").rglob("*.py")
        if path != ROOT / "src" / "udsat" / "messages" / "catalog.py"
    ]
    used = {
        code
        for path in sources
        for code in re.findall(r"UD\d{3}", path.read_text(encoding="utf-8"))
    }
    assert used == {code for code, one in CODES.items() if not one.title.startswith("retired: ")}


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (UsageError(Problem("UD510", "no such option")), 2, "udsat: UD510 no such option\n"),
        (
            InvalidTable([Problem("UD105", "is empty")]),
            1,
            "udsat: UD105 is empty\nudsat: nothing was scored; 1 problem: 1 x UD105 ",
        ),
        (KeyboardInterrupt(), 130, "udsat: interrupted\n"),
        (ZeroDivisionError("by\nnothing"), 3, "udsat: this is a bug in udsat "),
    ],
)
def test_every_error_ends_in_its_status_and_words(
    error: BaseException,
    status: int,
    said: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def command() -> int:
        raise error

    monkeypatch.delenv("UDSAT_DEBUG", raising=False)
    with pytest.raises(typer.Exit) as ended:
        handled(command)()
    streams = capsys.readouterr()
    assert (ended.value.exit_code, streams.out, streams.err.startswith(said)) == (status, "", True)
    assert "Traceback" not in streams.err


# What is loaded ----

HEAVY = {"pandas", "numpy", "pyarrow", "polars"}


def imported(*arguments: str) -> set[str]:
    """Return the packages that a run of the command line imports."""
    command = [sys.executable, "-X", "importtime", "-m", "udsat", *arguments]
    done = subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", env=environment(), check=True
    )
    return {
        line.rpartition("|")[2].strip().partition(".")[0]
        for line in done.stderr.splitlines()
        if line.startswith("import time:")
    }


@pytest.mark.parametrize("form", ["csv", "table", "json"])
def test_scoring_a_csv_file_loads_no_data_frame_library(form: str) -> None:
    packages = imported("score", str(SAMPLES / "omraader.csv"), "--format", form)
    assert "duckdb" in packages
    assert packages & HEAVY == set()


def test_scoring_calendar_years_loads_no_data_frame_library_and_writing_parquet_none_but_arrow(
    tmp_path: Path,
) -> None:
    (tmp_path / "years.csv").write_text(
        "area,year,non_western_pct\nRavnehøj,2019,60.5\n", encoding="utf-8"
    )
    run = ("score", str(tmp_path / "years.csv"), "--list-year", "2019")
    assert imported(*run, "--format", "csv") & HEAVY == set()
    assert imported(*run, "-o", str(tmp_path / "out.parquet")) & HEAVY <= {"pyarrow", "numpy"}


def test_the_version_loads_next_to_nothing() -> None:
    assert (
        imported("--version") & (HEAVY | {"duckdb", "narwhals", "pydantic", "rapidfuzz"}) == set()
    )


@pytest.mark.parametrize("blank", ["", " ", "\t", "\u00a0", "\u202f"])
def test_a_total_in_a_typed_table_is_refused_and_a_name_trimmed_whatever_blank_stands_behind_it(
    blank: str,
) -> None:
    import pyarrow as pa

    def table(name: str) -> pa.Table:
        return pa.table(
            {
                "area": [name + blank, "Egeparken"],
                "list_year": [2019, 2019],
                "residents": [2000, 2000],
                "non_western_pct": [51.0, 20.0],
            }
        )

    assert api.score(table("Ringparken"))["area"].to_pylist() == ["Ringparken", "Egeparken"]
    with pytest.raises(InvalidTable) as found:
        api.score(table("I alt"))
    assert [problem.code for problem in found.value.problems] == ["UD113"]
