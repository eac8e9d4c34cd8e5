"""The text cells of notebooks."""

from __future__ import annotations

import json

import pytest

from fastsum.readers.blocks import Unreadable
from fastsum.readers.notebook import read


def made(**members: object) -> bytes:
    return json.dumps(members).encode()


def test_format_4_with_sources_as_lists_and_texts() -> None:
    cells = [
        {"cell_type": "markdown", "source": ["# Tides\n", "\n", "They rise.\n", "They fall."]},
        {"cell_type": "code", "source": "print(1)", "outputs": [{"text": ["1"]}]},
        {"cell_type": "markdown", "source": "The end."},
        {"cell_type": "raw", "source": "raw"},
    ]
    reading = read(made(cells=cells, nbformat=4))
    assert reading.text == "# Tides\n\nThey rise.\nThey fall.\n\nThe end."
    assert reading.title == "Tides"
    assert [(part.what, part.number, part.letters) for part in reading.left_out] == [("code", 2, 11)]


def test_format_3_keeps_cells_in_worksheets() -> None:
    cells = [
        {"cell_type": "heading", "level": 2, "source": "Tides"},
        {"cell_type": "code", "input": ["a = 1"]},
        {"cell_type": "markdown", "source": ["They rise."]},
    ]
    assert read(made(worksheets=[{"cells": cells}], nbformat=3)).text == "## Tides\n\nThey rise."


def test_what_is_no_text_in_a_cell_is_passed_over() -> None:
    cells = [
        {"cell_type": "markdown", "source": ["They rise.", 1, [["no"]], None]},
        {"cell_type": "markdown", "source": 5},
        {"cell_type": "heading", "level": int("9" * 4000), "source": "Tides"},
    ]
    content = made(cells=cells).replace(b"9" * 4000, b"9" * 9000)
    assert read(content).text == "They rise.\n\n\n\n# Tides"
    assert read(made(worksheets=[{"cells": 5}, {"cells": cells[:1]}])).text == "They rise."


@pytest.mark.parametrize("content", [b'{"cells": [', made(nbformat=4), made(cells="no"), b"[]"])
def test_a_damaged_notebook_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable, match="is a damaged notebook"):
        read(content)
