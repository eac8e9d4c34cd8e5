"""A formula in TeX as one line of text: \\frac{1}{2} is 1/2, 10^{6} is 10^6, \\sqrt{x} is √x."""

from __future__ import annotations

import re

from fastsum.readers.formulas import spaced
from fastsum.readers.signs import exponent, fraction, lowered

_LONGEST = 2000  # characters
_DEEPEST = 40
_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|[{}^_&~]|\s+|%[^\n]*|[^\\{}^_&~%\s]", re.DOTALL)
_DOCUMENT = re.compile(r"\\begin\{document\}(.*?)\\end\{document\}", re.DOTALL)
_GREEK = (
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu",
    "xi", "omicron", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
)  # fmt: skip
_LETTERS = "αβγδεζηθικλμνξοπρστυφχψω"
_SIGNS = {
    **dict(zip(_GREEK, _LETTERS, strict=True)),
    **{each.capitalize(): letter.upper() for each, letter in zip(_GREEK, _LETTERS, strict=True)},
    "varepsilon": "ε", "vartheta": "ϑ", "varphi": "φ", "varrho": "ϱ", "varsigma": "ς", "varpi": "ϖ",
    "times": "×", "cdot": "·", "div": "÷", "pm": "±", "mp": "∓", "ast": "∗", "star": "⋆", "circ": "∘", "bullet": "•",
    "le": "≤", "leq": "≤", "leqslant": "≤", "ge": "≥", "geq": "≥", "geqslant": "≥", "ne": "≠", "neq": "≠", "ll": "≪",
    "gg": "≫", "approx": "≈", "sim": "∼", "simeq": "≃", "cong": "≅", "equiv": "≡", "propto": "∝", "to": "→",
    "rightarrow": "→", "longrightarrow": "→", "leftarrow": "←", "leftrightarrow": "↔", "Rightarrow": "⇒",
    "Leftrightarrow": "⇔", "mapsto": "↦", "uparrow": "↑", "downarrow": "↓", "in": "∈", "notin": "∉", "subset": "⊂",
    "subseteq": "⊆", "cup": "∪", "cap": "∩", "emptyset": "∅", "forall": "∀", "exists": "∃", "neg": "¬", "land": "∧",
    "lor": "∨", "wedge": "∧", "vee": "∨", "oplus": "⊕", "otimes": "⊗", "perp": "⊥", "parallel": "∥", "mid": "|",
    "infty": "∞", "partial": "∂", "nabla": "∇", "sum": "∑", "prod": "∏", "int": "∫", "oint": "∮", "hbar": "ℏ",
    "ell": "ℓ", "Re": "ℜ", "Im": "ℑ", "aleph": "ℵ", "angle": "∠", "degree": "°", "prime": "′", "ldots": "…",
    "dots": "…", "cdots": "…", "langle": "⟨", "rangle": "⟩", "lvert": "|", "rvert": "|", "lVert": "‖", "rVert": "‖",
    "vert": "|", "Vert": "‖", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "backslash": "\\",
    "quad": " ", "qquad": " ", "lbrace": "{", "rbrace": "}", "colon": ":", "textmu": "μ", "AA": "Å", "permil": "‰",
}  # fmt: skip
_FUNCTIONS = frozenset((
    "arccos", "arcsin", "arctan", "arg", "cos", "cosh", "cot", "coth", "csc", "deg", "det", "dim", "exp", "gcd",
    "hom", "inf", "ker", "lg", "lim", "liminf", "limsup", "ln", "log", "max", "min", "Pr", "sec", "sin", "sinh",
    "sup", "tan", "tanh",
))  # fmt: skip
_OF_TEXT = frozenset((
    "bf", "boldsymbol", "bm", "emph", "mathbb", "mathbf", "mathcal", "mathfrak", "mathit", "mathrm", "mathsf",
    "mathtt", "mbox", "operatorname", "operatorname*", "pmb", "text", "textbf", "textit", "textnormal", "textrm",
    "textsf", "texttt", "underline", "overline", "overbrace", "underbrace", "ensuremath", "rm",
))  # fmt: skip
_IGNORED = frozenset((
    "left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "displaystyle", "textstyle",
    "scriptstyle", "limits", "nolimits", "rm", "it", "bf", "cal", "mathsurround", "nonumber", "notag", "hfill",
    "middle",
))  # fmt: skip
_ACCENTS = {"bar": "\u0304", "hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303", "widetilde": "\u0303",
            "vec": "\u20d7", "dot": "\u0307", "ddot": "\u0308"}  # fmt: skip
