"""One document as the arrays that a model reads."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsum.text.source import Source


class Unpadded(NamedTuple):
    """One document as arrays, without padding."""

    tokens: NDArray[np.int64]
    """Extended word ids."""
    lengths: NDArray[np.int64]
    """Tokens of each sentence."""
    headings: NDArray[np.bool_]
    """Which sentences are section headings."""

    @classmethod
    def of(cls, source: Source) -> Unpadded:
        """The arrays of a document that was read."""
        headings = [sentence.is_heading for sentence in source.sentences]
        return cls(source.tokens, np.asarray(source.lengths, dtype=np.int64), np.asarray(headings, dtype=bool))
