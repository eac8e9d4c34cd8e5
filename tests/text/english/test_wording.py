"""What may be written of a sentence, told by its words and their neighbours."""

from __future__ import annotations

import random

import pytest

from fastsum.text.english.wording import is_word, transitions
from fastsum.text.language import Transitions
from fastsum.text.tokenizer import Tokenizer

TOKENIZER = Tokenizer.train(["a"], 10)


def linked(text: str) -> tuple[list[str], Transitions]:
    (encoding,) = TOKENIZER.encode_batch([text])
    return encoding.words, transitions(encoding.words, encoding.offsets, text)


def writable(text: str, written: str) -> bool:
    """Whether these words may be written of a sentence."""
    words, found = linked(text)
    wanted = linked(written)[0]
    paths = [place for place, word in enumerate(words) if found.starts[place] and word == wanted[0]]
    for following in wanted[1:]:
        paths = [later for place in paths for later in found.follows[place] if words[later] == following]
    return any(found.closes[place] for place in paths)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Police said on Monday that the harbour froze.", "Police said on Monday that the harbour froze."),
        ("Police said on Monday that the harbour froze.", "Police said that the harbour froze."),
        ("police said on monday night that the harbour froze.", "police said that the harbour froze."),
        ("The two boys were found on Sunday morning.", "The two boys were found."),
        ("On Monday, the harbour was closed by a storm.", "The harbour was closed by a storm."),
        ("Though the pump was old, the valve was new and tight.", "The valve was new and tight."),
        # behind the subject
        ("moira, who was ill, was in the harbour.", "moira was in the harbour."),
        ("Moira, 40, was in the harbour.", "Moira was in the harbour."),
        ("Moira, of Port Ellis, came to the harbour.", "Moira came to the harbour."),
        ("Moira, a captain of forty, swam and was saved.", "Moira, a captain of forty, swam and was saved."),
        ("The men, including the mate, were in the harbour.", "The men were in the harbour."),
        ("The Port Ellis Guard (PEG) froze in the harbour.", "The Port Ellis Guard froze in the harbour."),
        ("The boat (pictured right) froze in the harbour.", "The boat froze in the harbour."),
        # at the end
        ("The boat sank in the harbour, killing two men.", "The boat sank in the harbour."),
        ("The boat sank in the harbour, which was frozen.", "The boat sank in the harbour."),
        ("The boat sank in the harbour, and it was lost.", "The boat sank in the harbour."),
        ("The boat sank in the harbour, following a fire on board.", "The boat sank in the harbour."),
    ],
)
def test_what_is_closed_by_marks_may_be_left_out(text: str, written: str) -> None:
    assert writable(text, written)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("The boat, which sank.", "The boat."),
        ("The boat sank, killing two.", "The boat sank."),  # hardly anything
        ("The boat sank in the harbour, killing two men", "The boat sank in the harbour"),
        ("The boat sank in the harbour, killing two men!", "The boat sank in the harbour!"),
        ("The boat of the guard (Peg) froze in the harbour.", "The boat of the guard froze in the harbour."),
        ("The boat of the guard (closed) froze in the harbour.", "The boat of the guard froze in the harbour."),
        ("The boat sank in the harbour (40 men died.", "The boat sank in the harbour died."),
        ("They may have said on Monday that the harbour froze.", "They may have said that the harbour froze."),
        ("The two boys were never found on Sunday.", "The two boys were never found."),
        ("On Monday, the harbour is closed by a storm.", "The harbour is closed by a storm."),
    ],
)
def test_what_leaves_a_doubt_stands(text: str, written: str) -> None:
    assert not writable(text, written)


def test_several_constituents_may_be_left_out_at_once() -> None:
    text = "The Port Ellis Guard (PEG) was told of the storm, which was over by noon."
    assert writable(text, "The Port Ellis Guard was told of the storm.")


def test_any_sequence_of_words_has_links_in_order() -> None:
    random.seed(0)
    parts = "the of , . \" ' ( ) who -- was said 3 million 20 - not and 5 % n't a mr Big Red [ ] ...".split()  # noqa: SIM905
    for length in range(1, 300):
        text = " ".join(random.choices(parts, k=length % 20 + 1)).replace(" - ", "-" if length % 2 else " - ")
        words, found = linked(text)
        assert {len(flags) for flags in found} == {len(words)}
        for place, later in enumerate(found.follows):
            assert later == sorted(set(later))
            assert later[:1] == [place + 1] or place + 1 == len(words)
            assert not later or later[-1] < len(words)


def test_words_by_themselves() -> None:
    assert is_word("it")
    assert is_word("%")
    assert not any(map(is_word, ("'s", "--", "")))
