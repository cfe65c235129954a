"""`udsat template`: an empty table to fill in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from udsat.cli.errors import handled, say
from udsat.cli.options import option
from udsat.messages.problems import Problem, UsageError
from udsat.messages.text import Text

if TYPE_CHECKING:
    from udsat.analysis.template import Template

TemplateYear = Annotated[
    int,
    typer.Option(
        "--list-year", metavar="YEAR", help="The list that the table is for.", show_default=False
    ),
]


@handled
def template(
    list_year: TemplateYear,
    output: Annotated[
        str | None,
        option(
            "-o",
            "--output",
            metavar="FILE",
            text="Write .xlsx or .csv; otherwise the header alone.",
        ),
    ] = None,
    by_year: Annotated[
        bool, option("--by-year", text="Counts per calendar year, from which udsat forms the list.")
    ] = False,
    excel_dk: Annotated[
        bool, option("--excel-dk", text="CSV for a Danish Excel: semicolon and BOM.")
    ] = False,
) -> int:
    """Write an empty table for the law of a list, with what each column holds and the figures that
    the law points to.

    An Excel file has three sheets: areas, columns, references. Beside a CSV file stand
    FILE.columns.csv and FILE.references.csv, without the ending of the file.

    \b
    Examples:
      udsat template --list-year 2026 -o areas.xlsx
      udsat template --list-year 2026 -o areas.csv --excel-dk
      udsat template --list-year 2026 --by-year > counts.csv
    """  # noqa: D301 - the backspace keeps the lines of the examples apart
    from udsat.analysis.template import template as empty
    from udsat.evidence.references import references
    from udsat.law.loader import shipped

    law = shipped()
    form = empty(law, list_year, references((), law), by_year)
    if output is None:
        _print(form, excel_dk)
    elif output.lower().endswith(".xlsx"):
        _excel(form, output)
    elif output.lower().endswith(".csv"):
        _csv(form, output, excel_dk)
    else:
        raise UsageError(
            Problem(
                "UD512",
                Text("a template cannot be written as '{output}'", output=output),
                Text("end it in .xlsx or .csv"),
            )
        )
    return 0


_ABOUT = ("column", "holds", "unit", "paragraph", "to_fill_in")


def _about(form: Template) -> list[tuple[str, ...]]:
    """Return what each column holds: those of the template, then those that may be added."""
    from udsat.tables.dictionary import danish

    def row(column: Any, wanted: str) -> tuple[str, ...]:
        heading = f"; in Danish lists: {danish(column.name)}" if danish(column.name) else ""
        return (column.name, f"{column.holds}{heading}", column.unit, column.source, wanted)

    return [row(column, "yes") for column in form.columns] + [
        row(column, "may be added") for column in form.others
    ]


def _print(form: Template, excel_dk: bool) -> None:
    import sys

    from udsat.export.csv import to_csv, to_danish_csv

    (to_danish_csv if excel_dk else to_csv)(
        sys.stdout, [column.name for column in form.columns], []
    )
    say(
        Text(
            "criteria {id}, list of {date}; -o FILE also writes what each column holds, and"
            " the references",
            id=form.version.id,
            date=form.date,
        )
    )


def _excel(form: Template, path: str) -> None:
    from udsat.analysis.template import REFERENCES, explained, limits
    from udsat.export import whole
    from udsat.export.excel import Sheet, to_xlsx

    names = [column.name for column in form.columns]
    areas = Sheet(
        "areas",
        names,
        notes=[explained(column) for column in form.columns],
        widths=[max(12, len(name) + 2) for name in names],
        texts=[column.kind == "text" for column in form.columns],
        limits=[limits(column) for column in form.columns],
    )
    columns = Sheet("columns", _ABOUT, _about(form), widths=(34, 100, 12, 28, 14), wrap=True)
    references = Sheet(
        "references",
        REFERENCES,
        form.references,
        widths=(12, 14, 10, 14, 18, 10, 10, 20, 10, 52, 80),
        wrap=True,
    )
    _spare(path)
    with whole(path) as place:
        to_xlsx(place, path, [areas, columns, *([references] if form.references else [])])
    say(
        Text(
            "{path}: criteria {id}, list of {date}; fill in the sheet areas",
            path=path,
            id=form.version.id,
            date=form.date,
        )
    )
    if form.references:
        say(
            Text(
                "figures that udsat does not know go into the sheet references; give the file"
                " with --references too"
            )
        )


def _csv(form: Template, path: str, excel_dk: bool) -> None:
    from udsat.analysis.template import REFERENCES
    from udsat.export import opened, whole
    from udsat.export.csv import to_csv, to_danish_csv

    write = to_danish_csv if excel_dk else to_csv
    stem = path[: -len(".csv")]
    files: dict[str, tuple[Sequence[str], Sequence[Sequence[str]]]] = {
        path: ([column.name for column in form.columns], []),
        f"{stem}.columns.csv": (_ABOUT, _about(form)),
    }
    if form.references:
        files[f"{stem}.references.csv"] = (REFERENCES, form.references)
    for name in files:
        _spare(name)
    for name, (header, rows) in files.items():
        with whole(name) as place, opened(place) as stream:
            write(stream, header, rows)
    say(
        Text(
            "{path}: criteria {id}, list of {date}; columns explained in {stem}.columns.csv",
            path=path,
            id=form.version.id,
            date=form.date,
            stem=stem,
        )
    )
    if form.references:
        say(
            Text(
                "figures that udsat does not know go into {stem}.references.csv; give it with"
                " --references",
                stem=stem,
            )
        )


def _spare(path: str) -> None:
    """Raise `UsageError` where a file stands already: somebody may have filled it in."""
    import os

    if os.path.exists(path):
        raise UsageError(
            Problem(
                "UD506",
                Text("is there already, and may have been filled in"),
                Text("give another name, or remove it first"),
                path,
            )
        )
