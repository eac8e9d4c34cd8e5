"""What updates train, training that resumes bitwise, and stops that lose nothing."""

from __future__ import annotations

import dataclasses
import os
import signal
from pathlib import Path
from typing import Any

import pytest
import torch

from fastsum.errors import FastsumError
from fastsum.model import checkpoint
from fastsum.model.network import PARTS
from fastsum.training import validation
from fastsum.training.dataset import Dataset
from fastsum.training.metrics import Metrics
from fastsum.training.signals import Interrupted
from fastsum.training.trainer import BEST, LATEST
from tests.training.trainers import build, weights

pytestmark = pytest.mark.usefixtures("one_thread")


class TestUpdate:
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
