"""Labelled texts with a planted signal: one word of each text says its label, the others are noise."""

from __future__ import annotations

import json
import random
from pathlib import Path

NOISE = [
    f"{first}{second}" for first in ("ba", "ko", "li", "mu", "re", "so") for second in ("dan", "fel", "gor", "tin")
]
SIGNS = {"red": "crimson", "green": "emerald", "blue": "azure"}
SMALL = (
    "model.vocabulary_size=100", "model.width=16", "model.heads=2", "model.feedforward=16", "model.window=8",
    "model.global_tokens=4", "model.random_tokens=4", "model.block=4", "model.projected_tokens=8",
    "model.pooling_window=16", "model.encoder_layers=1", "training.batch_tokens=256", "training.warmup=5",
    "training.learning_rate=0.01", "training.precision=fp32",
)  # fmt: skip


def write(path: Path, count: int, seed: int = 0, words: tuple[int, int] = (4, 30)) -> Path:
    """A JSON Lines file of so many texts in natural word order, labels in turn."""
    chooser = random.Random(seed)
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            label = list(SIGNS)[number % len(SIGNS)]
            text = chooser.choices(NOISE, k=chooser.randint(*words))
            text.insert(chooser.randrange(len(text)), SIGNS[label])
            file.write(json.dumps({"text": " ".join(text).capitalize() + ".", "label": label}) + "\n")
    return path
