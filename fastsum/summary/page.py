"""A summary and its document as one HTML page: salient sentences are shaded, a click shows where one comes from.

The page loads nothing from elsewhere. Its content security policy lets only the script and the style run that are named
by their hashes, and all that comes from the document is escaped.
"""

from __future__ import annotations

import base64
import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from importlib.resources import files

from fastsum.summary.outline import Outline, Section
from fastsum.summary.provenance import Places
from fastsum.summary.result import Summary, SummarySentence
from fastsum.text.sentences import Sentence

SHADES = 9
"""Depths of shading that the style has, from 1; 0 is none."""

_MADE = {
    "extractive": "{:,} of {:,} words, taken from the document.",
    "abstractive": "{:,} words for {:,}, written by the model: compare each sentence with its sources.",
}
_HOW = (
    "Choose a sentence to see where it comes from.",
    "Choose a section to read what is in it, and a sentence to see where it comes from.",
)
_HEADING_MARKS = re.compile(r"\A#{1,6}\s+|\s+#+\Z")
_ITEM = re.compile(r"(?:[-*+•‣◦▪·–—]|\(?\d{1,3}[.)])\s")


def write_page(summary: Summary, title: str, pages: Sequence[int] = ()) -> str:
    """One self-contained HTML page with the summary and its document.

    An outline is a table of contents whose entries open their sentences; `pages`, as for `cited`, are named in it.

    The shading goes by salience, beside the document's highest. Time and size are linear in the document's
    length. Characters that UTF-8 cannot hold become question marks.
    """
    style, script = ((files("fastsum.summary") / name).read_text("utf-8") for name in ("page.css", "page.js"))
    policy = (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; base-uri 'none'; form-action 'none'"
    )
    asked = f'<p class="small" dir="auto">About: {escape(summary.about)}</p>\n' if summary.about else ""
    choose = f'<p class="small">{_HOW[isinstance(summary, Outline)]}</p>\n' if summary.sentences else ""
    notes = "".join(f'<p class="small">{escape(note)}</p>\n' for note in summary.notes)
    numbered = enumerate(summary.sentences, start=1)
    said = _outline(summary, pages) if isinstance(summary, Outline) else _list(numbered)
    page = f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="fastsum">
