"""Summaries of long documents, made on your own machine.

from fastsum import Summarizer, genre_of
print(Summarizer.load(genre_of(text)).summarize(text))
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastsum.bulk import summarize_table
    from fastsum.errors import FastsumError
    from fastsum.model.genre import genre_of
    from fastsum.readers.documents import read_document
    from fastsum.summary.outline import Outline, Section
    from fastsum.summary.page import write_page
    from fastsum.summary.provenance import cited
    from fastsum.summary.result import Span, Summary, SummarySentence, summary_schema
    from fastsum.summary.summarizer import Summarizer

    __version__: str

__all__ = [
    "FastsumError",
    "Outline",
    "Section",
    "Span",
    "Summarizer",
    "Summary",
    "SummarySentence",
    "__version__",
    "cited",
    "genre_of",
    "read_document",
    "summarize_table",
    "summary_schema",
    "write_page",
]

# Each name's module, imported when the name is first asked for, so that importing the package costs nothing.
_HOMES = {
    "FastsumError": "errors",
    "Outline": "summary.outline",
    "Section": "summary.outline",
    "Span": "summary.result",
    "Summarizer": "summary.summarizer",
    "Summary": "summary.result",
    "SummarySentence": "summary.result",
    "cited": "summary.provenance",
    "genre_of": "model.genre",
    "read_document": "readers.documents",
    "summarize_table": "bulk",
    "summary_schema": "summary.result",
    "write_page": "summary.page",
}


def __getattr__(name: str) -> object:
    if name == "__version__":
        from fastsum.versions import version_of

        return version_of("fastsum") or "unknown"
    if name in _HOMES:
        return getattr(import_module(f"fastsum.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
