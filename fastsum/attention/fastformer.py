"""Fastformer's attention as a configuration describes it: the paper's layer, or one of its ablations."""

from __future__ import annotations

from fastsum.attention.ablated import AblatedAdditiveAttention
from fastsum.attention.additive import AdditiveAttention
from fastsum.config import ModelConfig


def from_config(config: ModelConfig, layer: int) -> AdditiveAttention | AblatedAdditiveAttention:
    """The layer that a configuration describes."""
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
        config.width, config.heads, share_query_value=config.share_query_value, form=config.attention_form
    )
