"""Validation: mean losses of the validation examples, and ROUGE of the summaries of the validation rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch

from fastsum.config import Config
from fastsum.data.rows import Row
from fastsum.device import autocast
from fastsum.model.network import SummaryModel
from fastsum.summary.summarizer import Summarizer
from fastsum.text.rouge import score
from fastsum.text.source import read_source, reference_sentences
from fastsum.training.corpus import Corpus, collate
from fastsum.training.dataset import Dataset
from fastsum.training.metrics import LOSSES, mean_losses
from fastsum.training.order import batch_indices


def validate(
    model: SummaryModel,
    data: Dataset,
    config: Config,
    device: torch.device,
    dtype: torch.dtype,
    check_stop: Callable[[], None],
) -> dict[str, float]:
    """Put the model into evaluation mode and return its losses and ROUGE; `check_stop` may raise to end this early."""
    model.eval()
    summarizer = Summarizer.from_parts(model, data.tokenizer, config, device=device, dtype=dtype)
    with torch.inference_mode():
        means = losses(summarizer, data.validation, check_stop)
        return means | rouge(summarizer, data.rows, check_stop)


def losses(summarizer: Summarizer, corpus: Corpus, check_stop: Callable[[], None]) -> dict[str, float]:
    """Mean losses of the first `training.validate_rows` examples; `check_stop` is called before each batch."""
    config, settings = summarizer.config, summarizer.config.training
    totals = np.zeros(2 * len(LOSSES))
    for indices in batch_indices(corpus.sizes[: settings.validate_rows], settings.batch_tokens, 0, 0):
        check_stop()
        engine = summarizer.torch_engine
        with autocast(engine.device, engine.dtype):
            examples = [corpus[int(index)] for index in indices]
            batch = collate(examples, config.data, config.model).to(engine.device)
            found = engine.model(batch, 0.0, settings.writing_weight > 0)
        totals += [float(value) for value in found]
    return mean_losses(LOSSES, totals[::2].tolist(), totals[1::2].tolist())


def rouge(summarizer: Summarizer, rows: Sequence[Row], check_stop: Callable[[], None]) -> dict[str, float]:
    """Mean F-scores of the first `training.validate_rows` summaries, in the configured decoding mode.

    "score" is the mean of ROUGE-1, -2 and -Lsum. `check_stop` is called before each summary is scored.
    """
    rows = rows[: summarizer.config.training.validate_rows]
    sources = (read_source(row.document, summarizer.tokenizer) for row in rows)
    references = ["\n".join(reference_sentences(row.summary)) for row in rows]
    scores = []
    for summary, reference in zip(summarizer.summarize_sources(sources), references, strict=True):
        check_stop()
        scores.append(score(str(summary), reference))
    names = ("rouge1", "rouge2", "rougeLsum")
    means = {name: float(np.mean([getattr(each, name) for each in scores])) for name in names}
    return means | {"score": sum(means.values()) / len(means)}
