"""How high the words of a heading put it: a part of a book above a chapter, a chapter above a section."""

from __future__ import annotations

from fastsum.text.patterns import lazy

_RANKS = {
    1: ("volume", "vol."),
    2: ("part", "title"),
    3: ("book", "act", "subtitle", "subpart"),
    4: ("chapter", "chap.", "scene", "canto", "letter", "lecture", "lesson", "article", "appendix", "annex", "schedule",
        "stave", "adventure"),
    5: ("section", "sec.", "§"),
}  # fmt: skip
_RANK = {word: rank for rank, words in _RANKS.items() for word in words}
_ONES = "one|two|three|four|five|six|seven|eight|nine"
_NUMBER = (
    r"\d{1,4}|[ivxlc]{1,9}|[a-z]|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
    rf"(?:[- ](?:{_ONES}))?|{_ONES}|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|(?:the )?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last)"
)
_DIVISION = lazy(
    rf"(volume|vol\.|part|title|book|act|subtitle|subpart|chapter|chap\.|scene|canto|letter|lecture|lesson|article"
    rf"|appendix|annex|schedule|stave|adventure|section|sec\.|§)(?:\s+|(?<=[§.]))(?:{_NUMBER})(?=[\s.:)\]—–-]|\Z)[\s.:)\]—–-]*"
)
_ORDINAL = lazy(
    r"(?:the )?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last) "
    r"(volume|part|book|act|chapter|scene|canto|letter|lecture|lesson|section)(?=[.:)\]—–-]|\Z)[\s.:)\]—–-]*"
)
# What is a chapter of its own, and no subject of the section before it.
_APART = lazy(
    r"(?:abstract|summary|executive summary|foreword|preface|prologue|prelude|introduction|background|contents"
    r"|(?:materials? and |patients and )?methods|results(?: and discussion)?|discussion|conclusions?"
    r"|conclud(?:ing) remarks|summary and conclusions?|epilogue|afterword|postscript|appendix|appendices|glossary|index"
    r"|acknowledge?ments?|references|bibliography|notes|about the authors?)[.:]?"
)


def division(heading: str) -> tuple[int, bool] | None:
    """The rank that words give a heading, from 1 (a volume) over 4 (a chapter) to 5 (a section), and whether it has
    only a number and no name: "CHAPTER IV". 0 for what is as high as a chapter, but not counted: "Preface".

    None where its words say nothing of its rank.
    """
    small = " ".join(heading.lower().split())
    if found := _DIVISION.match(small) or _ORDINAL.match(small):
        return _RANK[found[1]], found.end() == len(small)
    return (0, False) if _APART.fullmatch(small) else None
