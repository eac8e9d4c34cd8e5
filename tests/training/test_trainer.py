"""Updates that do not depend on how batches are split, training that resumes bitwise, ends that lose nothing."""

from __future__ import annotations

import dataclasses
import itertools
import math
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from fastsum.config import Config
from fastsum.data.rows import open_rows
from fastsum.device import pick_device, pick_precision
from fastsum.errors import FastsumError
from fastsum.model import checkpoint
from fastsum.model.batching import Batch
from fastsum.model.network import PARTS, Losses, SummaryModel
from fastsum.training import validation
from fastsum.training.corpus import Corpus
from fastsum.training.dataset import Dataset
from fastsum.training.examples import train_tokenizer
from fastsum.training.gradients import count
from fastsum.training.metrics import Metrics
from fastsum.training.signals import Interrupted
from fastsum.training.trainer import BEST, LATEST, Trainer

ROWS = Path(__file__).parents[2] / "data" / "samples" / "rows"
SETTINGS = (
    "model.vocabulary_size=600",
    "model.output_vocabulary_size=300",
    "model.width=16",
    "model.heads=2",
    "model.encoder_layers=1",
    "model.sentence_layers=1",
    "model.decoder_layers=1",
    "model.feedforward=16",
    "training.steps=8",
    "training.warmup=2",
    "training.batch_tokens=500",
    "training.validate_every=4",
    "training.validate_rows=3",
    "training.save_every=3",
    "training.ema=0.9",
    "training.precision=fp32",
)


def make_data(cache: Path) -> Dataset:
    config = Config.load(None, SETTINGS)
    train, validation = open_rows(str(ROWS), "train"), open_rows(str(ROWS), "validation")
    tokenizer = train_tokenizer(train, config.model.vocabulary_size)
    corpora = [Corpus.cached(cache, rows.key, rows, tokenizer, config.data) for rows in (train, validation)]
    return Dataset(tokenizer, *corpora, list(validation))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return make_data(tmp_path_factory.mktemp("cache"))


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def build(
    data: Dataset,
    directory: Path,
    *overrides: str,
    reports: list[Metrics] | None = None,
    device: str = "cpu",
) -> Trainer:
    config = Config.load(None, (*SETTINGS, *overrides))
    torch.manual_seed(config.training.seed)
    model = SummaryModel(config.model)
    report = reports.append if reports is not None else lambda metrics: None
    chosen = pick_device(device)
    dtype = pick_precision(config.training.precision, chosen)
    return Trainer(config, model, data, directory, device=chosen, dtype=dtype, report=report)


def weights(directory: Path) -> dict[str, torch.Tensor]:
    return checkpoint.load(directory / LATEST).weights


