"""Where a result goes and in which format: to the terminal, into a pipe, or to a file.

Every command writes through this module, and says only which formats it has and what makes each.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from udsat.messages.problems import Problem, UdsatError, UsageError
from udsat.messages.text import Text

if TYPE_CHECKING:
    from udsat.cli.options import OutputOptions

#: What the ending of a file says; where several formats have one, the first is meant unless
#: `--format` names another.
ENDINGS = (
    (".csv", "csv"), (".json", "json"), (".jsonl", "jsonl"), (".ndjson", "jsonl"),
    (".parquet", "parquet"), (".xlsx", "xlsx"), (".md", "markdown"), (".txt", "table"),
    (".txt", "github"), (".xml", "junit"), (".html", "html"), (".htm", "html"), (".svg", "svg"),
    (".png", "png"), (".pdf", "pdf"), (".toml", "toml"),
)  # fmt: skip
#: Formats that only a file can hold.
BINARY = {"parquet": "Parquet", "xlsx": "Excel", "png": "PNG", "pdf": "PDF"}
#: Formats that nobody reads in a terminal: printed only where `--format` asks for them.
OTHER_PROGRAMS = ("html", "svg")


@dataclass(frozen=True, slots=True)
class Target:
    """One file that is being written, or standard output."""

    #: What takes the place of the file when all went well; None is standard output.
    path: Path | None = None
    #: The file as the user calls it.
    name: str | None = None
    color: str = "auto"

    @property
    def file(self) -> Path:
        """The path to write where a format needs a file."""
        if self.path is None:
            raise ValueError("a format that needs a file is refused without one")
        return self.path

    @contextlib.contextmanager
    def stream(self) -> Iterator[TextIO]:
        """Yield what takes text."""
        if self.path is None:
            yield sys.stdout
            return
        from udsat import files

        with files.opened(self.path) as stream:
            yield stream


#: What writes one format of a result.
Form = Callable[[Target], None]


@dataclass(frozen=True, slots=True)
class Companion:
    """A file beside the output, for which an option asks."""

    option: str
    what: Text
    place: Callable[[str], str]


MANIFEST = Companion("--manifest", Text("the manifest"), lambda path: f"{path}.manifest.json")


@dataclass(frozen=True, slots=True)
class Output:
    """A format and a place."""

    format: str
    path: str | None = None
    color: str = "auto"
    companions: Sequence[Companion] = ()

    @classmethod
    def of(
        cls,
        options: OutputOptions[Any],
        formats: type[StrEnum],
        inputs: Iterable[str],
        color: str = "auto",
        companions: Sequence[Companion] = (),
        others: Sequence[str] = (),
    ) -> Output:
        """Return the output that the options ask for; raise `UsageError` where it cannot be.

        `inputs` are files that are read, `others` files that the command writes besides.
        """
        names, path = [one.value for one in formats], options.output
        wanted = None if options.format is None else options.format.value
        if path is None:
            spare(others, inputs)
            return cls(printed(names, wanted, companions), None, color)
        out = cls(format_of(path, names, wanted), path, color, companions)
        for companion in companions:
            companion_fits(companion, path)
        spare([*out.files(), *others], inputs)
        return out

    def files(self) -> list[str]:
        """Return every file that this output writes."""
        if self.path is None:
            return []
        return [self.path, *(companion.place(self.path) for companion in self.companions)]

    def write(self, forms: Mapping[str, Form], beside: Mapping[str, Form] | None = None) -> None:
        """Write the result in its format, and other files by their names; no file takes its name
        before all are whole.
        """
        from udsat import files

        with ExitStack() as stack:
            for path, form in (beside or {}).items():
                form(Target(stack.enter_context(files.whole(path)), path, self.color))
            place = stack.enter_context(files.whole(self.path)) if self.path else None
            forms[self.format](Target(place, self.path, self.color))


def printed(
    formats: Sequence[str], wanted: str | None = None, companions: Sequence[Companion] = ()
) -> str:
    """Return the format of standard output; raise `UsageError` for what needs a file."""
    found = wanted or formats[0]
    for companion in companions:
        hint = Text("{what} is written beside the file", what=companion.what)
        message = Text("{name} needs -o FILE", name=companion.option)
        raise UsageError(Problem("UD511", message, hint))
    if found in BINARY:
        raise needs_a_file(found)
    if wanted is None and found in OTHER_PROGRAMS:
        hint = Text("give -o FILE, or --format {format} to print it", format=found)
        raise UsageError(Problem("UD511", Text("there is no output"), hint))
    return found


def needs_a_file(format: str) -> UsageError:
    """Return what says that a format cannot be printed."""
    message = Text("{name} needs -o FILE", name=BINARY[format])
    return UsageError(Problem("UD511", message, Text("say -o verdicts.{format}", format=format)))


def format_of(path: str, formats: Sequence[str], wanted: str | None = None) -> str:
    """Return the format that the ending of a file says; raise `UsageError` where none of these
    formats has it, or another is wanted.
    """
    if path == "":
        hint = Text("look at the variable that it comes from")
        raise UsageError(Problem("UD511", Text("the name of the output is empty"), hint))
    ending = Path(path).suffix.lower()
    fitting = [name for end, name in ENDINGS if end == ending and name in formats]
    if wanted in fitting or (wanted and not fitting and _is_stream(path)):
        return wanted or fitting[0]  # /dev/stdout has no ending
    if wanted is None and fitting:
        return fitting[0]
    if fitting:
        message = Text("'{path}' does not end as {format} does", path=path, format=wanted)
        hint = Text("leave --format out, or give the file another ending")
    else:
        message = Text("the ending of '{path}' does not say a format that fits", path=path)
        hint = Text("end it in {names}", names=", ".join(endings(formats)))
    raise UsageError(Problem("UD512", message, hint))


def endings(formats: Sequence[str]) -> list[str]:
    """Return the endings of formats.

    >>> endings(["csv", "html"])
    ['.csv', '.html', '.htm']
    """
    return list(dict.fromkeys(ending for ending, name in ENDINGS if name in formats))


def companion_fits(companion: Companion, path: str) -> None:
    """Raise `UsageError` where there is no file beside which another could be written."""
    if not _is_stream(path):
        return
    message = Text(
        "{name} describes a file, and '{path}' is none", name=companion.option, path=path
    )
    raise UsageError(Problem("UD510", message, Text("write to a file, or leave the option out")))


def _is_stream(path: str) -> bool:
    from udsat import files

    return files.is_stream(path)


def spare(written: Sequence[str], inputs: Iterable[str]) -> None:
    """Raise `UsageError` where a file to be written is a folder, is named twice, or is one that is
    read, by whatever name: an input, or a file that ships with udsat.
    """
    for path in written:
        _can_be_a_file(path)
    if len({os.path.realpath(path) for path in written}) < len(written):
        message = Text("'{output}' would be written twice", output=written[0])
        raise UsageError(Problem("UD513", message, Text("give each file a name of its own")))
    there = {path: status for path in written if (status := _status(path))}
    read = [status for name in _read(inputs) if (status := _status(name))] if there else []
    for path, status in there.items():
        if any(os.path.samestat(status, one) for one in read):
            hint = Text("write to another file")
            raise UsageError(Problem("UD513", Text("'{path}' is an input", path=path), hint))


def _can_be_a_file(path: str) -> None:
    hint = Text("give the file another name")
    if "\0" in path:
        raise UsageError(Problem("UD502", Text("no file can have this name"), hint, path))
    if os.path.isdir(path):
        raise UsageError(Problem("UD502", Text("is a folder"), hint, path))


def _read(inputs: Iterable[str]) -> Iterator[str]:
    """Yield every file that is read: what inputs name, by themselves, as folders or as patterns,
    and what ships.
    """
    from udsat.law import loader
    from udsat.tables.readers import paths

    for name in inputs:
        with suppress(UdsatError):
            yield from paths.expanded([name])
    yield from loader.read_files()


def _status(name: str) -> os.stat_result | None:
    """Return what identifies a file whatever it is called: standard input too may be one."""
    try:
        return os.fstat(sys.stdin.fileno()) if name in {"-", "<stdin>"} else os.stat(name)
    except (OSError, ValueError, AttributeError):
        return None
