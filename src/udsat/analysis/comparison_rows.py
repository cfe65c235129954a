"""Rows that are put beside areas and not judged as such: their municipality, their region, the
country, or any by name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Any, Literal

import narwhals as nw

from udsat import engine
from udsat.analysis.records import Record, criterion_records
from udsat.evidence.references import plain_region
from udsat.messages.problems import Problem, UsageError
from udsat.messages.text import Text
from udsat.names.areas import Area
from udsat.names.resolver import Resolver
from udsat.names.search import find_one
from udsat.scoring.three_valued import Expr
from udsat.scoring.verdicts import Verdicts
from udsat.tables.area_table import DATE, AreaTable

Level = Literal["municipality", "region", "country", "name"]
LEVELS: tuple[Level, ...] = ("municipality", "region", "country")
_COUNTRY = frozenset({"danmark", "denmark", "hele landet"})


@dataclass(frozen=True, slots=True)
class ComparisonRows:
    """The rows for comparison, and what each of them is."""

    verdicts: Verdicts
    levels: Mapping[Area, Level]

    def criteria(self) -> list[Record]:
        """Return the rows for comparison in the long form, with `level`; their outcomes are of no
        account.
        """
        rows = criterion_records(self.verdicts)
        return [
            row | {"level": self.levels[Area(row["area"], row.get("municipality") or "")]}
            for row in rows
        ]


def members(table: AreaTable, wanted: Sequence[str], names: Resolver) -> dict[Area, Level]:
    """Return the areas of a checked table that are for comparison: by level (`municipality`) or by
    name.

    Raises `UsageError` where a level or name finds no row.
    """
    columns = ["area", *(name for name in ("municipality", "region") if getattr(table, name))]
    known = [
        dict(zip(columns, row, strict=True))
        for row in engine.fetch(table.frame.select(*columns).unique())
    ]
    keys = sorted({Area(row["area"], row.get("municipality") or "") for row in known})
    found: dict[Area, Level] = {}
    for word in wanted:
        level = next((level for level in LEVELS if level == word.casefold()), None)
        if level is None:
            found[find_one(word, keys, names)] = "name"
        elif own := [key for key in keys if _is(level, key, known, names)]:
            found |= dict.fromkeys(own, level)
        else:
            hint = Text(
                "a row is one by its name in the column area, such as 'Slagelse Kommune',"
                " 'Region Sjælland' or 'Danmark'"
            )
            raise UsageError(
                Problem(
                    "UD605",
                    Text("--compare {word}: the table has no row of that level", word=word),
                    hint,
                )
            )
    return found


def _is(
    level: Level, key: Area, known: Sequence[Mapping[str, str | None]], names: Resolver
) -> bool:
    name = " ".join(key.name.casefold().split())
    if level == "country":
        return name in _COUNTRY
    if level == "region":
        regions = {plain_region(region) for row in known if (region := row.get("region"))}
        return name.startswith("region ") and plain_region(name) in regions
    towns = {names.town(town) for row in known if (town := row.get("municipality"))}
    return names.town(key.name) in towns and any(map(str.isalpha, name))


def split(
    verdicts: Verdicts, levels: Mapping[Area, Level]
) -> tuple[Verdicts, ComparisonRows | None]:
    """Return the verdicts without the rows for comparison, and these by themselves."""
    if not levels:
        return verdicts, None
    mask = reduce(or_, [_mask(key, verdicts.table.municipality) for key in levels])
    near = tuple(one for one in verdicts.streaks.near if Area(one[0], one[1] or "") not in levels)
    given = replace(verdicts.given, streaks=replace(verdicts.streaks, near=near))
    judged = Verdicts(verdicts.frame.filter(~mask), given)
    return judged, ComparisonRows(replace(verdicts, frame=verdicts.frame.filter(mask)), levels)


def _mask(key: Area, has_town: bool) -> Expr:
    area = nw.col("area") == key.name
    return area & (nw.col("municipality").fill_null("") == key.municipality) if has_town else area


def beside(
    area: Mapping[str, Any], rows: Sequence[Record], names: Resolver
) -> list[tuple[str, tuple[Record, ...]]]:
    """Return the rows for comparison that belong beside an area on its list, each with its
    criteria.
    """
    found: dict[str, list[Record]] = {}
    for row in rows:
        if row[DATE] == area[DATE] and _belongs(row, area, names):
            found.setdefault(row["area"], []).append(row)
    return [(name, tuple(of)) for name, of in found.items()]


def _belongs(row: Record, area: Mapping[str, Any], names: Resolver) -> bool:
    if row["level"] == "municipality":
        return bool(area.get("municipality")) and names.town(row["area"]) == names.town(
            area["municipality"]
        )
    if row["level"] == "region":
        return bool(area.get("region")) and plain_region(row["area"]) == plain_region(
            area["region"]
        )
    return True
