"""`udsat aggregate` as a user runs it: outputs whole or not at all, nothing left behind, and counts that score."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import persons as oracle
from breadth import dear, examples
from commandline import COMMAND, contents, environment, udsat
from support import misstated
from test_aggregate import people, person
from test_files import POSIX

TOWNS = {"81": 851, "82": 751, "83": 461, "84": 101, "85": 259}


def country(years: tuple[int, ...] = (2017, 2018, 2019), hard: int = 30) -> list[dict[str, object]]:
    """A small country: one area of 1,100 persons in which every criterion is met, and 2,400 persons elsewhere in each region."""
    found = []
    for year in years:
        for n in range(1_100):
            poor = n % 100 < 70
            found.append(person(
                n, year=year, area="Lunden", age=40, outside="1" if poor else "0", convicted=int(n < hard), income="90000",
                education="10" if poor else "35", origin="ikke-vestlig" if poor else "dansk",
            ))  # fmt: skip
        found += [
            person(
                10_000 + n,
                year=year,
                area="",
                region=str(81 + n % 5),
                municipality=TOWNS[str(81 + n % 5)],
            )
            for n in range(12_000)
        ]
    return found


@pytest.fixture(scope="module")
def persons(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return oracle.as_parquet(country(), tmp_path_factory.mktemp("country") / "persons.parquet")


def test_counts_and_references_of_the_same_rows_make_the_list(tmp_path, persons) -> None:
    ran = udsat(
        tmp_path,
        "aggregate",
        str(persons),
        "-o",
        "counts.parquet",
        "--references-out",
        "own.csv",
        "--manifest",
    )
    assert (ran.status, ran.out) == (0, "")
    assert sorted(contents(tmp_path)) == [
        "counts.parquet",
        "counts.parquet.manifest.json",
        "own.csv",
    ]
    ran = udsat(
        tmp_path,
        "score",
        "counts.parquet",
        "--list-year",
        "2019",
        "--references",
        "own.csv",
        "--format",
        "csv",
    )
    [row] = ran.csv()
    assert (row["criteria_version"], row["category"], row["met_count"]) == ("2018", "ghetto", "4")
    assert (row["labour_market_value"], row["education_value"], row["origin_value"]) == (
        "70",
        "70",
        "70",
    )


def test_hidden_counts_never_give_a_certain_outcome_that_the_counts_contradict(
    tmp_path, persons
) -> None:
    for least in ("0", "100", "600"):
        assert (
            udsat(
                tmp_path,
                "aggregate",
                str(persons),
                "-o",
                f"c{least}.csv",
                "--min-count",
                least,
                "--references-out",
                "own.csv",
            ).status
            == 0
        )
    seen = set()
    [truth] = udsat(
        tmp_path,
        "score",
        "c0.csv",
        "--list-year",
        "2019",
        "--references",
        "own.csv",
        "--format",
        "csv",
    ).csv()
    for least in ("100", "600"):
        [row] = udsat(
            tmp_path,
            "score",
            f"c{least}.csv",
            "--list-year",
            "2019",
            "--references",
            "own.csv",
            "--format",
            "csv",
        ).csv()
        for name in ("labour_market", "crime", "education", "income", "origin", "udsat", "ghetto"):
            assert row[name] in {truth[name], "unknown"}
            seen.add(row[name])
    assert {"met", "yes", "unknown"} <= seen


@dear
@settings(max_examples=examples(1, 20), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(people(years=(2016, 2017, 2018)), st.integers(2, 6))
def test_whatever_the_persons_a_hidden_table_scores_to_what_the_true_one_allows(
    tmp_path_factory, some, least
) -> None:
    folder = tmp_path_factory.mktemp("hidden")
    some = [{**one, "area": one["area"] or "Lunden"} for one in some]
    some = [one for one in some if one["municipality"] not in (851, 259)] or [person(year=2018)]
    some += [
        person(900 + n, region=region, area="", municipality=region, year=year)
        for n, (region, year) in enumerate(
            (region, year) for region in TOWNS for year in (2016, 2017, 2018)
        )
    ]
    oracle.as_parquet(some, folder / "p.parquet")
    udsat(folder, "aggregate", "p.parquet", "-o", "true.csv", "--references-out", "own.csv")
    udsat(folder, "aggregate", "p.parquet", "-o", "hidden.csv", "--min-count", str(least))
    true, hidden = (
        udsat(
            folder,
            "score",
            name,
            "--list-year",
            "2018",
            "--references",
            "own.csv",
            "--format",
            "csv",
            "--assume-min-residents",
        )
        for name in ("true.csv", "hidden.csv")
    )
    assert (true.status, hidden.status) == (0, 0), (true.err, hidden.err)
    for row, other in zip(true.csv(), hidden.csv(), strict=True):
        for name in (
            "labour_market",
            "crime",
            "education",
            "income",
            "origin",
            "udsat",
            "ghetto",
            "haard_ghetto",
        ):
            assert other[name] in {row[name], "unknown"}, (name, row, other)


HIDDEN = """area,municipality,region,year,residents,convicted,convicted_base
Lunden,461,Syddanmark,2016,1,{},{}
Lunden,461,Syddanmark,2017,2000,1000,2000
"""


@pytest.mark.parametrize(
    ("count", "base", "crime"),
    [("0", "0", "unknown"), ("<2", "<2", "unknown"), ("<2", "1", "met"), ("1", "<2", "met")],
)
def test_a_year_in_which_nobody_may_be_counted_leaves_the_mean_of_years_unknown(
    tmp_path, count, base, crime
) -> None:
    (tmp_path / "counts.csv").write_text(HIDDEN.format(count, base), encoding="utf-8")
    [row] = udsat(tmp_path, "score", "counts.csv", "--list-year", "2018", "--format", "csv").csv()
    assert row["crime"] == crime


@pytest.mark.parametrize("said", [5, 40, 120])
def test_what_a_parquet_file_says_wrongly_of_its_cells_changes_no_count(
    said: int, tmp_path: Path
) -> None:
    true = oracle.as_parquet(
        [person(n, area="Lunden", age=20 + n, year=2019) for n in range(60)],
        tmp_path / "true.parquet",
    )
    cells = pq.read_table(true)
    place, kind = cells.schema.get_field_index("ALDER"), cells.schema.field("ALDER").type
    others = cells.set_column(place, "ALDER", pa.array([said] * len(cells), kind))
    (tmp_path / "misstated.parquet").write_bytes(misstated(cells, others))
    ran = [udsat(tmp_path, "aggregate", name) for name in ("true.parquet", "misstated.parquet")]
    assert [run.status for run in ran] == [0, 0]
    assert ran[0].out == ran[1].out


def test_the_output_has_counts_alone(tmp_path, persons) -> None:
    udsat(
        tmp_path, "aggregate", str(persons), "-o", "counts.parquet", "--references-out", "own.csv"
    )
    for data in contents(tmp_path).values():
        assert b"P00001" not in data
    assert "PNR" not in pq.read_table(tmp_path / "counts.parquet").column_names


def test_the_same_rows_give_the_same_bytes_with_and_without_a_cap(tmp_path, persons) -> None:
    for name, more in (("a", ()), ("b", ("--memory", "200MB")), ("c", ())):
        assert (
            udsat(tmp_path, "aggregate", str(persons), "-o", f"{name}.parquet", *more).status == 0
        )
    assert len(set(contents(tmp_path).values())) == 1


def test_counts_go_to_standard_output_as_csv(tmp_path, persons) -> None:
    ran = udsat(tmp_path, "aggregate", str(persons))
    assert [row["area"] for row in ran.csv()] == ["Lunden"] * 3 and ran.status == 0


REFUSED = [
    (["aggregate"], "no person rows are named"),
    (["aggregate", "p.csv", "-o", "x.xlsx"], "does not say a format"),
    (["aggregate", "p.csv", "-o", "p.csv"], "is an input"),
    (["aggregate", "p.csv", "--manifest"], "--manifest needs"),
    (["aggregate", "p.csv", "--references-out", "r.json"], "end it in .csv"),
    (["aggregate", "p.csv", "--memory", "much"], "UD715"),
    (["aggregate", "p.csv", "--memory", "1MB"], "UD715"),
    (["aggregate", "p.csv", "--map", "no.toml"], "UD706"),
    (["aggregate", "p.csv", "--criteria", "2019"], "UD401"),
]


@pytest.mark.parametrize(("arguments", "words"), REFUSED)
def test_what_cannot_be_used_is_refused_with_2_and_writes_nothing(
    tmp_path, arguments, words
) -> None:
    oracle.as_csv([person()], tmp_path / "p.csv")
    before = contents(tmp_path)
    ran = udsat(tmp_path, *arguments)
    assert (ran.status, ran.out, contents(tmp_path)) == (2, "", before)
    assert words in ran.err


def test_wrong_rows_give_1_and_no_output(tmp_path) -> None:
    oracle.as_csv([person(0), person(0)], tmp_path / "p.csv")
    ran = udsat(tmp_path, "aggregate", "p.csv", "-o", "c.csv", "--references-out", "r.csv")
    assert (ran.status, ran.out, sorted(contents(tmp_path))) == (1, "", ["p.csv"])
    hint = (
        "keep one row for each person and year: the one at the date that residents are counted on"
    )
    assert ran.problems == [
        f"p.csv:3: UD701 the person of p.csv, line 2 is counted again in 2019 ({hint})"
    ]


def full_disk() -> None:
    """Let no file grow beyond 9 kB, as on a full disk."""
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (9_000, 9_000))


@POSIX
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_full_disk_is_said_and_leaves_neither_output_nor_temporary_files(
    tmp_path, ending
) -> None:
    given_, temporary = tmp_path / "p.parquet", tmp_path / "tmp"
    temporary.mkdir()
    oracle.as_parquet([person(n, area=f"{n * 7919:x}") for n in range(9_000)], given_)
    done = subprocess.run(
        [*COMMAND, "aggregate", str(given_), "-o", f"c.{ending}"], cwd=tmp_path, env=environment(TMPDIR=str(temporary)),
        capture_output=True, preexec_fn=full_disk, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 2 and (b"UD714" in done.stderr or b"UD502" in done.stderr), (
        done.stderr
    )
    assert b"Traceback" not in done.stderr
    assert sorted(contents(tmp_path)) == ["p.parquet"]


def test_what_does_not_fit_is_spilled_and_the_folder_is_gone(tmp_path) -> None:
    """More groups than the cap holds: the engine goes to disk, the result is the same, and the folder is empty afterwards."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    some = oracle.as_parquet(
        [person(n, area=f"A{n}", municipality=f"{n:060d}") for n in range(300_000)],
        tmp_path / "p.parquet",
    )
    sizes: dict[int, int] = {0: 0, 2: 0}
    for more in ((), ("--memory", "100MB")):
        with subprocess.Popen(
            [*COMMAND, "aggregate", str(some), "-o", f"c{len(more)}.csv", *more],
            cwd=tmp_path,
            env=environment(TMPDIR=str(temporary)),
        ) as started:
            while started.poll() is None:
                with contextlib.suppress(FileNotFoundError):  # gone while it was looked for
                    sizes[len(more)] = max(sizes[len(more)], len(list(temporary.rglob("*.tmp"))))
                time.sleep(0.005)
        assert started.returncode == 0
    assert (tmp_path / "c0.csv").read_bytes() == (tmp_path / "c2.csv").read_bytes()
    assert list(temporary.iterdir()) == []
    assert (sizes[0], sizes[2] > 0) == (0, True)
