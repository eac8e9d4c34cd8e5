"""Labelled rows from tables, and what in them cannot be used."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fastsum.data.forms import LABELS
from fastsum.data.rows import Rows, open_rows
from fastsum.errors import FastsumError
from fastsum.tasks.classification.texts import LabelledTexts, read_texts

NEWS = "\t".join(("N{0}", "{1}", "sub", '"Rates" rise {0}', "{2}", "https://example.org/{0}", "[]", "[]"))


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "train.jsonl", [{"text": f"Good word{n}.", "stars": n % 2 + 9} for n in range(30)])
    write(tmp_path / "validation.jsonl", [{"text": "Good.", "stars": 9}])
    write(tmp_path / "test.jsonl", [{"text": "Good word0 unseen.", "stars": 10}, {"text": "Word1.", "stars": 9}])
    return tmp_path


def read(data: Path | str, strict: bool = False, most_tokens: int = 0, **columns: Any) -> LabelledTexts:
    def opened(split: str) -> Rows:
        return open_rows(str(data), split, form=LABELS, strict=strict, **columns)

    return read_texts(opened, vocabulary_size=100, strict=strict, most_tokens=most_tokens)


def test_numbers_are_ordered_as_numbers_and_texts_are_ids(folder: Path) -> None:
    data = read(folder)
    assert data.labels == ("9", "10")
    texts = data.splits["test"]
    assert texts.classes_R.tolist() == [1, 0]
    good, word, unseen, stop = texts.tokens[0].tolist()
    assert (good, word, stop) == tuple(map(data.tokenizer.id, ("good", "word0", ".")))
    assert unseen == data.tokenizer.id("<unk>") == 1
    assert data.notes == []
    assert [len(ids) for ids in read(folder, most_tokens=2).splits["test"].tokens] == [2, 2]
    assert read(folder).digest == data.digest != read(folder, most_tokens=2).digest


def test_what_cannot_be_used_is_counted_and_named(folder: Path) -> None:
    write(
        folder / "test.jsonl",
        [
            {"text": "Good.", "stars": 9},
            {"text": "Fine.", "stars": 8},
            {"text": "Fine.", "stars": 8.0},
            {"text": " ", "stars": 9},
            {"text": "...", "stars": 9},
            {"text": "Good."},
            {"text": "Good.", "stars": [9]},
        ],
    )
    data = read(folder)
    assert len(data.splits["test"].tokens) == 1
    (note,) = data.notes
    assert note.startswith("test: Left out 3 unusable rows: test.jsonl, line 4: no text in 'text'; ")
    assert "line 6: no label in 'stars'" in note
    assert "line 7: 'stars' is not a label but list" in note
    assert "Left out 1 without a word: test.jsonl, line 5." in note
    assert "Left out 2 with labels of no training text: '8' (2)." in note
    with pytest.raises(FastsumError, match=r"line 2: no training text has the label '8'\. Correct or remove"):
        read(folder, strict=True)


def test_a_text_without_a_word_stops_where_strict(folder: Path) -> None:
    write(folder / "validation.jsonl", [{"text": "!", "stars": 9}, {"text": "Good.", "stars": 9}])
    with pytest.raises(FastsumError, match="line 1: the text has no word"):
        read(folder, strict=True)
    assert "line 1" in read(folder).notes[0]


def test_one_label_alone_is_refused(folder: Path) -> None:
    write(folder / "train.jsonl", [{"text": "Good.", "stars": 9}] * 3)
    with pytest.raises(FastsumError, match="all 3 texts have the label '9'"):
        read(folder)


def test_a_split_without_a_usable_text_is_refused(folder: Path) -> None:
    write(folder / "test.jsonl", [{"text": "Good.", "stars": 1}])
    with pytest.raises(FastsumError, match=r"no usable text in test\.jsonl\. Left out 1 with labels .* '1' \(1\)"):
        read(folder)


def test_missing_columns_name_the_options(folder: Path) -> None:
    with pytest.raises(FastsumError, match="the labels' column with --text-column and --label-column"):
        read(folder, summary_column="rating")


def test_a_single_file_is_dealt_to_all_splits_by_hash(tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    write(
        path, [{"id": f"r{n}", "text": f"Word{n} {n}.", "label": "even" if n % 2 == 0 else "odd"} for n in range(400)]
    )
    rows = {split: list(open_rows(str(path), split, form=LABELS)) for split in ("train", "validation", "test")}
    ids = {split: {row.id for row in found} for split, found in rows.items()}
    assert sum(map(len, rows.values())) == len(set().union(*ids.values())) == 400
    assert 20 < len(ids["test"]) < 60
    assert 5 < len(ids["validation"]) < 40
    write(path, [{"id": f"r{n}", "text": f"Word{n}.", "label": "x"} for n in range(200, 400)])
    stayed = {row.id for row in open_rows(str(path), "test", form=LABELS)}
    assert stayed <= ids["test"]


def test_what_one_file_has_is_told_once_for_all_splits(tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    rows = [{"text": f"Word{n}.", "label": "even" if n % 2 == 0 else "odd"} for n in range(200)]
    write(path, [*rows, {"text": "No label."}, {"text": "...", "label": "odd"}])
    whole, word = sorted(read(path).notes, key=len, reverse=True)
    assert whole == "train, validation, test: Left out 1 unusable row: all.jsonl, line 201: no label in 'label'."
    assert word.endswith(": Left out 1 without a word: all.jsonl, line 202.")


def test_too_few_rows_for_all_splits_name_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "few.jsonl"
    write(path, [{"id": f"r{n}", "text": "Good.", "label": "xy"[n % 2]} for n in range(3)])
    with pytest.raises(FastsumError, match=r"of few\.jsonl\. Give more rows, or a folder with a file for each split\."):
        read(path)


def test_a_folder_with_a_test_split_holds_out_validation_alone(folder: Path) -> None:
    (folder / "validation.jsonl").unlink()
    train, validation = (list(open_rows(str(folder), split, form=LABELS)) for split in ("train", "validation"))
    assert len(train) + len(validation) == 30
    assert [row.summary for row in open_rows(str(folder), "test", form=LABELS)] == ["10", "9"]


def test_columns_are_joined_and_an_empty_one_is_left_out(tmp_path: Path) -> None:
    lines = [
        ("title", "abstract", "category"),
        ("Rain", "It rained.", "weather"),
        ("Sun", "", "weather"),
        ("", "", "x"),
    ]
    path = tmp_path / "test.csv"
    path.write_text("\n".join(",".join(line) for line in lines), "utf-8")
    rows = open_rows(str(tmp_path), "test", form=LABELS)
    assert [(row.document, row.summary) for row in rows] == [("Rain\nIt rained.", "weather"), ("Sun", "weather")]
    assert rows.rejects == ["test.csv, line 4: no text in 'title+abstract'"]
    named = open_rows(str(tmp_path), "test", form=LABELS, document_column="abstract+title", summary_column="category")
    assert next(iter(named)).document == "It rained.\nRain"


def test_minds_own_file_is_read_without_header_or_quoting(tmp_path: Path) -> None:
    lines = [NEWS.format(n, "finance" if n % 2 else "sports", "" if n == 3 else f"About {n}.") for n in range(40)]
    path = tmp_path / "news.tsv"
    path.write_text("\n".join([*lines, "N40\tonly\tthree"]) + "\n", "utf-8")
    rows = open_rows("mind-topic", "train", data_dir=path, form=LABELS)
    found = {row.id: row for row in rows}
    assert found["N5"].document == '"Rates" rise 5\nAbout 5.'
    assert found["N5"].summary == "finance"
    assert rows.rejects == ["news.tsv, line 41: 3 fields where MIND's news have 8"]


def test_named_data_that_is_not_on_the_hub_says_what_to_get() -> None:
    with pytest.raises(
        FastsumError, match=r"amazon-electronics is not on the hub: get reviews_Electronics_5.*--data-dir"
    ):
        open_rows("amazon-electronics", "train", form=LABELS)
    with pytest.raises(FastsumError, match="--data-dir is a local copy of imdb or amazon-electronics or mind-topic"):
        open_rows("reviews", "train", form=LABELS, data_dir=Path())
