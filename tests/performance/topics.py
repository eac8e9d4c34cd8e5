"""How well stretches on one subject are found: Pk and WindowDiff of ours, NLTK's TextTiling, and ours by other vectors.

`python -m tests.performance.topics FILE` prints the tables of docs/experiments/2026-11-29-topical-segments.md. FILE has
rows with the columns `document` and `kind` (Parquet). Texts with known boundaries are made of them: 4 to 10 excerpts of
12 to 60 sentences of prose, each of another document, of one kind or of all ("mixed"), in paragraphs of 3 to 7.
"""

from __future__ import annotations

import argparse
import itertools
import random
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from nltk.metrics.segmentation import pk, windowdiff
from nltk.tokenize.texttiling import TextTilingTokenizer
from numpy.typing import NDArray

from fastsum import Summarizer
from fastsum.data.treebank import natural
from fastsum.summary import topics
from fastsum.text.cleaning import clean
from fastsum.text.sections import sections_of
from fastsum.text.sentences import sentences
from fastsum.text.source import Source, read_source

MIXED = "mixed"
SEED = 5
# NLTK's own list has to be downloaded.
STOPWORDS = [
    "a", "about", "above", "after", "again", "against", "all", "am", "an", "and", "any", "are", "as", "at", "be",
    "because", "been", "before", "being", "below", "between", "both", "but", "by", "can", "did", "do", "does",
    "doing", "down", "during", "each", "few", "for", "from", "further", "had", "has", "have", "having", "he", "her",
    "here", "hers", "herself", "him", "himself", "his", "how", "i", "if", "in", "into", "is", "it", "its", "itself",
    "just", "me", "more", "most", "my", "myself", "no", "nor", "not", "now", "of", "off", "on", "once", "only",
    "or", "other", "our", "ours", "ourselves", "out", "over", "own", "same", "she", "should", "so", "some", "such",
    "than", "that", "the", "their", "theirs", "them", "themselves", "then", "there", "these", "they", "this",
    "those", "through", "to", "too", "under", "until", "up", "very", "was", "we", "were", "what", "when", "where",
    "which", "while", "who", "whom", "why", "will", "with", "you", "your", "yours", "yourself", "yourselves",
]  # fmt: skip


class Joined(NamedTuple):
    """A text made of excerpts."""

    kind: str
    text: str
    starts: list[int]
    """The offset at which each excerpt begins."""


Segment = Callable[[Joined, Source], Iterable[int]]
"""The sentences of a text that begin a stretch."""


def joined(documents: Mapping[str, Sequence[str]], each: int, seed: int = SEED) -> Iterator[Joined]:
    """`each` texts of every kind of document, and as many of all kinds mixed."""
    random_state = random.Random(seed)
    prose = {kind: [found for text in texts if len(found := _prose(text)) >= 12] for kind, texts in documents.items()}
    prose = {kind: found for kind, found in prose.items() if len(found) >= 10}
    for kind in (*prose, MIXED):
        pool = [one for name in prose if kind in (name, MIXED) for one in prose[name]]
        for _ in range(each):
            text, starts = "", []
            for whole in random_state.sample(pool, random_state.randint(4, 10)):
                size = min(len(whole), random_state.randint(12, 60))
                first = random_state.randint(0, len(whole) - size)
                starts.append(len(text))
                text += "".join(_paragraphs(whole[first : first + size], random_state))
            yield Joined(kind, text, starts)


def divided(documents: Mapping[str, Sequence[str]], summarizer: Summarizer, each: int) -> Iterator[Joined]:
    """`each` texts of every kind that are stretches of one document, by its headings."""
    random_state = random.Random(SEED)
    for kind, texts in documents.items():
        found = (one for text in texts for one in _runs(read_source(natural(text[:40_000]), summarizer.tokenizer)))
        for run in itertools.islice(found, each):
            text, starts = "", []
            for section in run:
                starts.append(len(text))
                text += "".join(_paragraphs(section, random_state))
            yield Joined(kind, text, starts)


