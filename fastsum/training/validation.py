"""What a model in training is validated by: its losses over examples, and ROUGE of its summaries of rows."""

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
from fastsum.text.source import reference_sentences
from fastsum.training.corpus import Corpus, batch_indices, collate
from fastsum.training.report import LOSSES, mean_losses


def losses(
    model: SummaryModel,
    corpus: Corpus,
    config: Config,
    device: torch.device,
    dtype: torch.dtype,
    heed: Callable[[], None],
) -> dict[str, float]:
    """Mean losses of the first `validate_rows` examples; `heed` is called before each batch, and may break off."""
    settings = config.training
    sums = np.zeros(2 * len(LOSSES))
    for indices in batch_indices(corpus.sizes[: settings.validate_rows], settings.batch_tokens, 0, 0):
        heed()
        with autocast(device, dtype):
            batch = collate([corpus[int(i)] for i in indices], config.data, config.model).to(device)
            found = model(batch, 0.0, settings.writing_weight > 0)
        sums += [float(value) for value in found]
    return mean_losses(sums.tolist())


def rouge(summarizer: Summarizer, rows: Sequence[Row], heed: Callable[[], None]) -> dict[str, float]:
    """Mean F-scores of the summaries, and their mean as "score"; `heed` is called before each is scored."""
    summaries = summarizer.summarize_many([row.document for row in rows])
    references = ["\n".join(reference_sentences(row.summary)) for row in rows]
    scores = []
    for made, reference in zip(summaries, references, strict=True):
        heed()
        scores.append(score(str(made), reference))
    names = ("rouge1", "rouge2", "rougeLsum")
    means = {name: float(np.mean([getattr(one, name) for one in scores])) for name in names}
    return means | {"score": sum(means.values()) / len(means)}
