"""Rows from files, folders and named data sets, good and bad."""

from __future__ import annotations

import csv
import gzip
import json
import sys
import types
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fastsum.data.rows import Row, Rows, open_rows
from fastsum.errors import FastsumError

GOOD = [{"article": f"Story {i}.\nIt goes on.", "highlights": f"Summary {i}.", "id": f"s{i}"} for i in range(5)]


def write_jsonl(path: Path, records: list[Any]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def write_csv(path: Path, records: list[dict[str, str]], delimiter: str = ",") -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(records[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(records)
    return path


def write_parquet(path: Path, records: list[dict[str, Any]]) -> Path:
    pq.write_table(pa.Table.from_pylist(records), path)
    return path


def read(path: Path | str, split: str = "test", **options: Any) -> tuple[Rows, list[Row]]:
    rows = open_rows(str(path), split, **options)
    return rows, list(rows)


def test_tokenised_documents_and_summaries_become_natural(tmp_path: Path) -> None:
    file = write_jsonl(
        tmp_path / "a.jsonl", [{"text": "he did n't . she did .", "summary": "he -lrb- 91 -rrb- did n't ."}]
    )
    assert [row[1:3] for row in read(file)[1]] == [("he didn't.\nshe did.", "he (91) didn't.")]


def test_every_format_gives_the_same_rows(tmp_path: Path) -> None:
    plain = write_jsonl(tmp_path / "a.jsonl", GOOD)
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(plain.read_bytes()))
    (tmp_path / "c.json").write_text(json.dumps(GOOD, indent=1), encoding="utf-8")
    (tmp_path / "d.jsonl").write_bytes(b"\xef\xbb\xbf" + plain.read_bytes().replace(b"\n", b"\r\n\r\n"))
    write_csv(tmp_path / "e.csv", GOOD)
    write_csv(tmp_path / "f.tsv", GOOD, delimiter="\t")
    write_parquet(tmp_path / "g.parquet", GOOD)
    expected = [Row(record["id"], record["article"], record["highlights"]) for record in GOOD]
    for path in sorted(tmp_path.iterdir()):
        rows, found = read(path)
        assert found == expected, path
        assert list(rows) == expected, f"{path}: a second iteration"
        assert rows.rejected == 0
        assert rows.describe_rejects() == ""
        assert read(path, limit=2)[1] == expected[:2]


@pytest.mark.parametrize(
    ("document", "summary"),
    [("article", "abstract"), ("document", "summary"), ("text", "summary"), ("corps", "resume")],
)
def test_columns_known_and_named(tmp_path: Path, document: str, summary: str) -> None:
    path = write_jsonl(tmp_path / "a.jsonl", [{document: ["One.", "Two."], summary: "Short."}])
    named = {"document_column": document, "summary_column": summary} if document == "corps" else {}
    assert read(path, **named)[1] == [Row("a.jsonl, line 1", "One.\nTwo.", "Short.")]


def test_one_column_may_be_named_alone(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "a.jsonl", [{"body": "Long.", "abstract": "Short.", "article": "Other."}])
    assert read(path, document_column="body")[1][0].document == "Long."


@pytest.mark.parametrize("write", [write_jsonl, write_csv, write_parquet])
def test_unknown_columns_are_listed_with_the_options(tmp_path: Path, write: Any) -> None:
    suffix = {write_jsonl: "jsonl", write_csv: "csv", write_parquet: "parquet"}[write]
    path = write(tmp_path / f"a.{suffix}", [{"body": "Long.", "gist": "Short."}])
    with pytest.raises(FastsumError, match=r"columns body, gist.*article/highlights.*--document-column"):
        read(path)
    with pytest.raises(FastsumError, match="body and nowhere are not both there"):
        read(path, document_column="body", summary_column="nowhere")


def test_bad_json_lines_are_counted_and_the_first_five_named(tmp_path: Path) -> None:
    good = json.dumps(GOOD[0]).encode()
    lines = [
        good,
        b'{"article": "cut of',
        b'{"highlights": "No article."}',
        b'{"article": "", "highlights": "Empty."}',
        b'{"article": "Long.", "highlights": 3}',
        b'{"article": "Caf\xe9.", "highlights": "Latin."}',
        b'["a", "list"]',
        b'"a string"',
        b'{"article": "Half \\ud83d.", "highlights": "Half a pair."}',
        b'{"article": null, "highlights": "Null."}',
        b'{"article": ["Long.", 3], "highlights": "Mixed."}',
        b"[" * 100_000,
        b"",
        good,
    ]
    path = tmp_path / "train.jsonl"
    path.write_bytes(b"\n".join(lines))
    rows, found = read(path)
    assert [row.id for row in found] == ["s0", "s0"]
    assert rows.rejected == 11
    assert len(rows.rejects) == 5
    assert rows.rejects[0].startswith("train.jsonl, line 2: malformed JSON")
    assert rows.rejects[1] == "train.jsonl, line 3: no text in 'article'"
    assert rows.rejects[2] == "train.jsonl, line 4: no text in 'article'"
    assert rows.rejects[3] == "train.jsonl, line 5: 'highlights' is not text but int"
    assert rows.rejects[4] == "train.jsonl, line 6: not valid UTF-8"
    assert rows.describe_rejects().startswith("Left out 11 unusable rows: train.jsonl, line 2")
    list(rows)
    assert rows.rejected == 11, "each iteration counts anew"
    with pytest.raises(FastsumError, match=r"^train\.jsonl, line 2: malformed JSON"):
        read(path, strict=True)


def test_bad_csv_rows_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(
        b'article,highlights\n"A story, on\ntwo lines.",Short.\nonly one field\nLong.,Caf\xe9.\na,b,c\n\nLong.,Short.\n'
        b'"never closed,Short.\nLong.,Short.\n'
    )
    rows, found = read(path)
    assert [row.document for row in found] == ["A story, on\ntwo lines.", "Long."]
    assert found[1].id == "a.csv, line 8"
    assert rows.rejects[:3] == [
        "a.csv, line 4: 1 fields where the header has 2",
        "a.csv, line 5: 'highlights' is not valid UTF-8",
        "a.csv, line 6: 3 fields where the header has 2",
    ]
    assert rows.rejects[3].startswith("a.csv, line 9: malformed CSV")
    assert rows.rejected == 4


def test_a_csv_field_may_be_a_long_document(tmp_path: Path) -> None:
    long = "word " * 200_000
    assert read(write_csv(tmp_path / "a.csv", [{"text": long, "summary": "Short."}]))[1][0].document == long


def test_bad_parquet_rows_are_counted(tmp_path: Path) -> None:
    path = write_parquet(
        tmp_path / "a.parquet", [{"text": "Long.", "summary": None}, {"text": "Long.", "summary": "S."}]
    )
    rows, found = read(path)
    assert len(found) == 1
    assert rows.rejects == ["a.parquet, row 1: no text in 'summary'"]


def test_a_column_of_parquet_that_is_not_asked_for_makes_no_row_unusable(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    late, torn = pa.array([2**60], pa.timestamp("us")), pa.array([b"caf\xe9"]).view(pa.string())
    pq.write_table(pa.table({"text": ["Long."], "summary": ["S."], "id": ["one"], "late": late, "torn": torn}), path)
    assert read(path)[1] == [Row("one", "Long.", "S.")]
    pq.write_table(pa.table({"text": ["Long."], "summary": ["S."], "id": late}), path)
    with pytest.raises(FastsumError, match=r"There is no usable row in a\.parquet\..*row 1: 'id' cannot be read \("):
        read(path)


def test_damaged_files_are_refused_in_a_sentence(tmp_path: Path) -> None:
    whole = write_parquet(tmp_path / "whole.parquet", GOOD).read_bytes()
    cut = tmp_path / "cut.parquet"
    for content in (whole[:-20], b"no parquet at all", b""):
        cut.write_bytes(content)
        with pytest.raises(FastsumError, match=r"cut\.parquet is no Parquet file, or a damaged one"):
            read(cut)
    packed = tmp_path / "cut.jsonl.gz"
    lines = "".join(json.dumps({"text": f"{i * i}", "summary": "s"}) + "\n" for i in range(5000))
    packed.write_bytes(gzip.compress(lines.encode())[:-2000])
    with pytest.raises(FastsumError, match=r"cut\.jsonl\.gz is damaged or cut short"):
        read(packed)
    packed.write_bytes(b"not packed at all")
    with pytest.raises(FastsumError, match=r"cut\.jsonl\.gz is damaged or cut short"):
        read(packed)


def test_no_usable_row_is_an_error_that_says_why(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "a.jsonl", [{"article": "", "highlights": "Short."}])
    with pytest.raises(FastsumError, match=r"no usable row in a\.jsonl\. Left out 1 unusable row: a\.jsonl, line 1"):
        read(path)
    path.write_text("")
    with pytest.raises(FastsumError, match=r"no usable row in .*it is empty"):
        read(path)
    path.write_text("plain words\n" * 200)
    with pytest.raises(FastsumError, match=r"no usable row in .*line 100: malformed JSON"):
        read(path)
    header_only = tmp_path / "a.csv"
    header_only.write_text("article,highlights\n")
    with pytest.raises(FastsumError, match="no usable row"):
        read(header_only)


def test_what_is_not_there_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(FastsumError, match=r"no file or folder .*nowhere.*cnn_dailymail, pubmed"):
        read(tmp_path / "nowhere")
    with pytest.raises(FastsumError, match="holds no data"):
        read(tmp_path)
    (tmp_path / "notes.txt").write_text("notes")
    with pytest.raises(FastsumError, match=r"notes\.txt is in no known format"):
        read(tmp_path / "notes.txt")
    path = write_jsonl(tmp_path / "train.jsonl", GOOD)
    with pytest.raises(FastsumError, match="has no test split, only train"):
        read(tmp_path)
    with pytest.raises(FastsumError, match="no split 'tset'"):
        read(path, "tset")
    with pytest.raises(FastsumError, match="--data-dir is a local copy of"):
        read(path, data_dir=tmp_path)
    (tmp_path / "empty").mkdir()
    for name, reason in (
        ("nowhere", "no file or folder"),
        ("notes.txt", "no known format"),
        ("empty", "holds no data"),
    ):
        with pytest.raises(FastsumError, match=f"^--data-dir: .*{reason}"):
            read("pubmed", data_dir=tmp_path / name)
    write_csv(tmp_path / "train.csv", GOOD)
    with pytest.raises(FastsumError, match="several formats"):
        read(tmp_path, "train")


def test_a_folder_is_read_by_split_and_in_order(tmp_path: Path) -> None:
    for number, record in enumerate(GOOD[:3]):
        write_parquet(tmp_path / f"train-{number:05}-of-00003.parquet", [record])
    write_jsonl(tmp_path / "dev.jsonl", GOOD[3:4])
    write_csv(tmp_path / "test.csv", GOOD[4:])
    (tmp_path / "README.md").write_text("about")
    assert [row.id for row in read(tmp_path, "train")[1]] == ["s0", "s1", "s2"]
    assert [row.id for row in read(tmp_path, "validation")[1]] == ["s3"]
    assert [row.id for row in read(tmp_path, "test")[1]] == ["s4"]


def test_one_file_holds_back_a_share_for_validation(tmp_path: Path) -> None:
    records = [{"text": f"Long {i}.", "summary": "Short.", "id": i} for i in range(1000)]
    path = write_jsonl(tmp_path / "all.jsonl", records)
    parts = {
        split: {row.id for row in read(path, split, validation_fraction=0.1)[1]} for split in ("train", "validation")
    }
    assert parts["train"].isdisjoint(parts["validation"])
    assert parts["train"] | parts["validation"] == {str(i) for i in range(1000)}
    assert 70 < len(parts["validation"]) < 130
    assert len(read(path, "test")[1]) == 1000

    # a row stays on its side when others are added in front or behind; the first is always held back
    more = write_jsonl(tmp_path / "more.jsonl", [*records[500:], {"text": "New.", "summary": "New.", "id": "new"}])
    held_back = {row.id for row in read(more, "validation", validation_fraction=0.1)[1]} - {"500", "new"}
    assert held_back == {i for i in parts["validation"] if int(i) > 500}

    # a folder with nothing but its training rows does the same
    folder = tmp_path / "folder"
    folder.mkdir()
    write_jsonl(folder / "train.jsonl", records)
    rows, found = read(folder, "validation", validation_fraction=0.1)
    assert {row.id for row in found} == parts["validation"]
    assert rows.origin == "the 10% held back of train.jsonl"


def test_a_handful_of_rows_still_has_a_validation_row(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "train.jsonl", [{"article": "", "highlights": "Bad."}, *GOOD])
    assert "s0" in [row.id for row in read(path, "validation")[1]]
    with pytest.raises(FastsumError, match="no usable row in the 0% held back"):
        read(path, "validation", validation_fraction=0.0)


def test_a_file_named_for_validation_is_all_of_it(tmp_path: Path) -> None:
    assert len(read(write_jsonl(tmp_path / "validation.jsonl", GOOD), "validation")[1]) == 5


@pytest.mark.parametrize(("name", "nested"), [("cnn_dailymail", "3.0.0"), ("pubmed", "section"), ("pubmed", "")])
def test_a_local_copy_of_a_named_data_set(tmp_path: Path, name: str, nested: str) -> None:
    (tmp_path / nested).mkdir(exist_ok=True)
    write_parquet(tmp_path / nested / "test-00000-of-00001.parquet", GOOD)
    assert len(read(name, data_dir=tmp_path)[1]) == 5


def test_named_data_sets_come_through_datasets(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    class Loaded(list[Any]):
        column_names = ("article", "abstract")

    def load_dataset(repository: str, config: str, *, split: str) -> Loaded:
        asked.append((repository, config, split))
        return Loaded([{"article": "Long.", "abstract": "Short."}, {"article": " ", "abstract": "Short."}])

    monkeypatch.setitem(sys.modules, "datasets", types.SimpleNamespace(load_dataset=load_dataset))
    rows, found = read("pubmed", "train")
    assert found == [Row("pubmed train, row 1", "Long.", "Short.")]
    assert rows.rejects == ["pubmed train, row 2: no text in 'article'"]
    assert rows.origin == "the train split of pubmed"
    assert asked == [("ccdv/pubmed-summarization", "section", "train")]


def test_an_unreachable_hub_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def load_dataset(*_: Any, **__: Any) -> None:
        raise ConnectionError("Couldn't reach the hub.\nand much more")

    monkeypatch.setitem(sys.modules, "datasets", types.SimpleNamespace(load_dataset=load_dataset))
    with pytest.raises(FastsumError, match=r"ConnectionError: Couldn't reach the hub\).*--data-dir") as error:
        read("cnn_dailymail")
    assert "\n" not in str(error.value)
