"""The headings of a document, and how high each is.

A mark, a number ("2.3 Costs") or a word ("Chapter 4") says that a line is a heading. Of any other line only its looks
say so, and a line of verse, of a letter or of a sign looks the same: where a document marks or counts its headings,
such lines are held to more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from fastsum.text.contents import Contents, contents_of
from fastsum.text.patterns import lazy
from fastsum.text.source import Source
from fastsum.text.wrapping import SETEXT

_MARK = re.compile(r"\s{0,3}(#{1,6})(?:\s+|\Z)")
_CLOSING_MARK = re.compile(r"\s+#+\s*\Z")
_NUMBERED = lazy(r"(\d{1,3}(?:\.\d{1,3}){0,5})(?:[.):]\s*|\s+|\Z)(.*)")
_ROMAN = lazy(r"([IVX]{1,5}|[IVXLC]{2,9}|[ivx]{2,5})(?:[.):—–-]\s*|\Z)(.*)")
_LETTER = lazy(r"\(?[A-Z][.)]\s+\S")
_STOP_WITHIN = lazy(r"[.?!][\"”’)_]*(?:\s+|[—–-]+)[\"“(]?[A-Z]")
_WORD = lazy(r"[^\W\d_]{2}")
_ALNUM = lazy(r"[^\W_]+")
_OF_INDEX = lazy(r",[\"”’]?\s*_?\d[\d,–\s-]*_?\Z")  # "Alto, male, 260"
_QUOTES = "\"'“‘"
_UNMARKED = 7  # below all six levels of Markdown
_CHAPTER, _SECTION, _UNKNOWN = 4, 5, 20
_FIRST = frozenset(("1", "i", "one", "first"))
_LEAST_MARKED = 3  # headings from which on what is not marked is none
_LONGEST_LEAD_IN = 7  # words of a heading that ends with a colon
_LONGEST_LABEL, _MOST_WORDS = 120, 20  # characters, words of a line
_MOST_LINES, _MOST_OF_ALL = 5, 60  # lines, words of a long heading
_LEAST_LETTERS = 4  # of a word whose capital says that a line is a title
_TITLED, _NAMED = 0.8, 0.8
_FEW_WORDS = 4  # of a heading that begins as a question does: "Who pays"
_MOST_NAME = 8  # words of a chapter's name with a stop
_MOST_ABOVE = 5_000  # characters of a paragraph
_ROW = 3  # lines of looks alone with nothing between them are a title page, a table, a poem


class Heading(NamedTuple):
    """A heading of a document: sentences `first` to `end`."""

    first: int
    end: int
    title: str
    """As the document has it, without marks."""
    rank: tuple[int, int]
    """Lower is higher: the level that is marked, then the level that number or words give it."""
    known: bool
    """Whether anything but its looks says that it is a heading."""
    bare: bool
    """Whether it has only a number, so that the next heading may be its name."""


class _Candidate(NamedTuple):
    """What may be a heading: sentences `first` to `end`."""

    first: int
    end: int
    title: str
    mark: int
    """The level that is marked; 0 if none is."""
    expected: bool
    """Whether the place says that it is one: an entry of the table of contents, or the line below a bare number."""
    stopped: bool = False
    """Whether it is a line in capitals with a full stop, which can only be one where others are counted."""


def headings_of(source: Source) -> list[Heading]:
    """The headings of a document in order. A table of contents is one heading, with all that it has. Linear in the
    number of sentences."""
    contents = contents_of(source.text)
    found = list(_candidates(source, contents))
    labels = [_label(one.title, source) for one in found]
    counts = sum(label is not None and label[0] > 0 and not one.mark for one, label in zip(found, labels, strict=True))
    marks = sum(one.mark > 0 for one in found)
    marked = marks > 0 and (marks >= _LEAST_MARKED or not counts)
    counted = any(label is not None and label[0] > 0 for label in labels)
    kept = []
    for one, label in zip(found, labels, strict=True):
        if one.title.endswith((",", "-")) or (not one.mark and _is_no_title(one, source)):
            continue
        looks = label is None and not (one.mark and marked)
        if one.stopped and not counted:
            continue
        if looks and not one.expected:
            if _is_of_a_sentence(one.title, source) or (marked and marks >= _LEAST_MARKED):
                continue
            if counted and not _stands_out(one, source):
                continue
        inner, bare = label or (_UNKNOWN if counted and not one.mark and not one.expected else _CHAPTER, False)
        if not marked and one.mark and label is None:
            inner = _UNKNOWN
        level = (one.mark or _UNMARKED) if marked else 0
        kept.append(Heading(one.first, one.end, one.title, (level, inner or _CHAPTER), not looks, bare))
    return _named(_without_rows(_below_chapters(kept, source)) if counted else kept, source)


def _without_rows(headings: Sequence[Heading]) -> list[Heading]:
    """Headings without the rows of such as are known by looks alone, with nothing between them."""
    rows: list[list[Heading]] = []
    for heading in headings:
        goes_on = rows and rows[-1][-1].end == heading.first and not heading.known and not rows[-1][-1].known
        if goes_on:
            rows[-1].append(heading)
        else:
            rows.append([heading])
    return [heading for row in rows if len(row) < _ROW for heading in row]


def _below_chapters(headings: Sequence[Heading], source: Source) -> list[Heading]:
    """Headings with those of a kind, such as "Part", below the chapters, if each chapter counts its own: "Part I"
    comes back, and always behind a chapter, or behind what is below one."""
    kinds = {}  # of the headings that words count, by their place
    for place, heading in enumerate(headings):
        label = source.language.division(heading.title)
        if label is not None and 0 < label[0] <= _CHAPTER:
            words = heading.title.lower().split(None, 2)
            number = _ALNUM.search(words[1]) if len(words) > 1 else None
            first = number is not None and number[0] in _FIRST
            kinds[place] = (words[0], label[0] == _CHAPTER and words[0].startswith("chap"), first)
    order = list(kinds.values())
    below = {kind: 0 for kind, is_chapter, _ in order if is_chapter}
    while below:
        found = {}
        for kind in {kind for kind, _, _ in order} - below.keys():
            above = [order[n - 1][0] if n else "" for n, one in enumerate(order) if one[0] == kind and one[2]]
            if len(above) > 1 and all(one in below for one in above):
                found[kind] = 1 + max(below[one] for one in above)
        if not found:
            break
        below.update(found)
    moved = list(headings)
    for place, (kind, _, _) in kinds.items():
        if depth := below.get(kind, 0):
            moved[place] = moved[place]._replace(rank=(moved[place].rank[0], _CHAPTER + depth))
    return moved


def _is_of_a_sentence(title: str, source: Source) -> bool:
    """Whether a line that looks like a heading is part of a sentence: a clause that announces a letter or a list, a
    line of a letter, a small word alone."""
    words = title.split()
    if title.endswith(":"):
        return len(words) > _LONGEST_LEAD_IN
    last = words[-1].lower()
    return (
        title.endswith(";")
        or (last.isalpha() and source.language.leads_on(last))
        or (len(words) == 1 and source.language.is_small_word(last))
        or (title[0] in '"“' and not title.rstrip(".!?").endswith(('"', "”")))
    )


def _is_no_title(one: _Candidate, source: Source) -> bool:
    """Whether a line is never a heading for its looks: a row of numbers ("26)54 0 6½"), a remark in brackets, or the
    beginning of a numbered paragraph: "38. There are two kinds of them:"."""
    title, count = one.title, len(one.title.split())
    if source.language.division(title) is not None:
        return False
    if title[0] in "[{" or title[-1] in "}" or _is_closing(title) or (count > 1 and _WORD.search(title) is None):
        return True
    if not _NUMBERED.fullmatch(title):
        return False
    end = source.sentences[one.end - 1].end
    goes_on = source.text[end : source.text.find("\n", end + 1)].strip() != ""
    return (title.endswith(":") and count > _FEW_WORDS) or (goes_on and _STOP_WITHIN.search(title, 4) is not None)


def _stands_out(one: _Candidate, source: Source) -> bool:
    """Whether a line that only looks like a heading can be one in a document that counts its headings: it is no line
    of verse, of a letter, of a sign or of a table, no remark in brackets and no sentence that is broken off."""
    text, bare = source.text, one.title.lstrip("_*")
    words = bare.split()
    letters = sum(word[:1].isalpha() or word[:1] in _QUOTES for word in words)
    if not bare or bare[0] in "[({" or bare[0].islower() or 2 * letters <= len(words):
        return False
    if words[0].lower() == "by" or _OF_INDEX.search(bare):
        return False
    begin, end = source.sentences[one.first].start, source.sentences[one.end - 1].end
    above, after = text[max(0, begin - _LONGEST_LABEL) : begin], text[end : text.find("\n", end + 1)]
    if above.rstrip()[-1:] in (":", ",") or (not bare.isupper() and (after.strip() or _touches(above))):
        return False
    titled = _is_titled(words)
    if bare[0] in _QUOTES:
        return titled and not _is_quoted_on(text, begin)
    if bare.endswith(":"):
        return titled and len(words) > 2
    asks = len(words) <= _FEW_WORDS and source.language.is_asking(words[0].lower())
    return titled or asks or source.language.is_title(bare)


def _touches(above: str) -> bool:
    """Whether text ends in the line above."""
    return above.count("\n", len(above.rstrip())) == 1 and above.strip() != ""


def _is_closing(title: str) -> bool:
    """Whether a line ends a remark in brackets that it does not begin."""
    return any(title.count(close) > title.count(opening) for opening, close in ("[]", "()"))


def _is_quoted_on(text: str, start: int) -> bool:
    """Whether the paragraph before a line begins a quotation and does not end it: a letter, and who wrote it."""
    above = text[max(0, start - _MOST_ABOVE) : start].rstrip()
    paragraph = above[above.rfind("\n\n") + 1 :]
    return paragraph.count("“") > paragraph.count("”") or paragraph.count('"') % 2 == 1


def _is_titled(words: Sequence[str]) -> bool:
    """Whether words begin with capitals as those of a title do, the short ones not counted."""
    bare = [word.strip("\"'“”‘’_*()[]—–-.,:;?!") for word in words]
    long = [word for word in bare if len(word) >= _LEAST_LETTERS and word[0].isalpha()] or bare
    return sum(word[:1].isupper() for word in long) >= _TITLED * len(long)


def _candidates(source: Source, contents: Contents | None) -> Iterator[_Candidate]:
    """All that may be headings."""
    text, sentences = source.text, source.sentences
    done, named = 0, -1  # named: the sentence behind a number alone, which may be its name
    for index, (start, end, _) in enumerate(sentences):
        if index < done:
            continue
        if contents and contents.start <= start < contents.end:
            done = index + 1
            while done < len(sentences) and sentences[done].start < contents.end:
                done += 1
            yield _Candidate(
                index, done, " ".join(text[start:end].split()).strip("#* "), _marked(text, start, end), True
            )
            continue
        entry = contents is not None and start in contents.headings
        label = source.language.division(" ".join(text[start:end].split())) if sentences[index].is_heading else None
        goes_on = label is not None and label[0] > 0 and not label[1] and "\n" in _paragraph(text, start, _MOST_ABOVE)
        if sentences[index].is_heading and not goes_on:
            done = index + 1
            title = text[start:end]
            if mark := _MARK.match(title):
                title = _CLOSING_MARK.sub("", title[mark.end() :])
            found = _Candidate(index, done, " ".join(title.split()), _marked(text, start, end), entry or index == named)
        else:
            line = _labelled_line(source, start)
            if not line and entry and _is_titled((entry_line := _paragraph(text, start)).split()):
                line = entry_line
            if not line and index == named:
                line = _name(text, start)
            stopped = not line
            if not line and not (line := _loud(text, start)):
                continue
            done = index + 1
            while done < len(sentences) and sentences[done].end <= start + len(line):
                done += 1
            expected = not stopped and (entry or index == named)
            found = _Candidate(index, done, " ".join(line.split()), 0, expected, stopped)
        if found.title:
            label = _label(found.title, source)
            named = done if label is not None and label[1] else 0
            yield found


def _marked(text: str, start: int, end: int) -> int:
    """The level of a heading by its marks or by the line below it, 1 for "===", 2 for "---"; 0 if it has none."""
    if mark := _MARK.match(text, start, end):
        return len(mark[1])
    stop = text.find("\n", end + 1)
    below = text[end + 1 : stop if stop >= 0 else len(text)]
    if not below.strip() or text[end : end + 1] != "\n" or not SETEXT.fullmatch(below):
        return 0
    return 1 if "=" in below else 2


def _paragraph(text: str, start: int, most: int = _MOST_LINES * _LONGEST_LABEL) -> str:
    """The paragraph that begins at `start`, a line at least; "" if something is before it in its line, or it has more
    characters than a heading."""
    if start and text[text.rfind("\n", 0, start) + 1 : start].strip():
        return ""
    lines = text[start : start + most].split("\n")
    found = [*lines[:1]]
    for line in lines[1:]:
        if not line.strip():
            return "\n".join(found).rstrip()
        found.append(line)
    return "" if start + most < len(text) else "\n".join(found).rstrip()


def _name(text: str, start: int) -> str:
    """The line that begins at `start`, if it is the name of the number above it: "WHO GOES?", "The Harbour."."""
    line = _paragraph(text, start)
    words = line.split()
    named = line.isupper() or (len(words) <= _MOST_NAME and _is_titled(words))
    return line if named and "\n" not in line and len(words) <= _MOST_WORDS else ""


def _loud(text: str, start: int) -> str:
    """The paragraph that begins at `start`, if it is one line in capitals with a full stop: "ORDERS AND SIGNALS."."""
    if not text[start : start + _LEAST_LETTERS].isupper() or not text[start].isalpha():
        return ""
    line = _paragraph(text, start)
    fits = len(line) <= _LONGEST_LABEL and 1 < len(line.split()) <= _MOST_NAME and "\n" not in line
    return line if fits and line.isupper() and line.endswith(".") and "." not in line[:-1] else ""


def _labelled_line(source: Source, start: int) -> str:
    """What begins at `start`, if it is a heading such as "CHAPTER IV." that only its stop, or a second line, keeps from
    being one; else ""."""
    text = source.text
    if not text[start : start + 1].isupper() or (start and text[text.rfind("\n", 0, start) + 1 : start].strip()):
        return ""
    stop = text.find("\n", start, start + 2 * _LONGEST_LABEL)
    line = text[start : stop if stop >= 0 else len(text)].rstrip()
    label = source.language.division(line) if len(line) <= _LONGEST_LABEL else None
    if label is None or len(line.split()) > _MOST_WORDS:
        return ""
    if label[1]:
        return line
    words, whole = line.split(), _paragraph(text, start)
    if label[0] == 0:
        return line if line == whole and line.isupper() else ""
    if not (words[0].isupper() or _is_titled(words)):
        return ""
    if whole == line or label[0] >= _SECTION:  # a statute's "SEC. 2. The" begins its paragraph
        return line if whole == line or words[0].isupper() else ""
    lines = whole.split("\n")
    every = whole.split()
    if 1 < len(lines) <= _MOST_LINES and len(every) <= _MOST_OF_ALL:
        inner = whole[len(words[0]) + 1 + len(words[1]) :]
        short = len(lines) <= 2 and len(every) <= _MOST_WORDS + 5 and not _STOP_WITHIN.search(inner)
        if _is_titled(every) or short:
            return whole
    return line if _is_titled(words) and line.endswith(".") else ""


def _label(title: str, source: Source) -> tuple[int, bool] | None:
    """The rank that words or a number give a heading, and whether it has nothing else; None if there are none."""
    if label := source.language.division(title):
        return label
    if found := _NUMBERED.fullmatch(title):
        return _CHAPTER + found[1].count("."), not found[2]
    if found := _ROMAN.fullmatch(title):
        return _CHAPTER, not found[2]
    return (_SECTION, False) if _LETTER.match(title) else None


def _named(headings: Sequence[Heading], source: Source) -> list[Heading]:
    """Headings with the name of each that has only a number, which is the next line: "CHAPTER I", "The Harbour"."""
    bare = [place for place, one in enumerate(headings) if one.bare]
    below = [place for place in bare if _has_name(headings, place, source)]
    usual = len(below) > 1 and len(below) >= _NAMED * len(bare)
    found: list[Heading] = []
    for number, heading in enumerate(headings):
        before = found[-1] if found else None
        if before is not None and before.bare and before.end == heading.first and not heading.bare:
            after = headings[number + 1] if number + 1 < len(headings) else None
            alone = heading.rank <= before.rank or after is None or after.rank != heading.rank
            named = alone and (not heading.known or heading.rank > before.rank)
            if named or (usual and _has_name(headings, number - 1, source)):
                title = f"{before.title.rstrip('.:')}. {heading.title}"
                found[-1] = before._replace(end=heading.end, title=title, bare=False)
                continue
        found.append(heading)
    return found


def _has_name(headings: Sequence[Heading], place: int, source: Source) -> bool:
    """Whether right below a number alone is a line that only looks like a heading, or one marked as high as it."""
    one, after = headings[place], headings[place + 1 : place + 2]
    if not after or after[0].first != one.end:
        return False
    return not after[0].known or (after[0].rank[0] == one.rank[0] and _label(after[0].title, source) is None)