<title>{escape(title)}</title>
<style>{style}</style>
</head>
<body>
<header>
<h1 dir="auto">{escape(title)}</h1>
{asked}<p class="small">{_MADE[summary.mode].format(summary.words, len(summary.document.split()))}</p>
</header>
<main>
<section id="summary" aria-labelledby="summary-heading">
<h2 id="summary-heading">Summary</h2>
{said}{notes}{choose}<p class="small" id="bar"><span role="status"></span>
<button aria-label="Next source">Next</button><button>Back to summary</button></p>
</section>
<article id="document" aria-labelledby="document-heading">
<h2 id="document-heading">Document</h2>
<p class="small scale">Less salient {"".join(f'<i class="w{shade}"></i>' for shade in range(1, SHADES + 1))} more</p>
{"".join(_document(summary))}</article>
</main>
<script type="module">{script}</script>
</body>
</html>
"""
    return page.encode("utf-8", "replace").decode("utf-8")


def _hash(code: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"


def _list(sentences: Iterable[tuple[int, SummarySentence]]) -> str:
    """Numbered sentences of the summary."""
    return f"<ol>\n{''.join(_item(number, sentence) for number, sentence in sentences)}</ol>\n"


def _outline(outline: Outline, pages: Sequence[int]) -> str:
    """The table of contents of an outline; each entry opens the sentences of its section."""
    places = Places(outline, pages)
    anchors = _Anchors(outline)
    numbered = enumerate(outline.sentences, start=1)

    def entries(sections: Sequence[Section]) -> str:
        return f'<ul class="toc">\n{"".join(map(entry, sections))}</ul>\n' if sections else ""

    def entry(section: Section) -> str:
        title = f'<span dir="auto">{escape(section.shown)}</span>'
        place = f'<a class="place" href="#{anchors.of(section.start)}">{places.of_section(section)}</a>'
        said = [next(numbered) for _ in section.sentences]
        if said:
            title = f"<details>\n<summary>{title}</summary>\n{_list(said)}</details>\n"
        return f"<li>{place}\n{title}{entries(section.sections)}</li>\n"

    opener = '<p class="small"><button id="all" aria-expanded="false">Open all sections</button></p>\n'
    return f'<nav aria-label="Sections">\n{opener}{entries(outline.sections)}</nav>\n'


class _Anchors:
    """The anchors of the blocks in which the sections of an outline begin."""

    def __init__(self, outline: Outline) -> None:
        sentences = outline.document_sentences
        self._blocks = [sentences[block[0]].start for block in _blocks(outline.document, sentences)]
        self.of_blocks = {self.of(section.start) for section in outline.all_sections()}

    def of(self, start: int) -> str:
        """The anchor of the block that has the character `start`."""
        return f"b{max(0, bisect_right(self._blocks, start) - 1)}"


def _item(number: int, sentence: SummarySentence) -> str:
    anchors = [f"s{span.sentence}" for span in sentence.sources]
    return (
        f'<li><a id="y{number}" href="#{anchors[0]}" data-number="{number}" data-sources="{" ".join(anchors)}">'
        f'<span dir="auto">{escape(sentence.text)}</span></a></li>\n'
    )


def _document(summary: Summary) -> Iterator[str]:
    """The document's headings and paragraphs."""
    document, sentences = summary.document, summary.document_sentences
    weights = [w if s.is_prose else 0.0 for s, w in zip(sentences, summary.document_salience, strict=True)]
    highest = max(weights) or 1.0
    cited_in: dict[int, list[int]] = {}
    for number, sentence in enumerate(summary.sentences, start=1):
        for span in sentence.sources:
            cited_in.setdefault(span.sentence, []).append(number)
    anchors = _Anchors(summary).of_blocks if isinstance(summary, Outline) else ()
    for number, block in enumerate(_blocks(document, sentences)):
        parts = []
        done = sentences[block[0]].start
        if label := document[sentences[block[0] - 1].end if block[0] else 0 : done].split():
            parts.append(escape(" ".join(label)) + " ")  # who speaks, and when
        for index in block:
            start, end, _ = sentences[index]
            heads = sentences[index].is_heading
            text = _HEADING_MARKS.sub("", document[start:end]) if heads else document[start:end]
            shade = round(SHADES * weights[index] / highest)
            shown = _sentence(index, text, summary.document_salience[index], shade, cited_in.get(index, ()))
            parts += [escape(document[done:start]), shown]
            done = end
        tag = "h3" if heads and any(map(str.isalnum, text)) else "p"
        anchor = f' id="b{number}"' if f"b{number}" in anchors else ""
        yield f'<{tag}{anchor} dir="auto">{"".join(parts)}</{tag}>\n'


def _sentence(index: int, text: str, salience: float, shade: int, cited_in: Sequence[int]) -> str:
    """A sentence of the document, and links back to the sentences of the summary that come from it."""
    anchor = f' id="s{index}"' if cited_in else ""
    depth = f' class="w{shade}"' if shade else ""
    links = ", ".join(
        f'<a href="#y{number}" aria-label="back to sentence {number} of the summary">{number}</a>'
        for number in cited_in
    )
    marks = f"<sup>{links}</sup>" if links else ""
    return f'<span{anchor}{depth} title="salience {salience:.2f}">{escape(text)}</span>{marks}'


def _blocks(document: str, sentences: Sequence[Sentence]) -> Iterator[list[int]]:
    """The numbers of the sentences in each heading and each paragraph."""
    block: list[int] = []
    for index, sentence in enumerate(sentences):
        if block:
            before = sentences[block[-1]]
            if sentence.is_heading or before.is_heading or document.count("\n", before.end, sentence.start) > 1:
                yield from _paragraphs(document, sentences, block)
                block = []
        block.append(index)
    yield from _paragraphs(document, sentences, block)


def _paragraphs(document: str, sentences: Sequence[Sentence], block: list[int]) -> Iterator[list[int]]:
    """What lies between blank lines, cut where its line breaks mean something.

    Where a sentence continues over a line's end, the text is hard-wrapped and only list items and turns of a
    conversation start a paragraph; otherwise every line does.
    """
    wrapped = any("\n" in document[start:end] for start, end, _ in (sentences[index] for index in block))
    first = 0
    for index in range(1, len(block)):
        end, start = sentences[block[index - 1]].end, sentences[block[index]].start
        between = document[end:start]
        if "\n" in between and (not wrapped or between.strip() or _ITEM.match(document, start)):
            yield block[first:index]
            first = index
    yield block[first:]
