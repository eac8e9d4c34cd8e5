"""Formulas of TeX on one line: 10^6, 1/2, α ≤ 5 %. The table of signs is pylatexenc's."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from pylatexenc.latex2text import get_default_latex_context_db

from fastsum.readers.formulas import spaced
from fastsum.readers.signs import exponent, fraction, lowered, raised
from fastsum.readers.tex.surface import Node, parse


def pairs(text: str) -> dict[str, str]:
    """The words of a text two by two: a command's name, and what it prints."""
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


SPACES = dict.fromkeys((",", ":", ";", " ", ">", "quad", "qquad", "enspace", "thinspace", "medspace", "\n"), " ")
_SIGNS = {
    **SPACES,
    "!": "",
    "\\": " ",
    "|": "‖",
    "/": "",
    "-": "",
    **{sign: sign for sign in "%$&#_{}"},
    **pairs("ast * backslash \\ colon : cdotp · circ ° degree ° dots … ell ℓ hbar ħ mid |"),
    **pairs("ge ≥ geqslant ≥ gtrsim ≳ le ≤ leqslant ≤ lesssim ≲ lbrace { rbrace } vert |"),
    **pairs("lvert | rvert | lVert ‖ rVert ‖ mu μ micro µ prime ′ sim ~ to →"),
    **pairs("ne ≠ neg ¬ land ∧ lor ∨ cdots … textmu μ permil ‰ aleph ℵ Re ℜ Im ℑ implies ⇒ iff ⇔"),
    **pairs("varepsilon ε varphi φ vartheta θ"),
}
_UNSEEN = frozenset(
    (
        *("left", "right", "middle", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr"),
        *(
            "limits",
            "nolimits",
            "displaystyle",
            "textstyle",
            "scriptstyle",
            "scriptscriptstyle",
            "rm",
            "bf",
            "it",
            "cal",
        ),
        *("boldmath", "allowbreak", "nonumber", "notag", "mathstrut", "strut", "xspace", "relax", "nobreak"),
        *("label", "tag", "phantom", "hphantom", "vphantom", "hspace", "vspace", "kern", "mkern", "hskip", "color"),
    )
)
_NAMED = frozenset(
    (
        *("arccos", "arcsin", "arctan", "arg", "cos", "cosh", "cot", "coth", "csc", "deg", "det", "dim", "exp", "gcd"),
        *("hom", "inf", "ker", "lg", "lim", "liminf", "limsup", "ln", "log", "max", "min", "Pr", "sec", "sin", "sinh"),
        *("sup", "tan", "tanh"),
    )
)
FRACTIONS = frozenset(("frac", "dfrac", "tfrac", "nicefrac", "sfrac", "cfrac", "xfrac"))
_DOUBLED = frozenset(("binom", "tbinom", "dbinom"))
_SCRIPT = re.compile(r"[\^_]")
_FORMS = {
    "*{": ("operatorname", "hspace", "vspace"),
    "{": (
        *(
            "mathrm",
            "mathbf",
            "mathit",
            "mathsf",
            "mathtt",
            "mathcal",
            "mathbb",
            "mathfrak",
            "boldsymbol",
            "bm",
            "text",
        ),
        *("textrm", "textnormal", "mbox", "hbox", "mathop", "mathbin", "mathrel", "mathord", "label", "tag", "phantom"),
        *("hphantom", "vphantom", "underline", "overline", "bar", "hat", "tilde", "vec", "dot", "ddot", "widehat"),
        *("widetilde", "mathscr", "mathds", "pmod", "boxed", "color", "ensuremath"),
        *("underbrace", "overbrace", "pmb", "emph", "textbf", "textit", "textsf", "texttt", "cancel"),
    ),
    "{{": (*FRACTIONS, *_DOUBLED, "stackrel", "overset", "underset", "textcolor"),
    "[{": ("sqrt",),
}
_KNOWN = _UNSEEN | _NAMED | {"not", "bmod", "mod"}
_LONGEST = 2000  # characters
_MOST_GROUPS = 200
_DOCUMENT = re.compile(r"\\begin\{document\}(.*?)\\end\{document\}", re.DOTALL)
_RAISED_ALREADY = ("°", "′", "″", "*", "†")
_BASE = 40  # characters in front of an exponent or index that are looked at
_PARTS = 8  # of a formula, which make up these characters
_WITH_LIMITS = frozenset("∑∏∐∫∬∮⋃⋂")
_WITH_INDEX = _WITH_LIMITS | {")", "]"}
_ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}
_BLANKS = str.maketrans("~&", "  ")
_NEGATED = re.compile("\u0338\\s*(.)")
_ACCENTS = {"bar": "̄", "hat": "̂", "widehat": "̂", "tilde": "̃", "widetilde": "̃", "vec": "⃗", "dot": "̇", "ddot": "̈"}


ARGUMENTS = {name: form for form, names in _FORMS.items() for name in names}
"""The arguments of the commands of formulas, as `texparse.parse` takes them."""


def formula(tex: str, before: str = "") -> str:
    """A formula, without its dollar signs, on one line; `before` is the text in front of it."""
    (node,) = parse(f"\\({tex.replace('$', ' ')}", ARGUMENTS)
    return written(node.inside, before)


