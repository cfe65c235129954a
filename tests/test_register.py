"""The parts that counting persons is made of: arrays of columns, exact sums, groups, and the order of rows."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
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
from udsat import engine
from udsat.messages.problems import TableError
from udsat.register import arrays, batches, count, duplicates, files, groups, sums, tallies
from udsat.register.arrays import BAD, EMPTY, TOLD, ArrayColumn, CellFactor
from udsat.register.cells import MOST
from udsat.register.groups import Groups
from udsat.register.sums import Sums

KINDS = [pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32()]


def cells_back(one: CellFactor) -> list[Any]:
    return [one.cells[place] for place in one.index]


def whole_factor(cells: Sequence[int | None], kind: pa.DataType) -> CellFactor:
    return ArrayColumn().factor(pa.array(cells, kind))


@settings(deadline=None)
@given(st.sampled_from(KINDS), st.integers(1, 4), st.data())
def test_whole_numbers_with_gaps_are_their_cells_by_place_batch_after_batch(
    kind: pa.DataType, many: int, data: Any
) -> None:
    info, column = np.iinfo(str(kind)), ArrayColumn()
    near = st.integers(max(info.min, -5), 5)
    for _ in range(many):
        some = data.draw(
            st.sampled_from(
                [
                    st.one_of(st.none(), near),
                    st.one_of(near, st.integers(int(info.min), int(info.max))),
                ]
            )
        )
        cells = data.draw(st.lists(some, min_size=1, max_size=30))
        assert cells_back(column.factor(pa.array(cells, kind))) == cells
        assert (
            cells_back(column.factor(pa.array([7, *cells, 9], kind).slice(1, len(cells)))) == cells
        )


def test_whole_numbers_keep_their_cells_while_no_others_come() -> None:
    column = ArrayColumn()
    first, second, third = (
        column.factor(pa.array(cells, pa.int16())).cells for cells in ([3, 7], [4, 5], [4, 9])
    )
    assert first is second
    assert third == (3, 4, 5, 6, 7, 8, 9)


texts = st.lists(
    st.lists(
        st.one_of(st.none(), st.sampled_from(["a", "b", "c", "æ", ""])), min_size=1, max_size=12
    ),
    min_size=1,
    max_size=4,
)
narrow_indices = st.sampled_from([pa.int8(), pa.uint8(), pa.int32(), pa.int64()])


@settings(deadline=None)
@given(texts, st.booleans(), st.sampled_from([0, 2, 1 << 17]), narrow_indices)
def test_texts_are_their_cells_by_place_batch_after_batch(
    some: list[list[str | None]], lasting: bool, most: int, kind: pa.DataType
) -> None:
    plain, listed = ArrayColumn(lasting), ArrayColumn(lasting)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(arrays, "_MOST_LISTED", most)
        for cells in some:
            column = pa.array(cells, pa.string())
            assert cells_back(plain.factor(column)) == cells
            assert (
                cells_back(
                    listed.factor(column.dictionary_encode().cast(pa.dictionary(kind, pa.string())))
                )
                == cells
            )
            assert (
                cells_back(plain.factor(pa.array(["x", *cells, None]).slice(1, len(cells))))
                == cells
            )


def test_texts_that_are_to_last_keep_their_cells_while_no_others_come() -> None:
    lasting, fleeting = ArrayColumn(lasting=True), ArrayColumn()
    batches_of = [pa.array(cells) for cells in (["a", "b", None], ["b", "a"], ["c", "a"])]
    first, second, third = (lasting.factor(column).cells for column in batches_of)
    assert first is second and third == (None, "a", "b", "c")
    assert [fleeting.factor(column).cells for column in batches_of] == [
        (None, "a", "b"),
        (None, "b", "a"),
        (None, "c", "a"),
    ]


@settings(deadline=None)
@given(
    st.lists(
        st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1), st.integers(-3, 3)),
        min_size=1,
        max_size=20,
    )
)
def test_a_whole_number_is_told_unless_it_is_empty_or_more_than_anyone_has(
    cells: list[int | None],
) -> None:
    found = arrays.amounts(pa.array(cells, pa.int64()))
    states = [EMPTY if cell is None else BAD if abs(cell) >= MOST else TOLD for cell in cells]
    assert (found.states.tolist() if found.states is not None else [TOLD] * len(cells)) == states
    assert found.values.tolist() == [
        cell if state == TOLD else 0 for cell, state in zip(cells, states, strict=True)
    ]
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
def test_a_float_stands_for_its_shortest_decimal_and_says_where_it_was_cut(
    cell, state, nano, cut
) -> None:
    found = arrays.amounts(pa.array([cell, 0.5], pa.float64()))
    assert (0 if found.states is None else found.states[0], found.values[0]) == (state, nano)
    assert (found.cut is not None and bool(found.cut[0])) is cut


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.one_of(st.integers(-9, 9), st.integers(-(2**62), 2**62))),
        min_size=1,
        max_size=40,
    )
)
def test_sums_are_exact_however_large(some: list[tuple[int, int]]) -> None:
    places, values = (np.array(column, np.int64) for column in zip(*some, strict=True))
    truth = [sum(value for place, value in some if place == group) for group in range(4)]
    assert arrays.sums(places, values, 4, max(abs(value) for _, value in some)).tolist() == truth


places = st.tuples(
    st.integers(0, 2), st.integers(0, 300), st.integers(0, 300), st.integers(2010, 2012)
)


@settings(deadline=None)
@given(
    st.lists(st.lists(places, min_size=1, max_size=40), min_size=1, max_size=3),
    st.sampled_from([1, 50, 1 << 22]),
)
def test_rows_share_a_group_where_all_their_cells_are_the_same_in_all_batches(
    some: list[list[tuple[int, ...]]], most: int
) -> None:
    columns = [ArrayColumn() for _ in groups_of]
    for column, cells in zip(
        columns, zip(*[row for batch in some for row in batch], strict=True), strict=True
    ):
        column.factor(
            pa.array(cells, pa.int32())
        )  # from now on the cells of a column are the same for all batches
    numbers: dict[tuple[int, ...], int] = {}
    told: Groups | None = None
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(groups, "_MOST_PLACES", most)
        for batch in some:
            factors = {
                name: column.factor(pa.array(cells, pa.int32()))
                for name, column, cells in zip(
                    groups_of, columns, zip(*batch, strict=True), strict=True
                )
            }
            told = told or Groups(factors)
            assert told.fit(factors)
            found, new = told.of(factors)
            assert [found[row] for row in new] == list(range(len(numbers), len(numbers) + len(new)))
            assert all(
                numbers.setdefault(row, number) == number
                for row, number in zip(batch, found.tolist(), strict=True)
            )
    assert len(set(numbers.values())) == len(numbers)


groups_of = ("region", "municipality", "area", "year")


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 1),
            st.lists(st.tuples(st.sampled_from("abc "), st.integers(1, 9)), min_size=1),
        ),
        max_size=12,
    ),
    st.sampled_from([1, 3, 100]),
)
def test_what_several_threads_add_up_is_the_same_whenever_it_is_handed_on(
    some: list[tuple[int, list[tuple[str, int]]]], most: int
) -> None:
    handed: list[pa.Table] = []
    written = {
        "year": int,
        "area": lambda cell: (cell or "").strip(),
        "municipality": str,
        "region": str,
    }
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sums, "_MOST_GROUPS", most)
        added = Sums(["residents"], written, handed.append)
        names = [added.names, added.names]
        for thread, rows_ in some:
            areas, many = zip(*rows_, strict=True)
            one = arrays.constant(2010, len(rows_)), arrays.constant("x", len(rows_))
            factors = {
                "year": one[0],
                "area": ArrayColumn().factor(pa.array(areas)),
                "municipality": one[1],
                "region": one[1],
            }
            keys = added.keys(names[thread], factors, np.arange(len(rows_)))
            added.add(names[thread], keys, np.array([many]))
            if many[0] % 2:
                names[thread] = added.names
    found: Counter[str] = Counter()
    for table in [*handed, added.taken()]:
        found.update(
            dict(
                zip(
                    (area or "" for area in table["area"].to_pylist()),
                    table["residents"].to_pylist(),
                    strict=True,
                )
            )
        )
    truth: Counter[str] = Counter()
    for _, rows_ in some:
        for area, number in rows_:
            truth[area.strip()] += number
    assert found == truth


years = st.integers(2010, 2012)
who = st.one_of(st.integers(0, 6), st.none())


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(years, who), max_size=12),
    st.sampled_from(["given", "by year", "by person"]),
    st.lists(st.integers(0, 12)),
    st.booleans(),
)
def test_the_order_of_rows_proves_that_nobody_stands_twice_exactly_where_it_rises(
    some, sort, cuts, texts
) -> None:
    if sort == "by year":
        some = sorted(some, key=lambda row: (row[0], row[1] or 0))
    if sort == "by person":
        some = sorted(some, key=lambda row: (row[1] or 0, row[0]))
    names = (
        [(year, None if one is None else "" if one == 0 else f"P{one}") for year, one in some]
        if texts
        else some
    )
    ends = sorted({0, len(some), *(cut for cut in cuts if cut < len(some))})
    orders: list[duplicates.Order] = []
    for number, (start, end) in enumerate(pairwise(ends)):
        if number % 2 == 0:
            orders.append(duplicates.Order())
        orders[-1].add(*as_batch(names[start:end], texts))
    by_year, by_person = (all(key(a) < key(b) for a, b in pairwise(names)) for key in (lambda row: row, lambda row: row[::-1])) if all(
        one not in {None, ""} for _, one in names
    ) else (False, False)  # fmt: skip
    assert duplicates.rising(orders) == (by_year or by_person or not names)


def as_batch(some: Sequence[tuple[int, Any]], texts: bool) -> tuple[CellFactor, pa.Array]:
    years, persons = zip(*some, strict=True)
    return whole_factor(years, pa.int16()), pa.array(persons, pa.string() if texts else pa.int64())


@pytest.fixture
def in_small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few rows in a batch, few batches in a stretch, and halves of batches: what is one piece elsewhere meets its neighbours here."""
    monkeypatch.setattr(batches, "ROWS", 5)
    monkeypatch.setattr(batches, "_STRETCH", 8)
    monkeypatch.setattr(tallies, "_MOST_COUNTS", 12)
    monkeypatch.setattr(tallies, "_BATCHES", 2)
    monkeypatch.setattr(groups, "_MOST_PLACES", 3)
    monkeypatch.setattr(sums, "_MOST_GROUPS", 4)
    monkeypatch.setattr(sums, "_LONG", 2)


