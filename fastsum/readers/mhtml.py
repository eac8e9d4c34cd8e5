"""MHTML: a web page as browsers save it in one file. The format is a letter whose first HTML part is the page."""

from __future__ import annotations

import email
from collections.abc import Iterator
from email.message import Message

from fastsum.readers import html
from fastsum.readers.blocks import Reading, Unreadable
from fastsum.readers.mail import header, page_of


def read(content: bytes) -> Reading:
    """The main text of the page. Raises Unreadable where the file has no page in it."""
    try:
        message = email.message_from_bytes(content)
        pages = list(_pages(message))
    except RecursionError:
        pages = []
    if not pages:
        raise Unreadable("is a saved web page without a page in it. Save it again.")
    named = [page for page in pages if str(page.get("Content-ID", "")) == str(message.get_param("start", ""))]
    reading = html.read(page_of((named or pages)[0]))
    return reading._replace(title=reading.title or header(message, "Subject") or None)


def _pages(message: Message) -> Iterator[Message]:
    return (part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml"))
