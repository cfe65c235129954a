"""Names that would break a page that trusts them."""

from __future__ import annotations

NAMES = (
    "<script>window.hacked=1</script>",
    '"><img src=x onerror="window.hacked=2">',
    'O\'Brien & "Søn"',
    "🏠🏘️ Emojiby",
    "حي الأمل \u202eabc",
    "x" * 300,
    "</style><script>window.hacked=3</script>",
    "{{ 7*7 }} {% raw %}",
    "javascript:window.hacked=4",
    "</title><svg onload=window.hacked=5>",
    "Linje\nskift",
    "@SUM(1+1)",
)
TOWNS = ("Aarhus", "<b onmouseover=window.hacked=6>Odense</b>")


def table(names: tuple[str, ...] = NAMES) -> bytes:
    """Return a table of two lists with these names, some of them near every line."""
    header = "area,municipality,list_year,residents,outside_labour_market_pct,convicted_pct,basic_education_pct,income_ratio_pct,non_western_pct"
    rows = [
        f"{_cell(name)},{_cell(TOWNS[number % 2])},{year},2000,{39.5 + number / 5},{1.9 + year % 2 / 5},{60.5 - number / 10},54.8,{49 + number}"
        for year in (2018, 2019)
        for number, name in enumerate(names)
    ]
    return "\n".join([header, *rows, ""]).encode()


def _cell(text: str) -> str:
    quoted = text.replace('"', '""')
    return f'"{quoted}"'
