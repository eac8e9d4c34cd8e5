"""What is no document: source code, logs, data. Recognized from the text, with the way out for each.

A false refusal is worse than a summary of code: what could be prose is never refused. Notes, lists, poems, letters,
chats and texts in any script or all in capitals are prose, and so are documents that show much code. Patterns are
compiled where they are needed, as most texts need few of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from itertools import pairwise

from fastsum.readers.detection.codelines import is_code
from fastsum.readers.detection.density import lacks_prose

_HEAD = 40_000  # characters that are looked at
_LINES = 400
_FEW = 3  # lines: fewer are only refused as JSON

_ANYWAY = "To read it as text all the same: --format-in text."
_JSON = "is JSON, not prose. If its rows hold documents, save it as JSON Lines and name their column with --column."
_TABLE = "is a table of data, not prose. If its rows hold documents, name their column with --column."
_SETTINGS = "holds settings or data ({}), not prose. Name a document."
_LOG = "is the log of a program, not prose. Name a document."
_PATH_LIST = "is a list of files, or the output of a program, not prose. Name a document."
_CODE = "is source code, not prose. Name its documentation, or save the text that you want summarized on its own."
_NO_PROSE = "has hardly a word of prose: it is code, settings or data. Name a document."
_PATCH = "is a patch of source code, not prose. Name a document."
_ENCODED = "holds encoded data, not prose. Decode it first."
_BIBLIOGRAPHY = "is a list of references in BibTeX, not prose. Name a document."
_CALENDAR = "is a calendar or a list of addresses, not prose. Name a document."
_POINTER = "is a pointer of Git LFS to a file that is not here. Fetch it first: git lfs pull."
_POSTSCRIPT = "is PostScript. Convert it to PDF first: ps2pdf."

_JSON_START = r"\s*(?:\[\s*)*(?:\{\s*\"(?:[^\"\\]|\\.)*\"\s*:|\{\s*\}|\[\s*[-\d.\"\]])"
_STARTS = (
    (r"%!PS", _POSTSCRIPT),
    (r"<\?php\b", _CODE),
    (r"version https://git-lfs\.github\.com/spec/", _POINTER),
    (r"BEGIN:V(?:CALENDAR|CARD|EVENT)\b", _CALENDAR),
    (r"-----BEGIN [A-Z0-9 ]+-----\s", _ENCODED),
    (r"(?:[ \t]*(?:%.*)?\n)*@[A-Za-z]+\s*\{\s*[\w:./+-]+\s*,\s*\n", _BIBLIOGRAPHY),
    (r"(?:diff --git a/|--- \S+.*\n\+\+\+ \S+.*\n@@ |Index: \S+\n=+\n)", _PATCH),
)

# Tables ---------------------------------------------------------------------------------------------------------------
_TABLE_LINES = 4
_NUMBER = r"(?i)[-+(]?[$€£]?\d[\d.,: /%eE+-]*\)?%?|[-–—.]|0x[0-9a-f]+|NA|NaN|null|None|"
_TIGHT = r",(?! )"
_FIGURE = r"[-+]?\d[\d.,:/eE+-]*%?"
_MARKS_OF_FIGURES = ",;|()[]{}=\"'"
_FIGURES, _LEAST_FIGURES = 0.7, 60  # of the words that have a letter or digit
_SOME_DIGITS = 0.1  # of the characters: a text with fewer is not looked at for figures
_PATH = r"\s*(?:~|\.{1,2})?(?:/[\w.+@,-]+){2,}/?(?:[:,]\s.*|\s*)"
_PATHS = 0.6  # of the lines

# Settings -------------------------------------------------------------------------------------------------------------
_SECTION = r"\[{1,2}[\w .:/@\"'*-]+\]{1,2}\s*(?:[#;].*)?"
_SETTING = r"[\w.\"'/-]+(?: ?[\w.-]+)?\s*=.*|[\w.-]+\s*\+=.*|\s+\S.*|[\]}],?"
_VARIABLE = r"(?:export\s+)?[\w.-]+=.*"
_KEY = r"\s*(?:-\s+)*[\"']?[a-z_$/@.][\w$./@-]*[\"']?\s?:(?:\s+.*|\s*)"
_YAML_REST = r"\s*-\s.*|\s+\S.*|---.*|\.\.\.\s*|\s*[\]}]\s*,?"
_YAML_VALUE_WORDS = 5
# Settings in brackets: "Gate {", "width 90", "]".
_BRACKETED = r"\s*(?:[\w.\"-]+(?:[ =]+[\w.\"/-]+){0,2}\s*[{\[]|[}\]][;,]?|[\w.-]+\s*[= ]\s*[\"'][^\"]*[\"'];?)\s*"
_BRACKETED_SHARE, _LEAST_BRACKETS = 0.8, 4
_COMMENT = r"(?:#(?!#)|;|#{3,}$|#.*#$).*"  # and no heading of Markdown but the first
_ADJACENT = 0.4  # of the lines, with another comment below
_STOPS = (".", "?", "!")
_SETTING_WORDS = 12

# Patches --------------------------------------------------------------------------------------------------------------
_PATCH_SHARE = 0.5
_PATCH_MARKS = frozenset("+-@ ")
_HUNK = r"@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@"

# Logs -----------------------------------------------------------------------------------------------------------------
_TIME = (
    r"\d{1,2}:\d{2}:\d{2}|\d{4}-\d{2}-\d{2}|\d{2}[/.-]\d{2}[/.-]\d{2,4} \d|\b1\d{9}\b|\b\d{6} \d{6}\b|\d{8}-\d{1,2}:"
    r"|^\[?[A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}|^\[ *\d+\.\d{3,6}\]"
)
_TIME_WITHIN = 60  # characters from the start of a line
_CHAT = r".{0,40}?(?:<[@+%~& ]?[^<>\s]{1,30}>|\s(?:\*{1,3}|-->|<--|-!-|==|←|→)\s)|.{0,30}?(?:joined|has left|has quit)"
_MACHINE = "|".join(
    (
        r"\b(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|ERR|FATAL|CRIT(?:ICAL)?|SEVERE)\b",
        r"\[(?:trace|debug|info|notice|warn(?:ing)?|error|err|crit|alert|emerg)\]",
        r"\b(?:info|warn|error|debug|trace|fatal)(?:\[|:|\|)",
        r"\w[\w./()-]*\[\d+\]:",  # a program and its number
        r"\"(?:GET|POST|PUT|HEAD|DELETE|OPTIONS|PATCH) \S+ HTTP/",
        r"\b\w+=\S+.*\b\w+=\S+",
        r"\b0x[0-9a-f]{4,}",
        r"\b\d{1,3}(?:\.\d{1,3}){3}\b",  # an address
        r"\b[a-z]\w*(?:\.\w+){2,}",  # a module
        r"\|\S+\|\S+\|",
        r"\bstatus \S+ \S+:",
        r"\b\d{3,6} +\d{3,6} [VDIWEF] ",
        r"(?:/[\w.-]+){3,}",  # a path
    )
)
_LOG_SHARE = 0.5

# Encoded data ---------------------------------------------------------------------------------------------------------
_ENCODED_LINE = r"[A-Za-z0-9+/=_-]{60,}\s*"


def refusal(text: str) -> str | None:
    """Why a text is no document, and the way out; None for a text that is one.

    The message is a sentence that follows the file's name.
    """
    head = text[:_HEAD].lstrip("\ufeff")
    begun = head.lstrip()
    for start, message in _STARTS if begun[:1] in tuple("%B-@dIv<") else ():
        if re.match(start, begun):
            return message
    if begun[:1] in "{[" and begun and _is_json(begun, text):
        return f"{_JSON} {_ANYWAY}"
    if _has_figures(head):
        return f"{_TABLE} {_ANYWAY}"
    lines = [line for line in head.split("\n")[: 4 * _LINES] if line.strip()][:_LINES]
    if len(lines) < _FEW and not begun.startswith("#!"):
        return f"{_CODE} {_ANYWAY}" if is_code(head) else None
    for is_one, message in (
        (_is_patch, _PATCH),
        (_is_log, _LOG),
        (_are_paths, _PATH_LIST),
        (_is_table, _TABLE),
        (_is_encoded, _ENCODED),
    ):
        if is_one(lines):
            return f"{message} {_ANYWAY}"
    if kind := "comments" if _is_commented(head.split("\n")[:_LINES]) else _settings(lines):
        return f"{_SETTINGS.format(kind)} {_ANYWAY}"
    if is_code(head):
        return f"{_CODE} {_ANYWAY}"
    return f"{_NO_PROSE} {_ANYWAY}" if lacks_prose(head) else None


def _is_json(begun: str, text: str) -> bool:
    """Whether a text is JSON, JSON Lines, or the beginning of some."""
    if not re.match(_JSON_START, begun):
        return False
    return begun.lstrip("[ \t\n")[:1] == "{" or _parses(begun.split("\n", 1)[0]) or _parses(text)


def _parses(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _is_patch(lines: Sequence[str]) -> bool:
    """Whether most lines are those of a patch, below what says who made it and why."""
    if sum(line[0] in _PATCH_MARKS for line in lines) < _PATCH_SHARE * len(lines):
        return False
    return any(line.startswith("@@ -") and re.match(_HUNK, line) for line in lines)


def _is_log(lines: Sequence[str]) -> bool:
    if sum(any(map(str.isdigit, line[:_TIME_WITHIN])) for line in lines) < _LOG_SHARE * len(lines):
        return False
    stamped = [line for line in lines if re.search(_TIME, line[:_TIME_WITHIN])]
    if len(stamped) < _LOG_SHARE * len(lines) or len(lines) < _FEW:
        return False
    if sum(re.match(_CHAT, line) is not None for line in stamped) >= len(stamped) / 4:
        return False
    machine = sum(re.search(_MACHINE, line) is not None for line in stamped)
    return machine >= _LOG_SHARE * len(stamped)


def _is_table(lines: Sequence[str]) -> bool:
    """Whether lines are rows of the same number of short cells, or of numbers."""
    if len(lines) < _TABLE_LINES:
        return False
    for mark in "\t,;|":
        counts = [line.count(mark) for line in lines]
        usual = max(set(counts), key=counts.count)
        if not usual or counts.count(usual) < 0.9 * len(lines) or (mark == "|" and lines[0].lstrip().startswith("|")):
            continue
        cells = [cell.strip().strip('"') for line in lines for cell in line.split(mark) if cell.strip()]
        numbers = sum(re.fullmatch(_NUMBER, cell) is not None for cell in cells) / max(len(cells), 1)
        longest = max((len(cell.split()) for cell in cells), default=0)
        tight = sum(len(re.findall(_TIGHT, line)) for line in lines) if mark == "," else sum(counts)
        is_tight = tight >= 0.8 * sum(counts)
        if numbers >= 0.5 or (usual >= 2 and is_tight and longest <= 6 and numbers >= 0.1):
            return True
    rows = [line.split() for line in lines if sum(map(str.isdigit, line)) >= len(line) / 5]
    if len(rows) < 0.8 * len(lines):
        return False
    shares = [sum(re.fullmatch(_NUMBER, word) is not None for word in row) / len(row) for row in rows if len(row) > 1]
    return sum(share >= 0.8 for share in shares) >= 0.8 * len(lines)


def _has_figures(head: str) -> bool:
    """Whether a text is hardly more than numbers."""
    start = head[:2000]
    if sum(map(str.isdigit, start)) < _SOME_DIGITS * len(start):
        return False
    words = [word for word in (word.strip(_MARKS_OF_FIGURES) for word in head.split()) if any(map(str.isalnum, word))]
    figures = sum(re.fullmatch(_FIGURE, word) is not None for word in words)
    return figures >= max(_LEAST_FIGURES, _FIGURES * len(words))


def _are_paths(lines: Sequence[str]) -> bool:
    return sum("/" in line and re.fullmatch(_PATH, line) is not None for line in lines) >= _PATHS * len(lines)


def _is_encoded(lines: Sequence[str]) -> bool:
    return sum(len(line) for line in lines if re.fullmatch(_ENCODED_LINE, line)) >= 0.8 * sum(map(len, lines))


def _is_commented(lines: Sequence[str]) -> bool:
    """Whether lines are comments one below the other, as in files of settings, and others that are no sentences."""
    comments = [re.fullmatch(_COMMENT, line.strip()) is not None for line in lines]
    adjacent = sum(map(all, pairwise(comments)))
    if adjacent < _ADJACENT * sum(bool(line.strip()) for line in lines):
        return False
    others = [line.rstrip() for line, is_comment in zip(lines, comments, strict=True) if line and not is_comment]
    return not any(line.endswith(_STOPS) or len(line.split()) > _SETTING_WORDS for line in others)


def _are_bracketed(lines: Sequence[str]) -> bool:
    opened = sum(line.rstrip().endswith(("{", "[")) for line in lines)
    if opened < _LEAST_BRACKETS:
        return False
    return sum(re.fullmatch(_BRACKETED, line) is not None for line in lines) >= _BRACKETED_SHARE * len(lines)


def _settings(lines: Sequence[str]) -> str:
    """What kind of settings lines are, "" for none."""
    lines = [line for line in lines if line.lstrip()[:1] not in ("#", ";", "!")]
    if _are_bracketed(lines):
        return "in brackets"
    if len(lines) < _FEW or sum("=" in line or ":" in line for line in lines) < len(lines) / 2:
        return ""
    sections = sum(re.fullmatch(_SECTION, line.strip()) is not None for line in lines)
    settings = sum(re.fullmatch(_SETTING, line) is not None for line in lines if "=" in line or line[0] in " \t]}")
    if sections and settings and sections + settings >= 0.9 * len(lines) and any("=" in line for line in lines):
        return "TOML or INI"
    if sum(re.fullmatch(_VARIABLE, line) is not None for line in lines) >= 0.9 * len(lines):
        return "variables"
    keys = [line for line in lines if re.fullmatch(_KEY, line)]
    if len(keys) >= _FEW and len(keys) >= 0.5 * len(lines):
        rest = [line for line in lines if not re.fullmatch(_KEY, line)]
        nested = any(line[0] in " \t" or line.lstrip().startswith("- ") for line in lines)
        values = [line.split(":", 1)[1].split() for line in keys]
        short = sum(len(value) for value in values) / len(values) <= _YAML_VALUE_WORDS
        if nested and short and sum(re.fullmatch(_YAML_REST, line) is not None for line in rest) >= 0.9 * len(rest):
            return "YAML"
    return ""
