"""The Python API: load a model, summarize texts.

    from fastsum import Summarizer
    summary = Summarizer.load().summarize(text, sentences=3)
    print(summary)
    for sentence in summary.sentences:
        print(sentence.salience, sentence.text, sentence.sources)

Torch is imported when a model is loaded, not with this module.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastsum import checkpoint
from fastsum.composition import (
    Job,
    Limits,
    Passages,
    Writing,
    compose_document,
    compose_sentences,
    extract,
    plan_document,
    plan_sentences,
)
from fastsum.config import Config, DecodingConfig
from fastsum.device import autocast, pick_device, pick_precision
from fastsum.errors import FastsumError
from fastsum.source import Source, read_source
from fastsum.summary import Summary
from fastsum.tokenizer import Tokenizer
from fastsum.wording import Links, closing, final, free, opening

if TYPE_CHECKING:
    import torch

    from fastsum.decoding import Hypothesis
    from fastsum.model import Documents, SummaryModel

MODES = ("extractive", "abstractive")

_BATCH_TOKENS = 16_384  # documents, padding included
_MEMORY_TOKENS = 6_400  # what the decoder reads at once: every token is kept once for each hypothesis
_AHEAD = 128  # documents read ahead and sorted by length


class Summarizer:
    """A model ready to summarize; `load` or `from_parts` makes one."""

    def __init__(
        self, model: SummaryModel, tokenizer: Tokenizer, config: Config, device: torch.device, dtype: torch.dtype
    ) -> None:
        self.model = model
        self.tokenizer = tokenizer
        self.config = config
        self.device = device
        self.dtype = dtype

    @classmethod
    def load(cls, model: str | Path = "news", *, device: str = "auto", precision: str = "auto") -> Summarizer:
        """Load a model that ships in the package, or a checkpoint of your own.

        Args:
            model: "news", which is for documents of every kind but papers; "paper"; or a checkpoint's directory.
                `fastsum.genre_of(text)` is the name of the one that fits a text.
            device: "auto", "cpu", "mps", "cuda", "cuda:1", ...; "auto" takes a GPU where there is one.
            precision: "auto", "fp32", "bf16" or "fp16" (GPU); "auto" is bf16 where the device multiplies in it.

        Raises:
            FastsumError: where the checkpoint is missing or damaged, or the device or precision is not to be had.
        """
        loaded = checkpoint.load(checkpoint.locate(model))
        place = pick_device(device)
        return cls(loaded.model(place), loaded.tokenizer, loaded.config, place, pick_precision(precision, place))

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
        """Use a model that is in memory already: it is set to evaluate, and moved if `device` is given.

        `dtype` is what matrix products run in; None is float32.
        """
        import torch

        if device is not None:
            model = model.to(device)
        device = next(model.parameters()).device
        return cls(model.eval(), tokenizer, config, device, dtype or torch.float32)

    def summarize(
        self,
        text: str,
        mode: str | None = None,
        sentences: int | None = None,
        words: int | None = None,
        *,
        beam: int | None = None,
    ) -> Summary:
        """Summarize a document; what is left out is as the checkpoint's configuration has it.

        Args:
            text: the document, natural or tokenised. All of it is read.
            mode: "extractive" (its salient sentences) or "abstractive" (written by the decoder).
            sentences: sentences in the summary at most.
            words: words in it at most; without `sentences`, as many sentences are taken as fit. Only a most salient
                sentence that alone has more words is taken all the same.
            beam: hypotheses kept in writing; 1 is greedy.

        Raises:
            FastsumError: where the text holds no word, or a setting is impossible.
        """
        limits = Limits(self.settings(mode, sentences, words, beam), sentences is not None)
        return self._summarize([self._read(text, "the document")], limits)[0]

    def summarize_many(
        self,
        texts: Iterable[str],
        mode: str | None = None,
        sentences: int | None = None,
        words: int | None = None,
        *,
        beam: int | None = None,
    ) -> Iterator[Summary]:
        """Summarize documents in batches of like length, each as `summarize` would; results come in their order.

        Texts are taken from the iterable as needed, some 128 ahead. A text without a word raises FastsumError, which
        names its number, when its turn comes to be read.
        """
        if isinstance(texts, str):
            raise FastsumError("summarize_many takes several texts, not one; call summarize, or put the text in a list")
        limits = Limits(self.settings(mode, sentences, words, beam), sentences is not None)
        return self._stream(texts, limits)

    def settings(
        self,
        mode: str | None = None,
        sentences: int | None = None,
        words: int | None = None,
        beam: int | None = None,
    ) -> DecodingConfig:
        """How `summarize` decodes when called with these arguments. Raises FastsumError for impossible ones."""
        given = {"sentences": sentences, "words": words, "beam": beam}
        for name, value in given.items():
            if value is not None and (type(value) is not int or value < 1):
                raise FastsumError(f"{name} must be a whole number above 0, not {value!r}")
        if mode is not None and mode not in MODES:
            raise FastsumError(f"mode {mode!r} is unknown; choose {' or '.join(MODES)}")
        changes: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        if sentences is not None or words is not None:  # either limit asked for replaces both of the configuration's
            changes |= {"sentences": sentences or 0, "words": words or 0, "min_salience": 0.0}
        if mode is not None:
            changes["mode"] = mode
        return dataclasses.replace(self.config.decoding, **changes)

    def _read(self, text: str, name: str) -> Source:
        source = read_source(text, self.tokenizer)
        if not any(character.isalnum() for character in source.text):
            raise FastsumError(f"{name} has no text to summarize: it is empty, white space or marks alone")
        return source

    def _stream(self, texts: Iterable[str], limits: Limits) -> Iterator[Summary]:
        numbered = enumerate(texts, start=1)
        while chunk := list(itertools.islice(numbered, _AHEAD)):
            yield from self._summarize([self._read(text, f"document {number}") for number, text in chunk], limits)

    def _summarize(self, sources: Sequence[Source], limits: Limits) -> list[Summary]:
        from fastsum.batching import pack

        sizes = [sum(source.lengths) for source in sources]
        found: dict[int, Summary] = {}
        for batch in pack(sorted(range(len(sources)), key=sizes.__getitem__), sizes, _BATCH_TOKENS):
            summaries = self._summarize_batch([sources[index] for index in batch], limits)
            found.update(zip(batch.tolist(), summaries, strict=True))
        return [found[index] for index in range(len(sources))]

    def _summarize_batch(self, sources: Sequence[Source], limits: Limits) -> list[Summary]:
        import torch

        from fastsum.batching import Unpadded, pad_documents

        documents = pad_documents([Unpadded.of(source) for source in sources], self.config.model).to(self.device)
        with torch.inference_mode(), autocast(self.device, self.dtype):
            states, logits = self.model.encode(documents)
            rows = logits.float().sigmoid().tolist()
            salience = [row[: len(source.lengths)] for row, source in zip(rows, sources, strict=True)]
            if limits.decoding.mode == "extractive":
                return [extract(source, row, limits) for source, row in zip(sources, salience, strict=True)]
            by_sentence = self.config.model.writing == "sentence"
            plan = plan_sentences if by_sentence else plan_document
            plans = [plan(source, row, limits) for source, row in zip(sources, salience, strict=True)]
            passages = [Passages(source, self.tokenizer) for source in sources]
            jobs = [(number, job) for number, (jobs, _) in enumerate(plans) for job in jobs]
            hypotheses = self._write(jobs, passages, documents, states, limits.decoding)
        written: list[list[Writing]] = [[] for _ in sources]
        for (number, job), found in zip(jobs, hypotheses, strict=True):
            written[number].append(Writing(job, found))
        compose = compose_sentences if by_sentence else compose_document
        return [
            compose(one, row, writings, notes, limits)
            for one, row, writings, (_, notes) in zip(passages, salience, written, plans, strict=True)
        ]

    def _write(
        self,
        jobs: Sequence[tuple[int, Job]],
        passages: Sequence[Passages],
        documents: Documents,
        states: torch.Tensor,
        settings: DecodingConfig,
    ) -> list[list[Hypothesis]]:
        """What the decoder writes in each job, (number of the document, what it reads)."""
        from fastsum.batching import pack, pad
        from fastsum.decoding import Rules, beam_search

        width = documents.tokens_BN.shape[1]
        starts = [list(itertools.accumulate(passage.source.lengths, initial=0)) for passage in passages]
        memories = [
            [number * width + starts[number][sentence] + token for sentence, token in job] for number, job in jobs
        ]
        sizes = [len(memory) for memory in memories]
        found: dict[int, list[Hypothesis]] = {}
        for batch in pack(sorted(range(len(jobs)), key=sizes.__getitem__), sizes, _MEMORY_TOKENS):
            positions = pad([memories[index] for index in batch], -1).to(self.device)
            links = [passages[number].links(job) for number, job in (jobs[index] for index in batch)]
            hypotheses = beam_search(
                self.model,
                self.model.read(documents, states, positions),
                Rules(*self._word_rules, *_place_rules(links, positions)),
                beam=settings.beam,
                length_penalty=settings.length_penalty,
                min_tokens=settings.min_tokens,
                max_tokens=settings.max_tokens,
                no_repeat_ngram=settings.no_repeat_ngram,
            )
            found.update(zip(batch.tolist(), hypotheses, strict=True))
        return [found[index] for index in range(len(jobs))]

    @cached_property
    def _word_rules(self) -> tuple[torch.Tensor, ...]:
        """What holds of each word that the decoder generates, as Rules have it: (V,) each, bool."""
        import torch

        words = [self.tokenizer.word(number) for number in range(self.config.model.output_vocabulary_size)]
        return tuple(
            torch.tensor([test(word) for word in words], device=self.device) for test in (free, opening, closing, final)
        )


def _place_rules(links: Sequence[Links], positions_JM: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """What holds of each place that jobs read, as Rules have it."""
    import torch

    from fastsum.batching import pad

    device = positions_JM.device
    starts_JM, loose_JM, closes_JM = (
        pad(rows, 0).to(device, torch.bool)
        for rows in zip(*((link.starts, link.loose, link.closes) for link in links), strict=True)
    )
    follows_JMM = torch.zeros((*positions_JM.shape, positions_JM.shape[1]), dtype=torch.bool)
    for job, link in enumerate(links):
        for place, later in enumerate(link.follows):
            follows_JMM[job, place, later] = True
    return starts_JM, follows_JMM.to(device), loose_JM, closes_JM
