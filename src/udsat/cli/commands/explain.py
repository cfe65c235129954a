"""`udsat explain`: why one area has its verdict, and what a message code means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

import typer

from udsat.cli.errors import handled
from udsat.cli.options import Color, ColorOption, Scoring, option
from udsat.cli.report_output import SheetFormat, show

WordsArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="TABLE... AREA | CODE", help="Tables and the name of an area, or a message code."
    ),
]

_CODE = re.compile(r"(?i)UD\d{3}")


@handled
def explain(
    words: WordsArgument,
    scoring: Scoring,
    municipality: Annotated[
        str | None, option("--municipality", text="The municipality, where areas share a name.")
    ] = None,
    list: Annotated[
        str | None,
        option(
            "--list", metavar="YEAR|DATE", text="Which list of the area; the latest by default."
        ),
    ] = None,
    ways_off: Annotated[
        bool, option("--ways-off", text="Show what would take the area out of each category.")
    ] = False,
    ways_on: Annotated[
        bool, option("--ways-on", text="Show what would bring the area into each category.")
    ] = False,
    include_origin: Annotated[
        bool, option("--include-origin", text="Show distances and ways of origin too.")
    ] = False,
    format: Annotated[
        SheetFormat, typer.Option("--format", help="How the answer is printed.")
    ] = SheetFormat.table,
    color: ColorOption = Color.auto,
) -> int:
    """Explain the verdict on one area, criterion by criterion, with how far each is from its line;
    or a message code.

    \b
    Examples:
      udsat explain areas.csv Ringparken --ways-off
      udsat explain areas.csv Gellerup --list 2015
      udsat explain UD101
    """  # noqa: D301 - the backspace keeps the lines of the examples apart
    from udsat.analysis.explain.explain import ExplainRequest
    from udsat.cli.output import tell
    from udsat.render import explain as explained

    if len(words) == 1 or all(_CODE.fullmatch(word) for word in words):
        return _codes(words, format, color)
    scored = scoring.evaluate(words[:-1])
    found = scored.explain(
        ExplainRequest(words[-1], municipality, list, include_origin, ways_off, ways_on)
    )
    tell(replace(scored, verdicts=found.verdicts))
    show(
        format,
        lambda: explained.sheet(found),
        lambda: explained.document(found, scored.provenance()),
        color,
    )
    return 1 if scored.checked.problems else 0


def _codes(names: Sequence[str], format: SheetFormat, color: Color) -> int:
    from udsat.messages.lookup import code
    from udsat.render import codes

    found = [code(name) for name in names]
    show(
        format,
        lambda: [block for one in found for block in codes.sheet(*one)],
        lambda: codes.documents(found),
        color,
    )
    return 0
