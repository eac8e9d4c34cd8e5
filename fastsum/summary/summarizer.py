"""The Python API: load a model, summarize texts.

    from fastsum import Summarizer
    summary = Summarizer.load().summarize(text, sentences=3)
    print(summary)
    for sentence in summary.sentences:
        print(sentence.salience, sentence.text, sentence.sources)

Torch is imported when a model is loaded, not with this module.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from fastsum.config import Config, DecodingConfig
from fastsum.data.treebank import natural
from fastsum.device import autocast, is_out_of_memory, pick_device, pick_precision
from fastsum.errors import FastsumError
from fastsum.model import checkpoint
from fastsum.summary.extraction import extract
from fastsum.summary.limits import Limits, limits_for
from fastsum.summary.result import Summary
from fastsum.summary.rewriting import (
    Job,
    Passages,
    Writing,
    compose_document,
    compose_sentences,
    plan_document,
    plan_sentences,
)
from fastsum.text.english.wording import Links, closing, final, free, opening
from fastsum.text.source import Source, read_source
from fastsum.text.tokenizer import Tokenizer

if TYPE_CHECKING:
    import torch

    from fastsum.model.batching import Documents
    from fastsum.model.network import Memory, SummaryModel
    from fastsum.model.streaming import Progress
    from fastsum.summary.decoding import Hypothesis

_BATCH_TOKENS = 16_384  # documents, padding included
_ONE_PASS_TOKENS = 65_536  # a longer document is encoded a part at a time: one pass takes 11 kB a token at width 256
_MOST_IN_ONE_PASS = 262_144  # what a model that knows no other way reads
_MEMORY_TOKENS = 6_400  # what the decoder reads at once: every token is kept once for each hypothesis
_AHEAD = 128  # documents read ahead and sorted by length
_AHEAD_TOKENS = 1_048_576  # or fewer, where they have so many tokens

T = TypeVar("T")


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
        ratio: float | None = None,
        length: str | None = None,
        beam: int | None = None,
        progress: Progress | None = None,
    ) -> Summary:
        """Summarize a document; what is left out is as the checkpoint's configuration has it.

        Args:
            text: the document, natural or tokenised (then offsets count in the natural text). All of it is read.
            mode: "extractive" (its salient sentences) or "abstractive" (written by the decoder).
            sentences: sentences in the summary. There are fewer only where the document has no more that differ, or
                `words` leaves no room for them; a note says so.
            words: words in it at most. Without `sentences` as many sentences are taken as fit, and what is left is less
                than a sentence; where every sentence is longer, the most salient one is cut short, and a note says so.
            ratio: `words` as a share of the document's words, above 0 and at most 1.
            length: "short", "medium" or "long", where no other length is given: half, once or twice the model's usual
                sentences and words.
            beam: hypotheses kept in writing; 1 is greedy.
            progress: called with the work done so far and the whole of it while a document of more than 65,536 tokens
                is encoded; for a shorter one it is not needed.

        Raises:
            FastsumError: where the text holds no word, or is longer than the model's attention can read (Fastformer's
                reads any length), or the memory does not suffice for it, or a setting is impossible.
        """
        limits = self._limits(mode, sentences, words, ratio=ratio, length=length, beam=beam)
        (found,) = self._stream([natural(text)], limits, progress)
        if isinstance(found, FastsumError):
            raise found
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
        progress: Progress | None = None,
    ) -> Iterator[Summary]:
        """Summarize documents in batches of like length, each as `summarize` would; results come in their order.

        Texts are taken from the iterable as needed, 128 or a million tokens ahead. Raises FastsumError as `summarize`
        does, with the text's number, when the turn comes to one. `progress` as in `summarize`.
        """
        if isinstance(texts, str):
            raise FastsumError("summarize_many takes several texts, not one; call summarize, or put the text in a list")
        limits = self._limits(mode, sentences, words, ratio=ratio, length=length, beam=beam)
        return _raising(self._stream(map(natural, texts), limits, progress))

    def _limits(self, *args: Any, **decoding: Any) -> Limits:
        return limits_for(self.config.decoding, *args, **decoding)

    def _read(self, text: str) -> Source:
        source = read_source(text, self.tokenizer)
        if not any(character.isalnum() for character in source.text):
            raise FastsumError("there is no text to summarize: it is empty, white space or marks alone")
        tokens = sum(source.lengths)
        if tokens > _MOST_IN_ONE_PASS and not self._can_stream():
            raise FastsumError(
                f"the document has {tokens:,} tokens, more than the {_MOST_IN_ONE_PASS:,} that this model's attention "
                "can read; summarize its parts one by one, or take a model with Fastformer, which reads any length"
            )
        return source

    def _can_stream(self) -> bool:
        from fastsum.model.streaming import can_stream

        return can_stream(self.config.model)

    def try_many(
        self, texts: Iterable[str], *, progress: Progress | None = None, **decoding: Any
    ) -> Iterator[Summary | FastsumError]:
        """As `summarize_many` with the same arguments, but what it would raise for a text stands in its place."""
        return self._stream(texts, self._limits(**decoding), progress)

    def _stream(
        self, texts: Iterable[str], limits: Limits, progress: Progress | None
    ) -> Iterator[Summary | FastsumError]:
        ahead: list[Source | FastsumError] = []
        tokens = 0
        for text in texts:
            source = self._try_read(text)
            ahead.append(source)
            tokens += sum(source.lengths) if isinstance(source, Source) else 0
            if len(ahead) == _AHEAD or tokens >= _AHEAD_TOKENS:
                yield from self._try(ahead, limits, progress)
                ahead, tokens = [], 0
        yield from self._try(ahead, limits, progress)

    def _try_read(self, text: str) -> Source | FastsumError:
        try:
            return _within_memory(lambda: self._read(text))
        except FastsumError as error:
            return error

    def _try(
        self, ahead: Sequence[Source | FastsumError], limits: Limits, progress: Progress | None
    ) -> Iterator[Summary | FastsumError]:
        summaries = iter(self._summarize([s for s in ahead if isinstance(s, Source)], limits, progress))
        return (next(summaries) if isinstance(one, Source) else one for one in ahead)

    def _summarize(
        self, sources: Sequence[Source], limits: Limits, progress: Progress | None
    ) -> list[Summary | FastsumError]:
        from fastsum.model.batching import pack

        sizes = [sum(source.lengths) for source in sources]
        found: dict[int, Summary | FastsumError] = {}
        for batch in pack(sorted(range(len(sources)), key=sizes.__getitem__), sizes, _BATCH_TOKENS):
            summaries = self._try_batch([sources[index] for index in batch], limits, progress)
            found.update(zip(batch.tolist(), summaries, strict=True))
        return [found[index] for index in range(len(sources))]

    def _try_batch(
        self, sources: Sequence[Source], limits: Limits, progress: Progress | None
    ) -> list[Summary | FastsumError]:
        """The summaries of a batch. Where the memory does not suffice for it, each document is tried alone."""
        found = _within_memory(lambda: self._summarize_batch(sources, limits, progress))
        if not isinstance(found, FastsumError):
            return [*found]
        if len(sources) == 1:
            return [found]
        return [answer for source in sources for answer in self._try_batch([source], limits, progress)]

    def _summarize_batch(self, sources: Sequence[Source], limits: Limits, progress: Progress | None) -> list[Summary]:
        import torch

        from fastsum.model.batching import Unpadded, pad_documents

        documents = pad_documents([Unpadded.of(source) for source in sources], self.config.model).to(self.device)
        with torch.inference_mode(), autocast(self.device, self.dtype):
            wanted = limits.decoding.coverage > 0 and limits.decoding.mode == "extractive"
            logits, expected, read = self._encode(documents, wanted, progress)
            rows = logits.float().sigmoid().tolist()
            salience = [row[: len(source.lengths)] for row, source in zip(rows, sources, strict=True)]
            each = [limits.of(source.text) for source in sources]
            if limits.decoding.mode == "extractive":
                return [extract(*parts) for parts in zip(sources, salience, each, expected, strict=True)]
            by_sentence = self.config.model.writing == "sentence"
            plan = plan_sentences if by_sentence else plan_document
            plans = [plan(*parts) for parts in zip(sources, salience, each, strict=True)]
            passages = [Passages(source, self.tokenizer) for source in sources]
            jobs = [(number, job) for number, (jobs, _) in enumerate(plans) for job in jobs]
            hypotheses = self._write(jobs, passages, documents.tokens_BN.shape[1], read, limits.decoding)
        written: list[list[Writing]] = [[] for _ in sources]
        for (number, job), found in zip(jobs, hypotheses, strict=True):
            written[number].append(Writing(job, found))
        compose = compose_sentences if by_sentence else compose_document
        return [
            compose(one, row, writings, notes, own)
            for one, row, writings, (_, notes), own in zip(passages, salience, written, plans, each, strict=True)
        ]

    def _encode(
        self, documents: Documents, counts: bool, progress: Progress | None
    ) -> tuple[torch.Tensor, Sequence[Mapping[int, float] | None], Callable[[torch.Tensor], Memory]]:
        """Salience logits, (B, S); how often each document's summary should have its words, by extended id, if
        `counts` are wanted; and what makes the decoder's memory of places in the flattened (B * N) batch."""
        if documents.tokens_BN.shape[1] > _ONE_PASS_TOKENS and self._can_stream():
            from fastsum.model.streaming import LongDocument

            document = LongDocument(self.model, documents, counts=counts, progress=progress)
            logits_BS, found = document.logits_BS, document.expected_counts
            read: Callable[[torch.Tensor], Memory] = document.read
        else:
            encoded = self.model.encode(documents)
            logits_BS = encoded.logits_BS
            found = self.model.expected_counts(documents, encoded) if counts else None
            read = partial(self.model.read, documents, encoded.states_BND)
        size = len(documents.tokens_BN)
        return logits_BS, [None] * size if found is None else found[0].by_document(found[1].exp(), size), read

    def _write(
        self,
        jobs: Sequence[tuple[int, Job]],
        passages: Sequence[Passages],
        width: int,
        read: Callable[[torch.Tensor], Memory],
        settings: DecodingConfig,
    ) -> list[list[Hypothesis]]:
        """What the decoder writes in each job, (number of the document, what it reads)."""
        from fastsum.model.batching import pack, pad
        from fastsum.summary.decoding import Rules, beam_search

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
                read(positions),
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


def _within_memory(work: Callable[[], T]) -> T | FastsumError:
    """What `work` gives, or the error that the memory does not suffice for it."""
    try:
        return work()
    except (MemoryError, RuntimeError) as error:
        if not is_out_of_memory(error):
            raise
        reason = (str(error).splitlines() or ["no more memory"])[0]
    # Not before here: while an error is handled, and as the context of another, it keeps alive what did not fit.
    return FastsumError(f"the memory does not suffice for this document ({reason}); summarize it where there is more")


def _raising(found: Iterable[Summary | FastsumError]) -> Iterator[Summary]:
    for number, one in enumerate(found, start=1):
        if isinstance(one, FastsumError):
            raise FastsumError(f"document {number}: {one.message}")
        yield one


def _place_rules(links: Sequence[Links], positions_JM: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """What holds of each place that jobs read, as Rules have it."""
    import torch

    from fastsum.model.batching import pad

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