@settings(max_examples=15, deadline=None)
@given(some=people(), criteria=st.sampled_from([None, "2010", "2021"]), texts=st.booleans())
def test_counts_are_the_same_in_however_many_pieces_the_rows_are_read(
    tmp_path_factory, some, criteria, texts
) -> None:
    if not any(one["area"] for one in some):
        return
    file = oracle.as_parquet(
        some, tmp_path_factory.mktemp("pieces") / "p.parquet", texts=texts, row_group=3
    )
    with pytest.MonkeyPatch.context() as patched:
        in_small_pieces.__wrapped__(
            patched
        )  # the fixture's own function: hypothesis runs many examples in one test
        found = rows(counted([file], criteria))
    assert found == rows(counted([file], criteria))
    assert disagreements(found, oracle.counts(some, criteria), points=True) == []


def test_a_code_that_comes_late_in_a_file_is_found_and_named_by_its_row(
    tmp_path, in_small_pieces
) -> None:
    some = [person(n) for n in range(40)] + [person(40, origin="ukendt"), person(41)]
    [text] = problems([oracle.as_parquet(some, tmp_path / "p.parquet", row_group=7)])
    assert "row group 6, row 41" in text and "'ukendt' is no code" in text


def test_an_area_written_with_and_without_blanks_is_one(tmp_path, in_small_pieces) -> None:
    some = [person(n, area="Lunden" if n % 2 else " Lunden ") for n in range(9)]
    assert [
        row["residents"] for row in rows(counted([oracle.as_parquet(some, tmp_path / "p.parquet")]))
    ] == ["9"]


