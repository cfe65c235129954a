"""Writes the pages that are made from the project itself, and renews the outputs that the other pages show.

python docs/generate.py             rewrite criteria.md and messages.md
python docs/generate.py --check     fail if one of them is stale
python docs/generate.py --refresh   also run the commands and Python of every page, and rewrite what they print
"""

from __future__ import annotations

import csv
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import blocks

from udsat.codes import CODES, Code
from udsat.law.library import criteria_folder, shipped
from udsat.law.model import Category, CriteriaVersion, Measure

DOCS = Path(__file__).resolve().parent
COMPARATORS = {"exceeds": "exceeds", "at_least": "at least", "below": "below"}
UNITS = {"percent": "%", "per_1000": "per 1,000", "per_10000": "per 10,000"}
GROUPS = {
    "UD1": ("Cells", 1),
    "UD2": ("Rows", 1),
    "UD3": ("Files, columns, references and lists", 2),
    "UD4": ("Criteria files", 2),
    "UD5": ("Options and outputs", 2),
    "UD6": ("Questions", 2),
}


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return a table in Markdown, with an empty line after it."""
    body = [head, ["---"] * len(head), *rows]
    return [*("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in body), ""]


def criteria_page(versions: Sequence[CriteriaVersion]) -> str:
    """Return the versions of the law side by side."""
    ids = [version.id for version in versions]
    lines = [
        "# The criteria, version by version",
        "",
        "This page is generated from the files in [`criteria/`](../criteria/README.md) by `python docs/generate.py`.",
        "Each file is one whole snapshot of the law; the law itself decides, not this page.",
        "`udsat criteria show 2018` prints one version with all its doubts and sources.",
        "",
        "## Versions",
        "",
        *table(["version", "title", "lists from", "to", "law", "checked on"], map(_version, versions)),
        "## Criteria",
        "",
        "Line, population, years and paragraph of each criterion.",
        "Years count from the year of the list: 0 is the year of the list itself, -2, -1 is the mean of the two years before it.",
        "",
        *table(["criterion", *ids], _criteria(versions)),
        "## What is measured",
        "",
        *table(["measure", *ids], _measures(versions)),
        "## Categories",
        "",
        "A category needs everything that its row names.",
        "Every category also needs the residents of the table below.",
        "",
        *table(["version", "category", "name", "needs", "paragraph"], _categories(versions)),
        "## Residents",
        "",
        *table(["version", "area", "needs", "paragraph"], map(_area, versions)),
        "## Years in a row",
        "",
        *table(["version", "category", "first list", "a year counts with a place in", "paragraph"], _years(versions)),
        "## Printed limits that ship with udsat",
        "",
        "A printed limit stands for every number that rounds to it.",
        "An `inferred` limit never decides.",
        "",
        *table(["list", "criterion", "limit", "status", "source"], _limits()),
        "## Doubts",
        "",
        "What is not certain, with its [status](glossary.md#status-words) and the source it rests on.",
        "",
        *table(["versions", "about", "status", "doubt", "source"], _doubts(versions)),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _version(version: CriteriaVersion) -> list[str]:
    head = version.version
    return [version.id, head.title, str(head.in_force), str(head.ended or "in force"), head.law, str(head.checked_on)]


def _names(versions: Sequence[CriteriaVersion], block: str) -> list[str]:
    """Return every name of a kind of block, in the order of the newest version."""
    return list(dict.fromkeys(name for version in reversed(versions) for name in getattr(version, block)))


def _criteria(versions: Sequence[CriteriaVersion]) -> Iterable[list[str]]:
    for name in _names(versions, "criteria"):
        yield [f"`{name}`", *(_criterion(version, name) for version in versions)]


def _criterion(version: CriteriaVersion, name: str) -> str:
    if name not in version.criteria:
        return "-"
    block = version.criteria[name]
    measure = version.measures[block.measure]
    units = {"national": "times the national mean", "region": "% of the region's mean"}
    unit = units.get(block.reference or "") or UNITS[block.unit]
    line = f"{COMPARATORS[block.comparator]} {block.threshold} {unit}"
    return "<br>".join([line, _among(measure), _span(measure), block.source])


def _among(measure: Measure) -> str:
    ages = measure.ages or ()
    band = {0: "", 1: f" aged {ages[0] if ages else ''} and over"}.get(len(ages)) or (f" aged {ages[0]}-{ages[-1]}" if ages else "")
    return measure.population + band + "".join(f", without {word}" for word in measure.excludes)


def _span(measure: Measure) -> str:
    years = ", ".join(map(str, measure.years))
    return f"mean of years {years}" if measure.is_mean_of_years else f"year {years}"


def _measures(versions: Sequence[CriteriaVersion]) -> Iterable[list[str]]:
    for name in _names(versions, "measures"):
        blocks = [version.measures.get(name) for version in versions]
        yield [f"`{name}`", *(f"*{block.danish}*<br>{block.english}" if block else "-" for block in blocks)]


def _categories(versions: Sequence[CriteriaVersion]) -> Iterable[list[str]]:
    for version in versions:
        for name, block in version.categories.items():
            yield [version.id, f"`{name}`", f"*{block.label.da}*, {block.label.en}", _needs(block), block.source]


def _needs(block: Category) -> str:
    needs = [f"`{name}`" for name in block.all_of]
    if block.count:
        needs.append(f"at least {block.count} of {', '.join(f'`{name}`' for name in block.of)}")
    if block.years_in_row:
        needs.append(f"{block.years_in_row} years in a row")
    return "; ".join(needs)


def _area(version: CriteriaVersion) -> list[str]:
    block = version.area
    needs = [f"{block.min_residents:,} at the reference date of the list"]
    needs += [f"{block.min_residents_2010:,} in 2010"] if block.min_residents_2010 else []
    return [version.id, f"*{block.danish}*<br>{block.english}", "; ".join(needs), block.source]


def _years(versions: Sequence[CriteriaVersion]) -> Iterable[list[str]]:
    for version in versions:
        if block := version.years_in_row:
            yield [version.id, f"`{block.of}`", str(block.first), ", ".join(f"`{step}`" for step in block.counting), block.source]


def _limits() -> Iterable[list[str]]:
    with (criteria_folder() / "references.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            unit = UNITS[row["unit"]]
            yield [row["list_date"], f"`{row['criterion']}`", f"{row['value']} {unit}", row["status"], _linked(row["source"])]


def _doubts(versions: Sequence[CriteriaVersion]) -> Iterable[list[str]]:
    found: dict[tuple[str, ...], list[str]] = {}
    for version in versions:
        for doubt in version.doubts:
            about = ", ".join(f"`{point}`" for point in doubt.about)
            found.setdefault((about, doubt.status, doubt.text, doubt.source), []).append(version.id)
    for (about, status, text, source), ids in found.items():
        yield [", ".join(ids), about, status, text, _linked(source)]


def _linked(source: str) -> str:
    """Return a source with its addresses as links."""
    return " ".join(f"<{word}>" if word.startswith("http") else word for word in source.split())


def messages_page(codes: Mapping[str, Code]) -> str:
    """Return every message code with what it means and an example."""
    lines = [
        "# Message codes",
        "",
        "This page is generated from `src/udsat/codes.py` by `python docs/generate.py`.",
        "`udsat explain UD101` prints one of them.",
        "A code keeps its meaning for ever; the words of a message may change.",
        "A message says where the problem is, what it is, and what to do about it:",
        "",
        "```text",
        "file:line: column: CODE problem (what to do)",
        "```",
        "",
        "The line is the line of the file, counted from 1 with the header.",
        "",
    ]
    for start, (title, status) in GROUPS.items():
        lines += [f"## {title}: {start}..", "", f"Exit status of errors: {status}.", ""]
        for code, about in codes.items():
            if code.startswith(start):
                lines += [f"### {code}: {about.title}", ""]
                lines += ["A warning: it stops nothing.", ""] if about.severity == "warning" else []
                lines += [about.more.replace(". ", ".\n"), "", f"Example: {about.example}", ""]
    return "\n".join(lines).rstrip() + "\n"


def generated() -> dict[Path, str]:
    """Return every generated page with its text."""
    return {
        DOCS / "criteria.md": criteria_page(shipped().versions),
        DOCS / "messages.md": messages_page(CODES),
    }


def stale() -> list[str]:
    """Return the names of generated pages that are not what they would be now."""
    return [path.name for path, text in generated().items() if not path.is_file() or path.read_text(encoding="utf-8") != text]


def write() -> None:
    """Write the generated pages."""
    for path, text in generated().items():
        path.write_text(text, encoding="utf-8", newline="\n")


def refresh() -> None:
    """Run what the pages show, and rewrite the outputs that changed."""
    for page in blocks.pages():
        old = page.read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as place:
            new = blocks.refreshed(old, blocks.folder(Path(place)))
        if new != old:
            page.write_text(new, encoding="utf-8", newline="\n")
            print(f"renewed {page.relative_to(blocks.ROOT)}")


def main(arguments: Sequence[str]) -> int:
    """Do what the arguments ask for; return the exit status."""
    if arguments == ["--check"]:
        found = stale()
        if found:
            print(f"stale: {', '.join(found)}; run python docs/generate.py", file=sys.stderr)
        return 1 if found else 0
    if arguments not in ([], ["--refresh"]):
        print(__doc__, file=sys.stderr)
        return 2
    write()
    if arguments:
        refresh()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
