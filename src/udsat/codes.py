"""Every message code: what it says in general, how much it weighs, and what a person who meets it wants to know.

A code keeps its meaning for ever. UD1 cells, UD2 rows and tables, UD3 files and columns, UD4 criteria, UD5 options and
outputs, UD6 questions, UD7 registers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Code:
    """What a message code means.

    `title` is the code in a few words; `more` says why it matters and what to do; `example` is a case of it.
    """

    title: str
    more: str
    example: str
    severity: Severity = "error"


CODES: dict[str, Code] = {
    "UD101": Code(
        "a cell that should hold a number holds none",
        "A number has digits, at most one decimal mark, and thousands marks between groups of three digits. A missing value is an empty "
        "cell, `..`, `.`, `…` or `:`; a bound is `<5` or `3-7`. Words, units and footnote marks do not belong in the cell.",
        "`41,5 pct` in a column of shares: write `41,5`",
    ),
    "UD102": Code(
        "a share lies outside 0 to 100 percent",
        "A share in percent lies from 0 to 100, one per 1,000 from 0 to 1,000, one per 10,000 from 0 to 10,000. Numbers such as -999 for "
        "a missing value are never read as missing: they would be a guess.",
        "`145` in `outside_labour_market_pct`",
    ),
    "UD103": Code(
        "a number is negative or too large for what its column means",
        "Persons and kroner are never negative, and there are no more persons than live in Denmark.",
        "`-999` in `residents`: leave the cell empty",
    ),
    "UD104": Code(
        "a numerator is larger than its base",
        "The persons counted are part of their base, so there cannot be more of them.",
        "`convicted` 60 and `convicted_base` 50",
    ),
    "UD105": Code(
        "a required cell is empty",
        "Each row needs the name or code of its area, and a date or year.",
        "an empty cell in `area`",
    ),
    "UD106": Code(
        "a cell that should hold a date or a year holds none",
        "Dates are written 2019-12-01 or 1-12-2019, years with four digits.",
        "`1/13/2019` in `list_date`",
    ),
    "UD107": Code(
        "a date lies before the first list",
        "The first list is that of 26 October 2010; before it no criteria were in force.",
        "`2009-12-01` in `list_date`",
    ),
    "UD108": Code(
        "a trial or interim list did not follow the law in force",
        "The trial of 10 June 2013 and the interim list of 9 May 2018 used criteria that were not yet law. Say by which version such rows "
        "are to be judged with `--criteria`.",
        "`2018-05-09` in `list_date` without `--criteria 2018`",
    ),
    "UD109": Code(
        "a share and the counts beside it disagree by more than rounding",
        "Where a row gives a share and also numerator and base, both must say the same.",
        "`convicted_pct` 2.5 beside `convicted` 10 of `convicted_base` 1000",
    ),
    "UD110": Code(
        "a whole number has decimals",
        "Persons are counted whole.",
        "`1000.5` in `residents`",
    ),
    "UD111": Code(
        "a cell carries a unit that its column does not have",
        "A number in percent under a heading that says per 1,000 is ten times too small or too large for one of them, and nothing in the "
        "file says which of the two is right.",
        "`3,1 %` in `convicted_per_1000`",
    ),
    "UD201": Code(
        "a key occurs twice: two rows for one area and list",
        "Area and municipality, where it is given, name a row of a list. Two rows with the same key would give two verdicts.",
        "two rows of `Ringparken`, `Slagelse`, `2019-12-01`",
    ),
    "UD202": Code(
        "a row has more or fewer cells than the header",
        "A mark inside a cell that separates cells elsewhere, or a broken line, moves all that follows into wrong columns.",
        "`Bispehaven;Aarhus;41,5` under a header of four columns",
    ),
    "UD211": Code(
        "a share jumps from one year to the next",
        "So large a change in one year is possible, but more often a slip: another base, another definition, a decimal mark.",
        "`outside_labour_market_pct` 41.5 in 2018 and 14.5 in 2019",
        "warning",
    ),
    "UD212": Code(
        "the residents of an area halve or double from one year to the next",
        "Buildings are torn down and areas are redrawn; where that is not so, look at the figure again.",
        "2,008 residents in 2018 and 208 in 2019",
        "warning",
    ),
    "UD213": Code(
        "a value equals its line to the printed decimals",
        "The outcome turns on decimals that are not printed. `--rounded` says which outcomes the printed figures leave open.",
        "40.0 where the law says more than 40 percent",
        "warning",
    ),
    "UD214": Code(
        "a measure changes its meaning between two lists of the table",
        "Values on both sides of the change are not to be compared with each other.",
        "`basic_education_pct` of 2017, which counts unknown education, and of 2018, which does not",
        "warning",
    ),
    "UD215": Code(
        "a row looks like a total",
        "A sum of areas is scored like an area. Leave the row out, or give it a column of its own.",
        "`I alt` in `area`",
        "warning",
    ),
    "UD301": Code(
        "a file cannot be found or opened", "Check the name and the folder, and that you may read the file.", "`udsat score listte.csv`"
    ),
    "UD302": Code("a file is empty or holds a header alone", "There is no row to score.", "a file of 0 bytes"),
    "UD303": Code(
        "a file is not what its ending says, or is damaged",
        "The ending says how a file is read. A download that broke off, or a page saved under the wrong ending, is no table.",
        "an HTML page that is called `liste.xlsx`",
    ),
    "UD304": Code(
        "a column occurs twice",
        "Two headings mean the same column, so it is not clear which one counts.",
        "`Kommune` and `municipality` in one header",
    ),
    "UD305": Code(
        "a column that the table needs is missing",
        "A table needs `area`, a column that dates the rows, and at least one measure.",
        "a table without `list_date`, `list_year` and `year`",
    ),
    "UD306": Code(
        "a column is unknown, but near a known one",
        "A misspelt heading would leave its measure out without a word, so it is a question and not a guess.",
        "`conviced_pct`: did you mean `convicted_pct`?",
    ),
    "UD307": Code(
        "a table mixes two kinds of keys",
        "Values as a list prints them carry `list_date` or `list_year`; values of calendar years carry `year`. The law treats them "
        "differently.",
        "`list_year` and `year` in one header",
    ),
    "UD308": Code(
        "numbers can be read in two ways",
        "`1.234` is 1234 with a thousands mark and 1.234 with a decimal point. Nothing else in the file shows which one is meant.",
        "only `1.234` in a column: say `--decimal comma` or `--decimal point`",
    ),
    "UD309": Code(
        "a reference table is not usable",
        "docs/data-format.md says what a reference table holds.",
        "a limit without the name of its criterion",
    ),
    "UD310": Code(
        "a list of areas is not usable", "docs/data-format.md says what a list holds.", "a category that no version of the law has"
    ),
    "UD311": Code(
        "a long table with one row per figure",
        "The StatBank writes one row for each observation: area, indicator, year, value. A table of areas has one row for each area and "
        "year, with a column for each measure. A pivot table makes one of the other; `docs/data-format.md` shows how.",
        "the headings `OMRÅDE;TID;INDHOLD`",
    ),
    "UD312": Code(
        "a column map is not usable",
        "The file of `--columns` is TOML with one table, `[columns]`: the heading as the file has it, and the column that it means.",
        '`"Andel dømte" = "convicted_percent"`: there is no such column; write `convicted_pct`',
    ),
    "UD313": Code(
        "a workbook has several sheets with a table",
        "Which of them is meant cannot be told from the file.",
        "the sheets `2024` and `2025`, each with areas: say `--sheet 2025`",
    ),
    "UD401": Code("a criteria file cannot be found or read", "Give a version (2010, 2014, 2018, 2021) or a file.", "`--criteria 2019`"),
    "UD402": Code(
        "a criteria file is not a valid definition",
        "criteria/README.md says what a criteria file holds.",
        "a criterion without a paragraph",
    ),
    "UD501": Code("an option cannot be used as given", "`udsat score --help` lists the options.", "`--list-year` for a table of lists"),
    "UD502": Code("an output file cannot be written", "Check the folder, and that there is room.", "`-o no-such-folder/out.csv`"),
    "UD503": Code(
        "a result is too large for an Excel sheet",
        "A sheet of an .xlsx file has 1,048,576 rows and 16,384 columns at most. Nothing is cut, so nothing is written.",
        "two million areas and `-o verdicts.xlsx`: write `verdicts.parquet` or `verdicts.csv`",
    ),
    "UD504": Code(
        "a cell is too long for Excel",
        "A cell of an .xlsx file has 32,767 characters at most. Nothing is cut, so nothing is written.",
        "a text of 40,000 characters that is handed through: write `verdicts.csv`",
    ),
    "UD505": Code(
        "a descriptor of other files is in the way",
        "`datapackage.json` has one name in every folder, so `--datapackage` replaces it only where it describes the same output.",
        "`-o verdicts.csv --datapackage` in a folder with the `datapackage.json` of another table",
    ),
    "UD506": Code(
        "a template would replace a file",
        "A file with the name of the template may have been filled in already, so it is left alone.",
        "`udsat template --list-year 2026 -o areas.xlsx` where `areas.xlsx` exists",
    ),
    "UD620": Code(
        "a border table is not usable",
        "A border table has `list_date`, `municipality`, `before` and `after`, and optionally `note` and `source`: a row for each area "
        "before a change and each area that came from it. docs/diff.md has an example.",
        "an empty cell in `after`",
    ),
    "UD621": Code(
        "the links of a border table lead in a circle",
        "On one date an area cannot come from itself by way of another area. One of the rows is the wrong way round, or has a wrong date.",
        "`A` to `B` and `B` to `A` on one date",
    ),
    "UD622": Code(
        "two lists cannot be compared as asked",
        "`udsat diff` compares two tables of one list each, two tables of the same lists, or the lists that `--from` and `--to` name.",
        "a table of 2018 and one of 2015 to 2019, without `--from` and `--to`",
    ),
    "UD623": Code(
        "one file is given as both tables",
        "A table does not differ from itself. Two lists of one table are compared with `--from` and `--to`.",
        "`udsat diff areas.csv areas.csv`",
    ),
    "UD624": Code(
        "two tables differ in their columns or units",
        "A figure that only one table has, or has in another unit, would look like a change of the area.",
        "`convicted_pct` in one table and `convicted_per_10000` in the other",
    ),
    "UD625": Code(
        "there is no area of a name",
        "Names are found whatever their case, å or aa, the order around `/` and `mv.`, and by known other names; a municipality may "
        "stand behind a comma. A name that is only near another is a question, never a guess.",
        "`Volsmose`: did you mean `Vollsmose, Odense`?",
    ),
    "UD626": Code(
        "no published list to hold a table against",
        "`udsat audit` compares lists that the table holds with lists that are known by name. The shipped ones are those of "
        "criteria/published.",
        "a table of 2025, of which no list by name ships",
    ),
}
