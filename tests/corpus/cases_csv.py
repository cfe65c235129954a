"""Text files: dialects, encodings, title rows and notes, cells and headings."""

from __future__ import annotations

import codecs

from case import HEAD, ROW, SAYS, SHORT, Case, bad, good

BASE = f"{HEAD}\n{ROW}\n"
ENGLISH = "area,municipality,list_year,residents,convicted_pct,non_western_pct\nBispehaven,Aarhus,2019,2000,3.45,71.5\n"


def short(cell: str, heading: str = "convicted_pct") -> str:
    """Return a table of one area with one cell."""
    return f"area;list_year;{heading}\nBispehaven;2019;{cell}\nVollsmose;2019;1,2\n"


def one(
    cell: str,
    value: str,
    odd: str,
    heading: str = "convicted_pct",
    name: str = "",
    criterion: str = "crime",
) -> Case:
    """Return a case of a cell that is read."""
    return good(f"cells/{name}.csv", short(cell, heading), odd, f"Bispehaven: {criterion}={value}")


def wrong(cell: str, code: str, odd: str, name: str, heading: str = "convicted_pct") -> Case:
    """Return a case of a cell that is refused."""
    return bad(f"cells/{name}.csv", short(cell, heading), odd, f"{code}@2:{heading}")


def headed(
    name: str, heading: str, odd: str, values: str = "", codes: str = "", cell: str = "3,45"
) -> Case:
    """Return a case of a heading."""
    data = f"Område;Listeår;{heading}\nBispehaven;2019;{cell}\n"
    return (
        good(f"headings/{name}.csv", data, odd, values)
        if values
        else bad(f"headings/{name}.csv", data, odd, codes)
    )


