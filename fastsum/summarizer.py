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
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from fastsum import checkpoint
from fastsum.config import Config, DecodingConfig
from fastsum.device import autocast, pick_device, pick_precision
from fastsum.errors import FastsumError
from fastsum.presentation import join_words
from fastsum.source import Source, read_source
from fastsum.summary import Span, Summary, SummarySentence
from fastsum.surface import Forms
from fastsum.tokenizer import Tokenizer

if TYPE_CHECKING:
    import torch

    from fastsum.decoding import Hypothesis
    from fastsum.model import Documents, SummaryModel

MODES = ("extractive", "abstractive")

_BATCH_TOKENS = 16_384  # documents, padding included
_MEMORY_TOKENS = 6_400  # what the decoder reads at once: every token is kept once for each hypothesis
_AHEAD = 128  # documents read ahead and sorted by length
_ENDINGS = frozenset((".", "?", "!", "..."))
_CLOSING = frozenset("\"')]")
_COPIED_SHARE = 0.25  # of a written sentence's words, from which on a source sentence counts as its source


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
    def load(cls, model: str | Path | None = None, *, device: str = "auto", precision: str = "auto") -> Summarizer:
        """Load a checkpoint's directory, or the model that ships in the package.

        Args:
            device: "auto", "cpu", "mps", "cuda", "cuda:1", ...; "auto" takes a GPU where there is one.
            precision: "auto", "fp32", "bf16" or "fp16" (GPU); "auto" is bf16 where the device multiplies in it.

        Raises:
            FastsumError: where the checkpoint is missing or damaged, or the device or precision is not to be had.
        """
        loaded = checkpoint.load(checkpoint.shipped() if model is None else Path(model))
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
        settings = self.settings(mode, sentences, words, beam)
        return self._summarize([self._read(text, "the document")], settings)[0]

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
        settings = self.settings(mode, sentences, words, beam)
        return self._stream(texts, settings)

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

    def _stream(self, texts: Iterable[str], settings: DecodingConfig) -> Iterator[Summary]:
        numbered = enumerate(texts, start=1)
        while chunk := list(itertools.islice(numbered, _AHEAD)):
            yield from self._summarize([self._read(text, f"document {number}") for number, text in chunk], settings)

    def _summarize(self, sources: Sequence[Source], settings: DecodingConfig) -> list[Summary]:
        from fastsum.batching import pack

        sizes = [sum(source.lengths) for source in sources]
        found: dict[int, Summary] = {}
        for batch in pack(sorted(range(len(sources)), key=sizes.__getitem__), sizes, _BATCH_TOKENS):
            summaries = self._summarize_batch([sources[index] for index in batch], settings)
            found.update(zip(batch.tolist(), summaries, strict=True))
        return [found[index] for index in range(len(sources))]

    def _summarize_batch(self, sources: Sequence[Source], settings: DecodingConfig) -> list[Summary]:
        import torch

        from fastsum.batching import Unpadded, pad_documents

        documents = pad_documents([Unpadded.of(source) for source in sources], self.config.model).to(self.device)
        with torch.inference_mode(), autocast(self.device, self.dtype):
            states, logits = self.model.encode(documents)
            rows = logits.float().sigmoid().tolist()
            salience = [row[: len(source.lengths)] for row, source in zip(rows, sources, strict=True)]
            if settings.mode == "extractive":
                return [_extract(source, row, settings) for source, row in zip(sources, salience, strict=True)]
            plan = _plan_sentences if self.config.model.writing == "sentence" else _plan_document
            plans = [plan(source, row, settings) for source, row in zip(sources, salience, strict=True)]
            jobs = [(number, job) for number, (jobs, _) in enumerate(plans) for job in jobs]
            written: list[list[_Writing]] = [[] for _ in sources]
            hypotheses = self._write(jobs, sources, documents, states, settings)
        for (number, job), hypothesis in zip(jobs, hypotheses, strict=True):
            written[number].append(_Writing(job, hypothesis))
        return [
            self._compose(source, row, writings, notes, settings)
            for source, row, writings, (_, notes) in zip(sources, salience, written, plans, strict=True)
        ]

    def _write(
        self,
        jobs: Sequence[tuple[int, _Job]],
        sources: Sequence[Source],
        documents: Documents,
        states: torch.Tensor,
        settings: DecodingConfig,
    ) -> list[Hypothesis]:
        from fastsum.batching import pack, pad
        from fastsum.decoding import beam_search

        width = documents.tokens_BN.shape[1]
        starts = [list(itertools.accumulate(source.lengths, initial=0)) for source in sources]
        memories = [
            [number * width + starts[number][sentence] + token for sentence, token in job] for number, job in jobs
        ]
        sizes = [len(memory) for memory in memories]
        found: dict[int, Hypothesis] = {}
        for batch in pack(sorted(range(len(jobs)), key=sizes.__getitem__), sizes, _MEMORY_TOKENS):
            positions = pad([memories[index] for index in batch], -1).to(self.device)
            hypotheses = beam_search(
                self.model,
                self.model.read(documents, states, positions),
                beam=settings.beam,
                length_penalty=settings.length_penalty,
                min_tokens=settings.min_tokens,
                max_tokens=settings.max_tokens,
                no_repeat_ngram=settings.no_repeat_ngram,
            )
            found.update(zip(batch.tolist(), hypotheses, strict=True))
        return [found[index] for index in range(len(jobs))]

    def _compose(
        self,
        source: Source,
        salience: Sequence[float],
        writings: Sequence[_Writing],
        notes: list[str],
        settings: DecodingConfig,
    ) -> Summary:
        """The summary of what the decoder wrote, within the limits asked for."""
        forms = Forms(source, self.tokenizer)
        sentences: list[SummarySentence] = []
        seen: set[str] = set()
        one = self.config.model.writing == "sentence"
        for job, hypothesis in writings:
            if len(hypothesis.ids) == settings.max_tokens:
                notes.append(f"the decoder stopped at its limit of {settings.max_tokens} tokens a pass")
            for left, right in [(0, len(hypothesis.ids))] if one else _split(hypothesis.ids, self.tokenizer):
                places = [job[p] if p >= 0 else None for p in hypothesis.positions[left:right]]
                words = [forms.form(i, place) for i, place in zip(hypothesis.ids[left:right], places, strict=True)]
                origins = {job[0][0]} if one else _origins(places, job)
                text = join_words(words) or (source.shown(job[0][0]) if one else "")
                sentence = _sentence(source, salience, sorted(origins), text)
                if sentence.text and sentence.text.casefold() not in seen:
                    seen.add(sentence.text.casefold())
                    sentences.append(sentence)
        if not sentences:  # the decoder wrote nothing readable: what it read is better than no summary
            return _extract(source, salience, settings)
        ranked = list(range(len(sentences)))
        if one:  # else the first say most
            ranked.sort(key=lambda i: -sentences[i].salience)
        kept = _within(ranked, [len(s.text.split()) for s in sentences], settings)
        if len(kept) < len(sentences) and not one:
            notes.append(f"{len(sentences) - len(kept)} of {len(sentences)} written sentences were beyond the limit")
        notes += _shortfall(len(kept), settings)
        return Summary(tuple(sentences[i] for i in kept), "abstractive", source.text, tuple(dict.fromkeys(notes)))


