"""Problems as people and machines read them: a table, JSON, GitHub annotations, JUnit."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

from rich.console import Group, RenderableType
from rich.text import Text

from udsat.messages import display
from udsat.messages.catalog import CODES
from udsat.messages.language import _, counted, whole
from udsat.messages.problems import Problem, grouped
from udsat.render.responsive_table import Fitting

#: GitHub shows ten annotations of each level for a step, and drops the rest without a word.
_MOST_ANNOTATIONS = 10
_LEVELS = ("error", "warning")
COLUMNS = (
    "file",
    "line",
    "position",
    "column",
    "value",
    "code",
    "severity",
    "message",
    "expected",
    "hint",
)
_STYLES = {"error": "red", "warning": "yellow"}


def totals(problems: Iterable[Problem]) -> dict[str, int]:
    """Return how many problems there are of each code."""
    return dict(sorted(Counter(problem.code for problem in problems).items()))


def sentence(problems: Sequence[Problem]) -> str:
    """Return one sentence that counts errors and warnings.

    >>> sentence([Problem("UD101", "'x' is no number"), Problem("UD101", "'y' is no number")])
    '2 errors, 0 warnings'
    >>> sentence([])
    'no problems'
    """
    if not problems:
        return _("no problems")
    found: Counter[str] = Counter(problem.severity for problem in problems)
    errors = counted(found["error"], "{count} error", "{count} errors")
    warnings = counted(found["warning"], "{count} warning", "{count} warnings")
    return f"{errors}, {warnings}"


def table(problems: Sequence[Problem]) -> RenderableType:
    """Return a table with a row for each problem, then how many there are of each code, and what
    the code means.
    """
    if not problems:
        return Text(sentence(problems))
    rows = Fitting(box=None, pad_edge=False, header_style="bold")
    for heading in ("place", "column", "value", "code", "problem", "what to do"):
        rows.add_column(_(heading))
    shown, more = grouped(problems)
    for problem in shown:
        rows.add_row(*_cells(problem))
    totals_of = [
        Text(f"{whole(count)} x {code}: {_(CODES[code].title)}")
        for code, count in totals(problems).items()
    ]
    return Group(rows, "", *map(Text, left_out(more)), Text(sentence(problems)), *totals_of)


def left_out(more: Mapping[Problem, int]) -> Iterator[str]:
    """Yield how many problems of each kind are not shown, given with the first of each kind."""
    for first, count in more.items():
        rest = counted(
            count,
            "{count} more like this; --problems FILE has all",
            "{count} more like these; --problems FILE has all",
        )
        yield f"{replace(first, line=None, position=None).where}{first.code} {rest}"


def _cells(problem: Problem) -> Iterator[Text]:
    code, told = (
        Text(f"{problem.code} {_(problem.severity)}", style=_STYLES[problem.severity]),
        problem.translated(),
    )
    value = "" if not problem.value or problem.value in problem.message else problem.value
    place = ":".join(str(part) for part in (problem.file, problem.line, problem.position) if part)
    yield from (Text(display.line(text)) for text in (place, problem.column, value))
    yield code
    yield from (Text(display.line(text)) for text in (told.message, told.hint))


def document(problems: Sequence[Problem], files: Sequence[str], schema: str) -> dict[str, Any]:
    """Return the problems as a JSON document."""
    return {
        "schema": schema,
        "files": display.encodable(files),
        "findings": [
            display.encodable(dict(zip(COLUMNS, record, strict=True)))
            for record in records(problems)
        ],
        "totals": totals(problems),
    }


def records(problems: Iterable[Problem]) -> Iterator[list[Any]]:
    """Yield what is known of each problem, under the headings of `COLUMNS`."""
    return ([getattr(problem, name) or None for name in COLUMNS] for problem in problems)


def as_json(problems: Sequence[Problem], files: Sequence[str], schema: str) -> str:
    """Return the problems as JSON text."""
    return json.dumps(document(problems, files, schema), ensure_ascii=False, indent=2) + "\n"


def as_github(problems: Sequence[Problem]) -> str:
    """Return commands that GitHub shows as annotations: at most ten of each level, the first of
    each code first.
    """
    lines = [
        _annotation(problem, more)
        for level in _LEVELS
        for problem, more in _first([p for p in problems if p.severity == level])
    ]
    counted = ", ".join(f"{count} x {code}" for code, count in totals(problems).items())
    return "\n".join([*lines, f"{sentence(problems)}{': ' + counted if counted else ''}"]) + "\n"


def _first(problems: Sequence[Problem]) -> list[tuple[Problem, int]]:
    """Return the problems to show, each code before a second one of any; the last of a code with
    how many are not shown.
    """
    turn: Counter[str] = Counter()
    turns = []
    for problem in problems:
        turns.append(turn[problem.code])
        turn[problem.code] += 1
    order = sorted(range(len(problems)), key=lambda place: (turns[place], place))[
        :_MOST_ANNOTATIONS
    ]
    shown = [
        problems[place] for place in sorted(order, key=lambda place: (problems[place].code, place))
    ]
    counted = Counter(problem.code for problem in shown)
    last = {problem.code: place for place, problem in enumerate(shown)}
    return [
        (problem, turn[problem.code] - counted[problem.code] if last[problem.code] == n else 0)
        for n, problem in enumerate(shown)
    ]


def _annotation(problem: Problem, more: int) -> str:
    parts = {
        "file": problem.file,
        "line": problem.line,
        "col": problem.position,
        "title": problem.code,
    }
    about = ",".join(f"{key}={_escaped(str(value), ',:')}" for key, value in parts.items() if value)
    hint = f" ({problem.hint})" if problem.hint else ""
    column = f"{problem.column}: " if problem.column else ""
    rest = f" [{more} more of {problem.code}: see the job summary]" if more else ""
    return f"::{problem.severity} {about}::{_escaped(f'{column}{problem.message}{hint}{rest}')}"


def _escaped(text: str, more: str = "") -> str:
    """Return a text as GitHub's workflow commands want it."""
    text = display.line(text)
    for mark in ("%", *more):
        text = text.replace(mark, f"%{ord(mark):02X}")
    return text


