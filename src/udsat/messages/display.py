"""How text that comes from files, names and options is shown: what a reader would not see, or a
program obey, is written out.

A control or direction character is written as a backslash and its number, as Python writes it.
There is one function for each medium. Values in CSV, JSON, Parquet and Excel are data and keep what
they hold, as far as the format can hold it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

#: Controls (C0, DEL, C1), marks and overrides of direction, separators of lines and paragraphs,
#: invisible marks and spaces of no width, tags, and halves of pairs (bytes of a file name that are
#: no UTF-8). Soft hyphens and the joiners of emoji and scripts stay: they change how a word is
#: written and not where.
HIDDEN = "\x00-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"  # noqa: E501
_HIDDEN = re.compile(f"[{HIDDEN}]")
_HIDDEN_IN_LINES = re.compile(f"(?!\n)[{HIDDEN}]")
#: What no HTML, SVG or XML may hold besides: non-characters.
_FORBIDDEN = re.compile(f"(?![\t\n\r])[{HIDDEN}\ufdd0-\ufdef\ufffe\uffff]")
_MARKDOWN = re.compile(r"([\\`*_\[\]|~$])")
#: What begins a heading or a list where it begins a line.
_BLOCK = re.compile(r"^(?=[#+-]+ )")


def _written_out(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()


def line(text: str, longest: int = 0) -> str:
    r"""Return a text as a piece of one line, for a message or a cell on a terminal; `longest` cuts
    it.

    >>> print(line("Andel\ndømte \x1b[2J\u202e"), line("x" * 300, 4))
    Andel\ndømte \x1b[2J\u202e xxx…
    """
    if longest and len(text) > longest:
        text = f"{text[: longest - 1]}…"
    return text if text.isprintable() else _HIDDEN.sub(_written_out, text)


def lines(text: str) -> str:
    r"""Return a text of several lines for a terminal: line ends stay, all else that is hidden is
    written out.

    >>> print(lines("one\n\x1b[31mtwo"))
    one
    \x1b[31mtwo
    """
    return text if text.isprintable() else _HIDDEN_IN_LINES.sub(_written_out, text)


def markdown(text: str) -> str:
    r"""Return a text as a piece of one line of Markdown, in which no sign means anything.

    >>> print(markdown("a|b *c* <d> \u202e"))
    a\|b \*c\* &lt;d&gt; \\u202e
    """
    shown = (
        _MARKDOWN.sub(r"\\\1", line(text))
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
    )
    return _BLOCK.sub(r"\\", shown)


def encodable(value: Any) -> Any:
    r"""Return texts, also in lists and blocks, as UTF-8 can hold them: bytes of a name that are no
    UTF-8 are written out.

    >>> print(encodable({"name": "omr\udce5der.csv"})["name"])
    omr\udce5der.csv
    """
    if isinstance(value, str):
        return (
            value if value.isascii() else value.encode("utf-8", "backslashreplace").decode("utf-8")
        )
    if isinstance(value, Mapping):
        return {encodable(key): encodable(one) for key, one in value.items()}
    return [encodable(one) for one in value] if isinstance(value, (list, tuple)) else value


def page(text: str) -> str:
    r"""Return a whole page of HTML or SVG with nothing hidden in it; tabs and line ends are layout
    there.

    >>> print(page("<p>Bispehaven\u202e</p>"))
    <p>Bispehaven\u202e</p>
    """
    return _FORBIDDEN.sub(_written_out, text)
