"""The command line: `udsat` and its commands."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, NoReturn

import typer

from udsat import __version__
from udsat.cli import interrupts
from udsat.cli.errors import say
from udsat.cli.language import Lang, LangOption, Speaking
from udsat.messages.problems import ExitCode
from udsat.messages.text import Text

#: Every command is the function of its name in the module of its name; `criteria` has commands of
#: its own.
COMMANDS = (
    "score", "validate", "template", "explain", "watch", "diff", "history", "audit", "aggregate",
    "report", "plot", "criteria",
)  # fmt: skip


def application(wanted: Sequence[str] = COMMANDS) -> typer.Typer:
    """Return the command line with all its commands, or with some: to make one ready
    takes a while.
    """
    app = typer.Typer(
        name="udsat",
        cls=Speaking,
        help=(
            "Scores Danish housing areas against the statutory criteria for særligt udsatte"
            " boligområder."
        ),
        epilog=(
            "Examples: udsat score areas.csv | udsat score areas.csv -o verdicts.parquet | udsat"
            " criteria show 2018"
        ),
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(options)
    for name in wanted:
        module = import_module(f"udsat.cli.commands.{name}")
        if name == "criteria":
            app.add_typer(module.app, name=name)
        else:
            app.command(name)(getattr(module, name))
    return app


def meant(arguments: Sequence[str]) -> Sequence[str]:
    """Return the commands that a command line needs: the one it begins with, or all where it begins
    with none.

    >>> meant(["score", "areas.csv"]), meant(["scores"]) == COMMANDS
    (['score'], True)
    """
    return [name for name in arguments[:1] if name in COMMANDS] or COMMANDS


def _version(wanted: bool) -> None:
    if wanted:
        print(f"udsat {__version__}")
        raise typer.Exit


def options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
    lang: LangOption = Lang.en,
) -> None:
    """Scores Danish housing areas against the statutory criteria for særligt udsatte
    boligområder.
    """


def main() -> None:
    """Run the command line."""
    # What was closed by whoever started us is empty, or leads nowhere.
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115 - open as long as we run
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    interrupts.listen()
    try:
        application(meant(sys.argv[1:]))()
    except KeyboardInterrupt:  # before a command has begun, or after it has ended
        say(Text("interrupted"))
        _leave(ExitCode.INTERRUPTED)
    except SystemExit as done:
        if done.code == ExitCode.INTERRUPTED:
            _leave(ExitCode.INTERRUPTED)
        raise


def _leave(status: ExitCode) -> NoReturn:
    """End with a status, whatever else is pressed meanwhile: while Python ends, another Ctrl-C
    would kill it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(status)
