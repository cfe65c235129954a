"""Help and usage errors in the language of the run: what the command line's own library prints in
English.
"""

from __future__ import annotations

import contextlib
import functools
import gettext
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any

from udsat.cli import error_translation
from udsat.messages import language
from udsat.messages.language import _


@contextlib.contextmanager
def spoken(group: Any) -> Iterator[None]:
    """Let a group and its commands speak the language of the run."""
    before = gettext.textdomain(), os.environ.get("LANGUAGE")
    gettext.bindtextdomain(language.DOMAIN, str(language.folder()))
    gettext.textdomain(language.DOMAIN)
    os.environ["LANGUAGE"] = "da"
    _tell(group)
    try:
        yield
    finally:
        gettext.textdomain(before[0])
        os.environ.pop("LANGUAGE") if before[1] is None else os.environ.update(LANGUAGE=before[1])


def texts(command: Any) -> Iterator[str]:
    """Yield every text of the help of a command and of those below it."""
    yield from filter(None, (command.help, command.epilog))
    yield from (one.help for one in command.params if one.help)
    for below in getattr(command, "commands", {}).values():
        yield from texts(below)


def _tell(command: Any) -> None:
    for field in ("help", "epilog", "short_help"):
        if text := getattr(command, field, None):
            setattr(command, field, _(text))
    for one in command.params:
        one.help = one.help and _(one.help)
    command.get_help = functools.partial(_help, command, command.get_help)
    for below in getattr(command, "commands", {}).values():
        _tell(below)


def _help(command: Any, made: Callable[[Any], str], ctx: Any) -> str:
    own = command.get_help_option(ctx)
    if own is not None:
        own.help = _(own.help)
    return _usage(made(ctx)).replace("[env var:", f"[{_('env var')}:")


def _usage(text: str) -> str:
    return text.replace("Usage: ", f"{_('Usage')}: ", 1)


def show(error: Any, file: Any = None) -> None:
    """Print a usage error: how the command is used, where there is more, and what is wrong."""
    stream = file or sys.stderr
    ctx = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        print(error.format_message(), file=stream)
        return
    if ctx is not None:
        hint = _(
            "Try '{command}' for help.", command=f"{ctx.command_path} {ctx.help_option_names[0]}"
        )
        print(f"{_usage(ctx.get_usage())}\n{hint}\n", file=stream)
    print(f"{_('Error')}: {error_translation.translated(error.format_message())}", file=stream)
