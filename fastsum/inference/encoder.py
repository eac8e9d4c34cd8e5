"""A Fastformer encoder in numpy, for one sequence of any length.

The equations are those of `AdditiveAttention.collapsed` (fastsum/attention/additive.py) and `EncoderLayer`
(fastsum/model/layers.py), and the tests hold both to the same values. Tokens are mixed only by two pooled vectors a
layer and by the convolutions, so a layer is three passes over blocks of rows:

    h = norm(x) + convolution(norm(x))     xa = softmax(h A^T)^T h     A fixed
                                           xb = softmax(h B^T)^T h     B from xa
    u = x + h M^T + c                      x' = u + feedforward(norm(u))     M and c from xa and xb

x and h of a short sequence are kept. Of a long one only M and c are: each pass reads the sequence again from its
inputs, through the layers below, so that L layers cost as much as L * L in memory for a few blocks.

Constants are folded: gains and biases of a normalization into what follows it, the bias of h into c, since it only
shifts h and the pools. Such a constant is missing at the ends of the sequence, where a convolution has no neighbours.
Nothing but normalizations reads x, which take its mean away, so all that is added to x has a mean of 0: one pass less.

Shape suffixes: N rows of a block, D width, F hidden units, H heads, E = D / H, K taps.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple, TypeVar

import numpy as np

from fastsum.config import ModelConfig
from fastsum.inference.kernels import GELU_SCALE, Floats, centred, convolve, scale, twice_gelu, windows
from fastsum.inference.threads import Threads

BLOCK = 256
"""Rows in a block: of 64, products are a tenth slower and there are more calls."""
KEPT = 262_144
"""A sequence of more rows is read again for each pass, which takes 1.8 times as long: kept, so many of width 192 take
0.4 GB, which is what 900,000 words take without."""

T = TypeVar("T")
Span = tuple[int, int]
Weights = Mapping[str, Floats]


class Pool(NamedTuple):
    """Softmax-weighted sums over some rows, by head (online softmax, Milakov and Gimelshein, arXiv 1805.02867)."""

    most_H: Floats
    """The highest scores."""
    weight_H: Floats
    """Sums of exp(score - highest)."""
    sum_HD: Floats
    """Sums of the rows with these weights."""

    @classmethod
    def of(cls, h_ND: Floats, vectors_HD: Floats) -> Pool:
        """The pool of some rows: their products with the vectors are their scores."""
        scores_HN = np.ascontiguousarray((h_ND @ vectors_HD.T).T)  # twice as fast as vectors @ h.T
        most_H = scores_HN.max(axis=1)
        scores_HN -= most_H[:, None]
        np.exp(scores_HN, out=scores_HN)
        return cls(most_H, scores_HN.sum(axis=1), scores_HN @ h_ND)

    def joined(self, other: Pool) -> Pool:
        """The pool of both."""
        most_H = np.maximum(self.most_H, other.most_H)
        mine_H, theirs_H = np.exp(self.most_H - most_H), np.exp(other.most_H - most_H)
        weight_H = self.weight_H * mine_H + other.weight_H * theirs_H
        return Pool(most_H, weight_H, self.sum_HD * mine_H[:, None] + other.sum_HD * theirs_H[:, None])

    def mean_HD(self) -> Floats:
        """The weighted means."""
        return self.sum_HD / self.weight_H[:, None]


class LinearMap(NamedTuple):
    """What a layer's attention is, for one sequence, once its pools are known: y = h (product of matrices) + c."""

    matrices: tuple[Floats, ...]
    c_D: Floats


