"""The command `udsat`, also as `python -m udsat`: asked for its version alone, it answers without
loading a command line.
"""

import atexit
import gc
import os
import sys
from typing import NoReturn

from udsat import __version__


def main() -> None:
    """Print the version, or run the command line."""
    if sys.argv[1:] != ["--version"]:
        gc.set_threshold(
            100_000, 20, 20
        )  # a short run makes many small objects and hardly any cycles, most of them in imports
        os.environ.setdefault(
            "OPENBLAS_NUM_THREADS", "1"
        )  # NumPy comes along with Arrow; its threads would wait, and wait busily
        from udsat.cli.app import main as run

        status: object = None
        try:
            run()
        except SystemExit as done:
            status = done.code
        _end(status)
    try:
        print(f"udsat {__version__}", flush=True)
    except BrokenPipeError:  # nobody reads it; Python must not complain about that when it ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _end(status: object) -> NoReturn:
    """End at once where nothing is left to say: to take everything apart first is an eighth of the
    time of a short run.
    """
    watched = sys.gettrace() or sys.getprofile() or sys.flags.inspect
    if watched or not (status is None or isinstance(status, int)):
        sys.exit(status)  # type: ignore[arg-type]
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        sys.exit(status)  # Python says at its end what it could not write
    atexit._run_exitfuncs()  # noqa: SLF001 - what was put off until the end is done, as multiprocessing does it
    os._exit(status or 0)


if __name__ == "__main__":
    main()
