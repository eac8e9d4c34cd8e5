"""What becomes of the documents of one command: summaries on stdout or in a folder, pages, and what is told of them."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from fastsum.cli.inputs import Input
from fastsum.cli.pipeline import Models, Outcome, summarize_inputs
from fastsum.cli.results import Results
from fastsum.console import Display, say
from fastsum.files import RefusedError, write_whole
from fastsum.model import checkpoint
from fastsum.summary.provenance import cited, located
from fastsum.text.english.genre import GENRES

FORMAT = 1
"""Of the files in an output folder: raised when they would be written otherwise, so that older ones are made anew."""


class Delivery:
    """Summarizes the documents of one command and puts each summary where it was asked for.

    Args:
        decoding: what `Summarizer.summarize` takes beside the text.
        results: where summaries go; None is stdout.
        pages: where an HTML page of each document goes.
        page: the file for the page of a single one.
        force: whether what is in those folders already is made again.
    """

    def __init__(
        self,
        models: Models,
        decoding: Mapping[str, Any],
        *,
        results: Results | None = None,
        pages: Results | None = None,
        page: Path | None = None,
        cite: bool = False,
        as_json: bool = False,
        force: bool = False,
        quiet: bool = False,
        verbose: bool = False,
    ) -> None:
        self.failed = 0
        """Documents without a summary; each was told."""
        self._results = results
        self._pages = pages
        self._models = models
        self._decoding = decoding
        self._cite = cite
        self._as_json = as_json
        self._page = page
        self._force = force
        self._quiet = quiet
        self._verbose = verbose

    def deliver(self, inputs: Sequence[Input]) -> None:
        """Summarize the documents, those left out whose results are there and hold.

        Raises FastsumError where nothing more can be delivered: a full disk, a model that cannot be loaded.
        """
        started = time.perf_counter()
        todo = [one for one in inputs if self._force or not self._holds(one)]
        done = 0
        with Display("summarizing", len(todo), self._quiet) as display:
            display.done(0)
            names = [one.name for one in todo]
            outcomes = summarize_inputs(names, self._models, display.reading, **self._decoding)
            try:
                for number, (one, outcome) in enumerate(zip(todo, outcomes, strict=True), start=1):
                    self._tell(outcome, time.perf_counter() - started)
                    try:
                        if outcome.summary is None:
                            raise RefusedError(outcome.error or "")
                        self._write_page(one, outcome)
                        if self._results is None:
                            with display.paused() if sys.stdout.isatty() else contextlib.nullcontext():
                                self._print(outcome, headed=len(inputs) > 1, first=not done)
                        else:
                            self._write(self._results, one, outcome, f"{self._shown(outcome)}\n", self._suffix)
                        done += 1
                    except RefusedError as error:
                        self.failed += 1
                        say(f"error: {error.message}")
                    display.done(number)
            except KeyboardInterrupt:
                if self._results is not None:
                    say(f"stopped; {done} are done in {self._results.folder}, and the same command goes on from there")
                raise
        if self._results is not None and not self._quiet:
            documents = "1 document" if len(inputs) == 1 else f"{len(inputs)} documents"
            say(
                f"{documents}: {done} summarized, {len(inputs) - len(todo)} unchanged, "
                f"{self.failed} failed, in {time.perf_counter() - started:.1f} s; see {self._results.folder}"
            )

    @property
    def _suffix(self) -> str:
        return ".json" if self._as_json else ".txt"

    def _holds(self, one: Input) -> bool:
        """Whether all that is to be written of a document is there and as it would come out."""
        if self._page is not None or self._results is None or (origin := _origin(one)) is None:
            return False
        return self._results.holds(_place(one, self._suffix), origin) and (
            self._pages is None or self._pages.holds(_place(one, ".html"), origin)
        )

    def _tell(self, outcome: Outcome, seconds: float) -> None:
        if self._quiet:
            return
        for warning in outcome.document.warnings if outcome.document else ():
            say(warning)
        if outcome.summary is not None:
            for note in outcome.summary.notes:
                say(f"{_source(outcome)}: {note}")
            if self._verbose:
                size = f"{len(outcome.summary.document.split()):,} words to {outcome.summary.words:,}"
                say(f"{_source(outcome)}: {size} after {seconds:.2f} s by {outcome.model}")

    def _print(self, outcome: Outcome, *, headed: bool, first: bool) -> None:
        if headed and not self._as_json:
            print(f"{'' if first else chr(10)}==> {_source(outcome)} <==")
        print(self._shown(outcome), flush=True)

    def _shown(self, outcome: Outcome) -> str:
        assert outcome.document is not None
        assert outcome.summary is not None
        # Pages are counted in the text as it was read, which tokenised text, once undone, is not.
        pages = outcome.document.pages if len(outcome.document.text) == len(outcome.summary.document) else ()
        if self._as_json:
            about = {"file": _source(outcome), "title": outcome.document.title, "model": outcome.model}
            return json.dumps({**about, **located(outcome.summary, pages)}, ensure_ascii=False)
        return cited(outcome.summary, pages) if self._cite else str(outcome.summary)

    def _write_page(self, one: Input, outcome: Outcome) -> None:
        if self._page is None and self._pages is None:
            return
        from fastsum.summary.page import write_page

        assert outcome.document is not None
        assert outcome.summary is not None
        page = write_page(outcome.summary, outcome.document.title or one.place.name)
        if self._page is not None:
            write_whole(self._page, page)
        if self._pages is not None:
            self._write(self._pages, one, outcome, page, ".html")

    def _write(self, results: Results, one: Input, outcome: Outcome, text: str, suffix: str) -> None:
        assert outcome.document is not None
        place, origin = _place(one, suffix), _origin(one)
        results.write(place, text, origin, outcome.document.digest, force=self._force)


def _place(one: Input, suffix: str) -> Path:
    return Path(f"{one.place}{suffix}")


def _origin(one: Input) -> Path | None:
    """The document's file; None for a stream, which cannot be read again."""
    return Path(one.name) if os.path.isfile(one.name) else None


def identity(model: str | None, **settings: Any) -> dict[str, Any]:
    """All that a result depends on but its document and the device, for `Results.opened`."""
    from fastsum import __version__

    models = {name: checkpoint.fingerprint(checkpoint.locate(name)) for name in ([model] if model else GENRES)}
    return {"format": FORMAT, "version": __version__, "models": models, **settings}


def _source(outcome: Outcome) -> str:
    return outcome.document.source if outcome.document else outcome.name
