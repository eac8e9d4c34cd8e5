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

# erf(x / sqrt 2) = tanh(x q(x^2)) with this q, fitted for the least greatest error: GELU is off by up to 3e-6. Numpy
# has no erf; a q of one degree less is off by 1e-5, and the next by 6e-7, at two operations more.
_Q = tuple(map(np.float32, (7.97828136e-01, 3.64687907e-02, -1.24861435e-04, -3.05810485e-05, 1.11908474e-06)))


def normalize(x_ND: Floats, out_ND: Floats) -> None:
    """Layer normalization without gain and bias."""
    np.subtract(x_ND, _means(x_ND), out=out_ND)
    out_ND *= _inverse_deviations(np.linalg.vecdot(out_ND, out_ND), x_ND.shape[1])


def scale(x_ND: Floats, out_ND: Floats) -> None:
    """Layer normalization without gain and bias, and without its subtraction of the mean: for a matrix that takes the
    mean away by itself (`centred`)."""
    mean_N1 = _means(x_ND)
    squares_N = np.linalg.vecdot(x_ND, x_ND)
    squares_N -= x_ND.shape[1] * np.square(mean_N1[:, 0])
    np.maximum(squares_N, 0, out=squares_N)  # rounding
    np.multiply(x_ND, _inverse_deviations(squares_N, x_ND.shape[1]), out=out_ND)


def centred(matrix: Floats) -> Floats:
    """A matrix (D, any) that gives for a row what `matrix` gives for the row less its mean."""
    return matrix - matrix.mean(axis=0)


def _means(x_ND: Floats) -> Floats:
    """The rows' means, (N, 1): a product, which is faster than numpy's `mean`."""
    return x_ND @ _mean_of(x_ND.shape[1])


@functools.cache
def _mean_of(width: int) -> Floats:
    return np.full((width, 1), 1 / width, dtype=np.float32)


def _inverse_deviations(squares_N: Floats, width: int) -> Floats:
    """1 / sqrt(variance + epsilon), (N, 1), from the sums of squares. Overwrites them."""
    squares_N /= width
    squares_N += _EPSILON
    np.sqrt(squares_N, out=squares_N)
    np.divide(_ONE, squares_N, out=squares_N)
    return squares_N[:, None]


def twice_gelu(x_ND: Floats, square_ND: Floats, q_ND: Floats) -> None:
    """2 GELU(x) = x (1 + erf(x / sqrt 2)), in place, for a matrix that is halved. Overwrites the other two arrays."""
    np.multiply(x_ND, x_ND, out=square_ND)
    np.multiply(square_ND, _Q[-1], out=q_ND)
    for coefficient in _Q[-2:0:-1]:
        q_ND += coefficient
        q_ND *= square_ND
    q_ND += _Q[0]
    q_ND *= x_ND
    np.tanh(q_ND, out=q_ND)
    q_ND += _ONE
    x_ND *= q_ND


def gelu(x_ND: Floats) -> Floats:
    """GELU(x), in place; returns it."""
    twice_gelu(x_ND, np.empty_like(x_ND), np.empty_like(x_ND))
    x_ND *= np.float32(0.5)
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
