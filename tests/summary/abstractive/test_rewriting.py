"""Which of the words written reach the summary."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

import fastsum.text.source
from fastsum.config import DecodingConfig
from fastsum.summary.abstractive.decoding import Hypothesis
from fastsum.summary.abstractive.rewriting import (
    CopySource,
    Request,
    Written,
    _split,
    compose_document,
    compose_sentences,
    plan_document,
    plan_sentences,
    rewrite,
)
from fastsum.summary.extraction import extract
from fastsum.summary.limits import Limits
from fastsum.text.source import Source, read_source
from fastsum.text.tokenizer import Tokenizer

TEXT = """The harbour at Port Ellis, which froze over on Monday, was closed to all the ships. The council did not send \
an icebreaker from the town of Lindhaven on Tuesday. Two dogs were in the harbour on Monday night, and they were \
saved."""


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.train([TEXT + ' "'], 80)


def limits(exact: bool = False, **decoding: int) -> Limits:
    return Limits(DecodingConfig(**{"sentences": 3, "mode": "abstractive"} | decoding), exact)


def hypotheses(texts: list[str], job: list[tuple[int, int]], source: Source, tokenizer: Tokenizer) -> list[Hypothesis]:
    """What the decoder would return had it written these; it is not sure of what ends in two question marks."""
    known = {
        word: i
        for e, ids in zip(source.encodings, source.ids, strict=True)
        for word, i in zip(e.words, ids, strict=True)
    }
    read = [source.ids[sentence][token] for sentence, token in job]
    found = []
    for rank, encoding in enumerate(tokenizer.encode_batch(texts)):
        ids = tuple(known.get(word, tokenizer.id(word)) for word in encoding.words)
        found.append(Hypothesis(ids, aligned(ids, read), -1.0 - rank, -2.0 if texts[rank].endswith("??") else -0.5))
    return found


def aligned(ids: tuple[int, ...], read: list[int]) -> tuple[int, ...]:
    """Where each word stands: behind the one before it if it does there, or else anywhere."""
    found = [-1]
    for word in ids:
        behind = read[found[-1] + 1 :]
        found.append(found[-1] + 1 + behind.index(word) if word in behind else read.index(word) if word in read else -1)
    return tuple(found[1:])


def compose(written: dict[int, list[str]], tokenizer: Tokenizer, asked: Limits | None = None) -> tuple[str, ...]:
    """The sentences of the summary where this was written for each sentence, the first of the document most salient."""
    source = read_source(TEXT, tokenizer)
    asked = asked or limits()
    salience = [0.9, 0.5, 0.4]
    jobs, notes = plan_sentences(source, salience, asked)
    writings = [Written(job, hypotheses(written.get(job[0][0], []), job, source, tokenizer)) for job in jobs]
    summary = compose_sentences(CopySource(source, tokenizer), salience, writings, notes, asked)
    for sentence in summary.sentences:
        assert TEXT[sentence.sources[0].start : sentence.sources[0].end] == sentence.sources[0].text
    return tuple(sentence.text for sentence in summary.sentences)


SENTENCES = [sentence + "." for sentence in TEXT.removesuffix(".").split(". ")]
SHORT = "the harbour at port ellis was closed to all the ships ."
DOGS = "two dogs were in the harbour on monday night ."


def shown(text: str) -> str:
    """As the reader sees it."""
    for name in ("the harbour at", "port", "ellis", "monday", "two"):
        text = text.replace(name, name.capitalize())
    return text.replace(" .", ".")


def test_the_best_that_can_be_shown_is(tokenizer: Tokenizer) -> None:
    assert compose({0: [SHORT, "was closed to all the ships ."]}, tokenizer)[0] == shown(SHORT)
    (source,) = tokenizer.encode_batch([SENTENCES[0]])
    whole = " ".join(source.words)
    assert compose({0: [whole, SHORT]}, tokenizer)[0] == shown(SHORT)  # the shorter is more probable


@pytest.mark.parametrize(
    "bad",
    [
        "the harbour at port ellis was closed to all the .",  # cut off
        "the harbour at port ellis , which froze over on monday .",
        "the harbour was closed to all the ships .",  # not all of its subject
        "the harbour at port lindhaven was closed to all the ships .",
        "the harbour at port ellis was closed to all the ships , council said .",
        "",
    ],
)
def test_what_cannot_be_trusted_is_replaced(bad: str, tokenizer: Tokenizer) -> None:
    assert compose({0: [bad]}, tokenizer)[0] == SENTENCES[0]
    assert compose({0: [bad, f"{SHORT} {SHORT}"]}, tokenizer)[0] == shown(SHORT)
    assert compose({0: [bad, SHORT]}, tokenizer)[0] == shown(SHORT)


def test_sentences_of_their_own_are_not_asked_for_where_nothing_can_be_left_out(tokenizer: Tokenizer) -> None:
    source = read_source(TEXT, tokenizer)
    asked: list[list[int]] = []

    def write(requests: Sequence[Request]) -> list[list[Hypothesis]]:
        asked.append([request.passage[0][0] for request in requests])
        return [hypotheses([SHORT], request.passage, source, tokenizer) for request in requests]

    (summary,) = rewrite([source], [[0.9, 0.5, 0.4]], [limits()], write, tokenizer, "sentence")
    assert asked == [[0, 2]]
    assert [sentence.text for sentence in summary.sentences] == [shown(SHORT), *SENTENCES[1:]]


def test_each_sentence_is_presented_and_counted_but_once(tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch) -> None:
    presented: list[str] = []
    monkeypatch.setattr(fastsum.text.source, "present", lambda text, *_, **how: (presented.append(text), text)[1])
    text = " ".join(f"D{n} e{n} f{n} g{n} h{n} j{n}." for n in range(200))
    salience = [0.5] * 200
    for asked in (limits(True, sentences=0, words=40), limits(True, sentences=3)):
        presented.clear()
        source = read_source(text, tokenizer)
        jobs, notes = plan_sentences(source, salience, asked)
        writings = [Written(job, []) for job in jobs]
        assert compose_sentences(CopySource(source, tokenizer), salience, writings, notes, asked).sentences
        extract(source, salience, asked)
        assert len(presented) == len(set(presented)) == 200
        assert source.lengths is source.lengths


def test_a_number_asked_for_is_reached(tokenizer: Tokenizer) -> None:
    assert compose({}, tokenizer, limits(exact=True)) == tuple(SENTENCES)


def test_a_budget_of_words_takes_the_text_that_fits(tokenizer: Tokenizer) -> None:
    assert compose({0: [SHORT]}, tokenizer, limits(sentences=0, words=12)) == (shown(SHORT),)


def from_one_pass(text: str, tokenizer: Tokenizer, **decoding: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    source = read_source(TEXT, tokenizer)
    asked = limits(**{"sentences": 0} | decoding)
    (job,), notes = plan_document(source, [0.9, 0.5, 0.4], asked)
    assert job == [(s, t) for s in range(3) for t in range(source.lengths[s])]
    writing = Written(job, hypotheses([text], job, source, tokenizer))
    summary = compose_document(CopySource(source, tokenizer), [0.9, 0.5, 0.4], [writing], notes, asked)
    return tuple(sentence.text for sentence in summary.sentences), summary.notes


def test_one_pass_is_shown_sentence_by_sentence(tokenizer: Tokenizer) -> None:
    text = f"{DOGS} the harbour at port ellis was closed to all the . {DOGS} {SHORT}"
    kept = (shown(DOGS), shown(SHORT))
    assert from_one_pass(text, tokenizer) == (kept, ())
    shorter = (kept[:1], ("1 of 2 written sentences were beyond the limit",))
    assert from_one_pass(text, tokenizer, sentences=1) == shorter
    assert from_one_pass(text, tokenizer, words=12) == shorter


def test_what_one_pass_lacks_of_the_length_asked_for_is_the_document_s_own(tokenizer: Tokenizer) -> None:
    source = read_source(TEXT, tokenizer)
    job = [(sentence, token) for sentence in range(3) for token in range(source.lengths[sentence])]
    writing = Written(job, hypotheses([DOGS], job, source, tokenizer))

    def found(**asked: int) -> tuple[list[str], tuple[str, ...]]:
        settings = limits(True, **{"sentences": 0, "words": 0} | asked)
        summary = compose_document(CopySource(source, tokenizer), [0.9, 0.5, 0.4], [writing], [], settings)
        return [sentence.text for sentence in summary.sentences], summary.notes

    told = "2 of the 3 sentences are the document's own: too few were written"
    assert found(sentences=3) == ([shown(DOGS), *SENTENCES[:2]], (told,))
    assert found(sentences=1) == ([shown(DOGS)], ())
    assert found(words=40)[0] == [shown(DOGS), *SENTENCES[:2]]
    assert found(words=10) == ([shown(DOGS)], ())


def test_one_pass_that_says_nothing_is_replaced(tokenizer: Tokenizer) -> None:
    found, (note, *_) = from_one_pass("the the the . ice", tokenizer)
    assert found == tuple(SENTENCES)
    assert "nothing that the decoder wrote" in note


def test_transitions_of_a_passage_count_its_positions(tokenizer: Tokenizer) -> None:
    copied = CopySource(read_source(TEXT, tokenizer), tokenizer)
    words = [word for encoding in copied.source.encodings for word in encoding.words]
    passage = [(s, t) for s in range(3) for t in range(copied.source.lengths[s])]
    found = copied.transitions(passage)
    assert {len(flags) for flags in found} == {len(words)}
    ellis, denial = words.index("ellis"), words.index("not")
    assert found.follows[ellis] == [ellis + 1, ellis + 8]
    assert found.follows[denial] == [denial + 1]
    assert not found.closes[words.index("monday")]
    end, last = words.index("."), len(words) - 1
    assert found.closes[end]
    assert found.follows[last] == [0, end + 1]  # another sentence
    assert copied.transitions(passage[ellis : ellis + 1]).follows == [[]]


def test_a_written_text_is_split_into_sentences(tokenizer: Tokenizer) -> None:
    stop, quote, word = tokenizer.id("."), tokenizer.id('"'), tokenizer.id("the")
    assert list(_split([word, stop, quote, word, word, stop], tokenizer)) == [(0, 3), (3, 6)]
    assert list(_split([word, stop, stop, word], tokenizer)) == [(0, 3), (3, 4)]
    assert list(_split([], tokenizer)) == []