def test_columns_of_categories_and_of_wide_numbers_are_counted_as_texts_and_narrow_ones(
    tmp_path,
) -> None:
    some = [
        person(
            n,
            area=f"A{n % 3}",
            income=str(100_000 + n),
            origin="ikke-vestlig" if n % 2 else "dansk",
        )
        for n in range(30)
    ]
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
    monkeypatch.setattr(duplicates, "twice", lambda *_: pytest.fail("rows were looked through"))
    assert Counter(
        row["residents"] for row in rows(counted([oracle.as_parquet(some, tmp_path / "p.parquet")]))
    ) == {"6": 2}


def test_what_is_asked_of_persons_in_a_year_that_no_list_looks_at_is_not_asked(tmp_path) -> None:
    some = [person(0, year=2011, student="?", income="mange"), person(1, year=2011)]
    assert [
        row["residents"] for row in rows(counted([oracle.as_csv(some, tmp_path / "p.csv")]))
    ] == ["2"]


def test_digests_are_those_of_the_files_also_where_they_began_early(tmp_path) -> None:
    for number, content in enumerate([b"a" * 10_000_000, b"b"]):
        (tmp_path / f"{number}.csv").write_bytes(content)
    given = files.named([str(tmp_path)])
    given.begin()
    truth = [hashlib.sha256(Path(path).read_bytes()).hexdigest() for path in given.paths]
    assert given.digests() == files.named([str(tmp_path)]).digests() == truth


