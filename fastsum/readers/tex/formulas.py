"""Formulas of TeX on one line: 10^6, 1/2, α ≤ 5 %. The table of signs is pylatexenc's."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

from pylatexenc.latex2text import get_default_latex_context_db

from fastsum.readers.signs import fraction, lowered, raised
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
_FRACTIONS = frozenset(("frac", "dfrac", "tfrac", "nicefrac", "sfrac", "cfrac", "xfrac"))
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
    ),
    "{{": (*_FRACTIONS, *_DOUBLED, "stackrel", "overset", "underset", "textcolor"),
    "[{": ("sqrt",),
}
_RAISED_ALREADY = ("°", "′", "″", "*", "†")
_BLANKS = str.maketrans("~&", "  ")
_NEGATED = re.compile("\u0338\\s*(.)")
_ACCENTS = {"bar": "̄", "hat": "̂", "widehat": "̂", "tilde": "̃", "widetilde": "̃", "vec": "⃗", "dot": "̇", "ddot": "̈"}


ARGUMENTS = {name: form for form, names in _FORMS.items() for name in names}
"""The arguments of the commands of formulas, as `texparse.parse` takes them."""


def formula(tex: str, before: str = "") -> str:
    """A formula, without its dollar signs, on one line; `before` is the text in front of it."""
    (node,) = parse(f"\\({tex.replace('$', ' ')}", ARGUMENTS)
    return written(node.inside, before)


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
    """The nodes of a formula as text on one line."""
    parts: list[str] = [before]
    script = ""  # ^ or _, which waits for its argument

    def add(text: str, *, whole: bool = False) -> None:
        """Add a text; with `whole` all of it is the argument of a script before it."""
        nonlocal script
        while text:
            if script:
                rest = text if whole else text.lstrip()
                argument, text = (rest, "") if whole else (rest[:1], rest[1:])
                if argument:
                    write = raised if script == "^" else lowered
                    parts.append(_script(write, "".join(parts[-3:]), argument))
                    script = ""
                continue
            place = None if whole else _SCRIPT.search(text)
            parts.append(text[: place.start()] if place else text)
            script = place[0] if place else ""
            text = text[place.end() :] if place else ""

    for node in nodes:
        if node.kind == "words":
            add(node.text.translate(_BLANKS))
        elif node.kind == "command":
            add(_command(node), whole=True)
        else:
            add(written(node.inside), whole=True)
    joined = _NEGATED.sub("\\1\u0338", "".join(parts[1:]))
    return unicodedata.normalize("NFC", " ".join(joined.split()))


def _script(write: Callable[[str, str], str], before: str, argument: str) -> str:
    return argument if argument in _RAISED_ALREADY else write(before, argument)


def _command(node: Node) -> str:
    name = node.text
    given = [written(argument.inside) for argument in node.inside]
    if name in _FRACTIONS and len(given) >= 2:
        return fraction(given[-2], given[-1])
    if name in _DOUBLED and len(given) == 2:
        return f"({given[0]} choose {given[1]})"
    if name == "sqrt" and given:
        return f"√{given[-1]}" if re.fullmatch(r"[\w.]+", given[-1]) else f"√({given[-1]})"
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
    return " ".join(given) if given or name in ARGUMENTS else name
