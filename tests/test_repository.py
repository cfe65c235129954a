"""What contributors meet around the code: workflows, hooks, issue forms, the citation, and the pages that lead to them."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import extras
from support import ROOT
from udsat.tables.headings import plain, synonyms

GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
FORMS = sorted(
    path for path in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml"
)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
#: Everything here that is for people who come to the project, but for the one place that says where it lives.
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", ROOT / "CITATION.cff", ROOT / "action.yml", ROOT / "mkdocs.yml",
         ROOT / ".pre-commit-config.yaml", *sorted(GITHUB.rglob("*.yml")), *sorted(GITHUB.rglob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]  # fmt: skip


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def loaded(path: Path) -> Any:
    """Return a YAML file; the key `on` of a workflow is a boolean to YAML."""
    return yaml.safe_load(text(path))


def steps(path: Path) -> Iterator[dict[str, Any]]:
    for job in loaded(path)["jobs"].values():
        yield from job["steps"]


def commands() -> Iterator[str]:
    """Yield the commands that workflows and hooks run."""
    for path in WORKFLOWS:
        yield from (step["run"] for step in steps(path) if "run" in step)
    yield from (
        hook["entry"]
        for repository in loaded(ROOT / ".pre-commit-config.yaml")["repos"]
        for hook in repository["hooks"]
    )


def matrix(workflow: str, job: str) -> Any:
    return loaded(GITHUB / "workflows" / workflow)["jobs"][job]["strategy"]["matrix"]


@pytest.mark.parametrize(
    ("schema", "paths"),
    [
        ("vendor.github-workflows", WORKFLOWS),
        ("custom.github-workflows-require-timeout", WORKFLOWS),
        ("vendor.github-actions", [ROOT / "action.yml"]),
        ("vendor.github-issue-forms", FORMS),
        ("vendor.github-issue-config", [GITHUB / "ISSUE_TEMPLATE" / "config.yml"]),
        ("vendor.dependabot", [GITHUB / "dependabot.yml"]),
        ("vendor.citation-file-format", [ROOT / "CITATION.cff"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_files_for_other_programs_have_the_form_that_these_read(
    schema: str, paths: list[Path]
) -> None:
    assert paths
    command = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        schema,
        *map(str, paths),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_hooks_have_the_form_that_pre_commit_reads() -> None:
    command = [
        sys.executable,
        "-m",
        "pre_commit",
        "validate-config",
        str(ROOT / ".pre-commit-config.yaml"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


# ---- Workflows


def test_actions_are_pinned_to_commits_and_each_to_one() -> None:
    pinned: dict[str, set[str]] = {}
    for path in [*WORKFLOWS, ROOT / "action.yml"]:
        for uses in re.findall(r"uses: (.+)", text(path)):
            if uses != "./":
                found = re.fullmatch(r"([\w./-]+)@([0-9a-f]{40}) # v(\d+\.\d+\.\d+)", uses)
                assert found, f"{path.name}: {uses}"
                pinned.setdefault(found[1], set()).add(f"{found[2]} {found[3]}")
    assert pinned
    assert {action: found for action, found in pinned.items() if len(found) > 1} == {}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_may_only_read_and_knows_no_secret(path: Path) -> None:
    workflow = loaded(path)
    assert workflow["permissions"] == {"contents": "read"}
    assert [name for name, job in workflow["jobs"].items() if "permissions" in job] == []
    assert "secrets" not in text(path)
    assert all(
        step["with"]["persist-credentials"] is False
        for step in steps(path)
        if "checkout@" in step.get("uses", "")
    )


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_newer_run_of_a_workflow_takes_the_place_of_the_older(path: Path) -> None:
    assert "github.ref" in loaded(path)["concurrency"]["group"]


def test_the_built_package_is_tested_on_each_system_and_supported_python() -> None:
    tried = matrix("tests.yml", "wheel")
    assert tried["os"] == ["ubuntu-latest", "macos-latest", "windows-latest"]
    minors = [int(version.removeprefix("3.")) for version in tried["python"]]
    assert f">=3.{minors[0]}" == PROJECT["project"]["requires-python"]
    assert minors == list(range(minors[0], 15))


def test_each_extra_is_tried_alone() -> None:
    assert (
        matrix("tests.yml", "extras")["extra"]
        == list(PROJECT["project"]["optional-dependencies"])
        == list(extras.EXTRAS)
    )


def test_polars_needs_nothing_of_the_other_extras() -> None:
    code = "import sys; sys.modules |= dict.fromkeys(['sqlglot', 'ibis', 'pyspark']); import extras; sys.exit(extras.main(['polars']))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT / "tests",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_what_an_extra_gives_is_compared_with_the_usual_verdicts(
    monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    right = extras.usual()
    monkeypatch.setitem(extras.EXTRAS, "spark", lambda: right)
    assert extras.main(["polars"]) == extras.main(["spark"]) == 0
    monkeypatch.setitem(
        extras.EXTRAS, "spark", lambda: [("Another area", *right[0][1:]), *right[1:]]
    )
    assert (extras.main(["spark"]), extras.main(["no extra"])) == (1, 2)
    assert "Another area" in capsys.readouterr().out


def test_workflows_and_hooks_call_targets_and_scripts_that_exist() -> None:
    targets = set(re.findall(r"(?m)^([a-z][\w-]*):", text(ROOT / "Makefile")))
    long = [entry["target"].split()[0] for entry in matrix("long.yml", "make")["include"]]
    called = [
        target
        for command in commands()
        for target in re.findall(r"(?m)^make ([a-z][\w-]*)", command)
    ]
    scripts = [script for command in commands() for script in re.findall(r"[\w/]+\.py\b", command)]
    assert (len(called) > 2, len(scripts) > 3) == (True, True)
    assert {*called, *long} - targets == set()
    assert [script for script in scripts if not (ROOT / script).is_file()] == []


def test_every_target_that_takes_long_runs_once_a_week() -> None:
    run = {entry["target"].split()[0] for entry in matrix("long.yml", "make")["include"]}
    in_ci = {
        target
        for target in re.findall(r"(?m)^make ([\w-]+)", text(ROOT / ".ci" / "run"))
        if target not in {"demo", "test", "lint"}
    }
    assert run == in_ci


@pytest.mark.parametrize(
    ("change", "hooks"),
    [
        ("criteria/2021.toml", {"criteria", "changelog", "docs"}),
        ("criteria/published/membership.csv", {"changelog", "docs"}),
        ("criteria/CHECKSUMS", {"criteria", "changelog", "docs"}),
        ("src/udsat/messages/catalog.py", {"mypy", "docs"}),
        ("docs/messages.md", {"docs"}),
        (".github/workflows/tests.yml", {"workflows"}),
        ("README.md", set()),
    ],
)
def test_hooks_run_for_the_files_that_they_are_about(change: str, hooks: set[str]) -> None:
    found = {
        hook["id"]
        for repository in loaded(ROOT / ".pre-commit-config.yaml")["repos"]
        for hook in repository["hooks"]
        if "files" in hook and re.search(hook["files"], change)
    }
    assert found == hooks


# ---- Forms, template, citation


def fields(path: Path) -> dict[str, dict[str, Any]]:
    return {field["id"]: field for field in loaded(path)["body"] if "id" in field}


def required(path: Path) -> set[str]:
    return {
        name for name, field in fields(path).items() if field.get("validations", {}).get("required")
    }


def test_the_form_for_bugs_asks_for_what_repeats_one() -> None:
    bug = GITHUB / "ISSUE_TEMPLATE" / "bug.yml"
    assert required(bug) == {"happened", "command", "output", "version", "system"}
    assert {"input", "python"} <= set(fields(bug))


def test_the_form_for_sources_asks_for_the_list_the_figure_and_where_it_is_printed() -> None:
    source = GITHUB / "ISSUE_TEMPLATE" / "source.yml"
    assert required(source) == {"kind", "list", "figure", "source", "where"}


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_form_warns_of_person_data_first_and_cannot_be_sent_without_an_answer(path: Path) -> None:
    body = loaded(path)["body"]
    assert (body[0]["type"], "Never attach person data" in body[0]["attributes"]["value"]) == (
        "markdown",
        True,
    )
    assert body[-1]["type"] == "checkboxes"
    assert [
        option["required"]
        for option in body[-1]["attributes"]["options"]
        if "person data" in option["label"]
    ] == [True]


def test_the_template_of_pull_requests_asks_which_lists_and_verdicts_change() -> None:
    template = text(GITHUB / "pull_request_template.md")
    assert [
        word
        for word in (
            "- Lists:",
            "- Verdicts:",
            "- Source",
            "CHANGELOG.md",
            "make test",
            "make lint",
        )
        if word not in template
    ] == []


def test_the_citation_is_of_the_newest_release() -> None:
    citation = loaded(ROOT / "CITATION.cff")
    version, day = re.findall(
        r"(?m)^## (\d+\.\d+\.\d+) - (\d{4}-\d\d-\d\d)$", text(ROOT / "CHANGELOG.md")
    )[0]
    assert (citation["version"], citation["date-released"]) == (version, day)
    project = PROJECT["project"]
    assert citation["abstract"].rstrip(".") == project["description"]
    assert (citation["title"], citation["license"], citation["keywords"]) == (
        project["name"],
        project["license"],
        project["keywords"],
    )


# ---- Addresses


def addresses(words: str) -> list[str]:
    """Return what looks like an address of this project, or of a person."""
    hosts = r"(?:github|gitlab|codeberg|bitbucket|sr)\.(?:com|org|ht)/[\w~.-]+/udsat\b|pypi\.org/\S*\budsat\b|\budsat\.(?:readthedocs|github|dk)\b"
    return re.findall(rf"{hosts}|[\w.+-]+@[\w-]+\.[a-z]{{2,}}(?![\w/])", words)


@pytest.mark.parametrize(
    "words",
    [
        "https://github.com/someone/udsat",
        "https://pypi.org/project/udsat/",
        "udsat.readthedocs.io",
        "write to security@udsat.dk",
    ],
)
def test_an_address_is_recognised(words: str) -> None:
    assert addresses(words)


def test_one_place_says_where_the_project_lives() -> None:
    found = {str(path.relative_to(ROOT)): addresses(text(path)) for path in PAGES}
    assert {name: one for name, one in found.items() if one} == {}
    assert ("urls" in PROJECT["project"]) != ("no public address" in CONTRIBUTING)
    for page in (CONTRIBUTING, text(ROOT / "SECURITY.md")):
        assert "`[project.urls]`" in page


# ---- The guide for contributors


def test_the_guide_is_one_page() -> None:
    assert len(CONTRIBUTING.splitlines()) <= 120


def test_the_first_change_of_the_guide_is_still_to_be_made_and_leads_to_what_exists() -> None:
    first = CONTRIBUTING.partition("## Your first change")[2].partition("\n## ")[0]
    [(asked, column), (heading, same)] = re.findall(r'(?m)^ +"(\w+)": "(\w+)",$', first)
    assert (plain(asked), column) == (heading, same)
    assert heading not in synonyms(), "the heading of the example is known now: take another one"
    assert synonyms()["antal beboere"] == column
    [test] = re.findall(r"`(test_\w+)`", first)
    assert f"def {test}(" in text(ROOT / "tests" / "test_headings.py")
    assert re.search(r"(?m)^_WORDS = \{", text(ROOT / "src" / "udsat" / "tables" / "headings.py"))


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "docs/development.md", "SECURITY.md"])
def test_files_that_contributors_are_sent_to_exist(name: str) -> None:
    prose = re.sub(r"(?s)```.*?```", "", text(ROOT / name))
    places = [
        place
        for place in re.findall(r"`([\w.-]+(?:/[\w.-]+)+/?)`", prose)
        if place not in {"criteria/cases/YEAR.toml"}
    ]
    made = ("build/", ".venv/")
    assert [
        place for place in places if not place.startswith(made) and not (ROOT / place).exists()
    ] == []
    assert places or name == "SECURITY.md"


def test_every_layer_of_the_package_is_described() -> None:
    table = re.findall(
        r"(?m)^\| (`[a-z`, ]+`) \|",
        text(ROOT / "docs" / "development.md").partition("## Layers")[2].partition("\n## ")[0],
    )
    described = {name for row in table for name in re.findall(r"`(\w+)`", row)}
    package = ROOT / "src" / "udsat"
    parts = {
        path.stem
        for path in package.iterdir()
        if path.suffix == ".py" or (path / "__init__.py").is_file()
    }
    assert described == parts - {"__init__", "__main__"}
