"""The shipped lists and samples agree with each other, and are written the way their READMEs say."""

import csv
import io
import re
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).parents[1]
PUBLISHED = ROOT / "criteria/published"
SAMPLES = ROOT / "data/samples"
REFERENCES = ROOT / "criteria/references.csv"
WIDE = SAMPLES / "published_areas.csv"
LONG = ROOT / "tests/data/published_values.csv"
UTF8_CSVS = [
    *sorted(PUBLISHED.glob("*.csv")),
    REFERENCES,
    WIDE,
    SAMPLES / "slagelse.csv",
    SAMPLES / "slagelse_sections.csv",
    LONG,
]
READMES = [folder / "README.md" for folder in (PUBLISHED.parent, PUBLISHED, SAMPLES)]
MEASURED = ["outside_labour_market", "convicted", "basic_education", "income_ratio", "non_western"]
SHARES = [f"{measure}_pct" for measure in MEASURED]
MEASURES = [*SHARES, "convicted_per_10000"]
CONTRADICTS_ITSELF = ("2023-12-01", "Grønneparken (Vangkvarteret, Agervang)", "income_ratio_pct")

Area = tuple[str, str]  # name and municipality


def rows_of(path: Path, encoding: str = "utf-8", delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding).splitlines(), delimiter=delimiter))


def normalised(name: str, municipality: str) -> Area:
    name = unicodedata.normalize("NFC", name).casefold().replace("å", "aa").replace("\u00ad", "")
    name = re.sub("[\u2010-\u2015\u2212]", "-", name)
    name = re.sub(r"\s(mv|m\.fl)\.?$", "", " ".join(name.split()))
    return "/".join(sorted(part.strip() for part in name.split("/"))), municipality


def lists() -> dict[tuple[str, str], list[Area]]:
    found: dict[tuple[str, str], list[Area]] = defaultdict(list)
    for row in rows_of(PUBLISHED / "membership.csv"):
        found[row["list_date"], row["category"]].append((row["area"], row["municipality"]))
    return found


def listed_areas() -> set[Area]:
    return {area for areas in lists().values() for area in areas}


def listed_spelling() -> dict[Area, str]:
    """The list's spelling of every name that is known to mean a listed area."""
    stated = [r for r in rows_of(PUBLISHED / "aliases.csv") if r["status"] == "stated"]
    own = {normalised(*area): area[0] for area in listed_areas()}
    return own | {normalised(r["alias"], r["municipality"]): r["area"] for r in stated}


def test_every_list_has_its_official_size() -> None:
    counts = rows_of(PUBLISHED / "counts.csv")
    official = {(r["list_date"], r["category"]): int(r["count"]) for r in counts}
    assert len(official) == len(counts)
    assert {key: len(areas) for key, areas in lists().items()}.items() <= official.items()


def test_no_area_stands_twice_on_a_list() -> None:
    assert [key for key, areas in lists().items() if len(areas) != len(set(areas))] == []


@pytest.mark.parametrize(
    ("inner", "outer"), [("haard_ghetto", "ghetto"), ("omdannelse", "parallelsamfund")]
)
def test_an_inner_list_is_a_subset_of_the_outer_list_of_its_date(inner: str, outer: str) -> None:
    dates = [date for date, category in lists() if category == inner]
    assert len(dates) == 3
    assert [d for d in dates if not set(lists()[d, inner]) <= set(lists()[d, outer])] == []


def test_every_alias_names_a_listed_area() -> None:
    aliases = rows_of(PUBLISHED / "aliases.csv")
    assert {(r["area"], r["municipality"]) for r in aliases} <= listed_areas()
    assert {r["status"] for r in aliases} == {"stated", "unproven"}


def test_no_alias_equals_two_areas_of_one_municipality() -> None:
    names = Counter(normalised(*area) for area in listed_areas())
    names.update(
        normalised(r["alias"], r["municipality"]) for r in rows_of(PUBLISHED / "aliases.csv")
    )
    assert [name for name, times in names.items() if times > 1] == []


def test_wide_sample_holds_exactly_the_values_of_the_long_file() -> None:
    spelling = listed_spelling()
    expected: dict[tuple[str, str, str], dict[str, set[str]]] = defaultdict(
        lambda: defaultdict(set)
    )
    for r in rows_of(LONG):
        is_no_measure = r["area"].startswith("[") or r["indicator"] not in [*MEASURES, "residents"]
        if is_no_measure or (r["list_date"], r["area"], r["indicator"]) == CONTRADICTS_ITSELF:
            continue
        area = spelling.get(normalised(r["area"], r["municipality"]), r["area"])
        expected[r["list_date"], area, r["municipality"]][r["indicator"]].add(r["value"])
    printed = {key: cells for key, cells in expected.items() if cells.keys() & set(MEASURES)}
    for r in rows_of(WIDE):
        cells = {column: {r[column]} for column in [*MEASURES, "residents"] if r[column]}
        assert printed.pop((r["list_date"], r["area"], r["municipality"])) == cells
    assert printed == {}


