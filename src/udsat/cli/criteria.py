"""`udsat criteria`: the law as this tool has it."""

from __future__ import annotations

from typing import Annotated

import typer

from udsat.cli import complete
from udsat.cli.handler import handled

app = typer.Typer(help="The criteria: which versions there are, and what each says.", no_args_is_help=True, rich_markup_mode=None)


@app.command("list")
@handled
def list_versions() -> int:
    """List the versions of the criteria, with the time each was in force.

    Example: udsat criteria list
    """
    from udsat.law.library import shipped
    from udsat.views import law, tables

    tables.console().print(law.versions(shipped().versions))
    return 0


@app.command()
@handled
def show(version: Annotated[str, typer.Argument(help="A version (2018) or a criteria file.", autocompletion=complete.versions)]) -> int:
    """Print one version: every criterion with its line, population and paragraph, the categories, and what is not certain.

    Example: udsat criteria show 2018
    """
    from udsat.law.library import choose
    from udsat.views import law, tables

    chosen = choose(version).chosen
    if chosen:
        tables.console().print(law.version(chosen))
    return 0
