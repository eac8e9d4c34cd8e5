"""Documents of any length, made from the sentences of the repository's samples."""

from __future__ import annotations

import random
from pathlib import Path

from fastsum.errors import FastsumError
from fastsum.text.source import read_source
from fastsum.text.tokenizer import Tokenizer

SAMPLES = Path(__file__).parents[2] / "data" / "samples"


def long_text(tokens: int, tokenizer: Tokenizer) -> str:
    """A document of about this many tokens: the samples' sentences again and again, each time in another order.

    Raises FastsumError outside of a checkout, where there are no samples.
    """
    sentences = []
    for path in (SAMPLES / "story.txt", SAMPLES / "paper.md"):
        source = read_source(_sample(path), tokenizer)
        for sentence, count in zip(source.sentences, source.lengths, strict=True):
            if sentence.is_prose:
                sentences.append((" ".join(source.text[sentence.start : sentence.end].split()), count))
    shuffle = random.Random(0).shuffle
    parts: list[str] = []
    size = 0
    while size < tokens:
        shuffle(sentences)
        for text, count in sentences:
            if size >= tokens:
                break
            parts.append(text)
            size += count
    return "\n\n".join(" ".join(parts[start : start + 5]) for start in range(0, len(parts), 5))


def _sample(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise FastsumError(f"{path}: {error.strerror}; run the benchmark from a checkout of the repository") from None
