"""`udsat diff`: what changed from one table or list to another, and why."""

from __future__ import annotations

from typing import Annotated

import typer

from udsat.cli.errors import handled, say
from udsat.cli.options import Color, ColorOption, OutputOptions, Scoring, option
from udsat.cli.output import forms
from udsat.cli.output.formats import AnswerFormat
from udsat.cli.output.target import Output
from udsat.messages.problems import ExitCode, Problem, UsageError
from udsat.messages.text import Text, verbatim

_MOST_MOVED = 30


@handled
def diff(
    scoring: Scoring,
    options: OutputOptions[AnswerFormat],
    old: Annotated[
        str | None,
        typer.Argument(metavar="OLD", help="The older table, or one table with both lists."),
    ] = None,
    new: Annotated[str | None, typer.Argument(metavar="NEW", help="The newer table.")] = None,
    start: Annotated[
        str | None, option("--from", metavar="LIST", text="The list to start from: a year or date.")
    ] = None,
    to: Annotated[str | None, option("--to", metavar="LIST", text="The list to go to.")] = None,
    borders: Annotated[
        list[str] | None,
        option("--borders", metavar="BORDERS", text="Splits, mergers and renames (CSV)."),
    ] = None,
    category: Annotated[
        str | None, option("--category", text="Ask about places in this category alone.")
    ] = None,
    published: Annotated[
        bool, option("--published", text="Compare the published lists by name; no table is needed.")
    ] = False,
    exit_code: Annotated[
        bool, option("--exit-code", text="Exit with 1 where verdicts differ.")
    ] = False,
    color: ColorOption = Color.auto,
) -> int:
    """Tell which areas entered, left, changed category or flipped a criterion, and which change
    alone would have done it.

    Examples: udsat diff 2018.csv 2019.csv; udsat diff areas.csv --from 2018 --to 2019; udsat diff
    --published --from 2018 --to 2019
    """
    from udsat import changes
    from udsat.cli.notices import tell
    from udsat.render import diff as view
    from udsat.render import published_changes

    if scoring.list_year is not None:
        raise UsageError(
            Problem(
                "UD510",
                Text("--list-year names one list, and two are compared"),
                Text("say --from and --to"),
            )
        )
    inputs = [*filter(None, (old, new)), *(borders or ()), *scoring.files()]
    out = Output.of(options, AnswerFormat, inputs, color.value)
    if published:
        steps = changes.listed(
            start,
            to,
            history=scoring.history or (),
            names=scoring.names or (),
            borders=borders or (),
            category=category,
        )
        out.write(forms.answer(published_changes, steps))
        return ExitCode.FINDINGS if exit_code and steps.differs else ExitCode.DONE
    if old is None:
        raise UsageError(
            Problem(
                "UD511", Text("there is no table"), Text("give one or two tables, or --published")
            )
        )
    compared = changes.compare(
        old,
        new,
        start,
        to,
        borders or (),
        category,
        _MOST_MOVED if out.format == "table" else None,
        **scoring.given(),
    )
    for scored in compared.scored:
        tell(scored)
    found = compared.diff
    for measure in found.redefined:
        say(verbatim(view.warning(found, measure)))
    out.write(forms.answer(view, found, [scored.provenance() for scored in compared.scored]))
    problems = any(scored.checked.problems for scored in compared.scored)
    return ExitCode.FINDINGS if problems or (exit_code and found.differs) else ExitCode.DONE
