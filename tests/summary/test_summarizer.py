"""The Python API with a tiny untrained model: what holds whatever the weights are."""

from __future__ import annotations

import dataclasses
import json
import re
import subprocess
import sys
import weakref
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import torch

import fastsum
import fastsum.model.streaming
import fastsum.summary.scheduler
import fastsum.summary.summarizer
import fastsum.summary.torch_engine
from fastsum import FastsumError, Summarizer, Summary
from fastsum.config import Config
from fastsum.errors import Failed
from fastsum.model.checkpoint import save
from fastsum.model.network import SummaryModel
from fastsum.summary.abstractive.faithfulness import Evidence
from fastsum.summary.limits import limits_for
from fastsum.text.cleaning import clean
from fastsum.text.source import Source, read_source
from fastsum.text.tokenizer import Tokenizer

STORY = """The harbour at Port Ellis froze over on Monday for the first time since 1987. Fishermen walked out to their \
boats. "I have never seen this," said Moira Cullen, who has fished there for 40 years.

The council said that it would send an icebreaker from Lindhaven. Police warned people not to walk on the ice, which \
the council calls thin. Two dogs fell in and were rescued by the coastguard. Schools will stay closed until Thursday.
"""
PAPER = """# Frost damage in coastal apples

## Abstract

We studied frost damage in 212 apple trees. Trees near the coast suffered less damage than inland trees did.

## Results

Damage fell with distance from the sea (p < 0.05). No tree died. Yields recovered in the second year.
"""
NO_MORE = "the document has no more"


def make(writing: str = "sentence", word_counts: bool = False, **decoding: object) -> Summarizer:
    config = Config()
    settings = {"max_tokens": 12, "memory_tokens": 40, "beam": 2, "min_tokens": 2} | decoding
    tokenizer = Tokenizer.train([clean(STORY), clean(PAPER), STORY.replace("Cullen", "").replace("icebreaker", "")], 60)
    model = dataclasses.replace(
        config.model,
        vocabulary_size=len(tokenizer),
        output_vocabulary_size=30,
        width=16,
        heads=2,
        feedforward=16,
        encoder_layers=1,
        sentence_layers=1,
        decoder_layers=1,
        writing=writing,
        word_counts=word_counts,
    )
    config = dataclasses.replace(config, model=model, decoding=dataclasses.replace(config.decoding, **settings))
    torch.manual_seed(3)
    network = SummaryModel(model)
    torch.nn.init.normal_(network.embedding.weight)
    return Summarizer.from_parts(network, tokenizer, config)


@pytest.fixture(scope="module")
def summarizer() -> Summarizer:
    return make()


def test_extractive_sentences_stand_in_the_document(summarizer: Summarizer) -> None:
    summary = summarizer.summarize(STORY, sentences=3)
    assert summary.mode == "extractive"
    assert len(summary.sentences) == 3
    assert str(summary).splitlines() == [sentence.text for sentence in summary.sentences]
    for sentence in summary.sentences:
        (span,) = sentence.sources
        assert STORY[span.start : span.end] == span.text == summary.document[span.start : span.end]
        assert sentence.text == span.text
        assert 0 < sentence.salience < 1
    starts = [sentence.sources[0].start for sentence in summary.sentences]
    assert starts == sorted(starts)
    assert summary.notes == ()


def test_the_most_salient_are_chosen(summarizer: Summarizer) -> None:
    every = summarizer.summarize(STORY, sentences=7)
    best = sorted((sentence.salience for sentence in every.sentences), reverse=True)[:2]
    assert sorted((s.salience for s in summarizer.summarize(STORY, sentences=2).sentences), reverse=True) == best


def test_a_length_asked_for_prevails_over_the_least_salience(summarizer: Summarizer) -> None:
    decoding = dataclasses.replace(summarizer.config.decoding, min_salience=0.999)
    config = dataclasses.replace(summarizer.config, decoding=decoding)
    strict = Summarizer.from_parts(summarizer.model, summarizer.tokenizer, config)
    summary = strict.summarize(STORY)
    assert (len(summary.sentences), summary.notes) == (1, ())
    assert len(strict.summarize(STORY, sentences=3).sentences) == 3
    assert len(strict.summarize(STORY, words=50).sentences) > 1


def test_headings_are_not_chosen(summarizer: Summarizer) -> None:
    summary = summarizer.summarize(PAPER, sentences=9)
    assert len(summary.sentences) == 5
    assert not any("Abstract" in s.text or "Frost" in s.text for s in summary.sentences)
    assert "5 sentences instead of 9" in summary.notes[0]


