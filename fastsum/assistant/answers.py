"""Answers: what each tool returns, as data with a schema and as text to read.

Both say the same, since some assistants show their model the one and some the other. Each is bounded: what does not fit
is counted, with how to ask for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from fastsum.assistant.passages import ANSWER, Passage, cut
from fastsum.assistant.reading import Read
from fastsum.readers.documents import list_left_out
from fastsum.summary.provenance import Places

if TYPE_CHECKING:
    from fastsum.summary.outline import Outline, Section
    from fastsum.summary.result import Span, Summary


class DocumentAnswer(BaseModel):
    """The document that was read."""

    name: str = Field(description="The path as it was given, or 'the text'.")
    title: str | None = Field(description="The document's title, null where it has none.")
    words: int = Field(description="Words of its text.")
    lines: int = Field(description="Lines of its text.")
    pages: int | None = Field(description="Pages, null for what has none.")
    notes: list[str] = Field(description="What was unusual in reading it, and what is not in its text.")


class Source(BaseModel):
    """A sentence of the document that a sentence of a summary is, or was made from."""

    headings: list[str] = Field(description="The headings that it is below, from the highest to its own.")
    line: int = Field(description="The line that it begins on, from 1.")
    last_line: int = Field(description="The line that it ends on.")
    page: int | None = Field(description="The page that it begins on, from 1; null for what has no pages.")
    speaker: str | None = Field(description="Who says it, or wrote the message; null where nobody is named.")
    time: str | None = Field(description="When it is said, as the document has it; null where it does not say.")
    text: str | None = Field(description="The document's own words, where the summary has them changed or shortened.")


class Cited(BaseModel):
    """A sentence and where it is."""

    text: str
    place: str = Field(description="Where it is in the document, to cite: 'p. 3', 'lines 12-13', '00:41'.")


class Sentence(Cited):
    """A sentence of a summary."""

    sources: list[Source]


class SummaryAnswer(BaseModel):
    """A summary and where each sentence of it is."""

    document: DocumentAnswer
    model: str = Field(description="The model that made it.")
    about: str | None = Field(description="The question that it is about, null where it is of the whole document.")
    words: int = Field(description="Words of the summary.")
    sentences: list[Sentence] = Field(description="None where the document says nothing about the question.")
    notes: list[str] = Field(description="What was not found, and why it is shorter than asked for.")


class OutlineSection(BaseModel):
    """A section of a document and what it says."""

    id: str | None = Field(
        description="To ask read for it as section; null where it has no heading: ask for its lines."
    )
    title: str = Field(description="Its heading, or its most telling words where the document has no headings.")
    level: int = Field(description="Its depth in the outline, from 1.")
    first_line: int
    last_line: int
    first_page: int | None
    last_page: int | None
    share: float = Field(description="Its share of the document's words, from 0 to 1, with the sections in it.")
    sentences: list[Cited]


class OutlineAnswer(BaseModel):
    """A summary section by section."""

    document: DocumentAnswer
    model: str = Field(description="The model that made it.")
    about: str | None = Field(description="The question that it is about, null where it is of the whole document.")
    sections: list[OutlineSection] = Field(description="In the document's order, each before those in it.")
    next_offset: int | None = Field(
        description="The number of sections so far, to ask for the rest as offset; null where these are all."
    )
    notes: list[str] = Field(description="Which sections are left out, or why it is shorter than asked for.")


class PassageAnswer(BaseModel):
    """A part of a document's text."""

    document: DocumentAnswer
    headings: list[str] = Field(description="The headings that its beginning is below.")
    first_line: int
    last_line: int
    first_page: int | None
    last_page: int | None
    text: str = Field(description="Its text, as the document has it. Its first line is first_line.")
    next_offset: int | None = Field(
        description="Where the rest begins, to ask for as offset with the same arguments; null where this is all."
    )


def document_answer(read: Read) -> DocumentAnswer:
    """What an answer says of the document."""
    document = read.document
    notes = list(document.warnings)
    if document.left_out:
        notes.append(f"not in the text: {list_left_out(document.left_out)}")
    return DocumentAnswer(
        name=document.source,
        title=document.title,
        words=len(document.text.split()),
        lines=len(read.lines) - 1,
        pages=len(document.pages) or None,
        notes=notes,
    )


def summary_answer(read: Read, summary: Summary) -> SummaryAnswer:
    """A summary, as far as it fits into an answer."""
    sentences: list[Sentence] = []
    size = 0
    places = Places(summary, read.document.pages)
    for made in summary.sentences:
        size += len(made.text)
        if sentences and size > ANSWER:
            break
        sources = [_source(read, span, made.text) for span in made.sources]
        sentences.append(Sentence(text=made.text, place=places.of(made), sources=sources))
    notes = list(summary.notes)
    if left := len(summary.sentences) - len(sentences):
        notes.append(f"{left:,} more sentences do not fit into an answer: ask for fewer words, or read its sections")
    words = sum(len(sentence.text.split()) for sentence in sentences)
    return SummaryAnswer(
        document=document_answer(read),
        model=read.model,
        about=summary.about,
        words=words,
        sentences=sentences,
        notes=notes,
    )