_Job = list[tuple[int, int]]
"""What one pass of the decoder reads: (sentence, token) of every position."""


class _Writing(NamedTuple):
    job: _Job
    hypothesis: Hypothesis


def _select(source: Source, salience: Sequence[float], **limits: Any) -> list[int]:
    from fastsum.decoding import select

    return select(
        salience,
        [encoding.words for encoding in source.encodings],
        allowed=[not sentence.heading for sentence in source.sentences],
        **limits,
    )


def _display_sizes(source: Source) -> list[int]:
    return [len(source.text[s.start : s.end].split()) for s in source.sentences]


def _extract(source: Source, salience: Sequence[float], settings: DecodingConfig) -> Summary:
    """The most salient sentences themselves."""
    sizes = _display_sizes(source) if settings.words else None
    chosen = _select(
        source,
        salience,
        sentences=settings.sentences,
        words=settings.words,
        min_salience=settings.min_salience,
        block_ngrams=settings.block_ngrams,
        counts=sizes,
    )
    notes = _shortfall(len(chosen), settings)
    if sizes and (size := sum(sizes[i] for i in chosen)) > settings.words:
        notes.append(f"the summary has {size} words instead of {settings.words}: its only sentence is longer")
    sentences = [_sentence(source, salience, [index], source.shown(index)) for index in chosen]
    return Summary(tuple(sentences), settings.mode, source.text, tuple(notes))