DIALECTS = [
    good(
        "dialects/semicolon.csv",
        BASE,
        "what a Danish spreadsheet writes",
        says="semicolon, decimal comma, UTF-8",
    ),
    good(
        "dialects/comma.csv", ENGLISH, "what an English program writes", says="comma, decimal point"
    ),
    good("dialects/tab.tsv", BASE.replace(";", "\t"), "tabs", says="tab, decimal comma"),
    good("dialects/pipe.txt", BASE.replace(";", "|"), "pipes", says="pipe, decimal comma"),
    good(
        "dialects/comma_quoted_decimals.csv",
        'area,list_year,convicted_pct,non_western_pct\nBispehaven,2019,"3,45","71,5"\n',
        "commas between cells, and decimal commas in quotation marks",
        "Bispehaven: crime=3.45 origin=71.5",
        "comma, decimal comma",
    ),
    bad(
        "dialects/comma_unquoted_decimals.csv",
        "area,list_year,convicted_pct\nBispehaven,2019,3,45\n",
        "commas between cells and unquoted decimal commas: a column more than headings",
        "UD202@2",
    ),
    good(
        "dialects/semicolon_point.csv",
        BASE.replace("3,45", "3.45").replace("71,5", "71.5").replace("2.000", "2,000"),
        "semicolons with decimal points and English thousands",
    ),
    good("dialects/crlf.csv", BASE.replace("\n", "\r\n"), "lines of Windows"),
    good("dialects/cr.csv", BASE.replace("\n", "\r"), "lines of the old Macintosh"),
    good(
        "dialects/mixed_line_ends.csv",
        f"{HEAD}\r\n{ROW}\n{ROW.replace('Bispehaven', 'Gellerup')}\r",
        "three kinds of line ends in one file",
    ),
    good("dialects/no_last_newline.csv", BASE.rstrip("\n"), "the last line has no end"),
    good(
        "dialects/sep_line.csv",
        f"sep=;\r\n{HEAD}\r\n{ROW}\r\n",
        "the line by which Excel tells itself the separator",
        says="1 title row skipped",
    ),
    good(
        "dialects/quoted_everything.csv",
        "\n".join(";".join(f'"{cell}"' for cell in line.split(";")) for line in BASE.splitlines()),
        "all cells in quotation marks",
    ),
    good(
        "dialects/quoted_newline.csv",
        BASE.replace("Bispehaven;", '"Bispe\nhaven";'),
        "a line break within a name",
        "rows=1",
    ),
    good(
        "dialects/quoted_separator.csv",
        'area;list_year;convicted_pct\n"Ringparken; Slagelse";2019;3,45\n',
        "a separator within a name",
        "Ringparken; Slagelse: crime=3.45",
    ),
    good(
        "dialects/doubled_quotes.csv",
        'area;list_year;convicted_pct\n"Kvarteret ""Vest""";2019;3,45\n',
        "quotation marks within a name",
        'Kvarteret "Vest": crime=3.45',
    ),
    good(
        "dialects/stray_quote.csv",
        'area;list_year;convicted_pct\nKvarteret "Vest";2019;3,45\n',
        "quotation marks in a cell that is not quoted",
        'Kvarteret "Vest": crime=3.45',
    ),
    bad(
        "dialects/open_quote.csv",
        f'{SHORT}\n"Bispehaven;2019;3,45\nVollsmose;2019;1,2\n',
        "a quotation mark that is never closed",
        "UD303@2",
    ),
    bad(
        "dialects/swallowed_rows.csv",
        f'{SHORT}\n"Bispehaven;2019;3,45\nVollsmose;2019;9,9\nGellerup";2019;1,2\n',
        "two stray quotation marks that make three rows one",
        "UD317@2",
    ),
    bad(
        "dialects/swallowed_in_remark.csv",
        f'{SHORT};remark\nBispehaven;2019;3,45;"ok\nVollsmose;2019;9,9;x\nGellerup;2019;1,2;y"\n',
        "stray quotation marks in a column that is only handed through",
        "UD317@2",
    ),
    good(
        "dialects/remark_with_newlines.csv",
        f'{SHORT};remark\nBispehaven;2019;3,45;"first;\nsecond;\nthird"\n',
        "a remark of several lines with separators in it is no swallowed row",
        "Bispehaven: crime=3.45",
    ),
    good(
        "dialects/spaces_around.csv",
        "area ; list_year ; convicted_pct\n Bispehaven ; 2019 ; 3,45 \n",
        "spaces around every cell",
        "Bispehaven: crime=3.45",
    ),
    good(
        "dialects/trailing_separators.csv",
        f"{HEAD};;;\n{ROW};;;\n",
        "empty cells at the end of every line",
    ),
    good(
        "dialects/trailing_in_rows_only.csv", f"{HEAD}\n{ROW};;\n", "empty cells beyond the header"
    ),
    good(
        "dialects/empty_column.csv",
        "area;;list_year;;convicted_pct\nBispehaven;;2019;;3,45\n",
        "empty columns between others",
        "Bispehaven: crime=3.45",
    ),
    good("dialects/blank_lines.csv", f"\n\n{HEAD}\n\n{ROW}\n\n\n", "blank lines everywhere"),
    good(
        "dialects/lines_of_separators.csv",
        f"{HEAD}\n;;;;;\n{ROW}\n;;;;;\n",
        "lines of nothing but separators",
    ),
    bad(
        "dialects/short_row.csv",
        f"{HEAD}\n{ROW}\nVollsmose;Odense;2019;2.0",
        "the file breaks off within a row",
        "UD202@3",
    ),
    bad("dialects/long_row.csv", f"{HEAD}\n{ROW};7\n", "a row with a cell too many", "UD202@2"),
    good(
        "dialects/delimiter_said.csv",
        "area#list_year#convicted_pct\nBispehaven#2019#3.45\n",
        "a separator that nobody guesses",
        "Bispehaven: crime=3.45",
        options="--delimiter #",
    ),
    bad(
        "dialects/wrong_delimiter_said.csv",
        BASE,
        "the user names the wrong separator",
        "UD302",
        "--delimiter comma",
    ),
    bad(
        "dialects/two_marks.csv",
        "area;list_year;convicted_pct;non_western_pct\nBispehaven;2019;3,45;71.5\n",
        "decimal comma and decimal point in one file",
        "UD308",
    ),
    bad(
        "dialects/thousands_or_decimals.csv",
        "area;list_year;non_western_pct;residents\nBispehaven;2019;71;1.234\n",
        "1.234 and nothing that says which",
        "UD308",
    ),
    good(
        "dialects/thousands_said.csv",
        "area;list_year;non_western_pct;residents\nBispehaven;2019;71;1.234\n",
        "1.234, and --decimal comma",
        "Bispehaven: residents=1234",
        options="--decimal comma",
    ),
    bad(
        "dialects/thousands_said_point.csv",
        "area;list_year;non_western_pct;residents\nBispehaven;2019;71;1.234\n",
        "1.234 persons, and --decimal point",
        "UD110@2:residents",
        "--decimal point",
    ),
    bad(
        "dialects/point_under_comma.csv",
        short("3.45"),
        "a decimal point under --decimal comma is no number, and not read as one",
        "UD101@2:convicted_pct",
        "--decimal comma",
    ),
    bad(
        "dialects/comma_under_point.csv",
        short("3,45"),
        "a decimal comma under --decimal point",
        "UD101@2:convicted_pct UD101@3:convicted_pct",
        "--decimal point",
    ),
    good(
        "dialects/both_marks_in_one.csv",
        "area;list_year;gross_income;non_western_pct\nBispehaven;2019;180.000,50;71\n",
        "thousands and decimals in one cell",
        "rows=1",
        "decimal comma",
    ),
    good(
        "dialects/apostrophe_area.csv",
        "area;list_year;convicted_pct\n'Bispehaven';2019;3,45\n",
        "single quotation marks are letters",
        "'Bispehaven': crime=3.45",
    ),
    good(
        "dialects/one_row_no_decimals.csv",
        "area;list_year;non_western_pct\nBispehaven;2019;71\n",
        "no number with decimals at all",
        "Bispehaven: origin=71",
        "no decimals",
    ),
]

