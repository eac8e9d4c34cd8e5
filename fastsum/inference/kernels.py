"""The elementwise kernels of a model's layers in numpy, float32: layer normalization, GELU and a short convolution.

They write into arrays of their caller's, a block of rows at a time: some hundred rows stay in the cache from one step
to the next. An operation with a row or a column broadcast costs two or three times one of equal shapes, so constants
are folded into the matrices next to them (`fastsum.inference.encoder`).

Shape suffixes: N rows (tokens or sentences) of a block, D width, K taps of a convolution.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_EPSILON = np.float32(1e-5)  # of torch.nn.LayerNorm
_ONE = np.float32(1)

# GELU(x) is x, or 0 below 0, less |x| / (2 p(|x|)^16) with this polynomial, its highest coefficient last, fitted for
# the least greatest error: GELU is off by up to 2e-6. Numpy has no erf, and a tanh takes as long as 15 products.
_P = (
    0.9999938920891376,
    0.04992643455697082,
    0.02096070502318312,
    0.0035182944654647474,
    -1.1712316010767836e-04,
    9.602823331137552e-05,
)
GELU_SCALE = _P[-1] ** (1 / (len(_P) - 1))
"""In x times this, the highest coefficient is 1: one operation less."""
_SCALED = tuple(np.array(c / GELU_SCALE**k, dtype=np.float32) for k, c in enumerate(_P[:-1]))
_DOUBLINGS = 4  # of the exponent, from 1 to 16


def normalize(x_ND: Floats, out_ND: Floats) -> None:
    """Layer normalization without gain and bias."""
    np.subtract(x_ND, x_ND @ _mean_of(x_ND.shape[1]), out=out_ND)  # a product is faster than numpy's `mean`
    scale(out_ND, out_ND)


def scale(x_ND: Floats, out_ND: Floats) -> None:
    """Layer normalization, without gain and bias, of rows whose mean is 0."""
    np.multiply(x_ND, inverse_deviations(x_ND)[:, None], out=out_ND)


def inverse_deviations(x_ND: Floats) -> Floats:
    """1 / sqrt(variance + epsilon) of rows whose mean is 0, (N,)."""
    squares_N: Floats = np.vecdot(x_ND, x_ND)
    squares_N /= x_ND.shape[1]
    squares_N += _EPSILON
    np.sqrt(squares_N, out=squares_N)
    return np.divide(_ONE, squares_N, out=squares_N)


def centred(matrix: Floats) -> Floats:
    """A matrix (or a vector) without the mean of each row: it gives rows whose mean is 0."""
    return matrix - matrix.mean(axis=-1, keepdims=True)


@functools.cache
def _mean_of(width: int) -> Floats:
    return np.full((width, 1), 1 / width, dtype=np.float32)


def twice_gelu(x_ND: Floats, size_ND: Floats, p_ND: Floats) -> None:
    """2 GELU, in place, where what goes in and comes out is GELU_SCALE times what it is for. Overwrites the others."""
    np.absolute(x_ND, out=size_ND)
    np.add(size_ND, _SCALED[-1], out=p_ND)
    with np.errstate(over="ignore"):  # what is divided by infinity is 0
        for coefficient in _SCALED[-2::-1]:
            p_ND *= size_ND
            p_ND += coefficient
        for _ in range(_DOUBLINGS):
            p_ND *= p_ND
    np.divide(size_ND, p_ND, out=p_ND)
    x_ND += size_ND
    x_ND -= p_ND


def gelu(x_ND: Floats) -> Floats:
    """GELU(x), in place; returns it."""
    x_ND *= np.float32(GELU_SCALE)
    twice_gelu(x_ND, np.empty_like(x_ND), np.empty_like(x_ND))
    x_ND *= np.float32(0.5 / GELU_SCALE)
    return x_ND


def windows(x_ND: Floats, taps: int) -> Floats:
    """A view of the rows in windows of `taps`, (N - taps + 1, D, taps), for `convolve`."""
    return np.lib.stride_tricks.sliding_window_view(x_ND, taps, axis=0)


def convolve(windows_NDK: Floats, taps_KD: Floats, out_ND: Floats) -> None:
    """A convolution along the rows, channel by channel: each window times the taps."""
    np.einsum("ndk,kd->nd", windows_NDK, taps_KD, out=out_ND)


def sigmoid(x: Floats) -> Floats:
    """1 / (1 + exp(-x))."""
    with np.errstate(over="ignore"):
        return _ONE / (_ONE + np.exp(-x))
