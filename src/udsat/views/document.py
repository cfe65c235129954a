"""Verdicts as one JSON document, `udsat.score/1`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from udsat.scoring.notes import SEPARATOR

SCHEMA = "udsat.score/1"
_KEYS = ("area", "municipality", "region", "list_date", "criteria_version", "residents")
_CRITERION = ("value", "unit", "comparator", "limit", "margin", "outcome", "reference", "source", "status", "note")
_REST = ("category", "category_possible", "met_count", "unknown_count", "prevention_met_count", "years_in_row", "years_in_row_possible")

Record = Mapping[str, Any]


def document(
    areas: Sequence[Record], criteria: Sequence[Record], categories: Sequence[str], passed: Sequence[str], provenance: Record
) -> dict[str, Any]:
    """Return the document: provenance, then each area with its criteria and categories."""
    of_row: dict[int, list[Record]] = {}
    for record in criteria:
        of_row.setdefault(record["row"], []).append(record)
    found = [_area(area, of_row.get(area["row"], ()), categories, passed) for area in areas]
    return {"schema": SCHEMA, "provenance": dict(provenance), "areas": found}


def _area(area: Record, criteria: Sequence[Record], categories: Sequence[str], passed: Sequence[str]) -> dict[str, Any]:
    keys = {name: _plain(area[name]) for name in _KEYS if name in area}
    outcomes = {record["criterion"]: _criterion(record) for record in criteria}
    memberships = {name: area[name] for name in categories if area[name] is not None}
    rest = {name: area[name] for name in _REST if name in area}
    notes = {"notes": area["notes"].split(SEPARATOR) if area["notes"] else []}
    handed = {"input": {name: _plain(area[name]) for name in passed}} if passed else {}
    return keys | {"criteria": outcomes, "categories": memberships} | rest | notes | handed


def _criterion(record: Record) -> dict[str, Any]:
    """Return one outcome: the exact fraction beside a value that does not terminate, bounds where it is no point."""
    found = {name: _number(record[name]) for name in _CRITERION}
    if record["numerator"] is not None and record["base"] is not None and not _terminates(record):
        share = Fraction(int(record["numerator"]), int(record["base"]))
        found["value_exact"] = f"{share.numerator}/{share.denominator}"
    if record["low"] is not None:
        found["value_low"], found["value_high"] = _number(record["low"]), _number(record["high"])
    return found


def _terminates(record: Record) -> bool:
    """Whether 100 times the fraction ends within nine places, so that the value is all there is."""
    return 100 * int(record["numerator"]) * 10**9 % int(record["base"]) == 0


def _number(cell: Any) -> Any:
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def _plain(cell: Any) -> Any:
    return cell.isoformat() if isinstance(cell, dt.date) else cell