def outline_answer(read: Read, outline: Outline, offset: int) -> OutlineAnswer:
    """An outline without its first `offset` sections, as far as it fits into an answer."""
    places = Places(outline, read.document.pages)
    every = [_outlined(read, section, places) for section in outline.all_sections()]
    size = 0
    end = offset
    for section in every[offset:]:
        size += len(section.title) + sum(len(sentence.text) for sentence in section.sentences)
        if size > ANSWER and end > offset:
            break
        end += 1
    return OutlineAnswer(
        document=document_answer(read),
        model=read.model,
        about=outline.about,
        sections=every[offset:end],
        next_offset=end if end < len(every) else None,
        notes=list(outline.notes),
    )


def passage_answer(read: Read, passage: Passage, offset: int) -> PassageAnswer:
    """What of a passage begins `offset` characters after its start, as far as it fits into an answer."""
    text = read.source.text
    start = passage.start + offset
    end = cut(text, start, passage.end)
    section = read.section(start)
    last = max(start, end - 1)
    return PassageAnswer(
        document=document_answer(read),
        headings=list(section.titles) if section else [],
        first_line=read.line(start),
        last_line=read.line(last),
        first_page=read.page(start),
        last_page=read.page(last),
        text=text[start:end],
        next_offset=end - passage.start if end < passage.end else None,
    )


def summary_text(answer: SummaryAnswer) -> str:
    """A summary to read: one sentence a line, with its place and heading."""
    what = f"{_asked(answer.about)}summarized in {answer.words:,} words by the model {answer.model!r}"
    lines = [_header(answer.document, what), ""]
    for sentence in answer.sentences:
        headings = dict.fromkeys(" > ".join(source.headings) for source in sentence.sources if source.headings)
        lines.append(f"- {sentence.text} [{', '.join([sentence.place, *headings])}]")
    return "\n".join([*lines, *_noted([*answer.document.notes, *answer.notes])])


def outline_text(answer: OutlineAnswer) -> str:
    """An outline to read: each section with its id, place and share, and below it what it says."""
    lines = [_header(answer.document, f"{_asked(answer.about)}outlined by the model {answer.model!r}"), ""]
    for section in answer.sections:
        indent = "  " * (section.level - 1)
        where = f"lines {section.first_line}-{section.last_line}"
        if section.first_page is not None:
            where = f"pp. {section.first_page}-{section.last_page}, {where}"
        named = f"{section.id}, {where}" if section.id else where
        lines.append(f"{indent}{section.title} [{named}, {section.share:.0%}]")
        lines += [f"{indent}  - {sentence.text} [{sentence.place}]" for sentence in section.sentences]
    if answer.next_offset is not None:
        lines += ["", f"It goes on: ask for the same with offset={answer.next_offset}."]
    return "\n".join([*lines, *_noted([*answer.document.notes, *answer.notes])])


def passage_text(answer: PassageAnswer, read: Read, start: int) -> str:
    """A passage that begins at character `start` to read: each line that is not blank behind its number, and where a
    page begins, its number."""
    where = f"lines {answer.first_line:,}-{answer.last_line:,}"
    if answer.headings:
        where += f", {' > '.join(answer.headings)}"
    shown = [_header(answer.document, where), ""]
    page = None
    for number, line in enumerate(answer.text.split("\n"), start=answer.first_line):
        if line.strip():
            if (its := read.page(start)) != page:
                page = its
                shown.append(f"[p. {page}]")
            shown.append(f"{number}\t{line.rstrip()}")
        start += len(line) + 1
    if answer.next_offset is not None:
        shown += ["", f"It goes on: ask for the same with offset={answer.next_offset}."]
    return "\n".join([*shown, *_noted(answer.document.notes)])


def _outlined(read: Read, section: Section, places: Places) -> OutlineSection:
    last = max(section.start, section.end - 1)
    return OutlineSection(
        id=read.id(section.start) if section.is_heading else None,
        title=section.shown,
        level=section.level,
        first_line=read.line(section.start),
        last_line=read.line(last),
        first_page=read.page(section.start),
        last_page=read.page(last),
        share=round(section.share, 4),
        sentences=[Cited(text=sentence.text, place=places.of(sentence)) for sentence in section.sentences],
    )


def _source(read: Read, span: Span, shown: str) -> Source:
    section = read.section(span.start)
    written = " ".join(span.text.split())
    return Source(
        headings=list(section.titles) if section else [],
        line=read.line(span.start),
        last_line=read.line(span.end - 1),
        page=read.page(span.start),
        speaker=span.speaker,
        time=span.time,
        text=None if written == shown else written[:ANSWER],
    )


def _header(document: DocumentAnswer, what: str) -> str:
    pages = f", {document.pages:,} page{'s' * (document.pages != 1)}" if document.pages else ""
    named = f"{document.title} ({document.name})" if document.title else document.name
    return f"{named}: {document.words:,} words{pages}; {what}"


def _asked(about: str | None) -> str:
    return f"what it says about {about!r}, " if about else ""


def _noted(notes: list[str]) -> list[str]:
    return ["", *(f"Note: {note}" for note in notes)] if notes else []
