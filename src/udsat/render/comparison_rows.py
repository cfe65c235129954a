"""Rows that stand beside areas for comparison: their values alone, because they are not judged."""

from __future__ import annotations

from collections.abc import Sequence

from udsat.analysis.comparison_rows import ComparisonRows, beside
from udsat.analysis.records import Record
from udsat.messages.language import _
from udsat.names.resolver import Resolver
from udsat.render import words
from udsat.render.blocks import Block, Grid, Heading
from udsat.render.numbers import plain


def sheet(rows: Sequence[Record]) -> list[Block]:
    """Return the values of rows for comparison, one line for each row and list."""
    names = list(dict.fromkeys(row["criterion"].removeprefix("prevention_") for row in rows))
    lines: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows:
        value = "" if row["value"] is None else words.percent(plain(row["value"]))
        lines.setdefault((words.place(row["area"]), str(row["list_date"].year)), {})[
            row["criterion"].removeprefix("prevention_")
        ] = value
    grid = [
        (area, year, *(values.get(name, "") for name in names))
        for (area, year), values in lines.items()
    ]
    head = (_("row"), _("list"), *(words.criterion(name) for name in names))
    return [
        Heading(_("For comparison, not judged as an area")),
        Grid(head, grid, frozenset(head[2:])),
    ]


def values(
    compared: ComparisonRows, areas: Sequence[Record], names: Resolver
) -> dict[tuple[int, str], str]:
    """Return, by the row of an area and a criterion, what stands beside it: `Slagelse Kommune 14
    %`.
    """
    rows = compared.criteria()
    found: dict[tuple[int, str], list[str]] = {}
    for area in {area["row"]: area for area in areas}.values():
        for name, criteria in beside(area, rows, names):
            for row in criteria:
                if row["value"] is not None:
                    found.setdefault((area["row"], row["criterion"]), []).append(
                        f"{words.place(name)} {words.percent(plain(row['value']))}"
                    )
    return {key: ", ".join(texts) for key, texts in found.items()}