def test_words_limit_what_is_displayed(summarizer: Summarizer) -> None:
    for words in (14, 25, 50):
        summary = summarizer.summarize(STORY, words=words)
        assert 0 < summary.words <= words
    longest = summarizer.summarize(STORY, words=1)
    assert len(longest.sentences) == longest.words == 1
    assert str(longest).endswith("…")
    assert longest.notes == ("the summary is the beginning of a sentence: every one is longer than 1 words",)
    everything = summarizer.summarize(STORY, words=500)
    assert everything.words == len(STORY.split())
    assert everything.notes == (f"the summary has {everything.words} words instead of 500: {NO_MORE}",)


@pytest.mark.parametrize("mode", ["extractive", "abstractive"])
@pytest.mark.parametrize("text", [STORY, PAPER])
def test_lengths_mean_what_they_say(summarizer: Summarizer, mode: str, text: str) -> None:
    every = summarizer.summarize(text, "extractive", ratio=1.0)
    sizes = [len(sentence.text.split()) for sentence in every.sentences]
    total = len(text.split())
    for number in range(1, len(sizes) + 3):
        summary = summarizer.summarize(text, mode, sentences=number)
        assert len(summary.sentences) == min(number, len(sizes))
        assert bool(summary.notes) == (number > len(sizes))
    for words in range(1, total + 5):
        assert min(sum(sizes), words) - max(sizes) < summarizer.summarize(text, mode, words=words).words <= words
    for ratio in (0.01, 0.3, 0.5, 1):
        limit = max(1, int(ratio * total))
        by_ratio, by_words = (
            summarizer.summarize(text, mode, ratio=ratio),
            summarizer.summarize(text, mode, words=limit),
        )
        assert by_ratio == by_words


def test_a_ratio_is_each_document_s_own(summarizer: Summarizer) -> None:
    texts = [STORY, PAPER, STORY + "\n" + PAPER]
    together = list(summarizer.summarize_many(texts, ratio=0.4))
    assert [str(summary) for summary in together] == [str(summarizer.summarize(text, ratio=0.4)) for text in texts]


def test_named_lengths_are_shares_of_the_usual_one(summarizer: Summarizer) -> None:
    decoding = dataclasses.replace(summarizer.config.decoding, sentences=3, words=40, min_salience=0.1)
    config = dataclasses.replace(summarizer.config, decoding=decoding)
    usual = Summarizer.from_parts(summarizer.model, summarizer.tokenizer, config)
    medium = limits_for(decoding, length="medium")
    assert medium.decoding == dataclasses.replace(limits_for(decoding).decoding, min_salience=0.0)
    short, long = limits_for(decoding, length="short"), limits_for(decoding, length="long")
    assert (short.decoding.sentences, short.decoding.words, short.decoding.min_salience) == (2, 20, 0.0)
    assert (long.decoding.sentences, long.decoding.words, long.decoding.min_salience) == (6, 80, 0.0)
    assert usual.summarize(STORY, length="short").words < usual.summarize(STORY, length="long").words


@pytest.mark.parametrize(
    ("lengths", "message"),
    [
        ({"ratio": 0}, "ratio must be a number above 0 and at most 1, not 0"),
        ({"ratio": 1.5}, "not 1.5"),
        ({"ratio": float("nan")}, "not nan"),
        ({"length": "tiny"}, "length 'tiny' is unknown; choose one of short, medium, long"),
        ({"ratio": 0.5, "words": 5}, "words and ratio are both limits"),
        ({"length": "short", "sentences": 5}, "length cannot be combined with sentences"),
    ],
)
def test_impossible_lengths(summarizer: Summarizer, lengths: dict[str, Any], message: str) -> None:
    with pytest.raises(FastsumError, match=message):
        summarizer.summarize(STORY, **lengths)


@pytest.mark.parametrize("mode", ["extractive", "abstractive"])
@pytest.mark.parametrize(
    "text", ["One sentence only.", "Word", "# A heading\n\n## Another heading", "x" * 5000, "é\u0301 a"]
)
def test_small_documents(summarizer: Summarizer, mode: str, text: str) -> None:
    summary = summarizer.summarize(text, mode=mode)
    assert summary.sentences
    assert summary.words
    if mode == "extractive" and "\n" not in text and text.isascii():
        assert str(summary).lower().rstrip(".").startswith(text[:100].lower().rstrip("."))


