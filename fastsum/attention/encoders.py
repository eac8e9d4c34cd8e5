"""The attention mechanism that a configuration names, from the registry `fastsum.config.ATTENTIONS`."""

from __future__ import annotations

from importlib import import_module

from torch import nn

from fastsum.config import ATTENTIONS, ModelConfig


def encoder_attention(config: ModelConfig, layer: int = 0) -> nn.Module:
    """One self-attention sublayer as `config` describes it, for the encoder layer with this index.

    Its interface: `forward(x_BND, mask_BN=None) -> y_BND`.
    """
    return import_module(ATTENTIONS[config.attention]).from_config(config, layer)
