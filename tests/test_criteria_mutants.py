"""No small change of a shipped definition goes unnoticed: the check or the cases fail for every single one."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from mutants import Mutant, mutants
from udsat.analysis.law_tests.run import run
from udsat.law import loader
from udsat.law.cases import cases_path
from udsat.law.checksums import CHECKSUMS, read_seals, seal, seals_text
from udsat.law.definition import parse, read
from udsat.law.diff import compare
from udsat.law.lint import runner
from udsat.law.schema import CriteriaVersion

ROOT = Path(__file__).parents[1]
#: What makes a run of the engine dear: other lists, earlier lists, and incomes in kroner.
DEAR = ("list_date", "listed", "gross_income")
#: The mutants of a file are tried in so many tests, which several processes share.
PARTS = 4
FILES = [
    *sorted((ROOT / "criteria").glob("*.toml")),
    *sorted((ROOT / "criteria" / "examples").glob("*.toml")),
]


def all_mutants(path: Path) -> list[Mutant]:
    return list(mutants(path.read_text(encoding="utf-8")))


def copied(path: Path, place: Path) -> Path:
    """Copy a definition with its neighbours and cases; the examples have no seal."""
    shutil.copytree(path.parent, place, dirs_exist_ok=True)
    return place / path.name


def killed_by(mutant: Mutant, path: Path) -> str:
    """Return what notices a mutant, after it was sealed afresh: the code of a message, or nothing."""
    path.write_text(mutant.text, encoding="utf-8")
    if (path.parent / CHECKSUMS).is_file():
        trees = {one.name: read(one).tree for one in sorted(path.parent.glob("*.toml"))}
        (path.parent / CHECKSUMS).write_text(
            seals_text(trees, read_seals(path.parent)), encoding="utf-8"
        )
    errors = [
        problem for problem in runner.check([path], loader.by_id()) if problem.severity == "error"
    ]
    if errors:
        return errors[0].code
    version = CriteriaVersion.model_validate(read(path).tree)
    for cases in split(cases_path(path)):
        if problems := run(cases, version, loader.among_shipped(version)).problems:
            return problems[0].code
    return ""


def split(cases: Path) -> list[Path]:
    """Return the cases of a file in four: without the engine, on one list, on several lists, from calendar years.

    Most mutants die early, and cases on one list cost the engine a third of those on several.
    """
    parts = re.split(r"(?m)^(?=\[\[)", cases.read_text(encoding="utf-8"))
    areas = [part for part in parts if part.startswith("[[case]]")]
    rest = [part for part in parts if not part.startswith("[[case]]")]
    years = [part for part in areas if "\nlist_year =" in part]
    one_list = [
        part for part in areas if part not in years and not any(word in part for word in DEAR)
    ]
    found = {
        "quick": [],
        "one_list": one_list,
        "lists": [part for part in areas if part not in (*years, *one_list)],
        "years": years,
    }
    assert areas
    paths = [cases.with_name(f"{cases.stem}_{name}.toml") for name in found]
    for path, some in zip(paths, found.values(), strict=True):
        path.write_text("".join([*rest, *some]), encoding="utf-8")
    return paths


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_definition_has_mutants_of_every_kind(path: Path) -> None:
    keys = {mutant.key.rpartition(".")[2] for mutant in all_mutants(path)}
    assert {
        "threshold",
        "comparator",
        "unit",
        "years",
        "ages",
        "min_residents",
        "of",
        "count",
        "day",
    } <= keys


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_mutant_breaks_the_seal_unless_it_is_about_the_end_of_a_version(path: Path) -> None:
    old = seal(read(path).tree)
    for mutant in all_mutants(path):
        tree = parse(mutant.text.encode(), "mutant.toml").tree
        assert tree
        assert (seal(tree) == old) is (mutant.key == "version.ended"), str(mutant)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_mutant_of_sound_shape_is_a_change_that_diff_names(path: Path) -> None:
    old = runner.valid(read(path))
    assert old
    unnamed = []
    for mutant in all_mutants(path):
        new = runner.valid(parse(mutant.text.encode(), "mutant.toml"))
        if new and not mutant.key.startswith("version.") and not compare(old, new):
            unnamed.append(str(mutant))
    assert unnamed == []


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_mutant_is_killed(
    path: Path, part: int, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    there = copied(path, tmp_path / "criteria")
    found = [(str(mutant), killed_by(mutant, there)) for mutant in all_mutants(path)[part::PARTS]]
    survivors = [name for name, code in found if not code]
    record_property("mutants", len(found))
    record_property("killed", len(found) - len(survivors))
    record_property("by cases", sum(code == "UD431" for _, code in found))
    assert len(found) > 50 // PARTS
    assert survivors == []
