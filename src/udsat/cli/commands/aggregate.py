"""`udsat aggregate`: person rows to counts per area and year."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from udsat.cli.errors import handled, say
from udsat.cli.options import option
from udsat.cli.output import spare
from udsat.cli.resources import Memory, Progress, within_limits
from udsat.messages.problems import Problem, UsageError
from udsat.messages.text import Text, listed

if TYPE_CHECKING:
    from udsat.register.aggregate import Counted

_ENDINGS = (".csv", ".parquet")
_MOST_COUNT = 1_000


@handled
def aggregate(
    persons: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PERSONS",
            help="Parquet or CSV files, patterns such as 'p_*.parquet', or folders.",
        ),
    ] = None,
    output: Annotated[
        str | None,
        option(
            "-o", "--output", metavar="FILE", text="Write counts to .csv or .parquet, whole or not."
        ),
    ] = None,
    map: Annotated[
        str | None,
        option(
            "--map", metavar="FILE", text="What the columns and codes of your table mean (TOML)."
        ),
    ] = None,
    references_out: Annotated[
        str | None,
        option(
            "--references-out",
            metavar="FILE",
            text="Also national and regional figures from the same rows (CSV).",
        ),
    ] = None,
    min_count: Annotated[
        int,
        option(
            "--min-count",
            metavar="N",
            min=0,
            max=_MOST_COUNT,
            text="Tell fewer than N persons as <N.",
        ),
    ] = 0,
    criteria: Annotated[
        str | None,
        option(
            "--criteria",
            text="Count as one version (2018) or criteria file says, not as each year's lists do.",
        ),
    ] = None,
    memory: Memory = None,
    manifest: Annotated[
        bool,
        option("--manifest", text="Write the provenance beside the output, as FILE.manifest.json."),
    ] = False,
    describe: Annotated[
        bool, option("--describe", text="Print what a person table must hold, and the map in use.")
    ] = False,
) -> int:
    """Count persons per area and year, for every measure of the law, from one row for each person
    and year.

    Only counts are written. Examples: udsat aggregate persons/ -o counts.parquet; udsat score
    counts.parquet --list-year 2025
    """
    from udsat.law import loader
    from udsat.register import mapping

    people = mapping.load(map)
    law = loader.choose(criteria)
    if describe:
        from udsat.render.register import described

        print(described(people.map, law))
        return 0
    _check(
        persons or [], output, references_out, manifest, [name for name in (map, criteria) if name]
    )
    from udsat.register import files

    given = files.named(persons or [])
    given.begin()  # before all that takes long to load
    from udsat import engine
    from udsat.engine import arrow, spill
    from udsat.register.aggregate import aggregate as counted

    arrow.keep_little()
    connection = engine.connect(memory)
    progress = Progress(connection)
    with within_limits(), spill.inside() as folder, progress.watching():
        found = counted(given, law, people, connection, folder, min_count, progress)
        progress("writing", 0)
        _write(found, output, references_out, manifest)
    _tell(found, references_out)
    return 0


def _check(
    persons: list[str],
    output: str | None,
    references_out: str | None,
    manifest: bool,
    given: list[str],
) -> None:
    """Raise `UsageError` for options that do not fit, before anything is read."""
    if not persons:
        raise UsageError(
            Problem(
                "UD511",
                Text("no person rows are named"),
                Text("name files or folders, or ask with --describe what they must hold"),
            )
        )
    if output and Path(output).suffix.lower() not in _ENDINGS:
        raise UsageError(
            Problem(
                "UD512",
                Text("the ending of '{output}' does not say a format", output=output),
                Text("end it in {names_or}", names_or=listed(_ENDINGS, "or")),
            )
        )
    if references_out and Path(references_out).suffix.lower() != ".csv":
        raise UsageError(
            Problem(
                "UD512",
                Text("'{references_out}' does not end in .csv", references_out=references_out),
                Text("references are a CSV file"),
            )
        )
    if manifest and not output:
        raise UsageError(
            Problem(
                "UD511",
                Text("--manifest needs -o FILE"),
                Text("the manifest is written beside the file"),
            )
        )
    written = [
        path
        for path in (output, references_out, f"{output}.manifest.json" if manifest else None)
        if path
    ]
    spare(written, [*persons, *given])
    if len({os.path.realpath(path) for path in written}) < len(written):
        raise UsageError(
            Problem(
                "UD513",
                Text("'{output}' would be written twice", output=output),
                Text("give the references a file of their own"),
            )
        )


def _write(found: Counted, output: str | None, references_out: str | None, manifest: bool) -> None:
    """Write all files; none takes its name before all are whole."""
    from udsat import export
    from udsat.register.references import COLUMNS

    with contextlib.ExitStack() as files:
        if references_out and found.yardsticks.rows:
            path = files.enter_context(export.whole(references_out))
            with export.opened(path) as stream:
                export.to_csv(stream, COLUMNS, found.yardsticks.rows)
        if output is None:
            _csv(found, sys.stdout)
            return
        path = files.enter_context(export.whole(output))
        if output.lower().endswith(".parquet"):
            export.to_parquet(found.relation(), path, found.provenance())
        else:
            with export.opened(path) as stream:
                _csv(found, stream)
        if manifest:
            text = json.dumps(found.provenance(), ensure_ascii=False, indent=2)
            with export.opened(
                files.enter_context(export.whole(f"{output}.manifest.json"))
            ) as stream:
                stream.write(text + "\n")


def _csv(found: Counted, stream: object) -> None:
    from udsat import export

    relation = found.relation()
    export.to_csv(stream, relation.columns, relation.iter_rows())  # type: ignore[arg-type]


def _tell(found: Counted, references_out: str | None) -> None:
    """Say how many persons were counted, how small counts are told, and what the counts rest on."""
    from udsat.messages.language import spans
    from udsat.register.doubts import doubts
    from udsat.render.annotations import notes

    say(
        Text(
            "{persons:,} rows of persons counted, of {years}",
            persons=found.persons,
            years=spans(found.years),
        )
    )
    if found.least:
        say(
            Text(
                "fewer than {least} persons are told as <{least}, and so are the rest of a base"
                " where that is fewer",
                least=found.least,
            )
        )
    if not found.people.map.given("taxpayer"):
        say(Text("taxpayer: no column; whoever has an income is taken to be one"))
    if references_out and found.yardsticks.left_out:
        years = spans(found.yardsticks.left_out)
        say(
            Text(
                "no references of {years}: not every region of the map has persons, so the rows"
                " are not those of the country",
                years=years,
            )
        )
    if references_out and not found.yardsticks.rows:
        say(
            Text(
                "{references_out} is not written: there are no references to write",
                references_out=references_out,
            )
        )
    for doubt, versions in doubts(found).items():
        (note,) = notes([doubt], full=True)
        say(Text("{note} [{names}]", note=note, names=", ".join(versions)))