def _runs(source: Source) -> Iterator[list[list[str]]]:
    """Sections that follow each other, as sentences."""
    run: list[list[str]] = []
    size = 0
    for part in [*(part for top in sections_of(source).parts for part in top.all()), None]:
        own = part.own if part else ()
        prose = [" ".join(source.written(i).split()) for i in own if source.sentences[i].is_prose]
        words = sum(len(sentence.split()) for sentence in prose)
        if not (120 <= words <= 600 and size + words <= 1_600):
            if len(run) > 1 and size >= 600:
                yield run
            run, size = [], 0
        else:
            run.append(prose)
            size += words


def _prose(text: str) -> list[str]:
    text = clean(natural(text[:120_000]))
    return [" ".join(text[s.start : s.end].split()) for s in sentences(text) if s.is_prose]


def _paragraphs(sentences: Sequence[str], random_state: random.Random) -> Iterator[str]:
    first = 0
    while first < len(sentences):
        size = random_state.randint(3, 7)
        yield " ".join(sentences[first : first + size]) + "\n\n"
        first += size


def ours(summarizer: Summarizer) -> Segment:
    """As `Summarizer.outline` has them."""
    return lambda _, source: topics.topic_starts(source, summarizer.engine_for("extractive").word_vectors)


def by_vectors(name: str, price: float, vectors: Callable[[Source], NDArray[np.float32]]) -> tuple[str, Segment]:
    """Ours by other vectors of the sentences."""

    def segment(_: Joined, source: Source) -> list[int]:
        before = topics._sentence_vectors, topics._PRICE
        topics._sentence_vectors = lambda *_: topics._unit_rows(vectors(source))
        topics._PRICE = price
        try:
            return topics.topic_starts(source, lambda ids: np.zeros((len(ids), 1), dtype=np.float32))
        finally:
            topics._sentence_vectors, topics._PRICE = before

    return f"{name}, price {price}", segment


def others(summarizer: Summarizer) -> Iterator[tuple[str, Segment]]:
    """The states of the sentence encoder, the mean states of tokens, embeddings alone and words alone, at several
    prices."""
    engine = summarizer.engine_for("extractive")
    network = engine._network  # type: ignore[attr-defined]

    def of_network(
        method: str, part: Callable[[object], NDArray[np.float32]]
    ) -> Callable[[Source], NDArray[np.float32]]:
        def vectors(source: Source) -> NDArray[np.float32]:
            compute, found = getattr(network, method), []

            def keep(*arguments: object) -> object:
                result = compute(*arguments)
                found.append(part(result).copy())
                return result

            setattr(network, method, keep)
            try:
                engine.estimate([source])
            finally:
                delattr(network, method)
            return found[0]

        return vectors

    def embedded(source: Source, *, again: bool) -> NDArray[np.float32]:
        both = topics._sentence_vectors(source, engine.word_vectors)
        return both[:, -topics._PROJECTED :] if again else both[:, : -topics._PROJECTED]

    for price in (1.0, 1.5, 2.5):
        yield by_vectors("states of sentences", price, of_network("_sentence_states", lambda found: found))  # type: ignore[arg-type,return-value]
        yield by_vectors("states of tokens", price, of_network("_means", lambda found: found[0]))  # type: ignore[index]
    for price in (1.0, 1.5, 2.0):
        original = topics._sentence_vectors
        for name, part in (("embeddings", slice(None, -topics._PROJECTED)), ("words", slice(-topics._PROJECTED, None))):
            yield by_vectors(
                name,
                price,
                lambda source, part=part, original=original: original(source, engine.word_vectors)[:, part],  # type: ignore[misc]
            )


