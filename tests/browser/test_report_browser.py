"""The report in headless Chromium: accessible, without requests, usable by keyboard, and deaf to hostile names."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import hostile
from commandline import udsat
from support import ROOT, SAMPLES
from udsat.messages import display

pytestmark = pytest.mark.browser
AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = {"phone": 360, "narrow": 320, "laptop": 1280, "paper": 794}
#: Not part of the repository; left here after a run.
SCREENSHOTS = ROOT / "build" / "screenshots"
PAGES = ("report", "sheet", "danish", "danish_sheet", "hostile")


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return pages that the command wrote."""
    folder = tmp_path_factory.mktemp("pages")
    sample = str(SAMPLES / "published_areas.csv")
    (folder / "hostile.csv").write_bytes(hostile.table())
    assert udsat(folder, "report", sample, "--list", "2018", "-o", "report.html").status == 0
    assert udsat(folder, "report", sample, "--area", "Ringparken", "-o", "sheet.html").status == 0
    assert (
        udsat(
            folder, "report", sample, "--list", "2018", "-o", "danish.html", "--lang", "da"
        ).status
        == 0
    )
    assert (
        udsat(
            folder,
            "report",
            sample,
            "--area",
            "Ringparken",
            "-o",
            "danish_sheet.html",
            "--lang",
            "da",
        ).status
        == 0
    )
    assert udsat(folder, "report", "hostile.csv", "-o", "hostile.html").status == 0
    return {name: folder / f"{name}.html" for name in PAGES}


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Return a headless Chromium of the system."""
    place = (
        shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    if place is None:
        pytest.skip("there is no Chromium here: apt-get install chromium")
    sync_api = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed: make test-browser installs it"
    )
    with sync_api.sync_playwright() as play:
        with contextlib.closing(
            play.chromium.launch(executable_path=place, args=["--no-sandbox"])
        ) as found:
            yield found


@pytest.fixture
def shown(browser: Any, pages: dict[str, Path]) -> Iterator[Any]:
    """Return what opens a page, with the requests and errors that it made."""
    contexts = []

    def show(name: str, width: int = 1280, **more: Any) -> tuple[Any, list[str], list[str]]:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            bypass_csp=more.pop("bypass_csp", False),
            **more,
        )
        contexts.append(context)
        page = context.new_page()
        requests: list[str] = []
        errors: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda message: errors.append(message.text) if message.type == "error" else None,
        )
        page.on("dialog", lambda dialog: errors.append(dialog.message))
        page.goto(pages[name].as_uri())
        return page, requests, errors

    yield show
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_violation(shown: Any, name: str, width: int) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm ci --prefix tests/browser")
    page, _, _ = shown(name, width, bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    page.wait_for_timeout(100)
    page.add_script_tag(path=AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert len(found["passes"]) > 15
    assert [
        (one["id"], one["help"], one["nodes"][0]["html"][:200]) for one in found["violations"]
    ] == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_nothing_of_the_network_and_has_no_error(
    shown: Any, pages: dict[str, Path], name: str
) -> None:
    page, requests, errors = shown(name)
    page.wait_for_timeout(200)
    assert requests == [pages[name].as_uri()]
    assert errors == []


def test_hostile_names_execute_nothing_and_are_shown_as_they_are(shown: Any) -> None:
    page, requests, errors = shown("hostile")
    page.hover("table#verdicts tbody tr:nth-child(2) td")
    page.wait_for_timeout(300)
    assert page.evaluate("window.hacked") is None
    assert len(requests) == 1
    assert errors == []
    names = page.eval_on_selector_all(
        "#verdicts tbody th bdi", "some => some.map((one) => one.textContent)"
    )
    assert names == [display.page(name) for name in hostile.NAMES]


def test_hostile_names_execute_nothing_even_where_the_policy_is_off(shown: Any) -> None:
    page, _, errors = shown("hostile", bypass_csp=True)
    page.wait_for_timeout(300)
    assert page.evaluate("window.hacked") is None
    assert errors == []


def test_the_policy_alone_would_stop_a_script_that_got_in(shown: Any) -> None:
    page, _, errors = shown("hostile")
    script = "const s = document.createElement('script'); s.textContent = 'window.hacked=9'; document.body.append(s);"
    page.evaluate(script)
    assert page.evaluate("window.hacked") is None
    assert any("Content Security Policy" in error for error in errors)


def _column(page: Any, place: int) -> list[str]:
    found: list[str] = page.eval_on_selector_all(
        f"#verdicts tbody tr :nth-child({place})", "some => some.map((one) => one.textContent)"
    )
    return found


def _keys(page: Any, place: int) -> list[float]:
    found = page.eval_on_selector_all(
        f"#verdicts tbody tr > :nth-child({place})", "some => some.map((one) => one.dataset.k)"
    )
    return [float(key) for key in found if key]


def test_the_list_is_sorted_by_keyboard(shown: Any) -> None:
    page, _, _ = shown("report")
    page.focus("#town")
    page.keyboard.press("Tab")
    for _ in range(12):
        if "Labour" in page.evaluate("document.activeElement.textContent"):
            break
        page.keyboard.press("Tab")
    before = _keys(page, 3)
    page.keyboard.press("Enter")
    assert _keys(page, 3) == sorted(before) != before
    assert page.get_attribute("#verdicts th:nth-child(3)", "aria-sort") == "ascending"
    page.keyboard.press("Space")
    assert _keys(page, 3) == sorted(before, reverse=True)
    assert page.get_attribute("#verdicts th:nth-child(3)", "aria-sort") == "descending"
    assert page.inner_text("#said") == "Sorted by Labour market, falling"


def test_a_danish_list_says_in_danish_how_it_is_sorted_and_filtered(shown: Any) -> None:
    page, _, _ = shown("danish")
    page.click("#verdicts th:nth-child(3) button")
    assert page.inner_text("#said") == "Ordnet efter Arbejdsmarked, stigende"
    page.select_option("#town", "Holbæk")
    assert page.inner_text("#said") == "Viste områder: 1"


def test_a_ring_has_a_white_hole_where_the_page_has_its_place_once(shown: Any) -> None:
    page, _, _ = shown("report")
    rings = page.eval_on_selector_all(
        "use.hole", "some => some.map((one) => getComputedStyle(one).getPropertyValue('--ring'))"
    )
    assert rings and set(rings) == {"#fff"}
    charts = page.locator(".criterion svg:has(use.hole):has(path.line)")
    clear = []
    for number in range(charts.count()):
        for x, y in charts.nth(number).evaluate(_RINGS):
            width, _, pixels = _pixels(page, charts.nth(number).screenshot())
            middle = (round(y) * width + round(x)) * 4
            clear.append(pixels[middle : middle + 3] == [255, 255, 255])
    assert len(clear) > 2 and all(clear)


#: The places of the rings of a chart of one list, in its picture; but for those that the line of the law crosses.
_RINGS = """(svg) => {
  const box = svg.getBoundingClientRect(), line = svg.querySelector("path.line").getAttribute("d");
  const at = ([x, y]) => new DOMPoint(x, y).matrixTransform(svg.getScreenCTM());
  const dots = svg.querySelector("path.not_met").getAttribute("d").slice(1).split("h0M").map((one) => one.split(",").map(parseFloat));
  if (line.includes("H")) return [];
  return dots.filter(([x]) => Math.abs(x - parseFloat(line.slice(1))) > 8).map(at).map((one) => [one.x - box.x, one.y - box.y]);
}"""


def _pixels(page: Any, png: bytes) -> tuple[int, int, list[int]]:
    """Return the size and the colours of a picture, as the browser decodes it."""
    found = page.evaluate(
        "async (data) => { const blob = new Blob([Uint8Array.from(data)], {type: 'image/png'}), map = await createImageBitmap(blob);"
        " const canvas = new OffscreenCanvas(map.width, map.height), pen = canvas.getContext('2d'); pen.drawImage(map, 0, 0);"
        " return [map.width, map.height, Array.from(pen.getImageData(0, 0, map.width, map.height).data)]; }",
        list(png),
    )
    return found[0], found[1], found[2]


def test_areas_without_a_value_stay_last_whichever_way_the_list_is_sorted(shown: Any) -> None:
    page, _, _ = shown("report")
    for _ in range(2):
        page.click("#verdicts th:nth-child(3) button")
        keys = page.eval_on_selector_all(
            "#verdicts tbody tr > :nth-child(3)", "some => some.map((one) => one.dataset.k === '')"
        )
        assert keys == sorted(keys)
        assert True in keys


def test_the_list_and_the_areas_are_filtered_by_keyboard(shown: Any) -> None:
    page, _, _ = shown("report")
    page.focus("#town")
    page.keyboard.type("Holb")
    assert page.evaluate("document.getElementById('town').value") == "Holbæk"
    seen = page.eval_on_selector_all(
        "#verdicts tbody tr",
        "some => some.filter((one) => one.offsetParent).map((one) => one.dataset.m)",
    )
    assert seen == ["Holbæk"]
    areas = page.eval_on_selector_all(
        "section.area", "some => some.filter((one) => one.offsetParent).map((one) => one.dataset.m)"
    )
    assert areas == ["Holbæk"]
    assert page.inner_text("#said") == "Areas shown: 1"


@pytest.mark.parametrize("name", PAGES)
def test_nothing_reaches_past_a_screen_of_320_pixels(shown: Any, name: str) -> None:
    page, _, _ = shown(name, 320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_all_is_there_without_javascript(shown: Any) -> None:
    page, _, _ = shown("report", java_script_enabled=False)
    assert page.locator("#verdicts tbody tr").count() == page.locator("section.area").count() > 5
    assert page.locator("#tools").is_hidden()
    assert page.locator("#verdicts button").count() == 0
    page.locator("summary", has_text="Data of the chart: Crime").click()
    assert page.locator("caption", has_text="Each area with its value: Crime").is_visible()


def test_the_first_stop_of_the_keyboard_leads_to_the_list(shown: Any) -> None:
    page, _, _ = shown("report")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the list"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "list"


@pytest.mark.parametrize("name", ["sheet", "danish_sheet"])
def test_the_sheet_of_an_area_has_two_pages_of_a4(shown: Any, name: str) -> None:
    page, _, _ = shown(name)
    assert page.pdf(format="A4", prefer_css_page_size=True).count(b"/Type /Page\n") <= 2


def test_printing_shows_the_data_that_the_screen_folds_away(shown: Any) -> None:
    page, _, _ = shown("report", java_script_enabled=False)
    page.emulate_media(media="print")
    assert (
        page.locator("caption", has_text="Each area with its value: Crime").bounding_box()["height"]
        > 0
    )


@pytest.mark.parametrize("where", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_screenshots_are_taken_for_people_to_look_at(shown: Any, name: str, where: str) -> None:
    page, _, _ = shown(name, WIDTHS[where])
    page.emulate_media(media="print" if where == "paper" else "screen")
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}-{where}.png", full_page=True)
    assert (SCREENSHOTS / f"{name}-{where}.png").stat().st_size > 20_000
