"""What a user can fix, and how its message is worded: place, problem, hint."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from udsat.messages import display
from udsat.messages.catalog import CODES, Severity
from udsat.messages.text import EMPTY, Text, translated, verbatim

#: So many problems of a kind are shown; files have them all.
SHOWN = 20


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

    `line` is the line of the file, counted from 1 with the header; `column` is the heading as the
    file has it, and `position` the place in the line, counted from 1, where that is known. `value`
    is the offending text, `expected` what could stand there instead. As a string, a problem is
    English.
    """

    code: str
    message: Text
    hint: Text = EMPTY
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
        hint = f" ({display.line(self.hint, 1200)})" if self.hint else ""
        return f"{self.where}{self.code} {display.line(self.message, 600)}{hint}"

    def translated(self) -> Problem:
        """Return the problem with its message and hint in the language of the run."""
        message, hint = verbatim(translated(self.message)), verbatim(translated(self.hint))
        return replace(self, message=message, hint=hint)

    @property
    def where(self) -> str:
        """The place as messages begin with it: `file:line:position: column: `."""
        place = ":".join(
            str(part) for part in (display.line(self.file, 600), self.line, self.position) if part
        )
        return "".join(f"{part}: " for part in (place, display.line(self.column, 200)) if part)

    @property
    def kind(self) -> tuple[str, str, str]:
        """What problems have in common that are shown together: the code, the file
        and the column.
        """
        return self.code, self.file, self.column


def grouped(problems: Iterable[Problem]) -> tuple[list[Problem], dict[Problem, int]]:
    """Return the problems to show, at most `SHOWN` of a kind, and how many more there are of a
    kind, by its first problem.
    """
    shown: list[Problem] = []
    first: dict[tuple[str, str, str], Problem] = {}
    counts: Counter[tuple[str, str, str]] = Counter()
    for problem in problems:
        kind = problem.kind
        counts[kind] += 1
        if counts[kind] <= SHOWN:
            first.setdefault(kind, problem)
            shown.append(problem)
    return shown, {first[kind]: count - SHOWN for kind, count in counts.items() if count > SHOWN}


class UdsatError(Exception):
    """Anything that a user can fix; the base of all errors that this package raises on purpose."""

    exit_code = ExitCode.UNUSABLE

    def __init__(self, problems: Problem | Sequence[Problem]) -> None:
        """Keep the problems; the text of the error is one line for each, and no more than some of a
        kind.
        """
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        """Return a line for each problem that is shown, and one for each kind of which there are
        more.
        """
        shown, more = grouped(self.problems)
        return "\n".join(
            [
                *map(str, shown),
                *(
                    f"{replace(one, line=None, position=None).where}{one.code} {count:,} more like"
                    " these"
                    for one, count in more.items()
                ),
            ]
        )


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
