"""What dialects of Markdown write within lines, as their readers see it: roles and targets of MyST, citations of
pandoc, highlights, names of emoji, and lines that a program replaces. Lines stay at their numbers."""

from __future__ import annotations

import re

from fastsum.readers.blocks import Omissions
from fastsum.readers.signs import lowered, raised

_OF_LINES = (")=", "[TOC]", "[[_TOC_]]", "[!", "tags:")
_OF_CITATIONS = ("[@", "[-@", "[see ", "[cf. ")
_TRACES = {
    "@": _OF_CITATIONS,
    "`": ("}`",),
    "=": ("==", ")="),
    "_": ("[[_TOC_]]",),
    "[": ("[TOC]", "[!"),
    "#": ("tags:",),
    "~": ("~~",),
}
_ROLE = re.compile(
    r"\{(?P<role>[a-z][\w:+-]{0,40})\}`(?P<shown>[^`<>\n]{0,300}?)\s?(?:<(?P<target>[^`<>\n]{1,200})>)?`"
)
_CITING = ("cite", "footcite", "citep", "citet")
# The key of a work has a digit or a colon, and the name of somebody on GitHub is a link or has neither.
_KEY = r"-?@(?=[\w./+-]*[\d:])[\w:./+-]+[^\[\]@]{0,60}"
_CITATION = re.compile(rf" ?\[(?:[\w ., -]{{0,40}} )?{_KEY}(?:; ?{_KEY}){{0,20}}\](?![(\[:])")
_HIGHLIGHT = re.compile(r"==(?=\S)([^=\n]{1,500})(?<=\S)==")
_CODE = r"(?P<code>(?<!`)(`{1,3})(?!`)[^\n]{1,500}?(?<!`)\2(?!`))"
_STRUCK = re.compile(rf"{_CODE}| ?(?<![~\\])~~(?=\S)(?P<struck>[^~\n]{{1,500}})(?<=\S)~~(?!~)")
_SCRIPT = re.compile(
    rf"{_CODE}|(?<=[\w)])\^(?P<raised>[-+−]?\w{{1,8}})\^(?!\^)|(?<=[A-Za-z])~(?P<lowered>\d{{1,3}})~(?!~)"
)
_FORMULA = re.compile(  # nothing that two prices enclose: "$5 to $10"
    rf"{_CODE}|(?<![\\$\w])\$(?![\s$])(?P<formula>(?:[^$\\\n]|\\.){{1,300}}?)(?<!\s)\$(?![\d$])"
)
_RAISED = re.compile(r"\^[-+−]?\w{1,8}\^")  # begun with a sign, these two are searched faster
_MAY_BE_FORMULA = re.compile(r"\$\$|\$[^$\s][^$\n]{0,300}\$")
_OF_FORMULAS = re.compile(r"[\\^_=<>{]|[A-Za-zα-ω]{1,2}\Z")
_DISPLAYED = re.compile(r"^[ >]{0,6}\$\$(?:[^$\n]|\n(?![ \t]*\n)){1,5000}\$\$[ \t]*$", re.MULTILINE)
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
    return (
        any(trace in text for trace in traces)
        or ("$" in text and _MAY_BE_FORMULA.search(text) is not None)
        or ("^" in text and _RAISED.search(text) is not None)
        or _EMOJI.search(text) is not None
    )


def resolved(text: str, omissions: Omissions) -> str:
    """A text in Markdown without what its dialects add."""
    if "}`" in text:
        text = _ROLE.sub(lambda role: _shown(role, omissions), text)
    if any(trace in text for trace in _OF_CITATIONS):
        text = _CITATION.sub(lambda cited: _dropped(cited, omissions), text)
    if "==" in text:
        text = _HIGHLIGHT.sub(r"\1", text)
    if "~~" in text:
        text = _STRUCK.sub(lambda struck: struck["code"] or _omitted(struck["struck"], omissions), text)
    if "^" in text or "~" in text:
        text = _SCRIPT.sub(_written, text)
    if "$" in text:
        text = _DISPLAYED.sub(lambda equation: _left_out(equation[0], omissions), text)
        text = _FORMULA.sub(_formula, text)
    if any(trace in text for trace in _OF_LINES):
        text = _LINE.sub("", text)
    return _EMOJI.sub("", text)


def _shown(role: re.Match[str], omissions: Omissions) -> str:
    if role["role"].partition(":")[0] in _CITING:
        omissions.add("citations", role["shown"])
        return ""
    return role["shown"] or role["target"] or ""


def _omitted(struck: str, omissions: Omissions) -> str:
    omissions.add("struck-out text", struck)
    return ""


def _written(match: re.Match[str]) -> str:
    if match["code"]:
        return match["code"]
    before = match.string[max(0, match.start() - 40) : match.start()]
    return raised(before, match["raised"]) if match["raised"] else lowered(before, match["lowered"])


def _left_out(equation: str, omissions: Omissions) -> str:
    """The lines of a formula that stands on lines of its own, empty; its sentence may go on below."""
    omissions.add("formulas", equation)
    return "\n" * equation.count("\n")


def _formula(match: re.Match[str]) -> str:
    """A formula on one line, or as it is where it may be none or has commands that are not known."""
    if match["code"] or not _OF_FORMULAS.search(match["formula"]):
        return match[0]
    from fastsum.readers.tex.formulas import known_formula

    shown = known_formula(match["formula"])
    return match[0] if shown is None else shown


def _dropped(cited: re.Match[str], omissions: Omissions) -> str:
    omissions.add("citations", cited[0])
    return "\n" * cited[0].count("\n")