def test_danish_sample_is_windows_1252_and_equals_the_wide_sample() -> None:
    raw = (SAMPLES / "omraader.csv").read_bytes()
    assert raw.count(b"\r\n") == raw.count(b"\n")
    pytest.raises(UnicodeDecodeError, raw.decode)
    wide = {(r["area"], r["list_date"]): r for r in rows_of(WIDE)}
    rows = [list(row.values()) for row in rows_of(SAMPLES / "omraader.csv", "cp1252", ";")]
    assert len(rows) == 9
    for area, municipality, region, year, residents, *shares in rows:
        plain = [
            residents.replace(".", ""),
            *(s.replace("..", "").replace(",", ".") for s in shares),
        ]
        expected = wide[area, f"{year}-12-01"]
        columns = ["municipality", "region", "residents", *SHARES]
        assert [municipality, region, *plain] == [expected[c] for c in columns]


def test_parquet_sample_is_typed_and_equals_the_wide_sample() -> None:
    parquet = duckdb.read_parquet(str(SAMPLES / "published_areas.parquet"))
    assert dict(zip(parquet.columns, map(str, parquet.types), strict=True)) == {
        **dict.fromkeys(rows_of(WIDE)[0], "VARCHAR"),
        **dict.fromkeys(MEASURES, "DOUBLE"),
        "list_date": "DATE",
        "residents": "BIGINT",
    }
    assert parquet.fetchall() == duckdb.read_csv(str(WIDE)).fetchall()


@pytest.mark.parametrize("path", UTF8_CSVS, ids=lambda path: path.name)
def test_csv_is_plain_utf8_with_unix_lines_and_tidy_cells(path: Path) -> None:
    raw = path.read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf") and b"\r" not in raw and raw.endswith(b"\n")
    assert [c for row in csv.reader(io.StringIO(raw.decode())) for c in row if c != c.strip()] == []


@pytest.mark.parametrize(
    "path", [*UTF8_CSVS, *READMES], ids=lambda path: str(path.relative_to(ROOT))
)
def test_no_file_mentions_a_machine_path(path: Path) -> None:
    machine_path = r"(?m)(?:^|[\s\"'`(,;])(?:/[a-z]|[A-Za-z]:\\|~/)|file:/"
    assert re.findall(machine_path, path.read_text(encoding="utf-8")) == []


# Partial lists ----

PARTIAL = PUBLISHED / "partial_membership.csv"
#: Areas that were on a prevention list and on no list that is complete by name.
NEVER_LISTED = {("Sønderbro", "Horsens"), ("Møllevangen", "Vejle")}
CERTAINTIES = {
    "on": {"stated_partial", "derived_partial"},
    "off": {"left"},
    "one_of_group": {"likely", "undetermined"},
}
#: Which list the areas of a derived row were on, by the list that they are on.
DERIVED_FROM = {
    ("2013-10-01", "ghetto"): ("2012-10-01", "ghetto"),
    **{
        (f"{year}-12-01", "udsat"): (f"{year}-12-01", "parallelsamfund")
        for year in (2021, 2022, 2023)
    },
}


def partial_lists() -> dict[tuple[str, str], list[dict[str, str]]]:
    found: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in rows_of(PARTIAL):
        found[row["list_date"], row["category"]].append(row)
    return found


def test_partial_lists_have_the_columns_and_words_that_their_readme_names() -> None:
    rows = rows_of(PARTIAL)
    assert list(rows[0]) == [
        "list_date",
        "category",
        "area",
        "municipality",
        "certainty",
        "group",
        "status",
        "source",
        "note",
    ]
    assert [row for row in rows if row["status"] not in CERTAINTIES[row["certainty"]]] == []
    assert [row for row in rows if bool(row["group"]) != (row["certainty"] == "one_of_group")] == []
    assert [row for row in rows if not row["source"].startswith("http")] == []
    assert {(row["area"], row["municipality"]) for row in rows} - listed_areas() == NEVER_LISTED


def test_no_area_stands_twice_on_a_partial_list_and_no_complete_list_is_partial() -> None:
    for key, rows in partial_lists().items():
        assert max(Counter((row["area"], row["municipality"]) for row in rows).values()) == 1, key
    assert partial_lists().keys() & lists().keys() == set()


def test_a_partial_list_has_room_for_its_areas_and_a_group_has_all_but_one() -> None:
    counts = {
        (r["list_date"], r["category"]): int(r["count"]) for r in rows_of(PUBLISHED / "counts.csv")
    }
    for key, rows in partial_lists().items():
        groups = Counter(row["group"] for row in rows if row["group"])
        assert all(size > 1 for size in groups.values())
        assert (
            sum(row["certainty"] == "on" for row in rows) + sum(groups.values()) - len(groups)
            <= counts[key]
        )


