"""The format of a file, detected from its bytes or its text and never from its name."""

from __future__ import annotations

import io
import re

from fastsum.errors import FastsumError, NotADocument
from fastsum.readers.detection.codelines import is_code
from fastsum.readers.detection.recognition import markup_of_text
from fastsum.readers.detection.refusals import refusal
from fastsum.readers.web.tags import BLOCKS

FORMATS = (
    "asciidoc", "captions", "docx", "epub", "fb2", "feed", "html", "jats", "latex", "mail", "man", "markdown", "mhtml",
    "msg", "notebook", "odf", "org", "pdf", "pptx", "rst", "rtf", "tei", "text",
)  # fmt: skip
"""The names of formats: of the modules that read them, except for Markdown and plain text."""
OF_BYTES = ("docx", "epub", "fb2", "mail", "mhtml", "msg", "odf", "pdf", "pptx", "rtf")
"""Formats whose bytes are no text in some encoding."""
IN_PLACE = ("markdown", "text")
"""Formats that need no process of their own."""

SUFFIXES = (".txt", ".md", ".html", ".htm", ".pdf", ".docx", ".rtf", ".pptx", ".odt", ".odp", ".fb2")
"""The usual suffixes of documents. They are not used to detect formats, only to recognize the name of a file."""

_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # the part of such a file that holds a DOCX with a password
_RTF = b"{\\rtf"
_OUTLOOK = "__properties_version1.0".encode("utf-16-le")  # the part of such a file that describes a letter
_MBOX = re.compile(rb"From [^\r\n]{1,300}\r?\n")
_LETTER_HEADER = re.compile(
    rb"(?:\xef\xbb\xbf)?\s{0,20}"
    rb"(?:[!-9;-~]{1,76}[ \t]?:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){2,500}(?=\r?\n|\Z)"
)
_HEADER_NAME = re.compile(rb"^(?:\xef\xbb\xbf)?([!-9;-~]{1,76})[ \t]?:", re.MULTILINE)
_OF_LETTERS = frozenset((b"from", b"subject", b"to", b"date", b"sender"))
_OF_PROGRAMS = frozenset(  # that nobody writes above a letter, or copies with it
    (b"received", b"message-id", b"mime-version", b"content-type", b"return-path", b"delivered-to", b"x-mailer")
)
_OF_SENT_LETTERS = frozenset((b"to", b"received", b"message-id", b"cc", b"delivered-to"))
_RELATED = re.compile(rb"content-type:\s*multipart/related\b", re.IGNORECASE)
_CAPTIONS = re.compile(
    r"[\s\ufeff]{0,20}(?:WEBVTT(?=\s|\Z)"
    r"|(?:\d{1,6}[ \t]*\n)?[ \t]*(?:\d{1,3}:)?\d\d:\d\d[,.]\d{1,3}[ \t]*-->[ \t]*\d"
    r"|\d{1,2}:\d\d:\d\d\.\d{3},\d{1,2}:\d\d:\d\d\.\d{3}[ \t]*\n)"
)
_PDF = re.compile(rb"(?:\A|[\r\n])%PDF-\d")
_PDF_OBJECT = re.compile(rb"\d\s+obj\b")
_PDF_HEAD = 1024  # bytes in which PDF readers look for the mark
_OTHER_ARCHIVES = (  # a member's name, and what an archive that has it is
    ("Index/Document.iwa", "an iWork document"),
)

