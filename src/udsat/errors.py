"""What a user can fix, and how its message is worded: place, problem, hint."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum


class ExitCode(IntEnum):
    """Exit statuses of the command line; scripts rest on them."""

    DONE = 0
    FINDINGS = 1
    UNUSABLE = 2
    BUG = 3
    INTERRUPTED = 130


#: Every message code and what it says in general. A code keeps its meaning for ever.
CODES: dict[str, str] = {
    "UD101": "a cell that should hold a number holds none",
    "UD102": "a share lies outside 0 to 100 percent",
    "UD103": "a number is negative or too large for what its column means",
    "UD104": "a numerator is larger than its base",
    "UD105": "a required cell is empty",
    "UD106": "a cell that should hold a date or a year holds none",
    "UD107": "a date lies before the first list",
    "UD108": "a trial or interim list did not follow the law in force",
    "UD109": "a share and the counts beside it disagree by more than rounding",
    "UD110": "a whole number has decimals",
    "UD201": "a key occurs twice: two rows for one area and list",
    "UD202": "a row has more or fewer cells than the header",
    "UD301": "a file cannot be found or opened",
    "UD302": "a file is empty or holds a header alone",
    "UD303": "a file is not what its ending says, or is damaged",
    "UD304": "a column occurs twice",
    "UD305": "a column that the table needs is missing",
    "UD306": "a column is unknown, but near a known one",
    "UD307": "a table mixes two kinds of keys",
    "UD308": "numbers can be read in two ways",
    "UD309": "a reference table is not usable",
    "UD310": "a list of areas is not usable",
    "UD401": "a criteria file cannot be found or read",
    "UD402": "a criteria file is not a valid definition",
    "UD501": "an option cannot be used as given",
    "UD502": "an output file cannot be written",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, with its place and what to do about it.

    `line` is the line of the file, counted from 1 with the header; `column` is the heading as the file has it.
    """

    code: str
    message: str
    hint: str = ""
    file: str = ""
    line: int | None = None
    column: str = ""
    value: str = ""

    def __str__(self) -> str:
        """Return the problem as one line: `file:line: column: code message (hint)`."""
        place = ":".join(part for part in (self.file, "" if self.line is None else str(self.line)) if part)
        where = ": ".join(part for part in (place, self.column) if part)
        hint = f" ({self.hint})" if self.hint else ""
        return f"{where}: {self.code} {self.message}{hint}" if where else f"{self.code} {self.message}{hint}"


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
