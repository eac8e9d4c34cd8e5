"""Small models with random weights, in torch and in numpy, and documents for them."""

from __future__ import annotations

import dataclasses

import numpy as np
import torch

from fastsum.config import ModelConfig
from fastsum.inference.network import SalienceNetwork
from fastsum.model.network import SummaryModel
from fastsum.model.unpadded import Unpadded
from fastsum.model.weights import Stored

CONFIG = ModelConfig(
    vocabulary_size=60,
    output_vocabulary_size=20,
    width=24,
    heads=4,
    encoder_layers=2,
    sentence_layers=2,
    decoder_layers=1,
    feedforward=40,
    convolution=5,
)
VARIANTS: dict[str, dict[str, object]] = {
    "default": {},
    "statistics": {"statistics": True},
    "positions": {"positions": "sinusoidal"},
    "odd width": {"positions": "sinusoidal", "width": 25, "heads": 5},
    "no convolution": {"convolution": 0},
    "wide convolution": {"convolution": 9},
    "shared layers": {"share_layers": True, "encoder_layers": 3},
    "own value maps": {"share_query_value": False},
    "plain": {"attention_form": "plain"},
    "one head, one layer": {"heads": 1, "encoder_layers": 1, "sentence_layers": 1},
    "word counts": {"statistics": True, "word_counts": True},
}


def some_model(seed: int = 0, **changes: object) -> SummaryModel:
    """In torch and evaluation mode, with weights far enough from their start for every part to matter."""
    torch.manual_seed(seed)
    model = SummaryModel(dataclasses.replace(CONFIG, **changes)).eval()  # type: ignore[arg-type]
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.2 * torch.randn_like(parameter))
    return model


def in_numpy(model: SummaryModel) -> SalienceNetwork:
    stored = {name: Stored(tensor.numpy(), "F32") for name, tensor in model.state_dict().items()}
    return SalienceNetwork(stored, model.config)


def some_document(tokens: int, seed: int = 0, vocabulary: int = CONFIG.vocabulary_size) -> Unpadded:
    """Its sentences are 1 to 30 tokens long, every sixth is a heading, and some words are out of vocabulary."""
    rng = np.random.default_rng(seed)
    ends = np.unique(np.append(rng.integers(1, tokens + 1, max(1, tokens // 9)), tokens))
    lengths = np.diff(ends, prepend=0)
    return Unpadded(rng.integers(4, vocabulary + 9, tokens), lengths, np.arange(len(lengths)) % 6 == 2)
