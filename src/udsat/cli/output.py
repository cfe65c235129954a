"""Where a result goes and in which format: to the terminal, into a pipe, or to a file."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from udsat.cli import problem_files
from udsat.cli.errors import say
from udsat.cli.errors import tell as tell_of
from udsat.cli.progress import counted
from udsat.messages.problems import Problem, UsageError
from udsat.messages.text import Text

if TYPE_CHECKING:
    from udsat.api import Scored

ENDINGS = {
    ".csv": "csv", ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl",
    ".parquet": "parquet", ".xlsx": "xlsx", ".md": "markdown", ".txt": "table",
}  # fmt: skip
#: Formats that only a file can hold.
BINARY = {"parquet": "Parquet", "xlsx": "Excel"}
#: Formats that a descriptor can describe: one table, with a type for each column.
DESCRIBED = ("csv", "xlsx", "parquet")


@dataclass(frozen=True, slots=True)
class Output:
    """A format and a place."""

    format: str
    path: str | None
    manifest: bool
    color: str
    excel_dk: bool = False
    datapackage: bool = False

    @classmethod
    def of(
        cls,
        format: str | None,
        path: str | None,
        inputs: Sequence[str],
        manifest: bool,
        color: str,
        excel_dk: bool = False,
        datapackage: bool = False,
    ) -> Output:
        """Return the output that the options ask for; with a file its ending decides."""
        if path == "":
            raise UsageError(
                Problem(
                    "UD511",
                    Text("the name of the output is empty"),
                    Text("look at the variable that it comes from"),
                )
            )
        wanted = format or ("csv" if excel_dk else "table")
        found = _ending(path, format) if path else _printed(wanted, manifest, datapackage)
        if excel_dk and found not in {
            "csv",
            "xlsx",
        }:  # an Excel file is right for a Danish Excel as it is
            raise UsageError(
                Problem(
                    "UD510",
                    Text("--excel-dk is a way to write CSV"),
                    Text("end the file in .csv, or leave the option out"),
                )
            )
        if datapackage and found not in DESCRIBED:
            hint = Text(
                "end the file in {names}", names=", ".join(f".{name}" for name in DESCRIBED)
            )
            raise UsageError(
                Problem("UD510", Text("--datapackage describes one table with typed columns"), hint)
            )
        if path and (manifest or datapackage) and _is_stream(path):
            name = "--manifest" if manifest else "--datapackage"
            raise UsageError(
                Problem(
                    "UD510",
                    Text("{name} describes a file, and '{path}' is none", name=name, path=path),
                    Text("write to a file, or leave the option out"),
                )
            )
        out = cls(found, path, manifest, color, excel_dk, datapackage)
        spare(out.files(), inputs)
        return out

    def files(self) -> list[str]:
        """Return every file that this output writes."""
        if self.path is None:
            return []
        beside = [f"{self.path}.manifest.json"] if self.manifest else []
        return [
            self.path,
            *beside,
            *([str(Path(self.path).parent / "datapackage.json")] if self.datapackage else []),
        ]

    def narrowed(self, scored: Scored, only: Sequence[str]) -> tuple[str, ...]:
        """Return the categories whose certain members alone are wanted; say what is left out of
        them.
        """
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

    def write(
        self, scored: Scored, detail: Literal["areas", "criteria"], only: tuple[str, ...]
    ) -> None:
        """Write the result, and beside it the manifest and the descriptor if wanted."""
        from udsat import export as write
        from udsat import files

        self._check(scored, detail, only)
        with write.whole(self.path) if self.path else nullcontext() as path:
            if self.format in BINARY and path:
                self._binary(path, scored, detail, only)
            else:
                with write.opened(path) if path else nullcontext(sys.stdout) as stream:
                    self._text(stream, scored, detail, only)
        if self.manifest and self.path:
            files.write(
                f"{self.path}.manifest.json",
                json.dumps(scored.provenance(), ensure_ascii=False, indent=2) + "\n",
            )
        if self.datapackage and self.path:
            from udsat.export import datapackage as package

            columns = scored.described(scored.relation(detail, only), detail)
            package.write(self.path, self.format, columns, scored.provenance(), self.excel_dk)

    def _check(
        self, scored: Scored, detail: Literal["areas", "criteria"], only: tuple[str, ...]
    ) -> None:
        """Raise `UsageError` before anything is written, where the result cannot be held or would
        hit an input.
        """
        spare(self.files(), (source.name for source in scored.checked.sources))
        spare(self.files(), scored.law_files())
        if self.datapackage and self.path:
            from udsat.export import datapackage as package

            package.check_free(self.path)
        if self.format == "xlsx" and self.path:
            from udsat.export import excel

            relation = scored.relation(detail, only)
            (rows,) = relation.aggregate("count(*)").fetchall()[0]
            excel.check_size(rows, relation.columns, self.path)

    def _binary(
        self,
        path: Path,
        scored: Scored,
        detail: Literal["areas", "criteria"],
        only: tuple[str, ...],
    ) -> None:
        relation = scored.relation(detail, only)
        columns = scored.described(relation, detail)
        if self.format == "parquet":
            from udsat import export as write

            about = {column.name: column.holds for column in columns}
            write.to_parquet(relation, path, scored.provenance(), about)
        else:
            from udsat.cli import workbook
            from udsat.export import excel

            excel.to_xlsx(
                path, self.path or str(path), workbook.sheets(scored, relation, columns, only)
            )

    def _text(
        self,
        stream: Any,
        scored: Scored,
        detail: Literal["areas", "criteria"],
        only: tuple[str, ...],
    ) -> None:
        if self.format == "table":
            _table(stream, self.color, scored, detail, only)
        elif self.format == "markdown":
            _markdown(stream, scored, detail, only)
        elif self.format == "json" or (self.format == "jsonl" and detail == "areas"):
            _objects(stream, self.format, scored, only)
        else:
            self._rows(stream, scored, detail, only)

    def _rows(
        self,
        stream: Any,
        scored: Scored,
        detail: Literal["areas", "criteria"],
        only: tuple[str, ...],
    ) -> None:
        relation = scored.relation(detail, only)
        rows = counted(relation.iter_rows())
        if self.format == "csv":
            from udsat.export import csv as delimited

            (delimited.to_danish_csv if self.excel_dk else delimited.to_csv)(
                stream, relation.columns, rows
            )
        else:
            from udsat.export.cells import jsonable
            from udsat.export.json_lines import to_jsonl

            names = relation.columns
            to_jsonl(stream, (dict(zip(names, map(jsonable, row), strict=True)) for row in rows))


def _printed(format: str, manifest: bool, datapackage: bool) -> str:
    """Return the format of standard output; raise `UsageError` for what needs a file."""
    for wanted, name, what in (
        (manifest, "--manifest", Text("the manifest")),
        (datapackage, "--datapackage", Text("the descriptor")),
    ):
        if wanted:
            raise UsageError(
                Problem(
                    "UD511",
                    Text("{name} needs -o FILE", name=name),
                    Text("{what} is written beside the file", what=what),
                )
            )
    if format in BINARY:
        raise UsageError(
            Problem(
                "UD511",
                Text("{binary} needs -o FILE", binary=BINARY[format]),
                Text("say -o verdicts.{format}", format=format),
            )
        )
    return format


def _is_stream(path: str) -> bool:
    from udsat import files

    return files.is_stream(path)


def _ending(path: str, format: str | None) -> str:
    ending = ENDINGS.get(Path(path).suffix.lower())
    if ending is None and format and _is_stream(path):  # /dev/stdout has no ending
        return format
    if ending and format and format != ending:
        raise UsageError(
            Problem(
                "UD512",
                Text("'{path}' does not end as {format} does", path=path, format=format),
                Text("leave --format out, or give the file another ending"),
            )
        )
    if ending is None:
        hint = Text("end it in {names}", names=", ".join(ENDINGS))
        raise UsageError(
            Problem(
                "UD512",
                Text("the ending of '{path}' does not say a format that fits", path=path),
                hint,
            )
        )
    return ending


def spare(written: Sequence[str], inputs: Iterable[str]) -> None:
    """Raise `UsageError` where a file to be written is a folder, or one that is read, by whatever
    name.
    """
    read = [status for name in inputs if (status := _status(name))]
    for path in written:
        if "\0" in path:
            raise UsageError(
                Problem(
                    "UD502",
                    Text("no file can have this name"),
                    Text("give the file another name"),
                    path,
                )
            )
        if os.path.isdir(path):
            raise UsageError(
                Problem("UD502", Text("is a folder"), Text("give the file another name"), path)
            )
        there = _status(path)
        if there and any(os.path.samestat(there, one) for one in read):
            raise UsageError(
                Problem(
                    "UD513", Text("'{path}' is an input", path=path), Text("write to another file")
                )
            )


def _status(name: str) -> os.stat_result | None:
    """Return what tells a file from others whatever it is called: standard input too may be one."""
    try:
        return os.fstat(sys.stdin.fileno()) if name in {"-", "<stdin>"} else os.stat(name)
    except (OSError, ValueError, AttributeError):
        return None


def _table(
    stream: Any,
    color: str,
    scored: Scored,
    detail: Literal["areas", "criteria"],
    only: tuple[str, ...],
) -> None:
    from udsat.render import verdict_table

    case = scored.verdicts.case
    console = verdict_table.console(stream, color)
    if detail == "areas":
        console.print(verdict_table.verdicts(scored.areas(only), case, console))
    else:
        console.print(
            verdict_table.long(
                scored.criteria(only), console.width if console.is_terminal else None
            )
        )


def _markdown(
    stream: Any, scored: Scored, detail: Literal["areas", "criteria"], only: tuple[str, ...]
) -> None:
    from udsat.render import markdown

    if detail == "criteria":
        markdown.write_long(stream, scored.criteria(only))
    else:
        columns = scored.relation(detail, only).columns
        markdown.write(stream, columns, counted(scored.rows(only)), scored.verdicts.case)


def _objects(stream: Any, format: str, scored: Scored, only: tuple[str, ...]) -> None:
    from udsat.export import json_document, json_lines

    relation = scored.complete(only)
    found = json_document.objects(scored.verdicts, relation.columns, counted(relation.iter_rows()))
    if format == "jsonl":
        json_lines.to_jsonl(stream, found)
    else:
        json_lines.to_json(stream, json_document.head(scored.provenance()), "areas", found)


def tell(scored: Scored) -> None:
    """Say how files were read, which rows were left out, and which names are only near a listed
    one.
    """
    for source in scored.checked.sources:
        if source.detected:
            say(source.detected)
    problem_files.note(scored.checked.problems)
    tell_of(scored.checked.problems, Text("left out: "))
    warnings = [*scored.checked.warnings, *scored.lists.warnings, *_names(scored)]
    problem_files.note(warnings)
    tell_of(warnings)


def _names(scored: Scored) -> Iterator[Problem]:
    """Yield what names leave open: municipalities that are none, and areas that are only near a
    listed one.
    """
    from udsat.tables.validate.check import unknown_municipality

    for town in scored.checked.table.unknown_towns:
        yield unknown_municipality(town, scored.lists.names)
    for area, municipality, name in scored.verdicts.streaks.near:
        given = {"area": area, "municipality": municipality, "name": name}
        message = (
            Text(
                "'{area}' in {municipality} is near the listed '{name}', not proven to be the"
                " same: no earlier year is certain",
                **given,
            )
            if municipality
            else Text(
                "'{area}' is near the listed '{name}', not proven to be the same: no earlier year"
                " is certain",
                **given,
            )
        )
        hint = (
            Text("if it is the same, say so with --names")
            if municipality
            else Text("a column municipality would prove it")
        )
        yield Problem(
            "UD634",
            message,
            hint,
        )
