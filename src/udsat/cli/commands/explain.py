"""`udsat explain`: why one area has its verdict, and what a message code means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

import typer

from udsat.cli.errors import handled
from udsat.cli.options import Color, ColorOption, OutputOptions, Scoring, option
from udsat.cli.output import forms
from udsat.cli.output.formats import ExplanationFormat
from udsat.cli.output.target import Output

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
    options: OutputOptions[ExplanationFormat],
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
    color: ColorOption = Color.auto,
) -> int:
    """Explain the verdict on one area, criterion by criterion, with the distance to its threshold;
    or a message code.

    \b
    Examples:
      udsat explain areas.csv Ringparken --ways-off
      udsat explain areas.csv Gellerup --list 2015
      udsat explain UD101
    """  # noqa: D301 - the backspace keeps the lines of the examples apart
    from udsat.analysis.explain.explain import ExplainRequest
    from udsat.cli.notices import tell
    from udsat.render import explain as explained

    if len(words) == 1 or all(_CODE.fullmatch(word) for word in words):
        return _codes(words, Output.of(options, ExplanationFormat, (), color.value))
    inputs = [*words[:-1], *scoring.files()]
    out = Output.of(options, ExplanationFormat, inputs, color.value)
    scored = scoring.evaluate(words[:-1])
    found = scored.explain(
        ExplainRequest(words[-1], municipality, list, include_origin, ways_off, ways_on)
    )
    tell(replace(scored, verdicts=found.verdicts))
    document = forms.document(lambda: explained.document(found, scored.provenance()))
    out.write({**forms.blocks(lambda: explained.sheet(found)), "json": document})
    return 1 if scored.checked.problems else 0


def _codes(names: Sequence[str], out: Output) -> int:
    from udsat.messages.lookup import code
    from udsat.render import codes

    found = [code(name) for name in names]
    sheet = forms.blocks(lambda: [block for one in found for block in codes.sheet(*one)])
    out.write({**sheet, "json": forms.document(lambda: codes.documents(found))})
    return 0
