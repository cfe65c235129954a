"""`udsat plot`: one chart as a picture."""

from __future__ import annotations

from typing import Annotated

from udsat.cli.errors import handled
from udsat.cli.options import NEAR, OutputOptions, Scoring, TablesArgument, one_area, option
from udsat.cli.output import forms
from udsat.cli.output.formats import PictureFormat
from udsat.cli.output.target import Output
from udsat.messages.problems import ExitCode, Problem, UsageError
from udsat.messages.text import Text


@handled
def plot(
    tables: TablesArgument,
    scoring: Scoring,
    options: OutputOptions[PictureFormat],
    criterion: Annotated[str, option("--criterion", text="Which criterion, such as crime.")],
    years: Annotated[
        bool, option("--years", text="All lists of the table beside each other.")
    ] = False,
    area: Annotated[
        str | None, option("--area", metavar="NAME", text="Point at this area.")
    ] = None,
    municipality: Annotated[
        str | None, option("--municipality", text="The municipality, where areas share a name.")
    ] = None,
    list: Annotated[
        str | None, option("--list", metavar="YEAR|DATE", text="Which list; the latest by default.")
    ] = None,
    within: Annotated[str | None, option("--within", text=NEAR)] = None,
    include_origin: Annotated[
        bool, option("--include-origin", text="Mark near misses of origin too.")
    ] = False,
) -> int:
    """Draw all areas of a list against the threshold of one criterion, or all lists of the table
    with the threshold as it moved.

    Examples: udsat plot areas.csv --criterion crime -o crime.svg; udsat plot areas.csv --criterion
    income --years -o income.png
    """
    from udsat import changes
    from udsat.analysis.explain.explain import ExplainRequest
    from udsat.analysis.watch import Nearness
    from udsat.cli.notices import tell
    from udsat.render.report import charts, raster, render

    near = Nearness.of(within) if within else None
    out = Output.of(options, PictureFormat, [*tables, *scoring.files()])
    one_area(area, municipality)
    if years and area:
        raise UsageError(
            Problem(
                "UD510",
                Text("--area does not go with --years"),
                Text("small charts have no space for a name"),
            )
        )
    scored = scoring.evaluate(tables)
    tell(scored)
    own = scored.explain(ExplainRequest(area, municipality, list)).area if area else None
    found = changes.on_list(scored, own["list_date"] if own else list, near, include_origin)
    if criterion not in found.version.criteria:
        hint = Text(
            "the list of {date} has {names}",
            date=found.date,
            names=", ".join(found.version.criteria),
        )
        raise UsageError(
            Problem("UD509", Text("there is no criterion '{criterion}'", criterion=criterion), hint)
        )
    chart = charts.years(found, criterion) if years else charts.strip(found, criterion, own)
    if chart is None:
        hint = Text("it takes an area with a value, and for --years several lists")
        raise UsageError(
            Problem(
                "UD650", Text("there is nothing to draw of {criterion}", criterion=criterion), hint
            )
        )
    picture = forms.binary(
        lambda: raster.picture(render.picture(chart, found.date), f".{out.format}")
    )
    out.write({out.format: picture})
    return ExitCode.FINDINGS if scored.checked.problems else ExitCode.DONE
