"""Parquet, gzip, references, lists of areas, column maps, and the names of files."""

from __future__ import annotations

import datetime as dt
import gzip
import io
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from case import HEAD, ROW, SAYS, SHORT, Case, bad, good

BASE = f"{HEAD}\n{ROW}\n".encode()
TABLE = f"{SHORT}\nBispehaven;2019;3,45\n".encode()
ON = "Bispehaven: crime=3.45"


def parquet(**columns: Any) -> bytes:
    """Return a Parquet file of one area, with some columns replaced or added."""
    given: dict[str, Any] = {
        "area": ["Bispehaven"],
        "municipality": ["Aarhus"],
        "list_year": [2019],
        "residents": [2000],
        "convicted_pct": [3.45],
    }
    given |= columns
    return of_table(
        pa.table({name: values for name, values in given.items() if values is not None})
    )


def of_table(table: pa.Table) -> bytes:
    """Return a table as a Parquet file."""
    stream = io.BytesIO()
    pq.write_table(table, stream)
    return stream.getvalue()


def read(name: str, odd: str, values: str = ON, **columns: Any) -> Case:
    """Return a Parquet file that is read."""
    return good(f"parquet/{name}.parquet", parquet(**columns), odd, values)


def wrong(name: str, odd: str, codes: str, **columns: Any) -> Case:
    """Return a Parquet file that is refused."""
    return bad(f"parquet/{name}.parquet", parquet(**columns), odd, codes)


