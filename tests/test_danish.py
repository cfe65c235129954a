"""Danish for people: every text has a translation with the same values, and nothing that machines read changes with the language."""

from __future__ import annotations

import ast
import datetime as dt
import pickle
import re
import subprocess
import sys
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

import catalogue
from commandline import GOOD, HEADER, process, table, udsat
from udsat.messages import language
from udsat.messages.catalog import CODES
from udsat.messages.problems import Problem
from udsat.messages.text import EMPTY, Bilingual, Text, listed, verbatim

ROOT = Path(__file__).parents[1]
SAMPLE = str(ROOT / "data" / "samples" / "omraader.csv")
#: Values that a language may do without: the number of one thing, and the s of an English plural.
LEFT_OUT = {"count", "missing2"}
VALUES = re.compile(r"\{(\w+)(?:!r|:[^}]*)?\}")

#: Words that no Danish sentence has.
ENGLISH = {
    "the",
    "is",
    "are",
    "and",
    "with",
    "cannot",
    "which",
    "write",
    "its",
    "not",
    "that",
    "this",
}
#: Codes of ranges, which are given to the model as data.
RAISED_BY_THE_MODEL = {
    code: (
        "is outside {low} to {high:,}",
        "is outside {low} to {high:,}; write a missing value as an empty cell",
    )
    for code in ("UD102", "UD103")
}


@pytest.fixture
def danish():
    with language.spoken("da"):
        yield


def both(message):
    ids = message.id if isinstance(message.id, list | tuple) else [message.id]
    strings = message.string if isinstance(message.string, list | tuple) else [message.string]
    return list(zip(ids, strings, strict=True))


def test_every_text_of_the_sources_has_a_danish_one_and_none_is_fuzzy():
    kept = catalogue.read()
    there = {
        (one.context, one.id if isinstance(one.id, str) else tuple(one.id))
        for one in kept
        if one.id
    }
    wanted = {(context, text) for text, context in catalogue.keys()}
    assert wanted - there == set(), "run make words, and translate what it lists"
    assert there - wanted == set(), "run make words: these texts are gone"
    assert catalogue.missing(kept) == []
    assert [one.id for one in kept if one.fuzzy and one.id] == []


@cache
def texts_of_codes():
    """Return, for each message code, the templates of the functions that raise it."""
    found = defaultdict(set, {code: set(texts) for code, texts in RAISED_BY_THE_MODEL.items()})
    for path in catalogue.SOURCE.rglob("*.py"):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef):
                nodes = list(ast.walk(function))
                values = {one.value for one in nodes if isinstance(one, ast.Constant)}
                texts = {
                    one.args[0].value
                    for one in nodes
                    if isinstance(one, ast.Call)
                    and getattr(one.func, "id", "") == "Text"
                    and one.args
                    and isinstance(one.args[0], ast.Constant)
                }
                for code in values & CODES.keys():
                    found[code] |= texts
    return found


@pytest.mark.parametrize(
    "code", [code for code, one in CODES.items() if not one.title.startswith("retired: ")]
)
def test_every_code_is_raised_with_a_text_that_is_danish(code, danish):
    texts = texts_of_codes()[code]
    assert texts, f"{code}: no text"
    for text in texts:
        shown = language._(text)
        words = re.findall(r"\w+", re.sub(r"'[^']*'|`[^`]*`|\{[^}]*\}|--[\w-]+|\[.*?\]", "", shown))
        assert not ENGLISH & {word.lower() for word in words}, (text, shown)


def test_no_text_hides_from_the_catalogue():
    """Babel sees no call inside an f-string."""
    there = {text for text, _context in catalogue.keys() if isinstance(text, str)}
    there |= {
        form for both, _context in catalogue.keys() if isinstance(both, tuple) for form in both
    }
    hidden = [
        (path.name, part.lineno, given.value)
        for path in catalogue.SOURCE.rglob("*.py")
        for text in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(text, ast.JoinedStr)
        for part in ast.walk(text)
        if isinstance(part, ast.Call) and getattr(part.func, "id", "") in catalogue.KEYWORDS
        for given in part.args
        if isinstance(given, ast.Constant) and given.value not in there
    ]
    assert hidden == []


def test_the_compiled_catalogue_is_that_of_the_readable_one():
    assert catalogue.MO.read_bytes() == catalogue.compiled(catalogue.read()), "run make words"


def test_a_translation_names_the_same_values_as_its_text():
    wrong = [
        (text, told)
        for message in catalogue.read()
        if message.id
        for text, told in both(message)
        if set(VALUES.findall(told)) - LEFT_OUT != set(VALUES.findall(text)) - LEFT_OUT
    ]
    assert wrong == []


def test_codes_options_and_file_names_in_a_text_stay_as_they_are():
    kept = re.compile(r"--[a-z][a-z-]+|UD\d{3}|UDSAT_[A-Z]+|\b[a-z_]+\.(?:toml|csv|parquet|xlsx)\b")
    wrong = [
        (text, told)
        for message in catalogue.read()
        if message.id
        for text, told in both(message)
        if set(kept.findall(text)) != set(kept.findall(told))
    ]
    assert wrong == []


