"""Every option and argument of every command with hostile values: found in the command line itself, so that a new one is covered."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import click
import typer

from udsat.cli.app import application

HEADER = "area,municipality,list_year,residents,outside_labour_market_pct,convicted_pct,basic_education_pct,income_ratio_pct,non_western_pct"
PERSONS = "person,year,area,municipality,region,age,origin,outside_labour_market,convicted,education,gross_income"
#: What an argument or a required option has where something else is hostile. A new required one is named here.
GIVEN = {
    "tables": "areas.csv", "words": ("areas.csv", "Bispehaven"), "output": "out.html", "old": "old.csv", "new": "areas.csv", "given": "areas.csv",
    "persons": "persons.csv", "version": "2018", "files": "own.toml", "file": "fresh.toml", "criterion": "crime", "list_year": "2019",
    "criteria diff old": "2014", "criteria diff new": "2018", "plot output": "out.svg",
}  # fmt: skip
#: Options that are of no use without others.
WITH = {
    "--municipality": ("--area", "Bispehaven"),
    "--to": ("--from", "2018"),
    "--target": ("--baseline", "2018"),
}
FAR = "9" * 30
#: Names and texts as a careless program, or a careful attacker, passes them.
TEXTS = (
    "", " ", "x" * 256, "x" * 10_000, "a/" * 3_000, "\0", "a\0b.csv", "\x1b[2J\x1b[31m", "\u202egnp.exe", "\udcff\udc80", "é" * 200,
    "'", '"', "';--", "{0}{x}%s%n", "[red]x[/red]", "*", "?[", "[", "**/*", "..", ".", "/", "~", "-", "--", "-1", "0", "1e9", FAR, "-" + FAR,
    "9" * 5_000, "nan", "inf", "0000-00-00", "9999-12-31", "10000-01-01", "2019-02-30", "0", "9999", "١٢٣", "²", "1..9", "9..1", "1..",
    "crime.threshold=1..2", "crime.threshold=nan", "crime.threshold=0..1e9:1e-9", "crime.threshold=" + FAR, "udsat.count=9..1:0", "a=b=c",
    "\n", "a\nb", "\r", "\u2028", "\ufeff", "\U000e0041", "True", "None", "null", "2018", "2019", "crime", "parallelsamfund", "utf-16", "hex",
    "idna", "punycode", "unicode_escape", "undefined", "1 persons", "-1 persons", "1e400", "1TB", "0B", "-1GB", "9" * 40 + "GB", "Bispehaven",
)  # fmt: skip
#: What a file may hold that is not what a command asks for.
FILES: dict[str, bytes] = {
    "empty": b"",
    "nul": b"\0" * 50,
    "random": random.Random(7).randbytes(500),
    "half": b"\xff\xfea\0r",
    "header": HEADER.encode() + b"\n",
    "other": b"a,b\n1,2\n",
    "quote": HEADER.encode() + b'\n"Bispehaven,Aarhus,2019\n',
    "long": HEADER.encode() + b"\n" + b"x" * 70_000 + b",Aarhus,2019,2000,50,3,60,50,60\n",
    "escapes": HEADER.encode() + "\nA\x1b[2J\u202eb,Aar\x07hus,2019,2000,50,3,60,50,60\n".encode(),
    "digits": HEADER.encode() + b"\nBispehaven,Aarhus,2019," + b"9" * 5_000 + b",50,3,60,50,60\n",
    "years": HEADER.encode() + b"\nBispehaven,Aarhus,0000,2000,50,3,60,50,60\nBispehaven,Aarhus,9999,2000,50,3,60,50,60\n",
    "zip": b"PK\x03\x04" + b"\0" * 40,
    "deep": b"a = " + b"[" * 5_000 + b"]" * 5_000,
    "blocks": b"[" + b".".join([b"a"] * 5_000) + b"]\nb = 1\n",
    "inline": b"a = " + b"{a=" * 3_000 + b"1" + b"}" * 3_000,
    "integer": b"[version]\nid = " + b"9" * 5_000,
    "twice": b"x = 1\nx = 2\n[columns]\n[columns]\n",
    "columns": '[columns]\n"\x1b[2J" = "area"\n"a" = 1\n"b" = []\n'.encode(),
    "json": b'{"a": ' + b"[" * 2_000 + b"]" * 2_000 + b"}",
}  # fmt: skip
ENDINGS = (".csv", ".toml", ".xlsx", ".parquet", ".csv.gz")


class Case(NamedTuple):
    """One run: the words of the command line, and what of it is hostile."""

    words: tuple[str, ...]
    about: str


@dataclass(frozen=True)
class Option:
    """An option or argument that takes a value, and the words that come before it on a line that is right without it."""

    command: tuple[str, ...]
    flag: str
    before: tuple[str, ...]

    def case(self, value: str) -> Case:
        """Return a run with a value of this option."""
        own = (
            ["--", value]
            if not self.flag and value.startswith("-") and value != "-"
            else [self.flag, value]
            if self.flag
            else [value]
        )
        return Case(
            (*self.command, *self.before, *own),
            f"{' '.join(self.command)} {self.flag} {value[:40]!r}",
        )


def prepare(folder: Path) -> None:
    """Write the files that cases name."""
    rows = "Bispehaven,Aarhus,2019,2000,50,3,60,50,60\nVollsmose,Odense,2019,9000,50,3,70,50,70\n"
    (folder / "areas.csv").write_text(f"{HEADER}\n{rows}", "utf-8")
    (folder / "old.csv").write_text(f"{HEADER}\n{rows.replace('2019', '2018')}", "utf-8")
    (folder / "list.csv").write_text(
        "list_year,category,area,municipality\n2019,ghetto,Bispehaven,Aarhus\n", "utf-8"
    )
    (folder / "persons.csv").write_text(
        f"{PERSONS}\n1,2018,17,751,1082,40,5,1,0,10,200000\n", "utf-8"
    )
    (folder / "own.toml").write_text("[version]\nid = 1\n", "utf-8")
    (folder / "folder").mkdir()
    (folder / "loop.csv").symlink_to("loop.csv")
    (folder / "gone.csv").symlink_to("nowhere.csv")
    for name, data in FILES.items():
        for ending in ENDINGS:
            (folder / f"{name}{ending}").write_bytes(data)


@cache
def values() -> list[str]:
    """Return every hostile value: texts, then names of files."""
    files = [f"{name}{ending}" for ending in ENDINGS for name in FILES]
    return list(
        dict.fromkeys(
            [*TEXTS, "/dev/null", "folder", "loop.csv", "gone.csv", "areas.csv/x", *files]
        )
    )


@cache
def options() -> list[Option]:
    """Return every option and argument of every command that takes a value."""
    return [one for path, command in commands() for one in _options(path, command)]


def commands() -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command with the words that call it."""
    waiting: list[tuple[tuple[str, ...], Any]] = [((), typer.main.get_command(application()))]
    while waiting:
        path, command = waiting.pop()
        below = getattr(command, "commands", None)
        if below is None:
            yield path, command
        else:
            waiting += [((*path, name), one) for name, one in sorted(below.items(), reverse=True)]


