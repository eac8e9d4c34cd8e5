"""The learning rate rises and falls, and only matrices decay."""

from __future__ import annotations

import dataclasses

import pytest

from fastsum.config import ModelConfig, TrainingConfig
from fastsum.model.network import SummaryModel
from fastsum.training.optimization import build_optimizer, learning_rate


class TestLearningRate:
    CONFIG = TrainingConfig(steps=100, warmup=10, learning_rate=1.0, final_learning_rate=0.1)

    def test_rises_to_the_highest_and_falls_to_the_final_share(self) -> None:
        rates = [learning_rate(update, self.CONFIG) for update in range(100)]
        assert rates[0] == pytest.approx(0.1)
        assert max(rates) == rates[10] == 1.0
        assert rates[11:] == sorted(rates[11:], reverse=True)
        assert learning_rate(100, self.CONFIG) == pytest.approx(0.1)

    @pytest.mark.parametrize(("decay", "half"), [("none", 1.0), ("linear", 0.55), ("cosine", 0.55)])
    def test_halfway_through_the_decay(self, decay: str, half: float) -> None:
        config = dataclasses.replace(self.CONFIG, decay=decay)
        assert learning_rate(55, config) == pytest.approx(half)


def test_only_matrices_decay() -> None:
    config = ModelConfig(vocabulary_size=20, output_vocabulary_size=10, width=8, heads=2, feedforward=8)
    model = SummaryModel(config)
    decayed, others = build_optimizer(model, TrainingConfig(weight_decay=0.5)).param_groups
    names = {id(parameter): name for name, parameter in model.named_parameters()}
    assert (decayed["weight_decay"], others["weight_decay"]) == (0.5, 0.0)
    assert len(decayed["params"]) + len(others["params"]) == len(names)
    assert all(p.ndim > 1 for p in decayed["params"])
    assert "embedding.weight" in {names[id(p)] for p in others["params"]}
