"""A released definition moves on by revisions: what the one before said is kept, and each verdict that changes is named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest

from conformance.tables import TABLES
from support import ROOT, run
from udsat.analysis.law_tests import run as cases
from udsat.api import evaluate
from udsat.law import loader
from udsat.law.cases import cases_path
from udsat.law.checksums import read_seals, revision, seal
from udsat.law.definition import read
from udsat.law.diff import compare
from udsat.law.loader import Law
from udsat.law.schema import CriteriaVersion

EARLIER = sorted((ROOT / "tests" / "data" / "revisions").glob("*.toml"))
SAMPLES = (
    ROOT / "data" / "samples" / "published_areas.csv",
    ROOT / "data" / "samples" / "slagelse.csv",
)
#: What a revision may change without a line below: the marks of a verdict, which are in its notes and annotations.
MARKS = ("notes", "annotations")
#: Verdicts that changed with a revision: list date and area, and the columns. None did yet.
CHANGED: Mapping[tuple[str, str], set[str]] = {}
#: Those that are run every time; `-m long` has all.
QUICK = {"ties under 2014", "ties under 2021"}
Records = list[dict[str, Any]]


def version_of(path: Path) -> CriteriaVersion:
    return CriteriaVersion.model_validate(read(path).tree)


def before(number: int) -> Law:
    """Return the law as shipped, but each version in this revision, where it was kept."""
    law = loader.shipped()
    kept = {
        version.id: version
        for version in map(version_of, EARLIER)
        if version.version.revision == number
    }
    return Law(tuple(kept.get(version.id, version) for version in law.versions), law.digests)


NUMBERS = sorted({version_of(path).version.revision for path in EARLIER})


@pytest.fixture(params=NUMBERS, ids=lambda number: f"revision {number}")
def by_earlier(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Callable[[], Records]], Records]:
    """Return what scores by the earlier revision."""
    old = before(request.param)

    def scored(how: Callable[[], Records]) -> Records:
        with monkeypatch.context() as patched:
            patched.setattr(loader, "shipped", lambda: old)
            return how()

    return scored


def verdicts(records: Iterable[Mapping[str, Any]]) -> Records:
    return [
        {name: value for name, value in record.items() if name not in MARKS} for record in records
    ]


def published() -> Records:
    return verdicts(record for path in SAMPLES for record in evaluate([path]).areas())


def random_table(name: str) -> Records:
    hard = TABLES[name]
    table = hard.make(Random(f"revisions {name}"))
    return verdicts(
        run(table.rows, table.references, table.lists, list_year=table.list_year, **hard.options)
    )


def test_every_earlier_revision_is_kept_as_it_was_released() -> None:
    seals = read_seals(loader.criteria_folder()) or {}
    kept = {
        (f"{version_of(path).id}.toml", revision(read(path).tree)): seal(read(path).tree)
        for path in EARLIER
    }
    newest = {name: max(released) for name, released in seals.items()}
    assert kept == {
        (name, n): one
        for name, released in seals.items()
        for n, one in released.items()
        if n < newest[name]
    }
    assert {path.stem for path in EARLIER} == {
        f"{name.removesuffix('.toml')}.{n}" for name, n in kept
    }


def test_published_areas_have_the_same_verdicts_under_an_earlier_revision(by_earlier: Any) -> None:
    changed = {}
    for now, then in zip(published(), by_earlier(published), strict=True):
        if columns := {name for name in now if now[name] != then[name]}:
            changed[str(now["list_date"]), now["area"]] = columns
    assert changed == CHANGED


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in QUICK else pytest.mark.long) for name in TABLES]
)
def test_random_tables_near_the_lines_have_the_same_verdicts_under_an_earlier_revision(
    name: str, by_earlier: Any
) -> None:
    assert by_earlier(lambda: random_table(name)) == random_table(name)


@pytest.mark.parametrize("earlier", EARLIER, ids=lambda path: path.stem)
def test_the_cases_of_a_version_hold_under_its_earlier_revision(earlier: Path) -> None:
    version = version_of(earlier)
    found = cases.run(
        cases_path(loader.criteria_folder() / f"{version.id}.toml"),
        version,
        loader.among_shipped(version),
    )
    assert [str(problem) for problem in found.problems] == []


@pytest.mark.parametrize("earlier", EARLIER, ids=lambda path: path.stem)
def test_a_revision_changes_no_rule(earlier: Path) -> None:
    """Citations and what is certain may change; a number, a comparator, a window or a category may not without a word in CHANGED."""
    new = loader.by_id()[version_of(earlier).id]
    words = [str(change.words) for change in compare(version_of(earlier), new)]
    assert [
        one
        for one in words
        if not (
            one == "unchanged, in another paragraph"
            or one.startswith("is ")
            and " became is " in one
        )
    ] == []
