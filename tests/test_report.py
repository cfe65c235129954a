"""`udsat report` and `udsat plot`: pages that stay whole and safe, say what `score` says, and tell what they leave out."""

from __future__ import annotations

import re
import subprocess
import sys
import warnings
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import html5lib
import pytest

import hostile
from commandline import contents, process, table, udsat
from support import ROOT, SAMPLES
from udsat.api import evaluate
from udsat.messages import display
from udsat.render.report.scale import axis, levels

PUBLISHED = str(SAMPLES / "published_areas.csv")
SPACE = "{http://www.w3.org/1999/xhtml}"


def parsed(path: Path) -> Any:
    """Return a page as a tree; a page that is not well-formed HTML fails."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parser = html5lib.HTMLParser(strict=True)
        return parser.parse(path.read_text(encoding="utf-8"))


def texts(tree: Any, tag: str) -> list[str]:
    return ["".join(one.itertext()) for one in tree.iter(SPACE + tag)]


def verdicts(tree: Any) -> list[list[str]]:
    """Return the cells of the list, row by row."""
    (found,) = [one for one in tree.iter(SPACE + "table") if one.get("id") == "verdicts"]
    body = next(found.iter(SPACE + "tbody"))
    return [
        [" ".join(part.strip() for part in cell.itertext()).strip() for cell in row] for row in body
    ]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    assert udsat(folder, "report", PUBLISHED, "--list", "2018", "-o", "report.html").status == 0
    return folder / "report.html"


def test_a_page_is_well_formed_says_its_language_and_what_it_is_not(page: Path) -> None:
    tree = parsed(page)
    assert tree.get("lang") == "en"
    assert "not the official list" in " ".join(texts(tree, "p"))
    assert texts(tree, "title") == [
        "Vulnerable housing areas (særligt udsatte boligområder): the list of 1 December 2018"
    ]


def test_a_page_says_of_each_area_what_score_says(page: Path) -> None:
    found = {cells[0]: cells for cells in verdicts(parsed(page))}
    rows = [row for row in evaluate([PUBLISHED]).areas() if row["list_date"].year == 2018]
    assert set(found) == {row["area"] for row in rows}
    signs = {"met": "● met", "not_met": "○ not met", "unknown": "? cannot be decided"}
    for row in rows:
        for place, name in enumerate(
            ("labour_market", "crime", "education", "income", "origin"), start=2
        ):
            cell = found[row["area"]][place]
            assert cell.startswith(signs[row[name]])
            if row[f"{name}_value"] is not None:
                assert f"{row[f'{name}_value']:g} %" in cell
        assert found[row["area"]][7].startswith(
            {"none": "○", "unknown": "?"}.get(row["category"], "●")
        )


def test_every_reference_of_a_page_leads_to_one_element_of_it(page: Path) -> None:
    tree = parsed(page)
    ids = [one.get("id") for one in tree.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    wanted = {
        one.get("href")[1:] for one in tree.iter(SPACE + "a") if one.get("href", "").startswith("#")
    }
    wanted |= {name for one in tree.iter() for name in one.get("aria-labelledby", "").split()}
    assert wanted - set(ids) == set()


def test_every_table_has_a_caption_and_every_heading_cell_a_scope(page: Path) -> None:
    tree = parsed(page)
    tables = list(tree.iter(SPACE + "table"))
    assert len(tables) > 20
    assert all("".join(next(one.iter(SPACE + "caption")).itertext()) for one in tables)
    assert {one.get("scope") for one in tree.iter(SPACE + "th")} == {"col", "row"}


def test_every_chart_has_its_text_and_the_charts_of_criteria_their_data(page: Path) -> None:
    tree = parsed(page)
    ids = {one.get("id"): "".join(one.itertext()) for one in tree.iter() if one.get("id")}
    charts = [one for one in tree.iter("{http://www.w3.org/2000/svg}svg")]
    assert len(charts) > 10
    for chart in charts:
        assert chart.get("role") == "img"
        assert all(ids[name] for name in chart.get("aria-labelledby").split())
    summaries = texts(tree, "summary")
    for name in ("Labour market", "Crime", "Education", "Income", "Origin"):
        assert f"Data of the chart: {name}" in summaries


def test_a_page_names_nothing_to_load_and_allows_only_its_own_script(page: Path) -> None:
    tree = parsed(page)
    assert [
        one for one in tree.iter() if one.get("src") or one.get("srcset") or one.get("style")
    ] == []
    assert not {one.tag for one in tree.iter()} & {
        SPACE + tag for tag in ("link", "img", "iframe", "object", "embed", "base", "form")
    }
    assert "url(" not in page.read_text(encoding="utf-8") and "@import" not in page.read_text(
        encoding="utf-8"
    )
    policy = next(one.get("content") for one in tree.iter(SPACE + "meta") if one.get("http-equiv"))
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy
    assert [key for one in tree.iter() for key in one.keys() if key.startswith("on")] == []


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    (tmp_path / "h.csv").write_bytes(hostile.table())
    assert udsat(tmp_path, "report", "h.csv", "-o", "h.html").status == 0
    tree = parsed(tmp_path / "h.html")
    rows = [one for one in tree.iter(SPACE + "table") if one.get("id") == "verdicts"]
    names = ["".join(one.itertext()) for one in rows[0].iter(SPACE + "bdi")][::2]
    assert names == [display.page(name) for name in hostile.NAMES]
    assert len(list(tree.iter(SPACE + "script"))) == 1
    assert len(list(tree.iter(SPACE + "style"))) == 1
    assert "49 %" in (tmp_path / "h.html").read_text(encoding="utf-8") and "{{ 7*7 }}" in " ".join(
        names
    )


@pytest.mark.parametrize("name", hostile.NAMES)
def test_the_sheet_of_an_area_with_a_hostile_name_is_whole(tmp_path: Path, name: str) -> None:
    (tmp_path / "h.csv").write_bytes(hostile.table((name,)))
    assert udsat(tmp_path, "report", "h.csv", "-o", "h.html", "--area", name).status == 0
    tree = parsed(tmp_path / "h.html")
    assert display.page(name) in texts(tree, "h1")[0]
    assert len(list(tree.iter(SPACE + "script"))) == 1


def test_a_page_on_which_all_is_unknown_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(
        table("Ravnehøj,Ringsted,2019-12-01,,,,,,", "Lærkely,Ringsted,2019-12-01,,,,,,")
    )
    assert udsat(tmp_path, "report", "a.csv", "-o", "a.html").status == 0
    tree = parsed(tmp_path / "a.html")
    assert all(cell == "? cannot be decided" for row in verdicts(tree) for cell in row[2:7])
    assert all(row[7].startswith("? not decided") for row in verdicts(tree))
    assert texts(tree, "p").count("No area has a value, so there is nothing to draw.") == 5
    assert "Distance to the other outcome" not in texts(tree, "caption")


def test_an_empty_list_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(table())
    run = udsat(tmp_path, "report", "a.csv", "-o", "a.html")
    assert run.status == 2
    assert "UD" in run.err
    assert not (tmp_path / "a.html").exists()


def test_many_areas_are_counted_and_drawn_and_the_page_says_what_it_leaves_out(
    tmp_path: Path,
) -> None:
    rows = [
        f"By {n},Ringsted,2019-12-01,2000,{30 + n % 100 / 10},1.5,50.5,70.1,30.0"
        for n in range(10_000)
    ]
    rows[9_990] = "Ravnehøj,Ringsted,2019-12-01,2000,50.5,3.1,60.5,50.1,60.0"
    (tmp_path / "a.csv").write_bytes(table(*rows))
    assert udsat(tmp_path, "report", "a.csv", "-o", "a.html", "--most", "50").status == 0
    tree = parsed(tmp_path / "a.html")
    assert len(verdicts(tree)) == 50
    assert "Ravnehøj" in {row[0] for row in verdicts(tree)}
    assert any(
        text.startswith("9,950 of 10,000 areas are left out") and "udsat score" in text
        for text in texts(tree, "p")
    )
    assert texts(tree, "li")[:2] == ["10,000 areas", "1 ghettoområde"]
    assert (tmp_path / "a.html").stat().st_size < 3_000_000


def test_the_same_table_gives_the_same_bytes_and_no_path_of_the_machine(
    page: Path, tmp_path: Path
) -> None:
    assert udsat(tmp_path, "report", PUBLISHED, "--list", "2018", "-o", "again.html").status == 0
    assert (tmp_path / "again.html").read_bytes() == page.read_bytes()
    assert str(SAMPLES).encode() not in page.read_bytes()


def test_the_hashes_of_all_that_was_read_stand_at_the_end(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    proof = evaluate([PUBLISHED]).provenance()
    end = text[text.index("id=sources") :]
    assert all(
        one["sha256"] in end
        for kind in ("criteria", "inputs", "references", "lists")
        for one in proof[kind]
    )


def test_distances_and_near_misses_of_origin_are_left_out_unless_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(
        table("Ravnehøj,Ringsted,2019-12-01,2000,45.5,3.1,65.5,50.1,50.5")
    )
    pages = []
    for options in ((), ("--include-origin",)):
        assert udsat(tmp_path, "report", "a.csv", "-o", "a.html", *options).status == 0
        pages.append(verdicts(parsed(tmp_path / "a.html"))[0][6])
    assert ["near the threshold" in cell for cell in pages] == [False, True]


def test_a_point_is_near_a_line_of_forty_and_far_from_a_line_of_two(tmp_path: Path) -> None:
    near = {
        "labour_market": "39.0",
        "crime": "1.99",
        "education": "59.0",
        "income": "56.0",
        "origin": "51",
    }
    far = {
        "labour_market": "38.9",
        "crime": "1.97",
        "education": "58.9",
        "income": "56.1",
        "origin": "51.1",
    }
    for values, wanted in ((near, True), (far, False)):
        (tmp_path / "a.csv").write_bytes(
            table(f"Ravnehøj,Ringsted,2019-12-01,2000,{','.join(values.values())}")
        )
        assert udsat(tmp_path, "report", "a.csv", "-o", "a.html", "--include-origin").status == 0
        tree = parsed(tmp_path / "a.html")
        assert ["near the threshold" in cell for cell in verdicts(tree)[0][2:7]] == [wanted] * 5
        assert any(
            "2.5 % of the threshold itself" in text and "0.05 at a threshold of 2 %" in text
            for text in texts(tree, "p")
        )


def test_points_that_are_asked_for_are_near_at_every_line(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(
        table("Ravnehøj,Ringsted,2019-12-01,2000,37.9,1.54,65.5,60.1,20.5")
    )
    assert udsat(tmp_path, "report", "a.csv", "-o", "a.html", "--within", "0.5").status == 0
    tree = parsed(tmp_path / "a.html")
    assert ["near the threshold" in cell for cell in verdicts(tree)[0][2:7]] == [
        False,
        True,
        False,
        False,
        False,
    ]
    assert "Near a threshold means: within 0.5 percentage points of it." in texts(tree, "p")


def test_what_holds_for_every_area_is_said_once(tmp_path: Path) -> None:
    rows = [
        f"{name},Ringsted,2019-12-01,2000,45.5,3.1,65.5,50.1,{origin}"
        for name, origin in (("Ravnehøj", "50"), ("Lærkely", "49"))
    ]
    (tmp_path / "a.csv").write_bytes(table(*rows))
    assert udsat(tmp_path, "report", "a.csv", "-o", "a.html").status == 0
    lines = texts(parsed(tmp_path / "a.html"), "li")
    assert sum("persons cannot be calculated" in line for line in lines) == 1
    assert lines.count("origin: the value equals its threshold to the printed decimals") == 1


def test_a_danish_page_is_danish_throughout(tmp_path: Path) -> None:
    for name, arguments in (("page", ()), ("sheet", ("--area", "Vollsmose"))):
        run = udsat(
            tmp_path,
            "report",
            PUBLISHED,
            "--list",
            "2018",
            "-o",
            f"{name}.html",
            "--lang",
            "da",
            *arguments,
        )
        assert run.status == 0
        tree = parsed(tmp_path / f"{name}.html")
        assert tree.get("lang") == "da"
        text = " ".join("".join(one.itertext()) for one in tree.iter(SPACE + "body"))
        text = text[: text.index('"use strict"')]
        for words in (
            "listen pr. 1. december 2018",
            "Arbejdsmarked",
            "opfyldt",
            "fra grænsen",
            " pct.",
            "det er ikke den officielle liste",
        ):
            assert words in text, words
        english = r"\b(the|of|and|met|list|line|area|areas|cannot|unknown|labour|years?|not|with|from|table|program)\b"
        assert [one[0] for one in re.finditer(rf".{{20}}{english}.{{20}}", text)] == []
        assert re.findall(r"\d\.\d{1,2}(?!\d)[^.]|\d %", text.replace("udsat 0.1.0", "")) == []


def test_a_danish_page_has_the_same_keys_to_sort_by(page: Path, tmp_path: Path) -> None:
    assert (
        udsat(
            tmp_path, "report", PUBLISHED, "--list", "2018", "-o", "da.html", "--lang", "da"
        ).status
        == 0
    )
    keys = [
        re.findall(r"data-k=\S*?>", place.read_text(encoding="utf-8"))
        for place in (page, tmp_path / "da.html")
    ]
    assert keys[0] == keys[1] != []


def test_a_danish_chart_is_danish(tmp_path: Path) -> None:
    for years in ((), ("--years",)):
        assert (
            udsat(
                tmp_path,
                "plot",
                PUBLISHED,
                "--criterion",
                "crime",
                "-o",
                "c.svg",
                "--lang",
                "da",
                *years,
            ).status
            == 0
        )
        tree = ET.parse(tmp_path / "c.svg")
        text = " ".join(
            "".join(one.itertext()) for one in tree.getroot() if not one.tag.endswith("style")
        )
        assert tree.getroot().get("lang") == "da"
        assert "Dømte: alle " in text and not re.search(r"\b(the|line|met|list|per cent)\b", text)


def test_what_changed_and_why_is_told(tmp_path: Path) -> None:
    rows = (
        "Ravnehøj,Ringsted,2019-12-01,2000,45.5,3.1,65.5,50.1,49.5",
        "Ravnehøj,Ringsted,2020-12-01,2000,45.5,3.1,65.5,50.1,52.5",
    )
    (tmp_path / "a.csv").write_bytes(table(*rows))
    assert udsat(tmp_path, "report", "a.csv", "-o", "a.html").status == 0
    (found,) = [
        one
        for one in parsed(tmp_path / "a.html").iter(SPACE + "table")
        if "Cause" in texts(one, "th")
    ]
    cells = [cell.strip() for cell in texts(found, "td")]
    assert "changed category" in cells and "own data alone" in cells


@pytest.mark.parametrize("name", ["page.pdf", "page", "page.csv"])
def test_a_page_needs_an_ending_of_html(tmp_path: Path, name: str) -> None:
    run = udsat(tmp_path, "report", PUBLISHED, "-o", name)
    assert (run.status, contents(tmp_path)) == (2, {})
    assert "UD512" in run.err


def test_no_page_is_written_over_an_input(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(Path(PUBLISHED).read_bytes())
    before = contents(tmp_path)
    run = udsat(tmp_path, "report", "a.html", "-o", "a.html")
    assert (run.status, contents(tmp_path)) == (2, before)


@pytest.mark.parametrize(
    ("ending", "start"), [("svg", b"<svg"), ("png", b"\x89PNG"), ("pdf", b"%PDF")]
)
@pytest.mark.parametrize("more", [(), ("--years",), ("--area", "Vollsmose")])
def test_a_chart_is_written_as_its_ending_says(
    tmp_path: Path, ending: str, start: bytes, more: tuple[str, ...]
) -> None:
    run = udsat(
        tmp_path,
        "plot",
        PUBLISHED,
        "--criterion",
        "education",
        "--list",
        "2018",
        "-o",
        f"c.{ending}",
        *more,
    )
    assert run.status == 0
    assert (tmp_path / f"c.{ending}").read_bytes().startswith(start)


def test_a_chart_has_one_dot_for_each_area_with_a_value_and_one_line(tmp_path: Path) -> None:
    assert (
        udsat(
            tmp_path, "plot", PUBLISHED, "--criterion", "crime", "--list", "2018", "-o", "c.svg"
        ).status
        == 0
    )
    tree = ET.parse(tmp_path / "c.svg")
    paths = {
        one.get("class"): one.get("d") or ""
        for one in tree.iter("{http://www.w3.org/2000/svg}path")
    }
    rows = [
        row
        for row in evaluate([PUBLISHED]).areas()
        if row["list_date"].year == 2018 and row["crime_value"] is not None
    ]
    assert paths["met"].count("M") == sum(row["crime"] == "met" for row in rows) > 0
    assert paths["not_met"].count("M") == sum(row["crime"] == "not_met" for row in rows) > 0
    assert paths["line"].count("M") == 1
    line = float(re.findall(r"M([\d.]+),", paths["line"])[0])
    assert all(float(x) > line for x in re.findall(r"M([\d.]+),", paths["met"]))
    assert all(float(x) < line for x in re.findall(r"M([\d.]+),", paths["not_met"]))


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--criterion", "wealth"), "UD509"),
        (("--criterion", "origin", "-o", "c.gif"), "UD512"),
        (("--criterion", "origin", "--years"), "UD650"),
    ],
)
def test_a_chart_that_cannot_be_is_refused(
    tmp_path: Path, options: tuple[str, ...], code: str
) -> None:
    (tmp_path / "a.csv").write_bytes(
        table("Ravnehøj,Ringsted,2019-12-01,2000,45.5,3.1,65.5,50.1,50.5")
    )
    run = udsat(tmp_path, "plot", "a.csv", "-o", "c.svg", *options)
    assert run.status == 2
    assert code in run.err
    assert set(contents(tmp_path)) == {"a.csv"}


def test_no_other_command_loads_what_draws() -> None:
    code = (
        "import sys; from udsat.cli.app import application\n"
        f"try: application()({['score', PUBLISHED, '--format', 'csv']!r})\n"
        "except SystemExit: pass\n"
        "print([name for name in ('jinja2', 'vl_convert', 'udsat.render.report') if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == "[]"


def test_a_page_needs_no_converter_of_pictures(tmp_path: Path) -> None:
    code = "import sys; sys.modules['vl_convert'] = None; from udsat.cli.app import main; main()"
    command = [sys.executable, "-c", code, "report", PUBLISHED, "-o", "page.html"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    assert (tmp_path / "page.html").exists()


@pytest.mark.parametrize("lang", ["en", "da"])
def test_two_hundred_areas_over_fifteen_lists_stay_under_two_and_a_half_megabytes(
    tmp_path: Path, lang: str
) -> None:
    def row(n: int, year: int) -> str:
        moved = (n * 7 + year * 3) % 40 / 10
        date = f"{year}-{'10-26' if year == 2010 else '10-01' if year < 2014 else '12-01'}"
        return f"By {n},Ringsted {n % 9},{date},2000,{36.15 + n % 8 + moved},{1.55 + n % 5 / 4},{57.25 + moved},{53.15 + moved},{30.5 + n / 5}"

    rows = [row(n, year) for n in range(200) for year in range(2010, 2025)]
    (tmp_path / "a.csv").write_bytes(table(*rows))
    run = process(tmp_path, "report", "a.csv", "-o", "a.html", "--lang", lang)
    assert (
        run.status,
        (tmp_path / "a.html").read_text(encoding="utf-8").count("<section class=area"),
    ) == (0, 200)
    assert (tmp_path / "a.html").stat().st_size < 2_500_000


def test_dots_do_not_hide_each_other_and_keep_their_figures() -> None:
    places = [10.0, 11.0, 12.0, 18.0, 19.5, 40.0]
    on = levels(places, 8)
    same = [
        (a, b)
        for n, a in enumerate(places)
        for m, b in enumerate(places)
        if n < m and on[n] == on[m]
    ]
    assert all(b - a >= 8 for a, b in same)


@pytest.mark.parametrize("figures", [[], [5.0], [0.0, 1e-6], [40.0, 41.0], [1.98, 2.03, 100.0]])
def test_an_axis_has_room_for_every_figure(figures: list[float]) -> None:
    found = axis(figures, 0, 100)
    assert all(0 <= found.at(figure) <= 100 for figure in figures)
    assert 3 <= len(found.marks) <= 12


def test_the_gallery_shows_what_the_commands_write(page: Path, tmp_path: Path) -> None:
    gallery = ROOT / "docs" / "gallery"
    assert (
        udsat(
            tmp_path, "plot", PUBLISHED, "--criterion", "crime", "--list", "2018", "-o", "crime.svg"
        ).status
        == 0
    )
    assert (gallery / "report.html").read_bytes() == page.read_bytes(), "make docs renews it"
    assert (gallery / "crime.svg").read_bytes() == (tmp_path / "crime.svg").read_bytes(), (
        "make docs renews it"
    )