DAY = dt.date(2019, 12, 1)
PARQUETS = [
    read("plain", "floats and whole numbers"),
    read("decimal", "decimals", convicted_pct=pa.array([Decimal("3.450")])),
    read("text_comma", "numbers as text with a decimal comma", convicted_pct=["3,45"]),
    read("text_point", "numbers as text with a decimal point", convicted_pct=["3.45"]),
    wrong(
        "text_unclear",
        "text that can be read in two ways beside true numbers",
        "UD308",
        residents=["2.000"],
    ),
    read("dictionary", "names in a dictionary", area=pa.array(["Bispehaven"]).dictionary_encode()),
    read(
        "int8",
        "the smallest whole numbers",
        "Bispehaven: origin=71",
        non_western_pct=pa.array([71], pa.int8()),
    ),
    read(
        "float32",
        "floats of 32 bits stand for what they show",
        convicted_pct=pa.array([3.45], pa.float32()),
    ),
    read("nan", "not a number is a gap", "Bispehaven: crime=None", convicted_pct=[float("nan")]),
    read(
        "null",
        "nothing is a gap",
        "Bispehaven: crime=None",
        convicted_pct=pa.array([None], pa.float64()),
    ),
    read("null_type", "a column of nothing", "Bispehaven: residents=None", residents=pa.nulls(1)),
    wrong("infinity", "infinity", "UD101@1:convicted_pct", convicted_pct=[float("inf")]),
    wrong(
        "minus_999",
        "a number that means missing elsewhere",
        "UD102@1:convicted_pct",
        convicted_pct=[-999.0],
    ),
    wrong("truth", "truth values", "UD101@1:convicted_pct", convicted_pct=[True]),
    wrong(
        "nested_number",
        "a list where a number should be",
        "UD101@1:convicted_pct",
        convicted_pct=[[3.45]],
    ),
    read("nested_other", "a nested column is handed through", x=[{"a": 1}]),
    wrong(
        "bytes",
        "names as bytes, of which nobody says how they are read",
        "UD303:area",
        area=pa.array(["Ørebæk".encode()], pa.binary()),
    ),
    read(
        "types",
        "columns of every type are handed through",
        d=[DAY],
        t=[dt.datetime(2019, 1, 1, 3)],
        clock=[dt.time(3, 4)],
        took=pa.array([5], pa.duration("s")),
        dec=[Decimal("1.50")],
        large=pa.array([2**63], pa.uint64()),
        pairs=pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int64())),
        packed=pa.array([{"x": b"\xff"}]),
        many=[[1, 2]],
        zone=pa.array([dt.datetime(2019, 1, 1)], pa.timestamp("us", "UTC")),
        zones=pa.array([[dt.datetime(2019, 1, 1)]], pa.list_(pa.timestamp("us", "UTC"))),
    ),
    read(
        "bytes_other",
        "bytes in a column that is handed through",
        blob=pa.array([b"\xff\x00"], pa.binary()),
    ),
    read("date", "a date", "Bispehaven: list_date=2019-12-01", list_year=None, list_date=[DAY]),
    read(
        "timestamp",
        "a moment at midnight",
        "Bispehaven: list_date=2019-12-01",
        list_year=None,
        list_date=pa.array([dt.datetime(2019, 12, 1)], pa.timestamp("ns")),
    ),
    wrong(
        "timestamp_noon",
        "a moment at noon",
        "UD106@1:list_date",
        list_year=None,
        list_date=pa.array([dt.datetime(2019, 12, 1, 12)], pa.timestamp("us")),
    ),
    wrong(
        "timestamp_zone",
        "midnight in Copenhagen is the day before elsewhere",
        "UD106@1:list_date",
        list_year=None,
        list_date=pa.array(
            [dt.datetime(2019, 11, 30, 23)], pa.timestamp("us", "Europe/Copenhagen")
        ),
    ),
    read("year_float", "years as floats", list_year=[2019.0]),
    read("year_text", "years as text", list_year=["2019"]),
    read(
        "code_float", "codes that became floats when one was missing", "84: crime=3.45", area=[84.0]
    ),
    read("code_text", "codes as text keep their zeros", "0084: crime=3.45", area=["0084"]),
    wrong("area_blank", "a name of a space that does not break", "UD105@1:area", area=["\u00a0"]),
    wrong("area_nan", "a name that another program lost", "UD105@1:area", area=["nan"]),
    wrong("area_error", "an error as a name", "UD114@1:area", area=["#N/A"]),
    wrong("area_total", "a total among the areas", "UD113@1:area", area=["I alt"]),
    read(
        "municipality_gap",
        "two dots are no municipality",
        "Bispehaven: municipality=None",
        municipality=[".."],
    ),
    bad(
        "parquet/fractions.parquet",
        of_table(pa.table({"area": ["B"], "list_year": [2019], "Andel dømte": [0.0345]})),
        "fractions under a heading without unit",
        "UD112@1:Andel dømte",
        status=2,
    ),
    bad(
        "parquet/case_twice.parquet",
        of_table(
            pa.table(
                [pa.array(x) for x in (["B"], ["C"], [2019], [3.45])],
                names=["area", "Area", "list_year", "convicted_pct"],
            )
        ),
        "columns that differ in case alone",
        "UD304@1:Area",
    ),
    bad(
        "parquet/zero_rows.parquet",
        of_table(
            pa.table(
                {
                    "area": pa.array([], pa.string()),
                    "list_year": pa.array([], pa.int64()),
                    "convicted_pct": pa.array([], pa.float64()),
                }
            )
        ),
        "no rows",
        "UD302",
    ),
    bad("parquet/truncated.parquet", parquet()[:300], "half a file", "UD303"),
    bad("parquet/no_end.parquet", parquet()[:-1], "the last byte is missing", "UD303"),
    bad("parquet/four_bytes.parquet", b"PAR1", "the first four bytes alone", "UD303"),
    bad("parquet/text.parquet", BASE, "text under the ending of Parquet", "UD303"),
    bad("parquet/parquet.csv", parquet(), "Parquet under the ending of text", "UD303"),
    good(
        "parquet/list_year=2014/hive.parquet",
        parquet(),
        "a folder named as a column is no column",
        "Bispehaven: list_date=2019-12-01",
    ),
    good("parquet/brackets[1].parquet", parquet(), "brackets in a name are no pattern", ON),
    good("parquet/quote's.parquet", parquet(), "an apostrophe in a name", ON),
]


def gz(data: bytes) -> bytes:
    """Return packed bytes, without a time."""
    return gzip.compress(data, mtime=0)


