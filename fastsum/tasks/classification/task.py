"""Classification as a task of the trainer: its batches, its loss and its validation."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from fastsum.config import Config
from fastsum.device import autocast
from fastsum.model.packing import pack
from fastsum.tasks.classification import metrics
from fastsum.tasks.classification.classifier import Batch, Classifier, pad_texts
from fastsum.tasks.classification.texts import LabelledTexts, Texts
from fastsum.tasks.training import OneLossTask


class Classification(OneLossTask):
    """A classifier and its labelled texts."""

    model: Classifier

    def __init__(self, config: Config, model: Classifier, data: LabelledTexts) -> None:
        super().__init__(
            config, model, data.tokenizer, f"A {config.model.attention} classifier of {len(data.labels)} labels"
        )
        self.data = data
        self.sizes, self.digest = data.splits["train"].sizes_R, data.digest

    def collate(self, indices: Sequence[int], device: torch.device) -> Batch:
        """The training texts, padded."""
        return self._batch(self.data.splits["train"], indices, device)

    def count(self, batches: Sequence[Batch]) -> tuple[float, ...]:
        """Texts, and tokens without padding."""
        return sum(len(batch.classes_B) for batch in batches), sum(
            int((batch.tokens_BN > 0).sum()) for batch in batches
        )

    def validate(self, device: torch.device, dtype: torch.dtype, check_stop: Callable[[], None]) -> dict[str, float]:
        """Figures on the validation texts; the score is the mean of accuracy and macro-F."""
        values = self.evaluate("validation", device, dtype, check_stop)
        return {**values, "score": (values["accuracy"] + values["macro_f"]) / 2}

    def evaluate(
        self, split: str, device: torch.device, dtype: torch.dtype, check_stop: Callable[[], None] = lambda: None
    ) -> dict[str, float]:
        """Accuracy and macro-F of a split, in per cent."""
        texts = self.data.splits[split]
        predicted_R = self.predict(texts, device, dtype, check_stop)
        return {
            "accuracy": 100 * metrics.accuracy(texts.classes_R, predicted_R),
            "macro_f": 100 * metrics.macro_f(texts.classes_R, predicted_R),
        }

    @torch.inference_mode()
    def predict(
        self, texts: Texts, device: torch.device, dtype: torch.dtype, check_stop: Callable[[], None] = lambda: None
    ) -> NDArray[np.int64]:
        """The likeliest class of each text, (R,); `check_stop` is called before each batch and may raise."""
        self.model.eval()
        sizes_R = texts.sizes_R
        predicted_R = np.empty(len(sizes_R), dtype=np.int64)
        order = np.argsort(sizes_R, kind="stable").tolist()
        for indices in pack(order, sizes_R.tolist(), self.config.training.batch_tokens):
            check_stop()
            with autocast(device, dtype):
                logits_BC = self.model.logits(self._batch(texts, indices, device).tokens_BN)
            predicted_R[indices] = logits_BC.argmax(-1).cpu().numpy()
        return predicted_R

    @staticmethod
    def _batch(texts: Texts, indices: Sequence[int], device: torch.device) -> Batch:
        tokens = [torch.from_numpy(texts.tokens[index].astype(np.int64)) for index in indices]
        return Batch(pad_texts(tokens).to(device), torch.from_numpy(texts.classes_R[list(indices)]).to(device))
