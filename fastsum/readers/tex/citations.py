"""Citations and cross-references of LaTeX in a sentence: left out in brackets, named where the sentence needs them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fastsum.readers.tex.sources import Groups

_CITED = re.compile("([^\\s\ue000\ue001]{0,100})([\\s~]{0,10})\ue000([^\ue001]*)\ue001")
_BRACKETS = re.compile("\\s*[(\\[]([^()\\[\\]]*)[)\\]]")
_REFERENCE = re.compile("\ue002([^\ue003]*)\ue003")
_MARKS = re.compile("[\ue000-\ue003]")
_BIBITEM = re.compile(r"\\bibitem\s*\[")
_AUTHORS = re.compile(r"\{?(.+?)\s*\((\d{4}\w?)\)", re.DOTALL)
_KEY = re.compile(r"([A-Za-z][a-z]{2,}|[A-Z][A-Za-z]{2,})[-_:.]?((?:19|20)\d\d)(?!\d)[a-z]?")
# Behind these a citation is a word of the sentence: "in [3]".
_NEEDING = frozenset(
    (
        *("by", "from", "in", "of", "see", "to", "with", "like", "than", "and", "or", "as", "following", "on", "for"),
        *("at", "under", "after", "per", "via", "both", "while", "also", "e.g.,", "i.e.,", "cf.", "unlike", "between"),
    )
)
_GOES_ON = re.compile("\\s+(?:and\\s+\ue000|[a-z])")
_VERB = re.compile(r"\s+[a-z]{2,}(?:s|ed|d|ew|nd|ve|ure)\b")
_SMALL = frozenset(
    (
        *("see", "cf", "also", "e", "g", "i", "eg", "ie", "section", "sections", "sec", "secs", "figure", "figures"),
        *("fig", "figs", "table", "tables", "tab", "eq", "eqs", "eqn", "equation", "equations", "chapter", "chapters"),
        *("appendix", "appendices", "app", "theorem", "lemma", "and", "or", "to", "in", "the", "for", "details", "of"),
        *("example", "part", "left", "right", "panel", "top", "bottom", "supplementary", "below", "above", "page"),
    )
)
_SPACE_BEFORE = re.compile(r"\s+([,.;:!?)\]])")
_DOUBLED = re.compile(r"([,;])(?:\s*[,;])+")
_TWO_STOPS = re.compile(r"(?<=\bal\.)\s*\.(?!\.)")  # of "et al." and of its sentence, a citation between them
_EMPTY = re.compile(r"\s*(?:\(\s*[,;.\s]*\)|\[\s*\])")


class Marks:
    """Puts marks for citations and references into a text, and writes them out when the sentence around is known."""

    def __init__(self, body: str) -> None:
        """`body` is the LaTeX of the document, for the names in its list of references and its labels."""
        self._names = dict(_names(body))

    def citation(self, keys: Sequence[str], *, naming: bool) -> str:
        """A mark for a citation of works with these keys; `naming` where its authors are words of the sentence."""
        shown = " and ".join(filter(None, [", ".join(map(self._name, keys[:-1])), *map(self._name, keys[-1:])]))
        return shown if naming else f"\ue000{shown}\ue001"

    def reference(self, label: str, noun: str = "") -> str:
        """A mark for the number of a section, figure, table or equation, which LaTeX would count."""
        return f"{noun} \ue002{label}\ue003" if noun else f"\ue002{label}\ue003"

    def shown(self, text: str) -> str:
        """A text on one line without marks."""
        text = " ".join(text.split())
        if not _MARKS.search(text) and "(" not in text:
            return _SPACE_BEFORE.sub(r"\1", text) if " " in text else text
        if "\ue002" in text:
            text = _BRACKETS.sub(lambda match: "" if _is_pointer(match[1]) else match[0], text)
            text = _REFERENCE.sub("[?]", text)
        if "\ue000" in text:
            text = _CITED.sub(lambda match: _cited(match, text), text)
        text = _EMPTY.sub("", text)
        if "al." in text:
            text = _TWO_STOPS.sub("", text)
        return _SPACE_BEFORE.sub(r"\1", _DOUBLED.sub(r"\1", " ".join(text.split())))

    def _name(self, key: str) -> str:
        if key in self._names:
            return self._names[key]
        if named := _KEY.match(key):
            return f"{named[1][0].upper()}{named[1][1:]} ({named[2]})"
        return f"[{key}]"


def _cited(match: re.Match[str], text: str) -> str:
    word, _, shown = match.groups()
    begins = (not word or word[-1] in ".!?:") and not word.endswith("al.")
    follows = _GOES_ON if begins else _VERB if word[-1] in ";," else None
    if word.lower().lstrip("(") in _NEEDING or (follows and follows.match(text, match.end())):
        return f"{word} {shown}"
    return word


def _is_pointer(inner: str) -> bool:
    """Whether what is in brackets only says where to look."""
    if "\ue002" not in inner:
        return False
    words = re.findall(r"[A-Za-z]+", _REFERENCE.sub(" ", inner))
    return all(word.lower() in _SMALL or len(word) == 1 for word in words)


def _names(body: str) -> list[tuple[str, str]]:
    """The key and the authors with the year of each entry of a list of references that has them in its label."""
    found = []
    braces = Groups(body)
    for match in _BIBITEM.finditer(body):
        label_end = body.find("]{", match.end())
        end = braces.end(label_end + 1) if 0 <= label_end < match.end() + 500 else None
        label = body[match.end() : label_end].replace("~", " ").replace("\\", "").replace("{", "").replace("}", "")
        if end is not None and (authors := _AUTHORS.match(" ".join(label.split()))):
            found.append((body[label_end + 2 : end - 1].strip(), f"{authors[1]} ({authors[2]})"))
    return found
