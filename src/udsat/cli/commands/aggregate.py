"""`udsat aggregate`: person rows to counts per area and year."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from udsat.cli.errors import handled, say
from udsat.cli.options import OutputOptions, option
from udsat.cli.output import forms
from udsat.cli.output.formats import CountsFormat
from udsat.cli.output.target import MANIFEST, Form, Output, Target, format_of
from udsat.cli.progress import Progress
from udsat.cli.resources import Memory, within_limits
from udsat.messages.problems import Problem, UsageError
from udsat.messages.text import Text

if TYPE_CHECKING:
    from udsat.register.aggregate import Counted

_MOST_COUNT = 1_000


@handled
def aggregate(
    options: OutputOptions[CountsFormat],
    persons: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PERSONS",
            help="Parquet or CSV files, patterns such as 'p_*.parquet', or folders.",
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
    inputs = [*(persons or ()), *filter(None, (map, criteria))]
    out = _output(options, inputs if persons else (), references_out, manifest)
    from udsat.register import files

    given = files.named(persons or [])
    given.begin()  # before all that takes long to load
    from udsat import engine
    from udsat.engine import arrow, spill
    from udsat.register.aggregate import aggregate as counted

    arrow.keep_little()
    connection = engine.connect(memory)
    progress = Progress(engine.progress(connection) if sys.stderr.isatty() else None)
    with within_limits(), spill.inside() as folder, progress.watching():
        found = counted(given, law, people, connection, folder, min_count, progress)
        progress("writing", 0)
        _write(found, out, references_out)
    _tell(found, references_out)
    return 0


def _output(
    options: OutputOptions[CountsFormat],
    inputs: Sequence[str],
    references_out: str | None,
    manifest: bool,
) -> Output:
    """Return where the counts go; raise `UsageError` for options that do not fit, before anything
    is read.
    """
    if not inputs:
        hint = Text("name files or folders, or ask with --describe what they must hold")
        raise UsageError(Problem("UD511", Text("no person rows are named"), hint))
    if references_out is not None:
        format_of(references_out, ["csv"])
    others = [references_out] if references_out else []
    return Output.of(
        options, CountsFormat, inputs, companions=[MANIFEST] if manifest else [], others=others
    )


def _write(found: Counted, out: Output, references_out: str | None) -> None:
    """Write all files; none takes its name before all are whole."""
    from udsat.register.references import COLUMNS

    beside = forms.manifest(out, found.provenance)
    if references_out and found.references.rows:
        beside[references_out] = forms.rows(COLUMNS, lambda: found.references.rows)
    out.write({"csv": _csv(found), "parquet": _parquet(found)}, beside)


def _csv(found: Counted) -> Form:
    relation = found.relation()
    return forms.rows(relation.columns, relation.iter_rows)


def _parquet(found: Counted) -> Form:
    def write(target: Target) -> None:
        from udsat.export import to_parquet

        to_parquet(found.relation(), target.file, found.provenance())

    return write


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
                "counts below {least} are written as <{least}, and so is the rest of a base"
                " where it is smaller",
                least=found.least,
            )
        )
    if not found.people.map.given("taxpayer"):
        say(Text("taxpayer: no column; whoever has an income is taken to be one"))
    if references_out and found.references.left_out:
        years = spans(found.references.left_out)
        say(
            Text(
                "no references of {years}: not every region of the map has persons, so the rows"
                " are not those of the country",
                years=years,
            )
        )
    if references_out and not found.references.rows:
        say(
            Text(
                "{references_out} is not written: there are no references to write",
                references_out=references_out,
            )
        )
    for doubt, versions in doubts(found).items():
        (note,) = notes([doubt], full=True)
        say(Text("{note} [{names}]", note=note, names=", ".join(versions)))
