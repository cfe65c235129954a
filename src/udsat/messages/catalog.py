"""Every message code: what it says in general, how much it weighs, and what a person who meets it
wants to know.

A code keeps its meaning for ever. UD1 cells, UD2 rows and tables, UD3 files and columns, UD4
criteria, UD5 options and outputs, UD6 questions, UD7 registers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Code:
    """What a message code means.

    `title` is the code in a few words; `more` says why it matters and what to do; `example` is a
    case of it.
    """

    title: str
    more: str
    example: str
    severity: Severity = "error"


CODES: dict[str, Code] = {
    "UD101": Code(
        "a cell that should have a number has none",
        "A number has digits, at most one decimal mark, and thousands marks between groups of three"
        " digits. A missing value is an empty cell, `..`, `.`, `…` or `:`; a bound is `<5` or"
        " `3-7`. Words, units and footnote marks do not belong in the cell.",
        "`41,5 *` in a column of shares: write `41,5`",
    ),
    "UD102": Code(
        "a share is outside 0 to 100 percent",
        "A share in percent is from 0 to 100, one per 1,000 from 0 to 1,000, one per 10,000"
        " from 0 to 10,000. Numbers such as -999 for a missing value are never read as missing:"
        " they would be a guess.",
        "`145` in `outside_labour_market_pct`",
    ),
    "UD103": Code(
        "a number is negative or too large for what its column means",
        "Persons and kroner are never negative, and there are no more persons than live in"
        " Denmark.",
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
        "a cell that should have a date or a year has none",
        "Dates are written 2019-12-01 or 1-12-2019, years with four digits.",
        "`1/13/2019` in `list_date`",
    ),
    "UD107": Code(
        "a date is before the first list",
        "The first list is that of 26 October 2010; before it no criteria were in force.",
        "`2009-12-01` in `list_date`",
    ),
    "UD108": Code(
        "a trial or interim list did not follow the law in force",
        "The trial of 10 June 2013 and the interim list of 9 May 2018 used criteria that were not"
        " yet law. Say by which version such rows are to be judged with `--criteria`.",
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
        "A number in percent under a heading that says per 1,000 is ten times too small or too"
        " large for one of them, and nothing in the file says which of the two is right.",
        "`3,1 %` in `convicted_per_1000`",
    ),
    "UD112": Code(
        "shares that may be fractions of 1",
        "0.415 under a heading that names no unit, or beside cells with a percent sign, is 41.5"
        " percent or less than half of one. Nothing in the file says which.",
        "only `0,415` and the like under `Andel dømte`: write `Andel dømte (pct.)` and `41,5`",
    ),
    "UD113": Code(
        "a row that sums up others is among the areas",
        "A total would be scored as if it were an area.",
        "`I alt` in `area`: leave the row out",
    ),
    "UD114": Code(
        "a cell has an error or a formula instead of a value",
        "An error of a spreadsheet is no gap: something that should have a value has none. A"
        " formula without a value was never calculated; opening and saving the workbook in a"
        " spreadsheet does that.",
        "`#DIV/0!` in `convicted_pct`",
    ),
    "UD115": Code(
        "a date whose day and month may be the wrong way round",
        "Dates are read with the day before the month. This one is no date of a list, but would be"
        " one the other way round.",
        "`12/01/2019` in `list_date`, which is 12 January: write `2019-12-01`",
    ),
    "UD116": Code(
        "a figure that its own row contradicts: it is in another unit",
        "The counts beside a share are ten times larger or smaller than it, a row has several"
        " shares between 0 and 1, one such share is beside two that are as large as the law asks"
        " for, or a mean income in kroner does not go with the income in percent of the"
        " region's. If the figures are right, confirm the unit in the file of `--columns`.",
        "`36` in `convicted_pct` beside `convicted` 36 of `convicted_base` 1000: it is per 1,000",
    ),
    "UD117": Code(
        "a figure that is odd for its unit",
        "Less than one percent of a measure that is rarely so small, more than 20 percent of one"
        " that is often below one, or a mean income that nobody can live on: possible, but more"
        " often a fraction of 1, a figure per 1,000, or a percentage. Nothing else in the row"
        " settles it. If the figures are right, confirm the unit in the file of `--columns`.",
        "`0.8` in `non_western_pct` of an area in which all else is usual",
        "warning",
    ),
    "UD135": Code(
        "a municipality is not one of the 98",
        "A municipality is given by its name, a known spelling, its code of three digits, or a code"
        " and a name that agree. What published lists say of an area holds in its municipality"
        " only, so without a known one earlier lists say nothing of the area: the years that they"
        " would decide are unknown. `udsat score` warns and goes on; `udsat validate` counts an"
        " error.",
        "`Aarhuus`, or `461 Aarhus` (461 is Odense)",
    ),
    "UD201": Code(
        "a key occurs twice: two rows for one area and list",
        "Area and municipality, where it is given, name a row of a list. Two rows with the same key"
        " would give two verdicts. Rows with other problems count too.",
        "two rows of `Ringparken`, `Slagelse`, `2019-12-01`",
    ),
    "UD202": Code(
        "a row has more or fewer cells than the header",
        "A mark inside a cell that separates cells elsewhere, or a broken line, moves all that"
        " follows into wrong columns.",
        "`Bispehaven;Aarhus;41,5` under a header of four columns",
    ),
    "UD211": Code(
        "a share jumps from one year to the next",
        "So large a change in one year is possible, but more often a slip: another base, another"
        " definition, a decimal mark.",
        "`outside_labour_market_pct` 41.5 in 2018 and 14.5 in 2019",
        "warning",
    ),
    "UD212": Code(
        "the residents of an area halve or double from one year to the next",
        "Buildings are torn down and areas are redrawn; where that is not so, look at the figure"
        " again.",
        "2,008 residents in 2018 and 208 in 2019",
        "warning",
    ),
    "UD213": Code(
        "a value equals its threshold to the printed decimals",
        "The outcome turns on decimals that are not printed. `--rounded` says which outcomes the"
        " printed figures leave open.",
        "40.0 where the law says more than 40 percent",
        "warning",
    ),
    "UD214": Code(
        "a measure changes its meaning between two lists of the table",
        "Values on both sides of the change are not to be compared with each other.",
        "`basic_education_pct` of 2017, which counts unknown education, and of 2018, which"
        " does not",
        "warning",
    ),
    "UD215": Code(
        "a row looks like a total",
        "A sum of areas is scored like an area. Leave the row out, or give it a column of its own.",
        "`I alt` in `area`",
        "warning",
    ),
    "UD301": Code(
        "a file cannot be found or opened",
        "Check the name and the folder, and that you may read the file.",
        "`udsat score listte.csv`",
    ),
    "UD302": Code(
        "a file is empty or has only a header", "There is no row to score.", "a file of 0 bytes"
    ),
    "UD303": Code(
        "a file is not what its ending says, or is damaged",
        "The ending says how a file is read. A download that broke off, or a page saved under the"
        " wrong ending, is no table.",
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
        "A misspelt heading would leave its measure out without a word, so it is a question and not"
        " a guess.",
        "`conviced_pct`: did you mean `convicted_pct`?",
    ),
    "UD307": Code(
        "a table mixes two kinds of keys",
        "Values as a list prints them carry `list_date` or `list_year`; values of calendar years"
        " carry `year`. The law treats them differently.",
        "`list_year` and `year` in one header",
    ),
    "UD308": Code(
        "numbers can be read in two ways",
        "`1.234` is 1234 with a thousands mark and 1.234 with a decimal point. Nothing else in the"
        " file shows which one is meant.",
        "only `1.234` in a column: say `--decimal comma` or `--decimal point`",
    ),
    "UD309": Code(
        "a reference table is not usable",
        "docs/data-format.md says what a reference table holds.",
        "a limit without the name of its criterion",
    ),
    "UD310": Code(
        "a list of areas is not usable",
        "docs/data-format.md says what a list holds.",
        "a category that no version of the law has",
    ),
    "UD311": Code(
        "a long table with one row per figure",
        "The StatBank writes one row for each observation: area, indicator, year, value. A table of"
        " areas has one row for each area and year, with a column for each measure. A pivot table"
        " makes one of the other; `docs/data-format.md` shows how.",
        "the headings `OMRÅDE;TID;INDHOLD`",
    ),
    "UD312": Code(
        "a column map is not usable",
        "The file of `--columns` is TOML with one table, `[columns]`: the heading as the file has"
        " it, and the column that it means.",
        '`"Andel dømte" = "convicted_percent"`: there is no such column; write `convicted_pct`',
    ),
    "UD313": Code(
        "a workbook has several sheets with a table",
        "The file does not say which of them is meant.",
        "the sheets `2024` and `2025`, each with areas: say `--sheet 2025`",
    ),
    "UD314": Code(
        "cells of the table are merged over several rows",
        "A merged cell has its value in the first row alone; the others would have a gap where a"
        " person sees a value.",
        "one cell `Aarhus` over the rows of three areas: unmerge it and fill in each row",
    ),
    "UD315": Code(
        "a file would fill the memory",
        "A packed file that unpacks to far more than its size, or a sheet with a cell far away from"
        " all others, is no table of areas as it stands.",
        "a workbook with a forgotten cell in XFD1048576",
    ),
    "UD316": Code(
        "letters are garbled",
        "The file is written in another encoding than it is read in, or in two of them, or it was"
        " garbled before. Names would be wrong, and would not be found on the published lists.",
        "`OmrÃ¥de` instead of `Område`: save the file as UTF-8, or say `--encoding`",
    ),
    "UD317": Code(
        "a cell in quotation marks holds whole lines of the table",
        "A quotation mark that is not closed runs to the next one, and all rows between them become"
        " one cell.",
        '`"Ringparken;Slagelse;41,5` without the second mark',
    ),
    "UD318": Code(
        "a file has several tables below each other",
        "One table has one header. The rows of another table above it would be skipped as if they"
        " were its title.",
        "a table of 2018 and, below it, one of 2019 with more columns: keep one, or say"
        " `--header-row`",
    ),
    "UD319": Code(
        "a table has too many columns",
        "A table of areas has a few dozen columns. One with thousands is something else, or lies on"
        " its side.",
        "one column for each of 10,000 persons",
    ),
    "UD320": Code(
        "a heading says the opposite of a measure",
        "Residents with attachment to the labour market are not those without it, and western"
        " countries are not non-western ones. udsat turns no figures round: give the column that"
        " the law asks for, or leave this one out. Where the table has another column for the"
        " measure, this one is passed through without a word.",
        "`Tilknytning til arbejdsmarkedet`, which is the opposite of `outside_labour_market_pct`",
    ),
    "UD321": Code(
        "a heading names a measure in a unit or relation that no column has",
        "Thousands of kroner, figures per 100,000 or in percent of the country's mean would be read"
        " as something else. Give the figures in a unit that docs/data-format.md names, or leave"
        " the column out.",
        "`Bruttoindkomst (1.000 kr.)`",
    ),
    "UD322": Code(
        "columns of percent that have fractions of 1",
        "At least two columns lie wholly between 0 and 1, or counts beside one contradict it. A"
        " share of convicted persons may be so small in all areas, other shares are not: 0.415 is"
        " 41.5 percent. Multiply the figures by 100, or confirm the unit in the file of"
        " `--columns`.",
        "`0.415` and the like under `Andel uden tilknytning til arbejdsmarkedet (pct.)`, and"
        " `0.602` under `basic_education_pct`",
    ),
    "UD323": Code(
        "a column whose figures are too large or too small for its unit",
        "No mean income of a year is below 10,000 kroner, and in no table are more than 20 percent"
        " of the residents of every area convicted. Give the figures in the unit of the column, or"
        " confirm the unit in the file of `--columns`.",
        "`52.1`, `55.0` and the like in `gross_income`: they are percent of the region's mean",
    ),
    "UD401": Code(
        "a criteria file cannot be found or read",
        "Give a version (2010, 2014, 2018, 2021) or a file.",
        "`--criteria 2019`",
    ),
    "UD402": Code(
        "a criteria file is not TOML",
        "A line cannot be read as `key = value`. Decimals are written with a point, texts in double"
        " quotes, lists in square brackets.",
        "`threshold = 40,5`: write `threshold = 40.5`",
    ),
    "UD403": Code(
        "a key of a criteria file is unknown",
        "An unknown key would be passed over, and what it was meant to say would be lost."
        " criteria/README.md names every key.",
        "`treshold = 40`: did you mean `threshold`?",
    ),
    "UD404": Code(
        "a key or block of a criteria file is missing",
        "Nothing is inherited from another version and nothing has a silent default that could"
        " change a verdict.",
        "a criterion without `comparator`",
    ),
    "UD405": Code(
        "a value in a criteria file is of the wrong kind",
        "A number has no quotes, a text has them, a list in square brackets, a date as 2018-12-01.",
        '`threshold = "40"`: write `threshold = 40`',
    ),
    "UD406": Code(
        "a value in a criteria file is none that its key can hold",
        "Some keys hold one of a few words, others a number or text of a certain form.",
        '`comparator = "over"`: exceeds, at_least or below',
    ),
    "UD407": Code(
        "a number in a criteria file cannot be kept exactly",
        "Lines are compared exactly, with at most nine decimals, written out. What is counted is"
        " whole.",
        "`threshold = 33.33333333333333`",
    ),
    "UD408": Code(
        "a key is given twice",
        "It is not clear which one counts.",
        "two lines `threshold =` in one criterion",
    ),
    "UD409": Code(
        "a name in a criteria file is not defined above",
        "A criterion names a measure, a category names criteria and categories that come before"
        " it.",
        '`of = ["labour_marked"]`: did you mean `labour_market`?',
    ),
    "UD410": Code(
        "a measure is defined and not used",
        "A measure that no criterion uses decides nothing. A criterion was forgotten, or names the"
        " wrong measure.",
        "`[measures.non_western]` without a criterion on it",
    ),
    "UD411": Code(
        "a threshold is outside the range of its unit",
        "A share is from 0 to 100 percent, 0 to 1,000 per 1,000, 0 to 10,000 per 10,000. No"
        " area could be beyond this threshold.",
        '`threshold = 270` with `unit = "percent"`: per 10,000 was meant',
    ),
    "UD412": Code(
        "a category is never or always met",
        "Whatever values an area has, the rules of the category give the same answer.",
        "a share that exceeds 50 percent and is below 30",
    ),
    "UD413": Code(
        "a category counts more criteria than it names",
        "At least k of n needs n criteria, and k is at most n.",
        "`count = 5` with four criteria in `of`",
    ),
    "UD414": Code(
        "there is a gap or an overlap between the periods of versions",
        "On every day since the first list exactly one version is in force. This is asked of the"
        " versions in a folder with CHECKSUMS.",
        "one version ended on 2018-11-30, the next is in force from 2018-12-02",
    ),
    "UD415": Code(
        "a rule names no paragraph",
        "Whoever reads a verdict must be able to look it up. Where there is no paragraph, a doubt"
        " about the source says why.",
        '`source = "the ministry"`',
    ),
    "UD416": Code(
        "a doubtful fact has no status",
        "A reader must see what the law states and what was concluded: stated, practice, inferred"
        " or unconfirmed.",
        "`[[doubts]]` without `status`",
    ),
    "UD417": Code(
        "a doubt is about something that is not in the file",
        "The mark would be lost, and verdicts would look more certain than they are.",
        '`about = ["criteria.crimes"]`',
    ),
    "UD418": Code(
        "a released criteria file was changed",
        "CHECKSUMS has the SHA-256 of the blocks that decide verdicts, for each revision. What was"
        " released is never edited: a correction has the next `revision` in `[version]`, a seal of"
        " its own, and a line in the changelog.",
        "`threshold = 41` in `2018.toml` without a new `revision`",
    ),
    "UD419": Code(
        "the facts of a criteria file were not checked for a year",
        "Laws change. Hold the facts against their sources, then set `checked_on`.",
        "`checked_on = 2024-06-01` in 2026",
        "warning",
    ),
    "UD420": Code(
        "two definitions have the same id",
        "The id is printed beside every verdict, so it must name one definition.",
        'a copy of `2021.toml` with another threshold and `id = "2021"`',
    ),
    "UD421": Code(
        "unit, reference and measure of a criterion do not fit",
        "`times` is a multiple of the national share; a mean income is compared with its"
        " region's, in percent; a share is not.",
        '`unit = "times"` without `reference = "national"`',
    ),
    "UD422": Code(
        "no table has a column for a measure",
        "The area table knows five measures; docs/data-format.md names their columns.",
        "`[measures.unemployed]`",
    ),
    "UD423": Code(
        "the lists that count as years in a row are not named rightly",
        "Every version with lists since the first that counts has one category that counts as a"
        " year.",
        '`counting = ["2018:ghetto"]` though the first list is that of 2014',
    ),
    "UD424": Code(
        "the first list that counts is no list",
        "Years are counted from a list that came out, on the day that the version then in force"
        " names.",
        "`first = 2014-11-01`",
    ),
    "UD425": Code(
        "a name in a criteria file cannot be used",
        "Names of criteria, categories and counts become columns of the result.",
        "`[criteria.area]`",
    ),
    "UD426": Code(
        "the years of a measure do not fit",
        "Years are counted from the list's: 0 is that year, -1 the year before. Only a share can be"
        " a mean of several years.",
        "`years = [-1, -2]`: the earliest first",
    ),
    "UD427": Code(
        "a member of a category is named twice, or needlessly",
        "What is counted twice changes the verdict; what holds wherever the rest does hides what"
        " the rule is.",
        '`of = ["crime", "crime", "income"]`',
    ),
    "UD428": Code(
        "a category names a criterion of another paragraph, though its own has the same rule",
        "Today both say the same. When one paragraph changes, the verdict would follow the wrong"
        " one.",
        "`education` of § 61 a among the criteria of § 61 b, which has `prevention_education`",
    ),
    "UD430": Code(
        "a definition has no cases",
        "Cases are in the folder `cases` beside the file, under the same name. `udsat criteria"
        " test --suggest` writes skeletons.",
        "`mymodel.toml` without `cases/mymodel.toml`",
    ),
    "UD431": Code(
        "a case does not come out as expected",
        "Either the definition or the case is wrong. The law decides which.",
        "expected `udsat` = `no`, found `yes`",
    ),
    "UD432": Code(
        "a file of cases is not usable",
        "docs/testing-criteria.md says what a case holds.",
        '`expect.labour_marked = "met"`',
    ),
    "UD433": Code(
        "a case is missing",
        "Each threshold, count, gate and row of years has a case on either side, and each"
        " unknown that matters has one.",
        "no case exactly at the threshold of `crime`",
        "warning",
    ),
    "UD434": Code(
        "a new revision of a released criteria file is not sealed yet",
        "Until it is sealed it scores nothing. `udsat criteria check --seal` adds it to CHECKSUMS"
        " beside the revisions before it; the changelog says what changed, and which verdicts.",
        "`revision = 3` in `2021.toml`, while CHECKSUMS has the revisions 1 and 2",
    ),
    "UD435": Code(
        "the id of a doubt stands for two questions, or one question has two ids",
        "An id names the question that is open: once in a file, and the same in every version of"
        " the law.",
        '`id = "rounding"` above two doubts',
    ),
    "UD436": Code(
        "a table of lists has a measure that the definition takes from calendar years alone",
        "In a table of lists a share is what the law of the list prescribes, such as a mean of two"
        ' years. A definition with `tables = "calendar_years"` measures something else under that'
        " name, and would judge the wrong number.",
        "`outside_labour_market_pct` beside `list_date`, scored with `--criteria"
        " criteria/examples/kombineret_udlejning.toml`",
    ),
    "UD501": Code(
        "retired: an option cannot be used as given",
        "It stood for many things. UD508 to UD515 name each of them.",
        "`--list-year` for a table of lists, which is UD510 now",
    ),
    "UD502": Code(
        "an output file cannot be written",
        "Check the folder, and that there is room.",
        "`-o no-such-folder/out.csv`",
    ),
    "UD503": Code(
        "a result is too large for an Excel sheet",
        "A sheet of an .xlsx file has 1,048,576 rows and 16,384 columns at most. Nothing is cut, so"
        " nothing is written.",
        "two million areas and `-o verdicts.xlsx`: write `verdicts.parquet` or `verdicts.csv`",
    ),
    "UD504": Code(
        "a cell is too long for Excel",
        "A cell of an .xlsx file has 32,767 characters at most. Nothing is cut, so nothing is"
        " written.",
        "a text of 40,000 characters that is passed through: write `verdicts.csv`",
    ),
    "UD505": Code(
        "a descriptor of other files is in the way",
        "`datapackage.json` has one name in every folder, so `--datapackage` replaces it only where"
        " it describes the same output.",
        "`-o verdicts.csv --datapackage` in a folder with the `datapackage.json` of another table",
    ),
    "UD506": Code(
        "a template would replace a file",
        "A file with the name of the template may have been filled in already, so it is left"
        " alone.",
        "`udsat template --list-year 2026 -o areas.xlsx` where `areas.xlsx` exists",
    ),
    "UD507": Code(
        "a killed run left temporary files",
        "A run that is killed cannot remove its temporary files. They are named with the command"
        " that removes them, and never removed by another run: it cannot know whether a run in"
        " another container or on another machine still uses them.",
        "`kill -9` while `udsat aggregate` counts persons, then another run of it",
        "warning",
    ),
    "UD508": Code(
        "an option has a value that it cannot take",
        "The message says what the option takes.",
        "`--encoding danish`: write `--encoding windows-1252`",
    ),
    "UD509": Code(
        "an option names something that is not there",
        "It names a sheet, a line, a list, a category or a criterion that the file or the"
        " definition does not have. The message says what there is.",
        "`--sheet Ark9` for a workbook with the sheets `Ark1` and `Ark2`",
    ),
    "UD510": Code(
        "an option does not fit the table or another option",
        "Nothing was done, since one of them would have had to be ignored.",
        "`--list-year` for a table of list dates, which says of each row which list it is on",
    ),
    "UD511": Code(
        "something that is needed was not given",
        "The message says what to add to the command. An empty name often comes from a variable of"
        " a script that was never set.",
        "a table of calendar years without `--list-year`, or `--format parquet` without `-o FILE`",
    ),
    "UD512": Code(
        "an output cannot have this format",
        "The ending of a file says its format. Each command writes the formats that hold all of"
        " what it has to say.",
        "`-o verdicts.doc`: write `-o verdicts.csv`, `.json`, `.xlsx` or `.parquet`",
    ),
    "UD513": Code(
        "a file would be written over an input or another output",
        "Files are compared by what they are, not by their names: links and other spellings of a"
        " path are the same file.",
        "`udsat score areas.csv -o ./areas.csv`",
    ),
    "UD514": Code(
        "a package is not installed",
        "Parts that few people need have packages of their own. The message says which to install.",
        "`--engine spark` without PySpark: `pip install 'udsat[spark]'`",
    ),
    "UD515": Code(
        "a table of this kind cannot be scored",
        "Tables are files, data frames of pandas, polars or Spark, Arrow tables, and Ibis tables of"
        " PostgreSQL.",
        "`udsat.score` of a list",
    ),
    "UD520": Code(
        "the system refused a file or folder",
        "The name is too long for the system, the disk or network is gone, or the file may not be"
        " used. Nothing was written.",
        "a folder on a drive that is no longer connected",
    ),
    "UD601": Code(
        "there is no area of a name",
        'Case, aa or å, "mv." and the order around "/" do not count; proven other names, names of a'
        " file of --names and unambiguous parts of a name do. The municipality may follow behind a"
        " comma. Anything else would be a guess.",
        "`udsat explain areas.csv Ringprken`: did you mean 'Ringparken'?",
    ),
    "UD602": Code(
        "a name fits several areas",
        "Areas in two municipalities can share a name, and a part of a name can be part of several."
        " Say which with `--municipality`, or type the whole name.",
        "`Skovparken` where the table has one in Kolding and one in Svendborg",
    ),
    "UD603": Code(
        "a list is not in the table",
        "`--list` and `--baseline` name a list by its year or date, and the table has no row"
        " of it.",
        "`--list 2016` for an area with rows of 2014 and 2015",
    ),
    "UD604": Code(
        "rows cannot be grouped",
        "`--group` names a column that says, for each row, to which area it belongs. A row without"
        " a value would be missing from the sum of its area without a word.",
        "an empty cell in `housing_area` with `--group housing_area`",
    ),
    "UD605": Code(
        "a table has no row for comparison",
        "`--compare` puts rows beside areas: `municipality`, `region`, `country`, or a row by its"
        " name. A row is one by the name in its column `area`.",
        "`--compare municipality` without a row `Slagelse Kommune`",
    ),
    "UD606": Code(
        "there is no such message code",
        "`udsat explain` takes tables and the name of an area, or one message code.",
        "`udsat explain UD999`",
    ),
    "UD620": Code(
        "a border table is not usable",
        "A border table has `list_date`, `municipality`, `before` and `after`, and optionally"
        " `note` and `source`: a row for each area before a change and each area that came from it."
        " docs/diff.md has an example.",
        "an empty cell in `after`",
    ),
    "UD621": Code(
        "the links of a border table lead in a circle",
        "On one date an area cannot come from itself by way of another area. One of the rows is the"
        " wrong way round, or has a wrong date.",
        "`A` to `B` and `B` to `A` on one date",
    ),
    "UD622": Code(
        "two lists cannot be compared as asked",
        "`udsat diff` compares two tables of one list each, two tables of the same lists, or the"
        " lists that `--from` and `--to` name.",
        "a table of 2018 and one of 2015 to 2019, without `--from` and `--to`",
    ),
    "UD623": Code(
        "one file is given as both tables",
        "A table does not differ from itself. Two lists of one table are compared with `--from` and"
        " `--to`.",
        "`udsat diff areas.csv areas.csv`",
    ),
    "UD624": Code(
        "two tables differ in their columns or units",
        "A figure that only one table has, or has in another unit, would look like a change of the"
        " area.",
        "`convicted_pct` in one table and `convicted_per_10000` in the other",
    ),
    "UD625": Code(
        "retired: there is no area of a name",
        "Until version 0.2 `udsat history` had a code of its own for a name that no area has. It is"
        " UD601 now, as in every command.",
        "`udsat history --published Volsmose`",
    ),
    "UD626": Code(
        "no published list to compare a table with",
        "`udsat audit` compares the lists in the table with lists that are known by name. The"
        " shipped ones are those of criteria/published.",
        "a table of 2025, of which no list by name ships",
    ),
    "UD630": Code(
        "a name on a list is near another, and not proven to be the same",
        "A list of the user's names an area that no other list has under this name, and one of the"
        " same municipality has a name that is near it. The two may be one area, so whether either"
        ' is on the lists of the other is unknown, never "not listed". Spell the name as the other'
        " lists do, or say with `--names` that it is the same area.",
        "`Vollsmosse,Odense` on a list of 2024",
        "warning",
    ),
    "UD631": Code(
        "two lists of one date contradict each other",
        "An omdannelsesområde is a parallelsamfund by law, so a list of the one cannot name an area"
        " that the list of the other lacks.",
        "an area on the list of `omdannelse` of 2024 that the list of `parallelsamfund` of 2024"
        " does not name",
    ),
    "UD632": Code(
        "a file of names is not usable",
        "A file of `--names` has `area`, `municipality` and `same_as`, and optionally"
        " `same_as_municipality`, `from` and `to`: what an area is called besides, and the first"
        " and last list (a date or year) on which it is called so.",
        "an empty cell in `same_as`",
    ),
    "UD633": Code(
        "a file of names makes two areas of one list the same",
        "Two areas that a published list names side by side are two areas. One of the rows of the"
        " file names the wrong area, or needs a `from` or `to`.",
        "`Motalavej,Slagelse,Ringparken`: both are on the list of 2019",
    ),
    "UD634": Code(
        "an area of a table is near a listed one, and not proven to be the same",
        "Earlier years come from lists by name. A name that is near a listed one may be that area"
        " or another, so no earlier year is certain, and none is ruled out. A file of `--names`"
        " says that it is the same; a column `municipality` proves most names.",
        "`Skovparken` in Kolding, where the list has Skovvejen/Skovparken",
        "warning",
    ),
    "UD650": Code(
        "a chart would have nothing on it",
        "A chart of one list needs at least one area with a value of the criterion; --years needs a"
        " table with several lists. No empty picture is written, because it would look like a"
        " finding.",
        "nothing to draw of crime: no area has a value",
    ),
    "UD701": Code(
        "a person is counted twice in a year",
        "Each person has one row for each year, over all files together. Two rows would count the"
        " person in two areas, or twice in one. The message names the rows, not the person.",
        "two files that both have the persons of 2019",
    ),
    "UD702": Code(
        "the person, year or age of a row is empty or impossible",
        "Every row needs a person, a year and an age in whole years: without them it cannot be said"
        " whom it counts.",
        "`34 år` in the column of ages",
    ),
    "UD703": Code(
        "a code is not in the map",
        "The map says which codes mean what, and what an empty cell means. A code that it does not"
        " know is never read as no. Only persons of the population that a measure looks at are"
        " asked.",
        "`95` in a column of educations: add it to a word of `[codes.education]`",
    ),
    "UD704": Code(
        "a number of a person is none, or out of its range",
        "The part of a year without attachment is from 0 to 1; an income is a number of kroner.",
        "`3` in the column of parts of a year, where months were meant: write 0.25",
    ),
    "UD705": Code(
        "a column of the person table is missing or empty",
        "`udsat aggregate --describe` prints what the table must hold; a map names the columns of"
        " yours.",
        "a table without a column of ages",
    ),
    "UD706": Code(
        "a map of columns and codes is not usable",
        "A map is a small TOML file; it names only what differs from the shipped one. `udsat"
        " aggregate --describe` shows the one in use.",
        "the same code under `yes` and `no`",
    ),
    "UD707": Code(
        "one of many files is missing, or is no person table",
        "Counts of a part of the rows look like counts of all of them, so one missing file stops"
        " the run.",
        "`udsat aggregate p_2018.parquet p_2091.parquet`",
    ),
    "UD708": Code(
        "a file of person rows is damaged or cannot be read",
        "A copy that broke off, a file with another ending than its kind, or one that changes while"
        " it is read. For CSV the line is named where it is known.",
        "a Parquet file that was cut short",
    ),
    "UD710": Code(
        "the persons of one area live in two regions",
        "An area is in one region, and its income is compared with the mean of that region."
        " Areas of different towns may have the same code: then name the column of the"
        " municipality.",
        "area `17` in Aarhus and in Odense, without a municipality",
    ),
    "UD711": Code(
        "the criteria count something that person rows do not have",
        "The measures of a criteria file that can be counted are those that `udsat aggregate"
        " --describe` names.",
        "`[measures.rent]` in a criteria file",
    ),
    "UD712": Code(
        "two lists that look at one year define a measure differently",
        "Counts of a year are used by every list that looks at it, so they can follow one"
        " definition only.",
        "say with `--criteria` under which version to count",
    ),
    "UD713": Code(
        "the memory that is allowed does not do",
        "What does not fit goes to disk, but each core needs some room to work. Allow more with"
        " `--memory`.",
        "`--memory 64MB` for a table of many columns",
    ),
    "UD714": Code(
        "there is no room on disk, or a file cannot be written",
        "What does not fit into memory goes to a folder for temporary files, which the environment"
        " variable TMPDIR names. No one else may read it. It is removed at the end; what a killed"
        " run left is named at the next start (UD507).",
        "a full disk",
    ),
    "UD715": Code(
        "a size of memory cannot be read",
        "Write a number and a unit: KB, MB, GB, or KiB, MiB, GiB.",
        "`--memory much`",
    ),
    "UD716": Code(
        "what to vary cannot be read",
        "`--vary` names one number of the criteria and its values:"
        " `labour_market.threshold=35..45:1`, `udsat.count=1..3` or `origin.threshold=40,50,60`.",
        "`--vary labour_market=35`",
    ),
}
