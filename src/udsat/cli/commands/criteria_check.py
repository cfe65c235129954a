"""`udsat criteria check`: everything that is wrong with definitions."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Annotated

import typer

from udsat.cli.errors import handled, say
from udsat.cli.findings import show
from udsat.cli.options import Color, ColorOption, Folder, OutputOptions, option
from udsat.cli.output.formats import FindingsFormat
from udsat.cli.output.target import Output
from udsat.messages.text import Text

FilesArgument = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[FILE...]", help="Criteria files, or folders of them; all shipped ones by default."
    ),
]


@handled
def check(
    options: OutputOptions[FindingsFormat],
    files: FilesArgument = None,
    today: Annotated[
        str | None,
        option("--today", metavar="DATE", text="The day to count from when looking at checked_on."),
    ] = None,
    seal: Annotated[
        bool,
        option(
            "--seal",
            text=(
                "Release: write CHECKSUMS beside files without errors; a changed file needs the"
                " next revision."
            ),
        ),
    ] = False,
    criteria_dir: Folder = None,
    color: ColorOption = Color.auto,
) -> int:
    """Check criteria files for everything that can be wrong with them, all of it at once.

    Examples: udsat criteria check; udsat criteria check mymodel.toml; udsat criteria check models
    --format github
    """
    from udsat.law import loader
    from udsat.law.lint import runner

    found = wanted(files, criteria_dir)
    out = Output.of(options, FindingsFormat, map(str, found), color.value)
    problems = runner.check(found, loader.unproven(), _day(today))
    if seal:
        problems = [problem for problem in problems if problem.code != "UD434"]
        _seal(found, bool(files), any(problem.severity == "error" for problem in problems))
    return show(problems, [str(path) for path in found], out, "criteria-check")


def wanted(files: list[Path] | None, folder: str | None) -> list[Path]:
    """Return the criteria files that are meant: those given, those in folders given, or all shipped
    ones and the user's.
    """
    from udsat.law import loader
    from udsat.messages.problems import CriteriaError, Problem

    if not files:
        return [
            *map(_short, loader.shipped_files()),
            *(loader.folder_files(folder) if folder else ()),
        ]
    found = [
        path
        for given in files
        for path in (sorted(given.glob("*.toml")) if os.path.isdir(given) else [given])
    ]
    if not found:
        raise CriteriaError(
            Problem(
                "UD401",
                Text("there are no .toml files here"),
                Text("name a file or another folder"),
                str(files[0]),
            )
        )
    return found


def _short(path: Path) -> Path:
    """Return a path as seen from here, where it lies below."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _day(text: str | None) -> dt.date:
    from udsat.messages.problems import Problem, UsageError

    try:
        return dt.date.fromisoformat(text) if text else dt.date.today()
    except ValueError:
        raise UsageError(
            Problem(
                "UD508",
                Text("--today '{text}' is no date", text=text),
                Text("write it as 2026-11-22"),
            )
        ) from None


def _seal(files: list[Path], named: bool, broken: bool) -> None:
    """Write CHECKSUMS beside the files; what is broken is not released, and a folder becomes a
    released law only by name.
    """
    from udsat.files import write
    from udsat.law.checksums import CHECKSUMS, read_seals, seals_text
    from udsat.law.definition import read

    if broken:
        say(Text("nothing was sealed: there are errors"))
        return
    for folder in dict.fromkeys(
        path.parent for path in files if named or (path.parent / CHECKSUMS).is_file()
    ):
        sealed = {path.name: read(path).tree for path in sorted(folder.glob("*.toml"))}
        write(str(folder / CHECKSUMS), seals_text(sealed, read_seals(folder)))
        say(Text("sealed {names} in {folder}", names=", ".join(sealed), folder=folder / CHECKSUMS))
