"""Makes the corpus: small broken or odd files in `files/`, and `expected.csv`, which says what udsat must make of each.

Run it after adding a case: `python tests/corpus/make.py`. A few files are kept as they are, because the programs that
wrote them are not at hand everywhere.

An expectation has an exit status, the message codes with line and heading (`UD101@2:residents`), and for what is
readable the values of an area: `Bispehaven: crime=3.45 residents=2000`.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from cases_csv import CASES as TEXTS
from cases_other import CASES as OTHERS
from cases_other import EXTRA
from cases_sheets import CASES as SHEETS

HERE = Path(__file__).parent
FILES = HERE / "files"
COLUMNS = ["file", "options", "status", "codes", "values", "says", "odd"]


def main() -> None:
    """Write every file, and the table of what is expected."""
    with (HERE / "expected.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for case in (*TEXTS, *SHEETS, *OTHERS):
            for name, data in case.files.items():
                write(name, data)
            writer.writerow(case.expected())
    for name, data in EXTRA.items():
        write(name, data)


def write(name: str, data: bytes | None) -> None:
    """Write a file of the corpus; one without data is kept as it is."""
    path = FILES / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if data is not None:
        path.write_bytes(data)


if __name__ == "__main__":
    main()
