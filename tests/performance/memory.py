"""The peak memory of a long document, measured in a process that imports nothing else."""

from __future__ import annotations

from fastsum.benchmark.samples import long_text
from fastsum.device import keep_freed_memory, resident
from fastsum.summary.summarizer import Summarizer


def peak(model: str, tokens: str, device: str, precision: str) -> float:
    """Peak memory of this process in gigabytes after summarizing a document of `tokens` tokens."""
    keep_freed_memory()
    summarizer = Summarizer.load(model, device=device, precision=precision)
    summarizer.summarize(long_text(int(tokens), summarizer.tokenizer), "extractive")
    return resident(peak=True) / 1e9
