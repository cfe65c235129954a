"""Cases of definitions in words: how many hold, how many are missing, and skeletons of the missing
ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from udsat.analysis.law_tests.coverage import Demand
from udsat.analysis.law_tests.run import CaseRun
from udsat.law.cases import outcomes
from udsat.messages.language import _, counted, figure
from udsat.render.words import plural


def sentence(tested: CaseRun, asked: Sequence[Demand], share: Decimal) -> str:
    """Return one line on the cases of a definition."""
    failed = len(
        {(problem.line, problem.message.rpartition(": ")[2]) for problem in tested.problems}
    )
    held = _("all {count} cases pass", count=tested.count)
    if failed:
        held = counted(
            failed,
            "{count} expectation of {cases} cases failed",
            "{count} expectations of {cases} cases failed",
            cases=tested.count,
        )
    if not asked:
        return f"{tested.version.id}: {held}"
    there = sum(demand.met for demand in asked)
    covered = _(
        "coverage {share} % ({count} of {cases} asked for)",
        share=figure(str(share)),
        count=there,
        cases=plural(len(asked), "case"),
    )
    return f"{tested.version.id}: {held}; {covered}"


def skeletons(tested: CaseRun, asked: Sequence[Demand]) -> str:
    """Return the missing cases as TOML to fill in; what is expected is left to a human who reads
    the law.
    """
    missing = [demand for demand in asked if not demand.met]
    if not missing:
        return f"# {tested.version.id}: no case is missing\n"
    found = f"{plural(len(missing), 'case')} missing in {tested.file.name}"
    lines = [f"# {found}. Read the law, then write what it expects; delete these comments."]
    return (
        "\n".join([*lines, *(line for demand in missing for line in _skeleton(tested, demand))])
        + "\n"
    )


def _skeleton(tested: CaseRun, demand: Demand) -> Iterator[str]:
    yield ""
    yield f"[[{demand.kind}]]"
    yield f'text = "{demand.text}"'
    if demand.source:
        yield f"# {demand.source}"
    for name, value in demand.facts:
        key = f"facts.{name}" if demand.kind == "case" and name != "list_year" else name
        yield (
            f"# {key} = {value.removeprefix('# ')}" if value.startswith("#") else f"{key} = {value}"
        )
    for name in demand.expects or ("category",):
        key = f"expect.{name}" if demand.kind == "case" else name
        yield f"# {key} = {_choice(tested, demand.kind, name)}"


def _choice(tested: CaseRun, kind: str, name: str) -> str:
    words = outcomes(tested.version).get(name, ()) if kind == "case" else ("true", "false")
    return " | ".join(f'"{word}"' if kind == "case" else word for word in words) or "?"
