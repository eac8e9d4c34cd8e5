"""What of a page's own blocks trafilatura has chosen as its main text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from fastsum.readers.blocks import Block
from fastsum.readers.web.markup import Piece

_LOWEST = 7  # below all headings
_SENTENCE_WORDS = 4  # a page where all paragraphs are shorter has only labels, no text
_SENTENCE_LETTERS = 24  # in languages that write words without spaces
SPLIT = frozenset(("code", "navigation"))
"""Kinds of blocks that are compared with what trafilatura found, too."""
_WORD = re.compile(r"\w+")
_RUN = 4  # words: n-grams of this length show where a text was taken from
_FOUND_SHARE = 0.6  # of a paragraph's n-grams
_SHORT = 8  # words: shorter paragraphs have too few n-grams to decide by
_LOST = 1000  # blocks of code and links that are searched for in the whole text
_SAME_LENGTH = 0.9, 1.15  # times the length of the text that was found; outside of this it is another text
_GRAM = 12  # letters in a row
_LOST_SHARE = 1 / 3
_START = 3  # letters by which blocks are looked up
_MOST_LOST = 200  # words between a heading and its text
_USUAL = 3  # headings of a level
_STARTS = 50  # blocks that begin alike and are tried


def is_sentence(text: str) -> bool:
    """Whether a text is long enough to be one."""
    return len(text.split()) >= _SENTENCE_WORDS or (not text.isascii() and len(text) >= _SENTENCE_LETTERS)


def as_set(pieces: list[Piece], found: list[Block]) -> list[Block]:
    """The page's own blocks that make up the main text that trafilatura found, with the headings above them.

    Trafilatura chooses well, but can join paragraphs, lose headings and take code for text. If the two texts differ in
    length by more than that explains, what trafilatura found is returned.
    """
    own = [piece.block for piece in pieces if not piece.left_out or piece.left_out in SPLIT]
    prose = {piece.block for piece in pieces if not piece.left_out}
    words = [tuple(_WORD.findall(block.text.casefold())) for block in own]
    found_words = [tuple(_WORD.findall(block.text.casefold())) for block in found]
    whole = set(found_words)
    joined = [word for block in found_words for word in block]
    runs = [set(zip(*(joined[start:] for start in range(size)), strict=False)) for size in range(_SHORT)]
    seen: set[tuple[str, ...]] = set()
    kept: list[bool | None] = []  # None for short blocks, which follow their neighbours
    for block, block_words in zip(own, words, strict=True):
        if len(block_words) >= _SHORT and not block.level:
            own_runs = list(zip(*(block_words[start:] for start in range(_RUN)), strict=False))
            is_found = sum(run in runs[_RUN] for run in own_runs) >= _FOUND_SHARE * len(own_runs)
            kept.append(is_found and block_words not in seen)
            seen.add(block_words)
        else:
            kept.append(True if block_words in whole else None)
    before = _neighbours(own, kept)
    after = _neighbours(own[::-1], kept[::-1])[::-1]
    # Items between paragraphs of the main text are part of it, which trafilatura does not always see.
    open_items = [None if block.item and not keep else keep for block, keep in zip(own, kept, strict=True)]
    around = zip(_neighbours(own, open_items), _neighbours(own[::-1], open_items[::-1])[::-1], strict=True)
    added = [
        block.item and not keep and block in prose and all(sides) and is_sentence(block.text)
        for block, keep, sides in zip(own, kept, around, strict=True)
    ]
    kept = [True if extra else keep for keep, extra in zip(kept, added, strict=True)]
    below = 0  # level of the last block kept, from the end; a heading above it is kept if it is higher; 0 for none
    for index in range(len(own) - 1, -1, -1):
        level = own[index].level
        if kept[index] is None and level:
            kept[index] = level < below or (level == below and _is_number_above(own, index))
        elif kept[index] is None:
            kept[index] = (before[index] or after[index]) and words[index] in runs[len(words[index])]
        elif not kept[index]:
            below = 0
        if kept[index]:
            below = level or _LOWEST
    _restore_headings(own, kept, prose)
    blocks = [block for block, keep in zip(own, kept, strict=True) if keep]
    least, most = (share * length(found) for share in _SAME_LENGTH)
    count = length(blocks) - length([block for block, extra in zip(own, added, strict=True) if extra])
    if count < least:  # trafilatura's text may include code and links
        letters = "".join(joined)  # without spaces, since words may have been joined
        lost = [block for block, keep in zip(own, kept, strict=True) if not keep and block not in prose][:_LOST]
        count += length([block for block in lost if "".join(_WORD.findall(block.text.casefold())) in letters])
    if not least <= count <= most:
        return found
    text_alone = [block for block in blocks if block in prose]
    return text_alone if length(text_alone) > length(blocks) / 2 else blocks  # a whole page can be preformatted


def _is_number_above(own: list[Block], index: int) -> bool:
    """Whether a heading has only the one below it, of its level: "CHAPTER I" above "The Harbour", and no third."""
    levels = [block.level for block in own[max(0, index - 1) : index + 3]]
    here = min(index, 1)
    alone = here == 0 or levels[0] != levels[here]
    return alone and levels[here + 1 : here + 2] == [levels[here]] and levels[here + 2 : here + 3] != [levels[here]]


def _restore_headings(own: list[Block], kept: list[bool | None], prose: set[Block]) -> None:
    """Keep headings, of a level that the main text has, whose text begins with a few words that trafilatura has lost:
    the verse above a chapter."""
    levels = Counter(block.level for block, keep in zip(own, kept, strict=True) if keep and block.level)
    lost = _MOST_LOST + 1  # words between here and the next block that is kept, from the end
    for index in range(len(own) - 1, -1, -1):
        block = own[index]
        if kept[index]:
            lost = 0
        elif block.level and lost <= _MOST_LOST and levels[block.level] >= _USUAL:
            kept[index] = True
        elif not block.level:
            lost += len(_WORD.findall(block.text)) if block in prose else _MOST_LOST + 1


def parted(kept: list[Block], pieces: list[Piece]) -> Iterator[Block]:
    """The blocks, with those that trafilatura has joined, without a space between them, as the page has them."""
    texts = {piece.block.text for piece in pieces}
    joined = [block for block in kept if not block.level and block.text not in texts]
    letters = [_letters(piece.block.text) for piece in pieces] if joined else []
    starts: dict[str, list[int]] = {}
    for place, own in enumerate(letters):
        starts.setdefault(own[:_START], []).append(place)
    tables = [_letters(piece.block.text) for piece in pieces if piece.left_out == "tables"] if joined else []
    lost = _grams("".join(tables))
    for block in kept:
        is_joined = not block.level and block.text not in texts
        run = _run(block, letters, starts) if is_joined else range(0)
        parts = [pieces[place].block for place in run if not pieces[place].left_out]
        if not parts and is_joined and lost and _is_of(block, lost):
            continue  # a table of data, whose cells trafilatura has put one behind the other
        yield from parts or [block]


def _run(block: Block, letters: list[str], starts: dict[str, list[int]]) -> range:
    """The places of the blocks in a row that have the letters of a block; an empty range if none have."""
    whole = _letters(block.text)
    for start in starts.get(whole[:_START], [])[:_STARTS]:
        place, end = start, 0
        while place < len(letters) and end < len(whole) and whole.startswith(letters[place], end):
            end += len(letters[place])
            place += 1
        if end == len(whole) and place > start:
            return range(start, place)
    return range(0)


def _grams(letters: str) -> set[str]:
    return {letters[start : start + _GRAM] for start in range(len(letters) - _GRAM + 1)}


def _is_of(block: Block, lost: set[str]) -> bool:
    """Whether many of a block's letters stand in what is left out, of which these are the runs; its prose does not."""
    own = _grams(_letters(block.text))
    return len(own & lost) > _LOST_SHARE * len(own)


def _letters(text: str) -> str:
    return "".join(_WORD.findall(text.casefold()))


def length(blocks: list[Block]) -> int:
    """The words of blocks other than headings."""
    return sum(len(_WORD.findall(block.text)) for block in blocks if not block.level)


def _neighbours(blocks: list[Block], kept: list[bool | None]) -> list[bool]:
    """For each block, whether the nearest block before it that is not a heading and is decided on is kept."""
    found = [False]
    for block, keep in zip(blocks, kept, strict=True):
        found.append(found[-1] if keep is None or block.level else keep)
    return found[:-1]
