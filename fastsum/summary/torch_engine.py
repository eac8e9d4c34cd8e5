"""The engine in torch: any device, precision and attention mechanism, and the decoder that rewrites."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray

from fastsum.config import Config, DecodingConfig
from fastsum.device import autocast, describe
from fastsum.model.batching import Documents, pad, pad_documents
from fastsum.model.network import Memory, SummaryModel
from fastsum.model.packing import pack
from fastsum.model.shared import LONG, Progress
from fastsum.model.streaming import LongDocument
from fastsum.model.unpadded import Unpadded
from fastsum.summary.abstractive.decoding import Hypothesis, Rules, beam_search
from fastsum.summary.abstractive.rewriting import Request
from fastsum.text.english import rules as english
from fastsum.text.language import Language, Transitions
from fastsum.text.source import Source
from fastsum.text.tokenizer import Tokenizer

_ONE_PASS_TOKENS = LONG  # a longer document is encoded a part at a time: one pass takes 11 kB a token at width 256
_LONGEST_IN_ONE_PASS = 262_144  # for a model that can only read in one pass
_MEMORY_TOKENS = 6_400  # what the decoder reads in one batch: every token is kept once for each hypothesis


class TorchEngine:
    """A `SummaryModel` on a torch device."""

    def __init__(
        self,
        model: SummaryModel,
        tokenizer: Tokenizer,
        config: Config,
        device: torch.device,
        dtype: torch.dtype,
        threads: int | None = None,
        language: Language = english,
    ) -> None:
        """Compute with `threads` on a CPU, or as many as torch is set to use."""
        self.language = language
        self._threads = threads
        self.model = model
        self.tokenizer = tokenizer
        self.config = config
        self.device = device
        self.dtype = dtype

    @property
    def longest(self) -> int | None:
        """As in Engine: a Fastformer reads any length, a part at a time."""
        return None if self.config.model.is_fastformer else _LONGEST_IN_ONE_PASS

    @property
    def description(self) -> str:
        """As in Engine."""
        with self.running():
            return f"{describe(self.device, self.dtype)}, torch"

    def word_vectors(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """As in Engine."""
        with torch.inference_mode():
            rows = self.model.embedding(torch.from_numpy(ids).to(self.device))
            found: NDArray[np.float32] = rows.float().cpu().numpy()
        return found

    def estimate(
        self, sources: Sequence[Source], *, counts: bool = False, progress: Progress | None = None
    ) -> TorchEstimates:
        """As in Engine."""
        documents = pad_documents([Unpadded.of(source) for source in sources], self.config.model).to(self.device)
        with self.running():
            logits_BS, expected, read = self._encode(documents, counts, progress)
            rows = logits_BS.float().sigmoid().tolist()
        saliences = [row[: len(source.lengths)] for row, source in zip(rows, sources, strict=True)]
        return TorchEstimates(self, sources, saliences, expected, documents.tokens_BN.shape[1], read)

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """A context to compute in: without gradients, in the engine's precision and number of threads."""
        before = torch.get_num_threads()
        if self._threads is not None:
            torch.set_num_threads(self._threads)
        try:
            with torch.inference_mode(), autocast(self.device, self.dtype):
                yield
        finally:
            if self._threads is not None:
                torch.set_num_threads(before)

    def _encode(
        self, documents: Documents, counts: bool, progress: Progress | None
    ) -> tuple[torch.Tensor, Sequence[Mapping[int, float] | None], Callable[[torch.Tensor], Memory]]:
        """Salience logits, (B, S); each document's expected counts; and what makes the decoder's memory of positions in
        the flattened (B * N) batch."""
        if documents.tokens_BN.shape[1] > _ONE_PASS_TOKENS and self.config.model.is_fastformer:
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


class TorchEstimates:
    """What TorchEngine makes of a batch. The token states stay in memory as long as this does, for `write`."""

    def __init__(
        self,
        engine: TorchEngine,
        sources: Sequence[Source],
        saliences: Sequence[Sequence[float]],
        expected: Sequence[Mapping[int, float] | None],
        width: int,
        read: Callable[[torch.Tensor], Memory],
    ) -> None:
        self.saliences = saliences
        self.expected = expected
        self._engine = engine
        self._starts = [list(itertools.accumulate(source.lengths, initial=0)) for source in sources]
        self._width = width
        self._read = read

    def write(self, requests: Sequence[Request], settings: DecodingConfig) -> list[list[Hypothesis]]:
        """As in Estimates: beam search over batches of passages of like length."""
        engine = self._engine
        memories = [self._flattened(request) for request in requests]
        sizes = [len(memory) for memory in memories]
        found: dict[int, list[Hypothesis]] = {}
        with engine.running():
            for batch in pack(sorted(range(len(requests)), key=sizes.__getitem__), sizes, _MEMORY_TOKENS):
                positions_JM = pad([memories[index] for index in batch], -1).to(engine.device)
                transitions = [requests[index].transitions for index in batch]
                hypotheses = beam_search(
                    engine.model,
                    self._read(positions_JM),
                    _rules(transitions, positions_JM),
                    beam=settings.beam,
                    length_penalty=settings.length_penalty,
                    min_tokens=settings.min_tokens,
                    max_tokens=settings.max_tokens,
                    no_repeat_ngram=settings.no_repeat_ngram,
                )
                found.update(zip(batch, hypotheses, strict=True))
        return [found[index] for index in range(len(requests))]

    def _flattened(self, request: Request) -> list[int]:
        """A passage's token positions in the flattened (B * N) batch."""
        base = request.document * self._width
        starts = self._starts[request.document]
        return [base + starts[sentence] + token for sentence, token in request.passage]


def _rules(transitions: Sequence[Transitions], positions_JM: torch.Tensor) -> Rules:
    """What may be written of the positions that the passages read."""
    device = positions_JM.device
    starts_JM = pad([one.starts for one in transitions], 0).to(device, torch.bool)
    closes_JM = pad([one.closes for one in transitions], 0).to(device, torch.bool)
    follows_JMM = torch.zeros((*positions_JM.shape, positions_JM.shape[1]), dtype=torch.bool)
    for number, one in enumerate(transitions):
        for position, later in enumerate(one.follows):
            follows_JMM[number, position, later] = True
    return Rules(starts_JM, follows_JMM.to(device), closes_JM)
