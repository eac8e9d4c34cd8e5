"""FIM against its equations, written out element by element."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from fastsum.errors import FastsumError
from fastsum.tasks.recommendation import fim
from fastsum.tasks.recommendation.recommender import NOTHING
from tests.tasks.recommendation.cases import CANDIDATES, HISTORY, SETTINGS, VOCABULARY, titles, with_random_weights


def levels(model: fim.Fim, title_T: Tensor) -> list[Tensor]:
    """The word vectors and the output of each dilated convolution; zeros at padding."""
    length = int((title_T != NOTHING).sum())
    found = [torch.zeros(len(title_T), model.embedding.weight.shape[1], dtype=torch.float64)]
    for t in range(length):
        found[0][t] = model.embedding.weight[title_T[t]]
    for layer, dilation in zip(model.convolutions, (1, 2, 3), strict=True):
        before, weight, bias = found[-1], layer.convolution.weight, layer.convolution.bias
        after = torch.zeros(len(title_T), weight.shape[0], dtype=torch.float64)
        for t in range(length):
            total = bias.clone()
            for k, place in enumerate((t - dilation, t, t + dilation)):
                if 0 <= place < len(title_T):
                    total += weight[:, :, k] @ before[place]
            centred = total - total.mean()
            normal = centred / torch.sqrt((centred**2).mean() + 1e-5) * layer.norm.weight + layer.norm.bias
            after[t] = normal.clamp(min=0)
        found.append(after)
    return found


def convolve(image: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """ELU of a 3-D convolution of an image with channels first."""
    _, *shape = image.shape
    found = torch.zeros(len(weight), *shape, dtype=torch.float64)
    padded = torch.zeros(len(image), *(size + 2 for size in shape), dtype=torch.float64)
    padded[:, 1:-1, 1:-1, 1:-1] = image
    for x in range(shape[0]):
        for y in range(shape[1]):
            for z in range(shape[2]):
                patch = padded[:, x : x + 3, y : y + 3, z : z + 3]
                found[:, x, y, z] = (weight * patch).sum((1, 2, 3, 4)) + bias
    return torch.where(found > 0, found, found.exp() - 1)


def pool(image: Tensor) -> Tensor:
    """The largest value of each cube of 3 x 3 x 3."""
    channels, *shape = image.shape
    sizes = [size // 3 for size in shape]
    found = torch.zeros(channels, *sizes, dtype=torch.float64)
    for x in range(sizes[0]):
        for y in range(sizes[1]):
            for z in range(sizes[2]):
                cube = image[:, 3 * x : 3 * x + 3, 3 * y : 3 * y + 3, 3 * z : 3 * z + 3]
                found[:, x, y, z] = cube.flatten(1).max(1).values
    return found


def test_scores_are_those_of_the_equations() -> None:
    settings = replace(SETTINGS, history=10, title_tokens=9)  # the last click is beyond the pooled ones
    model = with_random_weights(fim.build(settings, VOCABULARY))
    titles_NT = titles()
    scores_BC = model(titles_NT, HISTORY, CANDIDATES)
    for user, candidates in enumerate(CANDIDATES):
        for place, candidate in enumerate(candidates):
            if candidate == NOTHING:
                continue
            image = torch.zeros(4, settings.history, 9, 9, dtype=torch.float64)
            for k, click in enumerate(HISTORY[user]):
                if click != NOTHING:
                    pairs = zip(levels(model, titles_NT[click]), levels(model, titles_NT[candidate]), strict=True)
                    for level, (clicked, shown) in enumerate(pairs):
                        image[level, k] = clicked @ shown.T / math.sqrt(settings.filters)
            first, second = model.matcher[0], model.matcher[3]
            found = pool(convolve(pool(convolve(image, first.weight, first.bias)), second.weight, second.bias))
            score = model.output.weight[0] @ found.flatten() + model.output.bias[0]
            torch.testing.assert_close(scores_BC[user, place], score.float())


def test_sizes_that_cannot_be_pooled_twice_are_an_error() -> None:
    with pytest.raises(FastsumError, match="history and title_tokens of 9 at least, not 8 and 9"):
        fim.build(replace(SETTINGS, history=8), VOCABULARY)
