"""The state of an RTF document while it is read: the properties of its groups, and where their text goes."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree.ElementTree import Element

from fastsum.readers.blocks import Block
from fastsum.readers.office.fieldcodes import RAISED_FROM
from fastsum.readers.office.lines import LOWERED, RAISED, Line, Table, table

_UNSEEN_SIZE = 4  # half-points; of letters that keep space free


class Sink:
    """Where the text of a group goes: paragraphs of the text or of a box, or what is only collected."""

    def __init__(self, kind: str, is_text: bool = False, formula: Element | None = None) -> None:
        self.kind = kind
        self.is_text = is_text
        self.formula = formula
        self.collected: list[str] = []
        self.line = Line()
        self.is_item = False
        self.unseen: dict[str, list[str]] = {}
        self.initial = ""  # a drop cap, which is a paragraph of its own
        self.blocks: list[Block | Table] = []
        self.rows: list[list[list[Block]]] = []  # of the open table
        self.row: list[list[Block]] = []
        self.cell: list[Block] = []
        self.boxes: list[Block | Table] = []  # of text boxes anchored in the open paragraph

    def end_cell(self) -> None:
        self.row.append(self.cell)
        self.cell = []

    def end_row(self) -> None:
        self.rows.append(self.row)
        self.row = []

    def end_table(self) -> None:
        if self.cell or self.row:  # it is cut off, or its end is not marked
            self.rows.append([*self.row, self.cell])
        if self.rows:
            self.blocks.append(table(self.rows))
        self.rows, self.row, self.cell = [], [], []


class Field:
    instruction = ""


class State:
    """The properties of a group. A group begins with those of the group around it."""

    def __init__(self, sink: Sink | None) -> None:
        self.sink = sink
        self.field: Field | None = None
        self.replaced: Sink | None = None  # the sink around a group that has its text twice, without and with Unicode
        self.unicode_length = 1
        self.set_plain(-1)
        self.set_paragraph()

    def set_plain(self, font: int) -> None:
        self.font = font
        self.script = 0
        self.bold = self.hidden = self.deleted = self.struck = self.is_tiny = False

    def set_paragraph(self) -> None:
        self.style = 0
        self.level = 0
        self.in_table = self.is_listed = self.drop_cap = False

    @property
    def unseen(self) -> str:
        """What text is if it is not read; "" for text that is."""
        if self.deleted or self.struck:
            return "deleted text" if self.deleted else "struck-out text"
        return "hidden text" if self.hidden or self.is_tiny else ""

    def copy(self) -> State:
        made = State.__new__(State)
        made.__dict__.update(self.__dict__)
        return made


def _set(name: str) -> Callable[[State, int], None]:
    """What sets a property that is on or off."""
    return lambda state, number: setattr(state, name, number != 0)


def _script(of: Callable[[int], int]) -> Callable[[State, int], None]:
    return lambda state, number: setattr(state, "script", of(number))


def _outline(state: State, number: int) -> None:
    state.level = number + 1 if 0 <= number < 9 else 0


PROPERTIES: dict[str, Callable[[State, int], None]] = {
    "b": _set("bold"),
    "v": _set("hidden"),
    "fs": lambda state, number: setattr(state, "is_tiny", number <= _UNSEEN_SIZE),
    "deleted": _set("deleted"),
    "strike": _set("struck"),
    "striked": _set("struck"),
    "super": _script(lambda number: RAISED if number else 0),
    "sub": _script(lambda number: LOWERED if number else 0),
    "nosupersub": _script(lambda number: 0),
    "up": _script(lambda number: RAISED if number >= RAISED_FROM else 0),
    "dn": _script(lambda number: LOWERED if number >= RAISED_FROM else 0),
    "pard": lambda state, number: state.set_paragraph(),
    "s": lambda state, number: setattr(state, "style", number),
    "outlinelevel": _outline,
    "intbl": _set("in_table"),
    "ls": _set("is_listed"),
    "dropcapli": _set("drop_cap"),
    "uc": lambda state, number: setattr(state, "unicode_length", max(number, 0)),
}
"""Words that set a property, and how, given their number or 1."""
