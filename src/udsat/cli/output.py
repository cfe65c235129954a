"""Where a result goes and in which format: to the terminal, into a pipe, or to a file."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from udsat.cli.handler import say
from udsat.errors import Problem, UsageError

if TYPE_CHECKING:
    from udsat.api import Scored

ENDINGS = {".csv": "csv", ".json": "json", ".parquet": "parquet", ".txt": "table"}


@dataclass(frozen=True, slots=True)
class Output:
    """A format and a place."""

    format: str
    path: str | None
    manifest: bool
    color: str

    @classmethod
    def of(cls, format: str | None, path: str | None, inputs: Sequence[str], manifest: bool, color: str) -> Output:
        """Return the output that the options ask for; with a file its ending decides."""
        if path is None:
            if manifest:
                raise UsageError(Problem("UD501", "--manifest needs -o FILE", "the manifest is written beside the file"))
            if format == "parquet":
                raise UsageError(Problem("UD501", "Parquet needs -o FILE", "say -o verdicts.parquet"))
            return cls(format or "table", None, False, color)
        ending = ENDINGS.get(Path(path).suffix.lower())
        if ending is None or (format and format != ending):
            hint = f"end it in {', '.join(ENDINGS)}"
            raise UsageError(Problem("UD501", f"the ending of '{path}' does not say a format that fits", hint))
        if any(name != "-" and Path(name).exists() and Path(path).exists() and Path(name).samefile(path) for name in inputs):
            raise UsageError(Problem("UD501", f"'{path}' is an input", "write to another file"))
        return cls(ending, path, manifest, color)

    def narrowed(self, scored: Scored, only: Sequence[str]) -> tuple[str, ...]:
        """Return the categories whose certain members alone are wanted; say what is left out of them."""
        for name in only:
            yes, unknown = scored.members(name)
            say(f"--only {name}: {yes} certain, {unknown} unknown left out")
        return tuple(only)

    def write(self, scored: Scored, detail: Literal["areas", "criteria"], only: tuple[str, ...]) -> None:
        """Write the result, and the manifest beside it if wanted."""
        from udsat.tables import write

        with write.whole(self.path) if self.path else nullcontext() as path:
            if self.format == "parquet" and path:
                write.to_parquet(scored.connection, scored.relation(detail, only, packed=True), path, scored.provenance())
            else:
                with path.open("w", encoding="utf-8", newline="") if path else nullcontext(sys.stdout) as stream:
                    self._text(stream, scored, detail, only)
        if self.manifest and self.path:
            with write.whole(f"{self.path}.manifest.json") as path:
                path.write_text(json.dumps(scored.provenance(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")

    def _text(self, stream: Any, scored: Scored, detail: Literal["areas", "criteria"], only: tuple[str, ...]) -> None:
        from udsat.tables import write

        if self.format == "csv":
            relation = scored.relation(detail, only)
            write.to_csv(stream, relation.columns, relation.iter_rows())
        elif self.format == "json":
            from udsat.views.document import document

            case, passed = scored.verdicts.case, scored.passed()
            found = document(scored.areas(only), scored.criteria(only), case.categories(), passed, scored.provenance())
            json.dump(found, stream, ensure_ascii=False, indent=2)
            stream.write("\n")
        else:
            from udsat.views import tables

            case = scored.verdicts.case
            console = tables.console(stream, self.color)
            if detail == "areas":
                console.print(tables.verdicts(scored.areas(only), case, console))
            else:
                console.print(tables.long(scored.criteria(only)))


def tell(scored: Scored) -> None:
    """Say how files were read, which rows were left out, and which names are only near a listed one."""
    for source in scored.checked.sources:
        if source.detected:
            say(source.detected)
    for problem in scored.checked.problems:
        say(f"left out: {problem}")
    for area, town, name in scored.verdicts.streaks.near:
        where = f" in {town}" if town else ""
        hint = "" if town else "; a column municipality would prove it"
        say(f"'{area}'{where} is near the listed '{name}', not proven to be the same: its earlier years are unknown{hint}")