@pytest.mark.parametrize("format", ["csv", "json", "jsonl"])
@pytest.mark.parametrize("detail", ["areas", "criteria"])
def test_what_machines_read_is_the_same_in_both_languages(tmp_path, format, detail):
    outputs = [
        udsat(tmp_path, "score", SAMPLE, "--format", format, "--detail", detail, "--lang", lang).out
        for lang in ("en", "da")
    ]
    assert outputs[0] == outputs[1] != ""


@pytest.mark.parametrize(
    "arguments",
    [
        ("explain", SAMPLE, "Ladegårdsparken", "--ways-off", "--format", "json"),
        ("watch", SAMPLE, "--format", "json"),
        ("watch", SAMPLE, "--format", "csv"),
        ("history", SAMPLE, "--format", "csv"),
        ("history", SAMPLE, "--format", "json"),
        ("audit", SAMPLE, "--format", "json"),
        ("diff", "--published", "--from", "2018", "--to", "2021", "--format", "json"),
        ("explain", "UD101", "--format", "json"),
    ],
    ids=" ".join,
)
def test_answers_for_machines_are_the_same_in_both_languages(tmp_path, arguments):
    outputs = [udsat(tmp_path, *arguments, "--lang", lang).out for lang in ("en", "da")]
    assert outputs[0] == outputs[1] != ""


@pytest.mark.parametrize("format", ["json", "github", "junit"])
def test_findings_for_machines_are_the_same_in_both_languages(tmp_path, format):
    (tmp_path / "a.csv").write_bytes(table(GOOD, GOOD.replace("50.5", "many"), header=HEADER))
    outputs = [
        udsat(tmp_path, "validate", "a.csv", "--format", format, "--lang", lang).out
        for lang in ("en", "da")
    ]
    assert outputs[0] == outputs[1] != ""


def test_a_table_of_verdicts_is_danish_with_danish_numbers(tmp_path):
    out = udsat(tmp_path, "score", SAMPLE, "--lang", "da").out
    for words in (
        "arbejdsmarked", "> 40 pct.", "51,2 ●", "+11,2", "● opfyldt   ○ ikke opfyldt   ? kan ikke afgøres", "5 år i træk",
        "højst ghettoområde", "lovteksten tæller beboerne i 2010", "det er ikke den officielle liste",
    ):  # fmt: skip
        assert words in out
    for words in (
        "labour market",
        "not decided",
        "in a row",
        "practice",
        "inferred",
        "the statute",
        "residents",
        " %",
    ):
        assert words not in out


def test_the_environment_chooses_the_language_and_the_option_beats_it(tmp_path):
    danish = udsat(tmp_path, "score", SAMPLE, UDSAT_LANG="da").out
    assert "kan ikke afgøres" in danish
    assert (
        "cannot be decided" in udsat(tmp_path, "score", SAMPLE, "--lang", "en", UDSAT_LANG="da").out
    )
    assert "cannot be decided" in udsat(tmp_path, "score", SAMPLE).out


@pytest.mark.parametrize(
    "arguments", [("--lang", "da", "score", SAMPLE), ("--lang=da", "score", SAMPLE)]
)
def test_the_language_may_stand_before_the_command(tmp_path, arguments):
    assert udsat(tmp_path, *arguments) == udsat(tmp_path, "score", SAMPLE, "--lang", "da")


def test_a_run_leaves_its_language_behind_it(tmp_path):
    udsat(tmp_path, "score", SAMPLE, "--lang", "da")
    assert not language.danish()


def test_what_if_is_danish(tmp_path):
    out = udsat(
        tmp_path, "score", SAMPLE, "--vary", "labour_market.threshold=37.5,40", "--lang", "da"
    ).out
    assert (
        "kommer til" in out
        and "37,5  1. december 2019  hårdt ghettoområde" in out
        and "uklare" in out
    )
    assert not {"yes", "enters", "unknown", "official"} & set(re.findall(r"\w+", out))


def test_what_persons_must_hold_is_danish(tmp_path):
    out = udsat(tmp_path, "aggregate", "--describe", "--lang", "da").out
    assert "årets bruttoindkomst i kroner" in out and "beboere i alderen 30-59 år" in out
    assert not {"whether", "counted", "aged", "empty"} & set(re.findall(r"\w+", out))


def test_a_line_for_each_criterion_is_danish_in_markdown(tmp_path):
    out = udsat(
        tmp_path, "score", SAMPLE, "--format", "markdown", "--detail", "criteria", "--lang", "da"
    ).out
    assert "| Agervang, Holbæk | 2014 | dømte | 3,45 | &gt; 2,7 pct. | +0,75 | ● opfyldt |" in out