DANISH = BASE.replace("Bispehaven", "Ørebæk Å–kvarter")
TRUE = SAYS.replace("Bispehaven", "Ørebæk Å–kvarter")
ENCODINGS = [
    good("encodings/utf8.csv", DANISH, "UTF-8 without a mark", TRUE, "UTF-8"),
    good(
        "encodings/utf8_bom.csv",
        codecs.BOM_UTF8 + DANISH.encode(),
        "UTF-8 with a byte-order mark",
        TRUE,
        "UTF-8 with BOM",
    ),
    good(
        "encodings/utf16_le.csv",
        codecs.BOM_UTF16_LE + DANISH.encode("utf-16-le"),
        "UTF-16, what Excel calls Unicode text",
        TRUE,
        "UTF-16",
    ),
    good(
        "encodings/utf16_be.csv",
        codecs.BOM_UTF16_BE + DANISH.encode("utf-16-be"),
        "UTF-16 of the other byte order",
        TRUE,
        "UTF-16",
    ),
    bad("encodings/utf16_no_bom.csv", DANISH.encode("utf-16-le"), "UTF-16 without a mark", "UD303"),
    good(
        "encodings/utf16_said.csv",
        DANISH.encode("utf-16-le"),
        "UTF-16 without a mark, named by the user",
        TRUE,
        options="--encoding utf-16-le",
    ),
    bad(
        "encodings/utf16_odd.csv",
        codecs.BOM_UTF16_LE + DANISH.encode("utf-16-le")[:-1],
        "UTF-16 cut within a letter",
        "UD303",
    ),
    bad("encodings/utf32.csv", codecs.BOM_UTF32_LE + DANISH.encode("utf-32-le"), "UTF-32", "UD303"),
    good(
        "encodings/cp1252.csv",
        DANISH.encode("cp1252"),
        "Windows-1252 with a dash of the range 0x80-0x9f",
        TRUE,
        "Windows-1252",
    ),
    good(
        "encodings/cp1252_quotes.csv",
        "Område;Listeår;convicted_pct\nKvarteret “Vest” – Øst…;2019;3,45\n".encode("cp1252"),
        "typographic signs in 0x80-0x9f",
        "Kvarteret “Vest” – Øst…: crime=3.45",
    ),
    bad(
        "encodings/cp1252_undefined.csv",
        "Område;Listeår;convicted_pct\nB\x81;2019;3,45\n".encode("latin-1"),
        "a byte that Windows-1252 does not have",
        "UD303",
    ),
    good(
        "encodings/latin1.csv",
        BASE.replace("Bispehaven", "Ørebæk").encode("latin-1"),
        "ISO 8859-1, which is Windows-1252 where it matters",
        SAYS.replace("Bispehaven", "Ørebæk"),
    ),
    bad(
        "encodings/cp865.csv",
        "Område;Listeår;convicted_pct\nBlåbærvej;2019;3,45\n".encode("cp865"),
        "DOS: Omr†de",
        "UD316@1",
    ),
    bad(
        "encodings/cp865_names.csv",
        "area;list_year;convicted_pct\nBlåbærvej;2019;3,45\n".encode("cp865"),
        "DOS, in a name only: it would not be found on any list",
        "UD316@2",
    ),
    good(
        "encodings/cp865_said.csv",
        "Område;Listeår;convicted_pct\nBlåbærvej;2019;3,45\n".encode("cp865"),
        "DOS, named by the user",
        "Blåbærvej: crime=3.45",
        options="--encoding cp865",
    ),
    bad(
        "encodings/mac_roman.csv",
        "area;list_year;convicted_pct\nSkovgårdsparken;2019;3,45\n".encode("mac-roman"),
        "the old Macintosh: SkovgŒrdsparken",
        "UD316@2",
    ),
    bad(
        "encodings/twice.csv",
        DANISH.encode().decode("cp1252", "replace").encode(),
        "UTF-8 that was read as Windows-1252 and saved again",
        "UD316@1",
    ),
    bad(
        "encodings/two_encodings.csv",
        "area;list_year;convicted_pct\nSkovgårdsparken;2019;3,45\n".encode()
        + "Ørebæk;2019;1,2\n".encode("cp1252"),
        "half UTF-8, half Windows-1252",
        "UD316@2",
    ),
    bad(
        "encodings/utf8_said_1252.csv",
        DANISH,
        "UTF-8 that the user calls Windows-1252",
        "UD316@1",
        "--encoding windows-1252",
    ),
    bad(
        "encodings/utf8_cut.csv",
        "area;list_year;convicted_pct\nBlåbærvej;2019;3,45\nØ".encode()[:-1],
        "UTF-8 cut within its last letter",
        "UD316@2",
    ),
    bad(
        "encodings/replaced.csv",
        "area;list_year;convicted_pct\nBl�b�rvej;2019;3,45\n",
        "letters that another program has lost",
        "UD316@2",
    ),
    bad(
        "encodings/no_such.csv",
        BASE,
        "an encoding that does not exist",
        "UD508",
        "--encoding danish",
    ),
    bad(
        "encodings/undefined.csv",
        BASE,
        "an encoding that refuses all text",
        "UD508",
        "--encoding undefined",
    ),
    bad(
        "encodings/nul.csv",
        BASE.replace("Bispehaven", "Bispe\0haven"),
        "a NUL within a name",
        "UD303",
    ),
    bad(
        "encodings/escape.csv",
        BASE.replace("Bispehaven", "\x1b[31mBispehaven"),
        "a control sequence that would colour a terminal",
        "UD303",
    ),
    good("encodings/dos_end.csv", BASE + "\x1a", "the sign by which DOS ended files", "rows=1"),
    good("encodings/bom_twice.csv", codecs.BOM_UTF8 * 2 + BASE.encode(), "two byte-order marks"),
    good(
        "encodings/decomposed.csv",
        BASE.replace("å", "a\u030a"),
        "å of two signs, as a Macintosh writes it, in headings",
    ),
]