def text_tiling(width: int, block: int) -> Segment:
    """Hearst's TextTiling (1997) as NLTK has it."""

    def segment(one: Joined, source: Source) -> list[int]:
        try:
            parts = TextTilingTokenizer(w=width, k=block, stopwords=STOPWORDS).tokenize(one.text)
        except ValueError:  # it finds the text too short
            return [0]
        ends = np.cumsum([len(part) for part in parts[:-1]]).tolist()
        starts = [sentence.start for sentence in source.sentences]
        return sorted({0, *(bisect_right(starts, end) for end in ends)} - {len(starts)})

    return segment


def no_boundary(_: Joined, __: Source) -> list[int]:
    """The baseline that finds nothing."""
    return [0]


def evenly(summarizer: Summarizer) -> Segment:
    """As many stretches as ours, all of the same length."""

    def segment(one: Joined, source: Source) -> list[int]:
        count = len([*ours(summarizer)(one, source)])
        return [len(source.sentences) * number // count for number in range(count)]

    return segment


def score(true: Sequence[int], found: Iterable[int], count: int) -> tuple[float, float]:
    """Pk and WindowDiff, k half the mean length of a true stretch; lower is better."""
    row = ["".join("1" if index + 1 in {*starts} else "0" for index in range(count)) for starts in (true, found)]
    k = max(2, round(count / len(true) / 2))
    return pk(*row, k=k), windowdiff(*row, k)


def measure(texts: Sequence[Joined], sources: Sequence[Source], segment: Segment) -> dict[str, tuple[float, ...]]:
    """Mean Pk, WindowDiff, and stretches found per true one, by kind."""
    rows: dict[str, list[tuple[float, ...]]] = {}
    for one, source in zip(texts, sources, strict=True):
        starts = [sentence.start for sentence in source.sentences]
        true = sorted({bisect_right(starts, start) - 1 if start else 0 for start in one.starts})
        found = [*segment(one, source)]
        rows.setdefault(one.kind, []).append((*score(true, found, len(starts)), len(found) / len(true)))
    return {kind: tuple(np.mean(row, axis=0).tolist()) for kind, row in rows.items()}


def main() -> None:
    import pyarrow.parquet as parquet

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--each", type=int, default=12, help="texts of each kind")
    parser.add_argument("--tiling", metavar="W,K", nargs="*", default=[], help="settings of TextTiling; it is slow")
    parser.add_argument("--others", action="store_true", help="other vectors too")
    parser.add_argument("--within", action="store_true", help="stretches of one document")
    parser.add_argument("--kinds", action="store_true", help="a row for each kind")
    arguments = parser.parse_args()
    documents: dict[str, list[str]] = {}
    for row in parquet.read_table(arguments.file, columns=["document", "kind"]).to_pylist():
        documents.setdefault(row["kind"], []).append(row["document"])
    summarizer = Summarizer.load(threads=1)
    found = divided(documents, summarizer, arguments.each) if arguments.within else joined(documents, arguments.each)
    texts = list(found)
    sources = [read_source(one.text, summarizer.tokenizer) for one in texts]
    methods = [("no boundary", no_boundary), ("evenly", evenly(summarizer)), ("fastsum", ours(summarizer))]
    for setting in arguments.tiling:
        width, block = map(int, setting.split(","))
        methods.append((f"TextTiling w={width} k={block}", text_tiling(width, block)))
    print(f"{len(texts)} texts, {sum(len(one.starts) for one in texts)} excerpts")
    print("| method | Pk, one kind | WindowDiff | found | Pk, mixed | WindowDiff | found |\n| --- |" + " ---: |" * 6)
    for name, segment in [*methods, *(others(summarizer) if arguments.others else ())]:
        rows = measure(texts, sources, segment)
        alike = np.mean([row for kind, row in rows.items() if kind != MIXED], axis=0)
        cells = [f"{value:.3f}" for value in (*alike, *rows.get(MIXED, ()))]
        print(f"| {name} | {' | '.join(cells)} |", flush=True)
        if arguments.kinds:
            for kind, row in rows.items():
                print(f"| {name}: {kind} | {' | '.join(f'{value:.3f}' for value in row)} |", flush=True)


if __name__ == "__main__":
    main()
