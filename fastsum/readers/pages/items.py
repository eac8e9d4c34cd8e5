"""Items of lists among the lines of a column: bullets, whatever font draws them, and numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fastsum.readers.pages.words import Line

_BULLET = re.compile("[•‣◦▪▫●○■□◘◙►▶▸▹➢➤➔⇒❖◆◇✓✔✗✘☐☑★☆∙⁃¾�]+ ")
_TIGHT = re.compile(r"[•‣▪●■►]+(?=[^\W\d_])")  # without a space after it
_DASH = re.compile(r"[–—*+>·→»›-] ")
# What symbol fonts call their bullets where the file does not say what they show, and Word's second level (o).
_LETTER = re.compile("[olnquvwyüØàð§!¡~ÄÜÿ] ")
_ANY = re.compile(r"[^\d ] ")
_NUMBERED = re.compile(r"(?:\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]|\[\d{1,3}\])\s")
_ENDED = re.compile(r"[.?!:;…,][\"”’»)\]]*\Z")
_NEAR = 0.4  # of the size
_SHORT = 40  # characters: a longer line can be one of a sentence


def is_numbered(text: str) -> bool:
    """Whether a line begins as an item with a number or a letter does: (a), 2., [3]."""
    return _NUMBERED.match(text) is not None


def marked_items(flow: list[Line]) -> Iterator[tuple[Line, bool]]:
    """Each line of a column, without its bullet if it has one, and whether it had one."""
    for index, line in enumerate(flow):
        text = line.text
        bullet = None
        if len(text) > 2 and text[1].isalpha():
            bullet = _TIGHT.match(text)
        elif len(text) > 2 and " " in text[1:3]:
            bullet = _BULLET.match(text)
            if bullet is None and (dash := _DASH.match(text)) and _is_dash_of_item(line, flow, index):
                bullet = dash
            if (
                bullet is None
                and line.set_off
                and (letter := _LETTER.match(text))
                and _is_drawn_bullet(line, flow, index)
            ):
                bullet = letter
        yield (line._replace(text=text[bullet.end() :]), True) if bullet else (line, False)


def hangs(line: Line, first: Line) -> bool:
    """Whether a line begins below the text of an item's first line, to the right of its bullet or number."""
    return first.hang > 0 and abs(line.x0 - first.hang) <= _NEAR * line.size


def _is_dash_of_item(line: Line, flow: list[Line], index: int) -> bool:
    """Whether a dash at the beginning of a line is a bullet, not a dash of a sentence that the line's end divides."""
    if index == 0:
        return True
    above = flow[index - 1]
    in_sentence = line.text[0] in "–—" and line.text[2].islower() and not _ENDED.search(above.text)
    if in_sentence and abs(line.x0 - above.x0) <= _NEAR * line.size and len(above.text) > _SHORT:
        return False
    if line.set_off:
        return True
    if line.x0 < above.x0 - _NEAR * line.size:  # the one above goes on below the text of an item
        return (
            any(_is_like(line, other) for other in flow if other is not line) or _ENDED.search(above.text) is not None
        )
    return _ENDED.search(above.text) is not None or line.x0 > above.x0 + _NEAR * line.size or _is_like(line, above)


def _is_drawn_bullet(line: Line, flow: list[Line], index: int) -> bool:
    """Whether a letter set off at the beginning of a line is a bullet: in a font of its own, repeated, or hanging."""
    if (line.odd and _LETTER.match(line.text)) or (index + 1 < len(flow) and hangs(flow[index + 1], line)):
        return True
    return any(_is_like(line, other) for other in flow if other is not line)


def _is_like(line: Line, other: Line) -> bool:
    return other.text[:2] == line.text[:2] and abs(other.x0 - line.x0) <= _NEAR * line.size
