"""From saliences to an outline: a document's sections, and what each of them says."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from fastsum.summary.company import Company
from fastsum.summary.coverage import Coverage
from fastsum.summary.dealing import MOST, Dealt, Wanted, deal
from fastsum.summary.extraction import document_fields, origins_of, prose_of, summary_sentence
from fastsum.summary.limits import Limits
from fastsum.summary.outline import Outline, Section
from fastsum.summary.result import SummarySentence
from fastsum.text.sections import Part, Sections
from fastsum.text.source import Source

_FIRST, _LEAD = 5, 1.5  # sentences of a section whose odds are raised, and the logarithm of the factor of the first
_BY_SUBJECT = "the document has no headings: its sections are found by subject, and named by their most telling words"


@dataclass
class _Node:
    """A section of the outline while it is made."""

    title: str | None
    level: int
    first: int
    end: int
    own: frozenset[int] = frozenset()
    """Its own sentences, those of sections too deep for the outline included."""
    candidates: list[int] = field(default_factory=list)
    """What may be said of it: of its own prose."""
    words: int = 0
    """Of prose, with the sections in it."""
    nodes: list[_Node] = field(default_factory=list)
    said: list[SummarySentence] = field(default_factory=list)

    def all(self) -> Iterator[_Node]:
        yield self
        for node in self.nodes:
            yield from node.all()


def make_outline(
    source: Source,
    salience: Sequence[float],
    limits: Limits,
    sections: Sections,
    expected: Mapping[int, float] | None = None,
    *,
    only: Collection[int] | None = None,
) -> Outline:
    """The outline of a document.

    Args:
        salience: of each sentence; whatever sentences are to be preferred for can be in it.
        limits: `limits.outline` is the depth, and the length is that of the whole outline.
        sections: by `sections_of`, or by subject.
        expected: as for `extract`.
        only: the sentences that may be chosen, if not all may; a section without any is left out.
    """
    prose = prose_of(source)
    sizes = {index: len(source.written(index).split()) for index in prose}
    allowed = sizes.keys() if only is None else {index for index in prose if index in only}
    nodes = [_node(part, 1, limits.outline, sizes) for part in sections.parts]
    if not any(node.words for node in nodes):  # a document of headings alone
        nodes = [_node(Part(None, 0, 0, len(source.sentences)), 1, 1, sizes)]
    every = [node for top in nodes for node in top.all()]
    for node in every:
        node.candidates = [index for index in node.candidates if index in allowed]
    kept = [node for node in every if node.words and any(one.candidates for one in node.all())]
    speaking = [node for node in kept if node.candidates]

    settings = limits.decoding
    wanted = Wanted(
        settings.sentences if limits.exact else 0,
        settings.words if limits.exact else 0,
        limits.exact,
        limits.scale,
    )
    preferred = _leading(salience, [node.candidates for node in speaking])
    coverage = Coverage(source, preferred, expected or {}, settings.coverage)
    parts = [(node.candidates, node.own) for node in speaking]
    dealt = deal(source, parts, preferred, coverage, Company(source), wanted, settings.block_ngrams)
    for node, chosen in zip(speaking, dealt.chosen, strict=True):
        node.said = [summary_sentence(source, salience, origins_of(source, one), one.text) for one in chosen]
    ordered = [sentence for node in kept for sentence in node.said]
    made = tuple(_sections(nodes, {id(node) for node in kept}, source, sum(sizes.values()), sections.are_headings, ""))
    by_subject = () if sections.are_headings else (_BY_SUBJECT,)
    notes = (*by_subject, *_left_out(every, kept), *_shortfalls(speaking, dealt, wanted))
    fields = document_fields(source, salience)
    return Outline(tuple(ordered), settings.mode, *fields, notes, limits.about or None, sections=made)


def _leading(salience: Sequence[float], sections: Sequence[Sequence[int]]) -> list[float]:
    """The saliences with the odds of each section's first sentences raised: the model knows what a document's summary
    should have, and what a section is about is said at its beginning."""
    found = list(salience)
    for candidates in sections:
        for place, index in enumerate(candidates[:_FIRST], start=1):
            odds = math.exp(_LEAD / place) * found[index] / max(1e-9, 1 - found[index])
            found[index] = odds / (1 + odds)
    return found


def _node(part: Part, level: int, depth: int, sizes: Mapping[int, int]) -> _Node:
    """A section to a depth; deeper ones are part of those that hold them."""
    node = _Node(part.heading.title if part.heading else None, level, part.first, part.end)
    own: Iterable[int] = part.own
    if level < depth:
        node.nodes = [_node(one, level + 1, depth, sizes) for one in part.parts]
    else:
        own = (index for one in part.all() for index in one.own)
    node.own = frozenset(own)
    node.candidates = sorted(index for index in node.own if index in sizes)
    node.words = sum(sizes[index] for index in node.candidates) + sum(one.words for one in node.nodes)
    return node


def _sections(
    nodes: Sequence[_Node], kept: Collection[int], source: Source, words: int, are_headings: bool, above: str
) -> Iterator[Section]:
    """The sections of the outline; `kept` has the identities of those that are not left out."""
    shown = (node for node in nodes if id(node) in kept)
    for place, node in enumerate(shown, start=1):
        number = f"{above}{place}"
        yield Section(
            number,
            node.title,
            are_headings and node.title is not None,
            node.level,
            source.sentences[node.first].start,
            source.sentences[node.end - 1].end,
            node.words,
            node.words / max(1, words),
            tuple(node.said),
            tuple(_sections(node.nodes, kept, source, words, are_headings, f"{number}.")),
        )


def _left_out(every: Sequence[_Node], kept: Sequence[_Node]) -> Iterator[str]:
    """Notes on sections that are not in the outline."""
    if not kept:
        return
    # What is above the first section and has no prose is the name of the document, of its author and the like.
    first = min(node.first for node in kept)
    empty = sum(node.words == 0 and node.title is not None and node.first > first for node in every)
    if empty:
        yield f"{_some(empty, 'heading')} without prose below {_them(empty)} left out"
    others = sum(node.words > 0 for node in every) - len(kept)
    if others:
        yield f"{_some(others, 'section')} that {_say(others)} nothing of what was asked for {_are(others)} left out"


def _shortfalls(speaking: Sequence[_Node], dealt: Dealt, wanted: Wanted) -> Iterator[str]:
    """Notes on where the outline is not what was asked for, and why."""
    length = " and ".join(
        f"{number:,} {name}" for number, name in ((wanted.sentences, "sentences"), (wanted.words, "words")) if number
    )
    if dealt.unserved:
        has = "has" if dealt.unserved == 1 else "have"
        room = f"{length} have no room for more" if length else "they would repeat others"
        yield f"{dealt.unserved} of {_some(len(speaking), 'section')} {has} no sentence: {room}"
    chosen = [one for section in dealt.chosen for one in section]
    if any(one.cut for one in chosen):
        yield f"the outline is the beginning of a sentence: every one is longer than {wanted.words} words"
    full = all(
        len(section) == MOST or len(section) == len(node.candidates)
        for section, node in zip(dealt.chosen, speaking, strict=True)
    )
    if full and wanted.sentences and len(chosen) < wanted.sentences:
        some = _some(len(chosen), "sentence")
        yield f"the outline has {some} instead of {wanted.sentences}: at most {MOST} a section"
    size = sum(len(one.text.split()) for one in chosen)
    if full and wanted.words and size < wanted.words and not wanted.sentences:
        yield f"the outline has {size} words instead of {wanted.words}: at most {MOST} sentences a section"


def _some(count: int, noun: str) -> str:
    return f"1 {noun}" if count == 1 else f"{count:,} {noun}s"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _them(count: int) -> str:
    return f"{'it' if count == 1 else 'them'} {_are(count)}"


def _say(count: int) -> str:
    return "says" if count == 1 else "say"
