"""What the fast reader of workbooks does not tell: percentages, errors, codes with leading zeros,
formulas without a value, far cells.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET

#: A cell of a sheet, by row and column from 0.
CellPosition = tuple[int, int]
#: The number formats that every workbook has and that show a percentage.
_PERCENT_IDS = frozenset({"9", "10"})
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
#: What a number format writes as it stands, and what belongs to colours and conditions.
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_NO_VALUE = rb"""\s*(?:</|<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</)"""
_ODD_SHEET = re.compile(
    rb"""\st=["']e["']|</(?:\w+:)?f>""" + _NO_VALUE + rb"""|<(?:\w+:)?f\b[^>]*/>""" + _NO_VALUE
)
_ODD_STYLE = re.compile(rb"""numFmtId=["'](9|10)["']|formatCode=["'][^>]*?(%|&\#|0{2,}["'])""")
_CLASSES = ((rb"""\br=["'][A-Z]{1,3}\d{7}["']|<(?:\w+:)?row\b[^>]*\br=["']\d{7}["']""", 1_048_576),
            (rb"""\br=["'][A-Z]{1,3}\d{6}["']|<(?:\w+:)?row\b[^>]*\br=["']\d{6}["']""", 999_999),
            (rb"""\br=["'][A-Z]{1,3}\d{5}["']|<(?:\w+:)?row\b[^>]*\br=["']\d{5}["']""", 99_999))  # fmt: skip  # noqa: E501
_WIDE = (
    (re.compile(rb"""\br=["'][A-Z]{3}\d"""), 16_384),
    (re.compile(rb"""\br=["'][A-Z]{2}\d"""), 702),
)
_DEEP = tuple((re.compile(pattern), rows) for pattern, rows in _CLASSES)
_REFERENCE = re.compile(rb"""\br=["']([A-Z]{0,3})(\d{1,7})["']""")


@dataclass(slots=True)
class Extent:
    """How far the cells of a sheet may reach, judged by the lengths of their names alone."""

    rows: int = 9_999
    columns: int = 26

    def widen(self, chunk: bytes) -> None:
        """Take the cells of a piece of a sheet into account."""
        self.rows = max(
            self.rows,
            next(
                (rows for pattern, rows in _DEEP if rows > self.rows and pattern.search(chunk)), 0
            ),
        )
        self.columns = max(
            self.columns,
            next(
                (
                    columns
                    for pattern, columns in _WIDE
                    if columns > self.columns and pattern.search(chunk)
                ),
                0,
            ),
        )

    @property
    def cells(self) -> int:
        """How many cells the smallest rectangle around all of them may have."""
        return self.rows * self.columns


def is_odd(chunk: bytes, part: str) -> bool:
    """Whether a piece of a workbook shows that it may have cells that the fast reader does not tell
    apart.
    """
    return (
        bool(_ODD_SHEET.search(chunk))
        if is_sheet(part)
        else part.endswith(".xml") and bool(_ODD_STYLE.search(chunk))
    )


def is_sheet(part: str) -> bool:
    """Whether a part of a workbook is a sheet."""
    return "sheets/" in part and part.endswith(".xml")


def exact_cells(chunks: Iterator[bytes]) -> int:
    """Return how many cells the rectangle around all cells of a sheet has."""
    rows = columns = 1
    for chunk in chunks:
        for letters, digits in _REFERENCE.findall(chunk):
            rows, columns = max(rows, int(digits)), max(columns, _column(letters.decode()))
    return rows * columns


def odd_cells(archive: zipfile.ZipFile, sheet: str) -> dict[CellPosition, str]:
    """Return the cells of a sheet that need a mark.

    `%` is a percentage, `#N/A` and the like an error, `000` a number shown with leading zeros,
    `=A1` a formula whose value the file does not hold. Raises `ValueError` or `KeyError` where the
    parts of the workbook do not fit together.
    """
    styles, part = _parts(archive, sheet)
    formats = _formats(archive, styles) if styles else {}
    with archive.open(part) as stream:
        return dict(_marked(ET.iterparse(stream, ("start", "end")), formats))  # noqa: S314 (expat bounds entities)


