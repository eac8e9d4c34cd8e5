"""Formulas of MathML and of Word (OMML) as one line of text: x^2 + 1, (a + b)/c, √x, ∑_(i=1)^n x_i."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from fastsum.readers.signs import exponent, fraction, lowered, mixed
from fastsum.readers.xml import name

if TYPE_CHECKING:
    from lxml.etree import _Element

_MOST_NESTED = 60  # deeper ones are read as their bare characters
_UNSEEN = dict.fromkeys(map(ord, "\u2061\u2062\u2063\u2064\u200b\u200c\u200d\u2060\ufeff"))
_RELATION = re.compile(r"\s*([=≠<>≤≥≪≫≈≅≃≡∼∝→←↔⇒⇔∈∉⊂⊆↦∪∩∧∨⊕⊗]|:=)\s*")
_OPERATOR = re.compile(r"(?<=[\w)\]}′%°!\u0300-\u036f\u20d7])\s*([+−±∓×÷⋅·∗])\s*(?=[\w(√∛∜∑∏∫∂])")
_COMMA = re.compile(r"\s*,\s*(?=\S)")
_ACCENTS = {  # above a letter, as the combining character that is written behind it
    **dict.fromkeys("¯‾_ˉ\u0304\u0305", "\u0304"),
    **dict.fromkeys("^ˆ\u0302", "\u0302"),
    **dict.fromkeys("~˜\u0303", "\u0303"),
    **dict.fromkeys("→\u20d7", "\u20d7"),
    **dict.fromkeys(".˙\u0307", "\u0307"),
    **dict.fromkeys("¨\u0308", "\u0308"),
}
_ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}
_DEGREES = ("∘", "°", "º", "o")
_PRIMES = "′″‴'"
_UNDER = frozenset("∑∏∐∫∬∮⋃⋂")
_SCRIPTS = frozenset(
    ("msup", "msub", "msubsup", "munder", "mover", "munderover", "sSup", "sSub", "sSubSup", "limLow", "limUpp")
)
_FUNCTIONS = frozenset((
    "arccos", "arcsin", "arctan", "arg", "cos", "cosh", "cot", "csc", "deg", "det", "dim", "erf", "exp", "gcd", "inf",
    "ker", "lg", "lim", "ln", "log", "max", "min", "mod", "sec", "sin", "sinh", "sup", "tan", "tanh",
))  # fmt: skip
_TEXT = "mtext"
_LEAVES = frozenset(("mi", "mn", "mo", "ms", _TEXT, "t"))
_UNREAD = frozenset(("annotation", "annotation-xml", "mphantom", "none", "mprescripts", "maligngroup", "malignmark"))

_Part = Callable[["_Element", int], str]


def formula(element: _Element) -> str:
    """The text of a formula: an element `math` of MathML, or `oMath` of Word."""
    return spaced(_part(element, 0).translate(_UNSEEN))


def spaced(text: str) -> str:
    """A formula on one line with spaces around relations and operators between terms: "a+b=c" is "a + b = c"."""
    text = _COMMA.sub(", ", _OPERATOR.sub(r" \1 ", _RELATION.sub(r" \1 ", text)))
    return " ".join(mixed(text).split())


def _part(element: _Element, depth: int) -> str:
    kind = name(element).rpartition(":")[2]  # HTML parsers keep prefixes
    if depth > _MOST_NESTED:
        return "".join(element.itertext())
    if kind in _LEAVES:
        text = "".join(element.itertext())
        if kind == "mo":
            return text.strip().replace("-", "−")
        return text if kind in (_TEXT, "t") else text.strip()
    if kind in _UNREAD or kind.endswith("Pr"):
        return ""
    read = _PARTS.get(kind)
    return read(element, depth + 1) if read else _row(element, depth)


def _row(element: _Element, depth: int) -> str:
    parts: list[str] = []
    previous = ""
    for child in element:
        text = _part(child, depth + 1)
        if not text.translate(_UNSEEN):
            continue
        # What follows an exponent, an index or limits would be read as a part of them, and a function, of its name.
        is_open = parts and (
            (previous in _SCRIPTS and set("^_") & set(parts[-1])) or parts[-1].rstrip("0123456789") in _FUNCTIONS
        )
        parts.append(f" {text}" if is_open and text[:1].isalnum() else text)
        previous = name(child)
    return "".join(parts)


def _children(element: _Element, depth: int) -> list[str]:
    return [_part(child, depth) for child in element if name(child) and not name(child).endswith("Pr")]


def _named(element: _Element, *names: str, depth: int) -> list[str]:
    """The text of each part of a structure of OMML; "" where it has none."""
    found = {name(child): child for child in element}
    return [_row(found[each], depth).strip() if each in found else "" for each in names]


def _setting(element: _Element, path: str) -> str | None:
    """A property of a structure of OMML: "naryPr/chr". None where it is not set; "" for a switch without a value."""
    for step in path.split("/"):
        found = next((child for child in element if name(child) == step), None)
        if found is None:
            return None
        element = found
    return next((str(value) for key, value in element.attrib.items() if str(key).endswith("val")), "")


# What both have ------------------------------------------------------------------------------------------------------


def _whole(text: str) -> str:
    """A text as the base of a power: in brackets where it is a sum or product."""
    text = text.strip()
    return f"({text})" if re.search(r"[\s+−±×⋅·=/^_]", text) and not re.fullmatch(r"\([^()]*\)", text) else text


def _power(base: str, raised: str) -> str:
    base, raised = _whole(base), raised.strip()
    if raised in _DEGREES and (raised != "o" or base[-1:].isdigit()):
        return f"{base}°"
    return base + (raised if not raised.strip(_PRIMES) else exponent(raised))


def _index(base: str, index: str) -> str:
    base, index = base.strip(), index.strip()
    if base[-1:] in _UNDER or base in ("lim", "max", "min", "sup", "inf", "arg max", "arg min"):
        return base + (f"_({index})" if index else "")
    if base[-1:] in (")", "]"):
        return f"{base}_{index}" if index else base
    return base + lowered(base, index)


def _both(base: str, below: str, above: str) -> str:
    """A base with an index and an exponent, or an operator with its limits."""
    indexed = _index(base, below)
    if not above.strip():
        return indexed
    return indexed + exponent(above.strip()) if below.strip() else _power(base, above)


def _operator(sign: str, below: str, above: str, of: str) -> str:
    return f"{_both(sign, below, above)} {of}"


def _root(of: str, degree: str) -> str:
    of, degree = of.strip(), degree.strip()
    if degree in _ROOTS:
        return _ROOTS[degree] + (of if re.fullmatch(r"[\w.]+", of) else f"({of})")
    return f"{_whole(of)}^(1/{degree})"


def _accent(base: str, accent: str) -> str:
    base, accent = base.strip(), accent.strip()
    combining = _ACCENTS.get(accent)
    if not accent or (combining and len(base) != 1):
        return base  # a bar over a whole term
    return base + (combining or exponent(accent))


def _matrix(rows: Iterable[Iterable[str]]) -> str:
    return "; ".join(", ".join(cell.strip() for cell in row) for row in rows)


# MathML --------------------------------------------------------------------------------------------------------------


def _padded(element: _Element, depth: int, count: int) -> list[str]:
    """The text of the children of a structure that has `count` of them; damaged ones have fewer."""
    return [*_children(element, depth), "", "", ""][:count]


def _mfrac(element: _Element, depth: int) -> str:
    over, under = _padded(element, depth, 2)
    if (element.get("linethickness") or "").rstrip("ptxem%") == "0":
        return f"{over.strip()} choose {under.strip()}"
    return fraction(over, under)


def _semantics(element: _Element, depth: int) -> str:
    first = next((child for child in element if name(child) not in ("", "annotation", "annotation-xml")), None)
    return "" if first is None else _part(first, depth)


def _munder(element: _Element, depth: int) -> str:
    base, below = _padded(element, depth, 2)
    return base if below.strip() in ("_", "¯", "⏟", "︸", "̲") else _both(base, below, "")


def _mover(element: _Element, depth: int) -> str:
    base, above = _padded(element, depth, 2)
    return base if above.strip() in ("⏞", "︷") else _over(base, above)


def _over(base: str, above: str) -> str:
    return _accent(base, above) if above.strip() in _ACCENTS else _both(base, "", above)


def _mfenced(element: _Element, depth: int) -> str:
    separators = element.get("separators", ",").strip()
    text = f"{separators[:1]} ".join(part.strip() for part in _children(element, depth))
    return f"{element.get('open', '(')}{text}{element.get('close', ')')}"


def _mmultiscripts(element: _Element, depth: int) -> str:
    parts = [(name(child), _part(child, depth).strip()) for child in element if name(child)]
    kinds = [kind for kind, _ in parts]
    cut = kinds.index("mprescripts") if "mprescripts" in kinds else len(parts)
    texts = [text for _, text in parts]
    text = _both(texts[0] if texts else "", "".join(texts[1:cut:2]), "".join(texts[2:cut:2]))
    below, above = "".join(texts[cut + 1 :: 2]), "".join(texts[cut + 2 :: 2])
    return (f"{above}_{below}" if above and below else above + below) + text


def _mtable(element: _Element, depth: int) -> str:
    return _matrix(_children(row, depth + 1) for row in element if name(row))


# Word ----------------------------------------------------------------------------------------------------------------


def _f(element: _Element, depth: int) -> str:
    over, under = _named(element, "num", "den", depth=depth)
    return f"{over} choose {under}" if _setting(element, "fPr/type") == "noBar" else fraction(over, under)


def _nary(element: _Element, depth: int) -> str:
    below, above, of = _named(element, "sub", "sup", "e", depth=depth)
    return _operator(_setting(element, "naryPr/chr") or "∫", below, above, of)


def _d(element: _Element, depth: int) -> str:
    opening, closing = _setting(element, "dPr/begChr"), _setting(element, "dPr/endChr")
    separator = _setting(element, "dPr/sepChr")
    parts = [_row(child, depth).strip() for child in element if name(child) == "e"]
    text = ("|" if separator is None else separator).join(parts)
    return f"{'(' if opening is None else opening}{text}{')' if closing is None else closing}"


def _acc(element: _Element, depth: int) -> str:
    (base,) = _named(element, "e", depth=depth)
    return _accent(base, _setting(element, "accPr/chr") or "^")


def _bar(element: _Element, depth: int) -> str:
    (base,) = _named(element, "e", depth=depth)
    return _accent(base, "¯" if _setting(element, "barPr/pos") == "top" else "")


def _m(element: _Element, depth: int) -> str:
    return _matrix(_children(row, depth + 1) for row in element if name(row) == "mr")


def _eq_array(element: _Element, depth: int) -> str:
    return "; ".join(_row(child, depth).strip() for child in element if name(child) == "e").replace("&", "")


def _s_pre(element: _Element, depth: int) -> str:
    below, above, base = _named(element, "sub", "sup", "e", depth=depth)
    return (f"{above}_{below}" if above and below else above + below) + base


def _func(element: _Element, depth: int) -> str:
    function, of = _named(element, "fName", "e", depth=depth)
    return f"{function}{'' if of.startswith('(') else ' '}{of}"


def _phantom(element: _Element, depth: int) -> str:
    shown = _setting(element, "phantPr/show")
    return "" if shown in ("0", "off", "false") else _row(element, depth)


_PARTS: dict[str, _Part] = {
    "mspace": lambda element, depth: " ",
    "mfrac": _mfrac,
    "semantics": _semantics,
    "msup": lambda element, depth: _power(*_padded(element, depth, 2)),
    "msub": lambda element, depth: _index(*_padded(element, depth, 2)),
    "msubsup": lambda element, depth: _both(*_padded(element, depth, 3)),
    "msqrt": lambda element, depth: _root(_row(element, depth), ""),
    "mroot": lambda element, depth: _root(*_padded(element, depth, 2)),
    "munder": _munder,
    "mover": _mover,
    "munderover": lambda element, depth: _both(*_padded(element, depth, 3)),
    "mfenced": _mfenced,
    "mmultiscripts": _mmultiscripts,
    "mtable": _mtable,
    "oMathPara": lambda element, depth: "; ".join(_children(element, depth)),
    "f": _f,
    "sSup": lambda element, depth: _power(*_named(element, "e", "sup", depth=depth)),
    "sSub": lambda element, depth: _index(*_named(element, "e", "sub", depth=depth)),
    "sSubSup": lambda element, depth: _both(*_named(element, "e", "sub", "sup", depth=depth)),
    "sPre": _s_pre,
    "rad": lambda element, depth: _root(*_named(element, "e", "deg", depth=depth)),
    "nary": _nary,
    "d": _d,
    "func": _func,
    "limLow": lambda element, depth: _index(*_named(element, "e", "lim", depth=depth)),
    "limUpp": lambda element, depth: _over(*_named(element, "e", "lim", depth=depth)),
    "acc": _acc,
    "bar": _bar,
    "m": _m,
    "eqArr": _eq_array,
    "phant": _phantom,
}
