"""Large text files are read another way than small ones, and must say the same: rows, numbers, problems, lines."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from breadth import dear, examples
from udsat import engine
from udsat.engine import bits
from udsat.law import loader
from udsat.messages.problems import UdsatError
from udsat.tables.readers import csv_large, excel
from udsat.tables.readers import open as read
from udsat.tables.readers.options import Reading
from udsat.tables.readers.raw import ColumnTable, TextTable
from udsat.tables.validate.check import check
from udsat.tables.validate.part import Calendar

few = settings(
    max_examples=examples(5, 50),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
COLUMNS = (
    "area", "municipality", "region", "list_date", "residents", "outside_labour_market_pct", "convicted_per_1000", "convicted",
    "convicted_base", "basic_education_pct", "gross_income", "convicted_proxy", "Bemærkning", "",
)  # fmt: skip


def said(data: bytes, how: Reading, size: int) -> Any:
    """Return all that reading a file gives, or the message it ends with."""
    law = loader.shipped()
    connection = engine.connect()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "liste.csv"
        path.write_bytes(data)
        before, read.LONG = read.LONG, size
        try:
            raw = read.read(str(path), how, connection)
            checked = check([raw], connection, Calendar(law), how, skip_invalid=True)
        except UdsatError as error:
            return str(error).replace(folder, "")
        finally:
            read.LONG = before
        table = checked.table
        frame = table.frame.to_native()
        names = sorted(frame.columns)
        rows = frame.project(
            ", ".join(engine.identifier(name) for name in names if name != "row")
        ).fetchall()
        digest = [
            (source.sha256, source.detected.replace(folder, "")) for source in checked.sources
        ]
        problems = [str(problem).replace(folder, "") for problem in checked.problems]
        counts = {
            name: (one.exact, one.scale) for name, one in table.counts.items()
        }  # the largest need only be large enough
        return rows, problems, digest, table.shares, counts, table.kroner, table.dates, table.passed


def same(data: bytes, how: Reading | None = None) -> None:
    assert said(data, how or Reading(), 0) == said(data, how or Reading(), 10**9)


numbers = st.one_of(
    st.decimals(0, 99, places=1).map(str),
    st.decimals(0, 99, places=2).map(str),
    st.integers(0, 3000).map(str),
    st.sampled_from(
        [
            "",
            "..",
            "-",
            "<5",
            "3-7",
            "NA",
            "1.234",
            "1,234",
            "12.345,6",
            "41.1234567891",
            "145",
            "-999",
            "x",
            " 7",
            "7 %",
            "1e2",
            "NaN",
        ]
    ),
    st.sampled_from(
        [
            "41,5",
            "41,50",
            "0,0",
            "1 234",
            "2\u00a0345",
            "٣",
            "inf",
            "40.00000000000000000001",
            "00",
            "+5",
            "1_0",
            "٫5",
        ]
    ),
)
texts = st.one_of(
    st.sampled_from(
        [
            "Ravnehøj",
            "Tidselvang",
            " Ravnehøj",
            "A/B",
            '"',
            "a\nb",
            "",
            "..",
            "7",
            "x" * 501,
            "Kilde: x",
            "\u2003b",
        ]
    ),
    st.text(st.characters(codec="cp1252", exclude_categories=["Cc"]), max_size=6),
)
dates = st.sampled_from(
    [
        "2019-12-01",
        "2018-12-01",
        "1.12.2020",
        "01-12-2019",
        " 2019-12-01",
        "",
        "x",
        "2009-12-01",
        "2018-05-09",
        "2019-12-01 00:00",
    ]
)


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """Bytes of a text file with many odd cells, and some odd rows."""
    headings = draw(
        st.permutations(COLUMNS).map(lambda some: list(some[: draw(st.integers(4, len(COLUMNS)))]))
    )
    for needed in ("area", "list_date", "outside_labour_market_pct"):
        if needed not in headings:
            headings.append(needed)
    mark = draw(st.sampled_from([";", "\t", "|"]))
    comma = draw(st.booleans())
    kinds = {
        heading: texts
        if heading in {"area", "municipality", "region", "convicted_proxy", "Bemærkning", ""}
        else numbers
        for heading in headings
    }
    kinds["list_date"] = dates
    rows = draw(
        st.lists(st.tuples(*(kinds[heading] for heading in headings)), min_size=1, max_size=12)
    )
    broken = draw(
        st.sampled_from(["Bemærkning", "Bemærkning", '"Bemærk\nning"', '"Bemærk\r\nning"'])
    )
    lines = [mark.join(headings).replace("Bemærkning", broken)]
    for row in rows:
        cells = [
            cell.replace(".", ",")
            if comma and kinds[heading] is numbers and draw(st.booleans())
            else cell
            for heading, cell in zip(headings, row, strict=True)
        ]
        quoted = [
            f'"{cell.replace(chr(34), chr(34) * 2)}"'
            if draw(st.integers(0, 9)) == 0 or set(cell) & {'"', "\n", mark}
            else cell
            for cell in cells
        ]
        odd = draw(st.integers(0, 20))
        lines.append(
            mark.join(
                quoted[:-1]
                if odd == 1
                else [*quoted, ""]
                if odd == 2
                else [*quoted, "x"]
                if odd == 3
                else quoted
            )
        )
        if odd == 4:
            lines.append(draw(st.sampled_from(["", mark * (len(headings) - 1), "   "])))
    title = draw(
        st.sampled_from(
            [
                [],
                [],
                [],
                ["Liste over områder", ""],
                ["Tabel 1" + mark * 3],
                ['"Liste\nover"' + mark],
            ]
        )
    )
    notes = draw(
        st.sampled_from(
            [
                [],
                [],
                [],
                ["", "Kilde: Danmarks Statistik"],
                ["* foreløbige tal"],
                ["", "en note" + mark * (len(headings) - 1)],
                ["", "Kilde:\u2028x", "\u0085y"],
            ]
        )
    )
    end = draw(st.sampled_from(["\n", "\r\n"]))
    titles = "".join(line + draw(st.sampled_from([end, "\n"])) for line in title)
    text = titles + end.join([*lines, *notes]) + draw(st.sampled_from(["", end]))
    codec = draw(st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]))
    return text.encode(codec, errors="replace")


@dear
@few
@given(
    files(),
    st.sampled_from(
        [
            Reading(),
            Reading(decimal="comma"),
            Reading(decimal="point"),
            Reading(rounded=True),
            Reading(dash_is_zero=True),
        ]
    ),
)
def test_a_large_file_gives_what_the_same_file_gives_row_by_row(data: bytes, how: Reading) -> None:
    same(data, how)


HEADER = "area;municipality;list_date;outside_labour_market_pct;Bemærkning"


@pytest.mark.parametrize(
    "lines",
    [
        [
            "A;Slagelse;2019-12-01;41,5;x",
            "B;Slagelse;2019-12-01;1.234,5;",
            "C;Slagelse;2019-12-01;<5;",
        ],
        ["A;Slagelse;2019-12-01;41,5;x", "B;Slagelse;2019-12-01", "C;Slagelse;2019-12-01;145;"],
        [
            "A;Slagelse;2019-12-01;41,5;x",
            "",
            "B;Slagelse;2019-12-01;145;",
            ";;;;",
            "C;Slagelse;2019-12-01;146;",
        ],
        [
            'A;Slagelse;2019-12-01;41,5;"x',
            'y"',
            "B;Slagelse;2019-12-01;145;",
            "C;Slagelse;2019-12-01;146;",
        ],
        ["A;Slagelse;2019-12-01;41;x", "B;Slagelse;2019-12-01;1.234;"],
        [
            "A;Slagelse;2019-12-01;41;x",
            "B;Slagelse;2019-12-01;41.5;",
            "C;Slagelse;2019-12-01;41,5;",
        ],
        ["A;Slagelse;2019-12-01;41;x", "A;Slagelse;2019-12-01;42;x", "A;Slagelse;2019-12-01;<5;x"],
        ["A;Slagelse;2019-12-01;41;x", "", "Kilde: Danmarks Statistik", "Noter: ingen"],
        [
            "A;Slagelse;2019-12-01;41;x",
            "B;Slagelse;2019-12-01;42;x",
            "",
            "Kilde:\u2028Danmarks\u0085Statistik",
            "Noter:\u2029ingen",
        ],
        ["A;Slagelse;2019-12-01;41;x", "Bispehaven"],
        ["A;Slagelse;2019-12-01;41;x;;", "B;Slagelse;2019-12-01;41;x"],
    ],
    ids=[
        "a bound",
        "a short row",
        "empty rows",
        "a row of two lines",
        "unclear",
        "mixed",
        "repeated keys",
        "notes",
        "notes with other separators of lines",
        "cut short",
        "separators at the end",
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("codec", "header"),
    [
        ("utf-8", HEADER),
        ("utf-8-sig", HEADER.replace("area", '"area"')),
        ("cp1252", 'Liste;"over\nområder"\n' + HEADER),
        ("utf-16", "Liste\n\n" + HEADER),
    ],
    ids=["plain", "quoted", "broken title", "title"],
)
def test_odd_rows_are_found_on_the_same_lines(
    lines: list[str], end: str, codec: str, header: str
) -> None:
    same(end.join([header, *lines]).encode(codec, errors="replace"))


@pytest.mark.parametrize(
    ("codec", "end"), [("utf-8", "\n"), ("utf-8-sig", "\r\n"), ("cp1252", "\r\n")]
)
@pytest.mark.parametrize(
    "title", [[], ["Liste"], ['"Liste\nover"', ""]], ids=["no title", "title", "broken title"]
)
@pytest.mark.parametrize(
    "note", [[], ["Kilde: x", ""], ["", "Kilde: x", "* y"]], ids=["no note", "note", "notes"]
)
@pytest.mark.parametrize("cell", ["", '"x\ny"', '"a;b"'])
def test_a_large_file_is_not_read_row_by_row(
    cell: str, note: list[str], title: list[str], end: str, codec: str
) -> None:
    rows = [f"A{n};Slagelse;2019-12-01;{n % 100},5;{cell}" for n in range(200)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "liste.csv"
        path.write_text(end.join([*title, HEADER, *rows, *note]), encoding=codec, newline="")
        before, read.LONG = read.LONG, 1_000
        try:
            table = read.read(str(path), Reading(), engine.connect())
        finally:
            read.LONG = before
    assert isinstance(table, ColumnTable)
    assert table.view.count("*").fetchall() == [(200,)]


def test_the_lines_and_the_order_of_many_rows_are_those_of_the_file(tmp_path: Path) -> None:
    """Enough rows for several threads of the engine, with damage here and there."""
    count, every = 300_000, 9_973
    rows = [f"A{n};Slagelse;2019-12-01;{n % 1000 / 10:.1f};x" for n in range(count)]
    damaged = list(range(every, count, every))
    for turn, n in enumerate(damaged):
        rows[n] = (
            f"A{n};Slagelse;2019-12-01"
            if turn % 3 == 0
            else f"A{n};Slagelse;2019-12-01;{['mange', '145'][turn % 2]};x"
        )
    path = tmp_path / "liste.csv"
    path.write_text("\n".join([HEADER, *rows]).replace(".", ",") + "\n", encoding="utf-8")
    how = Reading()
    connection = engine.connect()
    checked = check(
        [read.read(str(path), how, connection)],
        connection,
        Calendar(loader.shipped()),
        how,
        skip_invalid=True,
    )
    assert [problem.line for problem in checked.problems] == [n + 2 for n in damaged]
    areas = [area for (area,) in checked.table.frame.to_native().project("area").fetchall()]
    assert areas == [f"A{n}" for n in range(count) if n not in set(damaged)]


@dear
@few
@given(
    st.integers(1, 40), st.lists(st.tuples(st.integers(0, 39), st.integers(-3, 40), st.integers(2010, 2030)), unique_by=lambda one: one[0]),
    st.integers(1, 9),
)  # fmt: skip
def test_rows_find_their_numbers_and_their_absence_in_parts_of_any_size(
    length, numbers, part
) -> None:
    connection = engine.connect()
    numbers = [one for one in numbers if one[0] < length]
    relation = engine.table(connection, {"row": list(range(length))}, {"row": "BIGINT"})
    rows = [row for row, *_rest in numbers]
    before, bits._PART = bits._PART, part  # noqa: SLF001 - so small that there are several
    try:
        left = [row for (row,) in engine.without(connection, relation, "row", rows).fetchall()]
    finally:
        bits._PART = before  # noqa: SLF001
    assert left == [row for row in range(length) if row not in rows]
    given_ = engine.table(
        connection,
        {"row": list(reversed(range(length))), "a": [-row for row in reversed(range(length))]},
        {"row": "BIGINT", "a": "INTEGER"},
    )
    found = engine.beside(connection, relation, given_, "row").fetchall()
    assert found == [(row, -row) for row in range(length)]


def test_a_long_sheet_that_the_engine_cannot_take_is_read_row_by_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "liste.xlsx"))
    sheet = book.add_worksheet()
    for n, cells in enumerate(
        [HEADER.split(";"), *([f"A{n}", "Slagelse", "2019-12-01", n % 100, "x"] for n in range(30))]
    ):
        sheet.write_row(n, 0, cells)
    book.close()
    monkeypatch.setattr(excel, "LONG", 10)
    assert isinstance(
        read.read(str(tmp_path / "liste.xlsx"), Reading(), engine.connect()), ColumnTable
    )

    def refused(*_: object) -> None:
        raise csv_large.NotLong

    monkeypatch.setattr(csv_large, "_stored", refused)
    table = read.read(str(tmp_path / "liste.xlsx"), Reading(), engine.connect())
    assert isinstance(table, TextTable)
    assert len(table.rows) == 30
