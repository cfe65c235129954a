"""Finding and loading the criteria files, and which version was in force on which date."""

from __future__ import annotations

import datetime as dt
import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from udsat.errors import CriteriaError, Problem
from udsat.law.model import CriteriaVersion

PACKAGE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Law:
    """The versions of the criteria that a run may use, oldest first, with the SHA-256 of each file."""

    versions: tuple[CriteriaVersion, ...]
    digests: dict[str, str]
    #: Set when the user chose one version for all rows, whatever their date.
    chosen: CriteriaVersion | None = None

    def on(self, date: dt.date) -> CriteriaVersion | None:
        """Return the version in force on a date, or None before the first."""
        return self.chosen or self.in_force(date)

    def list_date(self, year: int) -> dt.date | None:
        """Return the date of a year's list: the day that the version in force on it names."""
        for version in reversed(self.versions):
            date = version.publication.date(year)
            if self.in_force(date) is version:
                return date
        return None

    def first_list(self) -> dt.date:
        """Return the date of the first list ever."""
        return self.versions[0].version.in_force

    def in_force(self, date: dt.date) -> CriteriaVersion | None:
        """Return the version in force on a date, whatever the user chose."""
        return next((version for version in reversed(self.versions) if version.version.in_force <= date), None)


def criteria_folder() -> Path:
    """Return the folder with the criteria: inside the installed package, else the repository's own.

    An editable install has no copy in the package; the repository is known by a pyproject.toml that names it.
    """
    inside = PACKAGE / "criteria"
    if inside.is_dir():
        return inside
    root = PACKAGE.parents[1]
    project = root / "pyproject.toml"
    if project.is_file() and 'name = "udsat"' in project.read_text(encoding="utf-8"):
        return root / "criteria"
    raise CriteriaError(Problem("UD401", "the criteria files are not where they belong", "install udsat again"))


@lru_cache
def shipped() -> Law:
    """Return the law as shipped: every version in the criteria folder, oldest first."""
    return _law(tuple(load(path) for path in sorted(criteria_folder().glob("*.toml"))))


def choose(name: str) -> Law:
    """Return the law with one version, a shipped one or a file of the user's, for all rows."""
    law = shipped()
    for version in law.versions:
        if version.id == name:
            return Law(law.versions, law.digests, version)
    path = Path(name)
    if path.suffix == ".toml":
        version, digest = load(path)
        return Law(law.versions, law.digests | {version.id: digest}, version)
    known = ", ".join(version.id for version in law.versions)
    raise CriteriaError(Problem("UD401", f"there are no criteria '{name}'", f"give one of {known}, or a .toml file"))


def load(path: Path) -> tuple[CriteriaVersion, str]:
    """Return one criteria file, checked, and its SHA-256."""
    try:
        data = path.read_bytes()
        tree = tomllib.loads(data.decode("utf-8"), parse_float=Decimal)
    except OSError as error:
        raise CriteriaError(Problem("UD401", f"cannot be read: {error.strerror}", file=str(path))) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CriteriaError(Problem("UD402", f"is no TOML file: {error}", file=str(path))) from error
    try:
        return CriteriaVersion.model_validate(tree), hashlib.sha256(data).hexdigest()
    except ValidationError as error:
        raise CriteriaError(_problems(error, path)) from error


def _law(loaded: Sequence[tuple[CriteriaVersion, str]]) -> Law:
    loaded = sorted(loaded, key=lambda pair: pair[0].version.in_force)
    return Law(tuple(version for version, _ in loaded), {version.id: digest for version, digest in loaded})


def _problems(error: ValidationError, path: Path) -> list[Problem]:
    return [
        Problem("UD402", detail["msg"].removeprefix("Value error, "), file=str(path), column=".".join(map(str, detail["loc"])))
        for detail in error.errors(include_url=False)
    ]
