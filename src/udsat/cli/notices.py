"""What a run says about the tables that it read, on standard error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from udsat.cli import problem_files
from udsat.cli.errors import say
from udsat.cli.errors import tell as tell_of
from udsat.messages.problems import Problem
from udsat.messages.text import Text

if TYPE_CHECKING:
    from udsat.api import Scored


def tell(scored: Scored) -> None:
    """Say how files were read, which rows were left out, and which names are only near a listed
    one.
    """
    for source in scored.checked.sources:
        if source.detected:
            say(source.detected)
    problem_files.note(scored.checked.problems)
    tell_of(scored.checked.problems, Text("left out: "))
    warnings = [*scored.checked.warnings, *scored.lists.warnings, *_names(scored)]
    problem_files.note(warnings)
    tell_of(warnings)


def _names(scored: Scored) -> Iterator[Problem]:
    """Yield what names leave open: municipalities that are none, and areas that are only near a
    listed one.
    """
    from udsat.tables.validate.check import unknown_municipality

    for town in scored.checked.table.unknown_towns:
        yield unknown_municipality(town, scored.lists.names)
    for area, municipality, name in scored.verdicts.streaks.near:
        given = {"area": area, "municipality": municipality, "name": name}
        message = (
            Text(
                "'{area}' in {municipality} is near the listed '{name}', not proven to be the"
                " same: no earlier year is certain",
                **given,
            )
            if municipality
            else Text(
                "'{area}' is near the listed '{name}', not proven to be the same: no earlier year"
                " is certain",
                **given,
            )
        )
        hint = (
            Text("if it is the same, say so with --names")
            if municipality
            else Text("a column municipality would prove it")
        )
        yield Problem(
            "UD634",
            message,
            hint,
        )