_ESCAPED = {",": " ", ";": " ", ":": " ", " ": " ", "!": "", "\\": "; ", "|": "‖", "/": "", "(": "", ")": ""}


class _Unknown(Exception):
    """A command that is not known: what it would show is unknown as well."""


def line_of_tex(text: str) -> str | None:
    """The formula on one line; None where it has commands that are not known, or is too long."""
    inside = _DOCUMENT.search(text[:_LONGEST])
    text = (inside[1] if inside else text).strip()
    for opening, closing in (("$$", "$$"), ("$", "$"), ("\\(", "\\)"), ("\\[", "\\]")):
        if text.startswith(opening) and text.endswith(closing) and len(text) > len(opening) * 2:
            text = text[len(opening) : -len(closing)]
    if len(text) > _LONGEST or "\\begin" in text or "\\def" in text:
        return None
    tokens = [token for token in _TOKEN.findall(text) if not token.startswith("%")]
    tokens.reverse()
    try:
        line = _group(tokens, 0)
    except _Unknown:
        return None
    return spaced(line)


def _group(tokens: list[str], depth: int) -> str:
    """The text up to the end of the group; tokens are taken from the list's end."""
    if depth > _DEEPEST:
        raise _Unknown
    parts: list[str] = []
    while tokens:
        token = tokens.pop()
        if token == "}":
            break
        if token in ("^", "_"):
            argument = _argument(tokens, depth).strip()
            base = "".join(parts)
            if token == "^" and argument in ("∘", "°"):
                parts.append("°")
            elif token == "^":
                parts.append(argument if not argument.strip("′'") else exponent(argument))
            else:
                parts.append(lowered(base, argument) if base[-1:].isalnum() else f"_({argument})")
            following = next((token for token in reversed(tokens) if not token.isspace()), "")
            if following[-1:].isalnum() and set("^_") & set(parts[-1]):
                parts.append(" ")
        else:
            parts.append(_text(token, tokens, depth))
    return "".join(parts)


def _argument(tokens: list[str], depth: int) -> str:
    while tokens and tokens[-1].isspace():
        tokens.pop()
    if not tokens:
        return ""
    token = tokens.pop()
    return _group(tokens, depth + 1) if token == "{" else _text(token, tokens, depth + 1)


def _text(token: str, tokens: list[str], depth: int) -> str:
    if token == "{":
        return _group(tokens, depth + 1)
    if not token.startswith("\\"):
        return " " if token in ("~", "&") else "" if token.isspace() else "−" if token == "-" else token
    command = token[1:]
    if command in _SIGNS:
        return _SIGNS[command]
    if command in _FUNCTIONS:
        return f" {command} "
    if command in _ESCAPED:
        return _ESCAPED[command]
    if not command[0].isalpha():
        return command
    if command in _IGNORED and not (tokens and tokens[-1] == "{"):
        return ""
    if command in _OF_TEXT:
        return _words(tokens, depth)
    if command in ("frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac"):
        return fraction(_argument(tokens, depth), _argument(tokens, depth))
    if command in ("binom", "dbinom", "tbinom"):
        return f"({_argument(tokens, depth)} choose {_argument(tokens, depth)})"
    if command == "sqrt":
        return _root(tokens, depth)
    if command in _ACCENTS:
        base = _argument(tokens, depth).strip()
        return base + _ACCENTS[command] if len(base) == 1 else base
    raise _Unknown


def _words(tokens: list[str], depth: int) -> str:
    """The argument of \\text and the like, with its spaces."""
    spaced = [" " if token.isspace() else token for token in tokens[-1:]]
    if spaced != ["{"]:
        return _argument(tokens, depth)
    tokens.pop()
    end = next((place for place in range(len(tokens) - 1, -1, -1) if tokens[place] == "}"), None)
    if end is not None and all(
        token.isspace() or (len(token) == 1 and token not in "^_{") for token in tokens[end + 1 :]
    ):
        words = "".join(" " if token.isspace() else token for token in reversed(tokens[end + 1 :]))
        del tokens[end:]
        return words
    return _group(tokens, depth + 1)


def _root(tokens: list[str], depth: int) -> str:
    degree = ""
    if tokens and tokens[-1] == "[":
        tokens.pop()
        while tokens and tokens[-1] != "]":
            degree += tokens.pop()
        tokens[-1:] = []
    of = _argument(tokens, depth).strip()
    grouped = of if re.fullmatch(r"[\w.]+", of) else f"({of})"
    signs = {"": "√", "2": "√", "3": "∛", "4": "∜"}
    return signs[degree] + grouped if degree in signs else f"{grouped}^(1/{degree})"
