"""Which of the words written reach the summary."""

from __future__ import annotations

import pytest

import fastsum.text.source
from fastsum.config import DecodingConfig
from fastsum.summary.abstractive.decoding import Hypothesis
from fastsum.summary.abstractive.rewriting import (
    CopySource,
    Written,
    _origins,
    _split,
    compose_document,
    compose_sentences,
    plan_document,
    plan_sentences,
)
from fastsum.summary.extraction import extract
from fastsum.summary.limits import Limits
from fastsum.text.source import Source, read_source
from fastsum.text.tokenizer import Tokenizer

TEXT = """The harbour at Port Ellis froze over on Monday for the first time since 1987. The council did not send \
an icebreaker from the town of Lindhaven on Tuesday. Two dogs fell in on Monday for the first time in 40 years."""


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


def test_the_best_that_can_be_shown_is(tokenizer: Tokenizer) -> None:
    best = ["harbour at port ellis froze over on monday .", "port ellis froze over on monday ."]
    found = compose({0: best}, tokenizer)
    assert found == ("Harbour at Port Ellis froze over on Monday.", SENTENCES[1], SENTENCES[2])


@pytest.mark.parametrize(
    "bad",
    [
        "the harbour at port ellis froze over on the .",  # cut off
        "the harbour at port ellis froze over for the first .",
        "the harbour froze over .",  # hardly anything
        "the harbour at port lindhaven froze over on monday .",
        "port ellis froze over on monday ??",
        "",
    ],
)
def test_what_cannot_be_trusted_is_replaced(bad: str, tokenizer: Tokenizer) -> None:
    assert compose({0: [bad]}, tokenizer)[0] == SENTENCES[0]
    run_on = "port ellis froze over on monday . the harbour at port ellis froze over on monday ."
    assert compose({0: [bad, run_on]}, tokenizer)[0] == "Port Ellis froze over on Monday."
    good = "port ellis froze over on monday ."
    assert compose({0: [bad, good]}, tokenizer)[0] == "Port Ellis froze over on Monday."


def test_what_repeats_gives_way_to_what_does_not(tokenizer: Tokenizer) -> None:
    source = read_source(TEXT, tokenizer)
    jobs, _ = plan_sentences(source, [0.9, 0.5, 0.4], limits())
    assert [job[0][0] for job in jobs] == [0, 1]  # "on monday for the first time" stands in 0
    both = limits(exact=True)
    short = ["two dogs fell in on monday for the first time .", "two dogs fell in on monday ."]
    found = compose({0: ["port ellis froze over for the first time since 1987 ."], 2: short}, tokenizer, both)
    assert found[0] == "Port Ellis froze over for the first time since 1987."
    assert found[2] == "Two dogs fell in on Monday."


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
    assert compose({}, tokenizer) == tuple(SENTENCES[:2])


def test_a_budget_of_words_takes_the_text_that_fits(tokenizer: Tokenizer) -> None:
    written = {0: ["port ellis froze over on monday for the first time .", "port ellis froze over on monday ."]}
    assert compose(written, tokenizer, limits(sentences=0, words=6)) == ("Port Ellis froze over on Monday.",)


def from_one_pass(text: str, tokenizer: Tokenizer, **decoding: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    source = read_source(TEXT, tokenizer)
    asked = limits(**{"sentences": 0} | decoding)
    (job,), notes = plan_document(source, [0.9, 0.5, 0.4], asked)
    assert job == [(s, t) for s in range(3) for t in range(source.lengths[s])]
    writing = Written(job, hypotheses([text], job, source, tokenizer))
    summary = compose_document(CopySource(source, tokenizer), [0.9, 0.5, 0.4], [writing], notes, asked)
    return tuple(sentence.text for sentence in summary.sentences), summary.notes


def test_one_pass_is_shown_sentence_by_sentence(tokenizer: Tokenizer) -> None:
    text = (
        "two dogs fell in on monday . the harbour at port ellis froze over on the . two dogs fell in on monday . "
        "port ellis froze over on monday for the first time since 1987"
    )
    kept = ("Two dogs fell in on Monday.", "Port Ellis froze over on Monday for the first time since 1987.")
    assert from_one_pass(text, tokenizer) == (kept, ())
    shorter = (kept[:1], ("1 of 2 written sentences were beyond the limit",))
    assert from_one_pass(text, tokenizer, sentences=1) == shorter
    assert from_one_pass(text, tokenizer, words=12) == shorter


def test_what_one_pass_lacks_of_the_length_asked_for_is_the_document_s_own(tokenizer: Tokenizer) -> None:
    source = read_source(TEXT, tokenizer)
    job = [(sentence, token) for sentence in range(3) for token in range(source.lengths[sentence])]
    writing = Written(job, hypotheses(["two dogs fell in on monday ."], job, source, tokenizer))

    def found(**asked: int) -> tuple[list[str], tuple[str, ...]]:
        settings = limits(True, **{"sentences": 0, "words": 0} | asked)
        summary = compose_document(CopySource(source, tokenizer), [0.9, 0.5, 0.4], [writing], [], settings)
        return [sentence.text for sentence in summary.sentences], summary.notes

    told = "2 of the 3 sentences are the document's own: too few were written"
    assert found(sentences=3) == (["Two dogs fell in on Monday.", *SENTENCES[:2]], (told,))
    assert found(sentences=1) == (["Two dogs fell in on Monday."], ())
    assert found(words=40)[0] == ["Two dogs fell in on Monday.", *SENTENCES[:2]]
    assert found(words=10) == (["Two dogs fell in on Monday."], ())


def test_one_pass_that_says_nothing_is_replaced(tokenizer: Tokenizer) -> None:
    found, (note, *_) = from_one_pass("the the the . ice", tokenizer)
    assert found == tuple(SENTENCES[:2])
    assert "nothing that the decoder wrote" in note


def test_links_of_a_job_count_its_positions(tokenizer: Tokenizer) -> None:
    passages = CopySource(read_source(TEXT, tokenizer), tokenizer)
    words = [word for encoding in passages.source.encodings for word in encoding.words]
    job = [(s, t) for s in range(3) for t in range(passages.source.lengths[s])]
    found = passages.transitions(job)
    assert {len(flags) for flags in found} == {len(words)}
    port, denial = words.index("port"), words.index("not")
    assert found.follows[port] == [port + 1]
    assert found.follows[denial] == [denial + 1]
    assert not found.loose[port]
    assert found.closes[words.index("monday")]
    end = words.index(".")
    assert found.follows[end] == []
    assert found.starts[end + 1]
    assert passages.transitions(job[port : port + 1]).follows == [[]]


def test_a_written_text_is_split_into_sentences(tokenizer: Tokenizer) -> None:
    stop, quote, word = tokenizer.id("."), tokenizer.id('"'), tokenizer.id("the")
    assert list(_split([word, stop, quote, word, word, stop], tokenizer)) == [(0, 3), (3, 6)]
    assert list(_split([word, stop, stop, word], tokenizer)) == [(0, 3), (3, 4)]
    assert list(_split([], tokenizer)) == []
    assert _origins([(2, 0), (2, 1), None, (4, 0)], [(1, 0)]) == {2, 4}
    assert _origins([None], [(1, 0)]) == {1}
