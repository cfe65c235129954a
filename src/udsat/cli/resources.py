"""What a run may use: the option for memory, and clear messages when memory or disk is full."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Annotated

from udsat.cli.options import MEMORY, option
from udsat.messages.problems import Problem, UsageError
from udsat.messages.text import Text

Memory = Annotated[str | None, option("--memory", metavar="SIZE", text=MEMORY)]


@contextlib.contextmanager
def within_limits() -> Iterator[None]:
    """Turn what the engine says when memory or disk are full into a message with what to do."""
    import duckdb

    from udsat.engine import spill

    try:
        yield
    except duckdb.OutOfMemoryException as error:
        full = "max_temp_directory_size" in str(error) or "temporary" in str(error).lower()
        place = spill.folder()
        if full:
            hint = Text(
                "make room there, or name another folder in the environment variable TMPDIR"
            )
            raise UsageError(
                Problem(
                    "UD714", Text("there is no room for what does not fit into memory"), hint, place
                )
            ) from error
        raise UsageError(
            Problem(
                "UD713",
                Text("the memory that is allowed does not do for this table"),
                Text("allow more with --memory"),
            )
        ) from error
    except duckdb.IOException as error:
        text = " ".join(str(error).split())[:300]
        hint = Text(
            "check that there is room, here and where temporary files go (the environment"
            " variable TMPDIR)"
        )
        raise UsageError(
            Problem("UD714", Text("a file cannot be written or read: {text}", text=text), hint)
        ) from error