PACKED = [
    good("packed/liste.csv.gz", gz(BASE), "gzip", SAYS),
    good("packed/members.csv.gz", gz(BASE[:100]) + gz(BASE[100:]), "gzip of two members", SAYS),
    good("packed/padded.csv.gz", gz(BASE) + b"\0" * 512, "gzip with padding, as on tapes", SAYS),
    good("packed/unsaid.csv", gz(BASE), "gzip that does not say so", SAYS),
    good("packed/no_inner_ending.gz", gz(BASE), "gzip that does not say of what", SAYS),
    bad("packed/truncated.csv.gz", gz(BASE)[:60], "gzip that breaks off", "UD303"),
    bad("packed/no_trailer.csv.gz", gz(BASE)[:-4], "gzip without its last bytes", "UD303"),
    bad(
        "packed/flipped.csv.gz",
        gz(BASE)[:-8] + b"\0\0\0\0" + gz(BASE)[-4:],
        "gzip with a wrong checksum",
        "UD303",
    ),
    bad(
        "packed/rubbish_behind.csv.gz",
        gz(BASE) + b"rubbish",
        "gzip with rubbish behind it",
        "UD303",
    ),
    bad("packed/twice.csv.gz", gz(gz(BASE)), "gzip in gzip", "UD303"),
    bad("packed/parquet.parquet.gz", gz(parquet()), "Parquet in gzip", "UD303"),
    bad(
        "packed/parquet.csv.gz", gz(parquet()), "Parquet in gzip under the ending of text", "UD303"
    ),
    bad("packed/empty.csv.gz", gz(b""), "gzip of nothing", "UD302"),
    bad("packed/two_bytes.csv.gz", b"\x1f\x8b", "the first two bytes of gzip", "UD303"),
    bad(
        "packed/page.csv",
        "<!DOCTYPE html><html><body>Log ind</body></html>",
        "a web page to log in, saved as CSV",
        "UD303",
        says="web page",
    ),
    bad(
        "packed/object.csv",
        '{"error": "not found"}',
        "an error message in JSON",
        "UD303",
        says="JSON",
    ),
    bad("packed/pdf.csv", b"%PDF-1.7\n%\xe2\xe3\n", "a PDF", "UD303", says="PDF"),
    bad("packed/picture.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a picture", "UD303"),
]

REFERENCE = "list_year,measure,scope,region,criterion,value,unit"
LISTED = "list_date,category,area,municipality"


def reference(name: str, text: str, odd: str, codes: str, values: str = "") -> Case:
    """Return a case of a file of references."""
    file = f"given/reference_{name}.csv"
    status = 2 if codes else 0
    return Case(
        odd,
        {file: text.encode() if isinstance(text, str) else text},
        f"--references {file}",
        status,
        codes,
        values,
        "",
        "given/table.csv",
    )


def history(name: str, text: str, odd: str, codes: str) -> Case:
    """Return a case of a file of lists."""
    file = f"given/history_{name}.csv"
    return Case(
        odd,
        {file: text.encode()},
        f"--history {file}",
        2 if codes else 0,
        codes,
        "" if codes else ON,
        "",
        "given/table.csv",
    )


def mapping(name: str, text: str, odd: str, codes: str) -> Case:
    """Return a case of a column map."""
    file = f"given/map_{name}.toml"
    return Case(
        odd,
        {file: text.encode() if isinstance(text, str) else text},
        f"--columns {file}",
        2,
        codes,
        "",
        "",
        "given/table.csv",
    )


