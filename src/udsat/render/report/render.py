"""Pages and charts as text: the templates filled in, whole and safe whatever the names hold."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from udsat.analysis.overview import Overview
from udsat.analysis.records import Record
from udsat.messages import display
from udsat.messages.language import _, danish, long_day, whole
from udsat.render import diff as changes
from udsat.render import distances, words
from udsat.render.blocks import Block, Grid, Lines
from udsat.render.report import charts
from udsat.render.report.areas import parts
from udsat.render.report.charts import Chart
from udsat.render.report.page import page

_GAPS = re.compile(r"\n\s*\n+")
#: Ends and quotation marks that HTML does without, which are a tenth of a large page; names of
#: areas have their quotation marks escaped.
_ENDS = re.compile(r"</(?:td|th|tr|li)>")
_QUOTED = re.compile(
    r'( (?:aria-labelledby|class|data-k|href|id|role|scope|tabindex)=)"([\w#.-]+)"(?=[ >])'
)


@cache
def _templates() -> Environment:
    found = Environment(
        loader=PackageLoader("udsat.render.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["br"] = _br
    found.globals |= {"_": _, "day": long_day, "whole": whole, "arithmetic": distances.ARITHMETIC}
    return found


def _br(text: str) -> Markup:
    """Return a text with its line ends as HTML has them."""
    return Markup("<br>").join(text.split("\n"))


def _part(name: str) -> Markup:
    """Return the text of a style sheet or script of the package, which holds nothing
    of a user's.
    """
    loader, templates = _templates().loader, _templates()
    assert loader is not None  # noqa: S101 - the environment above has one
    return Markup(loader.get_source(templates, name)[0])  # noqa: S704 - a file of this package


def _hash(text: str) -> str:
    """Return the hash by which a browser knows that a style sheet or script is ours."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _filled(name: str, **values: Any) -> str:
    text = _templates().get_template(name).render(language="da" if danish() else "en", **values)
    return _GAPS.sub("\n", display.page(text))


def _html(name: str, **values: Any) -> str:
    css, script = _part("chart.css") + _part("page.css"), _part("page.js")
    text = _filled(
        name, css=css, script=script, css_hash=_hash(css), script_hash=_hash(script), **values
    )
    return _QUOTED.sub(r"\1\2", _ENDS.sub("", text))


def report(found: Overview, provenance: Mapping[str, Any], most: int) -> str:
    """Return the page about a list."""
    return _html("page.html.j2", page=page(found, provenance, most))


def sheet(found: Overview, row: Record, provenance: Mapping[str, Any]) -> str:
    """Return the sheet of one area."""
    whole = page(replace(found, areas=(row,)), provenance, 1)
    (area,) = parts(found, [row])
    shown = [name for name in found.version.criteria if not name.startswith("prevention_")]
    strips = [chart for name in shown if (chart := charts.strip(found, name, row))]
    return _html(
        "sheet.html.j2", page=whole, area=area, strips=strips, changes=_changes_of(found, row)
    )


def _changes_of(found: Overview, row: Record) -> Sequence[Block]:
    """Return what changed of one area."""
    if found.diff is None:
        return (Lines([_("The table has no earlier list to compare with.")]),)
    own = tuple(one for one in found.diff.areas if one.new and one.new["row"] == row["row"])
    rows = list(changes.lines(replace(found.diff, areas=own)))
    if not rows:
        return (
            Lines(
                [
                    changes.title(found.diff),
                    _(
                        "Neither its category nor a distance to a threshold is known to have"
                        " changed."
                    ),
                ]
            ),
        )
    head = (_("Area"), _("Change"), _("Before"), _("After"), _("Cause"))
    return (Lines([changes.title(found.diff)]), Grid(head, rows))


def picture(chart: Chart, date: dt.date) -> str:
    """Return one chart as an SVG file of its own."""
    return _filled(
        "chart.svg.j2", chart=chart, date=date, foot=words.not_official(), css=_part("chart.css")
    )
