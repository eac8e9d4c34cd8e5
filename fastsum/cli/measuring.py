"""What the commands of `fastsum bench` share: options, and printing what was measured."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from fastsum.cli.options import MODEL, print_wide
from fastsum.console import say
from fastsum.errors import FastsumError

OutputFolder = Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Folder for the figures and plots.")]
FOLDER = Path("bench")
ModelName = Annotated[str, MODEL]
Rounds = Annotated[int, typer.Option(metavar="N", min=1, help="Samples of each figure.")]
Found = TypeVar("Found")
PeakMemory = Annotated[bool, typer.Option("--memory/--no-memory", help="Measure peak memory.")]


@contextmanager
def print_at_end(path: Path, tables: Callable[[], Iterable[Any]]) -> Iterator[None]:
    """Print the tables when the measurement ends, also by Ctrl-C or an error; `path` is the file with the figures."""
    try:
        yield
    except KeyboardInterrupt:
        say(f"stopped; the figures so far are in {path}" if path.exists() else "stopped before the first figure")
        raise
    finally:
        print_wide(*tables())


def print_trained(path: Path, grid: Iterable[Found], as_table: Callable[[Found], Any]) -> None:
    """Train the models of a grid, which yields all that was found so far after each, and print it when that ends.

    After a signal the training has saved everything; it is KeyboardInterrupt here.
    """
    from fastsum.training.signals import Interrupted

    last: list[Found] = []
    with print_at_end(path, lambda: map(as_table, last)):
        try:
            for found in grid:
                last = [found]
        except Interrupted:
            say("the same command goes on where this one stopped")
            raise KeyboardInterrupt from None


def notes(quiet: bool) -> Callable[[str], None]:
    """A function that prints each figure as it is measured, or one that prints nothing."""
    return (lambda message: None) if quiet else say


def whole_numbers(text: str, option: str) -> tuple[int, ...]:
    """The numbers in a list such as "128,512", ascending. Raises FastsumError, which names the option, otherwise."""
    try:
        numbers = sorted({int(part) for part in text.split(",")})
    except ValueError:
        numbers = [0]
    if numbers[0] < 1:
        raise FastsumError(f"{option} {text}: write whole numbers above 0 with commas between, such as 128,512")
    return tuple(numbers)
