"""`udsat report`: a page about a list, or the sheet of one area, that stands by itself."""

from __future__ import annotations

from typing import Annotated

import typer

from udsat.cli.errors import handled
from udsat.cli.options import NEAR, OutputOptions, Scoring, TablesArgument, one_area, option
from udsat.cli.output import forms
from udsat.cli.output.formats import PageFormat
from udsat.cli.output.target import Output
from udsat.messages.problems import ExitCode


@handled
def report(
    tables: TablesArgument,
    scoring: Scoring,
    options: OutputOptions[PageFormat],
    area: Annotated[
        str | None, option("--area", metavar="NAME", text="Write the sheet of this one area.")
    ] = None,
    municipality: Annotated[
        str | None, option("--municipality", text="The municipality, where areas share a name.")
    ] = None,
    list: Annotated[
        str | None, option("--list", metavar="YEAR|DATE", text="Which list; the latest by default.")
    ] = None,
    within: Annotated[str | None, option("--within", text=NEAR)] = None,
    most: Annotated[
        int, typer.Option("--most", min=1, help="Tell of so many areas one by one.")
    ] = 300,
    include_origin: Annotated[
        bool, option("--include-origin", text="Show distances and near misses of origin too.")
    ] = False,
) -> int:
    """Write a page that can be sent on or published: the list, charts, changes, each area, what is
    uncertain, and the sources.

    Examples: udsat report areas.csv -o report.html; udsat report areas.csv --area Ringparken -o
    ringparken.html
    """
    from udsat import changes
    from udsat.analysis.explain.explain import ExplainRequest
    from udsat.analysis.watch import Nearness
    from udsat.cli.notices import tell
    from udsat.render.report import render

    near = Nearness.of(within) if within else None
    out = Output.of(options, PageFormat, [*tables, *scoring.files()])
    one_area(area, municipality)
    scored = scoring.evaluate(tables)
    tell(scored)
    if area is None:
        page = render.report(
            changes.overview(scored, list, near, include_origin), scored.provenance(), most
        )
    else:
        meant = scored.explain(ExplainRequest(area, municipality, list, include_origin)).area
        found = changes.overview(scored, meant["list_date"], near, include_origin)
        row = next(one for one in found.areas if one["row"] == meant["row"])
        page = render.sheet(found, row, scored.provenance())
    out.write({"html": forms.text(lambda: page)})
    return ExitCode.FINDINGS if scored.checked.problems else ExitCode.DONE
