"""Summaries of long documents, made on your own machine.

from fastsum import Summarizer, genre_of
print(Summarizer.load(genre_of(text)).summarize(text))
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastsum.errors import FastsumError
    from fastsum.genre import genre_of
    from fastsum.summarizer import Summarizer
    from fastsum.summary import Span, Summary, SummarySentence

    __version__: str

__all__ = ["FastsumError", "Span", "Summarizer", "Summary", "SummarySentence", "__version__", "genre_of"]

# Each name's module, imported when the name is first asked for, so that importing the package costs nothing.
_HOMES = {name: "summarizer" for name in __all__ if name.startswith("S")} | {
    "FastsumError": "errors",
    "genre_of": "genre",
}


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version("fastsum")
        except PackageNotFoundError:  # run from a source tree that was not installed
            return "unknown"
    if name in _HOMES:
        return getattr(import_module(f"fastsum.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
