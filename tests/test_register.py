"""The parts that counting persons is made of: arrays of columns, exact sums, groups, and the order of rows."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import persons as oracle
from commandline import udsat
from test_aggregate import counted, disagreements, people, person, problems, rows
from udsat.register import arrays, batches, count, once, sums
from udsat.register.arrays import BAD, EMPTY, TOLD, Factor, Texts
from udsat.register.cells import MOST
from udsat.tables import engine

KINDS = [pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32()]


def cells_back(one: Factor) -> list[Any]:
    return [one.cells[place] for place in one.index]


@settings(deadline=None)
@given(st.sampled_from(KINDS), st.data())
def test_whole_numbers_with_gaps_are_their_cells_by_place(kind: pa.DataType, data: Any) -> None:
    info = np.iinfo(str(kind))
    near = st.integers(max(info.min, -5), 5)
    cells = data.draw(st.lists(st.one_of(st.none(), near, st.integers(int(info.min), int(info.max))), min_size=1, max_size=30))
    assert cells_back(arrays.whole_factor(pa.array(cells, kind))) == cells
    assert cells_back(arrays.whole_factor(pa.array([7, *cells, 9], kind).slice(1, len(cells)))) == cells


@settings(deadline=None)
@given(st.lists(st.lists(st.one_of(st.none(), st.sampled_from(["a", "b", "æ", ""])), min_size=1, max_size=12), min_size=1, max_size=4))
def test_texts_are_their_cells_by_place_batch_after_batch(some: list[list[str | None]]) -> None:
    plain, listed = Texts(), Texts()
    for cells in some:
        column = pa.array(cells, pa.string())
        assert cells_back(plain.factor(column)) == cells
        assert cells_back(listed.factor(column.dictionary_encode())) == cells


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1), st.integers(-3, 3)), min_size=1, max_size=20))
def test_a_whole_number_is_told_unless_it_is_empty_or_more_than_anyone_has(cells: list[int | None]) -> None:
    found = arrays.amounts(pa.array(cells, pa.int64()))
    states = [EMPTY if cell is None else BAD if abs(cell) >= MOST else TOLD for cell in cells]
    assert (found.states.tolist() if found.states is not None else [TOLD] * len(cells)) == states
    assert found.values.tolist() == [cell if state == TOLD else 0 for cell, state in zip(cells, states, strict=True)]
    assert all(abs(value) <= found.most for value in found.values.tolist())


@pytest.mark.parametrize(
    ("cell", "state", "nano", "cut"),
    [
        (0.25, TOLD, 250_000_000, False),
        (0.1, TOLD, 100_000_000, False),
        (0.123456789, TOLD, 123_456_789, False),
        (1 / 3, TOLD, 333_333_333, True),
        (-12.5, TOLD, -12_500_000_000, False),
        (None, EMPTY, 0, False),
        (float("nan"), EMPTY, 0, False),
        (float("inf"), BAD, 0, False),
        (float(MOST), BAD, 0, False),
    ],
)
def test_a_float_stands_for_its_shortest_decimal_and_says_where_it_was_cut(cell, state, nano, cut) -> None:
    found = arrays.amounts(pa.array([cell, 0.5], pa.float64()))
    assert (0 if found.states is None else found.states[0], found.values[0]) == (state, nano)
    assert (found.cut is not None and bool(found.cut[0])) is cut


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.one_of(st.integers(-9, 9), st.integers(-(2**62), 2**62))), min_size=1, max_size=40))
def test_sums_are_exact_however_large(some: list[tuple[int, int]]) -> None:
    places, values = (np.array(column, np.int64) for column in zip(*some, strict=True))
    truth = [sum(value for place, value in some if place == group) for group in range(4)]
    assert arrays.sums(places, values, 4, max(abs(value) for _, value in some)).tolist() == truth


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300), st.integers(0, 2)), min_size=1, max_size=60),
    st.sampled_from([1, 50, 1 << 22]),
)
def test_rows_share_a_group_where_all_their_cells_are_the_same(some: list[tuple[int, int, int]], most: int) -> None:
    factors = [arrays.whole_factor(pa.array(column, pa.int32())) for column in zip(*some, strict=True)]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(arrays, "_MOST_PLACES", most)
        places, first = arrays.grouped(factors)
    assert len(first) == len(set(some)) == len(set(places.tolist()))
    assert [some[first[place]] for place in places.tolist()] == some


years = st.integers(2010, 2012)
who = st.one_of(st.integers(0, 6), st.none())


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(years, who), max_size=12),
    st.sampled_from(["given", "by year", "by person"]),
    st.lists(st.integers(0, 12)),
    st.booleans(),
)
def test_the_order_of_rows_proves_that_nobody_stands_twice_exactly_where_it_rises(some, sort, cuts, texts) -> None:
    if sort == "by year":
        some = sorted(some, key=lambda row: (row[0], row[1] or 0))
    if sort == "by person":
        some = sorted(some, key=lambda row: (row[1] or 0, row[0]))
    names = [(year, None if one is None else "" if one == 0 else f"P{one}") for year, one in some] if texts else some
    ends = sorted({0, len(some), *(cut for cut in cuts if cut < len(some))})
    orders: list[once.Order] = []
    for number, (start, end) in enumerate(pairwise(ends)):
        if number % 2 == 0:
            orders.append(once.Order())
        orders[-1].add(*as_batch(names[start:end], texts))
    by_year, by_person = (all(key(a) < key(b) for a, b in pairwise(names)) for key in (lambda row: row, lambda row: row[::-1])) if all(
        one not in {None, ""} for _, one in names
    ) else (False, False)  # fmt: skip
    assert once.rising(orders) == (by_year or by_person or not names)


def as_batch(some: Sequence[tuple[int, Any]], texts: bool) -> tuple[Factor, pa.Array]:
    years, persons = zip(*some, strict=True)
    return arrays.whole_factor(pa.array(years, pa.int16())), pa.array(persons, pa.string() if texts else pa.int64())


@pytest.fixture
def in_small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few rows in a batch, few batches in a stretch, and halves of batches: what is one piece elsewhere meets its neighbours here."""
    monkeypatch.setattr(batches, "ROWS", 5)
    monkeypatch.setattr(batches, "_STRETCH", 8)
    monkeypatch.setattr(count, "_MOST_COUNTS", 12)
    monkeypatch.setattr(sums, "_MOST_GROUPS", 4)
    monkeypatch.setattr(sums, "_LONG", 2)


