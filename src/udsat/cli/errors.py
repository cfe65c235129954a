"""The one place that talks to the user when something goes wrong, and decides the exit status."""

from __future__ import annotations

import contextlib
import functools
import inspect
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import typer

from udsat import __version__
from udsat.cli import interrupts, problem_files
from udsat.cli.language import with_language
from udsat.cli.option_groups import spread
from udsat.messages import display, language
from udsat.messages.problems import ExitCode, InvalidTable, Problem, UdsatError, UsageError, grouped
from udsat.messages.text import EMPTY, Text, translated, verbatim

#: What the engine says when Ctrl-C stops a query.
_INTERRUPTED = ("Query interrupted", "INTERRUPT Error: Interrupted!")


def handled(command: Callable[..., int]) -> Callable[..., None]:
    """Make a command that returns an exit status end with it, and turn every error into a clear
    message.

    Parameters that are groups of options become one option for each field.
    """
    spread_out = spread(with_language(command))

    @functools.wraps(spread_out)
    def run(**options: Any) -> None:
        raise typer.Exit(_status(functools.partial(_with_problems, spread_out, options)))

    run.__signature__ = inspect.signature(spread_out)  # type: ignore[attr-defined]
    return run


def _with_problems(command: Callable[..., int], options: dict[str, Any]) -> int:
    """Run a command, and write every problem that it met to the file that is asked for, however it
    ends.
    """
    path = problem_files.begin(options)
    try:
        return command(**options)
    except UdsatError as error:
        problem_files.note(error.problems)
        raise
    finally:
        if path is not None:
            problem_files.write(path, options.get("tables") or ())


@contextlib.contextmanager
def unread() -> Iterator[None]:
    """Let what is printed go nowhere from where nobody reads on: whoever read the output has
    enough.
    """
    try:
        yield
    except BrokenPipeError:
        _print_nowhere()


def _print_nowhere() -> None:
    """Let nothing be printed any more; Python must not complain about that when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _status(command: Callable[[], int]) -> int:
    """Run a command and return its exit status; say what killed runs left where it wrote."""
    try:
        return _ended(command)
    finally:
        if leftovers := sys.modules.get("udsat.files.leftovers"):  # not loaded for this alone
            tell(list(leftovers.take()))


def _ended(command: Callable[[], int]) -> int:
    status: int = ExitCode.DONE
    try:
        status = command()
        sys.stdout.flush()
    except BrokenPipeError:
        _print_nowhere()
        return status
    except (Exception, KeyboardInterrupt) as error:
        if (
            isinstance(error, KeyboardInterrupt)
            or interrupts.pressed()
            or str(error) in _INTERRUPTED
        ):
            say(Text("interrupted"))
            return ExitCode.INTERRUPTED
        if isinstance(error, UdsatError):
            report(error)
            return error.exit_code
        if isinstance(error, OSError):
            return _refused(error)
        say(
            Text(
                "this is a bug in udsat {version}: {name}: {split}",
                version=__version__,
                name=type(error).__name__,
                split=" ".join(str(error).split())[:300],
            )
        )
        say(Text("please report it with the command and, if you may, the file"))
        if os.environ.get("UDSAT_DEBUG"):
            raise
        return ExitCode.BUG
    return status


def _refused(error: OSError) -> int:
    """Say what the system refused: to write on standard output, or whatever else it
    was asked for.
    """
    if error.filename is None:
        _print_nowhere()
        report(
            UsageError(
                Problem(
                    "UD502",
                    Text("cannot be written: {strerror}", strerror=error.strerror or error),
                    file="<stdout>",
                )
            )
        )
    else:
        name = (
            os.fsdecode(error.filename)
            if isinstance(error.filename, (str, bytes))
            else str(error.filename)
        )
        report(
            UsageError(
                Problem(
                    "UD520",
                    Text("cannot be read or written: {strerror}", strerror=error.strerror or error),
                    Text("check the name and the folder"),
                    name,
                )
            )
        )
    return ExitCode.UNUSABLE


def report(error: UdsatError) -> None:
    """Print problems on lines of their own, some of each kind, and how many there are
    of each code.
    """
    tell(error.problems)
    if isinstance(error, InvalidTable):
        totals = ", ".join(f"{count} x {code}" for code, count in error.totals().items())
        text = language.counted(
            len(error.problems),
            "nothing was scored; {count} problem: {totals} (--skip-invalid scores the other rows)",
            "nothing was scored; {count} problems: {totals} (--skip-invalid scores the other rows)",
            totals=totals,
        )
        say(verbatim(text))


def tell(found: Sequence[Problem], before: Text = EMPTY) -> None:
    """Print problems for people on standard error, at most some of a kind, each behind the same
    words.
    """
    shown, more = grouped(found)
    for problem in shown:
        print(f"udsat: {translated(before)}{problem.translated()}", file=sys.stderr)
    if more:
        from udsat.render import findings

        for line in findings.left_out(more):
            print(f"udsat: {line}", file=sys.stderr)


def say(message: Text) -> None:
    """Print a message for people on standard error, in the language of the run."""
    print(f"udsat: {display.line(translated(message))}", file=sys.stderr)
