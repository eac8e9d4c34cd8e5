"""The Python API: load a model, summarize texts.

    from fastsum import Summarizer
    summary = Summarizer.load().summarize(text, sentences=3)
    print(summary)
    for sentence in summary.sentences:
        print(sentence.salience, sentence.text, sentence.sources)

`scheduler` reads texts ahead and batches them, `engine` computes, `extraction` and `abstractive` make summaries of what
it computed. A Summarizer may be used by several threads at once. Torch is imported only where it is needed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from fastsum.config import Config
from fastsum.data.treebank import natural
from fastsum.device import needs_torch, pick_device, pick_precision
from fastsum.errors import Failed, FastsumError, require
from fastsum.model import checkpoint
from fastsum.summary.about import About, answered, find_about
from fastsum.summary.abstractive.rewriting import rewrite
from fastsum.summary.engine import Engine, NumpyEngine
from fastsum.summary.extraction import extract
from fastsum.summary.limits import Limits, SummaryOptions, limits_for
from fastsum.summary.outline import Outline
from fastsum.summary.outlining import make_outline
from fastsum.summary.result import Summary
from fastsum.summary.scheduler import summarize_all
from fastsum.text.sections import Sections, sections_of
from fastsum.text.source import Source, read_source
from fastsum.text.tokenizer import Tokenizer

if TYPE_CHECKING:
    import torch
    from typing_extensions import Unpack

    from fastsum.model.network import SummaryModel
    from fastsum.model.shared import Progress
    from fastsum.summary.torch_engine import TorchEngine

D = TypeVar("D")


class Summarizer:
    """A model ready to summarize; `load` or `from_parts` makes one."""

    def __init__(
        self, tokenizer: Tokenizer, config: Config, engine: Engine | None, in_torch: Callable[[], TorchEngine]
    ) -> None:
        self.tokenizer = tokenizer
        self.config = config
        self._engine = engine
        self._in_torch = in_torch
        self._torch_engine: TorchEngine | None = None
        self._lock = threading.Lock()

    @classmethod
    def load(
        cls, model: str | Path = "general", *, device: str = "auto", precision: str = "auto", threads: int | None = None
    ) -> Summarizer:
        """Load a model that ships in the package, or a checkpoint of your own.

        Args:
            model: "general", for documents of any kind; "paper"; or a checkpoint's folder.
                `fastsum.genre_of(text)` is the name of the one that fits a text.
            device: "auto", "cpu", "mps", "cuda", "cuda:1", ...; "auto" takes a GPU where torch and a GPU are there.
            precision: "auto", "fp32", "bf16" or "fp16" (GPU); "auto" is float32 on a CPU, so that a summary is the same
                on every machine, and bf16 on a GPU that multiplies in it.
            threads: threads to compute with on a CPU; by default OMP_NUM_THREADS, or one for each core.

        Raises:
            FastsumError: where the checkpoint is missing or damaged, the device or precision is not available, or
                torch is needed and not installed.
        """
        loaded = checkpoint.load(checkpoint.locate(model))

        def in_torch() -> TorchEngine:
            require("torch", "summaries that are rewritten, on a GPU, or by another attention than Fastformer's")
            from fastsum.summary.torch_engine import TorchEngine

            picked = pick_device(device)
            dtype = pick_precision("fp32" if (precision, picked.type) == ("auto", "cpu") else precision, picked)
            return TorchEngine(loaded.model(picked), loaded.tokenizer, loaded.config, picked, dtype, threads)

        light = not needs_torch(device, precision) and loaded.config.model.is_fastformer
        made = cls(loaded.tokenizer, loaded.config, NumpyEngine(loaded, threads) if light else None, in_torch)
        if not light:
            _ = made.torch_engine  # what is wrong with it is said now
        return made

    @classmethod
    def from_parts(
        cls,
        model: SummaryModel,
        tokenizer: Tokenizer,
        config: Config,
        *,
        device: torch.device | None = None,
        dtype: torch.dtype | None = None,
    ) -> Summarizer:
        """Use a model that is in memory already, in torch: it is set to evaluation mode, and moved if `device` is
        given. `dtype` is what matrix products run in; None is float32."""
        import torch

        from fastsum.summary.torch_engine import TorchEngine

        if device is not None:
            model = model.to(device)
        device = next(model.parameters()).device
        engine = TorchEngine(model.eval(), tokenizer, config, device, dtype or torch.float32)
        return cls(tokenizer, config, None, lambda: engine)

    @property
    def torch_engine(self) -> TorchEngine:
        """The model in torch, which is imported and loaded when it is first needed. Raises FastsumError where it is not
        installed."""
        with self._lock:
            if self._torch_engine is None:
                self._torch_engine = self._in_torch()
            return self._torch_engine

    @property
    def model(self) -> SummaryModel:
        """The network in torch."""
        return self.torch_engine.model

    def engine_for(self, mode: str | None = None) -> Engine:
        """What computes summaries in a mode, or in the model's default mode. Raises FastsumError where it needs torch
        and that is not installed."""
        if self._engine is not None and (mode or self.config.decoding.mode) == "extractive":
            return self._engine
        return self.torch_engine

    def summarize(
        self,
        text: str,
        mode: str | None = None,
        sentences: int | None = None,
        words: int | None = None,
        *,
        ratio: float | None = None,
        length: str | None = None,
        beam: int | None = None,
        about: str | None = None,
        progress: Progress | None = None,
    ) -> Summary:
        """Summarize a document. `SummaryOptions` describes mode, sentences, words, ratio, length, beam and about.

        Args:
            text: the document, natural or tokenized (offsets then count in the natural text). All of it is read.
            progress: called with the work done so far and all of the work, while a document of more than 65,536 tokens
                is encoded; never for a shorter one.

        Raises:
            FastsumError: where the text has no word, or is longer than the model's attention can read (Fastformer reads
                any length), or does not fit into memory, or an option is impossible.
        """
        limits = limits_for(
            self.config.decoding,
            mode=mode,
            sentences=sentences,
            words=words,
            ratio=ratio,
            length=length,
            beam=beam,
            about=about,
        )
        (found,) = self._stream([text], self._read_any_form, limits, progress)
        if isinstance(found, Failed):
            raise FastsumError(found.message)
        return found

    def outline(
        self,
        text: str,
        depth: int = 2,
        *,
        sentences: int | None = None,
        words: int | None = None,
        ratio: float | None = None,
        length: str | None = None,
        about: str | None = None,
        progress: Progress | None = None,
    ) -> Outline:
        """Summarize a document section by section, with one to three of its sentences for each.

        Args:
            text: as for `summarize`. Headings are marked as in Markdown, as `read_document` gives them, or recognized.
            depth: to which depth of headings, 1 to 6; what is deeper counts as part of the section that holds it.
            sentences: as `words`, `ratio` and `length`: of the whole outline, and as for `summarize`.
            about: as for `summarize`; sections that say nothing about it are left out.
            progress: as for `summarize`.

        Raises:
            FastsumError: as `summarize` does.
        """
        limits = limits_for(
            self.config.decoding,
            outline=depth,
            sentences=sentences,
            words=words,
            ratio=ratio,
            length=length,
            about=about,
        )
        (found,) = self._stream([text], self._read_any_form, limits, progress)
        if isinstance(found, Failed):
            raise FastsumError(found.message)
        assert isinstance(found, Outline)
        return found

    def summarize_many(
        self,
        texts: Iterable[str],
        mode: str | None = None,
        sentences: int | None = None,
        words: int | None = None,
        *,
        ratio: float | None = None,
        length: str | None = None,
        beam: int | None = None,
        about: str | None = None,
        progress: Progress | None = None,
    ) -> Iterator[Summary]:
        """Summarize documents in batches of like length, each as `summarize` would; results come in their order.

        Texts are taken from the iterable as needed, 128 or a million tokens ahead. Raises FastsumError as `summarize`
        does, with the text's number, when it is that text's turn. `progress` as in `summarize`.
        """
        if isinstance(texts, str):
            raise FastsumError("summarize_many takes several texts, not one; call summarize, or put the text in a list")
        limits = limits_for(
            self.config.decoding,
            mode=mode,
            sentences=sentences,
            words=words,
            ratio=ratio,
            length=length,
            beam=beam,
            about=about,
        )
        return _raising(self._stream(texts, self._read_any_form, limits, progress))

    def try_many(
        self, texts: Iterable[str], *, progress: Progress | None = None, **options: Unpack[SummaryOptions]
    ) -> Iterator[Summary | Failed]:
        """As `summarize_many` for natural texts; one that cannot be summarized gives a Failed in its place and stops
        nothing."""
        return self._stream(texts, self._read, limits_for(self.config.decoding, **options), progress)

    def summarize_sources(
        self, sources: Iterable[Source], *, progress: Progress | None = None, **options: Unpack[SummaryOptions]
    ) -> Iterator[Summary]:
        """As `summarize_many`, for documents that `read_source` has read with this model's tokenizer."""
        return _raising(self._stream(sources, self._check, limits_for(self.config.decoding, **options), progress))

    def _stream(
        self, documents: Iterable[D], read: Callable[[D], Source], limits: Limits, progress: Progress | None
    ) -> Iterator[Summary | Failed]:
        return summarize_all(documents, read, partial(self._summarize_batch, limits=limits, progress=progress))

    def _read_any_form(self, text: str) -> Source:
        return self._read(natural(text))

    def _read(self, text: str) -> Source:
        return self._check(read_source(text, self.tokenizer))

    def _check(self, source: Source) -> Source:
        if not any(character.isalnum() for character in source.text):
            raise FastsumError("there is no text to summarize: it is empty, white space or marks alone")
        if source.turns.hidden and all(map(source.is_apart, range(len(source.sentences)))):
            raise FastsumError("there is no text to summarize: only headers of mail, or who came to a chat and left it")
        longest = None if self.config.model.is_fastformer else self.engine_for().longest
        if longest is not None and (tokens := sum(source.lengths)) > longest:
            raise FastsumError(
                f"the document has {tokens:,} tokens, more than the {longest:,} that this model's attention can read; "
                "summarize its parts one by one, or use a model with Fastformer, which reads any length"
            )
        return source

    def _summarize_batch(self, sources: Sequence[Source], limits: Limits, progress: Progress | None) -> list[Summary]:
        """The whole way of a batch: the engine scores sentences and words, then sentences are chosen or rewritten."""
        each = [limits.of(source.text) for source in sources]
        counts = limits.decoding.coverage > 0
        if limits.decoding.mode == "extractive":
            engine = self.engine_for("extractive")
            estimates = engine.estimate(sources, counts=counts, progress=progress)
            saliences, expected, found = _focused(sources, estimates.saliences, estimates.expected, limits.about)
            parts = zip(sources, saliences, each, expected, strict=True)
            summaries = [self._outlined(*one) if limits.outline else extract(*one) for one in parts]
        else:
            writable = self.torch_engine.estimate(sources, counts=counts, progress=progress)
            saliences, expected, found = _focused(sources, writable.saliences, writable.expected, limits.about)
            write = partial(writable.write, settings=limits.decoding)
            writing = self.config.model.writing
            summaries = rewrite(sources, saliences, each, write, self.tokenizer, writing, expected)
        return [answered(*parts) for parts in zip(summaries, found, strict=True)] if found else summaries

    def _outlined(
        self, source: Source, salience: Sequence[float], limits: Limits, expected: Mapping[int, float] | None
    ) -> Summary:
        """The outline of a document; one about a question has only what is about it."""
        only = {index for index, one in enumerate(salience) if one > 0} if limits.about else None
        return make_outline(source, salience, limits, self._sections(source), expected, only=only)

    def _sections(self, source: Source) -> Sections:
        """A document's sections by its headings, or by subject where these do not divide it."""
        found = sections_of(source)
        if found.divide(source):
            return found
        from fastsum.summary.topics import topics_of

        return topics_of(source, self.engine_for("extractive").word_vectors)


def _focused(
    sources: Sequence[Source],
    saliences: Sequence[Sequence[float]],
    expected: Sequence[Mapping[int, float] | None],
    question: str,
) -> tuple[Sequence[Sequence[float]], Sequence[Mapping[int, float] | None], list[About]]:
    """Saliences and expected words for what documents say about a question, and what was found; without one as they
    are."""
    if not question:
        return saliences, expected, []
    parts = zip(sources, saliences, expected, strict=True)
    found = [find_about(source, salience, question, words) for source, salience, words in parts]
    return [one.salience for one in found], [one.expected for one in found], found


def _raising(found: Iterable[Summary | Failed]) -> Iterator[Summary]:
    for number, one in enumerate(found, start=1):
        if isinstance(one, Failed):
            raise FastsumError(f"document {number}: {one.message}")
        yield one
