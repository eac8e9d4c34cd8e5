"""The tools: their arguments with descriptions and limits, and what each does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.json_schema import SkipJsonSchema

from fastsum.assistant.answers import (
    OutlineAnswer,
    PassageAnswer,
    SummaryAnswer,
    outline_answer,
    outline_text,
    passage_answer,
    passage_text,
    summary_answer,
    summary_text,
)
from fastsum.assistant.calls import Call
from fastsum.assistant.library import MOST_CHARACTERS, Library
from fastsum.assistant.passages import passage
from fastsum.errors import FastsumError
from fastsum.summary.limits import DEPTHS
from fastsum.summary.outline import Outline

MOST_WORDS = 1_500
"""Of a summary."""
MOST_ASKED = 1_000
"""Characters of a question."""


# Without null in the schema, which some assistants' models then give.
Length = Literal["short", "medium", "long"] | SkipJsonSchema[None]
About = Annotated[str, Field(max_length=MOST_ASKED)] | SkipJsonSchema[None]
Words = Annotated[int, Field(ge=1, le=MOST_WORDS)] | SkipJsonSchema[None]


class _Arguments(BaseModel):
    model_config = ConfigDict(extra="forbid")

    path: str | SkipJsonSchema[None] = Field(
        default=None,
        description="The file: PDF, Word, EPUB, HTML, LaTeX, mail, captions, Markdown, text and more. Absolute, or "
        "relative to a folder that this server may read.",
    )
    text: str | SkipJsonSchema[None] = Field(
        default=None,
        description=f"The document itself, in place of path; at most {MOST_CHARACTERS:,} characters.",
    )


class SummarizeArguments(_Arguments):
    """The arguments of summarize."""

    about: About = Field(
        default=None, description="A question or words: only what the document says about them is summarized."
    )

    length: Length = Field(
        default=None,
        description="Half, once or twice the usual length, which grows with the document; medium if not given.",
    )
    words: Words = Field(default=None, description="The most words of the summary, in place of length.")


class OutlineArguments(_Arguments):
    """The arguments of outline."""

    about: About = Field(
        default=None, description="A question or words: only sections and sentences that are about them are given."
    )

    depth: int = Field(
        default=2,
        ge=DEPTHS[0],
        le=DEPTHS[-1],
        description="To which depth of headings; deeper ones are in their sections.",
    )
    length: Length = Field(
        default=None, description="Half, once or twice the usual length of the whole outline; medium if not given."
    )
    words: Words = Field(default=None, description="The most words of the whole outline, in place of length.")
    offset: int = Field(default=0, ge=0, description="Sections to pass over: next_offset of the answer before.")


class ReadArguments(_Arguments):
    """The arguments of read."""

    section: str | SkipJsonSchema[None] = Field(
        default=None, description="A section by its heading, the beginning of it, or its id in the outline: 's12'."
    )
    lines: str | SkipJsonSchema[None] = Field(default=None, description="Lines of its text: '12', '12-30' or '12-'.")
    pages: str | SkipJsonSchema[None] = Field(default=None, description="Pages of a PDF: '3', '3-4' or '3-'.")
    offset: int = Field(
        default=0, ge=0, description="Characters of that to pass over: next_offset of the answer before."
    )


class Answer(NamedTuple):
    """What a tool returns: the same as data and as text."""

    data: BaseModel
    text: str


class Tool(NamedTuple):
    """A tool of the server."""

    name: str
    title: str
    about: str
    arguments: type[_Arguments]
    answer: type[BaseModel]
    work: Callable[[Library, Call, Any], Answer]

    def checked(self, given: dict[str, Any]) -> _Arguments:
        """The arguments of a call. Raises FastsumError, which lists every one that is wrong."""
        try:
            return self.arguments.model_validate(given)
        except ValidationError as error:
            found = [one for one in error.errors(include_url=False) if one["type"] != "none_required"]
            problems = "; ".join(map(_problem, found))
            known = ", ".join(self.arguments.model_fields)
            raise FastsumError(
                f"{self.name} cannot be called like that: {problems}. Its arguments are {known}."
            ) from None


def schema_of(model: type[BaseModel]) -> dict[str, Any]:
    """The JSON Schema of arguments or of an answer, without what only repeats the names in it."""
    schema = model.model_json_schema()
    for described in (schema, *schema.get("$defs", {}).values()):
        described.pop("title", None)
        for field in described.get("properties", {}).values():
            field.pop("title", None)
            if field.get("default", 0) is None:
                del field["default"]
    return schema


def _problem(error: Any) -> str:
    name = error["loc"][0]
    if error["type"] == "extra_forbidden":
        return f"there is no argument {name!r}"
    return f"{name}: {error['msg'][:1].lower()}{error['msg'][1:]}"


def _summarize(library: Library, call: Call, given: SummarizeArguments) -> Answer:
    read = library.read(call, given.path, given.text)
    answer = summary_answer(read, read.summarize(call.progress, **_options(given)))
    return Answer(answer, summary_text(answer))


def _outline(library: Library, call: Call, given: OutlineArguments) -> Answer:
    read = library.read(call, given.path, given.text)
    outline = read.summarize(call.progress, **_options(given), outline=given.depth)
    assert isinstance(outline, Outline)
    count = sum(1 for _ in outline.all_sections())
    if given.offset and given.offset >= count:
        raise FastsumError(
            f"offset {given.offset:,} is past the end: there are {count:,} sections. Give a smaller one."
        )
    answer = outline_answer(read, outline, given.offset)
    return Answer(answer, outline_text(answer))


def _options(given: SummarizeArguments | OutlineArguments) -> dict[str, Any]:
    return {"length": given.length, "words": given.words, "about": given.about}


def _read(library: Library, call: Call, given: ReadArguments) -> Answer:
    read = library.read(call, given.path, given.text)
    found = passage(read, given.section, given.lines, given.pages)
    size = found.end - found.start
    if given.offset and given.offset >= size:
        raise FastsumError(
            f"offset {given.offset:,} is past the end: there are {size:,} characters. Give a smaller one."
        )
    answer = passage_answer(read, found, given.offset)
    return Answer(answer, passage_text(answer, read, found.start + given.offset))


TOOLS = (
    Tool(
        "summarize",
        "Summarize a document",
        "Summarize a long document on this machine, in its own sentences. Each comes with its page or lines and its "
        "heading, to cite. Much cheaper than reading the document; read what is around a sentence with read.",
        SummarizeArguments,
        SummaryAnswer,
        _summarize,
    ),
    Tool(
        "outline",
        "Outline a document",
        "Summarize a long document section by section, nested by its headings, on this machine: each section with its "
        "lines or pages, its share of the document and one to three of its sentences. Begin here to find what to read.",
        OutlineArguments,
        OutlineAnswer,
        _outline,
    ),
    Tool(
        "read",
        "Read part of a document",
        "Read a section, lines or pages of a document of any format as text, with line and page numbers to cite. A "
        "long part comes in several answers: ask again with offset.",
        ReadArguments,
        PassageAnswer,
        _read,
    ),
)
