"""Findings as a table, JSON, GitHub annotations and JUnit."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from udsat.cli.findings import show
from udsat.cli.output.formats import FindingsFormat
from udsat.cli.output.target import Output
from udsat.messages.catalog import CODES
from udsat.messages.problems import Problem
from udsat.render import findings

BAD = Problem(
    "UD102", "'145' is outside 0 to 100", "check it", "a,b:c.csv", 3, "convicted_pct", "145"
)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
problems = st.lists(
    st.builds(
        Problem,
        st.sampled_from(sorted(CODES)),
        texts,
        texts,
        st.sampled_from(["a.csv", "b.csv", "c;d%.csv"]),
        st.none() | st.integers(1, 9),
        texts,
        texts,
    ),
    max_size=40,
)


def test_an_annotation_escapes_what_would_end_its_parts() -> None:
    [line, *_] = findings.as_github([BAD]).splitlines()
    assert (
        line
        == "::error file=a%2Cb%3Ac.csv,line=3,title=UD102::convicted_pct: '145' is outside 0 to 100 (check it)"
    )


@given(problems)
def test_at_most_ten_annotations_of_a_level_and_every_code_that_fits_among_them(
    found: list[Problem],
) -> None:
    lines = findings.as_github(found).split("\n")[:-2]
    assert all(line.startswith(("::error ", "::warning ")) for line in lines)
    for level in ("error", "warning"):
        of_level = [problem for problem in found if problem.severity == level]
        shown = [line for line in lines if line.startswith(f"::{level} ")]
        assert len(shown) == min(10, len(of_level))
        codes = {problem.code for problem in of_level}
        assert len({code for code in codes for line in shown if f"title={code}::" in line}) == min(
            10, len(codes)
        )


def test_the_annotation_that_stands_for_others_says_how_many() -> None:
    lines = findings.as_github([BAD] * 12).splitlines()
    assert sum("2 more of UD102" in line for line in lines) == 1
    assert lines[-1] == "12 errors, 0 warnings: 12 x UD102"


@given(problems)
def test_junit_is_xml_with_a_failure_for_each_error_and_a_suite_for_each_file(
    found: list[Problem],
) -> None:
    root = ElementTree.fromstring(
        findings.as_junit(found, ["clean.csv"], "udsat.validate").split("\n", 1)[1]
    )
    assert len(root.findall(".//failure")) == sum(problem.severity == "error" for problem in found)
    assert {suite.get("name") for suite in root} == {
        "clean.csv",
        *(problem.file for problem in found),
    }


@given(problems)
def test_json_has_every_finding_and_the_totals(found: list[Problem]) -> None:
    document = json.loads(findings.as_json(found, ["a.csv"], "udsat.validate/1"))
    assert [one["code"] for one in document["findings"]] == [problem.code for problem in found]
    assert sum(document["totals"].values()) == len(found)


@given(problems)
def test_the_summary_names_every_problem_in_a_line_of_its_own(found: list[Problem]) -> None:
    text = findings.as_summary(found, "udsat validate")
    assert sum(line.startswith("- ") for line in text.splitlines()) == len(found)


def test_with_github_all_findings_go_to_the_job_summary(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    assert show([BAD] * 12, ["a.csv"], Output("github"), "validate") == 1
    assert capsys.readouterr().out.count("::error") == 10
    assert (tmp_path / "summary.md").read_text(encoding="utf-8").count("- ") == 12


@pytest.mark.parametrize("format", list(FindingsFormat))
def test_no_findings_are_said_so_and_give_0(format, capsys) -> None:
    assert show([], ["a.csv"], Output(format.value), "validate") == 0
    assert capsys.readouterr().out