@pytest.mark.parametrize("text", ["", " \n\t ", "\0\0", "!!! ... ---", "From: Ada\nTo: Ben\nSubject: The quay\n"])
def test_no_text(summarizer: Summarizer, text: str) -> None:
    with pytest.raises(FastsumError, match="no text to summarize"):
        summarizer.summarize(text)
    with pytest.raises(FastsumError, match="document 2: there is no text"):
        list(summarizer.summarize_many([STORY, text]))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"sentences": 0}, "sentences must be"),
        ({"words": -3}, "words must be"),
        ({"sentences": True}, "sentences must be"),
        ({"beam": 1.5}, "beam must be"),
        ({"mode": "poetic"}, "extractive or abstractive"),
    ],
)
def test_impossible_settings(summarizer: Summarizer, options: dict, message: str) -> None:
    with pytest.raises(FastsumError, match=message):
        summarizer.summarize(STORY, **options)
    with pytest.raises(FastsumError, match=message):  # at once, not when the first summary is asked for
        summarizer.summarize_many([STORY], **options)


def test_one_text_is_not_many(summarizer: Summarizer) -> None:
    with pytest.raises(FastsumError, match="several texts"):
        summarizer.summarize_many(STORY)


def same(left: Summary, right: Summary) -> None:
    assert str(left) == str(right)
    assert left.notes == right.notes
    for a, b in zip(left.sentences, right.sentences, strict=True):
        assert a.sources == b.sources
        assert a.salience == pytest.approx(b.salience, abs=1e-5)


