"""Verdicts: what scoring gives, per area and per criterion."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from udsat.law.schema import CriteriaVersion
from udsat.messages.problems import Problem, UsageError
from udsat.messages.text import Text
from udsat.scoring import criteria as judge
from udsat.scoring.annotations import Given, codes, criterion_doubts, criterion_note, noted
from udsat.scoring.categories import (
    YEARS_IN_ROW,
    YEARS_IN_ROW_POSSIBLE,
    category_words,
    counts,
    innermost,
)
from udsat.scoring.criteria import Case, pair
from udsat.scoring.earlier_lists import Streaks
from udsat.scoring.measures import base, numerator
from udsat.scoring.three_valued import (
    MET_OR_NOT,
    YES_OR_NO,
    Expr,
    Words,
    any_of,
    by_date,
    null_text,
    word,
)
from udsat.tables.area_table import AREA_KEY, DATE, ROW, TOWN_KEY, AreaTable
from udsat.ticks import SHOWN

#: Columns of the long form that only other views use: where a row belongs, and what the short
#: columns leave out.
BEHIND = (ROW, "position", "low", "high", "numerator", "base")
#: What `complete` adds for each criterion, in this order.
ADDED = ("low", "high", "numerator", "base", "status", "note")


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The verdicts of a run. `frame` has the pairs of every criterion and category; the methods put
    them into words.
    """

    frame: nw.LazyFrame[Any]
    given: Given

    @property
    def case(self) -> Case:
        """The versions, lines and values that the verdicts rest on."""
        return self.given.case

    @property
    def table(self) -> AreaTable:
        """The table of lists that was scored."""
        return self.given.table

    @property
    def streaks(self) -> Streaks:
        """What the years in a row rest on."""
        return self.given.streaks

    def areas(
        self,
        only: Sequence[str] = (),
        bounds: bool = False,
        packed: bool = False,
        bare: bool = False,
    ) -> nw.LazyFrame[Any]:
        """Return one row per area and list, with the columns of `--detail areas` after `row`, the
        place in the input.

        `only` keeps areas that are certainly in one of these categories. With `bounds` also what a
        value may be at least and at most, where it is no point: `<criterion>_low`, `_high`. With
        `packed` words are numbers, which `legend` tells the meaning of, and so are notes, or a
        struct of such a `code` and a `text`, of which one is there. `bare` leaves out notes and
        columns that came along, and has what rows of one area have in common.
        """
        frame, columns = self._kept(only), self._columns(bounds, packed)
        if bare:
            columns |= {name: nw.col(name) for name in (AREA_KEY, TOWN_KEY)}
        else:
            frame, notes = noted(frame, self.given, packed)
            columns = self._with_passed(columns | {"notes": notes})
        return frame.select(*(column.alias(name) for name, column in columns.items()))

    def legend(self) -> dict[str, Sequence[str] | Callable[[int], str]]:
        """Return, for each packed column, its words in the order of their numbers, or what gives
        the text of a number.
        """
        categories = self.case.categories()
        words: dict[str, Sequence[str]] = {"criteria_version": tuple(self.case.by_id())}
        words |= dict.fromkeys(self.case.criteria(), MET_OR_NOT) | dict.fromkeys(
            categories, YES_OR_NO
        )
        words |= dict.fromkeys(("category", "category_possible"), category_words(self.case))
        return words | {"notes": codes(self.given).text}

    def words(self) -> nw.LazyFrame[Any]:
        """Return one row per area and list with nothing but its name and what is decided of it, in
        words.
        """
        category, category_possible = innermost(self.case)
        columns = (
            {name: nw.col(name) for name in (AREA_KEY, TOWN_KEY)}
            | self._keys()
            | {"category": category, "category_possible": category_possible}
        )
        columns |= {name: self._outcome(name, False) for name in self.case.criteria()}
        columns |= {name: self._membership(name, False) for name in self.case.categories()}
        return self.frame.select(*(column.alias(name) for name, column in columns.items()))

    def _columns(self, bounds: bool = False, packed: bool = False) -> dict[str, Expr]:
        category, category_possible = innermost(self.case, packed)
        columns = {ROW: nw.col(ROW)} | self._keys(packed) | {"residents": self._residents()}
        for name in self.case.criteria():
            columns |= self._shown(name, packed) | (self._bounds(name) if bounds else {})
        columns |= counts(self.case)
        columns |= {name: self._membership(name, packed) for name in self.case.categories()}
        columns |= {"category": category, "category_possible": category_possible}
        return columns | {name: nw.col(name) for name in (YEARS_IN_ROW, YEARS_IN_ROW_POSSIBLE)}

    def _with_passed(self, columns: dict[str, Expr]) -> dict[str, Expr]:
        for heading, name in self.table.passed.items():
            columns[_free(heading, columns)] = nw.col(name)
        return columns

    def members(self, category: str) -> nw.LazyFrame[Any]:
        """Return one row: how many rows are certainly in a category, and of how many it is unknown.

        Raises `UsageError` where no version in use has the category.
        """
        self._known([category])
        one = pair(category)
        return self.frame.select(
            one.certain.sum().alias("yes"), (one.possible - one.certain).sum().alias("unknown")
        )

    def _known(self, categories: Sequence[str]) -> None:
        for name in categories:
            if name not in self.case.categories():
                hint = Text(
                    "the versions in use have {names}", names=", ".join(self.case.categories())
                )
                if "," in name:
                    hint = Text("give the option once for each category")
                raise UsageError(
                    Problem("UD509", Text("there is no category '{name}'", name=name), hint)
                )

    def _kept(self, only: Sequence[str]) -> nw.LazyFrame[Any]:
        self._known(only)
        return (
            self.frame.filter(any_of([pair(name).certain == 1 for name in only]))
            if only
            else self.frame
        )

    def criteria(self, only: Sequence[str] = ()) -> nw.LazyFrame[Any]:
        """Return one row per area, list and criterion: the columns of `--detail criteria`, then
        those of `BEHIND`.
        """
        kept = self._kept(only)
        frames = [
            self._criterion(kept, position, name)
            for position, name in enumerate(self.case.criteria())
        ]
        return nw.concat(frames, how="vertical") if len(frames) > 1 else frames[0]

    def complete(self, only: Sequence[str] = ()) -> nw.LazyFrame[Any]:
        """Return one row per area and list with all that is known of it: the columns of `areas`,
        then those of `ADDED`.

        The added columns stand at the end, for each criterion of the versions in use; where a row's
        version lacks the criterion they mean nothing. What is the same for all rows of a list is in
        `fixed`.
        """
        frame, notes = noted(self._kept(only), self.given)
        columns = self._with_passed(self._columns() | {"notes": notes})
        for name in self.case.criteria():
            dates = [
                date for date, version in self.case.versions.items() if name in version.criteria
            ]
            behind = self._behind(
                name, {date: self.case.versions[date].criteria[name].measure for date in dates}
            )
            behind |= {
                "status": self._status(name, dates),
                "note": criterion_note(self.given, name, dates),
            }
            for part in ADDED:
                columns[_free(f"{name}__{part}", columns)] = behind[part]
        return frame.select(*(column.alias(name) for name, column in columns.items()))

    def fixed(self) -> dict[tuple[dt.date, str], dict[str, str | None]]:
        """Return what every row of a list has in common for each criterion: comparator, reference,
        paragraph.
        """
        blocks = {
            (date, name): block
            for date, version in self.case.versions.items()
            for name, block in version.criteria.items()
        }
        return {
            (date, name): {
                "comparator": block.comparator,
                "reference": self._reference(date, name) or None,
                "source": block.source,
            }
            for (date, name), block in blocks.items()
        }

    def _keys(self, packed: bool = False) -> dict[str, Expr]:
        versions = Words(tuple(self.case.by_id()), packed)
        keys = {"area": nw.col("area")}
        keys |= {"area_id": nw.col("area_id")} if self.table.area_id else {}
        keys |= {"municipality": nw.col("municipality")} if self.table.municipality else {}
        keys |= {"region": nw.col("region")} if self.table.region else {}
        return keys | {
            DATE: nw.col(DATE),
            "criteria_version": self.case.of(lambda version: versions.lit(version.id)),
        }

    def _residents(self) -> Expr:
        return nw.col("residents" + SHOWN) if self.table.residents else nw.lit(None, dtype=nw.Int64)

    def _shown(self, name: str, packed: bool = False) -> dict[str, Expr]:
        value, limit, margin = judge.shown(self.case, name)
        return {
            name: self._outcome(name, packed),
            f"{name}_value": value,
            f"{name}_limit": limit,
            f"{name}_margin": margin,
        }

    def _bounds(self, name: str) -> dict[str, Expr]:
        held = {
            version.criteria[name].measure
            for version in self.case.by_id().values()
            if name in version.criteria
        }
        if all(self.case.values[measure].exact for measure in held & self.case.values.keys()):
            return {}
        low, high = judge.bounds(self.case, name)
        return {f"{name}_low": low, f"{name}_high": high}

    def _outcome(self, name: str, packed: bool) -> Expr:
        words = Words(MET_OR_NOT, packed)
        has = {date: name in version.criteria for date, version in self.case.versions.items()}
        return by_date(has, lambda there: word(pair(name), words) if there else words.lit(None))

    def _membership(self, name: str, packed: bool) -> Expr:
        words = Words(YES_OR_NO, packed)
        has = {date: name in version.categories for date, version in self.case.versions.items()}
        return by_date(has, lambda there: word(pair(name), words) if there else words.lit(None))

    def _criterion(self, kept: nw.LazyFrame[Any], position: int, name: str) -> nw.LazyFrame[Any]:
        dates = [date for date, version in self.case.versions.items() if name in version.criteria]
        blocks = {date: self.case.versions[date].criteria[name] for date in dates}
        measures = {date: block.measure for date, block in blocks.items()}
        shown = self._shown(name)
        columns = self._keys() | {
            "criterion": nw.lit(name),
            "measure": by_date(measures, nw.lit),
            "value": shown[f"{name}_value"],
            "unit": nw.lit("percent"),
            "comparator": by_date(
                {date: block.comparator for date, block in blocks.items()}, nw.lit
            ),
            "limit": shown[f"{name}_limit"],
            "margin": shown[f"{name}_margin"],
            "outcome": shown[name],
            "reference": by_date({date: self._reference(date, name) for date in dates}, _text),
            "source": by_date({date: block.source for date, block in blocks.items()}, nw.lit),
            "status": self._status(name, dates),
            "note": criterion_note(self.given, name, dates),
            ROW: nw.col(ROW),
            "position": nw.lit(position),
        }
        columns |= self._behind(name, measures)
        here = (
            kept
            if len(dates) == len(self.case.versions)
            else kept.filter(nw.col(DATE).is_in(dates))
        )
        return here.select(*(column.alias(key) for key, column in columns.items()))

    def _behind(self, name: str, measures: dict[dt.date, str]) -> dict[str, Expr]:
        values = self.case.values

        def fraction(column: Callable[[str], str]) -> Expr:
            def build(measure: str) -> Expr:
                known = measure in values and values[measure].counted
                return nw.col(column(measure)).cast(nw.String) if known else null_text()

            return by_date(measures, build)

        low, high = judge.bounds(self.case, name)
        return {"low": low, "high": high, "numerator": fraction(numerator), "base": fraction(base)}

    def _reference(self, date: dt.date, name: str) -> str:
        region = self.case.versions[date].criteria[name].reference == "region"
        return "mean of the region" if region else self.case.lines[date, name].reference

    def _status(self, name: str, dates: Sequence[dt.date]) -> Expr:
        def build(words: tuple[str, str]) -> Expr:
            measure, text = words
            if measure not in self.table.proxies:
                return nw.lit(text)
            proxy = nw.lit("proxy" if text == "stated" else f"proxy, {text}")
            return (
                nw.when(~nw.col(f"{measure}_proxy").is_null()).then(proxy).otherwise(nw.lit(text))
            )

        return by_date(
            {date: self._marks(self.case.versions[date], name, date) for date in dates}, build
        )

    def _marks(self, version: CriteriaVersion, name: str, date: dt.date) -> tuple[str, str]:
        words = [doubt.status for doubt in criterion_doubts(version, name, self.given.by_year)]
        words += ["inferred"] if self.case.lines[date, name].inferred else []
        return version.criteria[name].measure, ", ".join(dict.fromkeys(words)) or "stated"


def _free(heading: str, taken: Mapping[str, Expr]) -> str:
    """Return a heading under which a column can be handed through; engines do not tell upper from
    lower case.
    """
    name, names = heading, {column.casefold() for column in taken}
    while name.casefold() in names:
        name = f"input_{name}"
    return name


def _text(text: str) -> Expr:
    return nw.lit(text) if text else null_text()
