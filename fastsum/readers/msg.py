"""MSG: a letter as Outlook saves it. python-oxmsg, of the extra `mail`, reads the fields of the OLE file."""

from __future__ import annotations

import codecs
import io
import re
import struct

from fastsum.errors import FastsumError, require
from fastsum.readers.blocks import Omissions, Reading, Unreadable
from fastsum.readers.mail import head_of, on_one_line, text_of_html

_CODE_PAGE = re.compile(r"windows_(\d{3,5})")  # python-oxmsg names all of them so; Python knows only some by this name
_NO_YEAR = 1601  # of a date that is nought


def read(content: bytes) -> Reading:
    """The letter, as `mail` writes one. Raises Unreadable where it is damaged, or python-oxmsg is not installed."""
    try:
        require("oxmsg", "Outlook's letters", "mail")
    except FastsumError as error:
        raise Unreadable(f"cannot be read: {error.message}") from None
    from oxmsg import Message

    codecs.register(_code_page)
    omissions = Omissions()
    try:  # python-oxmsg checks nothing, so each field of a damaged file fails in its own way
        message = Message.load(io.BytesIO(content))
        attached = [attachment.file_name for attachment in message.attachments]
        body, page = message.body or "", message.html_body or ""
        writer, sent, subject = on_one_line(message.sender or ""), message.sent_date, message.subject
    except (LookupError, OSError, RecursionError, ValueError, OverflowError, TypeError, AttributeError, struct.error):
        raise Unreadable("is a damaged or cut off letter of Outlook. Save it again.") from None
    for name in attached:
        omissions.add("attachments", where=name or "attachment")
    if not any(map(str.isalnum, body)) and page:
        body = text_of_html(page.encode("utf-8", "replace"), omissions)
    if not any(map(str.isalnum, body)):
        raise Unreadable("is a letter without text. Save its attachments, and name those with text.")
    date = sent.strftime("%a, %d %b %Y %H:%M:%S %z").strip() if sent and sent.year > _NO_YEAR else ""
    text = f"{head_of(writer, date, subject)}\n\n{body}".replace("\r\n", "\n")
    return Reading(text, subject or None, left_out=omissions.found())


def _code_page(name: str) -> codecs.CodecInfo | None:
    found = _CODE_PAGE.fullmatch(name)
    return codecs.lookup(f"cp{found[1]}") if found else None
