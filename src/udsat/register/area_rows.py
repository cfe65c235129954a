"""From sums to the columns of the area table: exact numbers, bounds where something is not known or
must not be told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from udsat import ticks
from udsat.engine import identifier, literal
from udsat.law.loader import Law
from udsat.law.schema import CriteriaVersion
from udsat.register import populations
from udsat.register.mapping import PersonMap
from udsat.register.populations import Runs
from udsat.tables.headings import MEASURES

#: A double with nine decimals gives them all back up to here, in billionths; and half of one more.
_MOST_DOUBLE, _MOST_HALVES = 8 * 10**15, 4 * 10**15
_KR = "gross_income"


@dataclass(frozen=True, slots=True)
class Shape:
    """How the rows of one run are written."""

    runs: Runs
    people: PersonMap
    #: Counts below this many persons are bounds; none are where it is 0.
    least: int
    #: Why a measure of some years is not what the law of its lists measures.
    proxies: Mapping[str, Mapping[int, str]]


def area_rows(table: str, shape: Shape, connection: duckdb.DuckDBPyConnection) -> str:
    """Return the rows of the area table as SQL, one for each area and year, in order."""
    keys = ["area", *(["municipality"] if shape.people.given("municipality") else []), "year"]
    measures = [name for name in MEASURES if name in shape.runs]
    sums = ["sum(residents) AS residents"] + [
        f"sum({name}_{part}) AS {name}_{part}"
        for name in measures
        for part in ("low", "high", "base")
    ]
    region = ["min(region) AS region"] if shape.people.given("region") else []
    inner = (
        f"SELECT {', '.join([*keys, *region, *sums])} FROM {identifier(table)} WHERE area IS NOT"
        f" NULL GROUP BY {', '.join(keys)}"
    )
    facts = _facts(inner, measures, connection)
    picks = [
        *keys[:-1],
        *(["region"] if region else []),
        "CAST(year AS INTEGER) AS year",
        _persons("residents", shape.least),
    ]
    for name in measures:
        picks += _income(shape, facts) if name == _KR else _share(name, shape, facts)
    picks += [_proxy(name, texts) for name, texts in shape.proxies.items()]
    return f"SELECT {', '.join(picks)} FROM ({inner}) ORDER BY {', '.join(keys)}"


def _facts(
    inner: str, measures: list[str], connection: duckdb.DuckDBPyConnection
) -> dict[str, bool]:
    """Return, for each measure, whether it has bounds, and (`fits`) whether doubles hold its
    numbers.
    """
    asks = [f"coalesce(bool_or({name}_low != {name}_high), false)" for name in measures]
    for name in measures:
        written, most = (
            (f"{name}_high // nullif({name}_base, 0)", _MOST_HALVES)
            if name == _KR
            else (f"{name}_high", _MOST_DOUBLE)
        )
        asks.append(f"coalesce(max(abs({written})) < {most}, true)")
    if not measures:  # of years that no list looks at
        return {}
    row = connection.execute(f"SELECT {', '.join(asks)} FROM ({inner})").fetchall()[0]
    return dict(zip([*measures, *(f"{name} fits" for name in measures)], row, strict=True))


def _persons(name: str, least: int, known: str = "true") -> str:
    column = identifier(name)
    shown = f"CAST({column} AS BIGINT)"
    if least:
        shown = f"CASE WHEN {column} < {least} THEN '<{least}' ELSE CAST({column} AS VARCHAR) END"
    return f"CASE WHEN {known} THEN {shown} END AS {column}"


def _known(name: str, shape: Shape) -> str:
    """Whether a list looks at a measure in a year; in other years nobody was counted, which is not
    nobody.
    """
    tests = [
        f"year BETWEEN {run.first} AND {run.last}" for run in shape.runs[name] if run.definition
    ]
    return f"({' OR '.join(tests)})"


def _share(name: str, shape: Shape, facts: Mapping[str, bool]) -> list[str]:
    """A numerator and its base. Numerators of full-time persons are in billionths."""
    parts = ticks.NANO if name == "outside_labour_market" else 1
    low, high, base = (f"{name}_{part}" for part in ("low", "high", "base"))
    known = _known(name, shape)
    if shape.least:
        low, high = _hidden(low, high, base, shape.least, parts)
        shown = (
            f"CASE WHEN {high} < {shape.least} AND {parts} = 1 AND {low} = 0 AND {high} ="
            f" {shape.least - 1} THEN '<{shape.least}' "
        )
        shown += (
            f"WHEN {low} = {high} THEN {_text(low, parts)} ELSE {_text(low, parts)} || '-' ||"
            f" {_text(high, parts)} END"
        )
    elif facts[name] or (parts > 1 and not facts[f"{name} fits"]):
        shown = (
            f"CASE WHEN {low} = {high} THEN {_text(low, parts)} ELSE {_text(low, parts)} || '-' ||"
            f" {_text(high, parts)} END"
        )
    else:
        shown = (
            f"CAST({low} AS BIGINT)" if parts == 1 else f"CAST({low} AS DOUBLE) / {float(parts)!r}"
        )
    columns = [f"CASE WHEN {known} THEN {shown} END AS {identifier(name)}"]
    return [*columns, _persons(base, shape.least, known)]


def _hidden(low: str, high: str, base: str, least: int, parts: int) -> tuple[str, str]:
    """Widen a numerator that tells of fewer than so many persons, in it or in the rest of its base.

    Where the base is so small that hiding the one would show the other, everything from nobody to
    all is possible.
    """
    few, rest = f"{low} < {least * parts}", f"{high} > ({base} - {least}) * {parts}"
    small = f"({base} < {2 * least} AND ({few} OR {rest}))"
    step = 1 if parts == 1 else 0  # whole persons: fewer than five are at most four
    under = (
        f"CASE WHEN {small} OR {few} THEN 0 WHEN {rest} THEN least({low}, ({base} - {least}) *"
        f" {parts} + {step}) ELSE {low} END"
    )
    most = f"{least * parts - step}"
    tiny, all_ = f"{base} < {least}", f"{base} * {parts}"
    over = (
        f"CASE WHEN {tiny} THEN {most} WHEN {small} OR {rest} THEN {all_} WHEN {few} THEN"
        f" greatest({high}, {most}) ELSE {high} END"
    )
    return f"({under})", f"({over})"


def _text(nano: str, parts: int) -> str:
    """A whole number of parts as a decimal text."""
    if parts == 1:
        return f"CAST({nano} AS VARCHAR)"
    sign = f"CASE WHEN {nano} < 0 THEN '-' ELSE '' END"
    whole, rest = (
        f"CAST(abs({nano}) // {parts} AS VARCHAR)",
        f"lpad(CAST(abs({nano}) % {parts} AS VARCHAR), 9, '0')",
    )
    return f"rtrim(rtrim({sign} || {whole} || '.' || {rest}, '0'), '.')"


def _income(shape: Shape, facts: Mapping[str, bool]) -> list[str]:
    """The mean income. One that does not end within nine decimals is written half a billionth
    beside its ninth.

    Such a number has more than nine decimals, and so is read as an interval around it, which the
    mean lies in.
    """
    low, high, base = (f"{_KR}_{part}" for part in ("low", "high", "base"))
    known = f"{_known(_KR, shape)} AND {base} >= {max(shape.least, 1)}"
    if facts[_KR] or not facts[f"{_KR} fits"]:
        under, over = f"({low} // {base} - 1)", f"({high} // {base} + 1)"
        shown = (
            f"CASE WHEN {low} = {high} THEN {_mean_text(low, base)} ELSE {_text(under, ticks.NANO)}"
            f" || '-' || {_text(over, ticks.NANO)} END"
        )
    else:
        shown = f"(CAST({low} // {base} AS DOUBLE) + 0.5 * sign({low} % {base})) / 1e9"
    return [f"CASE WHEN {known} THEN {shown} END AS {_KR}"]


def _mean_text(total: str, base: str) -> str:
    mean = f"({total} // {base})"
    sign = f"CASE WHEN {mean} < 0 THEN '-' ELSE '' END"
    digits = (
        f"CAST(abs({mean}) // {ticks.NANO} AS VARCHAR) || '.' || lpad(CAST(abs({mean}) %"
        f" {ticks.NANO} AS VARCHAR), 9, '0')"
    )
    return f"({sign} || {digits} || CASE WHEN {total} % {base} = 0 THEN '' ELSE '5' END)"


def _proxy(name: str, texts: Mapping[int, str]) -> str:
    cases = " ".join(f"WHEN {year} THEN {literal(text)}" for year, text in texts.items())
    return f"CASE year {cases} END AS {name}_proxy"


def proxies(
    law: Law, version: CriteriaVersion | None, years: list[int]
) -> dict[str, dict[int, str]]:
    """Return why a measure counted under a chosen version is not what the law of its year's lists
    measures.
    """
    if version is None:
        return {}
    own = Law(law.versions, law.digests)
    found: dict[str, dict[int, str]] = {}
    for year in years:
        chosen, by_law = populations.of_year(law, year), populations.of_year(own, year)
        for name, one in chosen.items():
            other = by_law.get(name)
            if one and other and one.key != other.key:
                found.setdefault(name, {})[year] = (
                    f"counted as criteria {version.id} define it, not as the law of its lists does"
                )
    return found
