"""`udsat criteria check`: one broken file for each kind of mistake, with what its message must say and where."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commandline import GOOD, table, udsat
from udsat.law import loader
from udsat.law.checksums import seal
from udsat.law.definition import parse, read
from udsat.law.lint import runner
from udsat.law.positions import places
from udsat.messages.catalog import CODES
from udsat.messages.problems import CriteriaError, Problem

ROOT = Path(__file__).parents[1]
BROKEN = Path(__file__).parent / "broken"
TODAY = dt.date(2026, 11, 22)

#: File, the codes of its problems in order, the line of the first, and words that one of the messages must contain.
FILES: dict[str, tuple[str, int, str]] = {
    "no_toml": ("UD402", 52, r"no TOML.*decimals with a point"),
    "unclosed_text": ("UD402", 60, r"no TOML.*double quotes"),
    "unknown_key": ("UD403", 67, r"'treshold' is unknown \(did you mean 'threshold'\?\)"),
    "unknown_block": ("UD403", 11, r"'publications' is unknown \(did you mean 'publication'\?\)"),
    "missing_key": ("UD404", 56, r"'comparator' is missing"),
    "missing_block": ("UD404", 1, r"\[area\] is missing"),
    "number_as_text": ("UD405", 52, r"'40' is not a number"),
    "text_as_number": ("UD405", 4, r"'2018' is not a text"),
    "unknown_word": ("UD406", 51, r"'over' is none of exceeds, at_least, below"),
    "no_such_day": ("UD406", 12, r"'11-31' is no day of every year"),
    "inexact_threshold": (
        "UD407",
        52,
        r"'33\.33333333333333' cannot be kept exactly .*nine|9 decimals",
    ),
    "not_a_number": ("UD407", 52, r"'NaN' is no number"),
    "float_count": ("UD407", 17, r"'1000\.0' is a decimal \(write a whole number\)"),
    "key_twice": ("UD408", 53, r"'threshold' is given twice; first on line 52"),
    "block_twice": ("UD408 UD408", 72, r"'crime' is given twice; first on line 56"),
    "undefined_measure": (
        "UD410 UD409",
        30,
        r"measure 'convict' is not defined \(did you mean 'convicted'\?\)",
    ),
    "undefined_member": ("UD409", 75, r"'crimes' is not defined above \(did you mean 'crime'\?\)"),
    "downward_name": ("UD409", 74, r"'hard' is not defined above"),
    "unused_measure": ("UD410", 49, r"no criterion uses the measure 'non_western'"),
    "threshold_out_of_range": ("UD411", 52, r"270 percent: no share is above it.*per 10,000"),
    "never_holds": ("UD412 UD412", 79, r"udsat is never met"),
    "always_holds": ("UD412", 79, r"all is always met"),
    "k_above_n": ("UD413", 74, r"4 of 3"),
    "ended_before_start": ("UD414", 8, r"2017-12-01 is before 2018-12-01"),
    "gap": (
        "UD414",
        5,
        r"a gap: gap_early ended on 2020-11-30, gap_late is in force from 2020-12-02",
    ),
    "overlap": ("UD414", 5, r"an overlap: overlap_early ended on 2020-12-01"),
    "open_end": ("UD414", 5, r"open_end_early has no end"),
    "missing_paragraph": ("UD415", 49, r"labour_market names no paragraph"),
    "no_paragraph": ("UD415", 54, r"'the ministry' names no paragraph"),
    "missing_status": (
        "UD416",
        91,
        r"the doubt has no status.*stated, practice, inferred or unconfirmed",
    ),
    "doubt_without_block": ("UD416", 6, r"'probably' says that this is doubtful"),
    "lost_doubt": ("UD417", 92, r"did you mean 'measures\.convicted\.ages'"),
    "edited": ("UD418", 1, r"not what was released as revision 1 .*set revision = 2"),
    "unsealed": ("UD434", 3, r"revision 2 is not sealed yet"),
    "doubt_twice": ("UD435", 99, r"the id 'convicted_ages' is given twice; first on line 92"),
    "two_ids": ("UD435 UD435", 40, r"the same doubt is called 'rounding'"),
    "old_check": ("UD419", 8, r"last checked on 2025-11-21, more than a year ago"),
    "future_check": ("UD419", 8, r"2026-11-23 is still to come"),
    "same_id": ("UD420", 2, r"'same_id' is also that of .*one\.toml"),
    "released_id": ("UD420", 4, r"'2018' is the id of a released version"),
    "unit_without_reference": ("UD421", 60, r"'times' and reference 'national' belong together"),
    "mean_without_region": ("UD421", 68, r"a mean is compared with its region's"),
    "unknown_measure": (
        "UD410 UD422 UD409 UD417",
        30,
        r"no table has a column for the measure 'convicts' \(did you mean 'convicted'\?\)",
    ),
    "unknown_step": ("UD423", 88, r"there is no version '2019'"),
    "lost_step": ("UD423", 88, r"no category counts for lists under 2014"),
    "deep_without_its_category": ("UD423", 81, r"does not name 'udsat', whose years are counted"),
    "first_is_no_list": (
        "UD424",
        87,
        r"no list on 2018-12-02 \(the list of 2018 came out on 2018-12-01\)",
    ),
    "taken_name": ("UD425 UD409", 64, r"'residents' is taken"),
    "years_out_of_order": ("UD426", 27, r"\[-1, -2\] are repeated or out of order"),
    "mean_of_two_means": ("UD426", 46, r"gross_income is taken of one year, not of \[-3, -2\]"),
    "member_twice": ("UD427", 75, r"'crime' is named twice"),
    "needless_member": ("UD427", 82, r"'low_income' holds wherever the rest of poor does"),
    "other_paragraph": (
        "UD428",
        82,
        r"'income' is in § 61 a; § 61 b has the same rule as 'own_income'",
    ),
}
WARNINGS = {"old_check", "future_check"}


def checked(name: str) -> list[Problem]:
    path = BROKEN / name
    files = sorted(path.glob("*.toml")) if path.is_dir() else [path.with_suffix(".toml")]
    return runner.check(files, loader.by_id(), TODAY)


def test_every_broken_file_is_in_the_table() -> None:
    there = {path.stem if path.is_file() else path.name for path in BROKEN.iterdir()}
    assert there == set(FILES)


def test_every_code_of_a_definition_has_a_broken_file() -> None:
    used = {code for codes, _, _ in FILES.values() for code in codes.split()}
    assert {code for code in CODES if "UD402" <= code < "UD430"} | {"UD434", "UD435"} == used


@pytest.mark.parametrize("name", FILES)
def test_a_broken_file_is_told_its_mistake_and_where_it_is(name: str) -> None:
    codes, line, words = FILES[name]
    problems = checked(name)
    assert " ".join(problem.code for problem in problems) == codes
    assert problems[0].line == line
    assert any(re.search(words, str(problem)) for problem in problems), [
        str(problem) for problem in problems
    ]


@pytest.mark.parametrize("name", FILES)
def test_the_place_of_a_problem_is_where_its_key_or_value_or_block_stands(name: str) -> None:
    for problem in checked(name):
        text = Path(problem.file).read_text(encoding="utf-8").split("\n")[(problem.line or 1) - 1]
        rest = text[(problem.position or 1) - 1 :].lstrip("\"'[")
        names = problem.column.split(".")
        known = [*names, problem.value.strip("'\"[").split(",")[0], "doubts"]
        assert (
            problem.code in {"UD402", "UD418"}
            or problem.line == 1
            or any(word and rest.lower().startswith(word.lower()) for word in known)
        ), problem


@pytest.mark.parametrize(
    "name", [name for name in FILES if (BROKEN / f"{name}.toml").is_file() and name not in WARNINGS]
)
def test_a_broken_definition_never_scores(name: str, tmp_path: Path) -> None:
    """`score` ends with the same messages as `check`, exit status 2, and no result."""
    (tmp_path / "own.toml").write_bytes((BROKEN / f"{name}.toml").read_bytes())
    (tmp_path / "areas.csv").write_bytes(table(GOOD))
    scored = udsat(tmp_path, "score", "areas.csv", "--criteria", "own.toml", "-o", "out.csv")
    found = udsat(
        tmp_path, "criteria", "check", "own.toml", "--format", "json", "--today", "2026-11-22"
    ).json()["findings"]
    assert scored.status == 2
    assert scored.out == ""
    assert not (tmp_path / "out.csv").exists()
    assert {(line.split(":")[1], re.findall(r"UD\d+", line)[0]) for line in scored.problems} == {
        (str(one["line"]), one["code"]) for one in found
    }


@pytest.mark.parametrize("name", sorted(WARNINGS))
def test_a_warning_stops_nothing(name: str, tmp_path: Path) -> None:
    (tmp_path / "areas.csv").write_bytes(table(GOOD))
    path = str(BROKEN / f"{name}.toml")
    assert udsat(tmp_path, "criteria", "check", path, "--today", "2026-11-22").status == 0
    assert udsat(tmp_path, "score", "areas.csv", "--criteria", path).status == 0


def test_the_shipped_files_have_no_problems_a_day_after_they_were_checked() -> None:
    newest = max(version.version.checked_on for version in loader.shipped().versions)
    assert [
        str(problem)
        for problem in runner.check(
            loader.shipped_files(), loader.by_id(), newest + dt.timedelta(days=1)
        )
    ] == []


def test_a_year_is_a_year() -> None:
    path = BROKEN / "unused_measure.toml"

    def warned(day: dt.date) -> bool:
        return any(problem.code == "UD419" for problem in runner.check([path], loader.by_id(), day))

    assert [warned(day) for day in (dt.date(2027, 11, 22), dt.date(2027, 11, 23))] == [False, True]


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = (
        (ROOT / "criteria" / "2021.toml")
        .read_text(encoding="utf-8")
        .replace('id = "2021"', 'id = "own"')
    )
    for old, new in (
        ("threshold = 40\n", "threshold = 40,5\n"),
        ('comparator = "below"', 'comparator = "under"'),
        ("min_residents = 1000\n", "min_residents = 1000\nmin_residents = 1001\n"),
        ('of = ["labour_market", "crime"', 'of = ["labour_marked", "crime"'),
        ("count = 2\n", "count = 9\n"),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    codes = [problem.code for problem in runner.check([path], loader.by_id())]
    assert sorted(codes) == ["UD402", "UD406", "UD408", "UD409", "UD413"]


def test_formats_have_the_same_findings(tmp_path: Path) -> None:
    path = str(BROKEN / "unknown_key.toml")
    found = udsat(tmp_path, "criteria", "check", path, "--format", "json").json()
    assert found["schema"] == "udsat.criteria-check/1"
    assert [(one["code"], one["line"], one["position"]) for one in found["findings"]] == [
        ("UD403", 67, 1)
    ]
    github = udsat(tmp_path, "criteria", "check", path, "--format", "github")
    assert github.out.startswith(f"::error file={path},line=67,col=1,title=UD403::")
    assert github.status == 1
    assert 'failures="1"' in udsat(tmp_path, "criteria", "check", path, "--format", "junit").out


def test_a_folder_stands_for_its_files_and_an_empty_one_is_refused(tmp_path: Path) -> None:
    assert udsat(tmp_path, "criteria", "check", str(BROKEN / "gap")).status == 1
    empty = udsat(tmp_path, "criteria", "check", ".")
    assert (empty.status, "UD401" in empty.err) == (2, True)
    assert udsat(tmp_path, "criteria", "check", "none.toml").status == 2


def test_a_seal_covers_what_decides_and_not_when_it_was_checked() -> None:
    text = (ROOT / "criteria" / "2018.toml").read_text(encoding="utf-8")

    def sealed(old: str, new: str) -> bool:
        assert old in text
        return seal(parse(text.replace(old, new, 1).encode(), "x").tree) == seal(
            parse(text.encode(), "x").tree
        )

    assert sealed("checked_on = 2026-11-22", "checked_on = 2027-11-22")
    assert sealed("ended = 2021-11-29", "ended = 2021-12-29")
    assert sealed("\n[area]\n", "\n# a remark\n[area]\n")
    assert not sealed("revision = 2\n", "revision = 3\n")
    assert not sealed("revision = 2\n", "")
    assert not sealed('id = "rounding"', 'id = "unrounded"')
    assert not sealed("threshold = 40\n", "threshold = 40.1\n")
    assert not sealed('status = "practice"', 'status = "stated"')


def test_sealing_is_a_step_of_its_own_and_refuses_broken_files(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_bytes((BROKEN / "old_check.toml").read_bytes())
    assert udsat(tmp_path, "criteria", "check", "own.toml", "--seal").status == 0
    assert udsat(tmp_path, "criteria", "check", "own.toml").status == 0
    assert (tmp_path / "CHECKSUMS").read_text(encoding="utf-8").count("own.toml  1\n") == 1
    path.write_text(
        path.read_text(encoding="utf-8").replace("threshold = 40\n", "threshold = 410\n"),
        encoding="utf-8",
    )
    before = (tmp_path / "CHECKSUMS").read_bytes()
    assert udsat(tmp_path, "criteria", "check", "own.toml", "--seal").status == 1
    assert (tmp_path / "CHECKSUMS").read_bytes() == before


def test_a_correction_of_a_released_file_is_the_next_revision_and_its_seal_stands_below_the_earlier_ones(
    tmp_path: Path,
) -> None:
    path, seals = tmp_path / "own.toml", tmp_path / "CHECKSUMS"
    path.write_bytes((BROKEN / "old_check.toml").read_bytes())
    assert udsat(tmp_path, "criteria", "check", "own.toml", "--seal").status == 0
    first = seals.read_text(encoding="utf-8")

    def changed(old: str, new: str) -> tuple[int, str]:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        found = udsat(tmp_path, "criteria", "check", "own.toml", "--seal")
        return found.status, " ".join(re.findall(r"UD4\d\d", found.out)[:1])

    assert changed("threshold = 40\n", "threshold = 41\n") == (1, "UD418")
    assert "set revision = 2" in udsat(tmp_path, "criteria", "check", "own.toml").out
    assert seals.read_text(encoding="utf-8") == first
    assert changed('id = "old_check"\n', 'id = "old_check"\nrevision = 3\n') == (1, "UD418")
    path.write_text(
        path.read_text(encoding="utf-8").replace("revision = 3", "revision = 2"), encoding="utf-8"
    )
    assert "UD434" in udsat(tmp_path, "criteria", "check", "own.toml").out
    assert udsat(tmp_path, "criteria", "check", "own.toml", "--seal").status == 0
    assert seals.read_text(encoding="utf-8").startswith(first)
    assert [line.split()[1:] for line in seals.read_text(encoding="utf-8").splitlines()[1:]] == [
        ["own.toml", "1"],
        ["own.toml", "2"],
    ]
    assert changed("revision = 2", "revision = 1") == (1, "UD418")


def test_without_a_file_only_folders_that_are_a_released_law_are_sealed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    folder = tmp_path / "criteria"
    shutil.copytree(ROOT / "criteria", folder)
    monkeypatch.setattr(loader, "criteria_folder", lambda: folder)
    loader.shipped.cache_clear()
    try:
        assert udsat(tmp_path, "criteria", "check", "--seal").status == 0
    finally:
        loader.shipped.cache_clear()
    assert [path.parent for path in tmp_path.rglob("CHECKSUMS")] == [folder]


def test_every_doubt_of_a_shipped_definition_has_an_id() -> None:
    unnamed = [
        (path.stem, doubt["text"])
        for path in loader.shipped_files()
        for doubt in read(path).tree["doubts"]
        if not doubt.get("id")
    ]
    assert unnamed == []


def test_the_same_fact_is_doubted_under_the_same_ids_in_every_shipped_definition() -> None:
    ids: dict[str, set[str]] = {}
    for path in loader.shipped_files():
        for doubt in read(path).tree["doubts"]:
            for point in doubt["about"]:
                ids.setdefault(point, set()).add(doubt["id"])
    several = {point for point, names in ids.items() if len(names) > 1}
    # Two doubts on the ages; one of 2010 on two windows, and on both dates; and the residents of § 51 b are another question.
    assert several == {
        "measures.gross_income.ages",
        "measures.convicted.years",
        "version.ended",
        "area.min_residents",
    }


@pytest.mark.parametrize("bad", ["Rounding", "2_years", "in row", ""])
def test_the_id_of_a_doubt_is_a_plain_name(bad: str, tmp_path: Path) -> None:
    text = (
        (BROKEN / "lost_doubt.toml")
        .read_text(encoding="utf-8")
        .replace("convicted.age", "convicted.ages")
    )
    path = tmp_path / "lost_doubt.toml"
    path.write_text(text.replace("[[doubts]]", f'[[doubts]]\nid = "{bad}"'), encoding="utf-8")
    assert [problem.code for problem in runner.check([path], loader.by_id())] == ["UD406"]


def test_a_shipped_file_that_was_edited_never_scores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    folder = tmp_path / "criteria"
    shutil.copytree(ROOT / "criteria", folder)
    edited = folder / "2018.toml"
    edited.write_text(
        edited.read_text(encoding="utf-8").replace("threshold = 40\n", "threshold = 41\n", 1),
        encoding="utf-8",
    )
    monkeypatch.setattr(loader, "criteria_folder", lambda: folder)
    loader.shipped.cache_clear()
    try:
        with pytest.raises(CriteriaError, match="UD418"):
            loader.shipped()
    finally:
        loader.shipped.cache_clear()


def test_a_folder_of_own_definitions_is_known_by_name(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    udsat(tmp_path, "criteria", "new", "models/mymodel.toml")
    (tmp_path / "areas.csv").write_bytes(table(GOOD))
    for arguments, more in ((["--criteria-dir", "models"], {}), ([], {"UDSAT_CRITERIA": "models"})):
        scored = udsat(
            tmp_path,
            "score",
            "areas.csv",
            "--criteria",
            "mymodel",
            "--format",
            "csv",
            *arguments,
            **more,
        )
        assert scored.csv()[0]["criteria_version"] == "mymodel"
        assert "mymodel" in udsat(tmp_path, "criteria", "list", *arguments, **more).out
    missing = udsat(
        tmp_path, "score", "areas.csv", "--criteria", "mymodels", "--criteria-dir", "models"
    )
    assert (missing.status, "2021, mymodel" in missing.err) == (2, True)
    assert (
        "there is no folder"
        in udsat(
            tmp_path, "score", "areas.csv", "--criteria", "mymodel", "--criteria-dir", "none"
        ).err
    )


def test_a_new_definition_checks_and_tests_and_overwrites_nothing(tmp_path: Path) -> None:
    assert udsat(tmp_path, "criteria", "new", "--from", "2018", "mymodel.toml").status == 0
    assert udsat(tmp_path, "criteria", "check", "mymodel.toml").status == 0
    tested = udsat(
        tmp_path, "criteria", "test", "mymodel.toml", "--coverage", "--fail-under", "100"
    )
    assert (tested.status, "coverage 100 %" in tested.out) == (0, True)
    again = udsat(tmp_path, "criteria", "new", "mymodel.toml")
    assert (again.status, "UD502" in again.err) == (2, True)
    assert udsat(tmp_path, "criteria", "new", "My Model.txt").status == 2


# ---- Places of keys

KEYS = st.text(st.sampled_from("abcæøå-_ .\"'"), min_size=1, max_size=6)
SCALARS = st.one_of(
    st.integers(-9, 9),
    st.booleans(),
    st.text(st.sampled_from("aø\"\\#[]={}\n,'"), max_size=6),
    st.dates(),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=6,
)
TABLES = st.dictionaries(KEYS, VALUES, max_size=4)
DOCUMENTS = st.dictionaries(
    KEYS, st.one_of(TABLES, st.lists(TABLES, min_size=1, max_size=2)), max_size=4
)


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return "[\n  " + ",\n  ".join(map(_toml, value)) + "\n]"
    if isinstance(value, dict):
        return (
            "{ "
            + ", ".join(f"{_toml(key)} = {_flat(inner)}" for key, inner in value.items())
            + " }"
        )
    return str(value)


def _flat(value: Any) -> str:
    return "[" + ", ".join(map(_flat, value)) + "]" if isinstance(value, list) else _toml(value)


def _document(tree: dict[str, Any]) -> str:
    lines = []
    for name, block in tree.items():
        for part in block if isinstance(block, list) else [block]:
            lines.append(
                f"[[{_toml(name)}]] # [x]" if isinstance(block, list) else f"[{_toml(name)}]"
            )
            lines += [f"{_toml(key)} = {_toml(value)} # y = 1" for key, value in part.items()]
    return "\n".join(lines) + "\n"


def _ways(tree: Any, way: tuple[Any, ...] = ()) -> Any:
    for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
        yield (*way, key)
        if isinstance(value, (dict, list)):
            yield from _ways(value, (*way, key))


@settings(max_examples=150, deadline=None)
@given(DOCUMENTS)
def test_every_key_of_a_document_is_found_where_it_stands(tree: dict[str, Any]) -> None:
    text = _document(tree)
    parsed = parse(text.encode(), "any.toml")
    assert (parsed.problems, parsed.tree) == ((), parsed.tree)
    found, lines = places(text), text.split("\n")
    assert found.twice == []
    for way in _ways(parsed.tree):
        named = isinstance(way[-1], str)
        place = found.keys[way] if named else found.values.get(way) or found.keys[way]
        if named and not isinstance(tree.get(way[0]), list) or len(way) > 1:
            rest = lines[place.line - 1][place.position - 1 :]
            assert not named or rest.startswith(_toml(way[-1])), (way, rest)


def test_columns_count_characters_and_not_bytes() -> None:
    assert tuple(places('a = { "æøå" = 1, b = 2 }\n').of(("a", "b"))) == (1, 18)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_bytes("[version]\ntitle = 'æ'\n".encode("utf-16"))
    assert [problem.code for problem in runner.of_one(read(path), {})] == ["UD402"]
