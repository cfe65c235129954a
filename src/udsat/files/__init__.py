"""Files: written whole or not at all; what killed runs left; names that users give, opened."""

from udsat.files.writing import (
    Temporary,
    append,
    is_stream,
    make_folder,
    opened,
    remove_all,
    run_folder,
    scratch,
    whole,
    write,
)

__all__ = [
    "Temporary",
    "append",
    "is_stream",
    "make_folder",
    "opened",
    "remove_all",
    "run_folder",
    "scratch",
    "whole",
    "write",
]
