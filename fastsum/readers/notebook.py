"""Jupyter notebooks: the text cells, which are Markdown, without code and its output."""

from __future__ import annotations

import json
from typing import Any

from fastsum.readers.blocks import Omissions, Reading, Unreadable
from fastsum.readers.markdown import read_markdown

_DAMAGED = "is a damaged notebook: {}. Save it again, or name its text."
_TEXTS = frozenset(("markdown", "html"))
_HEADING = "heading"  # of format 3, whose level is beside it


def read(content: bytes) -> Reading:
    """The text of a notebook in format 3 or 4. Raises Unreadable where it is damaged."""
    try:
        notebook = json.loads(content, parse_int=_whole)
    except (ValueError, RecursionError) as error:
        raise Unreadable(_DAMAGED.format(f"its JSON is not well-formed ({error})")) from None
    omissions = Omissions()
    texts = []
    for cell in _cells(notebook):
        source = _source(cell)
        if cell.get("cell_type") in _TEXTS:
            texts.append(source)
        elif cell.get("cell_type") == _HEADING:
            level = cell.get("level")
            texts.append(f"{'#' * (level if isinstance(level, int) and 0 < level < 7 else 1)} {source}")
        else:
            omissions.add("code", source)
    reading = read_markdown("\n\n".join(texts))
    return reading._replace(left_out=(*reading.left_out, *omissions.found()))


def _cells(notebook: Any) -> list[dict[str, Any]]:
    """The cells, which format 3 keeps in worksheets."""
    if not isinstance(notebook, dict):
        raise Unreadable(_DAMAGED.format("it has no cells"))
    sheets = notebook.get("worksheets")
    cells = notebook.get("cells")
    if cells is None and isinstance(sheets, list):
        cells = [cell for sheet in sheets if isinstance(sheet, dict) for cell in _list(sheet.get("cells"))]
    if not isinstance(cells, list):
        raise Unreadable(_DAMAGED.format("it has no cells"))
    return [cell for cell in cells if isinstance(cell, dict)]


def _source(cell: dict[str, Any]) -> str:
    """The source of a cell, which is a text or a list of lines; format 3 calls that of code `input`."""
    source = cell.get("source", cell.get("input", ""))
    return "".join(line for line in (source if isinstance(source, list) else [source]) if isinstance(line, str))


def _whole(digits: str) -> int:
    """A whole number; of more digits than a notebook has a use for, 0, since Python refuses the longest."""
    return int(digits) if len(digits) < 20 else 0


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
