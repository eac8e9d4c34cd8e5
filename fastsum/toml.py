"""Parse TOML, check tables against dataclasses, and suggest corrections of misspelt keys."""

from __future__ import annotations

import difflib
import math
import sys
from collections.abc import Callable, Collection, Iterable
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

_Check = Callable[[Any], str]
"""Of a value: "" if it is possible, otherwise what it must do, in words for the message."""


def _rule(demand: str, holds: Callable[[Any], bool]) -> _Check:
    return lambda value: "" if holds(value) else demand


def one_of(names: Collection[str]) -> _Check:
    """The constraint of a text that must be one of these names, read again at each check."""
    return lambda value: "" if value in names else f"be one of {', '.join(names)}"


_ABOVE_0 = _rule("be above 0", lambda value: value > 0)
_NOT_NEGATIVE = _rule("not be negative", lambda value: value >= 0)

# A setting's annotation is its type and its constraint. A plain int or float must not be negative.
Weight = Annotated[int, _rule("not be 0", bool)]
Count = Annotated[int, _ABOVE_0]
Positive = Annotated[float, _ABOVE_0]
Fraction = Annotated[float, _rule("be from 0 to below 1", lambda value: 0 <= value < 1)]
Share = Annotated[float, _rule("be between 0 and 1", lambda value: 0 < value < 1)]


def parse(text: str) -> dict[str, Any]:
    """The tables of a TOML text. Raises ValueError, with what is wrong and where, for any other text."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib

    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def suggestion(name: str, known: Iterable[str]) -> str:
    """In brackets, the known name that is most similar to `name`, or all known names if none is similar."""
    names = list(known)
    close = difflib.get_close_matches(name, names, n=1)
    return f" (did you mean {close[0]}?)" if close else f" (known: {', '.join(names) or 'none'})"


def read_table(name: str, factory: Any, table: dict[str, Any], problems: list[str]) -> Any:
    """A dataclass from a table with its fields, whose annotations are their types and constraints.

    An impossible value, or a key that is no field, adds a message to `problems`; `name` is that of the table, "" for
    the keys that are in none.
    """
    hints: dict[str, Any] = get_type_hints(factory, include_extras=True)
    values: dict[str, Any] = {}
    for key, value in table.items():
        shown = f"{name}.{key}" if name else key
        if key not in hints:
            problems.append(f"unknown key {shown}{suggestion(key, hints)}")
            continue
        kind, check = _constraint(hints[key])
        if kind is float and type(value) is int:
            value = float(value) if abs(value) <= sys.float_info.max else math.inf
        if type(value) is not kind:
            wanted = {int: "a whole number", float: "a number", bool: "true or false", str: "text"}[kind]
            problems.append(f"{shown} must be {wanted}, not {value!r}")
        elif kind is float and not math.isfinite(value):
            problems.append(f"{shown} must be a finite number, not {value}")
        else:
            if demand := check(value):
                problems.append(f"{shown} must {demand}, not {value!r}")
            values[key] = value
    return factory(**values)


def _constraint(hint: Any) -> tuple[Any, _Check]:
    """The Python type of a setting and the check of its values, from its annotation."""
    if get_origin(hint) is Annotated:
        kind, check = get_args(hint)
        return kind, check
    if get_origin(hint) is Literal:
        return str, one_of(get_args(hint))
    return hint, _NOT_NEGATIVE if hint in (int, float) else lambda value: ""