@settings(max_examples=15, deadline=None)
@given(some=people(), criteria=st.sampled_from([None, "2010", "2021"]), texts=st.booleans())
def test_counts_are_the_same_in_however_many_pieces_the_rows_are_read(tmp_path_factory, some, criteria, texts) -> None:
    if not any(one["area"] for one in some):
        return
    file = oracle.as_parquet(some, tmp_path_factory.mktemp("pieces") / "p.parquet", texts=texts, row_group=3)
    with pytest.MonkeyPatch.context() as patched:
        in_small_pieces.__wrapped__(patched)  # the fixture's own function: hypothesis runs many examples in one test
        found = rows(counted([file], criteria))
    assert found == rows(counted([file], criteria))
    assert disagreements(found, oracle.counts(some, criteria), points=True) == []


def test_a_code_that_comes_late_in_a_file_is_found_and_named_by_its_row(tmp_path, in_small_pieces) -> None:
    some = [person(n) for n in range(40)] + [person(40, origin="ukendt"), person(41)]
    [text] = problems([oracle.as_parquet(some, tmp_path / "p.parquet", row_group=7)])
    assert "row group 6, row 41" in text and "'ukendt' is no code" in text


def test_an_area_written_with_and_without_blanks_is_one(tmp_path, in_small_pieces) -> None:
    some = [person(n, area="Lunden" if n % 2 else " Lunden ") for n in range(9)]
    assert [row["residents"] for row in rows(counted([oracle.as_parquet(some, tmp_path / "p.parquet")]))] == ["9"]


def test_columns_of_categories_and_of_wide_numbers_are_counted_as_texts_and_narrow_ones(tmp_path) -> None:
    some = [person(n, area=f"A{n % 3}", income=str(100_000 + n), origin="ikke-vestlig" if n % 2 else "dansk") for n in range(30)]
    file = oracle.as_parquet(some, tmp_path / "p.parquet")
    table = pa.parquet.read_table(file)
    for n, name in enumerate(table.column_names):
        column = table.column(name)
        if name in {"OMRAADE", "OPRINDELSE", "UDDANNELSE"}:
            table = table.set_column(n, name, column.dictionary_encode())
        elif name not in {"PNR", "UDENFOR"}:
            table = table.set_column(n, name, column.cast(pa.int64()))
    pa.parquet.write_table(table, tmp_path / "wide.parquet")
    assert rows(counted([tmp_path / "wide.parquet"])) == rows(counted([file]))


