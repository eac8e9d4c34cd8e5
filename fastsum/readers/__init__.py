"""People's own files: formats told apart by what is in them, each read by the module named for it.

A reader's library is loaded in a process of its own, when a file of its format comes.

`blocks`      what all formats share: a document's blocks, and the text made of them
`xml`         XML parsed so that nothing is expanded, fetched or nested without bound
`archive`     the ZIP archives of DOCX and EPUB, opened with a limit on what they grow to
`markup`      the blocks of an HTML tree, as a browser would set them
`formats`     what format a file is in, detected from its content
`layout`      a PDF's words to lines in reading order: columns, running heads, page numbers
`paragraphs`  a PDF's lines to headings, paragraphs and items
`markdown`    Markdown, and plain text
`pdf`         a PDF's words and where they are, from PDFium
`docx`        the body of a Word document
`epub`        the chapters of a book
`html`        the main text of a web page
`jats`        the XML of PubMed Central and publishers
`isolation`   a reader run in a process of its own, with limits on time and memory
`documents`   a file's or standard input's bytes, of any format and encoding, to text
"""

from __future__ import annotations

from fastsum.readers.blocks import Reading
from fastsum.readers.formats import format_of_bytes, format_of_text
from fastsum.readers.isolation import read_apart
from fastsum.readers.markdown import read_markdown


def read_bytes(content: bytes, source: str) -> Reading | None:
    """A PDF, DOCX or EPUB as text; None for bytes that are none of these.

    Raises FastsumError, which names `source`, where such a file cannot be read, or the archive is of another kind.
    """
    name = format_of_bytes(content, source)
    return read_apart(name, content, source) if name else None


def read_text(text: str, source: str) -> Reading:
    """HTML, a paper's JATS XML, Markdown or plain text, decoded, as text.

    Raises FastsumError, which names `source`, where it cannot be read, or is XML of another kind.
    """
    name = format_of_text(text, source)
    return read_apart(name, text.encode("utf-8", "replace"), source) if name else read_markdown(text)
