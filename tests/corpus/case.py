"""One case of the corpus: its files, and what is expected of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

HEAD = "Område;Kommune;Listeår;Antal beboere;Andel dømte (pct.);Andel indvandrere og efterkommere fra ikke-vestlige lande (pct.)"
ROW = "Bispehaven;Aarhus;2019;2.000;3,45;71,5"
#: What HEAD and ROW say.
SAYS = "Bispehaven: municipality=Aarhus list_date=2019-12-01 residents=2000 crime=3.45 origin=71.5"
SHORT = "area;list_year;convicted_pct"


@dataclass(frozen=True)
class Case:
    """Files, options, and what comes of them; a file without data is kept as it is."""

    odd: str
    files: dict[str, bytes | None]
    options: str = ""
    status: int = 0
    codes: str = ""
    values: str = ""
    says: str = ""
    #: What is given to udsat, where it is not the first file.
    given: str = ""

    def expected(self) -> dict[str, str]:
        """Return the row of the table of expectations."""
        return {
            "file": self.given or next(iter(self.files)),
            "options": self.options,
            "status": str(self.status),
            "codes": self.codes,
            "values": self.values,
            "says": self.says,
            "odd": self.odd,
        }


def good(
    name: str, data: bytes | str, odd: str, values: str = SAYS, says: str = "", options: str = ""
) -> Case:
    """Return a case that is read and scored."""
    return Case(
        odd, {name: data.encode() if isinstance(data, str) else data}, options, 0, "", values, says
    )


def bad(
    name: str,
    data: bytes | str,
    odd: str,
    codes: str,
    options: str = "",
    status: int = 0,
    says: str = "",
) -> Case:
    """Return a case that is refused: 1 for cells and rows, 2 for files."""
    worst = 2 if re.search("UD[3-6]", codes) else 1
    return Case(
        odd,
        {name: data.encode() if isinstance(data, str) else data},
        options,
        status or worst,
        codes,
        "",
        says,
    )