LIMIT = "2019,convicted,limit,,crime,2.03,percent"
GIVEN = [
    good("given/table.csv", TABLE, "the table that references and lists are given with", ON),
    reference("good", f"{REFERENCE}\n{LIMIT}\n", "a limit", "", "Bispehaven: crime.limit=2.03"),
    reference(
        "danish",
        f"{REFERENCE}\n{LIMIT}\n".replace(",", ";").replace("2.03", "2,03"),
        "a limit with a decimal comma",
        "",
        "Bispehaven: crime.limit=2.03",
    ),
    reference(
        "thousands",
        f"{REFERENCE}\n2019,gross_income,region,Sjælland,,180.000,dkk\n",
        "180.000 kroner, or 180",
        "UD308:value",
    ),
    reference(
        "two_marks",
        f'{REFERENCE}\n{LIMIT}\n2018,convicted,limit,,crime,"1,98",percent\n',
        "two decimal marks",
        "UD308:value",
    ),
    reference(
        "unit_in_cell",
        f"{REFERENCE}\n2019,convicted,limit,,crime,2.03 %,per_10000\n",
        "percent in a row per 10,000",
        "UD309@2",
    ),
    reference(
        "above_all",
        f"{REFERENCE}\n2019,convicted,limit,,crime,203,percent\n",
        "a limit above 100 percent",
        "UD309@2",
    ),
    reference(
        "two_dates",
        f"list_date,{REFERENCE}\n2018-12-01,{LIMIT}\n",
        "two dates in one row",
        "UD309@2",
    ),
    reference(
        "twice",
        f"{REFERENCE}\n{LIMIT}\n{LIMIT.replace('2.03', '2.04')}\n",
        "two limits for one list",
        "UD309",
    ),
    reference(
        "no_measure",
        f"{REFERENCE}\n2019,crime,limit,,crime,2.03,percent\n",
        "a criterion for a measure",
        "UD309@2",
    ),
    reference(
        "no_value",
        f"{REFERENCE}\n2019,convicted,limit,,crime,,percent\n",
        "no value: a line that says nothing",
        "",
        ON,
    ),
    reference(
        "bound", f"{REFERENCE}\n2019,convicted,limit,,crime,<5,percent\n", "a bound", "UD309@2"
    ),
    reference("ragged", f"{REFERENCE}\n2019,convicted,limit\n", "a row cut short", "UD309@2"),
    reference("no_columns", "a,b\n1,2\n", "another table", "UD309@1"),
    reference("empty", "", "an empty file", "UD302"),
    reference("header", f"{REFERENCE}\n", "headings alone", "UD302"),
    reference(
        "open_quote",
        f'{REFERENCE}\n"2019,convicted\n',
        "a quotation mark that is never closed",
        "UD303@2",
    ),
    history("good", f"{LISTED}\n2018-12-01,ghetto,Bispehaven,Aarhus\n", "a list", ""),
    history(
        "no_category",
        f"{LISTED}\n2018-12-01,slum,Bispehaven,Aarhus\n",
        "a category that no law has",
        "UD310@2",
    ),
    history("no_area", f"{LISTED}\n2018-12-01,ghetto,,Aarhus\n", "a row without a name", "UD310@2"),
    history(
        "no_municipality",
        f"{LISTED}\n2018-12-01,ghetto,Bispehaven,\n",
        "a row without its municipality could not be found",
        "UD310@2",
    ),
    history(
        "two_statuses",
        f"{LISTED},status\n2018-12-01,ghetto,A,Skive,printed\n2018-12-01,ghetto,C,Skive,trial\n",
        "one list with two statuses",
        "UD310@3",
    ),
    history(
        "bad_date",
        f"{LISTED}\n2018-13-01,ghetto,Bispehaven,Aarhus\n",
        "a month that there is not",
        "UD310@2",
    ),
    history("ragged", f"{LISTED}\n2018-12-01,ghetto\n", "a row cut short", "UD310@2"),
    history("no_columns", "a,b\n1,2\n", "another table", "UD310@1"),
    mapping("no_toml", "Afdeling = area", "a text without quotation marks", "UD312"),
    mapping("unknown", '[columns]\n"Afdeling" = "areal"\n', "a column that there is not", "UD312"),
    mapping("no_table", '"Afdeling" = "area"\n', "no table of columns", "UD312"),
    mapping(
        "more",
        '[columns]\n"Afdeling" = "area"\n[rows]\nx = 1\n',
        "more than a table of columns",
        "UD312",
    ),
    mapping("number", '[columns]\n"Afdeling" = 1\n', "a number for a column", "UD312"),
    mapping("utf16", "[columns]\n".encode("utf-16"), "UTF-16", "UD312"),
    mapping(
        "twice",
        '[columns]\n"Andel dømte" = "convicted_pct"\n"andel  dømte" = "convicted_per_1000"\n',
        "one heading in two spellings, with two meanings",
        "UD312",
    ),
    Case(
        "a column map that is not there",
        {"given/table.csv": TABLE},
        "--columns given/none.toml",
        2,
        "UD301",
    ),
    Case(
        "references that are not there",
        {"given/table.csv": TABLE},
        "--references given/none.csv",
        2,
        "UD301",
    ),
    Case("a folder for references", {"given/table.csv": TABLE}, "--references given", 2, "UD301"),
    good(
        "maps/own.csv",
        b"Afdeling;Liste;Andel\nBispehaven;2019;3,45\n",
        "headings of the user's own",
        ON,
        options="--columns maps/all.toml",
    ),
]
MAPS = {
    "maps/own.toml": '[columns]\n"Afdeling" = "area"\n"Liste" = "list_year"\n"Dømte unge og gamle" = "convicted_pct"\n',
    "maps/all.toml": '[columns]\n"Afdeling" = "area"\n"Liste" = "list_year"\n"Andel" = "convicted_pct"\n',
    "maps/share.toml": '[columns]\n"Andel dømte" = "convicted_pct"\n',
}