def _plan_sentences(
    source: Source, salience: Sequence[float], settings: DecodingConfig
) -> tuple[list[_Job], list[str]]:
    """One job for each selected sentence."""
    chosen = _select(
        source,
        salience,
        sentences=settings.sentences,
        words=2 * settings.words,  # what is written is shorter; what is too much after all is dropped then
        min_salience=settings.min_salience,
        block_ngrams=settings.block_ngrams,
        counts=_display_sizes(source),
    )
    limit = settings.memory_tokens
    jobs = [[(sentence, token) for token in range(min(limit, source.lengths[sentence]))] for sentence in chosen]
    notes = [
        f"sentence {sentence + 1} has {source.lengths[sentence]} tokens, of which the decoder read the first {limit}"
        for sentence in chosen
        if source.lengths[sentence] > limit
    ]
    return jobs, notes


def _plan_document(source: Source, salience: Sequence[float], settings: DecodingConfig) -> tuple[list[_Job], list[str]]:
    """One job that reads the most salient sentences in document order."""
    limit = settings.memory_tokens
    chosen = _select(source, salience, sentences=0, words=limit, block_ngrams=0, counts=source.lengths)
    places = [(sentence, token) for sentence in chosen for token in range(source.lengths[sentence])]
    notes = [f"the decoder read {limit} of the selected sentence's {len(places)} tokens"] if len(places) > limit else []
    return [places[:limit]], notes


def _sentence(source: Source, salience: Sequence[float], origins: Sequence[int], text: str) -> SummarySentence:
    spans = []
    for index in origins:
        start, end, _ = source.sentences[index]
        spans.append(Span(index, start, end, source.text[start:end]))
    return SummarySentence(text, max(salience[index] for index in origins), tuple(spans))


def _split(ids: Sequence[int], tokenizer: Tokenizer) -> Iterator[tuple[int, int]]:
    """Where the sentences of a pass over the whole selection begin and end."""
    words = [tokenizer.word(number) if number < len(tokenizer) else "" for number in ids]
    start = 0
    for place, word in enumerate(words):
        ended = word in _ENDINGS or (word in _CLOSING and place > start and words[place - 1] in _ENDINGS)
        follows = words[place + 1] if place + 1 < len(words) else ""
        if (ended and follows not in _ENDINGS | _CLOSING) or place + 1 == len(words):
            yield start, place + 1
            start = place + 1


def _origins(places: Sequence[tuple[int, int] | None], job: _Job) -> set[int]:
    """The sentences that a good part of the words came from, or else the one that gave most."""
    given = [place[0] for place in places if place is not None]
    if not given:
        return {job[0][0]}
    counts = {sentence: given.count(sentence) for sentence in given}
    return {s for s, count in counts.items() if count >= _COPIED_SHARE * len(places)} or {
        max(counts, key=counts.__getitem__)
    }


def _within(ranked: Sequence[int], sizes: Sequence[int], settings: DecodingConfig) -> list[int]:
    """As many as the limits on sentences and words let in, but at least one, in their original order."""
    kept: list[int] = []
    used = 0
    for index in ranked:
        if settings.sentences and len(kept) == settings.sentences:
            break
        if kept and settings.words and used + sizes[index] > settings.words:
            continue
        kept.append(index)
        used += sizes[index]
    return sorted(kept)


def _shortfall(count: int, settings: DecodingConfig) -> list[str]:
    if settings.words or settings.min_salience or count >= settings.sentences:
        return []
    some = "1 sentence" if count == 1 else f"{count} sentences"
    return [f"the summary has {some} instead of {settings.sentences}: the document has no more that differ"]
