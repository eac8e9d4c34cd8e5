"""Rows become labelled examples, and every row is counted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from fastsum.config import DataConfig
from fastsum.data.rows import Row
from fastsum.text.rouge import stems
from fastsum.text.source import read_source
from fastsum.text.tokenizer import UNK, Tokenizer
from fastsum.training import examples
from fastsum.training.examples import make_example, train_tokenizer, write_examples
from tests.conftest import DOCUMENT, SUMMARY, example


class TestMakeExample:
    def test_labels_are_the_sentences_the_summary_was_made_from(self, tokenizer: Tokenizer) -> None:
        made = example(tokenizer)
        assert made.salient.tolist() == [2, 3]
        assert made.sources.tolist() == [2, 3]
        assert made.lengths.sum() == len(made.tokens)
        assert made.target_lengths.sum() == len(made.targets)

    def test_a_word_outside_the_vocabulary_has_the_same_id_in_document_and_summary(self, tokenizer: Tokenizer) -> None:
        made = example(tokenizer)
        outside = len(tokenizer)  # the first word that is outside: quillhaven
        assert tokenizer.id("quillhaven") == UNK
        assert (made.tokens == outside).sum() == 1
        assert (made.targets == outside).sum() == 1

    def test_is_cut_at_the_end_of_a_sentence(self, tokenizer: Tokenizer) -> None:
        made = example(tokenizer, document_tokens=15)
        assert made.lengths.tolist() == example(tokenizer).lengths[:2].tolist()
        assert set(made.salient.tolist()) <= {0, 1}

    def test_keeps_a_first_sentence_that_is_longer_than_the_limit(self, tokenizer: Tokenizer) -> None:
        assert len(example(tokenizer, document_tokens=3).lengths) == 1

    def test_headings_are_never_salient(self, tokenizer: Tokenizer) -> None:
        row = Row("b", f"# Two dogs pulled from the water near Quillhaven\n\n{DOCUMENT}", SUMMARY)
        assert 0 not in make_example(row, tokenizer, DataConfig()).salient


@pytest.mark.parametrize("count", [3, 150])  # in this process, and over several
class TestManyRows:
    def test_tokenizer_counts_every_row(self, count: int) -> None:
        rows = [Row(str(i), DOCUMENT + " Snow fell." * 5, SUMMARY) for i in range(count)]
        progress: list[int] = []
        trained = train_tokenizer(rows, 50, progress.append)
        assert progress[-1] == count
        assert trained.id("snow") < trained.id("monday")

    def test_examples_are_written_in_the_order_of_the_rows(
        self, count: int, tokenizer: Tokenizer, tmp_path: Path
    ) -> None:
        rows = [Row(str(i), DOCUMENT + " Snow fell." * (i % 7), SUMMARY) for i in range(count)]
        write_examples(tmp_path / "examples", rows, tokenizer, DataConfig())
        table = pa.ipc.open_file(pa.memory_map(str(tmp_path / "examples"))).read_all()
        expected = [make_example(row, tokenizer, DataConfig()).lengths.tolist() for row in rows]
        assert table.column("lengths").to_pylist() == expected


def test_long_rows_are_few_in_a_chunk_so_that_progress_is_told_soon() -> None:
    sizes = [10] * 70 + [300_000, 300_000, 10, 600_000, 10]
    chunks = list(examples._chunks(Row(str(i), "a" * size, "") for i, size in enumerate(sizes)))
    assert [len(chunk) for chunk in chunks] == [64, 8, 2, 1]
    assert [row.id for chunk in chunks for row in chunk] == [str(i) for i in range(len(sizes))]


def test_a_word_is_stemmed_by_its_id_as_in_the_text(tokenizer: Tokenizer) -> None:
    """A sentence that is nothing for the tokenizer is one unknown word there, which has no stem."""
    source = read_source(f"# A heading\n\n{DOCUMENT}\n\n\u0301", tokenizer)
    kept = len(source.sentences)
    expected = [
        stems(encoding.words) if sentence.is_prose else []
        for sentence, encoding in zip(source.sentences, source.encodings, strict=True)
    ]
    assert examples._stems(source, source.tokens, kept) == expected
    assert examples._stems(source, source.tokens[: sum(source.lengths[:2])], 2) == expected[:2]


def test_the_processes_that_do_the_work_need_no_torch() -> None:
    code = "import sys, fastsum.training.examples; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