def as_summary(problems: Sequence[Problem], title: str) -> str:
    """Return problems in Markdown, by code, for the summary of a job: GitHub drops one of more than
    a megabyte.
    """
    lines = [f"### {display.markdown(title)}: {sentence(problems)}", ""]
    for code, count in totals(problems).items():
        lines += [f"**{code}** {CODES[code].title} ({count})", ""]
        shown, more = grouped(problem for problem in problems if problem.code == code)
        lines += [f"- {display.markdown(text)}" for text in (*map(str, shown), *left_out(more))]
        lines.append("")
    return "\n".join(lines)


def as_junit(problems: Sequence[Problem], files: Sequence[str], name: str) -> str:
    """Return JUnit XML: a suite for each file, a failed case for each error; warnings are printed
    with their suite.
    """
    root = ET.Element("testsuites", name=name)
    for file in dict.fromkeys([*files, *(problem.file for problem in problems)]):
        own = [problem for problem in problems if problem.file == file]
        errors = [problem for problem in own if problem.severity == "error"]
        suite = ET.SubElement(
            root,
            "testsuite",
            name=display.page(file) or name,
            tests=str(len(errors) or 1),
            failures=str(len(errors)),
        )
        if not errors:
            ET.SubElement(suite, "testcase", classname=name, name="no errors")
        for problem in errors:
            title = f"{problem.code} {problem.column}".strip() + (
                f" line {problem.line}" if problem.line else ""
            )
            case = ET.SubElement(suite, "testcase", classname=name, name=display.page(title))
            ET.SubElement(
                case, "failure", type=problem.code, message=display.page(problem.message)
            ).text = display.page(str(problem))
        if warnings := [str(problem) for problem in own if problem.severity == "warning"]:
            ET.SubElement(suite, "system-out").text = display.page("\n".join(warnings))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"
