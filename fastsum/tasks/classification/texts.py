"""Labelled texts: rows to the ids of words and classes, and what in them cannot be used."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsum.data.rows import REJECTS_NAMED, Row, Rows
from fastsum.errors import FastsumError
from fastsum.text.cleaning import clean
from fastsum.text.tokenizer import Tokenizer

SPLITS = ("train", "validation", "test")


class Texts(NamedTuple):
    """The usable texts of a split; R of them."""

    tokens: list[NDArray[np.int32]]
    """Word ids of each text, UNK outside the vocabulary; at least one."""
    classes_R: NDArray[np.int64]

    @property
    def sizes_R(self) -> NDArray[np.int64]:
        """Tokens of each text."""
        return np.fromiter(map(len, self.tokens), dtype=np.int64, count=len(self.tokens))


class LabelledTexts(NamedTuple):
    """A data set to train, validate and test on."""

    tokenizer: Tokenizer
    labels: tuple[str, ...]
    """The training labels by class: whole numbers in their order, or words in alphabetical order."""
    splits: dict[str, Texts]
    """By SPLITS."""
    digest: str
    """Identifies all of it."""
    notes: list[str]
    """What was left out of each split; where one file serves several, what cannot be read of it is told once."""


def read_texts(
    open_split: Callable[[str], Rows],
    *,
    vocabulary_size: int,
    most_tokens: int = 0,
    strict: bool = False,
    progress: Callable[[int], None] = lambda done: None,
) -> LabelledTexts:
    """Read, clean and tokenize all splits. The vocabulary and the labels are those of the training texts.

    Left out and counted are rows that `Rows` cannot use, texts without a word, and rows of the other splits whose label
    no training text has.

    Args:
        open_split: opens a split of SPLITS in the form `fastsum.data.forms.LABELS`.
        most_tokens: leading tokens of a text that are kept; 0 keeps all.
        strict: raise at the first row that would be left out.
        progress: called with the number of rows done.

    Raises:
        FastsumError: a split has no usable text, all training texts have one label, or, if strict, a row is left out.
    """
    rows = {split: open_split(split) for split in SPLITS}
    counted = _Rejects(rows["train"], strict)
    # The words of the training texts twice: counting them all first keeps no text in memory.
    tokenizer = Tokenizer.train((clean(row.document) for row in counted.usable()), vocabulary_size)
    splits: dict[str, Texts] = {}
    left_out: dict[str, list[str]] = {}  # sentence -> splits
    labels: tuple[str, ...] = ()
    done = 0
    for split in SPLITS:
        rejects = _Rejects(rows[split], strict)
        tokens: list[NDArray[np.int32]] = []
        found: list[str] = []
        for row in rejects.usable(set(labels)):
            ids = np.asarray(tokenizer.encode(clean(row.document)).ids, dtype=np.int32)
            tokens.append(ids[:most_tokens] if most_tokens else ids)
            found.append(row.summary)
            progress(done := done + 1)
        if not labels:
            labels = _ordered(set(found))
        if not tokens:
            raise FastsumError(
                f"There is no usable text in {rows[split].origin}. {' '.join(rejects.sentences())}".rstrip()
            )
        if len(labels) < 2:
            raise FastsumError(
                f"{rows[split].origin}: all {len(found):,} texts have the label {labels[0]!r}; name another column "
                "with --label-column, or give rows with two labels or more"
            )
        numbers = {label: number for number, label in enumerate(labels)}
        splits[split] = Texts(tokens, np.fromiter((numbers[label] for label in found), np.int64, len(found)))
        for sentence in rejects.sentences():
            left_out.setdefault(sentence, []).append(split)
    return LabelledTexts(tokenizer, labels, splits, _digest(tokenizer, labels, splits), _notes(left_out))


class _Rejects:
    """The usable rows of a split; the others are counted."""

    def __init__(self, rows: Rows, strict: bool) -> None:
        self._rows, self._strict = rows, strict
        self._unknown: dict[str, int] = {}
        self._wordless: list[str] = []

    def usable(self, labels: set[str] | None = None) -> Iterator[Row]:
        """Rows with a word and, if there are `labels`, one of them."""
        for row in self._rows:
            if not any(map(str.isalnum, row.document)):
                self._refuse(f"{row.id}: the text has no word")
                self._wordless.append(row.id)
            elif labels and row.summary not in labels:
                self._refuse(f"{row.id}: no training text has the label {row.summary!r}")
                self._unknown[row.summary] = self._unknown.get(row.summary, 0) + 1
            else:
                yield row

    def sentences(self) -> list[str]:
        """What was left out, of each kind a sentence."""
        parts = [self._rows.describe_rejects()]
        if ids := self._wordless:
            more = ", ..." if len(ids) > REJECTS_NAMED else ""
            parts.append(f"Left out {len(ids):,} without a word: {', '.join(ids[:REJECTS_NAMED])}{more}.")
        if self._unknown:
            named = ", ".join(f"{label!r} ({count:,})" for label, count in sorted(self._unknown.items()))
            parts.append(f"Left out {sum(self._unknown.values()):,} with labels of no training text: {named}.")
        return list(filter(None, parts))

    def _refuse(self, reason: str) -> None:
        if self._strict:
            raise FastsumError(f"{reason}. Correct or remove the row, or omit --strict to skip such rows.")


def _notes(left_out: Mapping[str, Sequence[str]]) -> list[str]:
    """A note for all that was left out of the same splits."""
    by_splits: dict[str, list[str]] = {}
    for sentence, splits in left_out.items():
        by_splits.setdefault(", ".join(splits), []).append(sentence)
    return [f"{splits}: {' '.join(sentences)}" for splits, sentences in by_splits.items()]


def _ordered(labels: set[str]) -> tuple[str, ...]:
    try:
        return tuple(sorted(labels, key=int))
    except ValueError:
        return tuple(sorted(labels))


def _digest(tokenizer: Tokenizer, labels: tuple[str, ...], splits: dict[str, Texts]) -> str:
    digest = hashlib.sha256(tokenizer.to_bytes())
    digest.update("\n".join(labels).encode())
    for texts in splits.values():
        digest.update(texts.sizes_R.tobytes() + texts.classes_R.tobytes())
        for ids in texts.tokens:
            digest.update(ids.tobytes())
    return digest.hexdigest()[:16]
