"""Error rates of sentence splitters on texts that were marked by hand: ours, pysbd, syntok, nupunkt and NLTK's Punkt.

`python -m tests.performance.boundaries` from the root of the repository prints the tables of docs/sentences.md. A
splitter that is not installed is left out with a word; an environment with all of them:

    pip install pysbd==0.3.4 syntok==1.4.4 nupunkt==0.8.0 nltk==3.10.4
    pip install --no-deps llama-index-core==0.12.52    # has NLTK's trained Punkt; so has nltk.downloader punkt_tab

Each file of tests/text/boundaries is a text with the sign ▮ behind the last character of every sentence, heading and
item. Rules are tuned on what comes before the line `%%%% held-out`, and judged by what follows it.
"""

from __future__ import annotations

import argparse
import importlib.util
import warnings
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from fastsum.text.cleaning import clean
from fastsum.text.sentences import sentences

FOLDER = Path(__file__).parents[1] / "text" / "boundaries"
KINDS = ("news", "papers", "law", "manuals", "email", "speech")
MARK = "▮"
HELD_OUT = "%%%% held-out\n"
_CLOSERS = "\"'”’»)]}*_`"

Splitter = Callable[[str], Iterable[int]]
"""Where each sentence of a text ends, as an offset behind its last character."""


class Marked(NamedTuple):
    """A text and where its sentences end."""

    text: str
    ends: frozenset[int]


class Score(NamedTuple):
    """Boundaries that a text has, those that a splitter missed, and those that it saw where there are none."""

    boundaries: int
    missed: int
    false: int

    @property
    def error_rate(self) -> float:
        """Wrong boundaries per boundary of the text."""
        return (self.missed + self.false) / self.boundaries

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        found = self.boundaries - self.missed
        return 2 * found / (2 * found + self.missed + self.false)


def read_marked(kind: str) -> tuple[Marked, Marked]:
    """The text of a kind that rules may be tuned on, and the one that is held out."""
    whole = (FOLDER / f"{kind}.txt").read_text(encoding="utf-8")
    development, _, held_out = whole.partition(HELD_OUT)
    return _marked(development), _marked(held_out)


def _marked(text: str) -> Marked:
    parts = text.split(MARK)
    raw = clean("".join(parts))
    ends, at = [], 0
    for part in parts[:-1]:
        at += len(part)
        ends.append(at)
    return Marked(raw, _positions(raw, ends))


def score(marked: Marked, split: Splitter) -> Score:
    """How a splitter does on a text."""
    found = _positions(marked.text, split(marked.text))
    return Score(len(marked.ends), len(marked.ends - found), len(found - marked.ends))


def _positions(text: str, ends: Iterable[int]) -> frozenset[int]:
    """Ends as offsets behind the last character that is no white space, quote or bracket, so that nobody is wrong by
    leaving a closing quote to the next sentence. The end of the text is no decision."""
    last = len(text.rstrip())
    found = set()
    for end in ends:
        if len(text[:end].rstrip()) < last:
            found.add(len(text[:end].rstrip().rstrip(_CLOSERS).rstrip()))
    return frozenset(found)


def fastsum(text: str) -> list[int]:
    """Ends by this repository's splitter."""
    return [sentence.end for sentence in sentences(text)]


def pysbd() -> Splitter:
    """pysbd for English."""
    import pysbd

    segmenter = pysbd.Segmenter(language="en", clean=False, char_span=True)
    return lambda text: [span.end for span in segmenter.segment(text)]


def syntok() -> Splitter:
    """syntok, which also cuts paragraphs at blank lines."""
    from syntok import segmenter

    return lambda text: [
        sentence[-1].offset + len(sentence[-1].value)
        for paragraph in segmenter.analyze(text)
        for sentence in paragraph
        if sentence
    ]


def nupunkt() -> Splitter:
    """nupunkt with the model that comes with it."""
    from nupunkt import sent_spans

    return lambda text: [end for _, end in sent_spans(text)]


def punkt() -> Splitter:
    """NLTK's Punkt with its English model."""
    import nltk
    from nltk.tokenize.punkt import PunktTokenizer

    shipped = importlib.util.find_spec("llama_index")
    if shipped is not None and shipped.submodule_search_locations:
        nltk.data.path += [f"{place}/core/_static/nltk_cache" for place in shipped.submodule_search_locations]
    tokenizer: Any = PunktTokenizer("english")
    return lambda text: [end for _, end in tokenizer.span_tokenize(text)]


OTHERS = {"pysbd": pysbd, "syntok": syntok, "nupunkt": nupunkt, "nltk": punkt}


def main() -> None:
    """Print a table of each part."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=KINDS, nargs="*", default=KINDS, help="kinds of text")
    kinds = parser.parse_args().only
    splitters: dict[str, Splitter] = {"fastsum": fastsum}
    for name, load in OTHERS.items():
        try:
            splitters[f"{name} {version(name)}"] = load()
        except (ImportError, LookupError) as problem:
            print(f"{name} is left out: {str(problem).strip().splitlines()[0]}")
    warnings.simplefilter("ignore")  # invalid escapes in pysbd's patterns
    for part, number in (("held out", 1), ("development", 0)):
        print(f"\n| {part} | splitter | boundaries | missed | false | error rate (%) | F1 (%) |")
        print("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
        for kind in kinds:
            marked = read_marked(kind)[number]
            for name, split in splitters.items():
                result = score(marked, split)
                print(
                    f"| {kind} | {name} | {result.boundaries} | {result.missed} | {result.false} "
                    f"| {100 * result.error_rate:.1f} | {100 * result.f1:.1f} |"
                )


if __name__ == "__main__":
    main()
