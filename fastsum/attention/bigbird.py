"""BigBird attention: blocks of tokens that see a window of blocks, the global blocks, and a few at random.

Shape suffixes: B documents, N tokens, L = N padded to whole blocks, D width, H heads, E = D / H channels of a head;
C tokens of a block, K blocks of a document, P global blocks, Q = K - P query blocks that are not global, S slots: the
blocks that a query block sees, X random draws of a query block.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from fastsum.attention import windows
from fastsum.attention.additive import check_heads
from fastsum.attention.transformer import attend_all
from fastsum.config import ModelConfig


def _mix(x: Tensor | int) -> Tensor | int:
    """A hash of 32 bits, the same for tensors and ints. The products stay below 2^63, on every device."""
    for _ in range(2):
        x = ((x >> 16) ^ x) * 0x45D9F3B & 0xFFFFFFFF
    return (x >> 16) ^ x


def random_blocks(
    count_B: Tensor, blocks: int, *, global_blocks: int = 2, side: int = 1, draws: int = 2, seed: int = 0
) -> Tensor:
    """Which blocks each query block draws at random: (B, blocks, draws), int64; -1 where none is left to draw.

    `count_B` (int64) holds each document's real blocks, `blocks` how many rows are wanted. Query block i draws without
    replacement among the blocks of its document that are neither global (the first `global_blocks`) nor at most `side`
    away. The draw is a hash of seed, slot and i: not of the batch, the padding or the device. Only the rows of query
    blocks that are real and not global mean anything.
    """
    block_K = torch.arange(blocks, device=count_B.device)
    before_K = (block_K - side - global_blocks).clamp_min(0)
    after_BK = (count_B[:, None] - 1 - side - block_K).clamp_min(0)
    choices_BK = before_K + after_BK
    drawn_BK: list[Tensor] = []
    # Floyd's sampling: slot s draws from one choice more than slot s - 1 did, and takes that one if its draw is taken.
    for slot in range(draws):
        last_BK = choices_BK - draws + slot
        choice_BK = _mix((_mix(_mix(seed & 0xFFFFFFFF) + slot) + block_K) & 0xFFFFFFFF) % (last_BK + 1).clamp_min(1)
        for earlier_BK in drawn_BK:
            choice_BK = torch.where(choice_BK == earlier_BK, last_BK, choice_BK)
        drawn_BK.append(torch.where(last_BK < 0, -1, choice_BK))
    choice_BKX = torch.stack(drawn_BK, dim=-1)
    shift_BKX = torch.where(choice_BKX < before_K[:, None], global_blocks, (block_K + side + 1 - before_K)[:, None])
    return torch.where(choice_BKX < 0, -1, choice_BKX + shift_BKX)


class BigBirdAttention(nn.Module):
    """BigBird's self-attention (Zaheer et al., arXiv 2007.14062, section 2 and appendix D, ITC), linear in the length.

    Tokens are grouped in blocks of `block`. The first blocks, `global_tokens` of tokens, are global: they see the whole
    document and the whole document sees them. Any other block sees, in one softmax, the global blocks, those at most
    window / 2 tokens away (its own and whole blocks on each side) and `random_tokens` / `block` more: a random choice
    fixed by its index, the document's length in blocks and `seed` (see `random_blocks`). Sizes are rounded up to whole
    blocks.

    Real tokens come first, padding after them.
    """

    def __init__(
        self,
        width: int,
        heads: int,
        *,
        block: int = 32,
        window: int = 64,
        global_tokens: int = 64,
        random_tokens: int = 64,
        seed: int = 0,
    ) -> None:
        super().__init__()
        check_heads(width, heads)
        windows.check_sizes(block=block, window=window, global_tokens=global_tokens, random_tokens=random_tokens)
        self.heads = heads
        self.block = block
        self.side = -(-(window // 2) // block)
        self.global_blocks = -(-global_tokens // block)
        self.random_blocks = -(-random_tokens // block)
        self.seed = seed
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.output = nn.Linear(width, width)

    def extra_repr(self) -> str:
        return (
            f"heads={self.heads}, block={self.block}, side={self.side}, global_blocks={self.global_blocks}, "
            f"random_blocks={self.random_blocks}, seed={self.seed}"
        )

    def forward(self, x_BND: Tensor, mask_BN: Tensor | None = None) -> Tensor:
        """Attend within each document: x (B, N, D), mask (B, N) bool, True at real tokens -> (B, N, D).

        Values at padded positions, in and out, are finite and do not affect other positions.
        """
        length = x_BND.shape[1]
        x_BLD = windows.pad_to_blocks(x_BND, self.block)
        q_BLD, k_BLD, v_BLD = self.query(x_BLD), self.key(x_BLD), self.value(x_BLD)
        first = min(self.global_blocks * self.block, x_BLD.shape[1])
        parts = q_BLD[:, :first], k_BLD[:, :length], v_BLD[:, :length]
        q_BHME, k_BHNE, v_BHNE = (windows.split_heads(part, self.heads) for part in parts)
        y_BLD = attend_all(q_BHME, k_BHNE, v_BHNE, mask_BN)
        if first < x_BLD.shape[1]:
            real_BL = windows.real_tokens(x_BND, mask_BN, x_BLD.shape[1])
            y_BLD = torch.cat((y_BLD, self._sparse_rows(q_BLD[:, first:], k_BLD, v_BLD, real_BL)), dim=1)
        return self.output(y_BLD[:, :length])

    def _sparse_rows(self, q_BMD: Tensor, k_BLD: Tensor, v_BLD: Tensor, real_BL: Tensor) -> Tensor:
        """Rows of the blocks that are not global: q (B, Q * C, D) -> (B, Q * C, D)."""
        slots_BQS = self._slots(real_BL)
        batch, rows, slots = slots_BQS.shape
        blocks = real_BL.shape[1] // self.block
        document_B11 = torch.arange(batch, device=real_BL.device)[:, None, None]
        index = (document_B11 * blocks + slots_BQS.clamp_min(0)).flatten()

        def gather(part_BLX: Tensor) -> Tensor:
            """The blocks in each query block's slots, side by side: (B, L, ...) -> (R, W, ...), R = B * Q."""
            chosen = part_BLX.reshape(batch * blocks, -1).index_select(0, index)
            return chosen.view(batch * rows, slots * self.block, *part_BLX.shape[2:])

        filled_RW = (slots_BQS >= 0).flatten(0, 1).repeat_interleave(self.block, dim=1)
        visible_RW = gather(real_BL) & filled_RW
        # A padded block may see nothing, which would be NaN: it sees all its slots instead.
        visible_RW = visible_RW | ~visible_RW.any(1, keepdim=True)
        # At the default sizes this makes seven copies of the keys; the scores of all heads are as much again.
        return windows.attend_blocks(q_BMD, gather(k_BLD), gather(v_BLD), visible_RW[:, None, None, :], self.heads)

    def _slots(self, real_BL: Tensor) -> Tensor:
        """The blocks that each block from the first that is not global on sees: (B, Q, S), -1 for none."""
        device, blocks = real_BL.device, real_BL.shape[1] // self.block
        query_Q1 = torch.arange(self.global_blocks, blocks, device=device)[:, None]
        near_QS = query_Q1 + torch.arange(-self.side, self.side + 1, device=device)
        # Global blocks have slots of their own.
        near_QS = torch.where((near_QS >= self.global_blocks) & (near_QS < blocks), near_QS, -1)
        global_P = torch.arange(self.global_blocks, device=device)
        fixed_QS = torch.cat((global_P.expand(len(near_QS), -1), near_QS), dim=1)
        count_B = (real_BL.sum(1) + self.block - 1) // self.block
        shape = {"global_blocks": self.global_blocks, "side": self.side, "draws": self.random_blocks}
        random_BKX = random_blocks(count_B, blocks, **shape, seed=self.seed)
        return torch.cat((fixed_QS.expand(len(real_BL), -1, -1), random_BKX[:, self.global_blocks :]), dim=2)


def from_config(config: ModelConfig, layer: int) -> BigBirdAttention:
    """The layer that a configuration describes; each encoder layer draws random blocks of its own."""
    return BigBirdAttention(
        config.width,
        config.heads,
        block=config.block,
        window=config.window,
        global_tokens=config.global_tokens,
        random_tokens=config.random_tokens,
        seed=layer,
    )