_HEAD = 20_000  # characters of a text in which its kind shows
_PHP = re.compile(r"\s*<\?php\b")
_BEFORE = re.compile(r"(?:\s|\ufeff|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_DOCTYPE = re.compile(r"<!doctype\s+([\w:-]+)[^>\[]*(?:\[.*?\]\s*)?>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<(?:[\w-]+:)?([A-Za-z][\w.-]*)[\s/>]")
_PAGE_TAGS = frozenset(("html", "head", "body", "title", "meta", "link", "base", "style", "script"))
_TAGS = re.compile(r"<!--.*?(?:-->|\Z)|<(/?)(?:[\w-]+:)?([A-Za-z][\w-]*)(?:\s[^<>]*?)?(/?)>", re.DOTALL)
_XHTML_TAGS = frozenset(("article", "div", "h1", "h2", "main", "p", "section"))
_XML_FORMATS = {  # the root element of a format, a part of a namespace if others have that element too, and the reader
    "rss": ("", "feed"),
    "feed": ("/atom", "feed"),
    "rdf": ("purl.org/rss/", "feed"),
    "fictionbook": ("", "fb2"),
    "tei": ("", "tei"),
    "tei.2": ("", "tei"),
    "teicorpus": ("", "tei"),
    "document": ("urn:oasis:names:tc:opendocument:", "odf"),
}
_IN_COMMENTS = ("asciidoc", "org", "rst")  # markup that code has in its comments
_PAPER = re.compile(r"<(?:[\w-]+:)?article[\s>]")
_PAPER_PARTS = re.compile(r"<(?:[\w-]+:)?(?:article-meta|journal-meta|front|article-title)[\s/>]")


def format_of_bytes(content: bytes, source: str) -> str | None:
    """The name of the reader for a format of bytes, such as mail; None for other bytes. Raises FastsumError for
    archives of other kinds."""
    head = content[:_PDF_HEAD]
    if _PDF.search(head) and (head.lstrip().startswith(b"%PDF-") or _PDF_OBJECT.search(content)):
        return "pdf"
    if content.startswith(_OLD_OFFICE) and _OUTLOOK in content:
        return "msg"
    if content.startswith(_OLD_OFFICE) and _ENCRYPTED in content:
        raise FastsumError(f"{source} is encrypted with a password. Save it without one first.")
    if content[:64].lstrip().startswith(_RTF):
        return "rtf"
    return _format_of_archive(content, source) if content.startswith(_ZIP) else _format_of_letter(content)


def _format_of_letter(content: bytes) -> str | None:
    """ "mail" or "mhtml" where the bytes begin with the header of a letter as programs send them."""
    mark = _MBOX.match(content)
    header = _LETTER_HEADER.match(content, mark.end() if mark else 0)
    names = {name.lower() for name in _HEADER_NAME.findall(header[0])} if header else set()
    if header is None or not names & _OF_LETTERS or not names & _OF_PROGRAMS:
        return None
    is_page = _RELATED.search(header[0]) is not None and not names & _OF_SENT_LETTERS
    return "mhtml" if is_page else "mail"


def _format_of_archive(content: bytes, source: str) -> str:
    import zipfile  # with what it imports, a tenth of reading a plain text

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise FastsumError(
            f"{source} is a damaged or cut off document or archive ({error}). Download or save it again."
        ) from None
    if "META-INF/container.xml" in names:
        return "epub"
    if "[Content_Types].xml" in names and any(name.startswith("word/") for name in names):
        return "docx"
    if "xl/workbook.xml" in names:
        raise NotADocument(
            f"{source} is a spreadsheet. Save its text as DOCX or PDF, or its rows as CSV and name the column with "
            "--column."
        )
    if "ppt/presentation.xml" in names:
        return "pptx"
    if any(name.endswith(".fb2") for name in names):
        return "fb2"
    if "content.xml" in names:
        return "odf"
    for name, kind in _OTHER_ARCHIVES:
        if name in names:
            raise FastsumError(f"{source} is {kind}. Save it as PDF, DOCX or text first.")
    raise NotADocument(f"{source} is not text but a ZIP archive. Unpack it and name the documents in it.")


def format_of_text(text: str, source: str) -> str | None:
    """The name of the reader for a text; None for Markdown and plain text.

    Raises FastsumError for other XML, and NotADocument for code, logs and data.
    """
    head = text[:_HEAD]
    if _CAPTIONS.match(head):
        return "captions"
    if _PHP.match(head) and (reason := refusal(text)):
        raise NotADocument(f"{source} {reason}")
    start = _end(_BEFORE, head, 0)
    doctype = _DOCTYPE.match(head, start)
    if doctype:
        start = _end(_BEFORE, head, doctype.end())
    tag = _TAG.match(head, start)
    root = tag[1].lower() if tag else ""
    if root in _PAGE_TAGS or (doctype and doctype[1].lower() == "html"):
        return "html"
    if not root:
        return _format_of_plain(text, source)
    if _PAPER.search(head) and _PAPER_PARTS.search(head):
        return "jats"
    space, reader = _XML_FORMATS.get(root, ("", ""))
    if reader and space in head.lower():
        return reader
    is_xml = doctype is not None or head.lstrip("\ufeff \t\r\n").startswith("<?xml")
    # In XML of other kinds a tag such as menu can mean anything, so fewer tags are taken as HTML there.
    if (not is_xml or root in _XHTML_TAGS) and _is_fragment(text, start):
        return "html"
    if is_xml or _after_element(text, root, start) == len(text):
        raise FastsumError(f"{source} is XML, but neither a paper in JATS nor a web page. Convert it to text first.")
    return _format_of_plain(text, source)


def _format_of_plain(text: str, source: str) -> str | None:
    """The name of the reader for a text without tags; None for Markdown and plain text."""
    name = markup_of_text(text)
    if name and not (name in _IN_COMMENTS and is_code(text[:_HEAD])):
        return name
    if reason := refusal(text):
        raise NotADocument(f"{source} {reason}")
    return None


def _is_fragment(text: str, start: int) -> bool:
    """Whether a text from `start` has only HTML block elements; a README in Markdown has words between its tags."""
    position: int | None = start
    while position is not None and position < len(text):
        tag = _TAG.match(text, position)
        if tag is None or tag[1].lower() not in BLOCKS:
            return False
        position = _after_element(text, tag[1].lower(), position)
    return position is not None


def _after_element(text: str, name: str, start: int) -> int | None:
    """The offset after the element that begins at `start` and its trailing space; None where the end tag is missing."""
    depth = 0
    for tag in _TAGS.finditer(text, start):
        if (tag[2] or "").lower() == name:
            depth += -1 if tag[1] else not (tag[3] or name == "hr")
            if depth <= 0:
                return _end(_BEFORE, text, tag.end())
    return None


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    match = pattern.match(text, start)
    return match.end() if match else start
