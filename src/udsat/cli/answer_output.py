"""Where the answer to a question goes: a table, CSV, JSON or Markdown, on standard output or into a
file.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TextIO

from udsat.cli.output import spare
from udsat.messages import language
from udsat.messages.problems import Problem, UsageError
from udsat.messages.text import Text

_ENDINGS = {".csv": "csv", ".json": "json", ".md": "markdown", ".txt": "table"}


class AnswerFormat(StrEnum):
    """How an answer is written."""

    table = "table"
    csv = "csv"
    json = "json"
    markdown = "markdown"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer in all its forms; each is made when it is asked for."""

    table: Callable[[], Any]
    columns: Sequence[str]
    records: Callable[[], Iterable[Sequence[Any]]]
    document: Callable[[], Any]
    markdown: Callable[[], str]


def chosen(format: AnswerFormat | None, output: str | None, inputs: Sequence[str]) -> AnswerFormat:
    """Return the format that the options ask for; with a file its ending decides, and it may be no
    input.
    """
    if output is None:
        return format or AnswerFormat.table
    ending = _ENDINGS.get(Path(output).suffix.lower())
    if ending is None or (format and format.value != ending):
        raise UsageError(
            Problem(
                "UD512",
                Text("the ending of '{output}' does not say a format that fits", output=output),
                Text("end it in {names}", names=", ".join(_ENDINGS)),
            )
        )
    spare([output], inputs)
    return AnswerFormat(ending)


def write(answer: Answer, format: AnswerFormat, output: str | None, color: str = "auto") -> None:
    """Write an answer; a file is written whole or not at all."""
    from udsat import export as files

    if output is None:
        _write(answer, format, sys.stdout, color)
        return
    with files.whole(output) as path, files.opened(path) as stream:
        _write(answer, format, stream, color)


def _write(answer: Answer, format: AnswerFormat, stream: TextIO, color: str) -> None:
    from udsat import export as files

    if format is AnswerFormat.csv:
        with language.english():
            files.to_csv(stream, answer.columns, answer.records())
    elif format is AnswerFormat.json:
        with language.english():
            json.dump(answer.document(), stream, ensure_ascii=False, indent=2)
        stream.write("\n")
    elif format is AnswerFormat.markdown:
        stream.write(answer.markdown())
    else:
        from udsat.render import verdict_table

        verdict_table.console(stream, color).print(answer.table())
