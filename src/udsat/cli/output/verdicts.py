"""Verdicts in each format of `udsat score`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, Literal

from udsat.cli.errors import say
from udsat.cli.options import OutputOptions, option
from udsat.cli.output import forms
from udsat.cli.output.formats import ScoreFormat
from udsat.cli.output.target import MANIFEST, Companion, Form, Output, Target
from udsat.cli.progress import counted
from udsat.messages.problems import Problem, UsageError
from udsat.messages.text import Text

if TYPE_CHECKING:
    import duckdb

    from udsat.api import Scored

#: Formats that a descriptor can describe: one table, with a type for each column.
DESCRIBED = ("csv", "xlsx", "parquet")


def _descriptor(path: str) -> str:
    from udsat.export import datapackage

    return datapackage.place(path)


DATAPACKAGE = Companion("--datapackage", Text("the descriptor"), _descriptor)


@dataclass(frozen=True, slots=True)
class CompanionOptions:
    """What is written beside verdicts, and for which spreadsheet."""

    manifest: Annotated[
        bool,
        option("--manifest", text="Write the provenance beside the output, as FILE.manifest.json."),
    ] = False
    datapackage: Annotated[
        bool,
        option(
            "--datapackage", text="Describe the columns beside the output, in datapackage.json."
        ),
    ] = False
    excel_dk: Annotated[
        bool,
        option(
            "--excel-dk", text="CSV for a Danish Excel: semicolon, decimal comma, BOM, no formulas."
        ),
    ] = False

    def given(self) -> dict[str, bool]:
        """Return whether each of the options is given, by its name."""
        return {
            "--manifest": self.manifest,
            "--datapackage": self.datapackage,
            "--excel-dk": self.excel_dk,
        }

    def output(
        self, options: OutputOptions[ScoreFormat], inputs: Sequence[str], color: str
    ) -> Output:
        """Return the output that the options ask for; raise `UsageError` where they do not fit."""
        if self.excel_dk and not options.output and options.format is None:
            options = replace(options, format=ScoreFormat.csv)
        wanted = (MANIFEST, self.manifest), (DATAPACKAGE, self.datapackage)
        companions = [one for one, is_wanted in wanted if is_wanted]
        out = Output.of(options, ScoreFormat, inputs, color, companions)
        if self.excel_dk and out.format not in {"csv", "xlsx"}:  # Excel opens its own files anyway
            hint = Text("end the file in .csv, or leave the option out")
            raise UsageError(Problem("UD510", Text("--excel-dk is a way to write CSV"), hint))
        if self.datapackage:
            _can_be_described(out)
        return out


def _can_be_described(out: Output) -> None:
    from udsat.export import datapackage

    if out.format not in DESCRIBED:
        hint = Text("end the file in {names}", names=", ".join(f".{name}" for name in DESCRIBED))
        message = Text("--datapackage describes one table with typed columns")
        raise UsageError(Problem("UD510", message, hint))
    if out.path:
        datapackage.check_free(out.path)


def members_only(scored: Scored, only: Sequence[str]) -> tuple[str, ...]:
    """Return the categories whose certain members alone are wanted; say what is left out."""
    for name in only:
        yes, unknown = scored.members(name)
        say(
            Text(
                "--only {name}: {yes} certain, {unknown} unknown left out",
                name=name,
                yes=yes,
                unknown=unknown,
            )
        )
    return tuple(only)


@dataclass(frozen=True, slots=True)
class VerdictOutput:
    """Verdicts on their way out."""

    scored: Scored
    detail: Literal["areas", "criteria"]
    only: tuple[str, ...]
    companions: CompanionOptions

    def write(self, out: Output) -> None:
        """Write the verdicts, and beside them the manifest and the descriptor if wanted."""
        self._check_size(out)
        provenance = self.scored.provenance
        out.write(self._forms(), forms.manifest(out, provenance))
        if self.companions.datapackage and out.path:
            from udsat.export import datapackage

            columns = self.scored.described(self._relation(), self.detail)
            excel_dk = self.companions.excel_dk
            datapackage.write(out.path, out.format, columns, provenance(), excel_dk)

    def _forms(self) -> dict[str, Form]:
        by_area = self.detail == "areas"
        return {
            "table": self._table,
            "csv": self._csv,
            "json": self._json,
            "jsonl": self._json_lines if by_area else self._json_rows,
            "parquet": self._parquet,
            "xlsx": self._workbook,
            "markdown": self._markdown,
        }

    def _relation(self) -> duckdb.DuckDBPyRelation:
        return self.scored.relation(self.detail, self.only)

    def _check_size(self, out: Output) -> None:
        """Raise `UsageError` before anything is written, where no sheet can hold the verdicts."""
        if out.format == "xlsx" and out.path:
            from udsat.export import excel

            relation = self._relation()
            (rows,) = relation.aggregate("count(*)").fetchall()[0]
            excel.check_size(rows, relation.columns, out.path)

    def _table(self, target: Target) -> None:
        from udsat.render import verdict_table

        with target.stream() as stream:
            console = verdict_table.console(stream, target.color)
            if self.detail == "areas":
                areas, case = self.scored.areas(self.only), self.scored.verdicts.case
                console.print(verdict_table.verdicts(areas, case, console))
            else:
                width = console.width if console.is_terminal else None
                console.print(verdict_table.long(self.scored.criteria(self.only), width))

    def _markdown(self, target: Target) -> None:
        from udsat.render import markdown

        with target.stream() as stream:
            if self.detail == "criteria":
                markdown.write_long(stream, self.scored.criteria(self.only))
                return
            columns, rows = self.scored.rows(self.only)
            markdown.write(stream, columns, counted(rows), self.scored.verdicts.case)

    def _csv(self, target: Target) -> None:
        from udsat.export import csv

        relation = self._relation()
        write = csv.to_danish_csv if self.companions.excel_dk else csv.to_csv
        with target.stream() as stream:
            write(stream, relation.columns, counted(relation.iter_rows()))

    def _json(self, target: Target) -> None:
        from udsat.export import json_document, json_lines

        head = json_document.head(self.scored.provenance())
        with target.stream() as stream:
            json_lines.to_json(stream, head, "areas", self._objects())

    def _json_lines(self, target: Target) -> None:
        from udsat.export import json_lines

        with target.stream() as stream:
            json_lines.to_jsonl(stream, self._objects())

    def _objects(self) -> Iterator[dict[str, Any]]:
        from udsat.export import json_document

        relation = self.scored.complete(self.only)
        rows = counted(relation.iter_rows())
        return json_document.objects(self.scored.verdicts, relation.columns, rows)

    def _json_rows(self, target: Target) -> None:
        from udsat.export.cells import jsonable
        from udsat.export.json_lines import to_jsonl

        relation = self._relation()
        names, rows = relation.columns, counted(relation.iter_rows())
        with target.stream() as stream:
            to_jsonl(stream, (dict(zip(names, map(jsonable, row), strict=True)) for row in rows))

    def _parquet(self, target: Target) -> None:
        from udsat.export import to_parquet

        relation = self._relation()
        columns = self.scored.described(relation, self.detail)
        about = {column.name: column.holds for column in columns}
        to_parquet(relation, target.file, self.scored.provenance(), about)

    def _workbook(self, target: Target) -> None:
        from udsat.cli import workbook
        from udsat.export import excel

        relation = self._relation()
        columns = self.scored.described(relation, self.detail)
        sheets = workbook.sheets(self.scored, relation, columns, self.only)
        excel.to_xlsx(target.file, target.name or "", sheets)
