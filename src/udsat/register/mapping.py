"""How a person table's columns and codes are read: the map, shipped with Danmarks Statistik's
names, and the user's changes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from udsat.files import reading, toml
from udsat.messages.problems import Problem, UsageError
from udsat.messages.text import Text, joined, of_error, verbatim

#: What a person table tells, in the order in which it is described.
PROPERTIES: dict[str, str] = {
    "person": "who it is, as a number or text; only used to find persons counted twice",
    "year": "calendar year, four digits",
    "area": "name or code of the housing area; empty for persons who live in none",
    "municipality": "name or code of the municipality; optional",
    "region": "code of the region",
    "age": "age in whole years, at the date that the residents are counted on",
    "origin": "whether the person is an immigrant or descendant from a non-western country",
    "outside_labour_market": (
        "part of the year, full-time, without attachment to labour market or education: 0 to 1"
    ),
    "convicted": "whether the person was convicted in the year under one of the three acts",
    "education": "highest completed education",
    "education_approved": "whether that education was taken or approved in Denmark",
    "gross_income": "gross income of the year in kroner",
    "taxpayer": (
        "whether the person is a taxpayer; without it, whoever has an income is taken to be one"
    ),
    "student": "whether the person is under education",
}
#: The words that codes stand for; the regions' words are their names.
WORDS: dict[str, tuple[str, ...]] = {
    "origin": ("non_western", "other", "unknown"),
    "convicted": ("yes", "no", "unknown"),
    "education": ("basic", "other", "unknown"),
    "education_approved": ("yes", "no"),
    "taxpayer": ("yes", "no"),
    "student": ("yes", "no"),
}
#: Properties that are numbers.
NUMBERS = ("outside_labour_market", "gross_income")
#: Those of them that lie between 0 and 1.
PARTS_OF_ONE = ("outside_labour_market",)
#: Ages and years beyond these are slips.
OLDEST, YEARS = 125, (1970, 2100)
DEFAULT = Path(__file__).with_name("persons.toml")


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _CodeNumbers(_Strict):
    decimal: Literal["point", "comma"]


class PersonMap(_Strict):
    """A map from a table's columns and codes to what udsat asks of persons."""

    columns: dict[str, str]
    constants: dict[str, str | int]
    numbers: _CodeNumbers
    codes: dict[str, dict[str, tuple[str | int, ...] | str]]

    @model_validator(mode="after")
    def _words_are_known(self) -> PersonMap:
        wrong = [
            Text("columns: '{name}' is no property of a person", name=name)
            for name in self.columns
            if name not in PROPERTIES
        ]
        wrong += [
            Text("constants: '{name}' is no property of a person", name=name)
            for name in self.constants
            if name not in PROPERTIES
        ]
        for name, block in self.codes.items():
            wrong += self._wrong_codes(name, block)
        if wrong:
            raise ValueError(joined(wrong, "; "))
        return self

    def _wrong_codes(self, name: str, block: dict[str, tuple[str | int, ...] | str]) -> list[Text]:
        if name not in WORDS and name != "region":
            return [
                Text(
                    "codes.{name}: only {words} and region have codes",
                    name=name,
                    words=joined(WORDS),
                )
            ]
        words = WORDS.get(name) or tuple(word for word in block if word != "missing")
        wrong = [
            Text(
                "codes.{name}: '{word}' is none of {words}",
                name=name,
                word=word,
                words=joined(words),
            )
            for word in block
            if word not in (*words, "missing")
        ]
        lists = [codes for word, codes in block.items() if word != "missing"]
        wrong += [
            Text("codes.{name}: the codes of a word are a list", name=name)
            for codes in lists
            if isinstance(codes, str)
        ]
        if block.get("missing", "error") not in (*words, "error"):
            wrong.append(
                Text(
                    "codes.{name}: missing is one of {words} or error",
                    name=name,
                    words=joined(words),
                )
            )
        codes = [str(code) for some in lists if not isinstance(some, str) for code in some]
        return wrong + [
            Text("codes.{name}: the code '{code}' is given twice", name=name, code=code)
            for code in dict.fromkeys(codes)
            if codes.count(code) > 1
        ]

    def column(self, name: str) -> str:
        """Return the heading of a property's column; empty where the table has none."""
        return "" if name in self.constants else self.columns.get(name, "")

    def given(self, name: str) -> bool:
        """Whether the table or the map tells a property."""
        return bool(self.column(name)) or name in self.constants

    def words(self, name: str) -> dict[str, tuple[str, ...]]:
        """Return the codes of each word of a property, as texts."""
        block = self.codes.get(name, {})
        return {word: tuple(map(str, codes)) for word, codes in block.items() if word != "missing"}

    def missing(self, name: str) -> str:
        """Return the word that an empty cell stands for, or `error`."""
        return str(self.codes.get(name, {}).get("missing", "error"))

    def regions(self) -> tuple[str, ...]:
        """Return the name of every region."""
        return tuple(self.words("region"))


@dataclass(frozen=True, slots=True)
class Mapped:
    """A map with the SHA-256 of the file that changed the shipped one, if there is one."""

    map: PersonMap
    name: str = ""
    sha256: str = ""


def load(path: str | None) -> Mapped:
    """Return the shipped map, changed by a file of the user's; raise `UsageError` where that file
    is not usable.
    """
    shipped = toml.loads(DEFAULT.read_text(encoding="utf-8"))
    if path is None:
        return Mapped(PersonMap.model_validate(shipped))
    try:
        data = reading.content(path)
        own = toml.loads(data.decode("utf-8").replace("\r\n", "\n"))
    except OSError as error:
        raise UsageError(
            Problem(
                "UD706",
                Text("cannot be read: {strerror}", strerror=error.strerror),
                Text("check the name"),
                path,
            )
        ) from error
    except UnicodeDecodeError as error:
        raise UsageError(
            Problem("UD706", Text("is no TOML file: its text is not UTF-8"), file=path)
        ) from error
    except toml.NotToml as error:
        raise UsageError(
            Problem("UD706", Text("is no TOML file: {error}", error=of_error(error)), file=path)
        ) from error
    try:
        return Mapped(
            PersonMap.model_validate(_overlaid(shipped, own)),
            path,
            hashlib.sha256(data).hexdigest(),
        )
    except ValidationError as error:
        raise UsageError(
            [_problem(detail, path) for detail in error.errors(include_url=False)]
        ) from error


def _overlaid(shipped: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Return the shipped blocks with the user's keys; the codes of a property are
    replaced as one.
    """
    merged = dict(shipped)
    for block, keys in own.items():
        both = isinstance(keys, dict) and isinstance(shipped.get(block), dict)
        merged[block] = {**shipped[block], **keys} if both else keys
    return merged


def _words(detail: Any) -> Text:
    error = detail.get("ctx", {}).get("error")
    return of_error(error) if isinstance(error, ValueError) else verbatim(detail["msg"])


def _problem(detail: Any, path: str) -> Problem:
    place = ".".join(map(str, detail["loc"]))
    return Problem(
        "UD706",
        _words(detail),
        Text("udsat aggregate --describe shows the map"),
        path,
        column=place,
    )
