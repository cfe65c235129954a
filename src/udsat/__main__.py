"""The command `udsat`, also as `python -m udsat`: asked for its version alone, it answers without loading a command line."""

import gc
import os
import sys

from udsat import __version__


def main() -> None:
    """Print the version, or run the command line."""
    if sys.argv[1:] != ["--version"]:
        gc.set_threshold(100_000, 20, 20)  # a short run makes many small objects and hardly any cycles, most of them in imports
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # NumPy comes along with Arrow; its threads would wait, and wait busily
        from udsat.cli.app import main as run

        run()
        return
    try:
        print(f"udsat {__version__}", flush=True)
    except BrokenPipeError:  # nobody reads it; Python must not complain about that when it ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
