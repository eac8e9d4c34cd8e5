"""The attention that a configuration names for its encoders."""

from __future__ import annotations

from collections.abc import Callable

from torch import nn

from fastsum.attention.ablated import AblatedAdditiveAttention
from fastsum.attention.additive import AdditiveAttention
from fastsum.attention.bigbird import BigBirdAttention
from fastsum.attention.linear import LinearAttention
from fastsum.attention.linformer import LinformerAttention
from fastsum.attention.longformer import LongformerAttention
from fastsum.attention.poolingformer import PoolingformerAttention
from fastsum.attention.transformer import TransformerAttention
from fastsum.config import ModelConfig

_RIVALS: dict[str, Callable[[ModelConfig, int], nn.Module]] = {
    "transformer": lambda config, layer: TransformerAttention(config.width, config.heads),
    "longformer": lambda config, layer: LongformerAttention(
        config.width, config.heads, window=config.window, global_tokens=config.global_tokens
    ),
    "bigbird": lambda config, layer: BigBirdAttention(
        config.width,
        config.heads,
        block=config.block,
        window=config.window,
        global_tokens=config.global_tokens,
        random_tokens=config.random_tokens,
        seed=layer,
    ),
    "linformer": lambda config, layer: LinformerAttention(config.width, config.heads, size=config.projected_tokens),
    "linear": lambda config, layer: LinearAttention(config.width, config.heads),
    "poolingformer": lambda config, layer: PoolingformerAttention(
        config.width, config.heads, window=config.pooling_window
    ),
}


def encoder_attention(config: ModelConfig, layer: int = 0) -> nn.Module:
    """One self-attention sublayer as `config.attention` and its settings ask, for the encoder layer of this number.

    All share one interface: `forward(x_BND, mask_BN=None) -> y_BND`.
    """
    if config.attention != "fastformer":
        return _RIVALS[config.attention](config, layer)
    if config.ablates:
        return AblatedAdditiveAttention(
            config.width,
            config.heads,
            share_query_value=config.share_query_value,
            share_heads=config.share_heads,
            interaction=config.interaction,
            pooling=config.pooling,
        )
    return AdditiveAttention(
        config.width,
        config.heads,
        share_query_value=config.share_query_value,
        form=config.attention_form,
    )
