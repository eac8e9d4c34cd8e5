"""The engine: a batch of documents in, each sentence's salience and each word's expected count out.

Everything that computes with weights is behind `Engine`; choosing and showing sentences needs only what it returns.
There are two. `NumpyEngine` makes extractive summaries on a CPU, without torch, whose import takes longer than to
summarize a paper. `torch_engine.TorchEngine` does the rest: other devices and precisions, other attention mechanisms
than Fastformer, and rewriting.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from fastsum.inference.network import DECODER, SalienceNetwork, shapes
from fastsum.inference.threads import Threads
from fastsum.model.checkpoint import Checkpoint
from fastsum.model.shared import Progress
from fastsum.model.unpadded import Unpadded
from fastsum.text.source import Source

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Estimates(Protocol):
    """What an engine makes of a batch of documents."""

    @property
    def saliences(self) -> Sequence[Sequence[float]]:
        """For each document the salience of each sentence, from 0 to 1."""

    @property
    def expected(self) -> Sequence[Mapping[int, float] | None]:
        """For each document how often its summary should have each word, by extended id; None if not asked for."""


class Engine(Protocol):
    """Computes with a trained model."""

    @property
    def longest(self) -> int | None:
        """Tokens of the longest document that the model can read; None for any length."""

    @property
    def description(self) -> str:
        """Device, threads, precision and library: "cpu, 2 threads, float32, numpy"."""

    def word_vectors(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """The embeddings of known words, (W, D), by their ids, (W,)."""

    def estimate(
        self, sources: Sequence[Source], *, counts: bool = False, progress: Progress | None = None
    ) -> Estimates:
        """Read a batch of documents.

        Args:
            counts: whether to compute how often the summary should have each word.
            progress: as in `Summarizer.summarize`.

        Raises:
            MemoryError, RuntimeError: where the batch does not fit into memory; see `device.is_out_of_memory`.
        """


class NumpyEstimates(NamedTuple):
    """As in Estimates."""

    saliences: list[list[float]]
    expected: list[dict[int, float] | None]


class NumpyEngine:
    """A Fastformer of any checkpoint on the CPU, float32. Threads and batch make no difference to a summary."""

    longest = None

    def __init__(self, loaded: Checkpoint, threads: int | None = None) -> None:
        """Use `threads`, or as many as OMP_NUM_THREADS says, or one for each core.

        Raises FastsumError where the checkpoint's weights do not fit its configuration.
        """
        config = loaded.config.model
        loaded.check_weights(shapes(config), DECODER)
        self._network = SalienceNetwork(loaded.stored, config)
        self._threads = Threads(threads)
        self._alone = Threads(1)

    @property
    def description(self) -> str:
        """As in Engine."""
        return self._threads.description

    def word_vectors(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """As in Engine."""
        return self._network.word_vectors(ids)

    def estimate(
        self, sources: Sequence[Source], *, counts: bool = False, progress: Progress | None = None
    ) -> NumpyEstimates:
        """As in Engine; several documents are divided over the threads, a single one is in blocks."""
        documents = [Unpadded.of(source) for source in sources]
        if len(documents) > 1:
            found = list(
                self._threads.map(
                    lambda one: self._network.estimate(one, self._alone, counts=counts, progress=progress), documents
                )
            )
        else:
            found = [self._network.estimate(one, self._threads, counts=counts, progress=progress) for one in documents]
        return NumpyEstimates([one.salience_S.tolist() for one in found], [one.expected for one in found])
