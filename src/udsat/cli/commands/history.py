"""`udsat history`: how areas went from list to list."""

from __future__ import annotations

from typing import Annotated

import typer

from udsat.cli.errors import handled
from udsat.cli.options import Color, ColorOption, OutputOptions, Scoring, option
from udsat.cli.output import forms
from udsat.cli.output.formats import AnswerFormat
from udsat.cli.output.target import Output
from udsat.messages.problems import ExitCode, Problem, UsageError
from udsat.messages.text import Text


@handled
def history(
    scoring: Scoring,
    options: OutputOptions[AnswerFormat],
    given: Annotated[
        list[str] | None,
        typer.Argument(metavar="TABLE", help="Tables with several lists; names with --published."),
    ] = None,
    area: Annotated[
        list[str] | None,
        option("--area", metavar="NAME", text="Only this area; may be given several times."),
    ] = None,
    published: Annotated[
        bool,
        option(
            "--published", text="From the published lists alone; the arguments are names of areas."
        ),
    ] = False,
    color: ColorOption = Color.auto,
) -> int:
    """Show for each area its category and years in a row on every list, and a small chart of each
    criterion.

    Examples: udsat history areas.csv; udsat history areas.csv --area Agervang; udsat history
    --published Vollsmose
    """
    from udsat import changes
    from udsat.cli.notices import tell
    from udsat.render import history as view

    tables = [] if published else given or []
    out = Output.of(options, AnswerFormat, [*tables, *scoring.files()], color.value)
    if published:
        lists = {"history": scoring.history or (), "names": scoring.names or ()}
        found, provenance = changes.published([*(given or ()), *(area or ())], **lists), None
    elif not tables:
        raise UsageError(
            Problem(
                "UD511",
                Text("there is no table"),
                Text("give a table, or --published with names of areas"),
            )
        )
    else:
        scored = scoring.evaluate(tables)
        found, provenance = changes.through(scored, area or ()), scored.provenance()
        tell(scored)
    out.write(forms.answer(view, found, provenance))
    return ExitCode.FINDINGS if tables and scored.checked.problems else ExitCode.DONE
