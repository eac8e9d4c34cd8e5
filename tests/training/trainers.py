"""Tiny trainers on the sample rows, for the tests of training and its faults."""

from __future__ import annotations

from pathlib import Path

import torch

from fastsum.config import Config
from fastsum.data.rows import open_rows
from fastsum.device import pick_device, pick_precision
from fastsum.model import checkpoint
from fastsum.model.network import SummaryModel
from fastsum.training.corpus import Corpus
from fastsum.training.dataset import Dataset
from fastsum.training.examples import train_tokenizer
from fastsum.training.metrics import Metrics
from fastsum.training.summarization import Summarization
from fastsum.training.trainer import LATEST, Trainer

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
    task = Summarization(config, model, data)
    return Trainer(task, config.training, directory, device=chosen, dtype=dtype, report=report)


def weights(directory: Path) -> dict[str, torch.Tensor]:
    return checkpoint.load(directory / LATEST).weights