def _marked(
    events: Iterator[tuple[str, ET.Element]], formats: Mapping[str, str]
) -> Iterator[tuple[CellPosition, str]]:
    row = column = -1
    for event, element in events:
        name = _local(element.tag)
        if event == "start":
            if name == "row":
                row, column = int(element.get("r") or row + 2) - 1, -1
            continue
        if name == "c":
            place = _PLACE.fullmatch(element.get("r", ""))
            row, column = (int(place[2]) - 1, _column(place[1]) - 1) if place else (row, column + 1)
            if mark := _mark(element, formats):
                yield (row, column), mark
        if name in {"c", "row"}:
            element.clear()


def _mark(cell: ET.Element, formats: Mapping[str, str]) -> str:
    """Return the mark of a cell; empty where the fast reader reads it as it is."""
    children = {_local(child.tag): child for child in cell}
    kind, value = cell.get("t", "n"), children.get("v")
    if kind == "e":
        return (value.text if value is not None else None) or "#N/A"
    if (
        "f" in children
        and kind != "str"
        and "is" not in children
        and (value is None or not value.text)
    ):
        return f"={children['f'].text or ''}"
    return formats.get(cell.get("s", "0"), "") if kind == "n" and value is not None else ""


def _formats(archive: zipfile.ZipFile, part: str) -> dict[str, str]:
    """Return the mark that each style of cells gives to numbers, by its number."""
    root = ET.fromstring(archive.read(part))  # noqa: S314 (expat bounds what entities unfold to; the part is no larger than the guard allows)
    codes = {
        element.get("numFmtId"): element.get("formatCode", "")
        for element in root.iter()
        if _local(element.tag) == "numFmt"
    }
    styles = next((element for element in root if _local(element.tag) == "cellXfs"), ())
    found = {
        str(n): _mark_of_format(style.get("numFmtId", "0"), codes) for n, style in enumerate(styles)
    }
    return {style: mark for style, mark in found.items() if mark}


def _mark_of_format(number: str, codes: Mapping[str | None, str]) -> str:
    code = codes.get(number)
    if code is None:
        return "%" if number in _PERCENT_IDS else ""
    first = _LITERAL.sub("", code).split(";")[0]
    return "%" if "%" in first else first if re.fullmatch("0{2,}", first) else ""


def _parts(archive: zipfile.ZipFile, sheet: str) -> tuple[str | None, str]:
    """Return the names of the parts with the styles and with a sheet."""
    book = next(target for _, kind, target in _relations(archive, "") if kind == "officeDocument")
    relations = _relations(archive, book)
    root = ET.fromstring(archive.read(book))  # noqa: S314 (as above)
    for element in root.iter():
        if _local(element.tag) == "sheet" and element.get("name") == sheet:
            wanted = next(value for key, value in element.items() if _local(key) == "id")
            styles = next((target for _, kind, target in relations if kind == "styles"), None)
            return styles, next(target for key, _, target in relations if key == wanted)
    raise KeyError(sheet)


def _relations(archive: zipfile.ZipFile, part: str) -> list[tuple[str, str, str]]:
    """Return what a part refers to: the number of each, its kind, and the name of the part."""
    folder, name = posixpath.split(part)
    root = ET.fromstring(archive.read(posixpath.join(folder, "_rels", f"{name}.rels")))  # noqa: S314 (as above)
    found = []
    for element in root:
        target = posixpath.normpath(posixpath.join("/", folder, element.get("Target", ""))).lstrip(
            "/"
        )
        found.append((element.get("Id", ""), element.get("Type", "").rpartition("/")[2], target))
    return found


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _column(letters: str) -> int:
    """Return the number of a column, counted from 1.

    >>> _column("A"), _column("XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number