class Layer:
    """One encoder layer's weights, constants folded."""

    def __init__(self, weights: Weights, prefix: str, config: ModelConfig) -> None:
        def of(name: str) -> Floats:
            return weights[f"{prefix}.{name}"]

        self.width, self.heads = config.width, config.heads
        self._own_value = not config.share_query_value
        gain_D, bias_D = of("attention_norm.weight"), of("attention_norm.bias")
        taps_KD = np.zeros((1, self.width), dtype=np.float32)
        shift_D = bias_D
        if config.convolution:
            taps_KD = of("convolution.convolution.weight").reshape(self.width, -1).T
            shift_D = shift_D + of("convolution.convolution.bias") + bias_D * taps_KD.sum(axis=0)
        self.radius = len(taps_KD) // 2
        missing_KD = bias_D * np.cumsum(taps_KD, axis=0)
        self._missing_first = missing_KD[: self.radius][::-1]  # of the first row all before the middle one
        missing_KD = bias_D * np.cumsum(taps_KD[::-1], axis=0)
        self._missing_last = missing_KD[: self.radius][::-1]
        self._taps_KD = np.ascontiguousarray(taps_KD * gain_D)
        self._taps_KD[self.radius] += gain_D
        self._shift_D = shift_D

        root = np.float32(math.sqrt(self.width // self.heads))
        self._w_q, self._b_q = of("attention.query.weight"), of("attention.query.bias")
        self._w_k, self._b_k = of("attention.key.weight"), of("attention.key.bias")
        self._w_v, self._b_v = (
            (of("attention.value.weight"), of("attention.value.bias")) if self._own_value else (self._w_q, self._b_q)
        )
        self._w_b: Floats = of("attention.key_logits.weight") / root
        self._w_o = np.ascontiguousarray(centred(of("attention.output.weight").T).T)
        self._w_ou: Floats = self._w_o @ of("attention.transform.weight")
        self._c_D: Floats = self._w_o @ (of("attention.transform.bias") + self._b_q)
        self._c_D += centred(of("attention.output.bias"))
        self.query_vectors_HD = of("attention.query_logits.weight") / root @ self._w_q

        gain_D, bias_D = of("feedforward_norm.weight"), of("feedforward_norm.bias")
        w_1, w_2 = of("feedforward.0.weight"), of("feedforward.3.weight")
        self._w_1 = np.ascontiguousarray((w_1 * gain_D).T) * np.float32(GELU_SCALE)
        self._b_1 = (of("feedforward.0.bias") + w_1 @ bias_D) * np.float32(GELU_SCALE)
        self._w_2 = centred(np.ascontiguousarray(w_2.T)) * np.float32(0.5 / GELU_SCALE)
        self._b_2 = centred(of("feedforward.3.bias"))

    def mix(self, x_ND: Floats, start: int, stop: int, ends: tuple[bool, bool], out_ND: Floats, room: Room) -> None:
        """h of the rows `start` to `stop` of `x_ND`, without its constant; `ends` says whether the first and the last
        row of `x_ND` are those of the sequence."""
        radius, rows = self.radius, stop - start
        left, right = max(0, start - radius), min(len(x_ND), stop + radius)
        window_ND = room.window[: rows + 2 * radius]
        before = left - (start - radius)
        after = before + right - left
        window_ND[:before] = 0
        scale(x_ND[left:right], window_ND[before:after])
        window_ND[after:] = 0
        convolve(room.windows[:rows], self._taps_KD, out_ND)
        if ends[0]:
            for row in range(start, min(stop, radius)):
                out_ND[row - start] -= self._missing_first[row]
        if ends[1]:
            for row in range(max(start, len(x_ND) - radius), stop):
                out_ND[row - start] -= self._missing_last[len(x_ND) - 1 - row]

    def key_vectors_HD(self, xa_HD: Floats) -> tuple[Floats, Floats]:
        """qbar, (D,), and B from the first pool."""
        qbar_D = self._project(xa_HD + self._shift_D, self._w_q) + self._b_q
        return qbar_D, (self._w_b * qbar_D) @ self._w_k

    def linear_map(self, qbar_D: Floats, xb_HD: Floats, length: int) -> LinearMap:
        """M and c from qbar and the second pool; for a sequence shorter than the width, M as two matrices."""
        kbar_D = qbar_D * (self._project(xb_HD + self._shift_D, self._w_k) + self._b_k)
        if self._own_value:
            matrices: tuple[Floats, ...] = (self._w_v.T @ (kbar_D[:, None] * self._w_ou.T) + self._w_q.T @ self._w_o.T,)
        else:
            outer_DD = self._w_o.T + kbar_D[:, None] * self._w_ou.T
            matrices = (self._w_q.T, outer_DD) if length < self.width else (self._w_q.T @ outer_DD,)
        c_D: Floats = self._shift_D
        for matrix_DD in matrices:
            c_D = c_D @ matrix_DD
        c_D += self._w_ou @ (kbar_D * self._b_v) + self._c_D
        return LinearMap(matrices, c_D)

    def finish(self, x_ND: Floats, h_ND: Floats, attention: LinearMap, room: Room) -> None:
        """The layer's output from its input and h, in place of its input."""
        rows = len(x_ND)
        y_ND, f_ND, hidden_NF = room.y[:rows], room.f[:rows], room.hidden[:rows]
        np.matmul(h_ND, attention.matrices[0], out=y_ND)
        for matrix_DD in attention.matrices[1:]:
            np.matmul(y_ND, matrix_DD, out=f_ND)
            y_ND, f_ND = f_ND, y_ND
        x_ND += y_ND
        x_ND += attention.c_D
        scale(x_ND, f_ND)
        np.matmul(f_ND, self._w_1, out=hidden_NF)
        hidden_NF += self._b_1
        twice_gelu(hidden_NF, room.size[:rows], room.p[:rows])
        np.matmul(hidden_NF, self._w_2, out=y_ND)
        x_ND += y_ND
        x_ND += self._b_2

    def _project(self, pooled_HD: Floats, weight_DD: Floats) -> Floats:
        """Each head's rows of the weight times that head's pool, side by side: (H, D) -> (D,)."""
        weight_HED = weight_DD.reshape(self.heads, -1, self.width)
        return (weight_HED @ pooled_HD[:, :, None]).reshape(-1)


class Room:
    """Arrays that a thread computes in, for up to `rows` rows at once."""

    def __init__(self, rows: int, radius: int, width: int, hidden: int) -> None:
        self.window = np.empty((rows + 2 * radius, width), dtype=np.float32)
        self.windows = windows(self.window, 2 * radius + 1)
        self.x, self.h, self.y, self.f = np.empty((4, rows, width), dtype=np.float32)
        self.hidden, self.size, self.p = np.empty((3, rows, hidden), dtype=np.float32)


class Encoder:
    """A stack of layers; with `share_layers` one layer, repeated."""

    def __init__(self, weights: Weights, prefix: str, config: ModelConfig, layers: int) -> None:
        distinct = 1 if config.share_layers else layers
        self.layers = [Layer(weights, f"{prefix}.layers.{number}", config) for number in range(distinct)]
        self.layers *= layers if config.share_layers else 1
        self.width = config.width
        self.gain_D, self.bias_D = weights[f"{prefix}.norm.weight"], weights[f"{prefix}.norm.bias"]
        self._reach = sum(layer.radius for layer in self.layers)
        self._sizes = (BLOCK + 2 * self._reach, self.layers[0].radius, config.width, config.feedforward)
        self._rooms = threading.local()

    @property
    def room(self) -> Room:
        """The arrays of this thread."""
        if not hasattr(self._rooms, "room"):
            self._rooms.room = Room(*self._sizes)
        return self._rooms.room


class Sequence:
    """One sequence in an encoder, after all of its pools.

    Args:
        inputs: `inputs(start, stop, out)` writes the encoder's input at these rows into an array, less each row's mean.
        advance: called with the work done, in rows through a layer, when there is news.
    """

    def __init__(
        self,
        encoder: Encoder,
        inputs: Callable[[int, int, Floats], None],
        length: int,
        threads: Threads,
        advance: Callable[[int], None] = lambda work: None,
        kept: int = KEPT,
    ) -> None:
        self._encoder = encoder
        self._inputs = inputs
        self._length = length
        self._threads = threads
        self._advance = advance
        self._blocks: list[Span] = [(start, min(start + BLOCK, length)) for start in range(0, length, BLOCK)]
        self._maps: list[LinearMap] = []
        self._x: Floats | None = None
        self._h: Floats | None = None
        if length <= kept:
            self._x, self._h = np.empty((2, length, encoder.width), dtype=np.float32)
            self._do(self._store_inputs)
        for layer in encoder.layers:
            self._pool(layer)

    @staticmethod
    def work(encoder: Encoder, length: int, kept: int = KEPT) -> int:
        """All work of a sequence: if its states are kept, three passes a layer, one for the inputs and one for the
        states. If not, two passes through the layers below each, and one for the states."""
        layers = len(encoder.layers)
        return length * (3 * layers + 2 if length <= kept else (layers + 1) ** 2)

    def over_states(self, use: Callable[[int, int, Floats], T]) -> Iterator[T]:
        """What `use(start, stop, states)` returns for each block of states, in their order. The states, (N, D), lack
        the last normalization, and are overwritten when `use` has returned. Their means are 0."""

        def one(block: Span) -> T:
            start, stop = block
            return use(start, stop, self._rows(start, stop, self._encoder.room))

        return self._results(one)

    def _do(self, work: Callable[[Span], None]) -> None:
        """Do work on all blocks."""
        for _ in self._results(work):
            pass

    def _results(self, work: Callable[[Span], T]) -> Iterator[T]:
        """The results of work on all blocks, in their order."""
        layers = len(self._maps) + 1 if self._x is None else 1
        for (start, stop), result in zip(self._blocks, self._threads.map(work, self._blocks), strict=True):
            self._advance((stop - start) * layers)
            yield result

    def _store_inputs(self, block: Span) -> None:
        assert self._x is not None
        self._inputs(*block, self._x[slice(*block)])

    def _pool(self, layer: Layer) -> None:
        """Compute a layer's linear map, and, where states are kept, its output."""
        first = self._pooled(lambda block: Pool.of(self._mixed(layer, block), layer.query_vectors_HD))
        qbar_D, key_vectors_HD = layer.key_vectors_HD(first.mean_HD())

        def second_of(block: Span) -> Pool:
            h_ND = self._mixed(layer, block) if self._h is None else self._h[slice(*block)]
            return Pool.of(h_ND, key_vectors_HD)

        second = self._pooled(second_of)
        attention = layer.linear_map(qbar_D, second.mean_HD(), self._length)
        if self._x is not None and self._h is not None:
            x_ND, h_ND = self._x, self._h

            def output(block: Span) -> None:
                layer.finish(x_ND[slice(*block)], h_ND[slice(*block)], attention, self._encoder.room)

            self._do(output)
        self._maps.append(attention)

    def _pooled(self, of: Callable[[Span], Pool]) -> Pool:
        pools = self._results(of)
        joined = next(pools)
        for pool in pools:
            joined = joined.joined(pool)
        return joined

    def _mixed(self, layer: Layer, block: Span) -> Floats:
        """h of a block in the first layer whose map is not known yet; kept, if states are."""
        start, stop = block
        room = self._encoder.room
        if self._x is not None and self._h is not None:
            h_ND = self._h[start:stop]
            layer.mix(self._x, start, stop, (True, True), h_ND, room)
            return h_ND
        left, right = max(0, start - layer.radius), min(self._length, stop + layer.radius)
        x_ND = self._rows(left, right, room)
        h_ND = room.h[: stop - start]
        layer.mix(x_ND, start - left, stop - left, (left == 0, right == self._length), h_ND, room)
        return h_ND

    def _rows(self, start: int, stop: int, room: Room) -> Floats:
        """The rows through all layers whose maps are known."""
        if self._x is not None:
            return self._x[start:stop]
        # At a boundary inside the sequence the convolutions read zeros instead of neighbours. Each layer carries that
        # error one radius further in, so a margin of that reach is computed too and cut off.
        layers = self._encoder.layers[: len(self._maps)]
        reach = sum(layer.radius for layer in layers)
        left, right = max(0, start - reach), min(self._length, stop + reach)
        x_ND, h_ND = room.x[: right - left], room.h[: right - left]
        self._inputs(left, right, x_ND)
        ends = (left == 0, right == self._length)
        for layer, attention in zip(layers, self._maps, strict=True):
            layer.mix(x_ND, 0, len(x_ND), ends, h_ND, room)
            layer.finish(x_ND, h_ND, attention, room)
        return x_ND[start - left : stop - left]
