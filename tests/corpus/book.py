"""Writes small workbooks part by part, so that each of their oddities can be set; the same input gives the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
#: The number of the style of each format, in the order of the table of styles.
FORMATS = (
    "General",
    "0.0%",
    '0.0"%"',
    "0.0\\%",
    "000",
    "00000",
    "yyyy-mm-dd",
    "d/m/yyyy",
    '#,##0 "kr."',
    "0%;-0%",
    "0.00",
    "#,##0,",
)


class Raw(str):
    """A cell as XML; `{r}` is its place."""

    __slots__ = ()


def shown(value: float, code: str) -> Raw:
    """Return a number with a format."""
    return Raw(f'<c r="{{r}}" s="{FORMATS.index(code)}"><v>{value!r}</v></c>')


def error(word: str) -> Raw:
    """Return a cell with an error."""
    return Raw(f'<c r="{{r}}" t="e"><v>{word}</v></c>')


def formula(text: str, value: object = None) -> Raw:
    """Return a formula, with the value that it had when it was saved."""
    kept = "" if value is None else f"<v>{value}</v>"
    kind = ' t="str"' if isinstance(value, str) else ""
    return Raw(f'<c r="{{r}}"{kind}><f>{escape(text)}</f>{kept}</c>')


def sheet(
    rows: Sequence[Sequence[object]],
    merged: Sequence[str] = (),
    dimension: str = "",
    start: int = 1,
    hidden_rows: Sequence[int] = (),
) -> str:
    """Return a sheet as XML."""
    body = "".join(
        _row(number, row, number in hidden_rows) for number, row in enumerate(rows, start)
    )
    merges = "".join(f'<mergeCell ref="{ref}"/>' for ref in merged)
    after = f'<mergeCells count="{len(merged)}">{merges}</mergeCells>' if merged else ""
    about = f'<dimension ref="{dimension}"/>' if dimension else ""
    return f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{_MAIN}">{about}<sheetData>{body}</sheetData>{after}</worksheet>'


def _row(number: int, row: Sequence[object], hidden: bool) -> str:
    cells = "".join(_cell(value, f"{_letters(n)}{number}") for n, value in enumerate(row, 1))
    return f'<row r="{number}" hidden="{int(hidden)}">{cells}</row>'


def _cell(value: object, place: str) -> str:
    if value is None:
        return ""
    if isinstance(value, Raw):
        return value.format(r=place)
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, (int, float)):
        return f'<c r="{place}"><v>{value!r}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(str(value))}</t></is></c>'


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def book(
    sheets: Mapping[str, str],
    hidden: Sequence[str] = (),
    chart: Sequence[str] = (),
    date1904: bool = False,
    more: Mapping[str, bytes] | None = None,
) -> bytes:
    """Return a workbook of sheets; those in `hidden` cannot be seen, those in `chart` hold a chart and no cells."""
    names = list(sheets) + list(chart)
    parts = {
        f"xl/worksheets/sheet{n}.xml": text.encode() for n, text in enumerate(sheets.values(), 1)
    }
    listed, related, types = "", "", ""
    for n, name in enumerate(names, 1):
        kind = "chartsheet" if name in chart else "worksheet"
        part = f"{kind}s/sheet{n}.xml"
        if name in chart:
            parts[f"xl/{part}"] = (
                f'<?xml version="1.0"?><chartsheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"/></sheetViews></chartsheet>'.encode()
            )
        state = ' state="hidden"' if name in hidden else ""
        listed += f'<sheet name={quoteattr(name)} sheetId="{n}"{state} r:id="rId{n}"/>'
        related += f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{part}"/>'
        types += f'<Override PartName="/xl/{part}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml"/>'
    dates = '<workbookPr date1904="1"/>' if date1904 else ""
    parts["xl/workbook.xml"] = (
        f'<?xml version="1.0"?><workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{dates}<sheets>{listed}</sheets></workbook>'.encode()
    )
    parts["xl/_rels/workbook.xml.rels"] = (
        f'<?xml version="1.0"?><Relationships xmlns="{_PACKAGE}/relationships">{related}'
        f'<Relationship Id="styles" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
    ).encode()
    parts["xl/styles.xml"] = _styles().encode()
    parts["_rels/.rels"] = (
        f'<?xml version="1.0"?><Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ).encode()
    parts["[Content_Types].xml"] = (
        f'<?xml version="1.0"?><Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>{types}</Types>'
    ).encode()
    return packed(parts | dict(more or {}))


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Return a zip file, with no time in it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _styles() -> str:
    codes = "".join(
        f'<numFmt numFmtId="{164 + n}" formatCode={quoteattr(code)}/>'
        for n, code in enumerate(FORMATS)
    )
    styles = "".join(
        f'<xf numFmtId="{164 + n if n else 0}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        for n in range(len(FORMATS))
    )
    return (
        f'<?xml version="1.0"?><styleSheet xmlns="{_MAIN}"><numFmts count="{len(FORMATS)}">{codes}</numFmts>'
        '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(FORMATS)}">{styles}</cellXfs></styleSheet>'
    )
