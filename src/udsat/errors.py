"""What a user can fix, and how its message is worded: place, problem, hint."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from udsat.codes import CODES, Severity


class ExitCode(IntEnum):
    """Exit statuses of the command line; scripts rest on them."""

    DONE = 0
    FINDINGS = 1
    UNUSABLE = 2
    BUG = 3
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, with its place and what to do about it.

    `line` is the line of the file, counted from 1 with the header; `column` is the heading as the file has it, and
    `position` the place in the line, counted from 1, where that is known. `value` is the offending text, `expected`
    what could stand there instead.
    """

    code: str
    message: str
    hint: str = ""
    file: str = ""
    line: int | None = None
    column: str = ""
    value: str = ""
    expected: str = ""
    position: int | None = None

    @property
    def severity(self) -> Severity:
        """How much the problem weighs: errors stop a run, warnings do not."""
        return CODES[self.code].severity

    def __str__(self) -> str:
        """Return the problem as one line: `file:line:position: column: code message (hint)`."""
        place = ":".join(str(part) for part in (self.file, self.line, self.position) if part)
        where = ": ".join(part for part in (place, _line(self.column, 200)) if part)
        hint = f" ({_line(self.hint, 1200)})" if self.hint else ""
        text = f"{self.code} {_line(self.message, 600)}{hint}"
        return f"{where}: {text}" if where else text


def _line(text: str, longest: int) -> str:
    r"""Return a text that comes from a file as a piece of one line, with what a terminal would obey written out.

    >>> _line("Andel\ndømte", 200), _line("x" * 300, 4)
    ('Andel\\ndømte', 'xxx…')
    """
    cut = text if len(text) <= longest else f"{text[: longest - 1]}…"
    if cut.isprintable():
        return cut
    return "".join(c if c.isprintable() else " " if c == "\u00a0" else c.encode("unicode_escape").decode() for c in cut)


class UdsatError(Exception):
    """Anything that a user can fix; the base of all errors that this package raises on purpose."""

    exit_code = ExitCode.UNUSABLE

    def __init__(self, problems: Problem | Sequence[Problem]) -> None:
        """Keep the problems; the text of the error is one line for each."""
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UsageError(UdsatError):
    """An option or argument that cannot be used as given."""


class TableError(UdsatError):
    """No table could be formed from a file: missing, empty, damaged, or without a needed column."""


class InvalidTable(UdsatError):
    """A table was read, and cells or rows in it are wrong. `problems` has every one of them."""

    exit_code = ExitCode.FINDINGS

    def totals(self) -> dict[str, int]:
        """Return how many problems there are of each code."""
        return dict(sorted(Counter(problem.code for problem in self.problems).items()))


class CriteriaError(UdsatError):
    """A criteria file that cannot be found, read or used."""
