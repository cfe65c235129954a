"""`udsat audit`: whether verdicts agree with the published lists, and what would
make them agree.
"""

from __future__ import annotations

from typing import Annotated

from udsat.cli.errors import handled
from udsat.cli.options import Color, ColorOption, OutputOptions, Scoring, TablesArgument, option
from udsat.cli.output import forms
from udsat.cli.output.formats import AnswerFormat
from udsat.cli.output.target import Output
from udsat.messages.problems import ExitCode


@handled
def audit(
    tables: TablesArgument,
    scoring: Scoring,
    options: OutputOptions[AnswerFormat],
    official: Annotated[
        list[str] | None,
        option("--official", metavar="LIST", text="Lists by name (CSV); else the shipped ones."),
    ] = None,
    borders: Annotated[
        list[str] | None,
        option("--borders", metavar="BORDERS", text="Splits, mergers and renames (CSV)."),
    ] = None,
    color: ColorOption = Color.auto,
) -> int:
    """Hold the verdicts against published lists; exit with 1 where one contradicts the other.

    Examples: udsat audit areas.csv; udsat audit areas.csv --official list_2025.csv
    """
    from udsat import changes
    from udsat.cli.notices import tell
    from udsat.render import audit as view

    inputs = [*tables, *(official or ()), *(borders or ()), *scoring.files()]
    out = Output.of(options, AnswerFormat, inputs, color.value)
    done = changes.audited(
        tables, official or (), borders or (), scoring.list_year, **scoring.given()
    )
    tell(done.scored)
    out.write(forms.answer(view, done.audit, done.scored.provenance()))
    return (
        ExitCode.FINDINGS if done.audit.disagrees or done.scored.checked.problems else ExitCode.DONE
    )
