"""RTF: the text of a Rich Text document, without headers, notes, hidden text, pictures and tables of figures.

Source: Rich Text Format Specification, version 1.9.1.
"""

from __future__ import annotations

import re

from fastsum.readers.blocks import Block, Omissions, Reading, Unreadable, compose
from fastsum.readers.office import rtfmath
from fastsum.readers.office.fieldcodes import SYMBOL_FIELD, equation
from fastsum.readers.office.lines import BOLD_LEVEL, Line, with_tables, without_bullet
from fastsum.readers.office.rtfcodes import (
    COUNTED,
    DROPPED,
    KINDS,
    LEFT_OUT_FIELDS,
    LEFT_OUT_STYLES,
    MARK_FIELDS,
    SIGNS,
    SYMBOLS,
    Fonts,
    code_page,
    is_utf8,
)
from fastsum.readers.office.rtfstate import PROPERTIES, Field, Sink, State
from fastsum.readers.signs import NoteMarks
from fastsum.readers.symbol import symbol

MAX_SIZE = 200_000_000  # bytes
MAX_NESTING = 1_000  # groups; Word writes about 20

_TOKEN = re.compile(
    rb"\\([A-Za-z]{1,32})(-?\d{1,10})? ?|\\'([0-9A-Fa-f]{2})|\\(.)|([{}])|[\r\n\0]+|([^\\{}\r\n\0]+)|\\", re.DOTALL
)
_WORD, _NUMBER, _HEX, _SYMBOL, _BRACE, _CHARACTERS = range(1, 7)
_HEADING_STYLE = re.compile(r"heading ([1-9])")


def read(content: bytes) -> Reading:
    """The text of a document. Raises Unreadable where it is damaged or cut off."""
    if len(content) > MAX_SIZE:
        raise Unreadable(f"is an RTF of over {MAX_SIZE // 1_000_000} MB, which is not read. Save it without pictures.")
    return _Reader(content).reading()


