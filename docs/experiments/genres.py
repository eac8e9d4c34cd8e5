"""Learn by which words fastsum recognizes the documents of a model: prints the [[evidence]] of its genre.toml.

    python docs/experiments/genres.py MODEL KINDS TRAIN VALIDATION

TRAIN and VALIDATION are tables with the columns document and kind, KINDS the kinds (separated by commas) that the model
is for. A document counts as theirs if the sum of its words' weights, for each word, is above a threshold. That is
logistic regression on the words' shares, with an L2 penalty; the words that tell most are kept and weighed again. Only
words of two letters or more that occur in at least three kinds are used: names and the marks of tokenized text are not.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import torch
from numpy.typing import NDArray

from fastsum.data.treebank import natural
from fastsum.model.genre import READ, WORD

WORDS = 400  # that are kept
CANDIDATES = 3_000  # the words in most documents
LARGEST = 50  # weight
RARE = 0.05  # of a standard deviation: a rarer word is not scaled up further, or a few occurrences would decide
STEPS = 400
PENALTY = 0.02
RECALL = 0.98  # of the documents of a kind that are recognized: what is less clear is for the model of any kind


def words_of(document: str) -> list[str]:
    """The words that `fastsum.genre_of` looks at."""
    return WORD.findall(natural(document)[:READ].lower())


def shares(documents: Sequence[list[str]], words: Sequence[str]) -> NDArray[np.float32]:
    """How often each document has each of some words, for each hundred of its words, (documents, words)."""
    place = {word: number for number, word in enumerate(words)}
    found = np.zeros((len(documents), len(words)), np.float32)
    for row, document in enumerate(documents):
        for word, count in Counter(document).items():
            if word in place:
                found[row, place[word]] = 100 * count / max(200, len(document))
    return found


def fit(x: NDArray[np.float32], y: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Weights of the logistic regression, both classes weighing the same."""
    torch.manual_seed(0)
    features, labels = torch.from_numpy(x), torch.from_numpy(y.astype(np.float32))
    balance = torch.where(labels > 0, 0.5 / labels.mean(), 0.5 / (1 - labels.mean()))
    scale = features.std(0).clamp(min=RARE)
    weight, bias = torch.zeros(x.shape[1], requires_grad=True), torch.zeros((), requires_grad=True)
    optimizer = torch.optim.Adam([weight, bias], lr=0.03)
    for step in range(STEPS):
        optimizer.param_groups[0]["lr"] = 0.03 * (1 - step / STEPS)
        logits = features @ (weight / scale) + bias
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, labels, balance)
        optimizer.zero_grad()
        (loss + PENALTY * weight.square().sum()).backward()
        optimizer.step()
    return (weight / scale).detach().double().numpy()


def main(model: str, kinds: str, train: str, validation: str) -> None:
    """Learn from TRAIN, say how often VALIDATION is told right, and print the evidence."""
    wanted = set(kinds.split(","))
    tables = [pq.read_table(Path(path), columns=["document", "kind"]).to_pydict() for path in (train, validation)]
    texts = [[words_of(document) for document in table["document"]] for table in tables]
    labels = [np.array([kind in wanted for kind in table["kind"]]) for table in tables]
    among: dict[str, set[str]] = {}
    counts: Counter[str] = Counter()
    for document, kind in zip(texts[0], tables[0]["kind"], strict=True):
        for word in set(document):
            counts[word] += 1
            among.setdefault(word, set()).add(kind)
    usable = [word for word, _ in counts.most_common() if len(word) > 1 and len(among[word]) > 2][:CANDIDATES]
    weights = fit(shares(texts[0], usable), labels[0])
    kept = sorted(np.argsort(-abs(weights) * shares(texts[0], usable).std(0))[:WORDS].tolist())
    words = [usable[index] for index in kept]
    weights = fit(shares(texts[0], words), labels[0])
    unit = float(np.quantile(abs(weights), 0.99)) / LARGEST
    whole = np.rint(weights / unit).clip(-LARGEST, LARGEST).astype(int)
    scores = shares(texts[0], words) @ whole / 100
    threshold = float(np.quantile(scores[labels[0]], 1 - RECALL))
    print(f"# weights up to {abs(whole).max()}, {(whole != 0).sum()} words")
    right: dict[str, list[bool]] = {}
    for document, kind in zip(texts[1], tables[1]["kind"], strict=True):
        score = float((shares([document], words)[0] * whole).sum()) / 100
        right.setdefault(kind, []).append((score > threshold) == (kind in wanted))
    for kind, found in sorted(right.items()):
        print(f"# {kind}: {sum(found)} of {len(found)} right")
    print(f"# {model}\nthreshold = {threshold:.4f}")
    for value in sorted(set(whole.tolist()) - {0}, reverse=True):
        line = " ".join(word for word, weight in zip(words, whole.tolist(), strict=True) if weight == value)
        print(f'\n[[evidence]]\nweight = {value}\nwords = "{line}"')


if __name__ == "__main__":
    main(*sys.argv[1:5])
