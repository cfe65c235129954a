"""`udsat criteria new` and `udsat criteria schema`: a definition of one's own, and what editors
need to know of it.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from udsat.cli.errors import handled, say
from udsat.cli.options import OutputOptions
from udsat.cli.output import forms
from udsat.cli.output.formats import SchemaFormat
from udsat.cli.output.target import Output


class NewKind(StrEnum):
    """Which files a schema is for."""

    criteria = "criteria"
    cases = "cases"


@handled
def new(
    file: Annotated[Path, typer.Argument(metavar="FILE.toml", help="The new criteria file.")],
    base: Annotated[
        str, typer.Option("--from", metavar="VERSION", help="The version or file to begin with.")
    ] = "2021",
) -> int:
    """Begin a definition of your own: a copy of a version with its cases and schemas, under a name
    of its own.

    Example: udsat criteria new --from 2021 mymodel.toml
    """
    from udsat.law.scaffold import begin

    for line in begin(file, base):
        say(line)
    return 0


@handled
def schema(
    options: OutputOptions[SchemaFormat],
    kind: Annotated[
        NewKind, typer.Option("--for", help="The files that the schema is for.")
    ] = NewKind.criteria,
) -> int:
    """Print the JSON Schema (2020-12) of criteria files, or of files of cases, for editors and
    other checkers.

    Example: udsat criteria schema -o criteria.schema.json
    """
    from udsat.law.json_schema import cases_schema, criteria_schema

    out = Output.of(options, SchemaFormat, ())
    out.write({"json": forms.text(criteria_schema if kind is NewKind.criteria else cases_schema)})
    return 0
