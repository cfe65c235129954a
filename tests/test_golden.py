"""Every command gives the same output as when the hashes were kept: in each format, in both languages, on hundreds of tables."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from breadth import spread
from golden import compare
from golden.cases import cases
from golden.run import digest

#: `make test` takes every so many cases, the long tests take the others.
SHARE = 16
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")


def differing(part: int, folder: Path) -> list[str]:
    """Return the cases of a part whose output is another."""
    known = compare.kept()
    texts = compare.built(compare.ROOT / "src", folder / "out", parts=[f"{part}/{SHARE}"])
    assert len(texts) == len(cases()[part::SHARE])
    return [name for name, text in texts.items() if known.get(name) != digest(text)]


def test_every_case_has_a_hash() -> None:
    assert sorted(compare.kept()) == [case.name for case in cases()]


def test_outputs_are_as_they_were(tmp_path: Path) -> None:
    assert differing(0, tmp_path) == [], "python tests/golden/compare.py COMMIT shows the lines"


@pytest.mark.long
@pytest.mark.parametrize("part", spread(range(1, SHARE)))
def test_all_other_outputs_are_as_they_were(part: int, tmp_path: Path) -> None:
    assert differing(part, tmp_path) == []