def test_incomes_too_large_to_add_in_floating_point_are_added_exactly(tmp_path) -> None:
    incomes = ["999999999.5", "999999999.25", "1.000000001", "-999999999.75"]
    some = [person(n, income=income, year=2016) for n, income in enumerate(incomes)]
    [row] = rows(counted([oracle.as_csv(some, tmp_path / "p.csv")]))
    assert disagreements([row], oracle.counts(some), points=True) == []


def test_rows_by_person_prove_that_nobody_stands_twice(tmp_path, monkeypatch) -> None:
    some = [person(n, year=year) for n in range(6) for year in (2018, 2019)]
    monkeypatch.setattr(once, "twice", lambda *_: pytest.fail("rows were looked through"))
    assert Counter(row["residents"] for row in rows(counted([oracle.as_parquet(some, tmp_path / "p.parquet")]))) == {"6": 2}


def test_what_is_asked_of_persons_in_a_year_that_no_list_looks_at_is_not_asked(tmp_path) -> None:
    some = [person(0, year=2011, student="?", income="mange"), person(1, year=2011)]
    assert [row["residents"] for row in rows(counted([oracle.as_csv(some, tmp_path / "p.csv")]))] == ["2"]


def test_counting_loads_no_pandas(tmp_path) -> None:
    files = [oracle.as_csv([person(0)], tmp_path / "p.csv"), oracle.as_parquet([person(1, area="", convicted=1)], tmp_path / "p.parquet")]
    code = "import sys, contextlib\nfrom udsat.cli.app import main\nwith contextlib.suppress(SystemExit): main()\nsys.exit('pandas' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code, "aggregate", *map(str, files), "-o", str(tmp_path / "c.parquet")], check=False)
    assert ran.returncode == 0


def test_codes_years_and_regions_kept_as_decimals_are_the_same_codes(tmp_path) -> None:
    some = [person(n, convicted=n % 2, area=f"A{n % 2}") for n in range(8)]
    table = pa.parquet.read_table(oracle.as_parquet(some, tmp_path / "p.parquet"))
    truth = rows(counted([tmp_path / "p.parquet"]))
    for n, name in enumerate(table.column_names):
        if name in {"AAR", "REG", "ALDER", "DOEMT", "UDDANNELSE", "UDD_GODKENDT", "UDD_SOEGENDE"}:
            table = table.set_column(
                n, name, pa.array([Decimal(str(cell)) for cell in table.column(name).to_pylist()], pa.decimal128(12, 2))
            )
    pa.parquet.write_table(table, tmp_path / "d.parquet")
    assert rows(counted([tmp_path / "d.parquet"])) == truth


def test_a_column_that_stands_twice_is_read_as_the_engine_names_it(tmp_path) -> None:
    some = [person(0), person(1, convicted=1)]
    table = pa.parquet.read_table(oracle.as_parquet(some, tmp_path / "p.parquet"))
    pa.parquet.write_table(table.append_column("OMRAADE", table.column("OMRAADE")), tmp_path / "twice.parquet")
    assert rows(counted([tmp_path / "twice.parquet"])) == rows(counted([tmp_path / "p.parquet"]))


def test_a_decimal_too_large_for_an_income_is_named(tmp_path) -> None:
    table = pa.parquet.read_table(oracle.as_parquet([person(0, year=2016), person(1, year=2016)], tmp_path / "p.parquet"))
    far = pa.array([Decimal(250_000), Decimal(10**20)], pa.decimal128(38, 2))
    pa.parquet.write_table(table.set_column(table.schema.get_field_index("BRUTTOINDKOMST"), "BRUTTOINDKOMST", far), tmp_path / "d.parquet")
    [text] = problems([tmp_path / "d.parquet"])
    assert "row 2: BRUTTOINDKOMST: UD704" in text


def test_a_cap_too_small_for_text_that_is_read_is_said_in_words(tmp_path) -> None:
    file = oracle.as_csv([person(n, education="x" * 5_000) for n in range(20_000)], tmp_path / "p.csv")
    ran = udsat(tmp_path, "aggregate", str(file), "--memory", "64MB")
    assert (ran.status, "UD713" in ran.err or "UD703" in ran.err) in {(2, True), (1, True)}, ran.err


@pytest.mark.parametrize(
    ("said", "kind"),
    [("Out of Memory Error: x", duckdb.OutOfMemoryException), ("INTERRUPT Error: x", duckdb.InterruptException), ("else", OSError)],
)
def test_what_arrow_says_for_the_engine_is_told_by_the_kind_of_error(said, kind) -> None:
    assert type(engine.told_by_arrow(OSError(said))) is kind
