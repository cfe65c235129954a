"""`udsat criteria`: the law as this tool has it."""

from __future__ import annotations

from typing import Annotated

import typer

from udsat.cli import completion
from udsat.cli.commands.criteria_cases import run_cases
from udsat.cli.commands.criteria_check import check
from udsat.cli.commands.criteria_diff import diff
from udsat.cli.commands.criteria_new import new, schema
from udsat.cli.errors import handled
from udsat.cli.options import Color, ColorOption, Folder, OutputOptions
from udsat.cli.output import forms
from udsat.cli.output.formats import LawFormat
from udsat.cli.output.target import Output

app = typer.Typer(
    help="The criteria: which versions there are, and what each says.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

app.command("check")(check)
app.command("test")(run_cases)
app.command("diff")(diff)
app.command("schema")(schema)
app.command("new")(new)


@app.command("list")
@handled
def list_versions(
    options: OutputOptions[LawFormat], criteria_dir: Folder = None, color: ColorOption = Color.auto
) -> int:
    """List the versions of the criteria, with the time each was in force, and then your own.

    Example: udsat criteria list
    """
    from udsat.law.loader import folder_files, load, shipped
    from udsat.render import law

    out = Output.of(options, LawFormat, (), color.value)
    own = [load(path)[0] for path in folder_files(criteria_dir)] if criteria_dir else []
    versions = [*shipped().versions, *own]
    out.write(
        {
            "table": forms.table(lambda: law.versions(versions)),
            "json": forms.document(lambda: law.versions_document(versions)),
        }
    )
    return 0


@app.command()
@handled
def show(
    options: OutputOptions[LawFormat],
    version: Annotated[
        str,
        typer.Argument(
            help="A version (2018) or a criteria file.", autocompletion=completion.versions
        ),
    ],
    criteria_dir: Folder = None,
    color: ColorOption = Color.auto,
) -> int:
    """Print one version: every criterion with its threshold, population and paragraph, the
    categories, and what is not certain.

    Example: udsat criteria show 2018
    """
    from udsat.law.loader import choose
    from udsat.render import law

    out = Output.of(options, LawFormat, [version], color.value)
    chosen = choose(version, criteria_dir).chosen
    if chosen:
        out.write(
            {
                "table": forms.table(lambda: law.version(chosen)),
                "json": forms.document(lambda: law.version_document(chosen)),
            }
        )
    return 0