class TestUpdate:
    def test_accumulated_gradients_equal_the_large_batch(self, data: Dataset, tmp_path: Path) -> None:
        trainer = build(data, tmp_path, "model.dropout=0.0", "training.label_smoothing=0.1")
        examples = [0, 5, 9, 14, 20, 28]
        splits = ([examples], [examples[:1], examples[1:4], examples[4:]])
        gradients = []
        for split in splits:
            batches = [trainer.gradients._collate(indices) for indices in split]
            sizes = count([batches])
            trainer.state.optimizer.zero_grad()
            for micro, batch in enumerate(batches):
                trainer.gradients._backward(batch, sizes, micro)
            gradients.append({n: p.grad.clone() for n, p in trainer.model.named_parameters() if p.grad is not None})
        largest = max(float(g.abs().max()) for g in gradients[0].values())
        for name, gradient in gradients[0].items():
            torch.testing.assert_close(gradient, gradients[1][name], rtol=1e-4, atol=1e-5 * largest, msg=name)

    def test_the_loss_falls(self, data: Dataset, tmp_path: Path) -> None:
        reports: list[Metrics] = []
        build(data, tmp_path, "training.steps=40", "training.learning_rate=0.01", reports=reports).run()
        first, *_, last = [report.values["writing_loss"] for report in reports if report.kind == "train"]
        assert last < first - 0.5

    @pytest.mark.parametrize("part", ["selection", "words"])
    def test_a_part_alone_can_be_trained(
        self, data: Dataset, tmp_path: Path, part: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        trainer = build(data, tmp_path, f"training.part={part}", "training.steps=3", "model.word_counts=true")
        trainer.model.writing_loss = lambda *_: pytest.fail("the decoder was run")  # type: ignore[method-assign]
        monkeypatch.setattr(validation, "validate", lambda *arguments: {"score": 1.0})
        before = {name: p.detach().clone() for name, p in trainer.model.named_parameters()}
        trainer.run()
        after = dict(trainer.model.named_parameters())
        changed = {name for name, weight in before.items() if not torch.equal(weight, after[name])}
        assert changed == {name for name in before if name.startswith(PARTS[part])}

    def test_the_selection_is_trained_on_the_token_states_that_summarizing_gives(
        self, data: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        trainer = build(data, tmp_path, "training.part=selection", "training.steps=1", "model.dropout=0.5")
        monkeypatch.setattr(validation, "validate", lambda *arguments: {"score": 1.0})
        model = trainer.model
        embedded: list[tuple[torch.Tensor, torch.Tensor]] = []
        encoded: list[tuple[tuple[torch.Tensor, ...], torch.Tensor]] = []
        model.token_dropout.register_forward_hook(lambda _, given, kept: embedded.append((given[0], kept)))
        hook = model.encoder.register_forward_hook(lambda _, given, states: encoded.append((given, states)))
        trainer.run()
        hook.remove()
        model.eval()
        assert embedded
        for (given, kept), (tokens, states) in zip(embedded, encoded, strict=True):
            assert torch.equal(given, kept)
            torch.testing.assert_close(model.encoder(*tokens), states)

    def test_words_learn_to_be_weighed(self, data: Dataset, tmp_path: Path) -> None:
        reports: list[Metrics] = []
        settings = ("training.part=words", "training.steps=40", "training.learning_rate=0.01", "model.word_counts=true")
        build(data, tmp_path, *settings, reports=reports).run()
        losses = [report.values["counting_loss"] for report in reports]
        assert losses[-1] < losses[0] - 0.02
        assert all("counting_loss" in report.values for report in reports)

    def test_a_loss_that_is_not_finite_stops_before_the_update(self, data: Dataset, tmp_path: Path) -> None:
        trainer = build(data, tmp_path)
        intact = {name: p.detach().clone() for name, p in trainer.model.named_parameters()}

        def poisoned(batch: Batch, *args: object) -> Losses:
            losses = trainer.model(batch)
            return (
                losses._replace(salience=losses.salience * math.nan) if trainer.state.position.update == 0 else losses
            )

        trainer.gradients.forward = poisoned  # type: ignore[assignment]
        with pytest.raises(FastsumError, match="update 1 is not finite"):
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
        with pytest.raises(FastsumError, match="update 1 is not finite"):
            trainer.run()
        for name, parameter in trainer.model.named_parameters():
            assert torch.equal(parameter, intact[name])

    def test_the_averaged_weights_are_what_is_kept_as_best(self, data: Dataset, tmp_path: Path) -> None:
        trainer = build(data, tmp_path, "training.steps=4")
        trainer.run()
        best = checkpoint.load(tmp_path / BEST).weights
        for name, tensor in trainer.state.average.items():
            assert torch.equal(best[name], tensor.to(torch.bfloat16))

    def test_training_stops_when_validation_no_longer_improves(self, data: Dataset, tmp_path: Path) -> None:
        trainer = build(
            data, tmp_path, "training.steps=50", "training.validate_every=1", "training.patience=2",
            "training.learning_rate=1e-9", "training.save_every=50",
        )  # fmt: skip
        trainer.run()
        assert trainer.state.position.update == 3


class TestMemory:
    """A memory that holds so many documents at once; tests/faults/test_memory.py has one that is really full."""

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
    def test_halving_gives_the_same_update_and_is_said(
        self,
        data: Dataset,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
        from_call: int,
        in_backward: bool,
    ) -> None:
        moments = []
        for name in ("whole", "halved"):
            trainer = build(data, tmp_path / name, *self.SETTINGS, "training.steps=1")
            largest = max(len(indices) for indices in trainer.order.next_update(trainer.state.position, 2)[0])
            if name == "halved":
                self.limit(trainer, largest // 2, from_call=from_call, in_backward=in_backward)
            trainer.run()
            moments.append(checkpoint.load_training(tmp_path / name / LATEST).tensors)
        assert trainer.state.splits in (2, 4)
        said = f"out of memory in update 1: from now on every batch is computed in {trainer.state.splits} parts"
        assert said in capsys.readouterr().err
        names = [name for name in moments[0] if name.startswith("exp_avg.")]  # a tenth of the gradients
        largest_value = max(float(moments[0][name].abs().max()) for name in names)
        for name in names:
            torch.testing.assert_close(*(m[name] for m in moments), rtol=1e-4, atol=1e-5 * largest_value, msg=name)

    def test_a_resumed_run_keeps_the_parts(self, data: Dataset, tmp_path: Path) -> None:
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

    def test_a_document_that_does_not_fit_is_told(self, data: Dataset, tmp_path: Path) -> None:
        trainer = build(data, tmp_path, *self.SETTINGS)
        self.limit(trainer, 0)
        intact = {name: p.detach().clone() for name, p in trainer.model.named_parameters()}
        with pytest.raises(FastsumError, match="even one document at a time"):
            trainer.run()
        assert all(torch.equal(p, intact[name]) for name, p in trainer.model.named_parameters())

    def test_any_other_error_is_not_taken_for_it(self, data: Dataset, tmp_path: Path) -> None:
        trainer = build(data, tmp_path, *self.SETTINGS)

        def wrong(*arguments: object) -> Losses:
            raise RuntimeError("mat1 and mat2 shapes cannot be multiplied")

        trainer.gradients.forward = wrong  # type: ignore[assignment]
        with pytest.raises(RuntimeError, match="shapes"):
            trainer.run()
        assert trainer.state.splits == 1


class TestPrecision:
    def test_bf16_learns_about_as_float32_does(self, data: Dataset, tmp_path: Path) -> None:
        losses = {}
        for precision in ("fp32", "bf16"):
            reports: list[Metrics] = []
            build(data, tmp_path / precision, f"training.precision={precision}", reports=reports).run()
            losses[precision] = reports[-1].values["writing_loss"]
        assert losses["bf16"] == pytest.approx(losses["fp32"], abs=0.05)

    @pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA GPU")
    @pytest.mark.parametrize("precision", ["bf16", "fp16"])
    @pytest.mark.parametrize("compiled", ["false", "true"])
    def test_on_a_gpu(self, data: Dataset, tmp_path: Path, precision: str, compiled: str) -> None:
        reports: list[Metrics] = []
        overrides = (f"training.precision={precision}", f"training.compile={compiled}", "training.steps=20")
        trainer = build(data, tmp_path, *overrides, reports=reports, device="cuda")
        trainer.run()
        assert trainer.state.scaler.is_enabled() == (precision == "fp16")
        values = [report.values["writing_loss"] for report in reports if report.kind == "train"]
        assert values[-1] < values[0]


class TestResume:
    @pytest.mark.parametrize("accumulate", [1, 2])
    def test_equals_the_uninterrupted_run_bitwise(self, data: Dataset, tmp_path: Path, accumulate: int) -> None:
        override = f"training.accumulate={accumulate}"
        build(data, tmp_path / "whole", override).run()
        first = build(data, tmp_path / "parts", override)
        first.report = lambda report: setattr(first.stop, "received", report.update == 4)  # after the validation at 4
        with pytest.raises(Interrupted):
            first.run()
        assert first.state.position.update in (4, 5)
        second = build(data, tmp_path / "parts", override)
        second.resume()
        second.run()
        whole, resumed = weights(tmp_path / "whole"), weights(tmp_path / "parts")
        assert all(torch.equal(whole[name], resumed[name]) for name in whole)
        states = [checkpoint.load_training(tmp_path / name / LATEST).tensors for name in ("whole", "parts")]
        assert states[0].keys() == states[1].keys()
        assert all(torch.equal(states[0][name], states[1][name]) for name in states[0])

    def test_a_validation_that_a_stop_preceded_is_made_up_for(self, data: Dataset, tmp_path: Path) -> None:
        first = build(data, tmp_path, "training.steps=4")
        forward = first.gradients.forward

        def stop_in_the_last_update(*args: object) -> object:
            first.stop.received = first.state.position.update == 3
            return forward(*args)

        first.gradients.forward = stop_in_the_last_update  # type: ignore[assignment]
        with pytest.raises(Interrupted):
            first.run()
        assert (first.state.position.update, first.state.best) == (4, {})
        second = build(data, tmp_path, "training.steps=4")
        second.resume()
        assert second.run()["score"] >= 0
        assert (tmp_path / BEST).is_dir()

    def test_between_accumulation_steps(self, data: Dataset, tmp_path: Path) -> None:
        override = "training.accumulate=3"
        build(data, tmp_path / "whole", override).run()
        first = build(data, tmp_path / "parts", override)
        forward, calls = first.gradients.forward, []

        def counting(*args: object) -> object:
            calls.append(1)
            first.stop.received = len(calls) == 5  # the second batch of the second update
            return forward(*args)

        first.gradients.forward = counting  # type: ignore[assignment]
        with pytest.raises(Interrupted):
            first.run()
        assert (first.state.position.update, first.state.position.micro) == (1, 2)
        second = build(data, tmp_path / "parts", override)
        second.resume()
        assert second.state.position == first.state.position
        second.run()
        whole, resumed = weights(tmp_path / "whole"), weights(tmp_path / "parts")
        assert all(torch.equal(whole[name], resumed[name]) for name in whole)

    def test_refuses_another_model(self, data: Dataset, tmp_path: Path) -> None:
        build(data, tmp_path, "training.steps=1").run()
        with pytest.raises(FastsumError, match="another model section"):
            build(data, tmp_path, "model.width=32").resume()

    def test_refuses_other_examples(self, data: Dataset, tmp_path: Path) -> None:
        build(data, tmp_path, "training.steps=1").run()
        other = dataclasses.replace(data, train=data.validation)
        with pytest.raises(FastsumError, match="other examples"):
            build(other, tmp_path).resume()

    def test_an_average_can_begin_later(self, data: Dataset, tmp_path: Path) -> None:
        build(data, tmp_path, "training.steps=1", "training.ema=0.0").run()
        trainer = build(data, tmp_path)
        trainer.resume()
        for name, parameter in trainer.model.named_parameters():
            assert torch.equal(trainer.state.average[name], parameter)

    def test_nothing_to_resume(self, data: Dataset, tmp_path: Path) -> None:
        with pytest.raises(FastsumError, match="latest"):
            build(data, tmp_path).resume()


class TestSignals:
    def test_the_first_one_saves(self, data: Dataset, tmp_path: Path) -> None:
        trainer = build(data, tmp_path, "training.steps=1000")
        trainer.report = lambda report: os.kill(os.getpid(), signal.SIGINT)
        before = signal.getsignal(signal.SIGINT)
        with pytest.raises(Interrupted):
            trainer.run()
        assert signal.getsignal(signal.SIGINT) is before
        assert checkpoint.load_training(tmp_path / LATEST).values["place"][0] == trainer.state.position.update

    @pytest.mark.parametrize("stage", ["losses", "summaries"])
    def test_a_validation_is_broken_off_and_made_up_for(
        self, data: Dataset, tmp_path: Path, stage: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        build(data, tmp_path / "whole").run()
        first = build(data, tmp_path / "parts")
        losses = validation.losses

        def interrupted(*arguments: Any) -> dict[str, float]:
            first.stop.received = stage == "losses"
            found = losses(*arguments)
            first.stop.received = True
            return found

        with monkeypatch.context() as patch:
            patch.setattr(validation, "losses", interrupted)
            with pytest.raises(Interrupted):
                first.run()
        assert (first.state.position.update, first.state.best) == (4, {})
        second = build(data, tmp_path / "parts")
        second.resume()
        second.run()
        assert all(torch.equal(w, weights(tmp_path / "parts")[n]) for n, w in weights(tmp_path / "whole").items())
