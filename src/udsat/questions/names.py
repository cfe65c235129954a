"""Which area of a table a person means: names as people type them, and suggestions where none fits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from udsat.errors import Problem, UsageError
from udsat.tables.lists import Area, Matcher, plain_municipality, plain_name

#: An area of a table: its name, and its municipality if the table has one.
Key = tuple[str, str | None]
#: How alike (of 100) a suggestion is at least, and how many are made.
_ENOUGH, _MOST = 56, 3


def find(typed: str, municipality: str | None, known: Sequence[Key], matcher: Matcher) -> Key:
    """Return the one area that a typed name means.

    Case, aa or å, "mv." and the order around "/" do not count; a known other name, an unambiguous part of a name, and
    "name, municipality" do. Raises `UsageError` where no area fits, or several do.
    """
    here = [key for key in known if municipality is None or _same_town(key[1], municipality, matcher)]
    if municipality is not None and not here:
        towns = sorted({town for _, town in known if town})
        hint = f"the table has {', '.join(towns[:5])}{' and others' * (len(towns) > 5)}" if towns else "leave it out"
        raise UsageError(Problem("UD601", f"the table has no area in a municipality '{municipality}'", hint))
    if found := _meant(typed, here, matcher):
        return _one(typed, found)
    if municipality is not None and (elsewhere := _meant(typed, known, matcher)):
        hint = f"it has {' and '.join(_said(key) for key in elsewhere)}"
        raise UsageError(Problem("UD601", f"the table has no area '{typed}' in a municipality '{municipality}'", hint))
    hint = f"did you mean {' or '.join(_said(key) for key in near)}?" if (near := _near(typed, here)) else "see the names in the table"
    raise UsageError(Problem("UD601", f"the table has no area '{typed}'", hint))


def _meant(typed: str, known: Sequence[Key], matcher: Matcher) -> list[Key]:
    ways = (_exactly, _by_other_name, _with_town, _by_part)
    return next((found for way in ways if (found := way(typed, known, matcher))), [])


def _one(typed: str, found: Sequence[Key]) -> Key:
    if len(found) == 1:
        return found[0]
    towns = {town for _, town in found}
    hint = "say which with --municipality" if len(towns) == len(found) else "type the whole name"
    raise UsageError(Problem("UD602", f"'{typed}' may be {' or '.join(_said(key) for key in found)}", hint))


def _said(key: Key) -> str:
    return f"'{key[0]}' in {key[1]}" if key[1] else f"'{key[0]}'"


def _same_town(town: str | None, municipality: str, matcher: Matcher) -> bool:
    return town is not None and matcher.town(town) == matcher.town(municipality)


def _exactly(typed: str, known: Sequence[Key], _: Matcher) -> list[Key]:
    return [key for key in known if plain_name(key[0]) == plain_name(typed)]


def _by_other_name(typed: str, known: Sequence[Key], matcher: Matcher) -> list[Key]:
    """Return the areas for which a typed name is a known other name in their municipality."""
    meant = {town: _listed(matcher, typed, town) for town in {town for _, town in known if town}}
    return [key for key in known if key[1] and meant[key[1]] and _listed(matcher, *key) == meant[key[1]]]


def _listed(matcher: Matcher, name: str, town: str | None) -> Area | None:
    match = matcher.find(name, town) if town else None
    return match.area if match and match.proven else None


def _with_town(typed: str, known: Sequence[Key], matcher: Matcher) -> list[Key]:
    """Read a typed name as "name, municipality"."""
    name, comma, town = typed.rpartition(",")
    here = [key for key in known if comma and _same_town(key[1], plain_municipality(town), matcher)]
    return _exactly(name, here, matcher) or _by_other_name(name, here, matcher) or (_by_part(name, here, matcher) if here else [])


def _by_part(typed: str, known: Sequence[Key], _: Matcher) -> list[Key]:
    """Return the areas with the typed words as a whole part of their name, else as the beginning of a word."""
    words = plain_name(typed)
    return _filtered(known, lambda name: words in _pieces(name)) or _filtered(
        known, lambda name: len(words) > 2 and bool(re.search(rf"(?<!\w){re.escape(words)}", name))
    )


def _pieces(name: str) -> set[str]:
    return {piece.strip() for piece in re.split(r"[/,()]| og ", name)}


def _filtered(known: Iterable[Key], fits: Callable[[str], bool]) -> list[Key]:
    return [key for key in known if fits(plain_name(key[0]))]


def _near(typed: str, known: Sequence[Key]) -> list[Key]:
    from rapidfuzz import fuzz, process

    choices = dict(enumerate(plain_name(name) for name, _ in known))
    best = process.extract(plain_name(typed), choices, scorer=fuzz.WRatio, limit=_MOST, score_cutoff=_ENOUGH)
    return [known[place] for _, _, place in best]
