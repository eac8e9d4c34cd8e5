"""Examples become batches, and nothing is lost or doubled on the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from fastsum.config import DataConfig, ModelConfig
from fastsum.data.rows import Row
from fastsum.errors import FastsumError
from fastsum.model.batching import pad
from fastsum.model.packing import pack
from fastsum.model.word_counts import DistinctWords
from fastsum.text.statistics import NAMES
from fastsum.text.tokenizer import EOS, PAD, UNK, Tokenizer
from fastsum.training.corpus import Corpus, collate
from fastsum.training.examples import make_example
from tests.conftest import DOCUMENT, SUMMARY, example


def model(tokenizer: Tokenizer, **changes: Any) -> ModelConfig:
    return ModelConfig(**{"vocabulary_size": len(tokenizer), "output_vocabulary_size": len(tokenizer)} | changes)


class TestCollate:
    def test_sentence_writing_reads_one_sentence_and_writes_one(self, tokenizer: Tokenizer) -> None:
        made = example(tokenizer)
        batch = collate([made, made], DataConfig(), model(tokenizer))
        writing = batch.writing
        assert len(writing.memory_JM) == len(writing.targets_JT) == 4
        flat = batch.documents.tokens_BN.flatten()
        start = int(made.lengths[:2].sum())
        expected = made.tokens[start : start + made.lengths[2]].tolist()
        for job in (0, 2):
            read = writing.memory_JM[job]
            assert flat[read[read >= 0]].tolist() == expected
        length = int(made.target_lengths[0])
        assert writing.targets_JT[0, : length + 1].tolist() == [*made.targets[:length].tolist(), EOS]
        assert batch.salience_BS.tolist() == [[0, 0, 1, 1]] * 2

    def test_document_writing_reads_the_oracle_before_other_sentences(self, tokenizer: Tokenizer) -> None:
        made = example(tokenizer)
        budget = int(made.lengths[2:].sum()) + 1
        batch = collate([made], DataConfig(memory_tokens=budget), model(tokenizer, writing="document"))
        read = batch.writing.memory_JM[0]
        assert read.tolist() == list(range(int(made.lengths[:2].sum()), len(made.tokens)))
        assert batch.writing.targets_JT[0].tolist() == [*made.targets.tolist(), EOS]

    def test_a_target_that_can_neither_be_written_nor_copied_is_unknown(self, tokenizer: Tokenizer) -> None:
        made = example(tokenizer)
        batch = collate([made], DataConfig(), model(tokenizer, output_vocabulary_size=5))
        writing = batch.writing
        flat = batch.documents.tokens_BN.flatten()
        for read, targets in zip(writing.memory_JM, writing.targets_JT, strict=True):
            readable = {*flat[read[read >= 0]].tolist(), *range(5)}
            assert set(targets.tolist()) <= readable
        assert (writing.targets_JT == UNK).any()
        assert int(writing.counted_JT.sum()) == int(((writing.targets_JT != PAD) & (writing.targets_JT != UNK)).sum())

    def test_soft_labels_are_a_share_of_the_support_beside_the_oracle(self, tokenizer: Tokenizer) -> None:
        made = example(tokenizer)
        assert 0 < made.support[2] <= 1
        assert made.support[0] == 0
        labels = collate([made], DataConfig(soft_labels=0.25), model(tokenizer)).salience_BS[0]
        expected = 0.25 * made.support + [0, 0, 0.75, 0.75]
        torch.testing.assert_close(labels, torch.tensor(expected, dtype=torch.float32))

    def test_only_a_model_that_reads_statistics_gets_them(self, tokenizer: Tokenizer) -> None:
        made = example(tokenizer)
        assert collate([made], DataConfig(), model(tokenizer)).documents.statistics_BSF is None
        documents = collate([made, made], DataConfig(), model(tokenizer, statistics=True)).documents
        assert documents.statistics_BSF is not None
        assert documents.sections_BS is not None
        assert documents.statistics_BSF.shape == (2, 4, len(NAMES))
        assert documents.sections_BS.tolist() == [[-1] * 4] * 2

    def test_only_a_model_with_word_counts_gets_how_often_the_summary_has_each_word(self, tokenizer: Tokenizer) -> None:
        made = example(tokenizer)
        assert collate([made], DataConfig(), model(tokenizer)).counts_W.tolist() == []
        batch = collate([made, made], DataConfig(), model(tokenizer, word_counts=True))
        words = DistinctWords.of(batch.documents)
        targets = made.targets.tolist()
        assert batch.counts_W.tolist() == [targets.count(word) for word in words.ids_W.tolist()]
        assert 0 < batch.counts_W.sum() < 2 * len(targets)  # some of the summary's words are not the document's

    def test_targets_are_cut_and_still_end(self, tokenizer: Tokenizer) -> None:
        batch = collate([example(tokenizer)], DataConfig(summary_tokens=4), model(tokenizer, writing="document"))
        assert batch.writing.targets_JT.shape == (1, 4)
        assert batch.writing.targets_JT[0, -1] == EOS


class TestCorpus:
    ROWS = tuple(Row(str(i), DOCUMENT + " Snow fell." * i, SUMMARY) for i in range(70))

    def test_examples_come_back_as_they_were_made_and_are_made_once(self, tokenizer: Tokenizer, tmp_path: Path) -> None:
        seen: list[int] = []
        corpus = Corpus.cached(tmp_path, "key", self.ROWS, tokenizer, DataConfig(), seen.append)
        assert (len(corpus), seen) == (70, [64, 70])
        for index in (0, 69):
            for stored, made in zip(
                corpus[index], make_example(self.ROWS[index], tokenizer, DataConfig()), strict=True
            ):
                assert stored.tolist() == made.tolist()
        again = Corpus.cached(tmp_path, "key", iter(()), tokenizer, DataConfig())
        assert len(again) == 70
        assert corpus.sizes.tolist() == [len(corpus[i].tokens) for i in range(70)]

    def test_another_setting_makes_other_examples(self, tokenizer: Tokenizer, tmp_path: Path) -> None:
        for limit in (0, 15):
            Corpus.cached(tmp_path, "key", self.ROWS[:2], tokenizer, DataConfig(document_tokens=limit))
        assert len(list(tmp_path.iterdir())) == 2

    def test_a_damaged_file_is_named(self, tmp_path: Path) -> None:
        path = tmp_path / "bad.arrow"
        path.write_bytes(b"ARROW1\0\0 and then nothing")
        with pytest.raises(FastsumError, match=r"bad\.arrow"):
            Corpus(path)


class TestPadding:
    def test_a_document_beyond_the_budget_is_a_batch_alone(self) -> None:
        assert pack([0, 1, 2], [3, 4, 5000], 100) == [[0, 1], [2]]

    def test_pad(self) -> None:
        assert pad([[1, 2], [], [3]], -1).tolist() == [[1, 2], [-1, -1], [3, -1]]
        assert pad([], 0).shape == torch.Size([0, 0])
