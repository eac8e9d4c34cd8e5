"""Text markup recognized by its signs: LaTeX, reStructuredText, AsciiDoc, Org, man pages and notebooks.

One sign is not enough, since texts in one markup speak of others: each has a weight, and a format is recognized where
its own weigh 3 or more, and more than those of the others and of Markdown.
"""

from __future__ import annotations

import re

_HEAD = 20_000  # characters in which the signs are looked for
_LEAST = 3.0
_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})")
_NOTEBOOK = re.compile(r"\s*\{\s*\"(?:cells|metadata|nbformat|nbformat_minor|worksheets)\"\s*:")
_MAN_TITLE = re.compile(r"^\.[ \t]*(?:TH|Dt)[ \t]+\S", re.MULTILINE)
_MAN_SECTION = re.compile(r"^\.[ \t]*S[Hh][ \t]+\S", re.MULTILINE)
_MAN_START = re.compile(r"\s*(?:[.'][ \t]*(?:\\[\"#]|[A-Za-z\\]|\Z|\n)|\\\")")
_MAN_POINTER = re.compile(r"\s*\.so[ \t]+\S+\s*\Z")
_TEX_COMMENTS = re.compile(r"(?:\s|%[^\n]*\n)*")
_TEX_CLASS = re.compile(r"^[ \t]*\\document(?:class|style)\b", re.MULTILINE)
_TEX_STRUCTURE = re.compile(
    r"\\((?:sub){0,2}section|chapter|paragraph|begin|cite[a-z]*|ref|label|emph|textbf|textit|footnote|item|input|title|maketitle|em)"
    r"\b(?=[*\[{\s\\])"
)
_TEX_START = re.compile(  # of a part of a document: a heading on a line of its own, an abstract
    r"\\(?:part|chapter|(?:sub){0,2}section)\*?(?:\[[^\]\n]{0,200}\])?\{[^\n]{1,300}\}"
    r"[ \t]*(?:\\label\{[^{}\n]{1,100}\}[ \t]*)?(?:%|\n)"
    r"|\\begin\{(?:abstract|itemize|enumerate|quote|quotation|frame)\}"
)
_TEX_STRUCTURES = frozenset(("section", "subsection", "subsubsection", "chapter", "paragraph", "begin"))
_TEX_COMMANDS = 4
_TEX_LINES = 10  # most of which begin with a command, in a part that has no other structure
_TEX_LINE = re.compile(r"\\[A-Za-z]+\{")
_TEX_KINDS = 3

# Signs: their weight, what a text that has them contains, and a pattern. That is compiled only where the text contains
# it, since compiling all of them takes longer than reading a short document.
_Signs = tuple[tuple[float, str, str], ...]

