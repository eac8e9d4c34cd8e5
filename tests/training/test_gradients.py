"""Gradients do not depend on how batches are accumulated or split, and must be finite."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import pytest
import torch

from fastsum.errors import FastsumError
from fastsum.model import checkpoint
from fastsum.model.batching import Batch
from fastsum.model.network import Losses
from fastsum.training.dataset import Dataset
from fastsum.training.signals import Interrupted
from fastsum.training.trainer import LATEST, Trainer
from tests.training.trainers import build, weights

pytestmark = pytest.mark.usefixtures("one_thread")


class TestAccumulate:
    def test_accumulated_gradients_equal_the_large_batch(self, data: Dataset, tmp_path: Path) -> None:
        trainer = build(data, tmp_path, "model.dropout=0.0", "training.label_smoothing=0.1")
        examples = [0, 5, 9, 14, 20, 28]
        splits = ([examples], [examples[:1], examples[1:4], examples[4:]])
        gradients = []
        for split in splits:
            batches = [trainer.gradients._collate(indices) for indices in split]
            sizes = trainer.gradients.count([batches])
            trainer.state.optimizer.zero_grad()
            for micro, batch in enumerate(batches):
                trainer.gradients._backward(batch, sizes, micro)
            gradients.append({n: p.grad.clone() for n, p in trainer.model.named_parameters() if p.grad is not None})
        largest = max(float(g.abs().max()) for g in gradients[0].values())
        for name, gradient in gradients[0].items():
            torch.testing.assert_close(gradient, gradients[1][name], rtol=1e-4, atol=1e-5 * largest, msg=name)

    def test_a_loss_that_is_not_finite_stops_before_the_update(self, data: Dataset, tmp_path: Path) -> None:
        trainer = build(data, tmp_path)
        intact = {name: p.detach().clone() for name, p in trainer.model.named_parameters()}

        def poisoned(batch: Batch, *args: object) -> Losses:
            losses = trainer.model(batch)
            return (
                losses._replace(salience=losses.salience * math.nan) if trainer.state.position.update == 0 else losses
            )

        trainer.gradients.forward = poisoned  # type: ignore[assignment]
        with pytest.raises(FastsumError, match="step 1 is not finite"):
            trainer.run()
        for name, parameter in trainer.model.named_parameters():
            assert torch.equal(parameter, intact[name])

    def test_a_gradient_that_is_not_finite_stops_before_the_update(self, data: Dataset, tmp_path: Path) -> None:
        trainer = build(data, tmp_path)
        intact = {name: p.detach().clone() for name, p in trainer.model.named_parameters()}

        def poisoned(batch: Batch, *args: object) -> Losses:
            losses = trainer.model(batch)
            return losses._replace(salience=losses.salience + (0 * losses.salience).sqrt())

        trainer.gradients.forward = poisoned  # type: ignore[assignment]
        with pytest.raises(FastsumError, match="step 1 is not finite"):
            trainer.run()
        for name, parameter in trainer.model.named_parameters():
            assert torch.equal(parameter, intact[name])


class TestMemory:
    """Memory for a limited number of documents; in tests/faults/test_memory.py it really runs out."""

    SETTINGS = ("model.dropout=0.0", "training.batch_tokens=2000", "training.accumulate=2")

    @staticmethod
    def limit(trainer: Trainer, documents: int, *, in_backward: bool = False, from_call: int = 1) -> None:
        forward, calls = trainer.gradients.forward, itertools.count(1)

        class Full(torch.autograd.Function):
            @staticmethod
            def forward(ctx: object, loss: torch.Tensor) -> torch.Tensor:
                return loss.clone()

            @staticmethod
            def backward(ctx: object, gradient: torch.Tensor) -> torch.Tensor:
                raise torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB")

        def limited(batch: Batch, *arguments: object) -> Losses:
            losses = forward(batch, *arguments)
            if next(calls) < from_call or len(batch.documents.tokens_BN) <= documents:
                return losses
            if in_backward:  # where part of the gradient is there already
                return losses._replace(salience=Full.apply(losses.salience))
            raise RuntimeError("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory")

        trainer.gradients.forward = limited  # type: ignore[assignment]

    @pytest.mark.parametrize(("from_call", "in_backward"), [(1, False), (2, False), (2, True)])
    def test_splitting_gives_the_same_update_and_is_reported(
        self,
        data: Dataset,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
        from_call: int,
        in_backward: bool,
    ) -> None:
        moments = []
        for name in ("whole", "split"):
            trainer = build(data, tmp_path / name, *self.SETTINGS, "training.steps=1")
            largest = max(len(indices) for indices in trainer.order.next_update(trainer.state.position, 2)[0])
            if name == "split":
                self.limit(trainer, largest // 2, from_call=from_call, in_backward=in_backward)
            trainer.run()
            moments.append(checkpoint.load_training(tmp_path / name / LATEST).tensors)
        assert trainer.state.splits in (2, 4)
        said = f"fastsum: out of memory in step 1: from now on every batch is computed in {trainer.state.splits} parts"
        assert said in capsys.readouterr().err
        names = [name for name in moments[0] if name.startswith("exp_avg.")]  # a tenth of the gradients
        largest_value = max(float(moments[0][name].abs().max()) for name in names)
        for name in names:
            torch.testing.assert_close(*(m[name] for m in moments), rtol=1e-4, atol=1e-5 * largest_value, msg=name)

    def test_a_resumed_run_keeps_the_splits(self, data: Dataset, tmp_path: Path) -> None:
        whole = build(data, tmp_path / "whole", *self.SETTINGS, "model.dropout=0.1")
        self.limit(whole, 8)
        whole.run()
        first = build(data, tmp_path / "parts", *self.SETTINGS, "model.dropout=0.1")
        self.limit(first, 8)
        first.report = lambda report: setattr(first.stop, "received", report.update == 4)
        with pytest.raises(Interrupted):
            first.run()
        second = build(data, tmp_path / "parts", *self.SETTINGS, "model.dropout=0.1")  # with all the memory it needs
        second.resume()
        assert second.state.splits == first.state.splits > 1
        second.run()
        assert all(torch.equal(w, weights(tmp_path / "parts")[n]) for n, w in weights(tmp_path / "whole").items())

    def test_a_document_that_does_not_fit_is_reported(self, data: Dataset, tmp_path: Path) -> None:
        trainer = build(data, tmp_path, *self.SETTINGS)
        self.limit(trainer, 0)
        intact = {name: p.detach().clone() for name, p in trainer.model.named_parameters()}
        with pytest.raises(FastsumError, match="even one document at a time"):
            trainer.run()
        assert all(torch.equal(p, intact[name]) for name, p in trainer.model.named_parameters())

    def test_any_other_error_is_raised(self, data: Dataset, tmp_path: Path) -> None:
        trainer = build(data, tmp_path, *self.SETTINGS)

        def wrong(*arguments: object) -> Losses:
            raise RuntimeError("mat1 and mat2 shapes cannot be multiplied")

        trainer.gradients.forward = wrong  # type: ignore[assignment]
        with pytest.raises(RuntimeError, match="shapes"):
            trainer.run()
        assert trainer.state.splits == 1
