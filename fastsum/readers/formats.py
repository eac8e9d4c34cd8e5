"""What format a file is in, told by its bytes or its text and never by its name."""

from __future__ import annotations

import io
import re
import zipfile

from fastsum.errors import FastsumError
from fastsum.readers.markup import BLOCKS

SUFFIXES = (".txt", ".md", ".html", ".htm", ".pdf", ".docx", ".epub")
"""The usual suffixes of documents. Formats are detected without them; they tell a file's name from a folder's."""

_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # the part of such a file that holds a DOCX with a password
_PDF = re.compile(rb"(?:\A|[\r\n])%PDF-\d")
_PDF_OBJECT = re.compile(rb"\d\s+obj\b")
_PDF_HEAD = 1024  # bytes among which readers look for the mark
_OTHER_ARCHIVES = (  # a member's name, and what an archive with it is
    ("xl/workbook.xml", "a spreadsheet"),
    ("ppt/presentation.xml", "a presentation"),
    ("content.xml", "an OpenDocument file"),
    ("Index/Document.iwa", "an iWork document"),
)

_HEAD = 20_000  # characters within which a text says what it is
_BEFORE = re.compile(r"(?:\s|\ufeff|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_DOCTYPE = re.compile(r"<!doctype\s+([\w:-]+)[^>\[]*(?:\[.*?\]\s*)?>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<(?:[\w-]+:)?([A-Za-z][\w-]*)[\s/>]")
_PAGE_TAGS = frozenset(("html", "head", "body", "title", "meta", "link", "base", "style", "script"))
_TAGS = re.compile(r"<!--.*?(?:-->|\Z)|<(/?)(?:[\w-]+:)?([A-Za-z][\w-]*)(?:\s[^<>]*?)?(/?)>", re.DOTALL)
_XHTML_TAGS = frozenset(("article", "div", "h1", "h2", "main", "p", "section"))
_PAPER = re.compile(r"<(?:[\w-]+:)?article[\s>]")
_PAPER_PARTS = re.compile(r"<(?:[\w-]+:)?(?:article-meta|journal-meta|front|article-title)[\s>]")


def format_of_bytes(content: bytes, source: str) -> str | None:
    """The reader of a binary format; None for other bytes. Raises FastsumError for one that holds no document."""
    head = content[:_PDF_HEAD]
    if _PDF.search(head) and (head.lstrip().startswith(b"%PDF-") or _PDF_OBJECT.search(content)):
        return "pdf"
    if content.startswith(_OLD_OFFICE) and _ENCRYPTED in content:
        raise FastsumError(f"{source} is encrypted with a password. Save it without one first.")
    return _format_of_archive(content, source) if content.startswith(_ZIP) else None


def _format_of_archive(content: bytes, source: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise FastsumError(
            f"{source} is a damaged or cut off document or archive ({error}). Fetch or save it anew."
        ) from None
    if "META-INF/container.xml" in names:
        return "epub"
    if "[Content_Types].xml" in names and any(name.startswith("word/") for name in names):
        return "docx"
    for name, kind in _OTHER_ARCHIVES:
        if name in names:
            raise FastsumError(f"{source} is {kind}. Save it as PDF, DOCX or text first.")
    raise FastsumError(f"{source} is not text but a ZIP archive. Unpack it and name the documents in it.")


def format_of_text(text: str, source: str) -> str | None:
    """The reader of a text with markup; None for Markdown and plain text. Raises FastsumError for other XML."""
    head = text[:_HEAD]
    start = _end(_BEFORE, head, 0)
    doctype = _DOCTYPE.match(head, start)
    if doctype:
        start = _end(_BEFORE, head, doctype.end())
    tag = _TAG.match(head, start)
    root = tag[1].lower() if tag else ""
    if root in _PAGE_TAGS or (doctype and doctype[1].lower() == "html"):
        return "html"
    if not root:
        return None
    if _PAPER.search(head) and _PAPER_PARTS.search(head):
        return "jats"
    is_xml = doctype is not None or head.lstrip("\ufeff \t\r\n").startswith("<?xml")
    # What says that it is XML may call a list of dishes a menu: less of it is taken for a part of a page.
    if (not is_xml or root in _XHTML_TAGS) and _is_fragment(text, start):
        return "html"
    if is_xml or _after_element(text, root, start) == len(text):
        raise FastsumError(f"{source} is XML, but neither a paper in JATS nor a web page. Convert it to text first.")
    return None


def _is_fragment(text: str, start: int) -> bool:
    """Whether a text is blocks of a page from a place on, and nothing else: a README has words between its tags."""
    place: int | None = start
    while place is not None and place < len(text):
        tag = _TAG.match(text, place)
        if tag is None or not BLOCKS.fullmatch(tag[1].lower()):
            return False
        place = _after_element(text, tag[1].lower(), place)
    return place is not None


def _after_element(text: str, name: str, start: int) -> int | None:
    """Where something follows the element that begins at a place; None where it has no closing tag of its own."""
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
