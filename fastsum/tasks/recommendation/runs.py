"""Every recommender with every seed: trained, ranked on the dev impressions, and the results kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

import torch

from fastsum.config import ATTENTIONS
from fastsum.device import describe, pick_device, pick_precision, processor
from fastsum.errors import UsageError
from fastsum.tasks.grid import Figure, Run, run_grid
from fastsum.tasks.recommendation import models, plm
from fastsum.tasks.recommendation.metrics import FIGURES as RANKING
from fastsum.tasks.recommendation.mind import Mind
from fastsum.tasks.recommendation.settings import RecommendationConfig
from fastsum.tasks.recommendation.task import Recommendation
from fastsum.tasks.recommendation.titles import piece_titles, word_titles
from fastsum.tasks.training import train
from fastsum.text.cleaning import clean
from fastsum.text.tokenizer import Tokenizer
from fastsum.training.embeddings import load_vectors, vector_width
from fastsum.training.monitor import Monitor

RESULTS = "recommendation.json"
"""The file of the results."""
FIGURES = (
    *(Figure(name, title) for name, title in RANKING.items()),
    Figure("seconds", "training (s)", 0),
    Figure("parameters", "parameters", 0, spread=False),
)
"""Columns of the table."""


def check(names: Sequence[str], language_model: str | None) -> None:
    """Raise UsageError where one of these is no recommender, or needs a language model that is not named."""
    if unknown := [name for name in names if name not in models.MODELS]:
        raise UsageError(f"there is no recommender {unknown[0]!r}; choose from {', '.join(models.MODELS)}")
    if needing := [name for name in names if name in models.WITH_LANGUAGE_MODEL and not language_model]:
        raise UsageError(f"{needing[0]} needs a pretrained language model; name one with --language-model")


def run(
    mind: Mind,
    settings: RecommendationConfig,
    output: Path,
    *,
    names: Sequence[str],
    seeds: int,
    language_model: str | None = None,
    vectors: Path | None = None,
    device: str = "auto",
    precision: str = "auto",
    quiet: bool = True,
    say: Callable[[str], None] = lambda message: None,
) -> Iterator[list[Run]]:
    """Train and rank each recommender with each seed; yields after each all runs so far.

    What `output` has from an earlier call with the same data and settings is not trained again. The figures are those
    after the last step: no dev impression has a part in choosing the weights.

    Args:
        names: of recommenders from `models.MODELS`.
        language_model: folder or hub name of a language model, for those that need one.
        vectors: word vectors in GloVe's text format that the others start from.

    Raises:
        FastsumError: settings that do not fit, no such language model, or results of others in the folder.
        fastsum.training.signals.Interrupted: after a signal, with everything saved.
    """
    check(names, language_model)
    chosen = pick_device(device)
    dtype = pick_precision(precision, chosen)
    if vectors:
        settings = replace(settings, embedding_width=vector_width(vectors))
    tokenizer = Tokenizer.train(map(clean, mind.titles), settings.vocabulary_size)
    words_NT = word_titles(mind.titles, tokenizer, settings.title_tokens)
    clicks = sum(int(impression.clicked_C.sum()) for impression in mind.train)
    about: dict[str, Any] = {
        "data": {
            "digest": mind.digest,
            "news": len(mind.titles),
            "impressions": {"train": len(mind.train), "dev": len(mind.dev)},
            "clicks": clicks,
            "left_out": mind.rejects.counts,
        },
        "settings": asdict(settings),
        "language_model": language_model,
        "vectors": str(vectors) if vectors else None,
        "machine": f"{processor()}, {describe(chosen, dtype)}",
    }

    def trained(name: str, seed: int, folder: Path) -> dict[str, float]:
        titles_NT, pretrained, has_language_model = words_NT, None, name in models.WITH_LANGUAGE_MODEL
        if has_language_model:
            pieces, pretrained = plm.load(str(language_model))
            titles_NT = piece_titles(mind.titles, pieces, settings.title_tokens)
        torch.manual_seed(seed)
        model = models.build(name, settings, len(tokenizer), pretrained)
        weight = models.word_vectors(model)
        if weight is not None:
            if vectors:
                known = load_vectors(vectors, tokenizer, weight)
                say(f"{known:,} of {len(tokenizer):,} words start from {vectors}")
            with torch.no_grad():
                weight.mul_(models.WORD_SCALE)
        parameters = sum(weight.numel() for weight in model.parameters() if weight.requires_grad)
        attention = name if name in ATTENTIONS else "transformer" if name != "fastformer+plm-nr" else "fastformer"
        config = settings.config(attention, len(tokenizer), clicks, seed, language_model=has_language_model)
        steps = config.training.steps
        with Monitor(steps, None, quiet=quiet) as monitor:
            monitor.say(f"{name}, seed {seed}: {steps:,} steps, {parameters / 1e6:.2f} M parameters")
            progress = partial(monitor.progress, "ranking", len(mind.dev))
            task = Recommendation(config, settings, model, tokenizer, mind, titles_NT, progress)
            done = train(task, folder, device=chosen, dtype=dtype, report=monitor.report, say=monitor.say)
        return {
            **{figure: 100 * done.best[figure] for figure in RANKING},
            "seconds": done.seconds,
            "parameters": parameters,
        }

    return run_grid(output / RESULTS, about, names, seeds, trained)