def test_a_file_that_is_gone_before_its_digest_is_formed_is_said(tmp_path) -> None:
    (tmp_path / "p.csv").write_text("a")
    given = files.named([str(tmp_path / "p.csv")])
    (tmp_path / "p.csv").unlink()
    with pytest.raises(FileNotFoundError):
        given.digests()


def test_a_list_of_as_many_cells_as_two_bytes_tell_apart_is_counted() -> None:
    many = CellFactor(tuple(range(1 << 16)), np.array([0, 7, 65_535], np.uint16))
    one, two = arrays.constant("x", 3), CellFactor(("a", "b"), np.array([1, 0, 1], np.uint16))
    assert (
        arrays.joined([one, many], one.index)[0].tolist()
        == arrays.joined([many, one], one.index)[0].tolist()
        == [0, 7, 65_535]
    )
    assert arrays.joined([one, many, two], one.index)[0].tolist() == [1, 14, 131_071]
    assert arrays.joined([two, many], one.index)[0].tolist() == [65_536, 7, 131_071]


def test_65_535_areas_are_counted(tmp_path) -> None:
    some = [person(n, area=f"A{n:05d}") for n in range(65_535)]
    found = rows(counted([oracle.as_parquet(some, tmp_path / "p.parquet")]))
    assert len(found) == 65_535 and {row["residents"] for row in found} == {"1"}


@pytest.mark.parametrize("others", [[], [person(1, year=2019)]])
def test_of_a_year_that_no_list_looks_at_residents_alone_are_told(tmp_path, others) -> None:
    found = rows(counted([oracle.as_csv([person(0, year=1980), *others], tmp_path / "p.csv")]))
    assert [(row["year"], row["residents"]) for row in found] == [("1980", "1"), ("2019", "1")][
        : 1 + len(others)
    ]
    assert not found[0].get("convicted")


def test_a_person_is_told_apart_by_the_bytes_of_the_text_whatever_they_are(tmp_path) -> None:
    table = pa.parquet.read_table(
        oracle.as_parquet([person(n) for n in range(3)], tmp_path / "p.parquet")
    )
    names = pa.array([b"A", b"B", b"\xc6"]).view(pa.string())
    at = table.schema.get_field_index("PNR")
    pa.parquet.write_table(table.set_column(at, "PNR", names), tmp_path / "bytes.parquet")
    assert [row["residents"] for row in rows(counted([tmp_path / "bytes.parquet"]))] == ["3"]