_MARKDOWN = (
    (2.0, "# ", r"^#{1,6}[ \t]+\S"),
    (2.0, "```", r"^[ \t]*```[\w+-]*[ \t]*$"),
    (2.0, "](", r"\[[^\]\n]{1,200}\]\((?:https?:|#|\.{0,2}/|[\w./-]+\))"),
    (1.0, "**", r"\*\*[^\s*][^*\n]*\*\*"),
    (1.0, "---", r"^\|[ :|-]*-{3,}[ :|-]*\|[ \t]*$"),
    (1.0, "]: ", r"^\[[^\]\n]{1,100}\]:[ \t]+\S"),
)
_FORMATS: dict[str, _Signs] = {
    "rst": (
        (3.0, "::", r"^\.\. (?:[\w.-]+:)?[A-Za-z][\w.-]*::"),
        (2.0, ":`", r"(?<![\w`:]):(?:[A-Za-z][\w.+-]{0,40}:)?[A-Za-z][\w.+-]{0,40}:`[^`\n]"),
        (2.0, "\n.. _", r"^\.\. _[^:\n]+:"),
        (2.0, "`_", r"(?<![\w`])`[^`\n]{1,200}(?:\n[^`\n]{1,200})?`__?(?![\w`])"),
        (2.0, "\n.. [", r"^\.\. \[[\w#*.-]+\][ \t]"),
        (1.0, "\n====", r"^([=])\1{3,}\n[ \t]*\S.*\n\1{4,}[ \t]*$"),
        (1.0, "\n****", r"^(?:\*{4,}\n[ \t]*\S.*|[^\s.].*)\n\*{4,}[ \t]*$"),
        (1.0, "\n~~~", r"^[^\s.].*\n~{3,}[ \t]*$"),
        (1.0, "\n^^^", r"^[^\s.].*\n\^{3,}[ \t]*$"),
        (1.0, '\n"""', r"^[^\s.].*\n\"{3,}[ \t]*$"),
        (0.5, "\n===", r"^[^\s.].*\n={3,}[ \t]*$"),
        (0.5, "\n---", r"^[^\s.].*\n-{3,}[ \t]*$"),
        (2.0, "::\n", r"[^:\s]::\n\n[ \t]+\S"),
        (1.0, "``", r"(?<!`)``[^`\n]+``(?!`)"),
        (1.0, "\n:", r"^:[A-Z][\w -]*:[ \t]+\S"),
        (2.0, "\n+-", r"^\+[-=]{3,}\+[-=+]*$"),
        (1.0, "=== ", r"^={3,}[ \t]+={3,}[= \t]*$"),
        (1.0, "\n.. |", r"^\.\. \|"),
    ),
    "asciidoc": (
        (2.0, "= ", r"^={1}[ \t]+[^\s=](?!.*=[ \t]*$)"),
        (2.0, "== ", r"^={2,5}[ \t]+[^\s=](?!.*=[ \t]*$)"),
        (
            2.0,
            "\n[",
            r"^\[(?:source|cols|options|quote|verse|NOTE|TIP|WARNING|IMPORTANT|CAUTION|abstract|appendix|listing|role)\b.*\]$",
        ),
        (1.0, "\n[", r"^\[(?:\[[\w-]+\]|#[\w-]+|\.[\w.-]+|%[\w%-]+.*)\]$"),
        (2.0, "===", r"^[|!]={3,}[ \t]*$"),
        (2.0, "::", r"^(?:image|include|video|toc)::[^\[\n]*\["),
        (2.0, "::", r"^(?:ifdef|ifndef|endif|ifeval)::[^\[\n]*\["),
        (1.0, "\n:", r"^:[a-z][\w-]*!?:(?:[ \t]+\S|[ \t]*$)"),
        (1.0, ": ", r"^(?:NOTE|TIP|WARNING|IMPORTANT|CAUTION):[ \t]+\S"),
        (1.0, "[", r"(?:link:|xref:|linkgit:|https?://)[^\s\[\]()]{1,200}\[[^\]\n]*\]"),
        (1.0, "<<", r"<<[\w#:. -]+(?:,[^>\n]*)?>>"),
        (1.0, "\n----\n", r"^-{4}$"),
        (1.0, "::\n", r"^[-`'\w*<].{0,60}::[ \t]*\n\n?[ \t]+\S"),
        (0.5, "\n.", r"^\.[A-Z][^\n.]{2,80}\n(?:\[|\||-{4}|={4}|\*)"),
        (0.5, "\n+\n", r"^\+$"),
    ),
    "org": (
        (
            2.0,
            "#+",
            r"^#\+(?i:title|author|options|date|startup|email|property|filetags|language|todo|setupfile|include):",
        ),
        (2.0, "#+", r"^[ \t]*#\+(?i:begin_\w+)"),
        (1.0, "#+", r"^[ \t]*#\+(?i:name|caption|results|attr_\w+|tblfm|header):"),
        (2.0, "* ", r"^\*+ (?:TODO|DONE|NEXT|WAITING|CANCELLED)\b"),
        (2.0, ":PROPERTIES:", r"^[ \t]*:PROPERTIES:[ \t]*$"),
        (2.0, ": <", r"^[ \t]*(?:DEADLINE|SCHEDULED|CLOSED|CLOCK):[ \t]*[<\[]\d{4}-"),
        (1.5, "\n**", r"^\*{2,5} \S"),
        (0.5, "* ", r"^\* \S"),
        (1.0, "* ", r"^\*+ .*\n(?:\n|[^\s*-][^\n]*$)"),
        (1.0, ":\n", r"^\*+ .*[ \t]:(?:[\w@#%]+:)+[ \t]*$"),
        (1.5, "][", r"\[\[[^\]\n]+\]\[[^\]\n]+\]\]"),
        (1.0, "-", r"[<\[]\d{4}-\d\d-\d\d [A-Z][a-z]{1,2}[a-z.]*(?: \d\d?:\d\d)?[>\]]"),
        (1.0, "-+-", r"^[ \t]*\|[-+]*-\+-[-+]*\|[ \t]*$"),
    ),
}


def markup_of_text(text: str) -> str | None:
    """The name of the reader for a text in markup; None for Markdown and plain text."""
    head = text[:_HEAD]
    if _NOTEBOOK.match(head) and '"nbformat"' in text and ('"cells"' in text or '"worksheets"' in text):
        return "notebook"
    if _is_man(head):
        return "man"
    if "\\" in head and _is_latex(head):
        return "latex"
    head = f"\n{head}"
    plain = without_fences(head)
    weights = {name: _weight(plain, signs) for name, signs in _FORMATS.items()}
    best = max(weights, key=lambda name: weights[name])
    others = sorted(weights.values())[-2]
    if weights[best] < _LEAST or weights[best] <= others or weights[best] <= _weight(head, _MARKDOWN):
        return None
    return best


def without_fences(text: str) -> str:
    """A text without the code that stands between fences, as in Markdown."""
    if "```" not in text:
        return text
    kept = []
    fence = ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            fence = "" if mark and line.strip().startswith(fence) and not line.strip().strip("`~") else fence
        elif mark:
            fence = mark[1]
        else:
            kept.append(line)
    return "\n".join(kept)


def _weight(text: str, signs: _Signs) -> float:
    return sum(weight for weight, part, sign in signs if part in text and re.search(sign, text, re.MULTILINE))


def _is_man(head: str) -> bool:
    if _MAN_POINTER.match(head):
        return True
    return _MAN_START.match(head) is not None and bool(_MAN_TITLE.search(head) and _MAN_SECTION.search(head))


def _is_latex(head: str) -> bool:
    """Whether a text is LaTeX: a whole document, or a part of one by its commands."""
    start = _TEX_COMMENTS.match(head)
    begins = head[start.end() : start.end() + 1] == "\\" if start else False
    if begins and _TEX_CLASS.search(head):
        return True
    if re.search(r"^(?:#{1,6} |```)", head, re.MULTILINE):
        return False
    if begins and _TEX_START.match(head, start.end() if start else 0):
        return True
    lines = [line for line in head.split("\n") if line.strip() and not line.lstrip().startswith("%")]
    if len(lines) >= _TEX_LINES and 2 * sum(_TEX_LINE.match(line) is not None for line in lines) > len(lines):
        return True
    found = _TEX_STRUCTURE.findall(head)
    kinds = set(found)
    if sum(name.startswith("cite") for name in found) >= _TEX_KINDS:
        return True
    if len(found) < _TEX_COMMANDS or not kinds & _TEX_STRUCTURES:
        return False
    return begins or len(kinds) >= _TEX_KINDS
