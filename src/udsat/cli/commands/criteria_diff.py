"""`udsat criteria diff`: what changed between two versions of the law, and for whom."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from udsat.cli.errors import handled
from udsat.cli.options import Color, ColorOption, Folder, OutputOptions, option
from udsat.cli.output import forms
from udsat.cli.output.formats import LawFormat
from udsat.cli.output.target import Output
from udsat.messages.text import Text

if TYPE_CHECKING:
    from udsat.analysis.changes.by_law import Moved
    from udsat.law.schema import CriteriaVersion


@handled
def diff(
    options: OutputOptions[LawFormat],
    old: Annotated[str, typer.Argument(metavar="A", help="A version (2018) or a criteria file.")],
    new: Annotated[str, typer.Argument(metavar="B", help="Another one.")],
    data: Annotated[
        list[str] | None,
        option(
            "--data",
            metavar="TABLE",
            text="Tables of areas: who changes category by the law alone.",
        ),
    ] = None,
    references: Annotated[
        list[str] | None,
        option("--references", text="National shares, regional incomes or limits (CSV)."),
    ] = None,
    list_year: Annotated[
        int | None, option("--list-year", text="The list to form from a table of calendar years.")
    ] = None,
    exit_code: Annotated[
        bool, option("--exit-code", text="Exit with 1 where something changed.")
    ] = False,
    criteria_dir: Folder = None,
    color: ColorOption = Color.auto,
) -> int:
    """Print what changed from version A to version B, in words with paragraphs.

    With --data every row is judged by both: which areas enter, leave or change category because of
    the law alone.

    Examples: udsat criteria diff 2014 2018; udsat criteria diff 2018 2021 --data areas.csv
    """
    from udsat.law.diff import compare
    from udsat.render import law_diff

    inputs = [*filter(os.path.isfile, (old, new)), *(data or ()), *(references or ())]
    out = Output.of(options, LawFormat, inputs, color.value)
    versions = [_version(name, criteria_dir) for name in (old, new)]
    found = compare(*versions)
    moved, rows = (
        _moved((old, new), versions, data, references or [], list_year, criteria_dir)
        if data
        else (None, 0)
    )
    out.write(
        {
            "table": forms.table(lambda: law_diff.table(versions, found, moved, rows)),
            "json": forms.document(lambda: law_diff.document(versions, found, moved)),
        }
    )
    return int(exit_code and bool(found or moved))


def _version(name: str, folder: str | None) -> CriteriaVersion:
    from udsat.law.loader import choose
    from udsat.messages.problems import CriteriaError, Problem

    version = choose(name, folder).chosen
    if version is None:
        raise CriteriaError(Problem("UD401", Text("there are no criteria '{name}'", name=name)))
    return version


def _moved(
    names: tuple[str, str],
    versions: list[CriteriaVersion],
    data: list[str],
    references: list[str],
    list_year: int | None,
    folder: str | None,
) -> tuple[list[Moved], int]:
    """Judge every row by both versions, and return the areas whose category differs, with how many
    rows there are.
    """
    from udsat.analysis.changes.by_law import moved
    from udsat.api import evaluate
    from udsat.law.diff import renamed

    scored = [
        evaluate(
            data, criteria=name, criteria_dir=folder, references=references, list_year=list_year
        )
        for name in names
    ]
    rows = [one.areas() for one in scored]
    criteria = list(
        dict.fromkeys(name for version in reversed(versions) for name in version.criteria)
    )
    return moved(rows[0], rows[1], criteria, renamed(*versions)), len(rows[0])
