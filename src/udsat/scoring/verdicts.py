"""Verdicts: what scoring gives, per area and per criterion."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from udsat.law import doubts
from udsat.law.schema import CriteriaVersion
from udsat.messages.problems import Problem, UsageError
from udsat.messages.text import Text
from udsat.scoring import criteria as judge
from udsat.scoring.annotation_rules import Given
from udsat.scoring.annotations import (
    Reader,
    criterion_note,
    criterion_rules,
    noted,
    numbered,
    rules,
)
from udsat.scoring.categories import (
    YEARS_IN_ROW,
    YEARS_IN_ROW_POSSIBLE,
    counts,
    innermost,
)
from udsat.scoring.criteria import Case, pair
from udsat.scoring.measures import base, numerator
from udsat.scoring.three_valued import (
    MET_OR_NOT,
    YES_OR_NO,
    Expr,
    any_of,
    by_date,
    text,
    word,
)
from udsat.scoring.years_in_row.earlier_lists import Streaks
from udsat.tables.area_table import AREA_KEY, DATE, ROW, TOWN_KEY, AreaTable
from udsat.ticks import SHOWN

#: The column with the annotations of a row as values, where they are asked for.
ANNOTATIONS = "udsat_annotations"
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
        bare: bool = False,
        annotated: bool = False,
    ) -> nw.LazyFrame[Any]:
        """Return one row per area and list, with the columns of `--detail areas` after `row`, the
        place in the input.

        `only` keeps areas that are certainly in one of these categories. With `bounds` also what a
        value may be at least and at most, where it is no point: `<criterion>_low`, `_high`. `bare`
        leaves out notes and columns that came along, and has what rows of one area have in common.
        With `annotated` the column `ANNOTATIONS` is in the place of notes; `reader` reads it.
        """
        frame, columns = self._kept(only), self._columns(bounds)
        if bare:
            columns |= {name: nw.col(name) for name in (AREA_KEY, TOWN_KEY)}
        elif annotated:
            columns = self._with_passed(columns | {ANNOTATIONS: numbered(rules(self.given).all)})
        else:
            frame, notes = noted(frame, self.given)
            columns = self._with_passed(columns | {"notes": notes})
        return frame.select(*(column.alias(name) for name, column in columns.items()))

    def reader(self, criterion: str | None = None) -> Reader:
        """Return what reads the annotations of rows of `areas`, or of a criterion's rows of
        `criteria`.
        """
        if criterion is None:
            return Reader(rules(self.given).all)
        return Reader(criterion_rules(self.given, criterion, self._dates(criterion)))

    def _dates(self, criterion: str) -> list[dt.date]:
        """Return the lists whose version has a criterion."""
        return [
            date for date, version in self.case.versions.items() if criterion in version.criteria
        ]

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
        columns |= {name: self._outcome(name) for name in self.case.criteria()}
        columns |= {name: self._membership(name) for name in self.case.categories()}
        return self.frame.select(*(column.alias(name) for name, column in columns.items()))

    def _columns(self, bounds: bool = False) -> dict[str, Expr]:
        category, category_possible = innermost(self.case)
        columns = {ROW: nw.col(ROW)} | self._keys() | {"residents": self._residents()}
        for name in self.case.criteria():
            columns |= self._shown(name) | (self._bounds(name) if bounds else {})
        columns |= counts(self.case)
        columns |= {name: self._membership(name) for name in self.case.categories()}
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

    def criteria(self, only: Sequence[str] = (), annotated: bool = False) -> nw.LazyFrame[Any]:
        """Return one row per area, list and criterion: the columns of `--detail criteria`, then
        those of `BEHIND`.

        With `annotated` the column `ANNOTATIONS` is in the place of `note`; `reader` reads it.
        """
        kept = self._kept(only)
        frames = [
            self._criterion(kept, position, name, annotated)
            for position, name in enumerate(self.case.criteria())
        ]
        return nw.concat(frames, how="vertical") if len(frames) > 1 else frames[0]

    def complete(self, only: Sequence[str] = ()) -> nw.LazyFrame[Any]:
        """Return one row per area and list with all that is known of it: the columns of annotated
        `areas`, then those of `ADDED`.

        The added columns stand at the end, for each criterion of the versions in use; where a row's
        version lacks the criterion they mean nothing. What is the same for all rows of a list is in
        `fixed`.
        """
        annotations = numbered(rules(self.given).all)
        columns = self._with_passed(self._columns() | {ANNOTATIONS: annotations})
        for name in self.case.criteria():
            dates = self._dates(name)
            behind = self._behind(
                name, {date: self.case.versions[date].criteria[name].measure for date in dates}
            )
            behind |= {
                "status": self._status(name, dates),
                "note": criterion_note(self.given, name, dates),
            }
            for part in ADDED:
                columns[_free(f"{name}__{part}", columns)] = behind[part]
        return self._kept(only).select(*(column.alias(name) for name, column in columns.items()))

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

    def _keys(self) -> dict[str, Expr]:
        keys = {"area": nw.col("area")}
        keys |= {"area_id": nw.col("area_id")} if self.table.area_id else {}
        keys |= {"municipality": nw.col("municipality")} if self.table.municipality else {}
        keys |= {"region": nw.col("region")} if self.table.region else {}
        return keys | {
            DATE: nw.col(DATE),
            "criteria_version": self.case.of(lambda version: nw.lit(version.id)),
        }

    def _residents(self) -> Expr:
        return nw.col("residents" + SHOWN) if self.table.residents else nw.lit(None, dtype=nw.Int64)

    def _shown(self, name: str) -> dict[str, Expr]:
        value, limit, margin = judge.shown(self.case, name)
        return {
            name: self._outcome(name),
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

    def _outcome(self, name: str) -> Expr:
        has = {date: name in version.criteria for date, version in self.case.versions.items()}
        return by_date(has, lambda there: word(pair(name), MET_OR_NOT) if there else text(""))

    def _membership(self, name: str) -> Expr:
        has = {date: name in version.categories for date, version in self.case.versions.items()}
        return by_date(has, lambda there: word(pair(name), YES_OR_NO) if there else text(""))

    def _criterion(
        self, kept: nw.LazyFrame[Any], position: int, name: str, annotated: bool
    ) -> nw.LazyFrame[Any]:
        dates = self._dates(name)
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
            "reference": by_date({date: self._reference(date, name) for date in dates}, text),
            "source": by_date({date: block.source for date, block in blocks.items()}, nw.lit),
            "status": self._status(name, dates),
            **(
                {ANNOTATIONS: numbered(criterion_rules(self.given, name, dates))}
                if annotated
                else {"note": criterion_note(self.given, name, dates)}
            ),
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
                return nw.col(column(measure)).cast(nw.String) if known else text("")

            return by_date(measures, build)

        low, high = judge.bounds(self.case, name)
        return {"low": low, "high": high, "numerator": fraction(numerator), "base": fraction(base)}

    def _reference(self, date: dt.date, name: str) -> str:
        region = self.case.versions[date].criteria[name].reference == "region"
        return "mean of the region" if region else self.case.lines[date, name].reference

    def _status(self, name: str, dates: Sequence[dt.date]) -> Expr:
        def build(words: tuple[str, str]) -> Expr:
            measure, status = words
            if measure not in self.table.proxies:
                return nw.lit(status)
            proxy = nw.lit("proxy" if status == "stated" else f"proxy, {status}")
            return (
                nw.when(~nw.col(f"{measure}_proxy").is_null()).then(proxy).otherwise(nw.lit(status))
            )

        return by_date(
            {date: self._marks(self.case.versions[date], name, date) for date in dates}, build
        )

    def _marks(self, version: CriteriaVersion, name: str, date: dt.date) -> tuple[str, str]:
        words = [doubt.status for doubt in doubts.of_criterion(version, name, self.given.by_year)]
        words += ["inferred"] if self.case.lines[date, name].inferred else []
        return version.criteria[name].measure, ", ".join(dict.fromkeys(words)) or "stated"


def _free(heading: str, taken: Mapping[str, Expr]) -> str:
    """Return a heading under which a column can be passed through; engines do not tell upper from
    lower case.
    """
    name, names = heading, {column.casefold() for column in taken}
    while name.casefold() in names:
        name = f"input_{name}"
    return name
