"""The command line: `udsat` and its commands."""

from __future__ import annotations

import gc
import signal
import sys
from typing import Annotated, NoReturn

import typer

from udsat import __version__
from udsat.cli import criteria
from udsat.cli.aggregate import aggregate
from udsat.cli.audit import audit
from udsat.cli.diff import diff
from udsat.cli.explain import explain
from udsat.cli.handler import say
from udsat.cli.history import history
from udsat.cli.plot import plot
from udsat.cli.report import report
from udsat.cli.score import score
from udsat.cli.template import template
from udsat.cli.tongue import Speaking
from udsat.cli.validate import validate
from udsat.cli.watch import watch
from udsat.errors import ExitCode

app = typer.Typer(
    name="udsat",
    cls=Speaking,
    help="Scores Danish housing areas against the statutory criteria for særligt udsatte boligområder.",
    epilog="Examples: udsat score areas.csv | udsat score areas.csv -o verdicts.parquet | udsat criteria show 2018",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("score")(score)
app.command("validate")(validate)
app.command("template")(template)
app.command("explain")(explain)
app.command("watch")(watch)
app.command("diff")(diff)
app.command("history")(history)
app.command("audit")(audit)
app.command("aggregate")(aggregate)
app.command("report")(report)
app.command("plot")(plot)
app.add_typer(criteria.app, name="criteria")


def _version(wanted: bool) -> None:
    if wanted:
        print(f"udsat {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")] = False,
) -> None:
    """Scores Danish housing areas against the statutory criteria for særligt udsatte boligområder."""


def main() -> None:
    """Run the command line, in UTF-8 whatever the system's locale."""
    gc.set_threshold(100_000, 50, 50)  # a short run makes many small objects and hardly any cycles
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        app()
    except KeyboardInterrupt:  # before a command has begun, or after it has ended
        say("interrupted")
        _leave(ExitCode.INTERRUPTED)
    except SystemExit as done:
        if done.code == ExitCode.INTERRUPTED:
            _leave(ExitCode.INTERRUPTED)
        raise


def _leave(status: ExitCode) -> NoReturn:
    """End with a status, whatever else is pressed meanwhile: while Python ends, another Ctrl-C would kill it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(status)
