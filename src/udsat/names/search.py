"""Which areas a person means by a typed name: one set of rules and one message for
every command.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NoReturn

from udsat.messages.problems import Problem, UsageError
from udsat.messages.text import Text, listed
from udsat.names.areas import Area
from udsat.names.resolver import Resolver
from udsat.names.spelling import plain_name

#: How alike (of 100) a suggestion is at least, and how many are made.
_ENOUGH, _MOST = 56, 3


def find_all(
    typed: str, known: Sequence[Area], names: Resolver, municipality: str | None = None
) -> list[Area]:
    """Return the areas, of those known, that a typed name means; several only where they share the
    name.

    Case, aa or å, "mv." and the order around "/" do not count. A proven other name of the area, an
    unambiguous part of a name, and "name, municipality" do. Raises `UsageError` where no area fits,
    or a part of a name fits several.
    """
    here = [area for area in known if municipality is None or _is_in(area, municipality, names)]
    if municipality is not None and not here:
        towns = sorted({area.municipality for area in known if area.municipality})
        hint = (
            Text(
                "there is {names}{towns}",
                names=", ".join(towns[:5]),
                towns=" and others" * (len(towns) > 5),
            )
            if towns
            else Text("leave it out")
        )
        raise UsageError(
            Problem(
                "UD601",
                Text(
                    "there is no area in a municipality '{municipality}'", municipality=municipality
                ),
                hint,
            )
        )
    if found := _meant(typed, here, names):
        return found
    if municipality is not None and (elsewhere := _any_meant(typed, known, names)):
        hint = Text("there is {names_and}", names_and=listed(map(_words, elsewhere), "and"))
        raise UsageError(
            Problem(
                "UD601",
                Text(
                    "there is no area '{typed}' in a municipality '{municipality}'",
                    typed=typed,
                    municipality=municipality,
                ),
                hint,
            )
        )
    near = _near(typed, here)
    hint = (
        Text("did you mean {names_or}?", names_or=listed(map(_words, near), "or"))
        if near
        else Text("see the names in the table, or on the published lists")
    )
    raise UsageError(Problem("UD601", Text("there is no area '{typed}'", typed=typed), hint))


def find_one(
    typed: str, known: Sequence[Area], names: Resolver, municipality: str | None = None
) -> Area:
    """Return the one area that a typed name means; raise `UsageError` where none or several fit."""
    found = find_all(typed, known, names, municipality)
    if len(found) > 1:
        _ambiguous(typed, found)
    return found[0]


def _meant(typed: str, known: Sequence[Area], names: Resolver) -> list[Area]:
    """Return the areas of a name, or of a part that only one name has."""
    found = _any_meant(typed, known, names)
    if len({plain_name(area.name) for area in found}) > 1 and found != _by_name(
        typed, known, names
    ):
        _ambiguous(typed, found)
    return found


def _any_meant(typed: str, known: Sequence[Area], names: Resolver) -> list[Area]:
    ways = (_by_name, _with_municipality, _by_part)
    return next((found for way in ways if (found := way(typed, known, names))), [])


def _ambiguous(typed: str, found: Sequence[Area]) -> NoReturn:
    towns = {area.municipality for area in found}
    hint = (
        Text("say which with --municipality, or as 'name, municipality'")
        if len(towns) == len(found)
        else Text("type the whole name")
    )
    raise UsageError(
        Problem(
            "UD602",
            Text(
                "'{typed}' may be {names_or}",
                typed=typed,
                names_or=listed(map(_words, found), "or"),
            ),
            hint,
        )
    )


def _words(area: Area) -> str:
    return f"'{area.name}' in {area.municipality}" if area.municipality else f"'{area.name}'"


def _is_in(area: Area, municipality: str, names: Resolver) -> bool:
    return bool(area.municipality) and names.town(area.municipality) == names.town(municipality)


def _by_name(typed: str, known: Sequence[Area], names: Resolver) -> list[Area]:
    """Return the areas with a name, or that the name is a proven other name of in their
    municipality.
    """
    exact = [area for area in known if plain_name(area.name) == plain_name(typed)]
    return exact or [
        area
        for area in known
        if area.municipality and names.identity(*area) == names.identity(typed, area.municipality)
    ]


def _with_municipality(typed: str, known: Sequence[Area], names: Resolver) -> list[Area]:
    """Read a typed name as "name, municipality"."""
    name, comma, town = typed.rpartition(",")
    here = [area for area in known if comma and _is_in(area, town, names)]
    return _by_name(name, here, names) or _by_part(name, here, names)


def _by_part(typed: str, known: Sequence[Area], _: Resolver) -> list[Area]:
    """Return the areas with the typed words as a whole part of their name, else as the beginning of
    a word.
    """
    words = plain_name(typed)
    if not words:
        return []
    return _filtered(known, lambda name: words in _pieces(name)) or _filtered(
        known,
        lambda name: len(words) > 2 and bool(re.search(rf"(?<!\w){re.escape(words)}(?!\d)", name)),
    )


def _pieces(name: str) -> set[str]:
    return {piece.strip() for piece in re.split(r"[/,()]| og ", name)}


def _filtered(known: Iterable[Area], fits: Callable[[str], bool]) -> list[Area]:
    return [area for area in known if fits(plain_name(area.name))]


def _near(typed: str, known: Sequence[Area]) -> list[Area]:
    from rapidfuzz import fuzz, process

    choices = dict(enumerate(plain_name(area.name) for area in known))
    best = process.extract(
        plain_name(typed), choices, scorer=fuzz.WRatio, limit=_MOST, score_cutoff=_ENOUGH
    )
    return [known[place] for _, _, place in best]
