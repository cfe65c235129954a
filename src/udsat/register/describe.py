"""In words: what a person table must hold, and what counts from it rest on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from udsat.law.library import Law
from udsat.law.model import CriteriaVersion, Measure
from udsat.register.aggregate import needs
from udsat.register.mapping import PROPERTIES, PersonMap

if TYPE_CHECKING:
    from udsat.register.aggregate import Counted

_OPTIONAL = ("municipality", "taxpayer")
#: What of a measure decides whom its counts are of.
_COUNTED = ("ages", "population", "excludes", "unknown_education", "unapproved_education", "counted")


def described(people: PersonMap, law: Law) -> str:
    """Return what each column means, with its heading and codes in a map."""
    needed = {*needs(law, people), "area", "region"}
    lines = ["One row for each person and year, as Parquet or CSV, with these columns:", ""]
    for name, meaning in PROPERTIES.items():
        if name in needed or name in _OPTIONAL:
            lines += [f"  {_heading(name, people):<18} {name}: {meaning}", *_codes(name, people)]
    lines += ["", "Measures, and whom they are counted among:", ""]
    lines += [f"  {line}" for line in _populations(law)]
    lines += ["", "--map FILE says what your table calls them; a file names only what differs:", ""]
    lines += ["  [columns]", '  person = "ID"', "  [codes.convicted]", '  yes = ["J"]', '  no = ["N"]', '  missing = "no"']
    lines += ["  [constants]", "  year = 2024"]
    return "\n".join(lines)


def _heading(name: str, people: PersonMap) -> str:
    if name in people.constants:
        return f"(all {people.constants[name]})"
    return people.column(name) or "(none)"


def _codes(name: str, people: PersonMap) -> Iterator[str]:
    for word, codes in people.words(name).items():
        yield f"  {'':<20} {word}: {', '.join(codes)}"
    if people.words(name):
        yield f"  {'':<20} empty: {people.missing(name)}"


def _populations(law: Law) -> Iterator[str]:
    versions = (law.chosen,) if law.chosen else law.versions
    found: dict[str, list[str]] = {}
    for version in versions:
        for name, block in version.measures.items():
            ages = block.ages or ()
            band = f" aged {ages[0]}{f'-{ages[1]}' if len(ages) > 1 else ' and over'}" if ages else ""
            without = "".join(f", without {word}" for word in block.excludes)
            more = [f"unknown education {block.unknown_education.replace('_', ' ')}"] if block.unknown_education else []
            more += [f"unapproved education {block.unapproved_education.replace('_', ' ')}"] if block.unapproved_education else []
            more += ["parts of a full-time year"] if block.counted == "full_time" else []
            text = f"{name}: {'; '.join([f'{block.population}{band}{without}', *more])}"
            found.setdefault(text, []).append(version.id)
    return (f"{text} [{', '.join(ids)}]" for text, ids in found.items())


def doubts(found: Counted) -> dict[str, list[str]]:
    """Return what counts rest on that the statute does not state, each with the versions that it is about."""
    used: dict[str, list[str]] = {}
    for version in (found.law.chosen,) if found.law.chosen else found.law.versions:
        for measure, block in version.measures.items():
            if any(_looks_at(version, block, year, found.law) for year in found.years):
                for doubt in version.doubts_about(*(f"measures.{measure}.{key}" for key in _COUNTED)):
                    used.setdefault(f"{measure}: {doubt.status}, {doubt.text}", []).append(version.id)
    return used


def _looks_at(version: CriteriaVersion, block: Measure, year: int, law: Law) -> bool:
    """Whether a list under a version takes a measure of a year."""
    if law.chosen:
        return True
    dates = [law.list_date(year - offset) for offset in block.years]
    return any(law.in_force(date) is version for date in dates if date)
