"""The words of the report: every text of its templates and charts goes through one function, so that it can be translated."""

from __future__ import annotations

import datetime as dt
from typing import Any

LANGUAGE = "en"


def _(text: str, **values: Any) -> str:
    """Return a text with its values filled in.

    >>> _("{count} areas", count=3)
    '3 areas'
    """
    return text.format(**values) if values else text


def day(date: dt.date) -> str:
    """Return a date in words.

    >>> day(dt.date(2019, 12, 1))
    '1 December 2019'
    """
    return f"{date.day} {date:%B %Y}"