def _options(path: tuple[str, ...], command: click.Command) -> Iterator[Option]:
    for one in command.params:
        if (
            getattr(one, "is_flag", False)
            or one.name in {"help", "version"}
            and not _is_argument(one)
        ):
            continue
        flag = "" if _is_argument(one) else one.opts[-1]
        yield Option(path, flag, (*_before(path, command, one), *WITH.get(flag, ())))


def _before(path: tuple[str, ...], command: click.Command, about: click.Parameter) -> Iterator[str]:
    """Yield what else a command needs: values of its arguments and required options, in their order up to an argument itself."""
    for one in command.params:
        if one.name == about.name:
            continue
        argument = _is_argument(one)
        if (
            argument
            and _is_argument(about)
            and command.params.index(one) > command.params.index(about)
        ):
            continue
        if one.required or (argument and one.name in GIVEN):
            if not argument:
                yield one.opts[-1]
            given = GIVEN.get(f"{' '.join(path)} {one.name}") or GIVEN[one.name or ""]
            yield from (given,) if isinstance(given, str) else given


def is_output(option: Option) -> bool:
    """Whether a value of an option names a file to be written: a device must not be replaced by a test."""
    return "out" in option.flag or option.command[-1] in {"new", "schema"}


def cases() -> list[Case]:
    """Return every option with every value."""
    return [
        one.case(value)
        for one in options()
        for value in values()
        if not (is_output(one) and value.startswith("/"))
    ]


def few() -> list[Case]:
    """Return every value for every option that has a name of its own, each on one of the commands that have it by turns."""
    by_name: dict[str, list[Option]] = {}
    for one in options():
        by_name.setdefault(one.flag or "argument", []).append(one)
    found = []
    for number, some in enumerate(by_name.values()):
        for place, value in enumerate(values()):
            one = some[(place + number) % len(some)]
            if not (is_output(one) and value.startswith("/")):
                found.append(one.case(value))
    return found


def _is_argument(one: Any) -> bool:
    return one.param_type_name == "argument"


@cache
def some() -> list[Case]:
    """Return one value for every option of every command, and every value for one of them at least."""
    every, found = values(), []
    for number, one in enumerate(options()):
        value = every[number * 7 % len(every)]
        found.append(one.case("\0" if is_output(one) and value.startswith("/") else value))
    return found


def hidden(text: str) -> str:
    """Return the characters of a text that a terminal or a reader's eye would obey, line ends aside."""
    return "".join(
        sign
        for sign in text
        if sign != "\n"
        and (unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} or sign in DIRECTIONS)
    )


#: Marks, embeddings, overrides and isolates of direction, and tags.
DIRECTIONS = {
    chr(code)
    for code in (
        0x061C,
        0x200E,
        0x200F,
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
        *range(0xE0000, 0xE0080),
    )
}
