"""What a person table must hold, and whom each measure is counted among."""

from __future__ import annotations

from collections.abc import Iterator

from udsat.law.loader import Law
from udsat.law.schema import Measure
from udsat.messages.language import _
from udsat.register.aggregate import needs
from udsat.register.mapping import PROPERTIES, PersonMap
from udsat.render.law import among

_OPTIONAL = ("municipality", "taxpayer")
_EDUCATION = {
    "counted": "unknown education counted",
    "not_counted": "unknown education not counted",
}
_ABROAD = {"as_reported": "unapproved education as reported", "basic": "unapproved education basic"}
#: Lines of a map, as it is written whatever the language.
_MAP = """\
  [columns]
  person = "ID"
  [codes.convicted]
  yes = ["J"]
  no = ["N"]
  missing = "no"
  [constants]
  year = 2024"""


def described(people: PersonMap, law: Law) -> str:
    """Return what each column means, with its heading and codes in a map."""
    needed = {*needs(law, people), "area", "region"}
    lines = [_("One row for each person and year, as Parquet or CSV, with these columns:"), ""]
    for name, meaning in PROPERTIES.items():
        if name in needed or name in _OPTIONAL:
            lines += [
                f"  {_heading(name, people):<18} {name}: {_(meaning)}",
                *_codes(name, people),
            ]
    lines += ["", _("Measures, and whom they are counted among:"), ""]
    lines += [f"  {line}" for line in _populations(law)]
    lines += [
        "",
        _("--map FILE says what your table calls them; a file names only what differs:"),
        "",
        _MAP,
    ]
    return "\n".join(lines)


def _heading(name: str, people: PersonMap) -> str:
    if name in people.constants:
        return _("(all {value})", value=people.constants[name])
    return people.column(name) or _("(none)")


def _codes(name: str, people: PersonMap) -> Iterator[str]:
    for word, codes in people.words(name).items():
        yield f"  {'':<20} {word}: {', '.join(codes)}"
    if people.words(name):
        empty = _("empty")
        yield f"  {'':<20} {empty}: {people.missing(name)}"


def _populations(law: Law) -> Iterator[str]:
    found: dict[str, list[str]] = {}
    for version in (law.chosen,) if law.chosen else law.versions:
        for name, block in version.measures.items():
            found.setdefault(f"{name}: {'; '.join(_rules(block))}", []).append(version.id)
    return (f"{text} [{', '.join(ids)}]" for text, ids in found.items())


def _rules(block: Measure) -> Iterator[str]:
    yield among(block)
    if block.unknown_education:
        yield _(_EDUCATION[block.unknown_education])
    if block.unapproved_education:
        yield _(_ABROAD[block.unapproved_education])
    if block.counted == "full_time":
        yield _("parts of a full-time year")
