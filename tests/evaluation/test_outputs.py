"""Another system's summaries: by id, by order, from a column."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fastsum import FastsumError
from fastsum.data.rows import Row
from fastsum.evaluation.outputs import column, read_outputs

ROWS = [Row("a", "Document.", "Summary."), Row("b", "Document.", "Summary.", others={"bart": "Theirs."})]


def test_a_table_with_ids_is_matched_by_them(tmp_path: Path) -> None:
    file = tmp_path / "bart.jsonl"
    file.write_text("".join(json.dumps({"id": i, "output": f"Of {i}."}) + "\n" for i in ("b", "a")))
    found = read_outputs(file)
    assert found.name == "bart"
    assert [found.of(number, row) for number, row in enumerate(ROWS)] == ["Of a.", "Of b."]
    with pytest.raises(FastsumError, match=r"bart\.jsonl has no output for the id c; it has b, a"):
        found.of(2, ROWS[0]._replace(id="c"))


@pytest.mark.parametrize("name", ["bart.txt", "bart.csv"])
def test_others_are_matched_by_order(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_text(("summary\n" if name.endswith("csv") else "") + "the first -lrb- 1 -rrb- .\nthe second .\n")
    found = read_outputs(file)
    assert [found.of(number, row) for number, row in enumerate(ROWS)] == ["the first (1).", "the second."]
    with pytest.raises(FastsumError, match=r"no output for row 3 \(a\); it has 2 outputs"):
        found.of(2, ROWS[0])


def test_a_column_comes_with_the_rows() -> None:
    assert column("bart").of(7, ROWS[1]) == "Theirs."


def test_files_that_cannot_be_used(tmp_path: Path) -> None:
    table = tmp_path / "other.csv"
    table.write_text("id,score\na,3\n")
    with pytest.raises(FastsumError, match="has the columns id, score; the outputs are looked for in output"):
        read_outputs(table)
    binary = tmp_path / "bart.bin"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(FastsumError, match="cannot be read as UTF-8 text"):
        read_outputs(binary)