@pytest.mark.parametrize("writing", ["sentence", "document"])
@pytest.mark.parametrize("mode", ["extractive", "abstractive"])
def test_many_are_as_each_alone(writing: str, mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    summarizer = make(writing)
    texts = [STORY, PAPER, "Short one. And Moira Cullen.", STORY + "\n\n" + PAPER, PAPER * 3, "Word"]
    alone = [summarizer.summarize(text, mode) for text in texts]
    for one, other in zip(alone, summarizer.summarize_many(iter(texts), mode), strict=True):
        same(one, other)
    monkeypatch.setattr(fastsum.summary.scheduler, "_BATCH_TOKENS", 150)
    monkeypatch.setattr(fastsum.summary.torch_engine, "_MEMORY_TOKENS", 60)
    monkeypatch.setattr(fastsum.summary.scheduler, "_AHEAD", 2)
    for one, other in zip(alone, summarizer.summarize_many(iter(texts), mode), strict=True):
        same(one, other)


def test_texts_are_taken_as_needed(summarizer: Summarizer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fastsum.summary.scheduler, "_AHEAD", 2)
    taken = []

    def texts() -> Iterator[str]:
        for number in range(10):
            taken.append(number)
            yield STORY

    next(summarizer.summarize_many(texts()))
    assert taken == [0, 1]


NO_MEMORY = RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: 7 bytes.\nat 0x1")


@pytest.fixture(params=[MemoryError(), NO_MEMORY], ids=["python", "torch"])
def too_large(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A text whose batches do not fit into memory, and nor does anything while an earlier one is kept alive."""
    summarize_batch = Summarizer._summarize_batch
    failed: list[weakref.ref[torch.Tensor]] = []

    def fail(self: Summarizer, sources: Sequence[Source], **rest: Any) -> list[Summary]:
        assert [reference() for reference in failed] == [None] * len(failed)
        if any("HUGE" in source.text for source in sources):
            held = torch.zeros(1)
            failed.append(weakref.ref(held))
            raise type(request.param)(*request.param.args)
        return summarize_batch(self, sources, **rest)

    monkeypatch.setattr(Summarizer, "_summarize_batch", fail)
    return f"HUGE {STORY}"


def test_a_document_too_large_for_memory_is_an_error_that_costs_no_other(
    summarizer: Summarizer, too_large: str
) -> None:
    texts = [STORY, too_large, PAPER, "* * *"]
    first, huge, other, empty = summarizer.try_many(texts)
    assert isinstance(first, Summary)
    assert isinstance(other, Summary)
    same(first, summarizer.summarize(STORY))
    same(other, summarizer.summarize(PAPER))
    assert isinstance(huge, Failed)
    assert re.fullmatch(r"not enough memory for this document \(.+\); run it on .*", huge.message)
    assert isinstance(empty, Failed)
    assert "no text" in empty.message
    with pytest.raises(FastsumError, match=r"\Anot enough memory") as caught:
        summarizer.summarize(too_large)
    assert caught.value.__context__ is None
    with pytest.raises(FastsumError, match=r"\Adocument 2: not enough memory"):
        list(summarizer.summarize_many(texts))


def test_a_document_too_large_for_memory_to_be_read_is_an_error_too(
    summarizer: Summarizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(text: str, tokenizer: Tokenizer) -> Source:
        if text == PAPER:
            raise MemoryError
        return read_source(text, tokenizer)

    monkeypatch.setattr(fastsum.summary.summarizer, "read_source", fail)
    huge, other = summarizer.try_many([PAPER, STORY])
    assert isinstance(huge, Failed)
    assert "not enough memory" in huge.message
    assert isinstance(other, Summary)


def test_abstractive_by_sentence() -> None:
    summarizer = make()
    summary = summarizer.summarize(STORY, "abstractive", sentences=3)
    assert summary.mode == "abstractive"
    assert 1 <= len(summary.sentences) <= 3
    for sentence in summary.sentences:
        assert sentence.text[0].isupper() or not sentence.text[0].isalpha()
        assert len(sentence.sources) == 1
    starts = [sentence.sources[0].start for sentence in summary.sentences]
    assert starts == sorted(starts)
    assert 0 < summarizer.summarize(STORY, "abstractive", words=30).words <= 30


def test_abstractive_of_the_whole_document() -> None:
    summarizer = make("document", max_tokens=40)
    summary = summarizer.summarize(STORY, "abstractive")
    assert summary.sentences
    for sentence in summary.sentences:
        assert sentence.salience > 0
        assert all(STORY[span.start : span.end] == span.text for span in sentence.sources)
    assert len(summarizer.summarize(STORY, "abstractive", sentences=1).sentences) == 1


def test_what_a_limit_leaves_out_is_said() -> None:
    summary = make(memory_tokens=5).summarize(STORY, "abstractive")
    assert any("of which the decoder read the first 5" in note for note in summary.notes)
    summary = make("document", min_tokens=12).summarize(STORY, "abstractive")
    assert any("limit of 12 tokens" in note for note in summary.notes)


TWICE = (
    "The ice broke up early on Monday. Police said the ice broke up early on Tuesday. Nobody was hurt in Lindhaven. "
    "The dogs sleep."
)


def repetitions(summary: Summary) -> list[str]:
    words = re.findall(r"[a-z0-9]+", str(summary).lower())
    runs = [" ".join(words[start : start + 5]) for start in range(len(words) - 4)]
    return [run for run in set(runs) if runs.count(run) > 1]


@pytest.mark.parametrize("writing", ["sentence", "document"])
@pytest.mark.parametrize("mode", ["extractive", "abstractive"])
def test_nothing_is_said_twice(writing: str, mode: str) -> None:
    for limits in ({"sentences": 0, "words": 60}, {"sentences": 4}, {"sentences": 0}):
        summarizer = make(writing, max_tokens=30, **limits)
        for text in (TWICE, STORY + TWICE + STORY, PAPER * 2, "Ice. " * 9, "On and on and on and on."):
            summary = summarizer.summarize(text, mode)
            assert summary.sentences
            assert text.startswith("On") or repetitions(summary) == []


@pytest.mark.parametrize("mode", ["extractive", "abstractive"])
def test_a_number_of_sentences_asked_for_is_given_even_if_words_are_said_twice(mode: str) -> None:
    summary = make().summarize(TWICE, mode, sentences=4)
    assert len(summary.sentences) == 4
    if repetitions(summary):
        assert "1 of the 4 sentences repeats 5 words in a row" in summary.notes[0]
    summary = make().summarize(TWICE + " " + TWICE, mode, sentences=5)
    assert len(summary.sentences) == 4
    assert "4 sentences instead of 5" in summary.notes[0]


@pytest.mark.parametrize("writing", ["sentence", "document"])
def test_what_is_written_names_and_counts_nothing_that_the_document_does_not(writing: str) -> None:
    for seed in range(5):
        summarizer = make(writing, max_tokens=40, min_tokens=5)
        torch.manual_seed(seed)
        torch.nn.init.normal_(summarizer.model.embedding.weight)
        for text in (STORY, PAPER, STORY.lower()):
            summary = summarizer.summarize(text, "abstractive", sentences=5)
            assert Evidence(text).unsupported_numbers(str(summary)) == []
            assert Evidence(text).unsupported_names(str(summary)) == []
            for sentence in summary.sentences:
                assert not re.search(r"\b(the|a|of|and|in|that|was)[.?!]$", sentence.text)


def test_tokenised_text(summarizer: Summarizer) -> None:
    text = "-lrb- cnn -rrb- the police did n't find him . he was in `` port ellis '' on monday ."
    summary = summarizer.summarize(text)
    assert str(summary).splitlines() == ["The police didn't find him.", 'He was in "port ellis" on monday.']
    for sentence in summary.sentences:
        assert all(summary.document[span.start : span.end] == span.text for span in sentence.sources)
    same(next(summarizer.summarize_many([text])), summary)


def test_documents_of_the_command_line_are_taken_for_natural_text(summarizer: Summarizer) -> None:
    text = "he did n't find `` port ellis '' on monday . he was there ."
    (summary,) = summarizer.try_many([text])
    assert isinstance(summary, Summary)
    assert summary.document == text


def test_as_dict_is_json(summarizer: Summarizer) -> None:
    summary = summarizer.summarize(STORY)
    read = json.loads(json.dumps(summary.as_dict()))
    assert read["summary"] == str(summary)
    assert read["sentences"][0]["sources"][0]["text"] in STORY
    assert set(read) == {"version", "summary", "about", "mode", "words", "sentences", "notes"}


def test_load_reads_what_was_saved(summarizer: Summarizer, tmp_path: Path) -> None:
    save(
        tmp_path / "model",
        config=summarizer.config,
        tokenizer=summarizer.tokenizer,
        weights=summarizer.model.state_dict(),
        card="# A model\n",
    )
    loaded = Summarizer.load(str(tmp_path / "model"), device="cpu", precision="fp32")
    same(summarizer.summarize(STORY, "abstractive"), loaded.summarize(STORY, "abstractive"))
    with pytest.raises(FastsumError, match="nowhere"):
        Summarizer.load(tmp_path / "nowhere")


def test_bf16_summarizes(summarizer: Summarizer) -> None:
    narrow = Summarizer.from_parts(summarizer.model, summarizer.tokenizer, summarizer.config, dtype=torch.bfloat16)
    for mode in ("extractive", "abstractive"):
        assert narrow.summarize(STORY, mode).sentences


def test_import_does_not_wait_for_torch() -> None:
    code = (
        "import sys, fastsum; from fastsum import Summarizer, Summary, FastsumError; fastsum.__version__; dir(fastsum);"
        "slow = {'torch', 'nltk', 'pyarrow', 'datasets'} & set(sys.modules); print(slow); sys.exit(bool(slow))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not hasattr(fastsum, "nothing")


class TestCoverage:
    """A model that weighs words."""

    @pytest.fixture
    def weighing(self) -> Summarizer:
        summarizer = make(word_counts=True, coverage=50.0, sentences=2)
        torch.manual_seed(5)
        torch.nn.init.normal_(summarizer.model.word_counts.output.weight, std=0.5)  # as if it had learned
        return summarizer

    def test_each_document_of_a_batch_is_summarized_as_alone(self, weighing: Summarizer) -> None:
        texts = [STORY, PAPER, "Nine dogs swam home.", STORY.partition("\n\n")[2]]
        assert list(map(str, weighing.summarize_many(texts))) == [str(weighing.summarize(text)) for text in texts]

    def test_expected_words_tell_on_what_is_chosen_and_on_no_salience(self, weighing: Summarizer) -> None:
        plain = dataclasses.replace(weighing.config.decoding, coverage=0.0)
        without = Summarizer.from_parts(
            weighing.model, weighing.tokenizer, dataclasses.replace(weighing.config, decoding=plain)
        )
        found, usual = weighing.summarize(STORY), without.summarize(STORY)
        assert str(found) != str(usual)
        assert found.document_salience == usual.document_salience
        rewritten, usual = (one.summarize(STORY, mode="abstractive") for one in (weighing, without))
        assert str(rewritten) != str(usual)
        assert rewritten.document_salience == usual.document_salience

    def test_a_long_document_is_summarized_a_part_at_a_time(
        self, weighing: Summarizer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole = str(weighing.summarize(STORY))
        monkeypatch.setattr(fastsum.summary.torch_engine, "_ONE_PASS_TOKENS", 20)
        monkeypatch.setattr(fastsum.model.streaming, "PART_TOKENS", 16)
        assert str(weighing.summarize(STORY)) == whole
