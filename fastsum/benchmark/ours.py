"""fastsum as its benchmark calls it, without torch: a process that measures memory imports what a summary needs."""

from __future__ import annotations

import json
import sys
from collections import deque
from collections.abc import Callable

from fastsum.device import keep_freed_memory, resident
from fastsum.summary.summarizer import Summarizer

BATCHED = ", batched"
"""At the end of the name of a row that summarizes several documents in one call."""


def summarize(summarizer: Summarizer, mode: str, sentences: int, batched: bool, texts: list[str]) -> None:
    """Summarize documents in one call of `summarize_many`, or one by one."""
    if batched:
        deque(summarizer.summarize_many(texts, mode, sentences), maxlen=0)
    else:
        one_by_one(lambda text: summarizer.summarize(text, mode, sentences), texts)


def one_by_one(summarize: Callable[[str], object], texts: list[str]) -> None:
    """Summarize documents one by one."""
    for text in texts:
        summarize(text)


def peak() -> None:
    """Summarize as the JSON on standard input says, and print the peak memory of this process in bytes, with that of a
    CUDA device."""
    asked = json.load(sys.stdin)
    keep_freed_memory()
    summarizer = Summarizer.load(asked["model"], device=asked["device"], precision=asked["precision"])
    name = asked["tool"].removeprefix("fastsum ")
    summarize(summarizer, name.removesuffix(BATCHED), asked["sentences"], name.endswith(BATCHED), asked["texts"])
    used = resident(peak=True)
    if asked["device"].startswith("cuda"):
        import torch

        used += torch.cuda.max_memory_allocated(asked["device"])
    print(used)
