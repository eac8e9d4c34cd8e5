"""BigBird attention against dense masks in float64, and its random blocks."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from fastsum.attention.bigbird import BigBirdAttention, random_blocks
from fastsum.errors import FastsumError
from tests.attention import attention_cases as cases

LENGTHS = (83, 2, 0, 128, 11, 129, 9)
OPTIONS = {"block": 8, "window": 16, "global_tokens": 16, "random_tokens": 16}


def by_masks(layer: nn.Module, tokens_ND: Tensor) -> Tensor:
    """Appendix D of the paper for one document: the union of global, window and random blocks as a dense mask."""
    length, block = len(tokens_ND), layer.block
    blocks = -(-length // block)
    drawn = random_blocks(
        torch.tensor([blocks]),
        blocks,
        global_blocks=layer.global_blocks,
        side=layer.side,
        draws=layer.random_blocks,
        seed=layer.seed,
    )[0].tolist()

    def allowed(i: int, j: int) -> bool:
        own, other = i // block, j // block
        return min(own, other) < layer.global_blocks or abs(own - other) <= layer.side or other in drawn[own]

    allowed_NN = cases.pairs(length, length, allowed)
    return layer.output(
        cases.dense_softmax(layer.query(tokens_ND), layer.key(tokens_ND), layer.value(tokens_ND), allowed_NN)
    )


@pytest.mark.parametrize(
    "options",
    [
        {**OPTIONS, "seed": 0},
        {**OPTIONS, "seed": 5},
        {"block": 5, "window": 23, "global_tokens": 7, "random_tokens": 16},  # nothing divides anything
        {"block": 16, "window": 1, "global_tokens": 1, "random_tokens": 80},  # more draws than many rows have left
        {},  # the defaults
    ],
)
def test_follows_the_paper(options: dict[str, int]) -> None:
    cases.check_equations(cases.layer_of(BigBirdAttention, **options), by_masks, LENGTHS)


def test_padding_has_no_influence() -> None:
    cases.check_padding(cases.layer_of(BigBirdAttention, **OPTIONS), LENGTHS)


def test_low_precision_stays_close() -> None:
    cases.check_low_precision(cases.layer_of(BigBirdAttention, **OPTIONS), (70, 3, 0))


def test_every_parameter_is_trained() -> None:
    cases.check_trained(cases.layer_of(BigBirdAttention, **OPTIONS), 60)


def test_memory_is_linear() -> None:
    cases.check_linear(cases.layer_of(BigBirdAttention))


def test_sizes_become_blocks() -> None:
    layer = BigBirdAttention(cases.WIDTH, cases.HEADS)
    assert (layer.block, layer.side, layer.global_blocks, layer.random_blocks) == (32, 1, 2, 2)
    assert "block=32, side=1, global_blocks=2, random_blocks=2, seed=0" in repr(layer)
    layer = BigBirdAttention(cases.WIDTH, cases.HEADS, block=10, window=42, global_tokens=11, random_tokens=30)
    assert (layer.side, layer.global_blocks, layer.random_blocks) == (3, 2, 3)


@pytest.mark.parametrize("name", ["block", "window", "global_tokens", "random_tokens"])
def test_impossible_sizes_are_refused(name: str) -> None:
    with pytest.raises(FastsumError, match=f"{name} is 0"):
        BigBirdAttention(cases.WIDTH, cases.HEADS, **{name: 0})


@pytest.mark.parametrize(("global_blocks", "side", "draws"), [(2, 1, 2), (1, 0, 4), (3, 2, 1)])
def test_draws_are_distinct_and_neither_global_nor_near(global_blocks: int, side: int, draws: int) -> None:
    for count in (1, 4, 6, 7, 9, 30):
        options = {"global_blocks": global_blocks, "side": side, "draws": draws}
        drawn = random_blocks(torch.tensor([count]), count, **options)[0].tolist()
        for i in range(global_blocks, count):
            choices = {j for j in range(global_blocks, count) if abs(i - j) > side}
            found = [j for j in drawn[i] if j >= 0]
            assert len(found) == len(set(found)) == min(draws, len(choices)), (count, i)
            assert set(found) <= choices, (count, i)


def test_draws_depend_on_the_document_alone() -> None:
    together = random_blocks(torch.tensor([40, 9, 25]), 50)
    for row, count in enumerate((40, 9, 25)):
        assert torch.equal(together[row, :count], random_blocks(torch.tensor([count]), count)[0])


def test_draws_are_the_same_on_every_machine() -> None:
    """The pattern is part of what a checkpoint has learned."""
    assert random_blocks(torch.tensor([40]), 40, seed=3)[0, 10:14].tolist() == [[28, 2], [24, 36], [32, 24], [27, 21]]


def test_draws_are_even_and_differ_by_seed() -> None:
    count = 1_000
    drawn = [random_blocks(torch.tensor([count]), count, seed=seed)[0, 2:] for seed in range(4)]
    assert (drawn[0] == drawn[1]).all(-1).double().mean() < 0.01
    # Each tenth of the document gets a tenth of the draws; their deviation is 27 in 8,000 draws.
    counts = torch.histc(torch.cat(drawn).double(), bins=10, min=2, max=count)
    assert (counts - counts.mean()).abs().max() < 5 * 27


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_a_gpu_agrees() -> None:
    assert torch.equal(random_blocks(torch.tensor([70]).cuda(), 70).cpu(), random_blocks(torch.tensor([70]), 70))
    cases.check_gpu(cases.layer_of(BigBirdAttention), (700, 1, 129))
