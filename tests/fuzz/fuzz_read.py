"""Fuzzes the reading of files for a given time: `make fuzz`, or `python tests/fuzz/fuzz_read.py --seconds 60`.

With atheris (`pip install atheris`; it has wheels for some versions of Python on Linux) the search is guided by coverage,
and what it finds worth keeping stands in `corpus/`. Without it, files of the corpus are mutated at random.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
#: An input that takes longer hangs.
LONGEST = 20


def one(data: bytes, folder: Path) -> None:
    """Read bytes whose first says which ending the file has."""
    from reading import ENDINGS, clear, problems

    if not data:
        return
    start = time.monotonic()
    found = problems(data[1:], ENDINGS[data[0] % len(ENDINGS)], folder)
    if not clear(found) or time.monotonic() - start > LONGEST:
        raise AssertionError([str(problem)[:300] for problem in found], time.monotonic() - start)


def with_atheris(seconds: int, folder: Path) -> None:
    """Search with atheris."""
    import atheris

    with atheris.instrument_imports(include=["udsat.tables", "udsat.ticks"]):
        import udsat.tables.readers.open
        import udsat.tables.validate.check  # noqa: F401

    seeded = folder / "seeds"
    seeded.mkdir()
    for number, data in enumerate(started()):
        (seeded / str(number)).write_bytes(data)
    print("guided by atheris", file=sys.stderr)
    arguments = [
        sys.argv[0],
        f"-max_total_time={seconds}",
        "-max_len=20000",
        f"-timeout={LONGEST}",
        "-rss_limit_mb=3000",
        "-print_final_stats=1",
    ]
    atheris.Setup(
        [*arguments, f"-artifact_prefix={folder}/", str(HERE / "corpus"), str(seeded)],
        lambda data: one(data, folder),
    )
    atheris.Fuzz()


def started() -> list[bytes]:
    """Return the files of the corpus, each with the byte that says its ending."""
    from reading import ENDINGS, seeds

    return [
        bytes([n]) + data
        for n, ending in enumerate(ENDINGS)
        for data in seeds(ending)
        if len(data) < 20_000
    ]


def at_random(seconds: int, folder: Path) -> None:
    """Mutate the files of the corpus; print the input that fails, and how to get it again."""
    from reading import mutated

    print(
        "atheris is not here (pip install atheris): plain random mutation instead", file=sys.stderr
    )
    kept = [path.read_bytes() for path in sorted((HERE / "corpus").iterdir())]
    pool, seed, end = started() + kept, random.randrange(2**32), time.monotonic() + seconds
    rng, count = random.Random(seed), 0
    while time.monotonic() < end:
        data = rng.choice(pool)
        data = data[:1] + mutated(data[1:], rng)
        try:
            one(data, folder)
        except BaseException:
            (HERE / "failed").write_bytes(data)
            print(f"seed {seed}, run {count}: the input is in {HERE / 'failed'}", file=sys.stderr)
            raise
        count += 1
    print(f"{count:,} files, no failure", file=sys.stderr)


def main() -> None:
    """Fuzz for a time, or read one input again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument(
        "--plain", action="store_true", help="random mutation even where atheris is there"
    )
    parser.add_argument("again", nargs="*", type=Path, help="inputs to read once more")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        if given.again:
            for path in given.again:
                one(path.read_bytes(), Path(name))
            return
        try:
            import atheris  # noqa: F401
        except ImportError:
            given.plain = True
        (at_random if given.plain else with_atheris)(given.seconds, Path(name))


if __name__ == "__main__":
    main()
