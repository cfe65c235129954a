"""Every format out holds the same verdicts, survives any name, and runs nothing in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from commandline import contents, process, table, udsat
from support import SAMPLES
from udsat.export import cells, datapackage, excel, json_lines
from udsat.export import csv as delimited
from udsat.export.excel import MOST_COLUMNS, MOST_ROWS, Sheet
from udsat.render import markdown

SAMPLE = str(SAMPLES / "omraader.csv")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
FORMATS = ("csv", "danish", "jsonl", "parquet", "xlsx")


def _csv(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    return list(
        csv.DictReader(
            io.StringIO(text.removeprefix(delimited.BOM), newline=""), delimiter=delimiter
        )
    )


def _xlsx(path: Path, sheet: str = "verdicts") -> list[list[Any]]:
    """Return the cells of a sheet, with the escapes of its format resolved as Excel does."""
    rows = openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)
    return [
        [
            ESCAPED.sub(lambda found: chr(int(found[1], 16)), cell)
            if isinstance(cell, str)
            else cell
            for cell in row
        ]
        for row in rows
    ]


def _records(folder: Path, form: str, *more: str, sample: str = SAMPLE) -> list[dict[str, Any]]:
    """Return the verdicts on the sample in a format, as its readers see them, with numbers as decimals."""
    ending = {"danish": "csv"}.get(form, form)
    options = ["--excel-dk"] if form == "danish" else []
    path = folder / f"{form}.{ending}"
    assert udsat(folder, "score", sample, "-o", path.name, *options, *more).status == 0
    if form == "csv":
        return _csv(path.read_text(encoding="utf-8"))
    if form == "danish":
        return _csv(path.read_bytes().decode("utf-8"), ";")
    if form == "jsonl":
        return [
            json.loads(line, parse_float=Decimal)
            for line in path.read_text(encoding="utf-8").splitlines()
        ]
    if form == "parquet":
        return pq.read_table(path).to_pylist()
    head, *rows = _xlsx(path)
    return [dict(zip(head, row, strict=True)) for row in rows]


def _number(form: str, cell: Any) -> Decimal | None:
    if cell in ("", None):
        return None
    return Decimal(cell.replace(",", ".") if form == "danish" else str(cell))


@pytest.mark.parametrize("form", ["danish", "parquet", "xlsx"])
def test_words_and_notes_are_equal_in_all_flat_formats(form: str, tmp_path: Path) -> None:
    given = pa.table(
        {
            "area": list("abcdef"),
            "list_year": [2013, 2014, 2019, 2019, 2019, 2020],
            "residents": [1500, 1500, 1500, 900, 1500, 1500],
            "convicted_pct": [2.8, 2.8, 2.5, 2.5, None, None],
            "basic_education_pct": [51.0, 51.0, 61.0, 61.0, 61.0, None],
            "non_western_pct": [51.0, 51.0, 51.0, 50.0, 50.1, 30.0],
            "convicted_proxy": [None, "of 2012", None, None, None, None],
        }
    )
    pq.write_table(given, tmp_path / "t.parquet")
    exact, found = (_records(tmp_path, one, sample="t.parquet") for one in ("csv", form))
    for name in ("crime", "origin", "ghetto", "category", "notes"):
        assert [row[name] or None for row in found] == [row[name] or None for row in exact], name
    assert len({row["notes"] for row in found}) > 4


@pytest.mark.parametrize("form", FORMATS[1:])
def test_numbers_are_equal_in_all_formats(form: str, tmp_path: Path) -> None:
    exact, found = (_records(tmp_path, one, "--detail", "criteria") for one in ("csv", form))
    assert len(exact) == len(found) > 40
    for name in ("value", "limit", "margin"):
        assert [_number("csv", row[name]) for row in exact] == [
            _number(form, row[name]) for row in found
        ]


@pytest.mark.parametrize("form", FORMATS[1:])
def test_the_outcome_of_each_criterion_is_the_same_in_all_formats(
    form: str, tmp_path: Path
) -> None:
    exact, found = (_records(tmp_path, one, "--detail", "criteria") for one in ("csv", form))
    words = ("area", "criterion", "outcome", "source", "status")
    assert [[row[word] for word in words] for row in exact] == [
        [row[word] for word in words] for row in found
    ]


def test_a_line_of_json_is_the_object_of_the_document(tmp_path: Path) -> None:
    document = udsat(tmp_path, "score", SAMPLE, "--format", "json").json()["areas"]
    jsonl = udsat(tmp_path, "score", SAMPLE, "--format", "jsonl").out.splitlines()
    assert [json.loads(line) for line in jsonl] == document
    assert len(document) == len(SAMPLES.joinpath("omraader.csv").read_bytes().splitlines()) - 1


def test_an_object_says_what_the_long_form_says(tmp_path: Path) -> None:
    areas = udsat(tmp_path, "score", SAMPLE, "--format", "json").json()["areas"]
    long = iter(
        json.loads(line)
        for line in udsat(
            tmp_path, "score", SAMPLE, "--detail", "criteria", "--format", "jsonl"
        ).out.splitlines()
    )
    for area in areas:
        for name, criterion in area["criteria"].items():
            row = next(long)
            assert (row["area"], row["criterion"]) == (area["area"], name)
            assert {key: row[key] for key in criterion if key in row} == {
                key: criterion[key] for key in criterion if key in row
            }
    assert next(long, None) is None


# Any name survives ----

NAMES = (
    st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff"),
        min_size=1,
        max_size=30,
    )
    .map(str.strip)
    .filter(bool)
)
AWKWARD = [
    "=1+1",
    "'=1+1",
    "''@x",
    "-5",
    "- x",
    "+45 12",
    "@SUM(A1)",
    "a;b,c|d",
    'quo"te',
    "_x0041_",
    "a\tb\r\nc",
    "*a* `b` <c> &amp;",
    "\\|",
    "1e5",
    "０",
    "≥",
]


def _through_csv(name: str, danish: bool) -> str:
    stream = io.StringIO(newline="")
    (delimited.to_danish_csv if danish else delimited.to_csv)(stream, ["area", "n"], [(name, 1.5)])
    (row,) = _csv(stream.getvalue(), ";" if danish else ",")
    assert row["n"] == ("1,5" if danish else "1.5")
    return cells.unguarded(row["area"]) if danish else row["area"]


def _through_jsonl(name: str) -> str:
    stream = io.StringIO()
    json_lines.to_jsonl(stream, [{"area": name}])
    (line,) = stream.getvalue().split("\n")[:-1]
    return json.loads(line)["area"]


def _through_xlsx(name: str) -> str:
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "a.xlsx"
        excel.to_xlsx(path, "a.xlsx", [Sheet("verdicts", ["area"], [(name,)])])
        return _xlsx(path)[1][0]


THROUGH: dict[str, Callable[[str], str]] = {
    "csv": lambda name: _through_csv(name, danish=False),
    "danish": lambda name: _through_csv(name, danish=True),
    "jsonl": _through_jsonl,
    "xlsx": _through_xlsx,
}


@pytest.mark.parametrize("form", THROUGH)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(name=NAMES)
def test_any_name_survives_a_round_trip(form: str, name: str) -> None:
    if (
        form == "xlsx"
    ):  # XML has no such characters, and its readers turn every end of a line into one sign
        name = re.sub("[\ufffe\uffff]", "?", name).replace("\r", " ")
    assert THROUGH[form](name) == name


@pytest.mark.parametrize("name", AWKWARD)
@pytest.mark.parametrize("form", ["csv", "danish", "jsonl"])
def test_awkward_names_survive_a_round_trip(form: str, name: str) -> None:
    assert THROUGH[form](name) == name


@settings(max_examples=150, deadline=None)
@given(name=NAMES.filter(lambda name: name.isprintable()))
@example("a|b")
@example("*a* _b_ `c` [d](e) <f> &amp; ~~g~~ \\h $i$")
def test_any_name_reads_the_same_in_markdown(name: str) -> None:
    text = f"| area | n |\n| --- | --- |\n| {markdown.cell(name)} | 1 |\n"
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    cells_ = [token for token in tokens if token.type == "inline"]
    assert {child.type for child in cells_[2].children or []} <= {"text", "text_special"}
    assert "".join(child.content for child in cells_[2].children or []) == name
    assert len(cells_) == 4


# No cell runs ----


@settings(max_examples=300, deadline=None)
@given(
    start=st.sampled_from(["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"]),
    rest=st.text(max_size=20),
)
def test_no_cell_of_a_danish_csv_begins_a_formula(start: str, rest: str) -> None:
    guarded = cells.danish(start + rest)
    is_number = re.fullmatch(r"[+-]\d[\d., \u00a0]*%?", start + rest) is not None
    assert (guarded[0] == "'") is not is_number
    assert cells.unguarded(guarded) == start + rest


@pytest.mark.parametrize(
    ("number", "text"),
    [(-0.65, "-0,65"), (-38.0, "-38"), (1e-7, "0,0000001"), (Decimal("-1.20"), "-1,20"), (-5, -5)],
)
def test_negative_numbers_stay_numbers_in_a_danish_csv(number: Any, text: Any) -> None:
    assert cells.danish(number) == text


@pytest.mark.parametrize("detail", ["areas", "criteria"])
def test_no_cell_of_a_workbook_is_a_formula(detail: str, tmp_path: Path) -> None:
    header = "area,municipality,list_date,non_western_pct,=note"
    (tmp_path / "areas.csv").write_bytes(
        table("@1+1,@x,2022-12-01,51.2,+1", "-2,+y,2022-12-01,1.2,=HYPERLINK(1)", header=header)
    )
    assert udsat(tmp_path, "score", "areas.csv", "-o", "out.xlsx", "--detail", detail).status == 0
    for sheet in openpyxl.load_workbook(tmp_path / "out.xlsx"):
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d", "b"}
    assert [
        row[0] for row in _xlsx(tmp_path / "out.xlsx")[1 :: 1 if detail == "areas" else 10]
    ] == ["@1+1", "-2"]


def test_danish_csv_has_semicolons_commas_a_mark_and_windows_lines(tmp_path: Path) -> None:
    assert udsat(tmp_path, "score", SAMPLE, "--excel-dk", "-o", "out.csv").status == 0
    data = (tmp_path / "out.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfarea;municipality;")
    assert data.count(b"\r\n") == data.count(b"\n") == 10
    assert b";-13,3;" in data and b";-13.3;" not in data


# Types, sizes and bytes ----


def test_handed_through_columns_of_any_type_come_out_in_every_format(tmp_path: Path) -> None:
    given_ = {
        "area": ["A", "B"], "list_year": [2022, 2022], "non_western_pct": [51.2, 12.0],
        "whole": [1234567890123456789, None], "decimal": [Decimal("1.23"), None], "flag": [True, None], "many": [[1, 2], None],
        "gap": [float("nan"), float("inf")], "raw": [b"\x00\xff", None], "text": ["0084", None],
    }  # fmt: skip
    pq.write_table(pa.table(given_), tmp_path / "t.parquet")
    for ending in ("csv", "json", "jsonl", "xlsx", "md", "parquet"):
        assert udsat(tmp_path, "score", "t.parquet", "-o", f"out.{ending}").status == 0, ending
    first = json.loads((tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()[0])[
        "input"
    ]
    assert first == {
        "whole": 1234567890123456789,
        "decimal": 1.23,
        "flag": True,
        "many": [1, 2],
        "gap": None,
        "raw": "\\x00\\xFF",
        "text": "0084",
    }
    head, row, _ = _xlsx(tmp_path / "out.xlsx")
    cells_ = dict(zip(head, row, strict=True))
    assert [cells_[name] for name in first] == [
        "1234567890123456789",
        1.23,
        True,
        "[1, 2]",
        None,
        "\\x00\\xFF",
        "0084",
    ]


@settings(max_examples=200, deadline=None)
@given(number=st.floats(allow_nan=False, allow_infinity=False))
@example(41.234567890123456)
@example(0.1 + 0.2)
def test_every_double_is_the_same_number_in_a_workbook(number: float) -> None:
    assert float(f"{excel._Exact(number):.16G}") == number


@pytest.mark.parametrize(
    ("rows", "columns", "fits"),
    [
        (MOST_ROWS - 1, 5, True),
        (MOST_ROWS, 5, False),
        (1, MOST_COLUMNS, True),
        (1, MOST_COLUMNS + 1, False),
    ],
)
def test_a_sheet_that_is_too_large_is_refused_before_anything_is_written(
    rows: int, columns: int, fits: bool
) -> None:
    def check() -> None:
        excel.check_size(rows, ["x"] * columns, "out.xlsx")

    if fits:
        check()
    else:
        with pytest.raises(
            excel.UsageError, match=r"^out\.xlsx: UD503 .* do not fit in a sheet of"
        ):
            check()


def test_a_cell_that_excel_cannot_hold_is_said_and_nothing_is_cut(tmp_path: Path) -> None:
    (tmp_path / "areas.csv").write_bytes(
        table(f"A,2022-12-01,51.2,{'x' * 32_768}", header="area,list_date,non_western_pct,remark")
    )
    run = udsat(tmp_path, "score", "areas.csv", "-o", "out.xlsx")
    assert (run.status, list(contents(tmp_path))) == (2, ["areas.csv"])
    assert "udsat: out.xlsx:2: UD504 a cell has more than 32,767 characters" in run.err


@pytest.mark.parametrize("name", ["out.xlsx", "out.jsonl", "out.md"])
def test_the_same_input_gives_the_same_bytes_in_new_formats(name: str, tmp_path: Path) -> None:
    for place in ("one", "two"):
        (tmp_path / place).mkdir()
        assert (
            process(
                tmp_path / place,
                "score",
                SAMPLE,
                "-o",
                name,
                PYTHONHASHSEED="1" if place == "one" else "2",
            ).status
            == 0
        )
    assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


@pytest.mark.parametrize("form", ["xlsx", "parquet"])
def test_a_format_that_only_a_file_can_hold_says_so(form: str, tmp_path: Path) -> None:
    run = udsat(tmp_path, "score", SAMPLE, "--format", form)
    assert (run.status, run.out) == (2, "")
    assert f"-o verdicts.{form}" in run.err


@pytest.mark.parametrize(
    "command", [("--version",), ("score", SAMPLE, "--format", "csv"), ("score", SAMPLE)]
)
def test_nothing_heavy_is_loaded_for_what_does_not_need_it(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    import subprocess
    import sys

    code = "import sys; sys.argv[0] = 'udsat'\ntry:\n from udsat.cli.app import main; main()\nexcept SystemExit: pass\n"
    code += (
        "print({'xlsxwriter', 'pandas', 'pyarrow', 'openpyxl'} & set(sys.modules), file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, *command],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert ran.stderr.splitlines()[-1] == "set()"


# What columns mean ----


@pytest.mark.parametrize("detail", ["areas", "criteria"])
def test_parquet_says_what_each_column_means(detail: str, tmp_path: Path) -> None:
    assert udsat(tmp_path, "score", SAMPLE, "-o", "out.parquet", "--detail", detail).status == 0
    file = pq.ParquetFile(tmp_path / "out.parquet")
    about = json.loads(file.metadata.metadata[b"udsat.columns"])
    assert list(about) == file.schema_arrow.names
    assert all(len(text) > 3 for text in about.values())
    assert "handed through" not in " ".join(about.values())


def test_the_workbook_explains_its_columns_and_names_its_sources(tmp_path: Path) -> None:
    assert udsat(tmp_path, "score", SAMPLE, "-o", "out.xlsx").status == 0
    (head, *_), explained, sources = (
        _xlsx(tmp_path / "out.xlsx", name) for name in ("verdicts", "columns", "provenance")
    )
    assert [row[0] for row in explained[1:]] == head
    assert any("omraader.csv" in str(row[1]) for row in sources)


def _sheet(path: Path, name: str) -> list[dict[str, Any]]:
    head, *rows = _xlsx(path, name)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_a_workbook_has_a_sheet_for_each_question(tmp_path: Path) -> None:
    rows = (
        "Ravnehøj,Ringsted,2018-12-01,2000,45.5,3.1,58.5,50.1,60.0", "Ravnehøj,Ringsted,2019-12-01,2000,45.5,1.1,58.5,60.1,60.0",
        "Lærkely,Ringsted,2018-12-01,2000,45.5,3.1,65.5,50.1,60.0", "Lærkely,Ringsted,2019-12-01,2000,45.5,,58.5,60.1,60.0",
    )  # fmt: skip
    (tmp_path / "areas.csv").write_bytes(table(*rows))
    assert udsat(tmp_path, "score", "areas.csv", "-o", "out.xlsx", "--lang", "da").status == 0
    book = tmp_path / "out.xlsx"
    assert openpyxl.load_workbook(book).sheetnames == [
        "verdicts",
        "criteria",
        "changes",
        "unknowns",
        "columns",
        "provenance",
    ]
    assert (
        udsat(tmp_path, "score", "areas.csv", "-o", "long.xlsx", "--detail", "criteria").status == 0
    )
    assert _xlsx(book, "criteria") == _xlsx(tmp_path / "long.xlsx")
    assert openpyxl.load_workbook(tmp_path / "long.xlsx").sheetnames == [
        "verdicts",
        "columns",
        "provenance",
    ]
    changed = {(row["area"], row["subject"]): row for row in _sheet(book, "changes")}
    assert (
        changed["Ravnehøj", "category"]["before"] == "ghetto"
        and changed["Ravnehøj", "category"]["after"] == "none"
    )
    assert changed["Ravnehøj", "crime"]["causes"] == "data"
    (unknown,) = _sheet(book, "unknowns")
    assert (unknown["area"], unknown["missing"]) == ("Lærkely", "crime (no value)")


def test_a_workbook_of_one_list_has_no_sheet_of_changes_and_one_without_doubt_no_unknowns(
    tmp_path: Path,
) -> None:
    (tmp_path / "areas.csv").write_bytes(table("Ravnehøj,Ringsted,2012-10-01,2000,45.5,3.1,,,60.0"))
    assert udsat(tmp_path, "score", "areas.csv", "-o", "out.xlsx").status == 0
    assert openpyxl.load_workbook(tmp_path / "out.xlsx").sheetnames == [
        "verdicts",
        "criteria",
        "unknowns",
        "columns",
        "provenance",
    ]
    assert _sheet(tmp_path / "out.xlsx", "unknowns") == []


def test_a_table_too_long_for_questions_says_what_it_leaves_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from udsat.cli import workbook

    monkeypatch.setattr(workbook, "MOST_ROWS", 10)
    monkeypatch.setattr(workbook, "_MOST_COMPARED", 5)
    run = udsat(tmp_path, "score", SAMPLE, "-o", "out.xlsx")
    assert openpyxl.load_workbook(tmp_path / "out.xlsx").sheetnames == [
        "verdicts",
        "unknowns",
        "columns",
        "provenance",
    ]
    assert (
        "the sheet criteria is left out" in run.err
        and "the sheet changes is left out of a table of more than 5 rows" in run.err
    )


def test_a_sheet_of_verdicts_has_signs_paragraphs_formats_and_filters(tmp_path: Path) -> None:
    assert udsat(tmp_path, "score", SAMPLE, "-o", "out.xlsx").status == 0
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["verdicts"]
    head = {cell.value: cell for cell in sheet[1]}
    assert (
        "§ 61 a, stk. 1, nr. 2" in head["crime"].comment.text
        and sheet.freeze_panes == "B2"
        and sheet.auto_filter.ref.startswith("A1:")
    )
    first = {name: sheet.cell(2, cell.column) for name, cell in head.items()}
    assert (first["residents"].number_format, first["crime_value"].number_format) == (
        "#,##0",
        "0.0########",
    )
    signs = {
        str(part.sqref).split(":")[0].rstrip("0123456789"): {
            rule.formula[0]: rule.dxf.numFmt.formatCode for rule in rules
        }
        for part, rules in sheet.conditional_formatting._cf_rules.items()
    }
    shown = signs[head["crime"].column_letter]
    assert shown == {
        '"met"': ';;;"● "@',
        '"yes"': ';;;"● "@',
        '"not_met"': ';;;"○ "@',
        '"no"': ';;;"○ "@',
        '"unknown"': ';;;"? "@',
    }
    assert head["crime_value"].column_letter not in signs


@pytest.mark.parametrize(
    ("name", "options"),
    [("a.csv", ()), ("a.csv", ("--excel-dk",)), ("a.parquet", ()), ("a.xlsx", ())],
)
def test_a_descriptor_names_the_file_its_digest_and_every_column(
    name: str, options: tuple[str, ...], tmp_path: Path
) -> None:
    import hashlib

    assert udsat(tmp_path, "score", SAMPLE, "-o", name, "--datapackage", *options).status == 0
    (resource,) = json.loads((tmp_path / datapackage.NAME).read_text(encoding="utf-8"))["resources"]
    data = (tmp_path / name).read_bytes()
    assert (resource["path"], resource["bytes"]) == (name, len(data))
    assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
    fields = {field["name"]: field for field in resource["schema"]["fields"]}
    assert (
        fields["list_date"]["type"],
        fields["met_count"]["type"],
        fields["crime_margin"]["type"],
    ) == ("date", "integer", "number")
    assert fields["crime"]["constraints"]["enum"] == ["met", "not_met", "unknown"]
    assert ("decimalChar" in fields["crime_margin"]) == bool(options)


def test_a_descriptor_of_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / datapackage.NAME).write_text('{"resources": [{"path": "other.csv"}]}')
    before = contents(tmp_path)
    run = udsat(tmp_path, "score", SAMPLE, "-o", "a.csv", "--datapackage")
    assert (run.status, "UD505" in run.err, contents(tmp_path)) == (2, True, before)


def test_a_descriptor_of_the_same_output_is_renewed(tmp_path: Path) -> None:
    for _ in range(2):
        assert udsat(tmp_path, "score", SAMPLE, "-o", "a.csv", "--datapackage").status == 0


@pytest.mark.parametrize("detail", ["areas", "criteria"])
def test_markdown_is_a_table_with_a_row_for_each_row_and_says_that_it_is_not_official(
    detail: str, tmp_path: Path
) -> None:
    out = udsat(tmp_path, "score", SAMPLE, "--format", "markdown", "--detail", detail).out
    tokens = MarkdownIt("commonmark").enable("table").parse(out)
    rows = len([token for token in tokens if token.type == "tr_open"]) - 1
    assert rows == len(
        udsat(tmp_path, "score", SAMPLE, "--format", "csv", "--detail", detail).csv()
    )
    assert "not the official list" in out


@pytest.mark.parametrize(
    "arguments",
    [
        ["--format", "csv"],
        ["--format", "csv", "--detail", "criteria"],
        ["--format", "json", "--only", "haard_ghetto"],
        ["--format", "csv", "--vary", "udsat.count=1..3"],
        ["--format", "csv", "--basis", "computed", "--fail-on", "udsat"],
    ],
    ids=" ".join,
)
def test_verdicts_of_polars_go_out_like_those_of_the_embedded_engine(
    tmp_path: Path, arguments: list[str]
) -> None:
    runs = [
        udsat(tmp_path, "score", SAMPLE, *arguments, "--engine", engine)
        for engine in ("duckdb", "polars")
    ]
    assert runs[0] == runs[1]
    assert len(runs[0].out) > 1_000


def test_a_workbook_of_verdicts_of_polars_has_every_sheet(tmp_path: Path) -> None:
    for engine in ("duckdb", "polars"):
        assert (
            udsat(tmp_path, "score", SAMPLE, "--engine", engine, "-o", f"{engine}.xlsx").status == 0
        )
    books = [openpyxl.load_workbook(tmp_path / f"{engine}.xlsx") for engine in ("duckdb", "polars")]
    assert [list(sheet.values) for sheet in books[0]] == [list(sheet.values) for sheet in books[1]]
    assert {"verdicts", "criteria", "changes", "unknowns"} <= set(books[1].sheetnames)
