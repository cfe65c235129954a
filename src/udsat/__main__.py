"""The command `udsat`, also as `python -m udsat`: asked for its version alone, it answers without loading a command line."""

import os
import sys

from udsat import __version__


def main() -> None:
    """Print the version, or run the command line."""
    if sys.argv[1:] != ["--version"]:
        from udsat.cli.app import main as run

        run()
        return
    try:
        print(f"udsat {__version__}", flush=True)
    except BrokenPipeError:  # nobody reads it; Python must not complain about that when it ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