AROUND = [
    good(
        "around/title_rows.csv",
        f"Udsatte boligområder\nOpgjort pr. 1. december 2019\n\n{HEAD}\n{ROW}\n",
        "two titles above the header",
        says="2 title rows skipped",
    ),
    good(
        "around/title_with_separators.csv",
        f"Tabel 1;Udsatte boligområder;2019;;;\n;;;;;\n{HEAD}\n{ROW}\n",
        "a title that has separators",
        says="1 title row skipped",
    ),
    good(
        "around/title_with_commas.csv",
        f"Antal, andele, og mere, pr. område, alle, år\n{HEAD}\n{ROW}\n",
        "a title with more commas than the header has semicolons",
    ),
    good(
        "around/title_is_a_heading.csv",
        f"Område\n{HEAD}\n{ROW}\n",
        "a title that is the same word as a heading",
    ),
    good(
        "around/thirty_titles.csv",
        "".join(f"Linje {n}\n" for n in range(1, 31)) + BASE,
        "thirty lines above the header",
        says="30 title rows skipped",
    ),
    bad(
        "around/forty_titles.csv",
        "".join(f"Linje {n}\n" for n in range(1, 41)) + BASE,
        "more lines above the header than are looked at",
        "UD305@1 UD305@1 UD305@1",
    ),
    good(
        "around/forty_titles_said.csv",
        "".join(f"Linje {n}\n" for n in range(1, 41)) + BASE,
        "forty lines, and --header-row",
        options="--header-row 41",
    ),
    bad(
        "around/header_row_beyond.csv",
        BASE,
        "--header-row below the last line",
        "UD509",
        "--header-row 99",
    ),
    bad("around/header_row_zero.csv", BASE, "--header-row 0", "", "--header-row 0", 2),
    bad(
        "around/header_row_on_a_row.csv",
        f"{BASE}{ROW.replace('Bispehaven', 'Gellerup')}\n",
        "--header-row on a row of figures",
        "UD305@2 UD305@2 UD305@2",
        "--header-row 2",
    ),
    good(
        "around/note_below.csv",
        f"{BASE}\nKilde: Danmarks Statistik\n",
        "a note after a blank line",
        says="1 note below the table left out",
    ),
    good(
        "around/note_without_gap.csv",
        f"{BASE}Kilde: Danmarks Statistik\n",
        "a note right below",
        says="1 note below",
    ),
    good(
        "around/note_padded.csv",
        f"{BASE};;;;;\nKilde: Danmarks Statistik;;;;;\n* Foreløbige tal;;;;;\n",
        "notes padded with separators, as Excel saves them",
        says="2 notes below",
    ),
    good(
        "around/note_with_commas.csv",
        f'{ENGLISH}\n"Source: Statistics Denmark, table X, own figures"\n',
        "a note with commas, quoted",
        says="1 note below",
    ),
    good(
        "around/note_cut_by_commas.csv",
        f"{ENGLISH}Source: Statistics Denmark, own figures\n",
        "a note that its commas cut into cells",
        says="1 note below",
    ),
    good(
        "around/starred_area_last.csv",
        f"{HEAD}\n{ROW}\n*Vollsmose;Odense;2019;9.000;12,5;\n",
        "the last row has a star and a gap, and is a row all the same",
        "rows=2 *Vollsmose: crime=12.5",
    ),
    good(
        "around/lettered_area_last.csv",
        f"{HEAD}\n{ROW}\na) Vollsmose;Odense;2019;9.000;..;71\n",
        "the last row begins as a footnote does",
        "rows=2 a) Vollsmose: origin=71",
    ),
    bad(
        "around/starred_area_cut.csv",
        f"{HEAD}\n{ROW}\n*Vollsmose;Odense;20",
        "the file breaks off within a row with a star",
        "UD202@3",
    ),
    bad(
        "around/broken_last_row.csv",
        f"{HEAD}\n{ROW}\nVollsm",
        "the file breaks off within a name: no note, for no blank line stands before it",
        "UD202@3",
    ),
    bad(
        "around/name_alone.csv",
        f"{HEAD}\n{ROW}\nVollsmose;;;;;\n{ROW.replace('Bispehaven', 'Gellerup')}\n",
        "a name without figures between rows",
        "UD105@3:Listeår",
    ),
    bad(
        "around/total_row.csv",
        f"{BASE}I alt;;2019;2.000;3,45;71,5\n",
        "a row that sums up the others",
        "UD113@3:Område",
    ),
    bad(
        "around/total_row_capitals.csv",
        f"{HEAD}\n{ROW}\nHELE LANDET;;2019;5.800.000;0,7;9\n",
        "the country among the areas",
        "UD113@3:Område",
    ),
    Case(
        "a total, and --skip-invalid",
        {"around/total_row_skipped.csv": f"{HEAD}\n{ROW}\nTotal;;2019;2.000;3,45;71,5\n".encode()},
        "--skip-invalid",
        1,
        "UD113@3:Område",
        "rows=1",
    ),
    bad(
        "around/header_repeated.csv",
        f"{BASE}{HEAD}\n{ROW.replace('Bispehaven', 'Gellerup')}\n",
        "the header once more, as on a second page",
        "UD101@3:Antal beboere UD101@3:Andel dømte (pct.) UD101@3:Andel indvandrere og efterkommere fra ikke-vestlige lande (pct.) UD106@3:Listeår",
    ),
    bad(
        "around/two_tables.csv",
        "Område;Listeår;Andel dømte (pct.)\nBispehaven;2018;3,45\n\nOmråde;Kommune;Listeår;Andel dømte (pct.)\nBispehaven;Aarhus;2019;2,5\n",
        "two tables below each other: the first must not pass for a title",
        "UD318@1",
    ),
    good(
        "around/two_tables_said.csv",
        "Område;Listeår;Andel dømte (pct.)\nBispehaven;2018;3,45\n\nOmråde;Kommune;Listeår;Andel dømte (pct.)\nBispehaven;Aarhus;2019;2,5\n",
        "two tables, and --header-row",
        "rows=1 Bispehaven: crime=2.5",
        options="--header-row 4",
    ),
    bad(
        "around/two_equal_tables.csv",
        f"{BASE}\n{BASE.replace('2019', '2018')}",
        "two tables with the same headings",
        "UD101@4:Antal beboere UD101@4:Andel dømte (pct.) UD101@4:Andel indvandrere og efterkommere fra ikke-vestlige lande (pct.) UD106@4:Listeår",
    ),
    bad("around/header_only.csv", f"{HEAD}\n", "a header and no rows", "UD302"),
    bad(
        "around/header_and_note.csv",
        f"{HEAD}\n\nKilde: Danmarks Statistik\n",
        "a header, no rows, a note",
        "UD302",
    ),
    bad("around/empty.csv", b"", "no bytes", "UD302"),
    bad("around/blank.csv", " \n\n\t\n", "nothing but blanks", "UD302"),
    bad("around/bom_only.csv", codecs.BOM_UTF8, "a byte-order mark and nothing else", "UD302"),
    bad("around/one_word.csv", "Bispehaven\n", "one word", "UD302"),
    bad(
        "around/prose.csv",
        "Kære kollega,\nhermed listen, som aftalt.\nHilsen\n",
        "a letter",
        "UD305@2 UD305@2 UD305@2",
    ),
    bad("around/repeated_key.csv", f"{BASE}{ROW}\n", "one row twice", "UD201@2 UD201@3"),
    bad(
        "around/index_column.csv",
        "Område;Listeår;Andel dømte (pct.)\n0;Bispehaven;2019;3,45\n",
        "an index that has no heading",
        "UD202@2",
    ),
    good(
        "around/index_column_headed.csv",
        ";Område;Listeår;Andel dømte (pct.)\n0;Bispehaven;2019;3,45\n",
        "an index with an empty heading, as pandas writes it",
        "Bispehaven: crime=3.45",
    ),
]

