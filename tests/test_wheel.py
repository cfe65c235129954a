"""The wheel: built from the sources, installed into an environment of its own, and run from elsewhere."""

import os
import subprocess
import sys
import sysconfig
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
def wheel(tmp_path_factory):
    """Return the wheel, built from the sources."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip")
    run(*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", folder, ROOT, cwd=folder)
    [made] = folder.glob("udsat-*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Return the folder of programs of an environment that has the wheel; what it asks for is found where these tests have it."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    python = programs / "python"
    places = "import sysconfig; print(sysconfig.get_path('purelib'))"
    own = Path(run(python, "-c", places, cwd=folder).stdout.strip())
    # A line of a .pth file adds a folder, and not what the .pth files in that folder add: no editable udsat.
    (own / "tests.pth").write_text(f"{sysconfig.get_path('purelib')}\n", "utf-8")
    install = ("--no-deps", "--no-index", "--quiet", "--disable-pip-version-check", wheel)
    run(sys.executable, "-m", "pip", "--python", python, "install", *install, cwd=folder)
    return programs


@pytest.mark.long
def test_the_wheel_asks_for_all_that_it_needs(wheel, tmp_path):
    """An environment of its own, with the wheel, what it asks for, and nothing else: a minute of pip."""
    venv.create(tmp_path / "env", with_pip=True)
    programs = tmp_path / "env" / ("Scripts" if os.name == "nt" else "bin")
    given = ("-c", ROOT / "requirements-lock.txt", wheel)
    pip = (programs / "python", "-m", "pip")
    done = run(*pip, "install", *given, cwd=tmp_path, check=False)
    if done.returncode and "No matching distribution" in done.stderr:
        pytest.skip(
            "pip reaches no package index here, so the wheel's dependencies cannot be installed"
        )
    assert done.returncode == 0, done.stderr
    sample = ROOT / "data" / "samples" / "omraader.csv"
    scored = run(programs / "udsat", "score", sample, "--format", "csv", cwd=tmp_path)
    assert "Gellerupparken" in scored.stdout
    run(programs / "udsat", "report", sample, "-o", "report.html", cwd=tmp_path)
    assert (tmp_path / "report.html").stat().st_size > 0


def test_the_wheel_scores_a_sample_as_the_sources_do(installed, tmp_path):
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
