"""Workbooks."""

from __future__ import annotations

from book import Raw, book, error, formula, packed, sheet, shown
from case import HEAD, SAYS, Case, bad, good

HEADINGS = HEAD.split(";")
ROW = ["Bispehaven", "Aarhus", 2019, 2000, 3.45, 71.5]


def changed(**cells: object) -> list[object]:
    """Return the row with some cells replaced, by letter of the column."""
    return [cells.get(letter, value) for letter, value in zip("ABCDEF", ROW, strict=True)]


def table(*rows: object, **layout: object) -> str:
    """Return a sheet with the headings and rows."""
    return sheet([HEADINGS, *(rows or (ROW,))], **layout)  # type: ignore[arg-type]


def one(name: str, row: object, odd: str, values: str = SAYS) -> Case:
    """Return a workbook of one sheet with one row that is read."""
    return good(f"sheets/{name}.xlsx", book({"Ark1": table(row)}), odd, values)


def wrong(name: str, row: object, odd: str, codes: str) -> Case:
    """Return a workbook of one sheet with one row that is refused."""
    return bad(f"sheets/{name}.xlsx", book({"Ark1": table(row)}), odd, codes)


DATED = ["Område", "Listedato", "Andel dømte (pct.)"]
ON = "Bispehaven: list_date=2019-12-01 crime=3.45"
OTHER = sheet([["Forklaring"], ["Tallene er foreløbige"]])
PLAIN = book({"Ark1": table()})
CONVICTED, ORIGIN = HEADINGS[4], HEADINGS[5]