class _Reader:
    def __init__(self, content: bytes) -> None:
        self.content = content
        self.body = Sink("text", is_text=True)
        self.state = State(self.body)
        self.stack: list[State] = []
        self.omissions = Omissions()
        self.marks = NoteMarks()
        self.title = ""  # in the document's properties
        self.titled = ""  # by the style Title
        self.default_font = -1
        self.fonts = Fonts()
        self.styles: dict[int, tuple[str, int]] = {}  # name and level
        self.waiting = bytearray()  # bytes of which characters are made, since some have two
        self.high = 0  # the first half of a character beyond FFFF
        self.substitutes = 0  # characters still to be skipped: what old readers show in place of a Unicode one
        self.is_fresh = False  # just behind the bracket that opens a group
        self.starred = False
        self.charset = -1  # of the font whose description is being read
        self.is_utf8 = not content.isascii() and is_utf8(content)

    def reading(self) -> Reading:
        end = self._tokens()
        self._flush()
        depth = len(self.stack)
        warnings = []
        if depth and not self.content[:end].rstrip().endswith((b"\\par", b"}")):
            raise Unreadable("is cut off: it ends within a group. Download or save it again.")
        if depth:
            warnings.append("has no closing bracket at its end, and may be cut off.")
        self._end_paragraph(self.body, self.state)
        self.body.end_table()
        blocks = with_tables(self.body.blocks, self.omissions)
        if any("\ufffd" in block.text for block in blocks):
            warnings.append("has characters that its code page or font of symbols does not say; they became \ufffd.")
        return compose(blocks, self.titled or " ".join(self.title.split()), warnings=warnings, omissions=self.omissions)

    def _tokens(self) -> int:
        """Read to the end of the document, and return where that is."""
        content, match_at, position = self.content, _TOKEN.match, 0
        while token := match_at(content, position):
            position = token.end()
            kind = token.lastindex
            if kind == _CHARACTERS:
                self._bytes(token[_CHARACTERS])
            elif kind == _HEX:
                self._bytes(bytes((int(token[_HEX], 16),)))
            elif kind == _BRACE:
                self._flush()
                self.substitutes = 0
                if token[_BRACE] == b"{":
                    self._open()
                elif self._close():
                    return position
            elif kind == _SYMBOL:
                self._symbol(token[_SYMBOL])
            elif kind in (_WORD, _NUMBER):
                number = int(token[_NUMBER]) if kind == _NUMBER else None
                if token[_WORD] == b"bin":
                    position += max(number or 0, 0)
                word = token[_WORD].decode("ascii")
                if self.substitutes and word in SIGNS:
                    self.substitutes -= 1
                else:
                    self._flush()
                    self._word(word, number)
        return position

    def _open(self) -> None:
        if len(self.stack) >= MAX_NESTING:
            raise Unreadable("is nested too deep to be read. Open it and save it again.")
        self.stack.append(self.state)
        self.state = self.state.copy()
        if self.state.sink is not None and self.state.sink.kind == "both":
            self.state.sink = None
        self.starred, self.is_fresh = False, True

    def _close(self) -> bool:
        """End a group, and say whether it was the whole document."""
        closed = self.state.sink
        if not self.stack:
            return True
        closing, self.state = self.state, self.stack.pop()
        self.starred = self.is_fresh = False
        if closed is not None and closed is not self.state.sink:
            self._end_sink(closed, closing)
        if not self.stack:
            self._end_paragraph(self.body, closing)
        return not self.stack

    def _end_sink(self, sink: Sink, closing: State) -> None:
        text = "".join(sink.collected)
        around = self.state.sink
        if sink.kind == "title":
            self.title = text
        elif sink.kind == "bullet":
            if around is not None and text.strip():
                around.is_item = True
        elif sink.kind == "instruction":
            self._instruction(text)
        elif sink.formula is not None:
            rtfmath.ended(sink.formula, text)
            if around is not None and around.formula is None:
                self._text(rtfmath.text_of(sink.formula))
        elif sink.is_text:
            self._end_paragraph(sink, closing)
            sink.end_table()
            if around is not None and around.is_text:
                around.boxes.extend(sink.blocks)
        elif sink.kind not in ("both", "fonts", "styles"):
            self.omissions.add(sink.kind, text)

    # Characters ------------------------------------------------------------------------------------------------------

    def _bytes(self, text: bytes) -> None:
        self.starred = self.is_fresh = False
        if self.substitutes:
            skipped = min(self.substitutes, len(text))
            self.substitutes -= skipped
            text = text[skipped:]
        if self.is_utf8 and len(text) > 1 and not text.isascii():
            self._flush()
            self._text(text.decode("utf-8", "replace"))
        elif self.state.sink is not None:
            self.waiting += text

    def _flush(self) -> None:
        """Turn the waiting bytes into characters of the font's code page."""
        if not self.waiting:
            return
        text = bytes(self.waiting)
        self.waiting.clear()
        self._text(self.fonts.decoded(text, self.state.font))

    def _text(self, text: str) -> None:
        state, sink = self.state, self.state.sink
        self.high = 0
        if sink is None:
            return
        if not sink.is_text:
            sink.collected.append(text)
            if sink.kind in ("fonts", "styles") and ";" in text:
                self._entry(sink)
        elif unseen := state.unseen:
            sink.unseen.setdefault(unseen, []).append(text)
        else:
            sink.line.add(text, state.script, bold=state.bold)

    def _unicode(self, code: int) -> None:
        code += 0x10000 if code < 0 else 0
        if 0xD800 <= code < 0xDC00:
            self.high = code
        elif 0xDC00 <= code < 0xE000:
            self._text(chr(0x10000 + ((self.high - 0xD800) << 10) + code - 0xDC00) if self.high else "\ufffd")
        else:
            self._text(self.fonts.character(code, self.state.font))
        self.substitutes = self.state.unicode_length

    def _symbol(self, sign: bytes) -> None:
        if sign == b"*":
            self.starred = self.is_fresh
        elif self.substitutes:
            self.substitutes -= 1
        elif sign in (b"\\", b"{", b"}"):
            self._bytes(sign)
        elif sign in SYMBOLS:
            self._flush()
            if SYMBOLS[sign] == "\n":
                self._word("par", None)
            else:
                self._text(SYMBOLS[sign])

    # Words -----------------------------------------------------------------------------------------------------------

    def _word(self, word: str, number: int | None) -> None:
        state = self.state
        starred, begins = self.starred, self.starred or self.is_fresh
        self.starred = self.is_fresh = False
        if act := PROPERTIES.get(word):
            act(state, 1 if number is None else number)
        elif word == "u":
            self._unicode(number or 0)
        elif word in SIGNS:
            self._text(SIGNS[word])
        elif word in ("par", "sect", "cell", "nestcell", "row", "nestrow"):
            self._paragraph(word)
        elif word == "plain":
            state.set_plain(self.default_font)
        elif word == "f":
            state.font = number or 0
        elif word == "fcharset":
            self.charset = number or 0
        elif word in KINDS:
            self.fonts.page = KINDS[word]
        elif word == "ansicpg":
            self.fonts.page = code_page(number or 0)
        elif word == "deff":
            self.default_font = state.font = number or 0
        elif word == "field":
            state.field = Field()
        else:
            self._destination(word, starred, begins)

    def _destination(self, word: str, starred: bool, begins: bool) -> None:
        state, sink = self.state, self.state.sink
        if word == "title":
            state.sink = Sink("title")
            state.font = -1
        elif word == "ud":
            state.sink = state.replaced
        elif sink is None:
            return
        elif begins and (element := rtfmath.begun(word, sink.formula)) is not None:
            state.sink = Sink("formula", formula=element)
        elif word == "upr":
            state.replaced, state.sink = sink, Sink("both")
        elif word == "fonttbl":
            state.sink = Sink("fonts")
        elif word == "stylesheet":
            state.sink = Sink("styles")
        elif word in ("listtext", "pntext"):
            state.sink = Sink("bullet")
        elif word in ("shptxt", "dptxbxtext") and sink.is_text:
            state.sink = Sink("text", is_text=True)
            state.set_paragraph()
        elif word == "fldinst":
            state.sink = Sink("instruction")
        elif word == "fldrslt":
            self._result()
        elif word in COUNTED:
            state.sink = Sink(COUNTED[word]) if sink.is_text else sink
        elif word in DROPPED or (starred and word not in ("shpinst", "do", "moMathPara")):
            state.sink = None

    def _entry(self, sink: Sink) -> None:
        """A font or style is described, in the group that ends with its name and a semicolon."""
        state, name = self.state, "".join(sink.collected).partition(";")[0].strip()
        sink.collected.clear()
        if sink.kind == "fonts":
            self.fonts.add(state.font, name, self.charset)
            self.charset = -1
        else:
            style = name.partition(",")[0].casefold()
            heading = _HEADING_STYLE.match(style)
            level = int(heading[1]) if heading else {"title": 1, "subtitle": 2}.get(style, state.level)
            self.styles.setdefault(state.style, (style, level))

    def _instruction(self, text: str) -> None:
        if self.state.field is not None:
            self.state.field.instruction = text
        if named := SYMBOL_FIELD.match(text):
            self._text(symbol((named[2] or "Symbol").strip(), int(named[1], 0)))
        elif text.split()[:1] == ["EQ"]:
            if (shown := equation(text.replace("\\\\", "\\"), "")) is not None:
                self._text(shown)
            else:
                self.omissions.add("equations", text)

    def _result(self) -> None:
        state = self.state
        kind = (state.field.instruction.split() or [""])[0].upper() if state.field else ""
        if kind in LEFT_OUT_FIELDS:
            state.sink = Sink(LEFT_OUT_FIELDS[kind])
        elif kind in MARK_FIELDS or kind == "SYMBOL":
            state.sink = None

    # Paragraphs ------------------------------------------------------------------------------------------------------

    def _paragraph(self, word: str) -> None:
        sink = self.state.sink
        self.substitutes = 0
        if sink is None:
            return
        if not sink.is_text:
            sink.collected.append(" ")
            return
        in_table = self.state.in_table or word not in ("par", "sect")
        if not in_table:
            sink.end_table()
        self._end_paragraph(sink, self.state, in_table)
        if word in ("cell", "nestcell"):
            sink.end_cell()
        elif word in ("row", "nestrow"):
            sink.end_row()

    def _end_paragraph(self, sink: Sink, state: State, in_table: bool = False) -> None:
        line = sink.line
        texts, boxes = line.texts(self.marks), sink.boxes
        style, level = self.styles.get(state.style, ("", 0))
        kind = next((kind for start, kind in LEFT_OUT_STYLES if style.startswith(start)), "")
        made: list[Block] = []
        for text in texts:
            if kind:
                self.omissions.add(kind, text)
                continue
            heading = state.level or level
            if state.drop_cap and len(text) <= 2:
                sink.initial = text
                continue
            if not (heading or in_table or sink.is_item or state.is_listed) and line.is_bold_heading(text):
                heading = BOLD_LEVEL
            is_item = (sink.is_item or state.is_listed) and not heading
            if style == "title" and not self.titled:
                self.titled = text
            made.append(without_bullet(Block(sink.initial + text, heading, is_item)))
            sink.initial = ""
        for unseen, parts in sink.unseen.items():
            self.omissions.add(unseen, "".join(parts))
        if not texts and not in_table:
            made.append(Block(""))  # which may divide lines that are paragraphs each
        if in_table:
            sink.cell += [*made, *with_tables(boxes, self.omissions)]
        else:
            sink.blocks += [*made, *boxes]
        sink.line, sink.is_item, sink.unseen, sink.boxes = Line(), False, {}, []
