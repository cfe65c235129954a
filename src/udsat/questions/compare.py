"""Rows that are put beside areas and not judged as such: their municipality, their region, the country, or any by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Any, Literal

import narwhals as nw

from udsat.errors import Problem, UsageError
from udsat.questions.names import Key, find
from udsat.questions.rows import Record, records
from udsat.scoring.outcome import Expr
from udsat.scoring.verdicts import Verdicts
from udsat.tables import engine
from udsat.tables.area_table import DATE, ROW, AreaTable
from udsat.tables.lists import Matcher, plain_municipality
from udsat.tables.references import plain_region

Level = Literal["municipality", "region", "country", "name"]
LEVELS: tuple[Level, ...] = ("municipality", "region", "country")
_COUNTRY = frozenset({"danmark", "denmark", "hele landet"})


@dataclass(frozen=True, slots=True)
class Compared:
    """The rows for comparison, and what each of them is."""

    verdicts: Verdicts
    levels: Mapping[Key, Level]

    def criteria(self) -> list[Record]:
        """Return the rows for comparison in the long form, with `level`; their outcomes are of no account."""
        town = self.verdicts.table.municipality
        rows = records(self.verdicts.criteria(), (ROW, "position"))
        return [row | {"level": self.levels[row["area"], row["municipality"] if town else None]} for row in rows]


def members(table: AreaTable, wanted: Sequence[str], matcher: Matcher) -> dict[Key, Level]:
    """Return the areas of a checked table that are for comparison: by level (`municipality`) or by name.

    Raises `UsageError` where a level or name finds no row.
    """
    names = [name for name in ("municipality", "region") if getattr(table, name)]
    rows = engine.fetch(table.frame.select("area", *names).unique())
    known = [(row[0], dict(zip(names, row[1:], strict=True))) for row in rows]
    keys = sorted({(area, where.get("municipality")) for area, where in known}, key=lambda key: (key[0], key[1] or ""))
    found: dict[Key, Level] = {}
    for word in wanted:
        level = next((level for level in LEVELS if level == word.casefold()), None)
        if level is None:
            found[find(word, None, keys, matcher)] = "name"
        elif own := [key for key in keys if _is(level, key, known, matcher)]:
            found |= dict.fromkeys(own, level)
        else:
            hint = "a row is one by its name in the column area, such as 'Slagelse Kommune', 'Region Sjælland' or 'Danmark'"
            raise UsageError(Problem("UD605", f"--compare {word}: the table has no row of that level", hint))
    return found


def _is(level: Level, key: Key, known: Sequence[tuple[str, Mapping[str, str | None]]], matcher: Matcher) -> bool:
    name = " ".join(key[0].casefold().split())
    if level == "country":
        return name in _COUNTRY
    if level == "region":
        regions = {plain_region(region) for _, where in known if (region := where.get("region"))}
        return name.startswith("region ") and plain_region(name) in regions
    towns = {matcher.town(town) for _, where in known if (town := where.get("municipality"))}
    return matcher.town(key[0]) in towns and (name.endswith("kommune") or plain_municipality(key[0]) == name.replace("å", "aa"))


def split(verdicts: Verdicts, levels: Mapping[Key, Level]) -> tuple[Verdicts, Compared | None]:
    """Return the verdicts without the rows for comparison, and these by themselves."""
    if not levels:
        return verdicts, None
    mask = reduce(or_, [_mask(key, verdicts.table.municipality) for key in levels])
    near = tuple(one for one in verdicts.streaks.near if (one[0], one[1]) not in levels)
    given = replace(verdicts.given, streaks=replace(verdicts.streaks, near=near))
    judged = Verdicts(verdicts.frame.filter(~mask), given)
    return judged, Compared(replace(verdicts, frame=verdicts.frame.filter(mask)), levels)


def _mask(key: Key, has_town: bool) -> Expr:
    area = nw.col("area") == key[0]
    if not has_town:
        return area
    return area & (nw.col("municipality").is_null() if key[1] is None else (nw.col("municipality").fill_null("") == key[1]))


def beside(area: Mapping[str, Any], rows: Sequence[Record], matcher: Matcher) -> list[tuple[str, tuple[Record, ...]]]:
    """Return the rows for comparison that belong beside an area on its list, each with its criteria."""
    found: dict[str, list[Record]] = {}
    for row in rows:
        if row[DATE] == area[DATE] and _belongs(row, area, matcher):
            found.setdefault(row["area"], []).append(row)
    return [(name, tuple(of)) for name, of in found.items()]


def _belongs(row: Record, area: Mapping[str, Any], matcher: Matcher) -> bool:
    if row["level"] == "municipality":
        return bool(area.get("municipality")) and matcher.town(row["area"]) == matcher.town(area["municipality"])
    if row["level"] == "region":
        return bool(area.get("region")) and plain_region(row["area"]) == plain_region(area["region"])
    return True
