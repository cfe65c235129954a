"""Verdicts as JSON objects: one document, `udsat.score/1`, or one object per line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from udsat.analysis.records import Record
from udsat.export.cells import jsonable
from udsat.law.schema import CriteriaVersion
from udsat.messages.annotation import notes
from udsat.scoring.annotations import Reader
from udsat.scoring.verdicts import ADDED, ANNOTATIONS, Verdicts

SCHEMA = "udsat.score/1"
_KEYS = ("area", "area_id", "municipality", "region", "list_date", "criteria_version", "residents")
_CRITERION = (
    "value",
    "unit",
    "comparator",
    "limit",
    "margin",
    "outcome",
    "reference",
    "source",
    "status",
    "note",
)
_REST = (
    "category",
    "category_possible",
    "met_count",
    "unknown_count",
    "prevention_met_count",
    "years_in_row",
    "years_in_row_possible",
)


def head(provenance: Mapping[str, Any]) -> dict[str, Any]:
    """Return what stands before the areas of a document."""
    return {"schema": SCHEMA, "provenance": dict(provenance)}


def objects(
    verdicts: Verdicts, names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> Iterator[dict[str, Any]]:
    """Yield the object of each area, from the rows of `Verdicts.complete` in their order and the
    names of its columns.
    """
    shape = _shape(verdicts, names)
    for row in rows:
        yield shape.area(row)


@dataclass(frozen=True, slots=True)
class _Shape:
    """How rows of `Verdicts.complete` become objects."""

    #: The columns of an area, and how many of them are the tool's own; the rest was passed through.
    names: Sequence[str]
    own: int
    criteria: tuple[str, ...]
    categories: tuple[str, ...]
    versions: Mapping[str, CriteriaVersion]
    fixed: Mapping[Any, Mapping[str, Any]]
    reader: Reader

    def area(self, row: Sequence[Any]) -> dict[str, Any]:
        area = dict(zip(self.names[: self.own], row, strict=False))
        found = {name: jsonable(area[name]) for name in _KEYS if name in area}
        found["criteria"] = dict(self._criteria(area, row[len(self.names) :]))
        found["categories"] = {
            name: area[name] for name in self.categories if area[name] is not None
        }
        found |= {name: area[name] for name in _REST if name in area}
        annotations = self.reader.read(area[ANNOTATIONS], area["list_date"])
        found["notes"] = notes(annotations)
        found["annotations"] = [one.document() for one in annotations]
        handed = {
            name: jsonable(row[place]) for place, name in enumerate(self.names) if place >= self.own
        }
        return found | ({"input": handed} if handed else {})

    def _criteria(
        self, area: Record, behind: Sequence[Any]
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        version = self.versions[area["criteria_version"]]
        for place, name in enumerate(self.criteria):
            if name in version.criteria:
                added = dict(zip(ADDED, behind[place * len(ADDED) :], strict=False))
                shown = {part: area[f"{name}_{part}"] for part in ("value", "limit", "margin")}
                yield (
                    name,
                    _criterion(
                        {
                            **self.fixed[area["list_date"], name],
                            **shown,
                            **added,
                            "outcome": area[name],
                            "unit": "percent",
                        }
                    ),
                )


def _shape(verdicts: Verdicts, names: Sequence[str]) -> _Shape:
    case = verdicts.case
    areas = names[: len(names) - len(ADDED) * len(case.criteria())]
    return _Shape(
        areas,
        areas.index(ANNOTATIONS) + 1,
        case.criteria(),
        case.categories(),
        case.by_id(),
        verdicts.fixed(),
        verdicts.reader(),
    )


def _criterion(record: Record) -> dict[str, Any]:
    """Return one outcome: the exact fraction beside a value that does not terminate, bounds where
    it is no point.
    """
    found = {name: jsonable(record[name]) for name in _CRITERION}
    if record["numerator"] is not None and record["base"] is not None and not _terminates(record):
        share = Fraction(int(record["numerator"]), int(record["base"]))
        found["value_exact"] = f"{share.numerator}/{share.denominator}"
    if record["low"] is not None:
        found["value_low"], found["value_high"] = jsonable(record["low"]), jsonable(record["high"])
    return found


def _terminates(record: Record) -> bool:
    """Whether 100 times the fraction ends within nine places, so that the value is all there is."""
    return 100 * int(record["numerator"]) * 10**9 % int(record["base"]) == 0
