"""Finding and loading the criteria files, and which version was in force on which date."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from udsat.law.checksums import Released, is_released, read_seals
from udsat.law.definition import read
from udsat.law.lint import runner
from udsat.law.schema import CriteriaVersion
from udsat.messages.problems import CriteriaError, Problem
from udsat.messages.text import Text

PACKAGE = Path(__file__).resolve().parents[1]
#: Years outside these are slips of the pen, whatever the law says.
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


@dataclass(frozen=True, slots=True)
class TrialList:
    """A list made up for a trial: it stands for that of a day, and may be judged by another version
    than was in force.
    """

    day: dt.date
    version: CriteriaVersion
    #: Which lists belong together: a list looks back only on those of its group.
    group: int = 0
    #: Later lists of the group look back on it.
    counts: bool = True
    assume_min_residents: bool = False


@dataclass(frozen=True, slots=True)
class Law:
    """The versions of the criteria that a run may use, oldest first, with the SHA-256
    of each file.
    """

    versions: tuple[CriteriaVersion, ...]
    digests: dict[str, str]
    #: Set when the user chose one version for all rows, whatever their date.
    chosen: CriteriaVersion | None = None
    #: Lists made up for trials, each under a date that no list has.
    trial_lists: Mapping[dt.date, TrialList] = field(default_factory=dict)

    def on(self, date: dt.date) -> CriteriaVersion | None:
        """Return the version that a list is judged by, or None before the first."""
        trial_list = self.trial_lists.get(date)
        return trial_list.version if trial_list else self.chosen or self.in_force(date)

    def list_date(self, year: int) -> dt.date | None:
        """Return the date of a year's list: the day that the version in force on it names; none for
        years that can be no list's.
        """
        if not _FIRST_YEAR <= year <= _LAST_YEAR:
            return None
        for version in reversed(self.versions):
            date = version.publication.date(year)
            if self.in_force(date) is version:
                return date
        return None

    def register(self) -> str | None:
        """Return the register that municipalities must be in, if the versions in use name one."""
        versions = (self.chosen,) if self.chosen else self.versions
        return next((found for version in versions if (found := version.area.municipalities)), None)

    def at_one_time(self, measure: str, *dates: dt.date) -> bool:
        """Whether the law of some lists takes a measure at one point in time, as far as it has it,
        and no mean of years.
        """
        versions = [version for date in dates if (version := self.on(date))]
        blocks = [version.measures[measure] for version in versions if measure in version.measures]
        return bool(blocks) and not any(block.is_mean_of_years for block in blocks)

    def may_be_small(self, measure: str) -> bool:
        """Whether values of a measure are often below one percent, as far as a version that may be
        used shows.
        """
        return any(
            version.may_be_small(measure)
            for version in ((self.chosen,) if self.chosen else self.versions)
        )

    def first_list(self) -> dt.date:
        """Return the date of the first list ever."""
        return self.versions[0].version.in_force

    def in_force(self, date: dt.date) -> CriteriaVersion | None:
        """Return the version in force on a date, whatever the user chose."""
        return next(
            (version for version in reversed(self.versions) if version.version.in_force <= date),
            None,
        )


def criteria_folder() -> Path:
    """Return the folder with the criteria: inside the installed package, else the repository's own.

    An editable install has no copy in the package; the repository is known by a pyproject.toml that
    names it.
    """
    inside = PACKAGE / "criteria"
    if inside.is_dir():
        return inside
    root = PACKAGE.parents[1]
    project = root / "pyproject.toml"
    if project.is_file() and 'name = "udsat"' in project.read_text(encoding="utf-8"):
        return root / "criteria"
    raise CriteriaError(
        Problem(
            "UD401",
            Text("the criteria files are not where they belong"),
            Text("install udsat again"),
        )
    )


@lru_cache
def shipped() -> Law:
    """Return the law as shipped: every version in the criteria folder, oldest first."""
    folder = criteria_folder()
    seals = read_seals(folder) or {}
    return _law(
        tuple(_shipped(path, seals.get(path.name, {})) for path in sorted(folder.glob("*.toml")))
    )


def choose(name: str | None, folder: str | None = None) -> Law:
    """Return the law with one version for all rows: a shipped one, one by id from a folder of the
    user's, or a file.

    Without a name every list is judged by its own law.
    """
    law = shipped()
    own = {path.stem: path for path in folder_files(folder)} if folder else {}
    if not name:
        return law
    for version in law.versions:
        if version.id == name:
            return Law(law.versions, law.digests, version)
    if name in own or Path(name).suffix == ".toml":
        version, digest = load(own.get(name, Path(name)))
        return Law(law.versions, law.digests | {version.id: digest}, version)
    known = ", ".join([*(version.id for version in law.versions), *own])
    hint = Text("give one of {known}, or a .toml file", known=known)
    raise CriteriaError(Problem("UD401", Text("there are no criteria '{name}'", name=name), hint))


def among_shipped(version: CriteriaVersion, digest: str = "") -> Law:
    """Return the law with a version chosen for all rows, in the place of the shipped one of the
    same id.
    """
    law = shipped()
    versions = tuple(version if other.id == version.id else other for other in law.versions)
    return Law(versions, law.digests | {version.id: digest}, version)


def shipped_files() -> list[Path]:
    """Return every criteria file that ships: the versions of the law, then the examples."""
    folder = criteria_folder()
    return [*sorted(folder.glob("*.toml")), *sorted((folder / "examples").glob("*.toml"))]


def read_files() -> list[str]:
    """Return the files of the law, the lists and the references, which every run reads."""
    return [str(path) for path in criteria_folder().rglob("*") if path.is_file()]


def folder_files(folder: str) -> list[Path]:
    """Return the definitions in a folder of the user's; they are called by their names without
    `.toml`.
    """
    if not os.path.isdir(folder):
        hint = Text("--criteria-dir or UDSAT_CRITERIA names a folder with .toml files")
        raise CriteriaError(
            Problem("UD401", Text("there is no folder '{folder}'", folder=folder), hint)
        )
    return sorted(Path(folder).glob("*.toml"))


def load(path: Path) -> tuple[CriteriaVersion, str]:
    """Return one criteria file and its SHA-256; raise `CriteriaError` with everything that is wrong
    with it.
    """
    one = read(path)
    errors = [problem for problem in runner.of_one(one, by_id()) if problem.severity == "error"]
    if errors:
        raise CriteriaError(errors)
    return CriteriaVersion.model_validate(one.tree), hashlib.sha256(one.data).hexdigest()


def by_id() -> dict[str, CriteriaVersion]:
    """Return the shipped versions by id."""
    return {version.id: version for version in shipped().versions}


def unproven() -> dict[str, CriteriaVersion]:
    """Return the shipped versions of sound shape by id, sealed or not: what files under work are
    checked among.
    """
    found = (runner.valid(read(path)) for path in sorted(criteria_folder().glob("*.toml")))
    return {version.id: version for version in found if version}


def _shipped(path: Path, released: Released) -> tuple[CriteriaVersion, str]:
    """Return a shipped file. What was released was checked before it was sealed, so an unbroken
    seal is enough.
    """
    one = read(path)
    if one.problems or not is_released(one.tree, released):
        hint = Text("install udsat again, or run `udsat criteria check`")
        raise CriteriaError(
            [
                *one.problems,
                Problem("UD418", Text("the file is not what was released"), hint, str(path)),
            ]
        )
    return CriteriaVersion.model_validate(one.tree), hashlib.sha256(one.data).hexdigest()


def _law(loaded: Sequence[tuple[CriteriaVersion, str]]) -> Law:
    loaded = sorted(loaded, key=lambda pair: pair[0].version.in_force)
    return Law(
        tuple(version for version, _ in loaded), {version.id: digest for version, digest in loaded}
    )
