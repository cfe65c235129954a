"""Definitions as a tested product: their cases, what cases are missing, what changed between versions, schemas, hooks."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from commandline import udsat
from udsat.analysis.law_tests.coverage import demands, percent
from udsat.analysis.law_tests.run import CaseRun, run
from udsat.law import json_schema, loader
from udsat.law.cases import CaseFile, cases_path, read_cases
from udsat.law.definition import read
from udsat.law.diff import compare

ROOT = Path(__file__).parents[1]
FILES = loader.shipped_files()
BIN = Path(sys.executable).parent


def ran(path: Path, cases: Path | None = None) -> CaseRun:
    version, _ = loader.load(path)
    return run(cases or cases_path(path), version, loader.among_shipped(version))


def without(path: Path, place: Path, wanted: str) -> Path:
    """Return the cases of a file without those whose text says something."""
    parts = re.split(r"(?m)^(?=\[\[)", cases_path(path).read_text(encoding="utf-8"))
    kept = [part for part in parts if wanted not in part.partition("facts")[0]]
    assert len(kept) < len(parts)
    cases = place / "cases.toml"
    cases.write_text("".join(kept), encoding="utf-8")
    return cases


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_case_of_a_shipped_definition_holds_and_none_is_missing(path: Path) -> None:
    found = ran(path)
    assert [str(problem) for problem in found.problems] == []
    assert [demand.text for demand in demands(found) if not demand.met] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_case_is_a_sentence_of_its_own(path: Path) -> None:
    cases = CaseFile.model_validate(read(cases_path(path)).tree)
    texts = [case.text for case in (*cases.case, *cases.list, *cases.person)]
    assert len(set(texts)) == len(texts)
    assert [text for text in texts if len(text) < 10] == []


MISSING = {
    "exactly on every line": [
        "labour_market: exactly at its line of 40 percent",
        "crime: exactly at its line of 270 per_10000",
    ],
    "just above every line": ["origin: just above its line of 50 percent"],
    "just below every line": ["labour_market: just below its line of 40 percent"],
    "Crime and origin are two": ["ghetto: exactly 2 of 3 hold, crime among them"],
    "Origin alone": ["ghetto: 1 of 3 hold, origin among them"],
    "999 residents are too few": ["ghetto: residents 999"],
    "One criterion is met and one unknown": ["ghetto: 1 of 3 hold and one is unknown"],
    "are 40.1 on average": ["convicted: without the year -4 it would come out otherwise"],
    "Origin and residents are those": ["residents: those of another year would make a difference"],
    "A resident of 65 is too old": [
        "outside_labour_market: a person of 65 does not belong to the population"
    ],
    "The list of 1 February 2014": ["the version is not in force on 2014-02-01"],
    "From 2011 on": ["the day of the list in a usual year"],
}


@pytest.mark.parametrize("text", MISSING)
def test_a_case_that_is_taken_away_is_missed(text: str, tmp_path: Path) -> None:
    path = ROOT / "criteria" / "2010.toml"
    found = demands(ran(path, without(path, tmp_path, text)))
    missing = [demand.text for demand in found if not demand.met]
    if (
        text == "Crime and origin are two"
    ):  # the pair of labour market and crime still has crime among them
        assert missing == []
    else:
        assert set(MISSING[text]) <= set(missing)
        assert percent(found) < 100


def own(tmp_path: Path, base: str = "2018") -> Path:
    assert udsat(tmp_path, "criteria", "new", "--from", base, "own.toml").status == 0
    return tmp_path / "own.toml"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_definition_that_disagrees_with_its_cases_fails_at_their_lines(tmp_path: Path) -> None:
    path = own(tmp_path)
    edit(path, "threshold = 60\n", "threshold = 50\n")
    found = udsat(tmp_path, "criteria", "test", "own.toml", "--format", "json")
    findings = found.json()["findings"]
    assert found.status == 1
    assert {one["code"] for one in findings} == {"UD431"}
    lines = (tmp_path / "cases" / "own.toml").read_text(encoding="utf-8").split("\n")
    for one in findings:
        assert (
            lines[one["line"] - 1][one["position"] - 1 :]
            .strip('"')
            .startswith(str(one["value"]).strip('"'))
        )
    assert any("education is met, expected not_met" in one["message"] for one in findings)


def test_coverage_says_what_is_missing_and_fails_under_a_share(tmp_path: Path) -> None:
    own(tmp_path)
    edit(tmp_path / "cases" / "own.toml", "facts = { residents = 999", "facts = { residents = 998")
    loose = udsat(tmp_path, "criteria", "test", "own.toml", "--coverage")
    assert (loose.status, "UD433" in loose.out, "udsat: residents 999" in loose.out) == (
        0,
        True,
        True,
    )
    assert udsat(tmp_path, "criteria", "test", "own.toml", "--fail-under", "90").status == 0
    assert udsat(tmp_path, "criteria", "test", "own.toml", "--fail-under", "100").status == 1
    assert "coverage 97" in loose.out


def test_skeletons_of_missing_cases_are_toml_and_leave_the_outcome_to_a_human(
    tmp_path: Path,
) -> None:
    own(tmp_path)
    cases = tmp_path / "cases" / "own.toml"
    cases.write_text(
        'version = "own"\nlist_date = 2018-12-01\n[given]\nresidents = 2000\nnon_western_pct = 10\n',
        encoding="utf-8",
    )
    found = udsat(tmp_path, "criteria", "test", "own.toml", "--suggest")
    assert found.status == 0
    assert found.out.count("[[case]]") > 40
    assert '# expect.crime = "met" | "not_met" | "unknown"' in found.out
    assert "\nexpect" not in found.out
    cases.write_text(cases.read_text(encoding="utf-8") + found.out, encoding="utf-8")
    assert read(cases).problems == ()
    refused = udsat(tmp_path, "criteria", "test", "own.toml")
    assert (refused.status, "the key 'expect' is missing" in refused.out) == (1, True)


BAD_CASES = {
    "unknown criterion": (
        'expect = { labour_market = "not_met"',
        'expect = { labour_marked = "not_met"',
        "did you mean 'labour_market'",
    ),
    "unknown outcome": ('udsat = "no" }', 'udsat = "nope" }', "udsat cannot be 'nope'"),
    "unknown key": ("text =", "txt =", "'txt' is unknown"),
    "no such fact": ("residents = 2000", "residents = -5", "UD432"),
    "no outcome": (
        'expect = { labour_market = "not_met"',
        'expekt = { labour_market = "not_met"',
        "'expekt' is unknown",
    ),
    "another version": (
        'version = "own"',
        'version = "2018"',
        "the cases are of '2018', the definition is 'own'",
    ),
    "no TOML": ("residents = 2000", "residents = 2,000", "no TOML"),
    "unknown measure": (
        'measure = "convicted"',
        'measure = "convict"',
        "there is no measure 'convict'",
    ),
    "a date and a year": (
        "list_year = 2018\n",
        "",
        "a case has either a list date, or a list year and years",
    ),
}


@pytest.mark.parametrize(("old", "new", "words"), BAD_CASES.values(), ids=BAD_CASES)
def test_a_broken_file_of_cases_is_told_its_mistake(
    old: str, new: str, words: str, tmp_path: Path
) -> None:
    own(tmp_path)
    edit(tmp_path / "cases" / "own.toml", old, new)
    found = udsat(tmp_path, "criteria", "test", "own.toml")
    assert found.status == 1
    assert words in found.out
    assert "UD432" in found.out


def test_a_definition_without_cases_is_a_finding(tmp_path: Path) -> None:
    path = own(tmp_path)
    cases_path(path).unlink()
    found = udsat(tmp_path, "criteria", "test", "own.toml")
    assert (found.status, "UD430" in found.out) == (1, True)


COMBINED = ROOT / "criteria" / "examples" / "kombineret_udlejning.toml"


def test_the_eight_areas_of_december_2024_are_areas_for_combined_letting() -> None:
    """Their shares of the one year 2023 and their residents of 2024 are those that the ministry printed."""
    found = ran(COMBINED)
    real = [
        (case, row)
        for case, row in zip(found.cases.case, found.records, strict=True)
        if case.source
    ]
    assert [row["kombineret_udlejning"] for _, row in real] == ["yes"] * 8
    printed = list(
        csv.DictReader(
            (ROOT / "tests" / "data" / "kombineret_udlejning.csv")
            .read_text(encoding="utf-8")
            .splitlines()
        )
    )
    assert {one["year"] for one in printed} == {"2023"}
    assert [
        (str(one["outside_labour_market_one_year_pct"]), one["residents"]) for one in printed
    ] == [
        (str(case.years["2023"]["outside_labour_market_pct"]), str(case.years["2024"]["residents"]))
        for case, _ in real
    ]


LISTS = {
    "a share": "area,municipality,list_date,residents,outside_labour_market_pct\nAa,Odense,2024-12-01,2000,41\n",
    "a share per 1,000": "area,municipality,list_date,residents,outside_labour_market_per_1000\nAa,Odense,2024-12-01,2000,410\n",
    "counts": (
        "area,municipality,list_date,residents,outside_labour_market,outside_labour_market_base\nAa,Odense,2024-12-01,2000,410,1000\n"
    ),
}


@pytest.mark.parametrize("given", LISTS)
@pytest.mark.parametrize(
    "command",
    [
        "score",
        "validate",
        "validate --no-warnings",
        "explain Aa",
        "watch",
        "history",
        "report -o out.html",
    ],
)
def test_a_share_of_one_year_is_never_judged_by_what_a_list_prints_for_two(
    command: str, given: str, tmp_path: Path
) -> None:
    (tmp_path / "areas.csv").write_text(LISTS[given], encoding="utf-8")
    name, *rest = command.split()
    found = udsat(tmp_path, name, "areas.csv", *rest, "--criteria", str(COMBINED))
    said = found.out + found.err
    assert (found.status, said.count("UD436") > 0) == (1 if name == "validate" else 2, True), said
    assert "a column year instead of the list date" in said
    assert "område til kombineret udlejning" not in said


def test_a_law_with_a_measure_of_calendar_years_alone_is_not_tried_on_a_list(
    tmp_path: Path,
) -> None:
    (tmp_path / "areas.csv").write_text(LISTS["a share"], encoding="utf-8")
    assert (
        "UD436"
        in udsat(tmp_path, "criteria", "diff", "2021", str(COMBINED), "--data", "areas.csv").err
    )


def test_a_list_without_that_measure_is_open_and_not_refused(tmp_path: Path) -> None:
    (tmp_path / "areas.csv").write_text(
        "area,municipality,list_date,residents,non_western_pct\nAa,Odense,2024-12-01,2000,41\n",
        "utf-8",
    )
    found = udsat(tmp_path, "score", "areas.csv", "--criteria", str(COMBINED), "--format", "csv")
    assert (found.status, found.csv()[0]["kombineret_udlejning"]) == (0, "unknown")


@pytest.mark.parametrize(
    "columns", ["outside_labour_market_pct", "outside_labour_market,outside_labour_market_base"]
)
def test_calendar_years_give_the_one_year_before_the_list(columns: str, tmp_path: Path) -> None:
    cells = (
        {"2023": "41", "2024": "20"} if "pct" in columns else {"2023": "41,100", "2024": "20,100"}
    )
    rows = [f"Aa,Odense,{year},2000,{given}" for year, given in cells.items()]
    (tmp_path / "areas.csv").write_text(
        "\n".join([f"area,municipality,year,residents,{columns}", *rows, ""]), encoding="utf-8"
    )
    found = udsat(
        tmp_path,
        "score",
        "areas.csv",
        "--list-year",
        "2024",
        "--criteria",
        str(COMBINED),
        "--format",
        "csv",
    ).csv()[0]
    assert (found["labour_market_value"], found["kombineret_udlejning"]) == ("41", "yes")
    assert (
        "labour_market, labour_market_large: unconfirmed (population), inferred (years)"
        in found["notes"]
    )


def test_a_gap_of_residents_in_a_calendar_year_is_no_failure_of_the_search_for_missing_cases(
    tmp_path: Path,
) -> None:
    path = own(tmp_path, str(COMBINED))
    assert '".."' in (tmp_path / "cases" / "own.toml").read_text(encoding="utf-8")
    found = udsat(tmp_path, "criteria", "test", path.name, "--coverage", "--fail-under", "100")
    assert (found.status, "coverage 100 %" in found.out) == (0, True)


# ---- What changed


CHANGES = {
    ("2010", "2014"): [
        "crime: exceeds 270 per 10,000 became exceeds 2.70 % (§ 61 a, stk. 1 -> § 61 a, stk. 1, nr. 3)",
        "education: new criterion: basic_education exceeds 50 % (§ 61 a, stk. 1, nr. 4)",
        "income: new criterion: gross_income is below 55 % of the region's mean (§ 61 a, stk. 1, nr. 5)",
        "outside_labour_market: the mean of years -4, -3, -2, -1 became the mean of years -2, -1 (§ 61 a, stk. 1 -> § 61 a, stk. 1, nr. 2)",
        "convicted: the mean of years -4, -3, -2, -1 became the mean of years -2, -1 (§ 61 a, stk. 1 -> § 61 a, stk. 1, nr. 3)",
        "ghetto: needs 2 of labour_market, crime, origin became needs 3 of labour_market, crime, education, income, origin (§ 61 a, stk. 1)",
        "list: comes out on 10-01 became on 12-01 (month-day) (§ 61 a, stk. 2)",
    ],
    ("2014", "2018"): [
        "residents in 2010: at least none became at least 1,000 (§ 61 a, stk. 1 -> § 61 a, stk. 3)",
        "crime: exceeds 2.70 % became is at least 3 times the national share (§ 61 a, stk. 1, nr. 3 -> § 61 a, stk. 1, nr. 2)",
        "education: exceeds 50 % became exceeds 60 % (§ 61 a, stk. 1, nr. 4 -> § 61 a, stk. 1, nr. 3)",
        "basic_education: unknown education no longer counted (§ 61 a, stk. 1, nr. 4 -> § 61 a, stk. 1, nr. 3)",
        (
            "basic_education: educations neither taken nor approved in Denmark count as basic schooling "
            "(§ 61 a, stk. 1, nr. 4 -> § 61 a, stk. 1, nr. 3)"
        ),
        "udsat: new category, udsat boligområde: 2 of labour_market, crime, education, income (§ 61 a, stk. 1)",
        "ghetto: needs 3 of labour_market, crime, education, income, origin became needs udsat; origin (§ 61 a, stk. 1 -> § 61 a, stk. 2)",
        "haard_ghetto: new category, hårdt ghettoområde: ghetto; 5 years in a row (§ 61 a, stk. 4)",
        "years in a row: counting 2014:ghetto became counting 2014:ghetto, 2018:ghetto (§ 61 a, stk. 2 -> § 61 a, stk. 4)",
    ],
    ("2018", "2021"): [
        "prevention_labour_market: new criterion: outside_labour_market exceeds 30 % (§ 61 b, nr. 1)",
        "prevention_crime: new criterion: convicted is at least 2 times the national share (§ 61 b, nr. 2)",
        "prevention_education: new criterion: basic_education exceeds 60 % (§ 61 b, nr. 3)",
        "prevention_income: new criterion: gross_income is below 65 % of the region's mean (§ 61 b, nr. 4)",
        "prevention_origin: new criterion: non_western exceeds 30 % (§ 61 b)",
        (
            "forebyggelse: new category, forebyggelsesområde: 2 of prevention_labour_market, prevention_crime, prevention_education, "
            "prevention_income; prevention_origin (§ 61 b)"
        ),
        "ghetto: is now parallelsamfund (ghettoområde became parallelsamfund), with the same needs (§ 61 a, stk. 2)",
        "haard_ghetto: is now omdannelse (hårdt ghettoområde became omdannelsesområde), with the same needs (§ 61 a, stk. 4)",
        "years in a row: of ghetto became of parallelsamfund (§ 61 a, stk. 4)",
        "years in a row: counting 2014:ghetto, 2018:ghetto became counting 2014:ghetto, 2018:ghetto, 2021:parallelsamfund (§ 61 a, stk. 4)",
    ],
}
#: What else may be told: citations that moved, wording, and how certain a fact is.
ASIDE = re.compile(
    r"in another paragraph|^an area: |newly (measured|counted): |' became '|(is \w+ became is \w+$)|exceptions "
)


@pytest.mark.parametrize(("old", "new"), CHANGES)
def test_the_changes_of_a_version_are_those_that_the_law_made(
    old: str, new: str, tmp_path: Path
) -> None:
    versions = loader.by_id()
    found = [str(change) for change in compare(versions[old], versions[new])]
    assert [words for words in found if not ASIDE.search(words)] == CHANGES[old, new]
    printed = udsat(tmp_path, "criteria", "diff", old, new).out
    assert [words for words in CHANGES[old, new] if words not in printed] == []


def test_the_changes_of_the_law_are_told_in_danish_and_stay_english_for_machines(
    tmp_path: Path,
) -> None:
    told = udsat(tmp_path, "criteria", "diff", "2014", "2018", "--lang", "da").out
    for words in (
        "dømte: ændret fra »overstiger 2,70 pct.« til »udgør mindst 3 gange landsgennemsnittet«",
        "uddannelse: ændret fra »overstiger 50 pct.« til »overstiger 60 pct.«",
        "hårdt ghettoområde: ny kategori, hårdt ghettoområde: ghettoområde; 5 år i træk",
        "beboere i 2010: ændret fra »intet krav« til »mindst 1.000«",
    ):
        assert words in told
    assert re.findall(r"\b(the|of|became|needs|is|share|unchanged|criterion)\b", told) == []
    documents = [
        udsat(tmp_path, "criteria", "diff", "2014", "2018", "--format", "json", "--lang", lang).out
        for lang in ("en", "da")
    ]
    assert documents[0] == documents[1]
    words = {
        one["words"]
        for one in udsat(tmp_path, "criteria", "diff", "2014", "2018", "--format", "json").json()[
            "changes"
        ]
    }
    assert "exceeds 50 % became exceeds 60 %" in words


def test_a_version_does_not_differ_from_itself(tmp_path: Path) -> None:
    assert all(compare(version, version) == [] for version in loader.shipped().versions)
    assert udsat(tmp_path, "criteria", "diff", "2018", "2018", "--exit-code").status == 0
    assert udsat(tmp_path, "criteria", "diff", "2018", "2021", "--exit-code").status == 1


def test_the_law_alone_moves_areas(tmp_path: Path) -> None:
    header = "area,municipality,list_date,residents,outside_labour_market_pct,basic_education_pct,convicted_pct,income_ratio_pct,non_western_pct"
    rows = [
        "Aa,Ringsted,2018-12-01,2000,45,55,0.5,80,60",  # work, education above 50 and origin: three of five; one of four
        "Bb,Ringsted,2018-12-01,2000,45,65,0.5,80,60",  # work and education above 60, and origin
        "Cc,Ringsted,2018-12-01,2000,45,65,0.5,80,10",  # two of five; two of four without origin
        "Dd,Ringsted,2018-12-01,2000,10,10,0.5,80,10",
        "Ee,Ringsted,2018-12-01,2000,45,..,0.5,80,60",
    ]
    (tmp_path / "areas.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    found = udsat(
        tmp_path, "criteria", "diff", "2014", "2018", "--data", "areas.csv", "--format", "json"
    ).json()
    moved = {one["area"]: (one["old"], one["new"], one["kind"]) for one in found["areas"]}
    assert moved == {
        "Aa": ("ghetto", "none", "leaves"),
        "Cc": ("none", "udsat", "enters"),
        "Ee": ("unknown", "unknown", "cannot be calculated"),
    } or moved == {"Aa": ("ghetto", "none", "leaves"), "Cc": ("none", "udsat", "enters")}
    assert next(one["why"] for one in found["areas"] if one["area"] == "Aa") == [
        "education: met -> not_met"
    ]
    text = udsat(tmp_path, "criteria", "diff", "2014", "2018", "--data", "areas.csv").out
    assert "2 of 5 rows differ: 1 enters, 1 leaves." in text
    danish = udsat(
        tmp_path, "criteria", "diff", "2014", "2018", "--data", "areas.csv", "--lang", "da"
    ).out
    assert "2 af 5 rækker har en anden kategori: 1 kommer til, 1 udgår." in danish
    assert "uddannelse: opfyldt → ikke opfyldt" in danish


# ---- Schemas


def test_the_committed_schemas_are_fresh(tmp_path: Path) -> None:
    assert (ROOT / "criteria" / "criteria.schema.json").read_text(
        encoding="utf-8"
    ) == json_schema.criteria_schema()
    assert (ROOT / "criteria" / "cases.schema.json").read_text(
        encoding="utf-8"
    ) == json_schema.cases_schema()
    assert udsat(tmp_path, "criteria", "schema").out == json_schema.criteria_schema()
    assert udsat(tmp_path, "criteria", "schema", "--for", "cases", "-o", "own.json").status == 0
    assert (tmp_path / "own.json").read_text(encoding="utf-8") == json_schema.cases_schema()


@pytest.mark.parametrize(
    "path", [*FILES, *map(cases_path, FILES)], ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_every_file_names_the_schema_that_is_there(path: Path) -> None:
    first = path.read_text(encoding="utf-8").split("\n")[0]
    named = (path.parent / first.removeprefix("#:schema ")).resolve()
    expected = "cases" if path.parent.name == "cases" else "criteria"
    assert named == loader.criteria_folder() / f"{expected}.schema.json"
    assert named.is_file()


def _properties(node: Any) -> Any:
    if isinstance(node, dict):
        for name, part in node.get("properties", {}).items():
            yield name, part
        for inner in node.values():
            yield from _properties(inner)


@pytest.mark.parametrize(
    "text", [json_schema.criteria_schema(), json_schema.cases_schema()], ids=["criteria", "cases"]
)
def test_every_key_of_a_schema_is_explained(text: str) -> None:
    assert [
        name for name, part in _properties(json.loads(text)) if not part.get("description")
    ] == []


def test_another_checker_takes_the_files_and_refuses_the_broken_one() -> None:
    command = [str(BIN / "check-jsonschema"), "--schemafile"]
    for name, files in (("criteria", FILES), ("cases", map(cases_path, FILES))):
        done = subprocess.run(
            [*command, str(ROOT / "criteria" / f"{name}.schema.json"), *map(str, files)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
    for broken in ("unknown_key", "number_as_text", "unknown_word", "missing_key"):
        path = ROOT / "tests" / "broken" / f"{broken}.toml"
        done = subprocess.run(
            [*command, str(ROOT / "criteria" / "criteria.schema.json"), str(path)],
            capture_output=True,
            check=False,
        )
        assert done.returncode == 1, broken


# ---- In continuous integration


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
    )


def test_the_hook_runs_on_the_definitions_of_a_repository_and_stops_a_wrong_one(
    tmp_path: Path,
) -> None:
    """The hook as published, with the udsat that is here: installing it again from the network proves nothing more."""
    hook = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))[0]
    assert (hook["id"], hook["language"]) == ("udsat-criteria", "python")
    folder = tmp_path / "repository"
    (folder / "criteria").mkdir(parents=True)
    git(folder, "init", "-q")
    config = {"repos": [{"repo": "local", "hooks": [hook | {"language": "system"}]}]}
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    udsat(folder, "criteria", "new", "criteria/own.toml")
    (folder / "pyproject.toml").write_text("[project]\nname = 'x'\n", encoding="utf-8")
    git(folder, "add", ".")

    def hooked() -> subprocess.CompletedProcess[str]:
        environment = os.environ | {
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            "PRE_COMMIT_HOME": str(tmp_path / "home"),
            "COLUMNS": "200",
        }
        command = [str(BIN / "pre-commit"), "run", "--all-files", "--color", "never"]
        return subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )

    good = hooked()
    assert (good.returncode, "Passed" in good.stdout) == (0, True), good.stdout + good.stderr
    edit(folder / "criteria" / "own.toml", "threshold = 40\n", "treshold = 40\n")
    git(folder, "add", ".")
    bad = hooked()
    assert bad.returncode == 1
    assert "UD403" in bad.stdout
    assert "criteria/own.toml" in bad.stdout
    assert "pyproject.toml" not in bad.stdout


def test_the_steps_of_the_action_annotate_a_wrong_definition_and_fill_the_summary(
    tmp_path: Path,
) -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    steps = [step for step in action["runs"]["steps"] if "run" in step]
    assert [step["name"] for step in steps] == [
        "Install udsat",
        "Check the definitions",
        "Test the definitions",
    ]
    udsat(tmp_path, "criteria", "new", "models/own.toml")
    inputs = {"files": "models", "fail-under": action["inputs"]["fail-under"]["default"]}

    def step(number: int) -> subprocess.CompletedProcess[str]:
        given = {
            name: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda found: inputs[found[1]], text)
            for name, text in steps[number]["env"].items()
        }
        environment = (
            os.environ
            | given
            | {
                "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
                "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
            }
        )
        return subprocess.run(
            ["bash", "-e", "-c", steps[number]["run"]],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    assert [step(1).returncode, step(2).returncode] == [0, 0]
    edit(tmp_path / "models" / "own.toml", "threshold = 40\n", "threshold = 41\n")
    assert step(1).returncode == 0
    failed = step(2)
    assert (failed.returncode, failed.stdout.count("::error file=models/cases/own.toml,line=")) == (
        1,
        4,
    )
    assert "UD431" in (tmp_path / "summary.md").read_text(encoding="utf-8")
    edit(tmp_path / "models" / "own.toml", "threshold = 41\n", "treshold = 41\n")
    assert step(1).returncode == 1


def test_the_action_and_the_hook_are_where_their_readers_look() -> None:
    assert (ROOT / "action.yml").is_file()
    assert (ROOT / ".pre-commit-hooks.yaml").is_file()
    assert shutil.which("pre-commit", path=str(BIN))


def test_cases_of_a_version_are_read_with_their_places() -> None:
    path = ROOT / "criteria" / "2010.toml"
    version, _ = loader.load(path)
    one, cases = read_cases(cases_path(path), version)
    line = one.places.of(("case", 0, "text")).line
    assert cases.case[0].text in one.text.split("\n")[line - 1]