NAMES = [
    good("names/æøå liste 2019.csv", BASE, "Danish letters and spaces in the name of a file", SAYS),
    good("names/liste [1].csv", BASE, "brackets in the name of a file", SAYS),
    good("names/liste.2019.12.csv", BASE, "several dots in the name of a file", SAYS),
    good("names/LISTE.CSV", BASE, "capitals in the name of a file", SAYS),
    good("names/liste", BASE, "no ending", SAYS),
    good("names/liste.dat", BASE, "an unknown ending is read as text", SAYS),
    good("names/-liste.csv", BASE, "a name that begins as an option does", SAYS, options="--"),
    good("names/100%.csv", BASE, "a percent sign in the name of a file", SAYS),
    Case(
        "a folder of two tables, a lock file, a hidden file and a letter",
        {
            "folders/mixed/2018.csv": BASE.replace(b"2019", b"2018"),
            "folders/mixed/2019.csv": BASE,
            "folders/mixed/~$2019.xlsx": b"lock",
            "folders/mixed/.hidden.csv": b"x",
            "folders/mixed/brev.docx": b"PK",
        },
        "",
        0,
        "",
        "rows=2",
        "",
        "folders/mixed",
    ),
    Case(
        "a pattern",
        {},
        "",
        0,
        "",
        "rows=1 Bispehaven: list_date=2018-12-01",
        "",
        "folders/mixed/*18.csv",
    ),
    Case("a pattern that matches nothing", {}, "", 2, "UD301", "", "", "folders/mixed/*99.csv"),
    Case(
        "a folder without tables",
        {"folders/none/brev.docx": b"PK"},
        "",
        2,
        "UD301",
        "",
        "",
        "folders/none",
    ),
    Case(
        "a folder with one table twice",
        {"folders/twice/a.csv": TABLE, "folders/twice/b.csv": TABLE},
        "",
        1,
        "UD201@2 UD201@2",
        "",
        "",
        "folders/twice",
    ),
    Case(
        "a folder of lists and of calendar years",
        {"folders/keys/a.csv": TABLE, "folders/keys/b.csv": TABLE.replace(b"list_year", b"year")},
        "",
        2,
        "UD307",
        "",
        "",
        "folders/keys",
    ),
    Case("a file that is not there", {}, "", 2, "UD301", "", "", "names/none.csv"),
    Case(
        "two files with counts and other columns",
        {
            "folders/other/a.csv": TABLE,
            "folders/other/b.csv": b"area;list_year;non_western;non_western_base;note\nVollsmose;2019;7;10;x\n",
        },
        "",
        0,
        "",
        "rows=2 Vollsmose: origin=70 input.note=x",
        "",
        "folders/other",
    ),
]

CASES = [*PARQUETS, *PACKED, *GIVEN, *NAMES]
EXTRA = {name: text.encode() for name, text in MAPS.items()}
