"""What the pages show: commands and Python with their output, run for real, and how to bring the
two together.

A block fenced as `console` holds commands (`$ udsat ...`, `$ cat FILE`, `$ echo $?`), each followed
by its output. A line of three dots stands for any lines; spaces at the end of a line do not count.
A block fenced as `python` with prompts (`>>>`) is a doctest; the blocks of a page share their
names.
"""

from __future__ import annotations

import contextlib
import doctest
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
#: What the commands of the documentation read; they run in a folder of their own that holds these.
INPUTS = ("data/samples", "docs/examples", "criteria/examples")
GAP = "..."
#: What the commands of the documentation find in their environment.
SETTINGS = {"COLUMNS": "80", "NO_COLOR": "1", "PYTHONUTF8": "1"}
#: The exit status of a bug in udsat: no page shows one.
_BUG = 3
_CONSOLE, _PYTHON, _CLOSE, _PROMPT = "```console", "```python", "```", "$ "
_FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@dataclass(frozen=True)
class Shown:
    """A command of a page with the output below it: its lines are `start` to `end` of the page,
    counted from 0.
    """

    command: str
    output: list[str]
    start: int
    end: int


def pages() -> list[Path]:
    """Return every page of the documentation."""
    first = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
    return [ROOT / name for name in first] + sorted((ROOT / "docs").rglob("*.md"))


def fenced(lines: Sequence[str], opening: str) -> Iterator[range]:
    """Yield the line numbers inside each block that opens with a fence."""
    first = None
    for number, line in enumerate(lines):
        if first is None and line.strip() == opening:
            first = number + 1
        elif first is not None and line.strip() == _CLOSE:
            yield range(first, number)
            first = None


def shown(page: str) -> list[Shown]:
    """Return the commands of a page, in order."""
    lines = page.splitlines()
    found = []
    for block in fenced(lines, _CONSOLE):
        prompts = [number for number in block if lines[number].startswith(_PROMPT)]
        for prompt, end in zip(prompts, [*prompts[1:], block.stop], strict=True):
            command = lines[prompt].removeprefix(_PROMPT)
            found.append(Shown(command, lines[prompt + 1 : end], prompt + 1, end))
    return found


def folder(place: Path) -> Path:
    """Fill an empty folder with what the commands read, and return it."""
    for name in INPUTS:
        shutil.copytree(ROOT / name, place / name)
    return place


class Shell:
    """Runs the commands of one page in one folder, so that a file written by one can be shown by
    the next.
    """

    def __init__(self, place: Path) -> None:
        """Start in a folder."""
        self.place = place
        self.status = 0

    def run(self, command: str) -> list[str]:
        """Return the lines that a command prints, messages on standard error included."""
        words = shlex.split(command)
        if words == ["echo", "$?"]:
            return [str(self.status)]
        if words[0] == "cat":
            return _lines(self.place.joinpath(words[1]).read_text(encoding="utf-8"))
        if words[0] != "udsat":
            raise ValueError(
                f"a console block can show udsat, cat FILE and echo $?, not '{command}'"
            )
        given = None
        if "<" in words:
            given = self.place.joinpath(words.pop()).read_bytes()
            words.pop()
        self.status, text = self.udsat(words[1:], given)
        if self.status == _BUG:
            raise RuntimeError(f"'{command}': {text}")
        return _lines(text)

    def udsat(self, words: Sequence[str], given: bytes | None) -> tuple[int, str]:
        """Run udsat with something on standard input; return its status and all it prints."""
        ran = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "udsat", *words],
            cwd=self.place, env={**os.environ, **SETTINGS}, input=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,  # noqa: E501
        )  # fmt: skip
        return ran.returncode, ran.stdout.decode()


