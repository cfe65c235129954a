"""Persons become the counts that the law asks for: held against a second program that counts them one by one."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import persons as oracle
from persons import HEADINGS, Person
from udsat import engine, export, ticks
from udsat.engine import spill
from udsat.law import loader
from udsat.messages.problems import UdsatError, UsageError
from udsat.register.aggregate import Counted
from udsat.register.aggregate import aggregate as engine_counts
from udsat.register.mapping import PROPERTIES, load
from udsat.tables.validate import cells

VERSIONS = (None, "2010", "2014", "2018", "2021")
LEVELS = ("10", "H10", "35", "H70", "90", "")
parts = st.sampled_from(["0", "1", "0.25", "0.5", "0.333333333", "0.123456789", "0.07"])
incomes = st.one_of(
    st.none(),
    st.integers(0, 900_000).map(str),
    st.sampled_from(["180000.5", "250000.25", "99999.99"]),
)
AREAS = (
    ("Ærøparken", 101, "84"),
    ("Nørrebo", 101, "84"),
    ("Nørrebo", 461, "83"),
    ("Østgården; syd", 751, "82"),
    ("", 851, "81"),
    ("", 259, "85"),
)


@st.composite
def people(
    draw: Any, years: Sequence[int] = (2008, 2012, 2013, 2016, 2017, 2018, 2019, 2024)
) -> list[Person]:
    """Random persons around the ages that the law names, each once a year."""
    found = []
    for number in range(draw(st.integers(1, 40))):
        area, town, region = draw(st.sampled_from(AREAS))
        found.append(
            {
                "person": f"P{number:05d}", "year": draw(st.sampled_from(list(years))), "area": area, "municipality": town, "region": region,
                "age": draw(st.sampled_from([0, 14, 15, 17, 18, 29, 30, 45, 59, 60, 64, 65, 99])),
                "origin": draw(st.sampled_from(["dansk", "vestlig", "ikke-vestlig"])), "outside": draw(parts),
                "convicted": draw(st.integers(0, 1)), "education": draw(st.sampled_from(LEVELS)), "approved": draw(st.integers(0, 1)),
                "income": draw(incomes), "student": draw(st.integers(0, 1)),
            }
        )  # fmt: skip
    return found


def counted(
    files: Sequence[Path], criteria: str | None = None, least: int = 0, map: Path | None = None
) -> Counted:
    law = loader.choose(criteria) if criteria else loader.shipped()
    with spill.inside() as folder:
        return engine_counts(
            [str(file) for file in files],
            law,
            load(str(map) if map else None),
            engine.connect(),
            folder,
            least,
        )


def rows(found: Counted) -> list[dict[str, str]]:
    """Return the counts as a CSV file has them."""
    stream = io.StringIO()
    relation = found.relation()
    export.to_csv(stream, relation.columns, relation.fetchall())
    return list(csv.DictReader(io.StringIO(stream.getvalue())))


def interval(cell: str) -> tuple[Fraction, Fraction]:
    """Return what a cell of the area table may be."""
    number = cells.number(cell)
    high = number.high - 1 if number.open_above else number.high
    return Fraction(number.low), Fraction(high)


def disagreements(
    ours: Sequence[dict[str, str]], theirs: dict[Any, dict[str, Any]], *, points: bool
) -> list[str]:
    wrong = [
        f"{key} is missing"
        for key in theirs
        if key not in {(r["area"], r["municipality"], int(r["year"])) for r in ours}
    ]
    for row in ours:
        expected = theirs.get((row["area"], row["municipality"], int(row["year"])), {})
        for name in ("residents", *(f"{m}{end}" for m in MEASURES for end in ("", "_base"))):
            cell, value = row.get(name, ""), expected.get(name)
            if (cell == "") != (value is None) and not (not points and name == "gross_income"):
                wrong.append(f"{row['area']} {row['year']} {name}: {cell!r} instead of {value}")
            elif cell and value is not None:
                low, high = interval(cell)
                exact_one = low == high
                if not low <= value <= high or (
                    points and not exact_one and (value * ticks.NANO).denominator == 1
                ):
                    wrong.append(f"{row['area']} {row['year']} {name}: {cell} instead of {value}")
    return wrong


MEASURES = ("outside_labour_market", "convicted", "basic_education", "gross_income", "non_western")
FORMS = ("numbers", "texts", "csv", "danish csv", "two files of different kinds")


def written(some: Sequence[Person], form: str, folder: Path) -> tuple[list[Path], Path | None]:
    if form == "numbers":
        return [oracle.as_parquet(some, folder / "p.parquet")], None
    if form == "texts":
        return [oracle.as_parquet(some, folder / "p.parquet", texts=True)], None
    if form == "csv":
        return [oracle.as_csv(some, folder / "p.csv")], None
    if form == "danish csv":
        own = folder / "map.toml"
        own.write_text('[numbers]\ndecimal = "comma"\n', encoding="utf-8")
        return [oracle.as_csv(some, folder / "p.csv", danish=True)], own
    half = len(some) // 2
    files = [oracle.as_parquet(some[half:], folder / "p.parquet")]
    return [*files, oracle.as_csv(some[:half], folder / "q.csv")] if half else files, None


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(people(), st.sampled_from(VERSIONS), st.sampled_from(FORMS))
def test_every_count_is_that_of_the_law_for_all_versions_and_ways_of_writing(
    tmp_path_factory, some, criteria, form
) -> None:
    if not any(person["area"] for person in some):
        return
    files, own = written(some, form, tmp_path_factory.mktemp("persons"))
    assert (
        disagreements(
            rows(counted(files, criteria, map=own)), oracle.counts(some, criteria), points=True
        )
        == []
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(people(), st.integers(2, 12))
def test_a_hidden_count_always_holds_the_true_one_and_never_shows_fewer_persons_than_asked(
    tmp_path_factory, some, least
) -> None:
    if not any(person["area"] for person in some):
        return
    files, _ = written(some, "numbers", tmp_path_factory.mktemp("persons"))
    found, truth = rows(counted(files, least=least)), oracle.counts(some)
    assert disagreements(found, truth, points=False) == []
    for row in found:
        for measure in MEASURES:
            cell, base = row.get(measure, ""), row.get(f"{measure}_base", "")
            if measure == "gross_income" or not cell:
                continue
            low, high = interval(cell)
            most = interval(base)[1]
            assert high >= min(least - 1, most) and (low == 0 or low >= least or high == most), (
                measure,
                cell,
                base,
            )
            if low == high:
                assert least <= low <= most - least, (measure, cell, base)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(people(years=(2017, 2018)), st.sampled_from(VERSIONS))
def test_references_are_the_shares_and_means_of_the_same_rows(
    tmp_path_factory, some, criteria
) -> None:
    if not any(person["area"] for person in some):
        return
    everywhere = [
        person(900 + n, region=region, area="", municipality=region, year=2017)
        for n, region in enumerate(oracle.REGIONS)
    ]
    some = [*some, *everywhere]
    files, _ = written(some, "numbers", tmp_path_factory.mktemp("persons"))
    found = counted(files, criteria).references
    ours = {
        (row[1], int(row[0]), row[3]): Fraction(row[6] or Decimal(row[4])) for row in found.rows
    }
    theirs: dict[Any, Fraction] = {}
    for year in {person["year"] for person in some}:
        share = oracle.national_convicted(some, year)
        if {person["region"] for person in some if person["year"] == year} != set(oracle.REGIONS):
            continue
        if share is not None and criteria not in ("2010", "2014"):
            theirs["convicted", year, ""] = share
        if criteria != "2010":
            theirs |= {
                ("gross_income", year, name): mean
                for name, mean in oracle.mean_incomes(some, year).items()
            }
    assert ours == {
        key: value for key, value in theirs.items() if value
    }  # nothing is a multiple of 0


def test_no_figure_is_formed_from_a_part_of_the_country(tmp_path) -> None:
    some = [person(number=n, region="84") for n in range(3)]
    found = counted([oracle.as_parquet(some, tmp_path / "p.parquet")]).references
    assert (found.rows, found.left_out) == ([], (2019,))


def person(number: int = 0, **other: Any) -> dict[str, Any]:
    return {
        "person": f"P{number:05d}", "year": 2019, "area": "Lunden", "municipality": 101, "region": "84", "age": 40, "origin": "dansk",
        "outside": "0", "convicted": 0, "education": "35", "approved": 1, "income": "250000", "student": 0,
    } | other  # fmt: skip


def problems(files: Sequence[Path], **options: Any) -> list[str]:
    with pytest.raises(UdsatError) as error:
        counted(files, **options)
    return [str(problem) for problem in error.value.problems]


def test_a_person_counted_twice_is_found_over_files_and_named_by_row_and_not_by_number(
    tmp_path,
) -> None:
    one = oracle.as_parquet([person(n) for n in range(7)], tmp_path / "a.parquet", row_group=3)
    other = oracle.as_parquet([person(9), person(5, area="")], tmp_path / "b.parquet")
    [text] = problems([one, other])
    assert (
        "UD701" in text
        and text.startswith(f"{other}, row group 1, row 2")
        and f"{one}, row group 2, row 6" in text
    )
    assert "P00005" not in text


def test_the_same_person_in_two_years_is_counted_in_both(tmp_path) -> None:
    some = [person(1, year=2019), person(0, year=2019), person(1, year=2018)]
    assert [
        row["residents"] for row in rows(counted([oracle.as_parquet(some, tmp_path / "a.parquet")]))
    ] == ["1", "2"]


WRONG = [
    ({"age": "34 år"}, "UD702", "ALDER", "'34 år' is no age"),
    ({"age": "34.5"}, "UD702", "ALDER", "'34.5' is no age"),
    ({"age": "-1"}, "UD702", "ALDER", "'-1' is no age"),
    ({"age": "240"}, "UD702", "ALDER", "'240' is no age"),
    ({"age": ""}, "UD702", "ALDER", "an empty cell is no age"),
    ({"year": "19"}, "UD702", "AAR", "'19' is no year"),
    ({"person": ""}, "UD702", "PNR", "an empty cell is no person"),
    ({"convicted": "2"}, "UD703", "DOEMT", "'2' is no code that the map knows"),
    ({"convicted": ""}, "UD703", "DOEMT", "an empty cell is no code"),
    ({"education": "95"}, "UD703", "UDDANNELSE", "'95' is no code"),
    ({"approved": "x"}, "UD703", "UDD_GODKENDT", "'x' is no code"),
    ({"origin": "Ikke-vestlig"}, "UD703", "OPRINDELSE", "'Ikke-vestlig' is no code"),
    ({"student": ""}, "UD703", "UDD_SOEGENDE", "an empty cell is no code"),
    ({"region": "99"}, "UD703", "REG", "'99' is no code"),
    ({"outside": "3"}, "UD704", "UDENFOR", "'3' is no part of a year"),
    ({"outside": "0,5"}, "UD704", "UDENFOR", "'0,5' is no part of a year"),
    ({"outside": ""}, "UD704", "UDENFOR", "an empty cell is no part of a year"),
    ({"income": "mange", "year": 2017}, "UD704", "BRUTTOINDKOMST", "'mange' is no income"),
]


@pytest.mark.parametrize(
    ("change", "code", "heading", "words"),
    WRONG,
    ids=[f"{next(iter(w[0]))} {next(iter(w[0].values()))}" for w in WRONG],
)
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_cell_that_cannot_be_counted_stops_the_run_and_is_named(
    tmp_path, change, code, heading, words, form
) -> None:
    some = [person(n) for n in range(5)] + [person(5, **change), person(6)]
    write_ = (
        oracle.as_csv
        if form == "csv"
        else lambda some, path: oracle.as_parquet(some, path, texts=True, row_group=4)
    )
    file = write_(some, tmp_path / f"p.{form}")
    [text] = problems([file])
    place = f"{file}:7: " if form == "csv" else f"{file}, row group 2, row 6: "
    assert text.startswith(f"{place}{heading}: {code}") and words in text


def test_codes_of_persons_outside_a_population_are_not_asked_for(tmp_path) -> None:
    child = person(
        1, age=9, convicted="", education="zz", outside="", income="", student="", approved=""
    )
    file = oracle.as_csv([person(0), child], tmp_path / "p.csv")
    [row] = rows(counted([file]))
    assert (row["residents"], row["convicted_base"], row["basic_education_base"]) == ("2", "1", "1")


def test_unknown_convictions_are_a_bound_where_the_map_says_so(tmp_path) -> None:
    own = tmp_path / "map.toml"
    own.write_text(
        '[codes.convicted]\nyes = ["1"]\nno = ["0"]\nmissing = "unknown"\n', encoding="utf-8"
    )
    some = [person(0, convicted=1), person(1, convicted=""), person(2), person(3, convicted="")]
    [row] = rows(counted([oracle.as_csv(some, tmp_path / "p.csv")], map=own))
    assert (row["convicted"], row["convicted_base"]) == ("1-3", "4")


def test_a_constant_stands_for_a_column_that_the_table_lacks(tmp_path) -> None:
    own = tmp_path / "map.toml"
    own.write_text(
        '[columns]\nyear = ""\n[constants]\nyear = 2018\neducation_approved = "1"\n',
        encoding="utf-8",
    )
    [row] = rows(
        counted(
            [oracle.as_csv([person(0, education="10", approved="nej")], tmp_path / "p.csv")],
            map=own,
        )
    )
    assert (row["year"], row["basic_education"]) == ("2018", "1")


def test_codes_padded_with_blanks_and_numbers_kept_as_floats_are_the_same_codes(tmp_path) -> None:
    padded = [person(0, education="10  ", origin=" ikke-vestlig", convicted="1 ")]
    [row] = rows(counted([oracle.as_parquet(padded, tmp_path / "p.parquet", texts=True)]))
    assert (row["basic_education"], row["non_western"], row["convicted"]) == ("1", "1", "1")
    columns = {
        heading: [person(0, convicted=1, region="84")[name]] for name, heading in HEADINGS.items()
    }
    floats = {
        "DOEMT": [1.0],
        "REG": [84.0],
        "AAR": [2019.0],
        "ALDER": [40.0],
        "UDENFOR": [0.5],
        "BRUTTOINDKOMST": [1.5],
    }
    pq.write_table(pa.table({**columns, **floats}), tmp_path / "f.parquet")
    [row] = rows(counted([tmp_path / "f.parquet"]))
    assert (row["convicted"], row["region"], row["outside_labour_market"], row["year"]) == (
        "1",
        "Region Hovedstaden",
        "0.5",
        "2019",
    )


def test_persons_of_one_area_in_two_regions_stop_the_run(tmp_path) -> None:
    some = [person(0), person(1, region="81")]
    assert [
        "UD710" in text and "Lunden, 101 in 2019" in text
        for text in problems([oracle.as_csv(some, tmp_path / "p.csv")])
    ] == [True]


def test_every_missing_file_among_many_is_named_before_anything_is_read(tmp_path) -> None:
    good = oracle.as_csv([person(0)], tmp_path / "p.csv")
    found = problems([good, tmp_path / "no.parquet", tmp_path / "q_*.csv", tmp_path / "p.txt"])
    assert [text.split(": ")[1] for text in found] == ["UD707 does not exist (check the name and the folder)"] + [
        "UD707 matches no file (check the name and the folder)", "UD707 does not exist (check the name and the folder)"]  # fmt: skip


def test_a_folder_and_a_pattern_stand_for_their_files_and_no_file_counts_twice(tmp_path) -> None:
    one = oracle.as_csv([person(0)], tmp_path / "a.csv")
    oracle.as_parquet([person(1)], tmp_path / "b.parquet")
    (tmp_path / "README.md").write_text("no persons", encoding="utf-8")
    for names in ([tmp_path], [tmp_path / "*.csv", tmp_path / "b.*", one]):
        assert [row["residents"] for row in rows(counted(names))] == ["2"]


def test_a_damaged_file_and_a_missing_column_are_named(tmp_path) -> None:
    whole = oracle.as_parquet([person(n) for n in range(500)], tmp_path / "a.parquet")
    cut = tmp_path / "cut.parquet"
    cut.write_bytes(whole.read_bytes()[:-200])
    without = tmp_path / "w.parquet"
    pq.write_table(pq.read_table(whole).drop(["ALDER", "DOEMT"]), without)
    assert ["UD708" in text and str(cut) in text for text in problems([whole, cut])] == [True]
    assert [(str(without) in text, "UD705" in text) for text in problems([whole, without])] == [
        (True, True)
    ] * 2


def test_a_row_of_csv_with_a_cell_too_many_is_an_error_and_not_a_shift(tmp_path) -> None:
    file = oracle.as_csv([person(n) for n in range(3)], tmp_path / "p.csv")
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([lines[0], lines[1], lines[2] + ",1", lines[3]]), encoding="utf-8")
    [text] = problems([file])
    assert "UD708" in text and str(file) in text and "Line: 3" in text


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_header_of_csv_with_a_line_break_is_refused_and_no_row_lost(end, tmp_path) -> None:
    file = oracle.as_csv([person(n) for n in range(3)], tmp_path / "p.csv")
    header, *rows = file.read_text(encoding="utf-8").splitlines()
    file.write_text(
        end.join([header + ',"RE\nMARK"', *(row + ',"a\nb"' for row in rows), ""]),
        encoding="utf-8",
        newline="",
    )
    [text] = problems([file])
    assert "UD708" in text and "line break" in text


def test_the_shipped_map_words_are_complete_and_a_wrong_map_is_refused_with_its_place(
    tmp_path,
) -> None:
    people = load(None).map
    assert len(people.regions()) == 5 and set(people.columns) <= set(PROPERTIES)
    for text, place in [
        ('[columns]\nhair = "X"\n', "hair"),
        ('[codes.convicted]\nja = ["1"]\n', "codes.convicted"),
        ('[codes.convicted]\nyes = ["1"]\nno = ["1"]\n', "is given twice"),
        ('[codes.convicted]\nyes = "1"\n', "a list"),
        ("[columns\n", "no TOML"),
        ("[colums]\n", "colums"),
    ]:
        file = tmp_path / "m.toml"
        file.write_text(text, encoding="utf-8")
        with pytest.raises(UsageError) as error:
            load(str(file))
        assert error.value.problems[0].code == "UD706" and place in str(error.value)
