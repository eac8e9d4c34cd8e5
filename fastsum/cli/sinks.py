"""Where a summary goes: to standard output, to a folder of results, to one HTML page.

Each sink writes a text that one of the functions below makes of a document and its summary.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Protocol

from fastsum.cli.inputs import Input
from fastsum.cli.pipeline import Summarized
from fastsum.cli.results import Results
from fastsum.console import Display
from fastsum.files import write_whole
from fastsum.summary.outline import Outline
from fastsum.summary.provenance import cited, located, outlined

Render = Callable[[Summarized], str]
"""The text to write, up to its last newline."""


def as_text(one: Summarized) -> str:
    """The summary, one sentence a line; an outline with the places of its sections; nothing where it is empty."""
    if not one.summary.sentences:
        return ""
    if isinstance(one.summary, Outline):
        return f"{outlined(one.summary, one.document.pages)}\n"
    return f"{one.summary}\n"


def as_cited(one: Summarized) -> str:
    """The summary, each sentence with the lines or pages that it comes from."""
    return f"{cited(one.summary, one.document.pages)}\n" if one.summary.sentences else ""


def as_markdown(one: Summarized, *, cite: bool = False) -> str:
    """The summary as Markdown below the document's title, cited or not."""
    from fastsum.summary.markdown import write_markdown

    return write_markdown(one.summary, title_of(one), one.document.pages, cite=cite)


def as_json(one: Summarized) -> str:
    """One line of JSON, as docs/json.md describes it."""
    about = {"file": one.document.source, "title": one.document.title, "model": one.model}
    left_out = {"left_out": [part._asdict() for part in one.document.left_out]}
    return json.dumps({**about, **located(one.summary, one.document.pages), **left_out}, ensure_ascii=False) + "\n"


def as_page(one: Summarized) -> str:
    """An HTML page of the summary and the document."""
    from fastsum.summary.page import write_page

    return write_page(one.summary, title_of(one), one.document.pages)


def title_of(one: Summarized) -> str:
    """The document's title, or its file's name."""
    return one.document.title or one.input.path.name


FORMATS: Mapping[str, tuple[str, Render, Render]] = {
    "text": (".txt", as_text, as_cited),
    "markdown": (".md", as_markdown, partial(as_markdown, cite=True)),
    "json": (".json", as_json, as_json),
    "html": (".html", as_page, as_page),
}
"""What a summary can be written as: the suffix of a file, and what makes it without and with citations."""


class Sink(Protocol):
    """Something that summaries are written to."""

    def write(self, one: Summarized) -> None:
        """Write one summary. Raises RefusedError where only this one cannot be written, FastsumError where none can."""


class Terminal:
    """Standard output. With `headed`, a line with the document's name is above each summary; summaries are separated by
    a blank line if they are `headed` or to be kept `apart`."""

    def __init__(self, render: Render, display: Display, *, headed: bool, apart: bool = False) -> None:
        self._render = render
        self._display = display
        self._headed = headed
        self._apart = headed or apart
        self._separator = ""

    def write(self, one: Summarized) -> None:
        text = self._render(one)
        if self._headed:
            text = f"==> {one.document.source} <==\n{text}"
        with self._display.paused():
            print(self._separator + text, end="", flush=True)
        self._separator = "\n" if self._apart else ""


class File:
    """One file, which is overwritten."""

    def __init__(self, path: Path, render: Render) -> None:
        self._path = path
        self._render = render

    def write(self, one: Summarized) -> None:
        write_whole(self._path, self._render(one))


class Folder:
    """A folder with one result for each document, named like the document with `suffix` added.

    With `force`, whatever file has a result's name is overwritten.
    """

    def __init__(self, results: Results, suffix: str, render: Render, *, force: bool = False) -> None:
        self._results = results
        self._suffix = suffix
        self._render = render
        self._force = force

    def write(self, one: Summarized) -> None:
        path, text = self._path(one.input), self._render(one)
        self._results.write(path, text, one.input.file, one.document.digest, force=self._force)

    def is_current(self, one: Input) -> bool:
        """Whether the result of an unchanged document is in the folder already."""
        return one.file is not None and self._results.is_current(self._path(one), one.file)

    def _path(self, one: Input) -> Path:
        return Path(f"{one.path}{self._suffix}")