CASES = [
    good("sheets/plain.xlsx", PLAIN, "a plain workbook", says="sheet 'Ark1'"),
    good("sheets/macros.xlsm", PLAIN, "the ending of a workbook with macros"),
    good("sheets/CAPITALS.XLSX", PLAIN, "an ending in capitals"),
    good(
        "sheets/two_sheets.xlsx",
        book({"Læs mig": OTHER, "Data": table()}),
        "an explanation, then the table",
        says="sheet 'Data'",
    ),
    bad(
        "sheets/two_tables.xlsx",
        book({"2018": table(), "2019": table()}),
        "two sheets with tables",
        "UD313",
    ),
    good(
        "sheets/two_tables_said.xlsx",
        book({"2018": table(changed(C=2018)), "2019": table()}),
        "two sheets with tables, and --sheet",
        options="--sheet 2019",
    ),
    good(
        "sheets/two_tables_number.xlsx",
        book({"a": table(changed(C=2018)), "b": table()}),
        "two sheets with tables, and the number of one",
        options="--sheet 2",
    ),
    bad("sheets/no_such_sheet.xlsx", PLAIN, "a sheet that is not there", "UD509", "--sheet Ark9"),
    good(
        "sheets/hidden_sheet.xlsx",
        book({"Gammel": table(changed(E=9)), "Ny": table()}, hidden=["Gammel"]),
        "a hidden sheet with another table is not read",
        says="sheet 'Ny'",
    ),
    good(
        "sheets/hidden_said.xlsx",
        book({"Gammel": table(changed(E=9)), "Ny": table()}, hidden=["Gammel"]),
        "a hidden sheet that the user names is read",
        "Bispehaven: crime=9",
        options="--sheet Gammel",
    ),
    bad(
        "sheets/all_hidden.xlsx",
        book({"Ark1": table()}, hidden=["Ark1"]),
        "no sheet that can be seen",
        "UD302",
    ),
    good(
        "sheets/chart_first.xlsx",
        book({"Ark1": table()}, chart=["Diagram"]),
        "a chart sheet beside the table",
    ),
    bad("sheets/empty.xlsx", book({"Ark1": sheet([])}), "an empty sheet", "UD302"),
    bad("sheets/header_only.xlsx", book({"Ark1": sheet([HEADINGS])}), "headings alone", "UD302"),
    good(
        "sheets/merged_title.xlsx",
        book(
            {
                "Ark1": sheet(
                    [["Udsatte boligområder 2019"], [None], HEADINGS, ROW], merged=["A1:F1"]
                )
            }
        ),
        "a merged title",
        says="1 title row skipped",
    ),
    bad(
        "sheets/merged_rows.xlsx",
        book({"Ark1": table(ROW, changed(A="Gellerup", B=None), merged=["B2:B3"])}),
        "one municipality merged over two rows: the second would have none",
        "UD314@2",
    ),
    good(
        "sheets/merged_heading.xlsx",
        book({"Ark1": sheet([["Tal", None], HEADINGS, ROW], merged=["A1:F1"])}),
        "a heading merged over columns",
    ),
    good(
        "sheets/note_below.xlsx",
        book({"Ark1": table(ROW, [None], ["Kilde: Danmarks Statistik"])}),
        "a note below",
        says="1 note below",
    ),
    good(
        "sheets/starts_at_c5.xlsx",
        book({"Ark1": sheet([[None, None, *HEADINGS], [None, None, *ROW]], start=5)}),
        "a table that starts in C5",
    ),
    good(
        "sheets/hidden_row.xlsx",
        book({"Ark1": table(ROW, changed(A="Gellerup"), hidden_rows=[3])}),
        "a hidden row is a row",
        "rows=2",
    ),
    one("numbers_as_text", changed(D="2.000", E="3,45", F="71,5"), "numbers stored as text"),
    one("mixed", changed(E="3,45"), "numbers beside text with a decimal comma"),
    wrong(
        "text_unclear",
        changed(D="2.000"),
        "text that can be read in two ways beside true numbers",
        "UD308",
    ),
    one(
        "percent",
        changed(E=shown(0.0345, "0.0%"), F=shown(0.715, "0.0%")),
        "percentages, stored as fractions",
    ),
    one(
        "percent_whole",
        changed(E=shown(0.0345, "0%;-0%"), F=shown(0.715, "0%;-0%")),
        "percentages shown without decimals keep them",
    ),
    one("percent_no_dimension", changed(E=shown(0.0345, "0.0%")), "percentages"),
    good(
        "sheets/percent_wrong_dimension.xlsx",
        book({"Ark1": table(changed(E=shown(0.0345, "0.0%")), dimension="A1")}),
        "percentages beyond the size that the sheet says it has",
    ),
    one(
        "percent_literal",
        changed(E=shown(3.45, '0.0"%"'), F=shown(71.5, "0.0\\%")),
        "a percent sign that is only written behind the number",
    ),
    bad(
        "sheets/percent_and_fraction.xlsx",
        book({"Ark1": table(changed(E=shown(0.0345, "0.0%")), changed(A="Gellerup", E=0.02))}),
        "a percentage, and below it a fraction that lost its format",
        f"UD112@3:{CONVICTED}",
    ),
    wrong(
        "percent_of_persons",
        changed(D=shown(0.5, "0.0%")),
        "a percentage of residents",
        "UD111@2:Antal beboere",
    ),
    one("float_dust", changed(E=3.4500000000000001, F=71.5), "the dust of binary fractions"),
    good(
        "sheets/percent_dust.xlsx",
        book({"Ark1": table(changed(E=Raw('<c r="{r}" s="1"><v>3.4500000000000003E-2</v></c>')))}),
        "a percentage with dust behind it is no exact value",
        "rows=1",
    ),
    wrong("error", changed(E=error("#N/A")), "an error is no gap", f"UD114@2:{CONVICTED}"),
    wrong(
        "error_division",
        changed(E=error("#DIV/0!")),
        "a division by nought",
        f"UD114@2:{CONVICTED}",
    ),
    wrong("error_area", changed(A=error("#REF!")), "an error as a name", "UD114@2:Område"),
    wrong(
        "error_formula",
        changed(E=Raw('<c r="{r}" t="e"><f>1/0</f><v>#DIV/0!</v></c>')),
        "a formula that went wrong",
        f"UD114@2:{CONVICTED}",
    ),
    one("formula", changed(E=formula("345/100", 3.45)), "a formula with its value"),
    wrong(
        "formula_no_value",
        changed(D=formula("1000*2")),
        "a formula that was never calculated is no gap",
        "UD114@2:Antal beboere",
    ),
    one(
        "formula_empty_text",
        changed(E=formula('""', "")),
        "a formula that gives an empty text is a gap",
        "Bispehaven: crime=None",
    ),
    wrong("truth", changed(E=True), "a truth value", f"UD101@2:{CONVICTED}"),
    wrong(
        "date_in_number",
        changed(E=shown(43800, "yyyy-mm-dd")),
        "a date among shares",
        f"UD101@2:{CONVICTED}",
    ),
    wrong(
        "range_that_became_a_date",
        changed(D=shown(44380, "d/m/yyyy")),
        "3-7 that Excel took for the 3rd of July",
        "UD101@2:Antal beboere",
    ),
    one(
        "code_with_format",
        changed(A=shown(84, "000")),
        "a code that a format shows with its zeros",
        "084: crime=3.45",
    ),
    one("code_without_format", changed(A=84), "a code as a number", "84: crime=3.45"),
    one(
        "kroner_format",
        changed(D=shown(2000, '#,##0 "kr."')),
        "a format that writes a unit changes no number",
    ),
    one(
        "thousands_format",
        changed(D=shown(2000, "#,##0,")),
        "a format that shows thousands changes no number",
    ),
    one("spaces", changed(A="  Bispehaven\u00a0", B=" Aarhus "), "spaces around names"),
    good(
        "sheets/date.xlsx",
        book({"Ark1": sheet([DATED, ["Bispehaven", shown(43800, "yyyy-mm-dd"), 3.45]])}),
        "a date",
        ON,
    ),
    good(
        "sheets/date_danish.xlsx",
        book({"Ark1": sheet([DATED, ["Bispehaven", shown(43800, "d/m/yyyy"), 3.45]])}),
        "a date shown as 1/12/2019",
        ON,
    ),
    good(
        "sheets/date_1904.xlsx",
        book(
            {"Ark1": sheet([DATED, ["Bispehaven", shown(42338, "yyyy-mm-dd"), 3.45]])},
            date1904=True,
        ),
        "a date counted from 1904",
        ON,
    ),
    good(
        "sheets/date_text.xlsx",
        book({"Ark1": sheet([DATED, ["Bispehaven", "1.12.2019", 3.45]])}),
        "a date as text",
        ON,
    ),
    bad(
        "sheets/date_american.xlsx",
        book({"Ark1": sheet([DATED, ["Bispehaven", shown(43477, "yyyy-mm-dd"), 3.45]])}),
        "1 December that an American Excel took for 12 January",
        "UD115@2:Listedato",
    ),
    bad(
        "sheets/date_serial.xlsx",
        book({"Ark1": sheet([DATED, ["Bispehaven", 43800, 3.45]])}),
        "a date that lost its format",
        "UD106@2:Listedato",
    ),
    bad(
        "sheets/date_with_time.xlsx",
        book({"Ark1": sheet([DATED, ["Bispehaven", shown(43800.5, "yyyy-mm-dd"), 3.45]])}),
        "a date at noon",
        "UD106@2:Listedato",
    ),
    bad(
        "sheets/year_as_date.xlsx",
        book({"Ark1": table(changed(C=shown(2019, "yyyy-mm-dd")))}),
        "2019 that is shown as a day in 1905",
        "UD106@2:Listeår",
    ),
    bad(
        "sheets/far_cell.xlsx",
        book(
            {
                "Ark1": sheet([HEADINGS, ROW]).replace(
                    "</sheetData>",
                    '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>',
                )
            }
        ),
        "a forgotten cell in the last corner",
        "UD315",
    ),
    good(
        "sheets/far_row.xlsx",
        book(
            {
                "Ark1": sheet([HEADINGS, ROW]).replace(
                    "</sheetData>",
                    '<row r="200000"><c r="A200000" t="inlineStr"><is><t>Kilde: DST</t></is></c></row></sheetData>',
                )
            }
        ),
        "a note far below",
        says="1 note below",
    ),
    bad(
        "sheets/html.xlsx",
        b"<html><table><tr><td>Bispehaven</td></tr></table></html>",
        "a web page under the ending of a workbook",
        "UD303",
        says="web page",
    ),
    bad(
        "sheets/html.xls",
        b"<html><table><tr><td>Bispehaven</td></tr></table></html>",
        "a web page that calls itself .xls, as many systems export it",
        "UD303",
        says="web page",
    ),
    bad(
        "sheets/text.xls",
        "Område;Listeår;Andel dømte (pct.)\nBispehaven;2019;3,45\n",
        "text that calls itself .xls",
        "UD303",
        says="text file",
    ),
    bad(
        "sheets/workbook.xls",
        PLAIN,
        "a workbook under the old ending",
        "UD303",
        says="wrong ending",
    ),
    bad(
        "sheets/workbook.csv",
        PLAIN,
        "a workbook under the ending of text",
        "UD303",
        says="zip or Excel",
    ),
    bad("sheets/truncated.xlsx", PLAIN[: len(PLAIN) // 2], "half a workbook", "UD303"),
    bad(
        "sheets/zeros.xlsx",
        PLAIN[:200] + b"\0" * 400 + PLAIN[600:],
        "a workbook with a hole",
        "UD303",
    ),
    bad(
        "sheets/zip.xlsx",
        packed({"liste.csv": b"area;list_year\n"}),
        "a zip file that is no workbook",
        "UD303",
        says="zip file",
    ),
    bad("sheets/empty_file.xlsx", b"", "no bytes", "UD302"),
    bad(
        "sheets/no_sheet_part.xlsx",
        packed({"xl/workbook.xml": b"<workbook/>"}),
        "a workbook without sheets",
        "UD303",
    ),
    bad(
        "sheets/broken_xml.xlsx",
        book({"Ark1": table().replace("</row>", "", 1)}),
        "a sheet whose XML breaks off",
        "UD303",
    ),
    bad(
        "sheets/entities.xlsx",
        book(
            {
                "Ark1": table()
                .replace(
                    "<worksheet",
                    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><worksheet',
                    1,
                )
                .replace("Bispehaven", "&b;")
            }
        ),
        "a sheet that declares entities",
        "UD303",
    ),
    Case(
        "an old workbook: which of its numbers are percentages cannot be told",
        {"sheets/old.xls": None},
        "",
        2,
        "UD303",
        "",
        "old Excel file",
    ),
    Case(
        "an old workbook under the new ending",
        {"sheets/old.xlsx": None},
        "",
        2,
        "UD303",
        "",
        "old Excel file",
    ),
    Case("a sheet of LibreOffice", {"sheets/libre.ods": None}, "", 2, "UD303", "", "OpenDocument"),
    Case(
        "a workbook with a password", {"sheets/password.xlsx": None}, "", 2, "UD303", "", "password"
    ),
]
