"""The JSON Schema of criteria files and of files of cases: what an editor knows
while one writes.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel

from udsat.law.schema import CriteriaVersion

DIALECT = "https://json-schema.org/draft/2020-12/schema"
#: What each key means, by the name of its block in the model and its own.
_WORDS: dict[str, str] = {
    "CriteriaVersion.version": "Which law this is and when it was in force.",
    "CriteriaVersion.publication": "On which day of the year the list comes out.",
    "CriteriaVersion.area": "What an area in the law's sense is.",
    "CriteriaVersion.measures": (
        "What is counted, among whom, over which years. Names are those of the area table's"
        " columns."
    ),
    "CriteriaVersion.criteria": "Measures compared with thresholds.",
    "CriteriaVersion.categories": (
        "What makes an area a member, from the outermost category to the innermost."
    ),
    "CriteriaVersion.years_in_row": "Which lists count as consecutive years.",
    "CriteriaVersion.doubts": "What is not certain about facts of this file.",
    "Version.id": "The name that stands beside every verdict, such as 2018.",
    "Version.revision": (
        "Which release of this file it is, from 1; a correction of a released file is the next one."
    ),
    "Version.title": "The version in a line.",
    "Version.law": "The act, with its bill and number as far as confirmed.",
    "Version.in_force": "The first day.",
    "Version.ended": "The last day; left out while in force.",
    "Version.checked_on": "When the facts were last checked against their sources.",
    "Version.sources": "Addresses of the sources.",
    "Publication.day": "MM-DD.",
    "Publication.exceptions": "Years whose list came out on another day.",
    "Publication.source": "The paragraph.",
    "AreaRules.danish": "The statute's words.",
    "AreaRules.english": "The same in English.",
    "AreaRules.min_residents": (
        "Residents that an area has at least, at the reference date of the list."
    ),
    "AreaRules.min_residents_2010": "Residents that it had at least in 2010.",
    "AreaRules.municipalities": (
        "The register that municipalities must be in: `dk` for the 98 Danish ones. Without it they"
        " are any text."
    ),
    "AreaRules.years": "The year of the residents, relative to the list's: 0 is that year.",
    "AreaRules.source": "The paragraph.",
    "Measure.danish": "The statute's words.",
    "Measure.english": "The same in English.",
    "Measure.population": "Whom it is a share or mean of.",
    "Measure.ages": "From one age to another, both included; one number is that age and over.",
    "Measure.excludes": "Who is left out of the population.",
    "Measure.unknown_education": "Whether unknown education counts as basic schooling.",
    "Measure.unapproved_education": (
        "What an education counts as that was neither taken nor approved in Denmark."
    ),
    "Measure.counted": "Whether each person counts as one, or for a part of a full-time year.",
    "Measure.kind": "A share in percent, or a mean in kroner.",
    "Measure.years": "Years relative to the list's; several are a mean.",
    "Measure.tables": (
        "any, or calendar_years where the columns of a table of lists hold another measure of that"
        " name."
    ),
    "Measure.source": "The paragraph.",
    "Criterion.measure": "A measure of this file.",
    "Criterion.comparator": "exceeds (overstiger), at_least (udgør mindst) or below (mindre end).",
    "Criterion.threshold": "The line, exact, with at most nine decimals.",
    "Criterion.unit": "The unit of the line; times is a multiple of the national share.",
    "Criterion.reference": (
        "national: the line is a multiple of the national share. region: it is in percent of the"
        " region's mean."
    ),
    "Criterion.source": "The paragraph.",
    "Label.da": "The name in Danish, as the statute spells it.",
    "Label.en": "The name in English.",
    "Category.label": "The name of the category.",
    "Category.all_of": "Criteria, or categories above, that must all hold.",
    "Category.count": "How many of `of` must hold.",
    "Category.of": "What is counted.",
    "Category.count_column": "The output column with the count.",
    "Category.years_in_row": "On how many lists in a row, this one included.",
    "Category.min_residents": "Residents that members need, where it is more than the area needs.",
    "Category.source": "The paragraph.",
    "YearsInRow.of": "The category whose years are counted.",
    "YearsInRow.first": "The first list that counts.",
    "YearsInRow.counting": (
        "VERSION:CATEGORY, one for each version: membership in it counts as a year."
    ),
    "YearsInRow.source": "The paragraph.",
    "Doubt.id": (
        "The question in a word, such as rounding: the same in every version that leaves it open."
    ),
    "Doubt.about": "The blocks or keys that it is about, such as measures.convicted.ages.",
    "Doubt.status": "stated, practice, inferred or unconfirmed.",
    "Doubt.text": "One sentence.",
    "Doubt.source": "An address.",
}


def criteria_schema() -> str:
    """Return the JSON Schema (2020-12) of a criteria file, as text."""
    return _text(
        CriteriaVersion,
        "A version of the criteria for særligt udsatte boligområder",
        "criteria.schema.json",
        _WORDS,
    )


def cases_schema() -> str:
    """Return the JSON Schema (2020-12) of a file of cases, as text."""
    from udsat.law.cases import WORDS, CaseFile

    return _text(
        CaseFile, "Cases that a version of the criteria must satisfy", "cases.schema.json", WORDS
    )


def _text(model: type[BaseModel], title: str, name: str, words: dict[str, str]) -> str:
    made = model.model_json_schema(mode="validation")
    definitions = {
        block: _described(block, part, words)
        for block, part in sorted(made.pop("$defs", {}).items())
    }
    whole = {
        "$schema": DIALECT,
        "$id": f"urn:udsat:{name}",
        **_described(model.__name__, made, words),
        "title": title,
        "$defs": definitions,
    }
    return json.dumps(_plain(whole), ensure_ascii=False, indent=2) + "\n"


def _described(block: str, part: dict[str, Any], words: dict[str, str]) -> dict[str, Any]:
    for key, field in part.get("properties", {}).items():
        about = words.get(f"{block}.{key}")
        if about:
            field["description"] = about
    return part


def _plain(node: Any) -> Any:
    """Say of a number that it is one: the model's decimals could also be texts in JSON, but not in
    TOML.
    """
    if isinstance(node, list):
        return [_plain(part) for part in node]
    if not isinstance(node, dict):
        return node
    options = node.get("anyOf", ())
    kinds = {option.get("type") for option in options}
    if kinds == {"number", "string"}:
        number = next(option for option in options if option.get("type") == "number")
        node = {**{key: value for key, value in node.items() if key != "anyOf"}, **number}
    elif "null" in kinds:
        rest = [option for option in options if option.get("type") != "null"]
        node = {key: value for key, value in node.items() if key not in {"anyOf", "default"}} | (
            rest[0] if len(rest) == 1 else {"anyOf": rest}
        )
    return {
        key: _plain(value)
        for key, value in node.items()
        if key != "title" or isinstance(value, dict) or "$schema" in node
    }
