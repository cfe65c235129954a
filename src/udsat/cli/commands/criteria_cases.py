"""`udsat criteria test`: the cases of definitions, scored, and what cases are missing."""

from __future__ import annotations

import os
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from udsat.cli.commands.criteria_check import FilesArgument, wanted
from udsat.cli.errors import handled, say
from udsat.cli.findings import show
from udsat.cli.options import Color, ColorOption, Folder, OutputOptions, option
from udsat.cli.output import forms
from udsat.cli.output.formats import FindingsFormat, SkeletonFormat
from udsat.cli.output.target import Output
from udsat.messages.text import Text, verbatim

if TYPE_CHECKING:
    from udsat.analysis.law_tests.coverage import Demand
    from udsat.analysis.law_tests.run import CaseRun
    from udsat.messages.problems import Problem


@handled
def run_cases(
    options: OutputOptions[FindingsFormat],
    files: FilesArgument = None,
    coverage: Annotated[bool, option("--coverage", text="Say which cases are missing.")] = False,
    fail_under: Annotated[
        float | None,
        option(
            "--fail-under",
            metavar="PERCENT",
            text="Exit with 1 if fewer of the cases asked for are there.",
        ),
    ] = None,
    suggest: Annotated[
        bool,
        option(
            "--suggest", text="Print skeletons of missing cases; what to expect is left to you."
        ),
    ] = False,
    criteria_dir: Folder = None,
    color: ColorOption = Color.auto,
) -> int:
    """Score the cases of criteria files with the engine, and compare with what they expect.

    The cases of FILE.toml stand in cases/FILE.toml beside it.

    Examples: udsat criteria test; udsat criteria test mymodel.toml --coverage --fail-under 100;
    udsat criteria test mymodel.toml --suggest
    """
    from udsat.analysis.law_tests import coverage as needed

    found, few = wanted(files, criteria_dir), False
    names = [str(path) for path in found]
    skeletons: OutputOptions[SkeletonFormat] = OutputOptions(output=options.output)
    skeleton_out = Output.of(skeletons, SkeletonFormat, names) if suggest else None
    if suggest:
        options = replace(options, output=None)
    out = Output.of(options, FindingsFormat, names, color.value)
    problems: list[Problem] = []
    texts: list[str] = []
    for path in found:
        tested, own = _tested(path)
        problems += own
        if tested is None:
            continue
        asked = needed.demands(tested) if coverage or suggest or fail_under is not None else []
        if suggest:
            texts.append(needed_text(tested, asked))
            continue
        problems += _missing(tested, asked)
        share = needed.percent(asked)
        few = few or (fail_under is not None and share < Decimal(str(fail_under)))
        _tell(tested, asked, share, out)
    if skeleton_out:
        skeleton_out.write({"toml": forms.text(lambda: "".join(texts))})
        if not problems:
            return 0
    return show(problems, names, out, "criteria-test") or int(few)


def needed_text(tested: CaseRun, asked: list[Demand]) -> str:
    """Return skeletons of the cases that are missing."""
    from udsat.render.cases import skeletons

    return skeletons(tested, asked)


def _tested(path: Path) -> tuple[CaseRun | None, list[Problem]]:
    """Return the cases of a file after a run, and what is wrong with them or with the file."""
    from udsat.analysis.law_tests.run import run
    from udsat.law import loader
    from udsat.law.cases import cases_path
    from udsat.messages.problems import CriteriaError, Problem

    try:
        version, digest = loader.load(path)
        cases = cases_path(path)
        if not os.path.isfile(cases):
            hint = Text(
                "they are in {cases}; docs/testing-criteria.md says how to write them",
                cases=cases,
            )
            return None, [
                Problem("UD430", Text("'{id}' has no cases", id=version.id), hint, str(path))
            ]
        tested = run(cases, version, loader.among_shipped(version, digest))
    except CriteriaError as error:
        if any(problem.code == "UD401" for problem in error.problems):
            raise
        return None, list(error.problems)
    return tested, list(tested.problems)


def _missing(tested: CaseRun, asked: list[Demand]) -> list[Problem]:
    from udsat.messages.problems import Problem

    hint = Text("--suggest prints a skeleton")
    return [
        Problem(
            "UD433",
            Text("no case: {text} ({source})", text=one.text, source=one.source),
            hint,
            tested.file.name,
        )
        for one in asked
        if not one.met
    ]


def _tell(tested: CaseRun, asked: list[Demand], share: Decimal, out: Output) -> None:
    from udsat.render.cases import sentence

    line = sentence(tested, asked, share)
    is_read_along = out.format == "table" and out.path is None
    print(line) if is_read_along else say(verbatim(line))
