"""Rules on single values of a criteria file: dates, ages, years, units and thresholds that can be
meant.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from udsat import ticks
from udsat.law.definition import Definition
from udsat.law.lint.shape import meant
from udsat.law.lint.tree import block as block_of
from udsat.law.lint.tree import blocks
from udsat.messages.problems import Problem
from udsat.messages.text import EMPTY, Text

#: The measures that the area table has columns for.
MEASURES = ("outside_labour_market", "convicted", "basic_education", "gross_income", "non_western")


def dates(one: Definition) -> Iterator[Problem]:
    """A version ends after it began."""
    head = block_of(one.tree, "version")
    start, end = head.get("in_force"), head.get("ended")
    if isinstance(start, dt.date) and isinstance(end, dt.date) and end < start:
        yield one.problem(
            "UD414",
            ("version", "ended"),
            Text("{end} is before {start}, when the version came into force", end=end, start=start),
            EMPTY,
            end,
        )


def day(one: Definition) -> Iterator[Problem]:
    """The day of the list is one that every year has."""
    day = block_of(one.tree, "publication").get("day")
    if isinstance(day, str) and re.fullmatch(r"\d\d-\d\d", day):
        try:
            dt.date.fromisoformat(f"2001-{day}")
        except ValueError:
            yield one.problem(
                "UD406",
                ("publication", "day"),
                Text("'{day}' is no day of every year", day=day),
                Text("write it as 12-01"),
                day,
            )


def measure_names(one: Definition) -> Iterator[Problem]:
    """A measure is one that the area table has columns for."""
    for name in blocks(one.tree, "measures"):
        if name not in MEASURES:
            hint = meant(name, MEASURES)
            yield one.problem(
                "UD422",
                ("measures", name),
                Text("no table has a column for the measure '{name}'", name=name),
                hint,
            )


def ages(one: Definition) -> Iterator[Problem]:
    """Ages run from the younger to the older."""
    for name, block in blocks(one.tree, "measures").items():
        ages = block.get("ages")
        if (
            isinstance(ages, list)
            and len(ages) == 2
            and all(isinstance(age, int) for age in ages)
            and ages[0] > ages[1]
        ):
            yield one.problem(
                "UD406",
                ("measures", name, "ages"),
                Text("nobody is from {ages} to {ages2}", ages=ages[0], ages2=ages[1]),
                Text("the younger age first"),
                ages,
            )


def windows(one: Definition) -> Iterator[Problem]:
    """The years of a mean are named once each, from the earliest; only a share can be a mean of
    several.
    """
    for way, block in [
        (("area",), block_of(one.tree, "area")),
        *((("measures", n), b) for n, b in blocks(one.tree, "measures").items()),
    ]:
        years = block.get("years")
        if not isinstance(years, list) or not all(isinstance(year, int) for year in years):
            continue
        if sorted(set(years)) != years:
            hint = Text("each once, the earliest first")
            yield one.problem(
                "UD426",
                (*way, "years"),
                Text("the years {list} are repeated or out of order", list=_list(years)),
                hint,
                _list(years),
            )
        if len(years) > 1 and (way == ("area",) or block.get("kind") == "mean"):
            yield one.problem(
                "UD426",
                (*way, "years"),
                Text("{way} is taken of one year, not of {list}", way=way[-1], list=_list(years)),
                EMPTY,
                _list(years),
            )


def units(one: Definition) -> Iterator[Problem]:
    """A share has a unit of its own or is a multiple of the national share; a mean is held against
    the region's.
    """
    measures = blocks(one.tree, "measures")
    for name, block in blocks(one.tree, "criteria").items():
        unit, reference, way = block.get("unit"), block.get("reference"), ("criteria", name)
        kind = measures.get(str(block.get("measure")), {}).get("kind")
        if (unit == "times") != (reference == "national"):
            yield one.problem(
                "UD421",
                (*way, "unit"),
                Text("unit 'times' and reference 'national' belong together"),
                EMPTY,
                unit,
            )
        elif kind == "mean" and (reference != "region" or unit != "percent"):
            hint = Text('unit = "percent" and reference = "region"')
            yield one.problem(
                "UD421",
                (*way, "unit"),
                Text("a mean is compared with its region's, in percent"),
                hint,
                unit,
            )
        elif kind == "share" and reference == "region":
            yield one.problem(
                "UD421",
                (*way, "reference"),
                Text("a share is not compared with a region's"),
                Text("leave out the reference"),
                reference,
            )


def thresholds(one: Definition) -> Iterator[Problem]:
    """A share can lie beyond its line."""
    for name, block in blocks(one.tree, "criteria").items():
        line, unit, comparator = block.get("threshold"), block.get("unit"), block.get("comparator")
        if (
            isinstance(line, bool)
            or not isinstance(line, (int, Decimal))
            or not Decimal(line).is_finite()
        ):
            continue
        if not isinstance(unit, str) or unit not in ticks.PERCENT_PER:
            continue
        whole = int(100 / ticks.PERCENT_PER[unit])
        if line > whole or (line == whole and comparator == "exceeds"):
            given = {"line": line, "unit": unit, "whole": whole}
            words = (
                Text("{line} {unit}: no share is above it; all of them is {whole}", **given)
                if comparator == "exceeds"
                else Text(
                    "{line} {unit}: no share is at or above it; all of them is {whole}", **given
                )
            )
            hint = Text("is it per 1,000 or per 10,000?") if unit == "percent" else EMPTY
            if block.get("reference") != "region":
                yield one.problem("UD411", ("criteria", name, "threshold"), words, hint, line)


def _list(values: list[Any]) -> str:
    return "[" + ", ".join(map(str, values)) + "]"
