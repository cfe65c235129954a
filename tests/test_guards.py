"""The rules of the code base: each has a list of today's offenders, which may only become shorter."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import guards
from udsat.law import loader

OFFENDERS = tomllib.loads(Path(__file__).with_name("offenders.toml").read_text("utf-8"))
#: `udsat` is the name of a category and of the program.
STATUTE = {
    name
    for version in loader.shipped().versions
    for name in (*version.measures, *version.criteria, *version.categories)
} - {"udsat"}
RULES = guards.RULES | {"statute_in_code": lambda: guards.statute_in_code(STATUTE)}


@pytest.mark.parametrize("rule", sorted(RULES))
def test_no_module_breaks_a_rule_but_those_that_did(rule: str) -> None:
    found, listed = RULES[rule](), OFFENDERS[rule]["offenders"]
    assert sorted(found - set(listed)) == [], "new offenders: mend them, the list grows no more"
    assert sorted(set(listed) - found) == [], "no offenders any more: take them off the list"


def test_every_list_of_offenders_belongs_to_a_rule_and_is_sorted() -> None:
    assert set(OFFENDERS) == set(RULES)
    assert all(one["offenders"] == sorted(one["offenders"]) for one in OFFENDERS.values())
