"""`udsat audit`: whether verdicts agree with the published lists, and what would
make them agree.
"""

from __future__ import annotations

from typing import Annotated

from udsat.cli.answer_output import Answer, AnswerFormat, chosen, write
from udsat.cli.errors import handled
from udsat.cli.options import Color, ColorOption, Scoring, TablesArgument, option
from udsat.messages.problems import ExitCode


@handled
def audit(
    tables: TablesArgument,
    scoring: Scoring,
    official: Annotated[
        list[str] | None,
        option("--official", metavar="LIST", text="Lists by name (CSV); else the shipped ones."),
    ] = None,
    borders: Annotated[
        list[str] | None,
        option("--borders", metavar="BORDERS", text="Splits, mergers and renames (CSV)."),
    ] = None,
    format: Annotated[
        AnswerFormat | None,
        option("--format", text="table, csv, json or markdown; with -o the ending decides."),
    ] = None,
    output: Annotated[
        str | None,
        option("-o", "--output", metavar="FILE", text="Write to a file, whole or not at all."),
    ] = None,
    color: ColorOption = Color.auto,
) -> int:
    """Hold the verdicts against published lists; exit with 1 where one contradicts the other.

    Examples: udsat audit areas.csv; udsat audit areas.csv --official list_2025.csv
    """
    from udsat import changes
    from udsat.cli.output import tell
    from udsat.render import audit as view

    kind = chosen(format, output, [*tables, *(official or ()), *(borders or ()), *scoring.files()])
    done = changes.audited(
        tables, official or (), borders or (), scoring.list_year, **scoring.given()
    )
    tell(done.scored)
    found, proof = done.audit, done.scored.provenance()
    answer = Answer(
        lambda: view.table(found),
        view.COLUMNS,
        lambda: view.records(found),
        lambda: view.document(found, proof),
        lambda: view.markdown(found),
    )
    write(answer, kind, output, color.value)
    return ExitCode.FINDINGS if found.disagrees or done.scored.checked.problems else ExitCode.DONE