CELLS = [
    one(
        "52, 9",
        "52.9",
        "a space after the comma, as in text from a PDF",
        "non_western_pct",
        "space_after_comma",
        "origin",
    ),
    one(
        "52 ,9",
        "52.9",
        "a space before the comma",
        "non_western_pct",
        "space_before_comma",
        "origin",
    ),
    one("3,45 %", "3.45", "a percent sign", name="percent"),
    one("3,45%", "3.45", "a percent sign without space", name="percent_tight"),
    one("3,45 pct.", "3.45", "pct.", name="pct"),
    one("3,45 PCT", "3.45", "PCT", name="pct_capitals"),
    one("\u00a03,45\u00a0%", "3.45", "spaces that do not break", name="nbsp_percent"),
    one("+3,45", "3.45", "a plus sign", name="plus"),
    one("03,45", "3.45", "a leading zero", name="leading_zero"),
    one("345", "3.45", "per 10,000", "convicted_per_10000", "per_10000"),
    one("34,5", "3.45", "per 1,000", "convicted_per_1000", "per_1000"),
    one("3,450000000", "3.45", "nine decimals", name="nine_decimals"),
    one("3,45e0", "3.45", "a power of ten", name="exponent"),
    one("<5", "None", "a bound: no single value", name="below_five"),
    one("< 5", "None", "a bound with a space", name="below_five_space"),
    one("3-7", "None", "a range", name="range"),
    one("3–7", "None", "a range with a typographic dash", name="range_dash"),
    one("3 – 7 %", "None", "a range with spaces and unit", name="range_spaces"),
    *(
        one(cell, "None", f"a gap written as {cell or 'nothing'}", name=name)
        for cell, name in (
            ("", "gap_empty"),
            ("..", "gap_dots"),
            (".", "gap_dot"),
            ("…", "gap_ellipsis"),
            (":", "gap_colon"),
            ("-", "gap_dash"),
            ("–", "gap_en_dash"),
            ("n/a", "gap_na"),
            ("NaN", "gap_nan"),
            ("NULL", "gap_null"),
        )
    ),
    good(
        "cells/dash_zero.csv",
        short("-"),
        "a dash, and --dash zero",
        "Bispehaven: crime=0",
        options="--dash zero",
    ),
    good(
        "cells/fourteen_decimals.csv",
        short("3,45000000000001"),
        "fourteen decimals are no exact value",
        "Bispehaven: crime=3.45 crime.value_low=3.449999999 crime.value_high=3.450000001",
    ),
    good(
        "cells/thousands_nbsp.csv",
        "area;list_year;residents;convicted_pct\nBispehaven;2019;1\u00a0234;3,45\n",
        "a thousands mark that is a space that does not break",
        "Bispehaven: residents=1234",
    ),
    good(
        "cells/thousands_thin.csv",
        "area;list_year;residents;convicted_pct\nBispehaven;2019;1\u2009234;3,45\nB2;2019;12\u202f345;1,1\n",
        "thin spaces as thousands marks",
        "Bispehaven: residents=1234 | B2: residents=12345",
    ),
    good(
        "cells/thousands_points.csv",
        "area;list_year;residents;gross_income;convicted_pct\nBispehaven;2019;1.234;1.234.567;3,45\n",
        "two groups of thousands",
        "Bispehaven: residents=1234",
    ),
    good(
        "cells/kroner.csv",
        "area;list_year;gross_income;convicted_pct\nBispehaven;2019;165.000 kr.;3,45\n",
        "kroner with their unit",
        "Bispehaven: crime=3.45",
    ),
    wrong("165 t.kr.", "UD101", "thousands of kroner", "t_kr", "gross_income"),
    wrong("3,45 *", "UD101", "a footnote mark", "footnote_star"),
    wrong("3,45²", "UD101", "a raised footnote mark", "footnote_raised"),
    wrong("3,451)", "UD101", "a footnote mark run into the number", "footnote_run_in"),
    wrong("3\u00ad,45", "UD101", "a soft hyphen within a number", "soft_hyphen"),
    wrong("3,4,5", "UD101", "two commas", "two_commas"),
    wrong("3 45", "UD101", "a space where the comma was", "lost_comma"),
    wrong(
        "27,327,332,7",
        "UD101",
        "numbers that ran into each other when copied from a PDF",
        "run_together",
    ),
    wrong("O,5", "UD101", "the letter O for a nought", "letter_o"),
    wrong("3'45", "UD101", "an apostrophe for the comma", "apostrophe"),
    wrong("−3,45", "UD101", "a true minus sign", "minus_sign"),
    wrong("7-3", "UD101", "a range the wrong way round", "range_turned"),
    wrong(">95", "UD101", "a bound from below", "above"),
    wrong("ca. 3", "UD101", "about", "circa"),
    wrong("3 el. 4", "UD101", "one or the other", "or"),
    wrong("#N/A", "UD114", "an error of a spreadsheet is no gap", "error_na"),
    wrong("#I/T", "UD114", "the same error in Danish", "error_it"),
    wrong("#DIVISION/0!", "UD114", "a Danish division by nought", "error_division"),
    wrong("########", "UD114", "a cell that was too narrow when it was copied", "error_narrow"),
    wrong("=B2*100", "UD114", "a formula instead of its value", "formula"),
    wrong("145", "UD102", "more than all", "above_100"),
    wrong("-1", "UD102", "less than none", "below_0"),
    wrong("-999", "UD102", "a number that means missing elsewhere", "minus_999"),
    wrong("100,0000000001", "UD102", "a trifle more than all", "trifle_above"),
    wrong("3,45 kr.", "UD111", "kroner among shares", "kroner_in_share"),
    wrong(
        "3,45 %", "UD111", "percent under per 1,000", "percent_in_per_1000", "convicted_per_1000"
    ),
    wrong("3,45 ‰", "UD101", "per mille in percent", "per_mille"),
    wrong("1e400", "UD102", "a power of ten beyond measure", "huge_exponent"),
    wrong("9" * 70, "UD101", "seventy digits", "seventy_digits"),
    wrong("inf", "UD101", "infinity", "infinity"),
    wrong("TRUE", "UD101", "a truth value", "truth"),
    bad(
        "cells/half_person.csv",
        "area;list_year;residents;convicted_pct\nBispehaven;2019;2.000,5;3,45\n",
        "half a person",
        "UD110@2:residents",
    ),
    bad(
        "cells/fractions.csv",
        "Område;Listeår;Andel dømte\nBispehaven;2019;0,0345\nVollsmose;2019;0,012\n",
        "shares as fractions of 1 under a heading without unit",
        "UD112@1:Andel dømte",
        status=2,
    ),
    bad(
        "cells/one_fraction.csv",
        short("0,0345").replace("1,2", "1,2 %"),
        "a fraction beside a percentage",
        "UD112@2:convicted_pct",
    ),
    good(
        "cells/small_shares.csv",
        "Område;Listeår;Andel dømte (pct.)\nBispehaven;2019;0,5\nVollsmose;2019;0,7\n",
        "small shares under a heading with its unit are percent",
        "Bispehaven: crime=0.5",
    ),
    bad(
        "cells/numerator_above_base.csv",
        "area;list_year;convicted;convicted_base\nBispehaven;2019;60;50\n",
        "more convicted than residents",
        "UD104@2:convicted",
    ),
    bad(
        "cells/share_against_counts.csv",
        "area;list_year;non_western_pct;non_western;non_western_base\nBispehaven;2019;50,5;1;2\n",
        "a share that its counts contradict",
        "UD109@2:non_western_pct",
    ),
    bad(
        "cells/area_error.csv",
        f"{SHORT}\n#REFERENCE!;2019;3,45\n",
        "an error as a name",
        "UD114@2:area",
    ),
    bad("cells/area_gap.csv", f"{SHORT}\n..;2019;3,45\n", "a gap as a name", "UD105@2:area"),
    bad(
        "cells/area_nan.csv",
        f"{SHORT}\nnan;2019;3,45\n",
        "a name that another program lost",
        "UD105@2:area",
    ),
    bad(
        "cells/municipality_error.csv",
        "area;municipality;list_year;convicted_pct\nBispehaven;#I/T;2019;3,45\n",
        "an error as a municipality",
        "UD114@2:municipality",
    ),
    good(
        "cells/municipality_dash.csv",
        "area;municipality;list_year;convicted_pct\nBispehaven;-;2019;3,45\n",
        "a dash is no municipality",
        "Bispehaven: municipality=None",
    ),
    good(
        "cells/code_zeros.csv",
        f"{SHORT}\n00840;2019;3,45\n",
        "a code keeps its zeros",
        "00840: crime=3.45",
    ),
    good(
        "cells/code_as_formula.csv",
        f'{SHORT}\n="00840";2019;3,45\n',
        "the formula by which Excel keeps zeros",
        "00840: crime=3.45",
    ),
    good(
        "cells/code_with_point.csv",
        f"{SHORT}\n1.234;2019;3,45\n",
        "a code that looks like a number stays as it is",
        "1.234: crime=3.45",
    ),
    good(
        "cells/names.csv",
        f'{SHORT}\n"L\'Été ""Øst"" 🏠";2019;3,45\nحي;2019;1,2\n"\'; DROP TABLE t; --";2019;1,1\n',
        "names with quotation marks, a picture, another script and a statement",
        'rows=3 L\'Été "Øst" 🏠: crime=3.45 | حي: crime=1.2',
    ),
    good(
        "cells/soft_hyphen_name.csv",
        "area;municipality;list_year;convicted_pct\nBispe\u00adhaven;Aarhus;2019;3,45\n",
        "a soft hyphen within a name",
        "rows=1",
    ),
    *(
        good(
            f"dates/{name}.csv",
            f"area;list_date;convicted_pct\nBispehaven;{cell};3,45\n",
            odd,
            "Bispehaven: list_date=2019-12-01",
        )
        for name, cell, odd in (
            ("iso", "2019-12-01", "a date of ISO 8601"),
            ("danish", "01-12-2019", "a Danish date"),
            ("points", "1.12.2019", "a date with points"),
            ("slashes", "1/12/2019", "day before month"),
            ("iso_time", "2019-12-01 00:00:00", "a date with a midnight"),
            ("iso_t", "2019-12-01T00:00:00", "a date with a T"),
        )
    ),
    *(
        bad(
            f"dates/{name}.csv",
            f"area;list_date;convicted_pct\nBispehaven;{cell};3,45\n",
            odd,
            f"{code}@2:list_date",
        )
        for name, cell, code, odd in (
            (
                "american",
                "12/01/2019",
                "UD115",
                "1 December as Americans write it would be 12 January",
            ),
            ("american_october", "10/01/2012", "UD115", "1 October as Americans write it"),
            ("iso_turned", "2019-01-12", "UD115", "day and month the wrong way round in ISO form"),
            ("american_impossible", "12/31/2019", "UD106", "a month that there is not"),
            ("serial", "43800", "UD106", "the number by which Excel keeps a date"),
            ("short_year", "01-12-19", "UD106", "a year of two digits"),
            ("words", "1. december 2019", "UD106", "a date in words"),
            ("with_time", "2019-12-01 14:30", "UD106", "a time of the day"),
            ("february_30", "30-02-2019", "UD106", "a day that there is not"),
            ("early", "2009-12-01", "UD107", "before the first list"),
            ("trial", "2013-06-10", "UD108", "the trial list"),
            ("gap", "..", "UD105", "no date"),
        )
    ),
    *(
        bad(
            f"dates/year_{name}.csv",
            f"area;list_year;convicted_pct\nBispehaven;{cell};3,45\n",
            odd,
            f"{code}@2:list_year",
        )
        for name, cell, code, odd in (
            ("decimal", "2019,0", "UD106", "a year with a decimal"),
            ("thousands", "2.019", "UD106", "a year with a thousands mark"),
            ("two", "19", "UD106", "a year of two digits"),
            ("date", "2019-12-01", "UD106", "a date for a year"),
            ("early", "2009", "UD107", "a year without a list"),
            ("range", "2018-2019", "UD106", "two years"),
        )
    ),
]

