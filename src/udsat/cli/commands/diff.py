"""`udsat diff`: what changed from one table or list to another, and why."""

from __future__ import annotations

from typing import Annotated

import typer

from udsat.cli.answer_output import Answer, AnswerFormat, chosen, write
from udsat.cli.errors import handled, say
from udsat.cli.options import Color, ColorOption, Scoring, option
from udsat.messages.problems import ExitCode, Problem, UsageError
from udsat.messages.text import Text, verbatim

_MOST_MOVED = 30


@handled
def diff(
    scoring: Scoring,
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
    """Tell which areas entered, left, changed category or flipped a criterion, and which change
    alone would have done it.

    Examples: udsat diff 2018.csv 2019.csv; udsat diff areas.csv --from 2018 --to 2019; udsat diff
    --published --from 2018 --to 2019
    """
    from udsat import changes
    from udsat.cli.output import tell
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
    kind = chosen(format, output, [*filter(None, (old, new)), *(borders or ()), *scoring.files()])
    if published:
        steps = changes.listed(
            start,
            to,
            history=scoring.history or (),
            names=scoring.names or (),
            borders=borders or (),
            category=category,
        )
        names = Answer(
            lambda: published_changes.table(steps),
            published_changes.COLUMNS,
            lambda: published_changes.records(steps),
            lambda: published_changes.document(steps),
            lambda: published_changes.markdown(steps),
        )
        write(names, kind, output, color.value)
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
        _MOST_MOVED if kind is AnswerFormat.table else None,
        **scoring.given(),
    )
    for scored in compared.scored:
        tell(scored)
    found = compared.diff
    for measure in found.redefined:
        say(verbatim(view.warning(found, measure)))
    proofs = [scored.provenance() for scored in compared.scored]
    answer = Answer(
        lambda: view.table(found),
        view.COLUMNS,
        lambda: view.records(found),
        lambda: view.document(found, proofs),
        lambda: view.markdown(found),
    )
    write(answer, kind, output, color.value)
    problems = any(scored.checked.problems for scored in compared.scored)
    return ExitCode.FINDINGS if problems or (exit_code and found.differs) else ExitCode.DONE
