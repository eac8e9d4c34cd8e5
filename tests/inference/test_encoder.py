"""An encoder in numpy against the one in torch, layer by layer and whole, kept and read again."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from fastsum.inference.encoder import BLOCK, KEPT, Encoder, Pool, Room, Sequence
from fastsum.inference.kernels import centred, normalize
from fastsum.inference.threads import Threads
from fastsum.model.network import SummaryModel
from tests.inference.networks import VARIANTS, some_model

LENGTHS = (1, 2, 3, 5, 23, 24, 25, BLOCK - 1, BLOCK, BLOCK + 1, BLOCK + 3, 2 * BLOCK + 77)


def in_numpy(model: SummaryModel) -> Encoder:
    weights = {name: tensor.numpy() for name, tensor in model.state_dict().items()}
    return Encoder(weights, "encoder", model.config, model.config.encoder_layers)


def some_rows(length: int, width: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((length, width), dtype=np.float32)


def states(encoder: Encoder, x_ND: np.ndarray, threads: int = 1, kept: int = KEPT) -> np.ndarray:
    def inputs(start: int, stop: int, out: np.ndarray) -> None:
        out[:] = centred(x_ND[start:stop])

    sequence = Sequence(encoder, inputs, len(x_ND), Threads(threads), kept=kept)
    found = np.concatenate([*sequence.over_states(lambda start, stop, block_ND: block_ND.copy())])
    np.testing.assert_allclose(found.mean(axis=1), 0, atol=1e-5)
    normalize(found, found)
    return found * encoder.gain_D + encoder.bias_D


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("changes", VARIANTS.values(), ids=VARIANTS.keys())
def test_states_are_those_of_torch(changes: dict, length: int) -> None:
    model = some_model(**changes)
    x_ND = some_rows(length, model.config.width)
    with torch.inference_mode():
        expected = model.encoder(torch.from_numpy(x_ND).unsqueeze(0))[0].numpy()
    encoder = in_numpy(model)
    np.testing.assert_allclose(states(encoder, x_ND), expected, atol=2e-4)
    np.testing.assert_allclose(states(encoder, x_ND, kept=0), expected, atol=2e-4)


@pytest.mark.parametrize("changes", VARIANTS.values(), ids=VARIANTS.keys())
def test_every_part_of_a_layer_is_that_of_torch(changes: dict) -> None:
    model = some_model(1, **changes)
    layer, encoder = model.encoder.applied[0], in_numpy(model)
    ours, width, length = encoder.layers[0], model.config.width, 60
    x_ND = centred(some_rows(length, width))
    room = Room(length, ours.radius, width, model.config.feedforward)
    h_ND = np.empty_like(x_ND)
    with torch.inference_mode():
        x_BND = torch.from_numpy(x_ND).unsqueeze(0)
        before_BND = layer.before_attention(x_BND)
        attended_BND = layer.attention(before_BND)
        after_BND = layer.after_attention(x_BND, attended_BND)
    ours.mix(x_ND, 0, length, (True, True), h_ND, room)
    constant_ND = before_BND[0].numpy() - h_ND
    np.testing.assert_allclose(constant_ND, constant_ND[[length // 2]].repeat(length, 0), atol=1e-5)

    xa_HD = Pool.of(h_ND, ours.query_vectors_HD).mean_HD()
    qbar_D, vectors_HD = ours.key_vectors_HD(xa_HD)
    for shown in (5, length + 50):  # shorter than the width, so that the map is two matrices, and longer
        attention = ours.linear_map(qbar_D, Pool.of(h_ND, vectors_HD).mean_HD(), shown)
        y_ND = h_ND
        for matrix_DD in attention.matrices:
            y_ND = y_ND @ matrix_DD
        np.testing.assert_allclose(y_ND + attention.c_D, centred(attended_BND[0].numpy()), atol=5e-5)
        out_ND = x_ND.copy()
        ours.finish(out_ND, h_ND, attention, room)
        np.testing.assert_allclose(out_ND, centred(after_BND[0].numpy()), atol=1e-4)
        assert out_ND.dtype == y_ND.dtype == attention.c_D.dtype == np.float32


@pytest.mark.parametrize("kept", [0, KEPT])
def test_threads_make_no_difference(kept: int) -> None:
    encoder = in_numpy(some_model())
    x_ND = some_rows(5 * BLOCK + 11, 24)
    alone = states(encoder, x_ND, kept=kept)
    for threads in (2, 3, 7):
        np.testing.assert_array_equal(states(encoder, x_ND, threads, kept), alone)


def test_pools_of_parts_join_to_the_pool_of_all() -> None:
    rows_ND, vectors_HD = 4 * some_rows(90, 8), some_rows(3, 8, seed=1)
    whole = Pool.of(rows_ND, vectors_HD)
    parts = Pool.of(rows_ND[:1], vectors_HD)
    for start, stop in ((1, 40), (40, 90)):
        parts = parts.joined(Pool.of(rows_ND[start:stop], vectors_HD))
    scores_HN = (vectors_HD @ rows_ND.T).astype(np.float64)
    weights_HN = np.exp(scores_HN - scores_HN.max(1, keepdims=True))
    expected = weights_HN / weights_HN.sum(1, keepdims=True) @ rows_ND
    np.testing.assert_allclose(whole.mean_HD(), expected, atol=1e-5)
    np.testing.assert_allclose(parts.mean_HD(), expected, atol=1e-5)


@pytest.mark.parametrize("kept", [0, KEPT])
def test_work_done_adds_up(kept: int) -> None:
    encoder = in_numpy(some_model())
    done: list[int] = []
    length = 3 * BLOCK
    x_ND = some_rows(length, 24)

    def inputs(start: int, stop: int, out: np.ndarray) -> None:
        out[:] = x_ND[start:stop]

    sequence = Sequence(encoder, inputs, length, Threads(1), done.append, kept)
    list(sequence.over_states(lambda start, stop, block_ND: None))
    assert sum(done) == Sequence.work(encoder, length, kept)
