"""What dialects of Markdown write within lines, as their readers see it: roles and targets of MyST, citations of
pandoc, highlights, names of emoji, and lines that a program replaces. Lines stay at their numbers."""

from __future__ import annotations

import re

from fastsum.readers.blocks import Omissions

_OF_LINES = (")=", "[TOC]", "[[_TOC_]]", "[!", "tags:")
_OF_CITATIONS = ("[@", "[-@", "[see ", "[cf. ")
_TRACES = {
    "@": _OF_CITATIONS,
    "`": ("}`",),
    "=": ("==", ")="),
    "_": ("[[_TOC_]]",),
    "[": ("[TOC]", "[!"),
    "#": ("tags:",),
}
_ROLE = re.compile(
    r"\{(?P<role>[a-z][\w:+-]{0,40})\}`(?P<shown>[^`<>\n]{0,300}?)\s?(?:<(?P<target>[^`<>\n]{1,200})>)?`"
)
_CITING = ("cite", "footcite", "citep", "citet")
# The key of a work has a digit or a colon, and the name of somebody on GitHub is a link or has neither.
_KEY = r"-?@(?=[\w./+-]*[\d:])[\w:./+-]+[^\[\]@]{0,60}"
_CITATION = re.compile(rf" ?\[(?:[\w ., -]{{0,40}} )?{_KEY}(?:; ?{_KEY}){{0,20}}\](?![(\[:])")
_HIGHLIGHT = re.compile(r"==(?=\S)([^=\n]{1,500})(?<=\S)==")
_LINE = re.compile(  # the target of a reference, and what stands for the contents, tags or the kind of a remark
    r"^[ >]{0,6}(?:\([\w.:-]{1,80}\)=|\[TOC\]|\[\[_TOC_\]\]|\[![A-Z]{3,12}\]|#{1,6} tags: *(?:`[^`\n]*`[, ]*)+)[ \t]*$",
    re.MULTILINE,
)
_COMMON = """
    art book boom bug bulb calendar clap computer construction dart eyes exclamation fire gear gift heart key link lock
    mag memo package pencil question rocket smile sparkles star tada trophy warning wave wrench zap
"""
# Begun with the colon, it is searched many times as fast.
_EMOJI = re.compile(
    rf":(?<![\w:`/]:)(?:[a-z0-9]+(?:_[a-z0-9]+)+|\+1|-1|100|{'|'.join(_COMMON.split())})(?::(?![\w:`])|:(?=:[a-z])) ?"
)


def may_be_resolved(text: str) -> bool:
    """Whether a text has a trace of what dialects add."""
    traces = (trace for sign, traces in _TRACES.items() if sign in text for trace in traces)  # a sign is found faster
    return any(trace in text for trace in traces) or _EMOJI.search(text) is not None


def resolved(text: str, omissions: Omissions) -> str:
    """A text in Markdown without what its dialects add."""
    if "}`" in text:
        text = _ROLE.sub(lambda role: _shown(role, omissions), text)
    if any(trace in text for trace in _OF_CITATIONS):
        text = _CITATION.sub(lambda cited: _dropped(cited, omissions), text)
    if "==" in text:
        text = _HIGHLIGHT.sub(r"\1", text)
    if any(trace in text for trace in _OF_LINES):
        text = _LINE.sub("", text)
    return _EMOJI.sub("", text)


def _shown(role: re.Match[str], omissions: Omissions) -> str:
    if role["role"].partition(":")[0] in _CITING:
        omissions.add("citations", role["shown"])
        return ""
    return role["shown"] or role["target"] or ""


def _dropped(cited: re.Match[str], omissions: Omissions) -> str:
    omissions.add("citations", cited[0])
    return "\n" * cited[0].count("\n")