CONVICTED = "Bispehaven: crime=3.45"
HEADINGS = [
    headed("ministry", "Andel dømte (pct.)", "as the ministry prints it", CONVICTED),
    headed("percent_sign", "Andel dømte %", "a percent sign for the unit", CONVICTED),
    headed("capitals", "ANDEL DØMTE (PCT.)", "capitals", CONVICTED),
    headed("underscores", "andel_dømte_pct", "underscores", CONVICTED),
    headed("spaces", "  Andel   dømte  (pct.) ", "more spaces than needed", CONVICTED),
    headed("soft_hyphen", "Andel døm\u00adte (pct.)", "a soft hyphen", CONVICTED),
    headed("line_break", '"Andel dømte\n(pct.)"', "a heading of two lines", CONVICTED),
    headed(
        "per_mille_sign",
        "Andel dømte (‰)",
        "the sign for per mille is not percent",
        "Bispehaven: crime=0.345",
    ),
    headed("per_mille", "Dømte (promille)", "per mille in letters", "Bispehaven: crime=0.345"),
    headed("per_10000", "Antal dømte pr. 10.000", "per 10,000", "Bispehaven: crime=0.0345"),
    headed(
        "statute",
        "Andel dømt for overtrædelse af straffeloven, våbenloven eller lov om euforiserende stoffer (pct.)",
        "the words of the statute",
        CONVICTED,
    ),
    headed("english", "convicted_pct", "the name of the column", CONVICTED),
    headed("english_spaces", "Convicted (pct)", "the name of the column as a heading", CONVICTED),
    headed(
        "labour",
        "Andel 18-64-årige uden tilknytning til arbejdsmarkedet eller uddannelse (pct.)",
        "with its ages",
        "Bispehaven: labour_market=3.45",
    ),
    headed(
        "education",
        "Andel 30-59-årige med alene grunduddannelse (pct.)",
        "grunduddannelse",
        "Bispehaven: education=3.45",
    ),
    headed(
        "income",
        "Gennemsnitlig bruttoindkomst i pct. af regionens",
        "income in percent of the region's",
        "Bispehaven: income=55",
        cell="55",
    ),
    headed(
        "misspelt",
        "Andel dømmte (pct.)",
        "a misspelt heading is a question",
        codes="UD306@1:Andel dømmte (pct.) UD305@1",
    ),
    headed(
        "misspelt_english",
        "conviced_pct",
        "a misspelt name of a column",
        codes="UD306@1:conviced_pct UD305@1",
    ),
    headed(
        "with_year",
        "Andel dømte 2018-2019 (pct.)",
        "years within a heading: not the heading that is known, and not to be dropped",
        codes="UD306@1:Andel dømte 2018-2019 (pct.) UD305@1",
    ),
    headed(
        "with_year_behind",
        "convicted_pct_2019",
        "a year behind the name of a column",
        codes="UD306@1:convicted_pct_2019 UD305@1",
    ),
    headed(
        "thousand_kroner",
        "Bruttoindkomst (1.000 kr.)",
        "thousands of kroner",
        codes="UD321@1:Bruttoindkomst (1.000 kr.) UD305@1",
    ),
    headed(
        "per_1000_residents",
        "Dømte pr. 1.000 beboere",
        "per 1,000 of a population",
        codes="UD306@1:Dømte pr. 1.000 beboere UD305@1",
    ),
    headed(
        "attached",
        "Tilknytning til arbejdsmarkedet",
        "the opposite",
        codes="UD320@1:Tilknytning til arbejdsmarkedet UD305@1",
    ),
    headed(
        "western",
        "Andel fra vestlige lande (pct.)",
        "the opposite of a share that the table lacks",
        codes="UD305@1",
    ),
    headed(
        "western_descendants",
        "Andel indvandrere og efterkommere fra vestlige lande (pct.)",
        "western is not non-western",
        codes="UD320@1:Andel indvandrere og efterkommere fra vestlige lande (pct.) UD305@1",
    ),
    headed(
        "no_origin",
        "Andel indvandrere og efterkommere (pct.)",
        "of whatever origin: a question",
        codes="UD306@1:Andel indvandrere og efterkommere (pct.) UD305@1",
    ),
    headed(
        "of_young",
        "Andel dømte unge (pct.)",
        "a share of others",
        codes="UD306@1:Andel dømte unge (pct.) UD305@1",
    ),
    bad(
        "headings/twice.csv",
        "Område;Listeår;Andel dømte (pct.);Andel dømte (pct.)\nBispehaven;2019;3,45;9\n",
        "one heading twice",
        "UD304@1:Andel dømte (pct.)",
    ),
    bad(
        "headings/two_names.csv",
        "Område;area;Listeår;Andel dømte (pct.)\nBispehaven;B;2019;3,45\n",
        "one column under two names",
        "UD304@1:area",
    ),
    bad(
        "headings/pct_and_percent.csv",
        "Område;Listeår;Andel dømte (pct.);Dømte i procent\nBispehaven;2019;3,45;9\n",
        "one share under two headings",
        "UD304@1:Dømte i procent",
    ),
    bad(
        "headings/unknown_twice.csv",
        f"{SHORT};x;x\nBispehaven;2019;3,45;1;2\n",
        "an unknown heading twice",
        "UD304@1:x",
    ),
    bad(
        "headings/date_and_year.csv",
        "area;list_date;year;convicted_pct\nBispehaven;2019-12-01;2019;3,45\n",
        "two kinds of keys",
        "UD307@1",
    ),
    bad(
        "headings/list_year_and_date.csv",
        "area;list_date;list_year;convicted_pct\nBispehaven;2019-12-01;2018;3,45\n",
        "two dates that contradict each other",
        "UD307@1",
    ),
    bad("headings/no_area.csv", "list_year;convicted_pct\n2019;3,45\n", "no names", "UD305@1"),
    bad("headings/no_date.csv", "area;convicted_pct\nBispehaven;3,45\n", "no date", "UD305@1"),
    bad(
        "headings/no_measure.csv",
        "area;list_year;residents\nBispehaven;2019;2000\n",
        "no measure",
        "UD305@1",
    ),
    bad(
        "headings/no_base.csv",
        f"{SHORT};non_western\nBispehaven;2019;3,45;9\n",
        "a numerator without its base",
        "UD305@1:non_western",
    ),
    bad(
        "headings/statbank_da.csv",
        "OMRÅDE;INDIKATOR;TID;INDHOLD\nBispehaven;Dømte;2019;3,45\n",
        "an export of the StatBank, in Danish",
        "UD311",
    ),
    bad(
        "headings/statbank_en.csv",
        '"AREA","INDICATOR","TIME","CONTENTS"\n"Bispehaven","Convicted","2019",3.45\n',
        "an export of the StatBank, in English",
        "UD311",
    ),
    bad(
        "headings/years_across.csv",
        "Område;2017;2018;2019\nBispehaven;3,1;3,2;3,45\n",
        "years as columns",
        "UD305@1 UD305@1",
    ),
    bad(
        "headings/on_its_side.csv",
        "Område;Bispehaven;Vollsmose\nListeår;2019;2019\nAndel dømte (pct.);3,45;1,2\n",
        "a table on its side",
        "UD305@1 UD305@1",
    ),
    good(
        "headings/unknown_handed_through.csv",
        f"{SHORT};Bemærkning;Kommunenr.\nBispehaven;2019;3,45;ny;0751\n",
        "unknown columns are handed through as they are",
        "Bispehaven: input.Bemærkning=ny input.Kommunenr.=0751",
    ),
    good(
        "headings/own_names.csv",
        "Afdeling;Liste;Dømte unge og gamle\nBispehaven;2019;3,45\n",
        "headings of the user's own, declared",
        CONVICTED,
        options="--columns maps/own.toml",
    ),
    bad(
        "headings/own_names_undeclared.csv",
        "Afdeling;Liste;Dømte unge og gamle\nBispehaven;2019;3,45\n",
        "headings of the user's own, not declared",
        "UD306@1:Dømte unge og gamle UD305@1 UD305@1 UD305@1",
    ),
    good(
        "headings/fractions_declared.csv",
        "Område;Listeår;Andel dømte\nBispehaven;2019;0,345\n",
        "small shares that the user has declared to be percent",
        "Bispehaven: crime=0.345",
        options="--columns maps/share.toml",
    ),
]

CASES = [*DIALECTS, *ENCODINGS, *AROUND, *CELLS, *HEADINGS]