def known_formula(tex: str) -> str | None:
    """A formula, with its dollar signs or in a document of its own, on one line as a page's other formulas are.

    None where it has commands or environments that are not known, or is too long: what it would show is unknown.
    """
    inside = _DOCUMENT.search(tex[:_LONGEST])
    tex = (inside[1] if inside else tex).strip()
    for opening, closing in (("$$", "$$"), ("$", "$"), ("\\(", "\\)"), ("\\[", "\\]")):
        if tex.startswith(opening) and tex.endswith(closing) and len(tex) > len(opening) * 2:
            tex = tex[len(opening) : -len(closing)]
    if len(tex) > _LONGEST or tex.count("{") > _MOST_GROUPS:
        return None
    (node,) = parse(f"\\({tex}", ARGUMENTS)
    return written(node.inside) if _is_known(node) else None


def _is_known(node: Node) -> bool:
    if node.kind == "environment" or (
        node.kind == "command" and node.text not in ARGUMENTS and node.text not in _KNOWN and sign(node.text) is None
    ):
        return False
    return all(map(_is_known, node.inside))


def unknown_commands(nodes: Sequence[Node]) -> Iterator[str]:
    """The names of the commands of a formula that are defined elsewhere, and are shown as their names."""
    for node in nodes:
        name = node.text
        is_own = node.kind == "command" and name.isalpha() and not node.inside
        if is_own and name not in ARGUMENTS and name not in _KNOWN and sign(name) is None:
            yield name
        yield from unknown_commands(node.inside)


@functools.cache
def sign(name: str) -> str | None:
    """The character that a command without arguments stands for; None for other commands."""
    if name in _SIGNS:
        return _SIGNS[name]
    spec = _signs().get_macro_spec(name)
    shown = spec.simplify_repl if spec is not None else None
    return shown if isinstance(shown, str) and "%" not in shown else None


@functools.cache
def _signs() -> Any:
    return get_default_latex_context_db()


def written(nodes: Sequence[Node], before: str = "") -> str:
    """The nodes of a formula as text on one line; `before` is the text in front of it."""
    return spaced(_joined(nodes, before))


def _joined(nodes: Sequence[Node], before: str = "") -> str:
    parts: list[str] = [before]
    script = ""  # ^ or _, which waits for its argument
    apart = False  # what follows an exponent, an index or limits would be read as a part of them

    def add(text: str, *, whole: bool = False) -> None:
        """Add a text; with `whole` all of it is the argument of a script before it."""
        nonlocal apart, script
        while text:
            if script:
                rest = text if whole else text.lstrip()
                argument, text = (rest, "") if whole else (rest[:1], rest[1:])
                if argument:
                    if is_named := len(parts) > 1 and parts[-1].rstrip() in _NAMED:
                        parts[-1] = parts[-1].rstrip()
                    base = "".join(parts[max(1, len(parts) - _PARTS) :]) or before
                    parts.append(_script(script, base[-_BASE:], argument, inside=len(parts) > 1))
                    apart = is_named or not set("^_").isdisjoint(parts[-1][:-1])
                    script = ""
                continue
            if apart and text[:1].isalnum() and parts[-1][-1:] not in "-−":
                parts.append(" ")
            apart = False
            place = None if whole else _SCRIPT.search(text)
            if before_script := text[: place.start()] if place else text:
                parts.append(before_script)
            script = place[0] if place else ""
            text = text[place.end() :] if place else ""

    for node in nodes:
        if node.kind == "words":
            add(node.text.translate(_BLANKS))
        elif node.kind == "command":
            add(_command(node), whole=True)
            apart = apart or node.text == "operatorname"
        else:
            add(_joined(node.inside), whole=True)
    joined = _NEGATED.sub("\\1\u0338", "".join(parts[1:]))
    return unicodedata.normalize("NFC", " ".join(joined.split()))


def _script(script: str, before: str, argument: str, inside: bool) -> str:
    """An exponent or index behind `before`, which is `inside` the formula or in the sentence around it."""
    if argument in _RAISED_ALREADY or not argument.strip("'"):
        return argument
    if inside and before[-1:] and before[-1] in (_WITH_LIMITS if script == "^" else _WITH_INDEX):
        return exponent(argument.strip()).replace("^", script, 1)
    return (raised if script == "^" else lowered)(before, argument)


def _command(node: Node) -> str:
    name = node.text
    given = [_joined(argument.inside) for argument in node.inside]
    if name in FRACTIONS and len(given) >= 2:
        return fraction(given[-2], given[-1])
    if name in _DOUBLED and len(given) == 2:
        return f"({given[0]} choose {given[1]})"
    if name == "sqrt" and given:
        of = given[-1] if re.fullmatch(r"[\w.]+", given[-1]) else f"({given[-1]})"
        degree = given[0] if len(given) == 2 else ""
        return _ROOTS[degree] + of if degree in _ROOTS else f"{of}^(1/{degree})"
    if name in _ACCENTS and given and len(given[-1]) == 1:
        return given[-1] + _ACCENTS[name]
    if name in _UNSEEN:
        return ""
    if name in ("pmod", "bmod", "mod"):
        return f" (mod {given[0]})" if given else " mod "
    if name == "not":
        return f"{given[0]}\u0338" if given else "\u0338"
    if name in _NAMED:
        return f"{name} "
    if not given and (known := sign(name)) is not None:
        return known + node.space
    if name == "textcolor" and len(given) == 2:
        return given[1]
    return " ".join(given) if given or name in ARGUMENTS else f" {name} "  # an author's own, defined elsewhere