@pytest.mark.parametrize("more", [3, 40])
def test_a_file_that_changes_while_it_is_read_gives_no_counts(tmp_path, monkeypatch, more) -> None:
    file = oracle.as_parquet([person(n) for n in range(20)], tmp_path / "p.parquet", row_group=10)
    count_all = count.Counter.count

    def changed_before(*given: Any) -> Any:
        oracle.as_parquet([person(n) for n in range(more)], file, row_group=10)
        return count_all(*given)

    monkeypatch.setattr(count.Counter, "count", changed_before)
    with pytest.raises(TableError) as told:
        counted([file])
    assert told.value.problems[0].code == "UD708"


def test_counting_loads_no_pandas(tmp_path) -> None:
    files = [
        oracle.as_csv([person(0)], tmp_path / "p.csv"),
        oracle.as_parquet([person(1, area="", convicted=1)], tmp_path / "p.parquet"),
    ]
    code = "import sys, contextlib\nfrom udsat.cli.app import main\nwith contextlib.suppress(SystemExit): main()\nsys.exit('pandas' in sys.modules)"
    ran = subprocess.run(
        [
            sys.executable,
            "-c",
            code,
            "aggregate",
            *map(str, files),
            "-o",
            str(tmp_path / "c.parquet"),
        ],
        check=False,
    )
    assert ran.returncode == 0


def test_codes_years_and_regions_kept_as_decimals_are_the_same_codes(tmp_path) -> None:
    some = [person(n, convicted=n % 2, area=f"A{n % 2}") for n in range(8)]
    table = pa.parquet.read_table(oracle.as_parquet(some, tmp_path / "p.parquet"))
    truth = rows(counted([tmp_path / "p.parquet"]))
    for n, name in enumerate(table.column_names):
        if name in {"AAR", "REG", "ALDER", "DOEMT", "UDDANNELSE", "UDD_GODKENDT", "UDD_SOEGENDE"}:
            table = table.set_column(
                n,
                name,
                pa.array(
                    [Decimal(str(cell)) for cell in table.column(name).to_pylist()],
                    pa.decimal128(12, 2),
                ),
            )
    pa.parquet.write_table(table, tmp_path / "d.parquet")
    assert rows(counted([tmp_path / "d.parquet"])) == truth


def test_a_column_that_stands_twice_is_read_as_the_engine_names_it(tmp_path) -> None:
    some = [person(0), person(1, convicted=1)]
    table = pa.parquet.read_table(oracle.as_parquet(some, tmp_path / "p.parquet"))
    pa.parquet.write_table(
        table.append_column("OMRAADE", table.column("OMRAADE")), tmp_path / "twice.parquet"
    )
    assert rows(counted([tmp_path / "twice.parquet"])) == rows(counted([tmp_path / "p.parquet"]))


def test_a_decimal_too_large_for_an_income_is_named(tmp_path) -> None:
    table = pa.parquet.read_table(
        oracle.as_parquet([person(0, year=2016), person(1, year=2016)], tmp_path / "p.parquet")
    )
    far = pa.array([Decimal(250_000), Decimal(10**20)], pa.decimal128(38, 2))
    pa.parquet.write_table(
        table.set_column(table.schema.get_field_index("BRUTTOINDKOMST"), "BRUTTOINDKOMST", far),
        tmp_path / "d.parquet",
    )
    [text] = problems([tmp_path / "d.parquet"])
    assert "row 2: BRUTTOINDKOMST: UD704" in text


def test_a_cap_too_small_for_text_that_is_read_is_said_in_words(tmp_path) -> None:
    file = oracle.as_csv(
        [person(n, education="x" * 5_000) for n in range(20_000)], tmp_path / "p.csv"
    )
    ran = udsat(tmp_path, "aggregate", str(file), "--memory", "64MB")
    assert (ran.status, "UD713" in ran.err or "UD703" in ran.err) in {(2, True), (1, True)}, ran.err


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Out of Memory Error: x", duckdb.OutOfMemoryException),
        ("INTERRUPT Error: x", duckdb.InterruptException),
        ("else", OSError),
    ],
)
def test_what_arrow_says_for_the_engine_is_told_by_the_kind_of_error(said, kind) -> None:
    assert type(engine.unwrap_engine_error(OSError(said))) is kind