def test_numbers_and_days_in_messages_are_danish(danish):
    text = Text("{now:,} residents after {before:,} in {year}", now=1234, before=2468, year=2017)
    assert text == "1,234 residents after 2,468 in 2017"
    assert text.translated() == "1.234 beboere efter 2.468 i 2017"
    text = Text("there was no list on {first}", first=dt.date(2018, 12, 2))
    assert text == "there was no list on 2018-12-02"
    assert text.translated() == "der var ingen liste 2. december 2018"
    assert Text("there is no area '{typed}'", typed="1,234").translated() == (
        "der er intet område '1,234'"
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ("score", SAMPLE, "--list-year", "x"),
            "Ugyldig værdi for '--list-year': værdien skal være et helt tal",
        ),
        (
            ("score", SAMPLE, "--detail", "x"),
            "Ugyldig værdi for '--detail': 'x' er ingen af 'areas', 'criteria'.",
        ),
        (("aggregate", "x", "--min-count", "-1"), "værdien skal være mindst 0"),
    ],
)
def test_a_wrong_value_of_an_option_is_told_in_danish(tmp_path, arguments, words):
    run = udsat(tmp_path, *arguments, "--lang", "da")
    assert run.status == 2 and words in run.err


def test_a_language_that_there_is_not_is_wrong_usage(tmp_path):
    run = udsat(tmp_path, "score", SAMPLE, "--lang", "sv")
    assert run.status == 2 and "--lang" in run.err


def test_dates_are_written_out_in_danish(tmp_path):
    out = udsat(tmp_path, "explain", SAMPLE, "Ladegårdsparken", "--lang", "da").out
    assert (
        "listen pr. 1. december 2014" in out
        and "1.089 beboere, 1.000 kræves" in out
        and "2,66 pct." in out
    )


def test_help_is_danish(tmp_path):
    out = udsat(tmp_path, "score", "--help", "--lang", "da").out
    assert out.startswith("Brug: udsat score")
    for words in (
        "Vurdér hver række",
        "Tilvalg:",
        "Argumenter:",
        "Sproget i det, der udskrives",
        "Vis denne hjælp",
        "[standard: missing]",
    ):
        assert words in out
    for words in ("Usage", "Options:", "Show this", "The decimal mark", "env var"):
        assert words not in out


def test_a_usage_error_is_danish(tmp_path):
    run = udsat(tmp_path, "score", SAMPLE, "--no-such-option", "--lang", "da")
    assert (
        run.status == 2
        and "Fejl: Tilvalget --no-such-option findes ikke." in run.err
        and "Prøv 'udsat score" in run.err
    )


def test_messages_are_danish_and_keep_their_code_place_and_value(tmp_path):
    (tmp_path / "a.csv").write_bytes(table(GOOD, GOOD.replace("50.5", "many"), header=HEADER))
    run = udsat(tmp_path, "score", "a.csv", "--lang", "da")
    assert run.status == 1
    assert any(
        line.startswith("udsat: a.csv:3") and "UD101 'many' er ikke et tal" in line
        for line in run.messages
    )
    assert "intet blev vurderet" in run.err


def test_what_comes_from_outside_stays_as_it_is(danish):
    one = Problem("UD101", Text("is no number"), verbatim("a hint of the system")).translated()
    assert (one.message, one.hint) == ("er ikke et tal", "a hint of the system")


def test_a_message_keeps_values_that_look_like_texts(danish):
    assert Text("there is no area '{typed}'", typed="keep one").translated() == (
        "der er intet område 'keep one'"
    )


def test_a_text_among_the_values_is_translated_too(danish):
    text = Text("the table has both {names_and}", names_and=listed(["year", "list_year"], "and"))
    assert text == "the table has both year and list_year"
    assert text.translated() == "tabellen har både year og list_year"


@pytest.mark.parametrize(
    "text",
    [
        Text("{now:,} residents", now=1234),
        listed(["a", Text("is empty")], "or"),
        Bilingual("an area", "et område"),
        EMPTY,
    ],
)
def test_a_text_goes_to_another_process_and_is_the_same_there(text, danish):
    again = pickle.loads(pickle.dumps(text))
    assert (again, again.translated()) == (text, text.translated())


def test_english_loads_no_library_of_languages():
    code = "import sys, udsat.cli.app, udsat.render.verdict_table; udsat.messages.language._('area'); print(any(m.split('.')[0] == 'babel' for m in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", "import udsat.messages.language;" + code],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "False"


def test_danish_works_in_a_process_of_its_own(tmp_path):
    run = process(tmp_path, "explain", "UD213", UDSAT_LANG="da")
    assert run.out.startswith("UD213: en værdi er lig med sin grænse") and run.status == 0


def test_every_page_of_the_documentation_is_in_the_navigation():
    import yaml

    def names(entry):
        if isinstance(entry, str):
            return [entry]
        return [
            name
            for one in (entry.values() if isinstance(entry, dict) else entry)
            for name in names(one)
        ]

    sys.path.insert(0, str(ROOT / "docs"))
    import site_pages

    nav = names(yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"])
    assert sorted(nav) == sorted(str(page) for page in site_pages.pages())


@pytest.mark.long
def test_the_site_builds_with_warnings_as_errors():
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "site_pages.py"), "--build"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (ROOT / "site" / "docs" / "da" / "index.html").is_file()


def test_english_numbers_keep_their_marks():
    text = Text("{now:,} residents after {before:,} in {year}", now=1234, before=2468, year=2017)
    assert text.translated() == text == "1,234 residents after 2,468 in 2017"