def _lines(text: str) -> list[str]:
    lines = [line.rstrip() for line in text.splitlines()]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def same(expected: Sequence[str], real: Sequence[str]) -> bool:
    """Return whether an output shows what is real; a line of three dots stands for any lines.

    >>> same(["a", "...", "d"], ["a", "b", "c", "d"]), same(["a", "...", "d"], ["a", "b", "c"])
    (True, False)
    """
    parts = _parts([line.rstrip() for line in expected])
    if len(parts) == 1:
        return parts[0] == list(real)
    first, *middle, last = parts
    position = len(first)
    if list(real[:position]) != first:
        return False
    for part in middle:
        starts = range(position, len(real) - len(part) + 1)
        start = next(
            (start for start in starts if list(real[start : start + len(part)]) == part), None
        )
        if start is None:
            return False
        position = start + len(part)
    return len(real) - position >= len(last) and (not last or list(real[-len(last) :]) == last)


def _parts(lines: Sequence[str]) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for line in lines:
        if line.strip() == GAP:
            parts.append([])
        else:
            parts[-1].append(line)
    return parts


def refreshed(page: str, place: Path) -> str:
    """Return a page with the outputs of its commands and examples as they are now; gaps stay where
    they were.
    """
    lines = page.splitlines()
    shell = Shell(place)
    changes = [
        (one.start, one.end, _with_gaps(one.output, shell.run(one.command))) for one in shown(page)
    ]
    for example in examples(page, place):
        if not example.holds:
            changes.append((example.start, example.end, example.got))
    for start, end, output in sorted(changes, reverse=True):
        lines[start:end] = output
    return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Example:
    """A Python example after it was run: the lines `start` to `end` of the page hold its output,
    counted from 0.
    """

    source: str
    want: str
    got: list[str]
    holds: bool
    start: int
    end: int


class _Recorder(doctest.DocTestRunner):
    """A doctest runner that keeps what each example printed."""

    def __init__(self) -> None:
        """Start with nothing found."""
        super().__init__(verbose=False, optionflags=_FLAGS)
        self.found: list[tuple[str, bool]] = []

    def report_success(
        self, out: Callable[[str], Any], test: doctest.DocTest, example: doctest.Example, got: str
    ) -> None:
        """Keep an output that is as expected."""
        self.found.append((got, True))

    def report_failure(
        self, out: Callable[[str], Any], test: doctest.DocTest, example: doctest.Example, got: str
    ) -> None:
        """Keep an output that is not."""
        self.found.append((got, False))

    def report_unexpected_exception(
        self,
        out: Callable[[str], Any],
        test: doctest.DocTest,
        example: doctest.Example,
        exc_info: Any,
    ) -> None:
        """Stop: no page shows an error that nobody expected."""
        raise RuntimeError(f"'{example.source.strip()}' raises") from exc_info[1]


def examples(page: str, place: Path) -> list[Example]:
    """Run the Python examples of a page, in order and in one folder, and return what
    each printed.
    """
    lines = page.splitlines()
    names: dict[str, Any] = {"__name__": "__main__"}
    found = []
    with contextlib.chdir(place):
        for block in fenced(lines, _PYTHON):
            text = "\n".join(lines[number] for number in block) + "\n"
            test = doctest.DocTestParser().get_doctest(text, {}, "page", None, block.start)
            test.globs = names
            recorder = _Recorder()
            recorder.run(test, out=lambda text: None, clear_globs=False)
            for example, (got, holds) in zip(test.examples, recorder.found, strict=True):
                start = block.start + example.lineno + example.source.count("\n")
                end = start + example.want.count("\n")
                found.append(Example(example.source, example.want, _lines(got), holds, start, end))
    return found


def _with_gaps(old: Sequence[str], real: Sequence[str]) -> list[str]:
    """Return the real lines; where the old output had gaps, only those most like its first and last
    lines and between.
    """
    parts = _parts(old)
    if len(parts) == 1:
        return list(real)
    output: list[str] = []
    position = 0
    for number, part in enumerate(parts):
        output += [GAP] if number else []
        if part:
            start = position if number == 0 else _most_like(part[0], real, position)
            end = (
                len(real)
                if number == len(parts) - 1
                else _most_like(part[-1], real, max(start, start + len(part) - 2)) + 1
            )
            output += real[start:end]
            position = end
    return output


def _most_like(line: str, real: Sequence[str], start: int) -> int:
    likeness = [
        SequenceMatcher(None, line, other, autojunk=False).ratio() for other in real[start:]
    ]
    return start + likeness.index(max(likeness))
