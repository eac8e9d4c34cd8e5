"""MSG: a letter as Outlook saves it. python-oxmsg, of the extra `mail`, reads the fields of the OLE file."""

from __future__ import annotations

import codecs
import io
import re

from fastsum.errors import FastsumError, require
from fastsum.readers.blocks import Omissions, Reading, Unreadable
from fastsum.readers.mail import head_of, text_of_html

_CODE_PAGE = re.compile(r"windows_(\d{3,5})")  # python-oxmsg names all of them so; Python knows only some by this name


def read(content: bytes) -> Reading:
    """The letter, as `mail` writes one. Raises Unreadable where it is damaged, or python-oxmsg is not installed."""
    try:
        require("oxmsg", "Outlook's letters", "mail")
    except FastsumError as error:
        raise Unreadable(f"cannot be read: {error.message}") from None
    from oxmsg import Message

    codecs.register(_code_page)
    message = Message.load(io.BytesIO(content))
    omissions = Omissions()
    for attachment in message.attachments:
        omissions.add("attachments", where=attachment.file_name or "attachment")
    body = message.body or ""
    if not any(map(str.isalnum, body)) and message.html_body:
        body = text_of_html(message.html_body.encode("utf-8", "replace"), omissions)
    if not any(map(str.isalnum, body)):
        raise Unreadable("is a letter without text. Save its attachments, and name those with text.")
    date = message.sent_date.strftime("%a, %d %b %Y %H:%M:%S %z").strip() if message.sent_date else ""
    text = f"{head_of(message.sender or '', date, message.subject)}\n\n{body}".replace("\r\n", "\n")
    return Reading(text, message.subject or None, left_out=omissions.found())


def _code_page(name: str) -> codecs.CodecInfo | None:
    found = _CODE_PAGE.fullmatch(name)
    return codecs.lookup(f"cp{found[1]}") if found else None
