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
UTF8_CSVS = [*sorted(PUBLISHED.glob("*.csv")), REFERENCES, WIDE, SAMPLES / "slagelse.csv", SAMPLES / "slagelse_sections.csv", LONG]
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


@pytest.mark.parametrize(("inner", "outer"), [("haard_ghetto", "ghetto"), ("omdannelse", "parallelsamfund")])
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
    names.update(normalised(r["alias"], r["municipality"]) for r in rows_of(PUBLISHED / "aliases.csv"))
    assert [name for name, times in names.items() if times > 1] == []


def test_wide_sample_holds_exactly_the_values_of_the_long_file() -> None:
    spelling = listed_spelling()
    expected: dict[tuple[str, str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
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
        plain = [residents.replace(".", ""), *(s.replace("..", "").replace(",", ".") for s in shares)]
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


@pytest.mark.parametrize("path", [*UTF8_CSVS, *READMES], ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_mentions_a_machine_path(path: Path) -> None:
    machine_path = r"(?m)(?:^|[\s\"'`(,;])(?:/[a-z]|[A-Za-z]:\\|~/)|file:/"
    assert re.findall(machine_path, path.read_text(encoding="utf-8")) == []
