"""E-mail: the letters of EML and MBOX files, each with who wrote it, when and about what.

The text is that of letters pasted one below the other: lines "From: ...", "Date: ..." and "Subject: ...", a blank line,
and all text parts in order. `text.messages` then knows quotations and signatures, as in pasted mail. Parts in HTML are
read as by `html`, attachments are left out, and messages within a message are messages.
"""

from __future__ import annotations

import codecs
import email
import re
from collections.abc import Iterator
from email.message import Message

from fastsum.readers.blocks import Omissions, Reading, Unreadable
from fastsum.readers.html import every_block

_MOST_NESTED = 12
_MBOX = re.compile(
    # "From " stands first, and what is before it is looked at behind it: then `re` searches for those bytes, 100 times
    # as fast as it tries every place of a large attachment.
    rb"From (?:(?<=\AFrom )[^\r\n]{1,300}"
    rb"|(?:(?<=\n\nFrom )|(?<=\r\n\r\nFrom ))[^\r\n]{1,300}\d{4}[^\r\n]{0,40})\r?\n"
    rb"(?=[!-9;-~]{1,80}:|>From )"
)
_ESCAPED = re.compile(r"^>(?=>*From )", re.MULTILINE)
_FIELDS = ("From", "Date", "Subject")
_HTML_SHARE = 4  # an HTML part with so many times the words of its text part has what the other only points to
_DECLARED = re.compile(rb"<meta[^>]{1,300}charset=[\"']?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_RE = re.compile(r"(?:\s*(?:re|fwd?|aw|wg)(?:\[\d+\])?\s*:)+\s*", re.IGNORECASE)
_ENCRYPTED = frozenset(("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"))


def read(content: bytes) -> Reading:
    """The letters of a file. Raises Unreadable where they have no text."""
    marks = list(_MBOX.finditer(content))
    starts = [match.end() for match in marks]
    ends = [match.start() for match in marks]
    if not marks or content[: ends[0]].strip():  # a letter before the first mark, as in a file that is no mailbox
        starts.insert(0, 0)
    else:
        ends.pop(0)
    omissions = Omissions()
    letters: list[str] = []
    title = ""
    has_words = is_encrypted = False
    for start, end in zip(starts, [*ends, len(content)], strict=True):
        raw = content[start:end]
        try:
            message = email.message_from_bytes(raw.lstrip(b"\r\n") if start == 0 else raw)
            is_encrypted |= message.get_content_type() in _ENCRYPTED
            for heads, body in _letters(message, omissions, 0):
                has_words |= any(map(str.isalnum, body))
                letters.append(f"{heads}\n\n{_ESCAPED.sub('', body) if start else body}".strip("\n"))
        except RecursionError:
            raise Unreadable("is mail with parts nested too deep to be read. Save the letter as text.") from None
        title = title or _RE.sub("", header(message, "Subject"), count=1)
    if not has_words:
        if is_encrypted:
            raise Unreadable("is an encrypted letter. Save it decrypted first.")
        raise Unreadable("is mail without text: attachments alone. Save them, and name those with text.")
    return Reading("\n\n".join(letters), title or None, left_out=omissions.found())


def header(message: Message, name: str) -> str:
    """A header field on one line, with its encoded words decoded; "" where it is missing."""
    raw = message.get(name)
    return "" if raw is None else on_one_line(str(raw))


def on_one_line(field: str) -> str:
    """A header field with its encoded words decoded: =?UTF-8?B?w4k=?= is É."""
    from email.header import decode_header

    parts = [decoded(part, charset) if isinstance(part, bytes) else part for part, charset in decode_header(field)]
    return " ".join("".join(parts).split())


def head_of(writer: str, date: str, subject: str) -> str:
    """The header lines of a letter, as every letter has them in the text."""
    return "\n".join([f"From: {writer}", *([f"Date: {date}"] if date else []), f"Subject: {subject}"])


def _letters(message: Message, omissions: Omissions, depth: int) -> Iterator[tuple[str, str]]:
    """The header lines and the text of a message, and of those that it encloses."""
    enclosed: list[Message] = []
    parts = list(_texts(message, omissions, enclosed, depth))
    yield head_of(*(header(message, name) for name in _FIELDS)), "\n\n".join(part.strip("\n") for part in parts)
    for inner in enclosed:
        yield from _letters(inner, omissions, depth + 1)


def _texts(part: Message, omissions: Omissions, enclosed: list[Message], depth: int) -> Iterator[str]:
    """The inline texts of a part in order; messages within it are added to `enclosed`, the rest to `omissions`."""
    if depth > _MOST_NESTED:
        raise Unreadable("is mail with parts nested too deep to be read. Save the letter as text.")
    kind = part.get_content_type()
    # Only of these: of a text it decodes, with a charset that may not be able to.
    payload = part.get_payload() if part.is_multipart() else None
    children = [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else None
    if kind == "message/rfc822" and children:
        enclosed += children
    elif kind == "multipart/alternative" and children:
        yield from _best([list(_texts(child, omissions, enclosed, depth + 1)) for child in children])
    elif children is not None:
        for child in children:
            yield from _texts(child, omissions, enclosed, depth + 1)
    elif (
        (kind in ("text/plain", "text/html") or (not depth and kind.startswith("text/")))
        and part.get_content_disposition() != "attachment"
    ):  # text/markdown is an attachment beside others, a letter alone
        yield text_of_html(page_of(part), omissions) if kind == "text/html" else _without_diff(_plain(part), omissions)
    else:
        text = _content(part).decode("latin-1") if kind.startswith("text/") else ""
        omissions.add("attachments", text, where=part.get_filename() or kind)


def _best(forms: list[list[str]]) -> list[str]:
    """Of several forms of the same text the first, the plainest; a later one where the first only points to it."""
    texts = [form for form in forms if any(map(str.isalnum, "".join(form)))]
    if not texts:
        return []
    longest = max(texts, key=lambda form: len(" ".join(form).split()))
    return longest if len(" ".join(longest).split()) > _HTML_SHARE * len(" ".join(texts[0]).split()) else texts[0]


def _plain(part: Message) -> str:
    text = decoded(_content(part), part.get_content_charset()).replace("\r\n", "\n").replace("\r", "\n")
    if str(part.get_param("format", "")).lower() == "flowed":
        return _flowed(text, delete=str(part.get_param("delsp", "")).lower() == "yes")
    return text


def _without_diff(text: str, omissions: Omissions) -> str:
    """The text of a letter before the patch that it carries, as `git format-patch` writes them."""
    start = text.find("\ndiff --git ")
    if start < 0:
        return text
    rule = text.rfind("\n---\n", 0, start)  # between the message and the list of changed files
    cut = rule if rule >= 0 else start
    omissions.add("code", text[cut:])
    return text[:cut]


def _flowed(text: str, *, delete: bool) -> str:
    """The lines of a text whose lines continue where they end in a space (RFC 3676)."""
    lines: list[str] = []
    open_quote: str | None = None
    for raw in text.split("\n"):
        bare = raw.lstrip(">")
        quote = raw[: len(raw) - len(bare)]
        bare = bare.removeprefix(" ")
        is_signature = bare == "-- "
        if open_quote == quote and not is_signature and lines:
            lines[-1] = (lines[-1][:-1] if delete else lines[-1]) + bare
        else:
            lines.append(f"{quote} {bare}" if quote else bare)
        open_quote = quote if bare.endswith(" ") and not is_signature else None
    return "\n".join(lines)


def page_of(part: Message) -> bytes:
    """An HTML part in UTF-8."""
    content = _content(part)
    declared = _DECLARED.search(content[:2000])
    charset = part.get_content_charset() or (declared[1].decode() if declared else None)
    return decoded(content, charset).encode("utf-8", "replace")


def _content(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def text_of_html(page: bytes, omissions: Omissions) -> str:
    """The paragraphs of a page in UTF-8, those that it quotes behind "> "."""
    parts = []
    for block, is_quoted in every_block(page, omissions):
        mark = "#" * block.level + " " if block.level else "- " * block.item
        parts.append(("> " if is_quoted else mark) + block.text)
    return "\n\n".join(parts)


def decoded(content: bytes, charset: str | None) -> str:
    """Bytes as text: in the charset that is named, otherwise in the one that they are most likely in."""
    try:
        name = codecs.lookup(charset or "ascii").name
        name = "cp1252" if name == "iso8859-1" else name
        return content.decode(name)
    except (LookupError, ValueError):  # none, an unknown or a wrong one
        pass
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes

        best = from_bytes(content).best()
        return content.decode(best.encoding if best else "cp1252", "replace")
