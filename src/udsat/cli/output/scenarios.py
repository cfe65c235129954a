"""`udsat score --vary`: what other numbers in the criteria would make of the same rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from udsat.cli.output import forms
from udsat.cli.output.formats import VariantFormat
from udsat.cli.output.target import Form, Output, Target
from udsat.messages.problems import Problem, UsageError
from udsat.messages.text import Text

if TYPE_CHECKING:
    from udsat.api import Scored
    from udsat.scoring.scenarios import Variation

#: The types of columns that hold no number.
_TYPES = {
    "list_date": "DATE",
    "category": "VARCHAR",
    "who_enters": "VARCHAR",
    "who_leaves": "VARCHAR",
}


def check(out: Output, others: Sequence[str]) -> None:
    """Raise `UsageError` for options that do not go with --vary."""
    if others:
        message = Text("--vary does not go with {names}", names=", ".join(others))
        raise UsageError(Problem("UD510", message, Text("it gives its own table")))
    if out.format not in list(VariantFormat):
        message = Text("--vary cannot write {format}", format=out.format)
        hint = Text("give one of {names}", names=", ".join(VariantFormat))
        raise UsageError(Problem("UD512", message, hint))


def write(scored: Scored, specifications: Sequence[str], out: Output) -> None:
    """Write one line for each variant, list and category."""
    provenance = scored.provenance()
    provenance["options"] = {**provenance["options"], "vary": list(specifications)}
    written = ScenarioOutput(scored, scored.vary(specifications), provenance)
    out.write(written.by_format(), forms.manifest(out, lambda: provenance))


@dataclass(frozen=True, slots=True)
class ScenarioOutput:
    """Variants on their way out."""

    scored: Scored
    found: Variation
    provenance: dict[str, Any]

    def by_format(self) -> dict[str, Form]:
        """Return what writes the variants in each format."""
        from udsat.render import scenarios, words

        rows, paths = self.found.rows, self.paths()
        case = self.scored.verdicts.case
        return {
            "table": forms.text(
                lambda: f"{scenarios.lines(rows, paths, case)}\n{words.not_official()}\n"
            ),
            "csv": self._csv,
            "json": forms.document(lambda: scenarios.document(rows, paths, self.provenance)),
            "parquet": self._parquet,
        }

    def paths(self) -> list[str]:
        """Return the numbers in the criteria that are varied."""
        return [one.path for one in self.found.axes]

    def _csv(self, target: Target) -> None:
        from udsat.export import to_csv
        from udsat.render import scenarios

        with target.stream() as stream:
            to_csv(stream, *scenarios.flat(self.found.rows, self.paths()))

    def _parquet(self, target: Target) -> None:
        from udsat import engine
        from udsat.export import to_parquet
        from udsat.render import scenarios

        paths = self.paths()
        headings, rows = scenarios.flat(self.found.rows, paths)
        columns = {name: [row[n] for row in rows] for n, name in enumerate(headings)}
        types = {
            name: "DOUBLE" if name in paths else _TYPES.get(name, "INTEGER") for name in headings
        }
        relation = engine.table(self.scored.connection, columns, types)
        to_parquet(relation, target.file, self.provenance)
