"""`udsat template`: an empty table to fill in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from udsat.cli.errors import handled, say
from udsat.cli.options import OutputOptions, option
from udsat.cli.output.formats import TemplateFormat
from udsat.cli.output.target import Form, Output, Target
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
    options: OutputOptions[TemplateFormat],
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

    out, law = Output.of(options, TemplateFormat, ()), shipped()
    form = empty(law, list_year, references((), law), by_year)
    beside = _beside(form, out, excel_dk)
    for path in filter(None, (out.path, *beside)):
        _is_new(path)
    headings = _rows([column.name for column in form.columns], (), excel_dk)
    out.write({"csv": headings, "xlsx": lambda target: _excel(form, target)}, beside)
    _describe(form, out)
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


def _rows(columns: Sequence[str], rows: Sequence[Sequence[str]], excel_dk: bool) -> Form:
    def write(target: Target) -> None:
        from udsat.export.csv import to_csv, to_danish_csv

        with target.stream() as stream:
            (to_danish_csv if excel_dk else to_csv)(stream, columns, rows)

    return write


def _beside(form: Template, out: Output, excel_dk: bool) -> dict[str, Form]:
    """Return what writes the files beside a CSV file: what its columns hold, and the references."""
    from udsat.analysis.template import REFERENCES

    if out.path is None or out.format != "csv":
        return {}
    stem = _stem(out.path)
    files = {f"{stem}.columns.csv": _rows(_ABOUT, _about(form), excel_dk)}
    if form.references:
        files[f"{stem}.references.csv"] = _rows(REFERENCES, form.references, excel_dk)
    return files


def _stem(path: str) -> str:
    return path[: -len(".csv")]


def _excel(form: Template, target: Target) -> None:
    from udsat.analysis.template import REFERENCES, explained, limits
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
    sheets = [areas, columns, *([references] if form.references else [])]
    to_xlsx(target.file, target.name or "", sheets)


def _describe(form: Template, out: Output) -> None:
    """Say which law the template follows, and what to fill in where."""
    said = {"id": form.version.id, "date": form.date}
    if out.path is None:
        say(
            Text(
                "criteria {id}, list of {date}; -o FILE also writes what each column holds, and"
                " the references",
                **said,
            )
        )
    elif out.format == "xlsx":
        say(
            Text(
                "{path}: criteria {id}, list of {date}; fill in the sheet areas",
                path=out.path,
                **said,
            )
        )
        if form.references:
            say(
                Text(
                    "figures that udsat does not know go into the sheet references; give the file"
                    " with --references too"
                )
            )
    else:
        _describe_files(form, out.path)


def _describe_files(form: Template, path: str) -> None:
    stem = _stem(path)
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


def _is_new(path: str) -> None:
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
