"""Word vectors in GloVe's text format, to start the embedding from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from fastsum.errors import FastsumError
from fastsum.tokenizer import UNK, Tokenizer

_STD = 0.02  # of the model's own initial embedding, to which the vectors are scaled


def load_vectors(path: Path, tokenizer: Tokenizer, weight: Tensor) -> int:
    """Write the file's vectors over the rows of `weight`, (vocabulary, width), whose words it has; how many.

    A line is a word and its numbers, separated by spaces (a first line of two counts is passed over). The vectors are
    scaled to the spread that the other rows have.

    Raises:
        FastsumError: where the file cannot be read, a line is not of that form or of another width, or no word fits.
    """
    width = weight.shape[1]
    rows: dict[int, np.ndarray] = {}
    try:
        with path.open(encoding="utf-8", errors="replace") as lines:
            for number, line in enumerate(lines, start=1):
                word, *numbers = line.rstrip().split(" ")
                if number == 1 and len(numbers) == 1:
                    continue
                if len(numbers) != width:
                    raise FastsumError(
                        f"{path}, line {number}: {len(numbers)} numbers where model.width asks for {width}; "
                        "take vectors of that width or change model.width"
                    )
                index = tokenizer.id(word)
                if index != UNK:
                    rows.setdefault(index, np.asarray(numbers, dtype=np.float32))
    except OSError as error:
        raise FastsumError(f"{path}: {error.strerror}; name a file of word vectors in training.embeddings") from None
    except ValueError:
        raise FastsumError(
            f"{path}, line {number}: not a word followed by numbers; is it in GloVe's text format?"
        ) from None
    if not rows:
        raise FastsumError(f"{path}: none of its words is in the vocabulary; are they lower-cased words?")
    vectors = np.stack(list(rows.values()))
    with torch.no_grad():
        weight[list(rows)] = torch.from_numpy(vectors * (_STD / max(float(vectors.std()), 1e-8))).to(weight)
    return len(rows)
