"""The wheel: built from the sources, installed into an empty environment, and run from elsewhere."""

import os
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import pytest

import udsat

ROOT = Path(__file__).resolve().parent.parent

FROM_SOURCES = pytest.mark.skipif(
    not Path(udsat.__file__).is_relative_to(ROOT / "src"),
    reason="udsat is not installed from the sources here",
)
# One process runs them all, so that the wheel is built and installed once.
pytestmark = pytest.mark.xdist_group("wheel")


def run(*arguments, cwd, check=True):
    """Run a process that sees none of this one's Python settings."""
    environment = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith("PYTHON") and key != "VIRTUAL_ENV"
    }
    done = subprocess.run(
        [str(part) for part in arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    if check:
        assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Return the folder of programs of an environment that has the wheel and what it asks for, nothing else."""
    folder = tmp_path_factory.mktemp("wheel")
    run(
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        folder,
        ROOT,
        cwd=folder,
    )
    [wheel] = folder.glob("udsat-*.whl")
    venv.create(folder / "env", with_pip=True)
    programs = folder / "env" / ("Scripts" if os.name == "nt" else "bin")
    done = run(
        programs / "python",
        "-m",
        "pip",
        "install",
        "-c",
        ROOT / "requirements-lock.txt",
        wheel,
        cwd=folder,
        check=False,
    )
    if done.returncode and "No matching distribution" in done.stderr:
        pytest.skip(
            "pip reaches no package index here, so the wheel's dependencies cannot be installed"
        )
    assert done.returncode == 0, done.stderr
    return programs


def test_the_wheel_in_an_empty_environment_scores_a_sample_as_the_sources_do(installed, tmp_path):
    sample = ROOT / "data" / "samples" / "omraader.csv"
    wheel = run(installed / "udsat", "score", sample, "--format", "csv", cwd=tmp_path)
    sources = run(sys.executable, "-m", "udsat", "score", sample, "--format", "csv", cwd=ROOT)
    assert wheel.stdout == sources.stdout
    assert "Gellerupparken" in wheel.stdout


def test_the_wheel_carries_its_own_criteria_and_no_file_of_the_repository(installed, tmp_path):
    shown = run(installed / "udsat", "criteria", "show", "2018", cwd=tmp_path).stdout
    assert "§ 61 a" in shown
    where = run(
        installed / "python",
        "-c",
        "from udsat.law.loader import criteria_folder; print(criteria_folder())",
        cwd=tmp_path,
    ).stdout
    assert Path(where.strip()).is_relative_to(installed.parent)
    assert sorted(path.name for path in Path(where.strip()).glob("*.toml")) == sorted(
        path.name for path in (ROOT / "criteria").glob("*.toml")
    )


@FROM_SOURCES
def test_an_editable_install_reads_the_criteria_of_the_repository():
    done = run(
        sys.executable,
        "-c",
        "from udsat.law.loader import criteria_folder; print(criteria_folder())",
        cwd=ROOT / "tests",
    )
    assert Path(done.stdout.strip()) == ROOT / "criteria"


def test_the_check_of_an_installed_package_finds_criteria_that_differ(installed, tmp_path):
    script = ROOT / "tests" / "installed.py"
    wheel = run(installed / "python", script, cwd=tmp_path)
    assert "files of criteria" in wheel.stdout
    package = Path(
        run(
            installed / "python", "-c", "import udsat; print(udsat.__path__[0])", cwd=tmp_path
        ).stdout.strip()
    )
    law = package / "criteria" / "2018.toml"
    before = law.read_bytes()
    law.write_bytes(before + b"\n")
    try:
        changed = run(installed / "python", script, cwd=tmp_path, check=False)
    finally:
        law.write_bytes(before)
    assert (changed.returncode, "2018.toml" in changed.stdout) == (1, True)


@FROM_SOURCES
def test_the_check_of_an_installed_package_refuses_the_sources(tmp_path):
    done = run(sys.executable, ROOT / "tests" / "installed.py", cwd=tmp_path, check=False)
    assert (done.returncode, str(ROOT / "src" / "udsat") in done.stdout) == (1, True)


def test_the_wheel_writes_a_report_with_its_own_templates(installed, tmp_path):
    sample = ROOT / "data" / "samples" / "omraader.csv"
    run(installed / "udsat", "report", sample, "-o", "report.html", cwd=tmp_path)
    run(sys.executable, "-m", "udsat", "report", sample, "-o", tmp_path / "sources.html", cwd=ROOT)
    assert (tmp_path / "report.html").read_bytes() == (tmp_path / "sources.html").read_bytes()


def test_the_extra_of_postgres_names_what_ibis_needs_and_does_not_say() -> None:
    extras = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))[
        "project"
    ]["optional-dependencies"]
    assert any(one.startswith("packaging") for one in extras["postgres"])
