"""The elementwise kernels against torch's."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from fastsum.inference.kernels import (
    GELU_SCALE,
    centred,
    convolve,
    gelu,
    normalize,
    scale,
    sigmoid,
    twice_gelu,
    windows,
)


def random(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape, dtype=np.float32)


def test_layer_normalization() -> None:
    x_ND = 3 * random(50, 24) + 2
    x_ND[7] = 5  # no deviation at all
    out_ND = np.empty_like(x_ND)
    normalize(x_ND, out_ND)
    expected = F.layer_norm(torch.from_numpy(x_ND), (24,)).numpy()
    np.testing.assert_allclose(out_ND, expected, atol=2e-6)


def test_rows_of_a_centred_matrix_need_no_mean() -> None:
    x_ND, matrix = 3 * random(50, 24) + 2, random(24, 10, seed=1)
    scaled = np.empty((50, 10), dtype=np.float32)
    scale(x_ND @ centred(matrix), scaled)
    expected = F.layer_norm(torch.from_numpy(x_ND @ matrix), (10,)).numpy()
    np.testing.assert_allclose(scaled, expected, atol=1e-5)


def test_gelu() -> None:
    x = np.concatenate([np.linspace(-12, 12, 100_001), [0, 1e-30, -1e5, 1e5, -1e12, 1e12]]).astype(np.float32)
    expected = F.gelu(torch.from_numpy(x).double()).numpy()
    found = gelu(x.copy())
    assert np.abs(found - expected)[:-6].max() < 2e-6
    np.testing.assert_allclose(found[-6:], expected[-6:], rtol=1e-6, atol=1e-30)
    doubled = x * np.float32(GELU_SCALE)
    twice_gelu(doubled, np.empty_like(x), np.empty_like(x))
    np.testing.assert_allclose(doubled / (2 * GELU_SCALE), found, rtol=1e-6)


@pytest.mark.parametrize("taps", [1, 3, 5, 9])
def test_convolution(taps: int) -> None:
    x_ND, taps_KD = random(40 + taps - 1, 24), random(taps, 24, seed=1)
    out_ND = np.empty((40, 24), dtype=np.float32)
    convolve(windows(x_ND, taps), taps_KD, out_ND)
    weight_D1K = torch.from_numpy(taps_KD.T.copy()).unsqueeze(1)
    expected_1DN = F.conv1d(torch.from_numpy(x_ND.T.copy()).unsqueeze(0), weight_D1K, groups=24)
    np.testing.assert_allclose(out_ND, expected_1DN[0].T.numpy(), atol=1e-5)


def test_sigmoid_has_no_overflow() -> None:
    x = np.array([-1e4, -100, -2, 0, 2, 100], dtype=np.float32)
    np.testing.assert_allclose(sigmoid(x), torch.from_numpy(x).sigmoid().numpy(), atol=1e-7)
    assert sigmoid(x).dtype == np.float32
