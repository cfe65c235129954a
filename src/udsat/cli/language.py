"""`--lang` and `UDSAT_LANG`: the language of what a command prints for people, its help and its
usage errors included.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import itertools
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Annotated, Any, TextIO, TypeVar, cast, get_type_hints

import typer
from typer.core import TyperGroup

from udsat.messages import display, language

T = TypeVar("T")
VARIABLE = "UDSAT_LANG"


class Lang(StrEnum):
    """The languages that people are spoken to in."""

    en = "en"
    da = "da"


LangOption = Annotated[
    Lang,
    typer.Option(
        "--lang",
        help="The language of what is printed for people.",
        envvar=VARIABLE,
        show_envvar=True,
        is_eager=True,
    ),
]


def with_language(command: Callable[..., T]) -> Callable[..., T]:
    """Return a command that also takes `--lang`; `Speaking` has set it before any command runs."""
    signature, hints = inspect.signature(command), get_type_hints(command, include_extras=True)
    lang = inspect.Parameter(
        "lang", inspect.Parameter.KEYWORD_ONLY, default=Lang.en, annotation=LangOption
    )

    @functools.wraps(command)
    def run(**given: Any) -> T:
        given.pop("lang", None)
        return command(**given)

    own = [
        one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in signature.parameters.values()
    ]
    run.__signature__ = signature.replace(parameters=[*own, lang])  # type: ignore[attr-defined]
    run.__annotations__ = hints | {"lang": LangOption}
    return run


def asked(arguments: Sequence[str]) -> str:
    """Return the language that a command line asks for, before it is parsed: help and usage errors
    speak it too.

    >>> asked(["score", "--lang", "da"]), asked(["--lang=da"]), asked(["score", "--", "--lang", "da"])
    ('da', 'da', 'en')
    """  # noqa: E501
    own = list(arguments[: arguments.index("--")]) if "--" in arguments else list(arguments)
    values = [after for one, after in itertools.pairwise(own) if one == "--lang"]
    values += [one.removeprefix("--lang=") for one in own if one.startswith("--lang=")]
    found = values[-1] if values else os.environ.get(VARIABLE, "")
    return found if found in language.LANGUAGES else "en"


class Speaking(TyperGroup):
    """The commands of udsat, in the language that their line asks for."""

    def main(self, args: Sequence[str] | None = None, *others: Any, **more: Any) -> Any:
        """Run a command line."""
        given = list(sys.argv[1:] if args is None else args)
        for stream in (sys.stdout, sys.stderr):
            if hasattr(
                stream, "reconfigure"
            ):  # in UTF-8 whatever the system's locale; a name may hold bytes that are none
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")
        sys.stdout = shown(sys.stdout)
        with language.spoken(asked(given)):
            if not language.danish():
                return super().main(args, *others, **more)
            from udsat.cli.translation import spoken

            with spoken(self):
                return super().main(args, *others, **more)

    def make_context(self, *others: Any, **more: Any) -> Any:
        """Read the command line; a usage error speaks the language of the run."""
        with _told():
            return super().make_context(*others, **more)

    def invoke(self, ctx: Any) -> Any:
        """Run a command; a usage error speaks the language of the run."""
        with _told():
            return super().invoke(ctx)


class _VisibleStream:
    """A terminal on which data are shown: CSV and JSON in a pipe or file are data, and here what a
    person looks at.
    """

    def __init__(self, stream: TextIO) -> None:
        #: The terminal itself, for those who style what they print.
        self.styled = stream

    def write(self, text: str) -> int:
        """Print a text in which nothing is obeyed but line ends."""
        self.styled.write(display.lines(text.replace("\r\n", "\n")))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Print texts."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.styled, name)


def shown(stream: TextIO) -> TextIO:
    """Return a stream that shows what is written to it where it is a terminal, and
    else the stream.
    """
    return (
        cast("TextIO", _VisibleStream(stream))
        if stream.isatty() and not isinstance(stream, _VisibleStream)
        else stream
    )


@contextlib.contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        if isinstance(message := getattr(error, "message", None), str):
            error.message = display.lines(message.removeprefix("Value error, "))  # type: ignore[attr-defined]
        if language.danish() and hasattr(error, "show"):
            from udsat.cli.translation import show

            error.show = functools.partial(show, error)
        raise