def test_what_a_partial_list_derives_from_a_complete_one_stands_there() -> None:
    for key, rows in partial_lists().items():
        derived = {
            (r["area"], r["municipality"])
            for r in rows
            if r["status"] == "derived_partial" and " on the list of " in f" {r['note']}"
        }
        assert derived <= set(lists().get(DERIVED_FROM.get(key, key), [])), key


def test_what_is_off_a_partial_list_is_on_no_list_within_it() -> None:
    for (date, category), rows in partial_lists().items():
        off = {(row["area"], row["municipality"]) for row in rows if row["certainty"] == "off"}
        inner = {"udsat": ["parallelsamfund", "omdannelse"], "parallelsamfund": ["omdannelse"]}.get(
            category, []
        )
        assert [name for name in inner if off & set(lists().get((date, name), []))] == [], (
            date,
            category,
        )


def test_the_leavers_of_2024_were_on_the_list_of_2023_and_one_of_its_transformation_areas_left_too() -> (
    None
):
    rows = partial_lists()["2024-12-01", "parallelsamfund"]
    before, inner = (
        set(lists()["2023-12-01", "parallelsamfund"]),
        set(lists()["2023-12-01", "omdannelse"]),
    )
    off = {(row["area"], row["municipality"]) for row in rows if row["certainty"] == "off"}
    group = {(row["area"], row["municipality"]) for row in rows if row["group"]}
    assert off <= before - inner and group == inner
    assert before - off - group == {("Askerød", "Greve")}
    assert len(before) - len(off) - 1 == 8


#: Who left and who came from one list of ghetto areas to the next, as the sources named beside the lists print it.
STEPS = {
    ("2018-12-01", "2019-12-01"): ({"Gadelandet/Husumgård", "Charlotteager", "Ellekonebakken"}, 2),
    ("2019-12-01", "2020-12-01"): (None, 0),
}


@pytest.mark.parametrize(("old", "new"), STEPS)
def test_published_steps_from_one_list_to_the_next_are_those_of_the_lists(
    old: str, new: str
) -> None:
    before, after = ({area for area, _ in lists()[date, "ghetto"]} for date in (old, new))
    left, came = STEPS[old, new]
    assert left is None or before - after == left
    assert len(after - before) == came
    assert left is not None or len(before - after) == 13


def test_the_leavers_of_october_2013_were_on_the_list_of_2012_and_on_none_of_2014() -> None:
    left = {
        (row["area"], row["municipality"])
        for row in partial_lists()["2013-10-01", "ghetto"]
        if row["certainty"] == "off"
    }
    assert left == {("Blågården", "København"), ("Dianavænget/Heliosvænget", "Odense")}
    assert left <= set(lists()["2012-10-01", "ghetto"])
    assert not left & set(lists()["2014-12-01", "ghetto"])


# What was withdrawn ----

TEXTS = [
    *sorted((ROOT / "criteria").rglob("*.toml")),
    *sorted((ROOT / "criteria").rglob("*.md")),
    *UTF8_CSVS,
    *sorted((ROOT / "docs").rglob("*.md")),
]


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_paragraph_61_b_has_no_stykker_and_no_bound_of_2023_is_claimed(path: Path) -> None:
    """§ 61 b lists nr. 1-4 directly below its opening words."""
    text = path.read_text(encoding="utf-8")
    assert "§ 61 b, stk." not in text
    assert not re.search(r"cannot be the limit of 2023|2\.11 at most|at most 2\.11", text)


def test_the_figures_of_dingeo_say_that_their_list_is_2021_or_2023() -> None:
    rows = [row for row in rows_of(LONG) if "dingeo.dk" in row["source_url"]]
    assert len(rows) == 6
    assert [row for row in rows if "2021 or 2023" not in row["reason_stated"]] == []
    assert [row["source_note"] for row in rows_of(WIDE) if "dingeo.dk" in row["source_note"]] == [
        "dingeo.dk; list of 2021 or 2023, not proven which"
    ]
    assert "| 2021 or 2023 | Tåstrupgård |" in (SAMPLES / "README.md").read_text(encoding="utf-8")


def test_the_only_limit_from_dingeo_is_inferred_and_of_2021() -> None:
    rows = [
        (row["list_date"], row["value"], row["status"])
        for row in rows_of(REFERENCES)
        if "dingeo.dk" in row["source"]
    ]
    assert rows == [("2021-12-01", "2.35", "inferred")]
    assert [row for row in rows_of(REFERENCES) if row["list_date"] >= "2023"] == []
