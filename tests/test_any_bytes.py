"""Any bytes as a file end in a table or a clear message: never a traceback, a crash of a reader, or a hang."""

from __future__ import annotations

import gzip
import random
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent / "fuzz"))
from reading import ENDINGS, clear, mutated, problems, seeds

MANY = settings(max_examples=150, deadline=20_000)
FOLDER = Path(tempfile.mkdtemp(prefix="udsat-any-bytes-"))
WORDS = (
    "area",
    "Område",
    "list_year",
    "list_date",
    "convicted_pct",
    "residents",
    "2019",
    "2019-12-01",
    "I alt",
    "Kilde: DST",
    "..",
    "<5",
)
PIECES = st.one_of(st.sampled_from([*WORDS, ";", ",", "\t", "|", "\n", "\r\n", '"', "%", ".", "-", " ", "\ufeff", "#N/A", "=1+1"]), st.text("0123456789.,-<%eE ", max_size=12), st.text(max_size=6))  # fmt: skip


def check(data: bytes, ending: str) -> None:
    """Check that bytes as a file are read, or refused in clear words."""
    found = problems(data, ending, FOLDER)
    assert clear(found), [str(problem)[:500] for problem in found]


@MANY
@given(st.binary(max_size=400), st.sampled_from(ENDINGS))
def test_random_bytes_are_refused_in_clear_words(data: bytes, ending: str) -> None:
    check(data, ending)


@MANY
@given(st.lists(PIECES, max_size=60))
def test_random_texts_of_separators_and_digits_are_read_or_refused(pieces: list[str]) -> None:
    check("".join(pieces).encode("utf-8", "surrogatepass"), ".csv")


@MANY
@given(
    st.lists(
        st.lists(
            st.one_of(
                st.sampled_from(WORDS), st.text("0123456789.,-<% ", max_size=8), st.text(max_size=4)
            ),
            min_size=3,
            max_size=3,
        ),
        max_size=8,
    )
)
def test_random_cells_under_good_headings_are_read_or_refused(rows: list[list[str]]) -> None:
    lines = [
        ";".join('"' + cell.replace('"', '""') + '"' for cell in row)
        for row in [["area", "list_year", "convicted_pct"], *rows]
    ]
    check("\n".join(lines).encode("utf-8", "surrogatepass"), ".csv")


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".parquet", ".csv.gz"])
def test_files_of_the_corpus_with_bytes_changed_are_read_or_refused(ending: str) -> None:
    pool = seeds(ending)

    @MANY
    @given(st.integers(0, 2**32))
    def mutate(seed: int) -> None:
        rng = random.Random(seed)
        data = mutated(rng.choice(pool), rng)
        check(data, ending)
        if ending == ".csv":
            check(gzip.compress(data), ".csv.gz")

    mutate()


def test_what_fuzzing_kept_is_read_or_refused() -> None:
    kept = sorted((Path(__file__).parent / "fuzz" / "corpus").iterdir())
    assert len(kept) > 50
    for path in kept:
        data = path.read_bytes()
        check(data[1:], ENDINGS[data[0] % len(ENDINGS)])
