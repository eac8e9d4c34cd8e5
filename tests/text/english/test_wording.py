"""What may be written of a sentence, told by its words and their neighbours."""

from __future__ import annotations

import random

import pytest

from fastsum.text.english.wording import closing, final, free, is_word, opening, transitions
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
        # what comes last
        ("the harbour at port ellis froze on monday after a storm.", "the harbour at port ellis froze on monday"),
        ("the harbour at port ellis froze on monday, police said.", "the harbour at port ellis froze on monday"),
        ("the harbour (pictured) froze over yesterday", "the harbour (pictured) froze over"),
        # what comes first
        ("after a storm, the harbour froze.", "the harbour froze."),
        ("veteran captain moira cullen said no.", "moira cullen said no."),
        ("he fled as the harbour froze.", "the harbour froze."),
        # what stands between two commas, dashes or brackets
        ("moira, who is 40, said no.", "moira said no."),
        ("moira (left) said no.", "moira said no."),
        ("moira -- a captain of 40 -- said no.", "moira said no."),
        ("moira fell, on the ice, and swam.", "moira fell and swam."),
        # phrases, adverbs and adjectives
        ("the harbour at port ellis was closed on monday.", "the harbour was closed on monday."),
        ("the harbour froze on monday for the first time.", "the harbour froze for the first time."),
        ("after a storm on monday, the harbour froze.", "after a storm, the harbour froze."),
        ("she is currently serving a full year.", "she is serving a year."),
        ("she saw an old orchard in the council's new park.", "she saw an orchard in the council's park."),
        # quotations and brackets are kept whole or not at all
        ("he said 'no' in court.", "he said 'no'"),
        ('he said "no" after the storm.', 'he said "no"'),
        ("it rose by 50% on monday.", "it rose by 50%"),
        ("it cost 3 million after all.", "it cost 3 million"),
        ("he won in 2014 after all.", "he won in 2014"),
        ("nobody knows what it is of", "nobody knows what it is of"),
    ],
)
def test_what_can_be_done_without_may_be_left_out(text: str, written: str) -> None:
    assert writable(text, written)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        # ends
        ("the end of the pier where it sank.", "the end"),
        ("the end of the pier where it sank.", "the end of the"),
        ("the council has won the cup outing.", "the council has won the cup"),
        ("he ran to and, in the end, from it.", "he ran to and"),
        ("moira, a captain of forty, swam.", "moira, a captain"),
        ("moira, who fell in the sea, swam.", "moira, who fell"),
        ("moira, who fell in the sea, swam.", "moira"),
        ("moira and tom -- who fell -- swam.", "moira and tom -- who fell"),
        ("as the harbour froze, moira swam.", "as the harbour froze"),
        ("it cost 3 or 4 million.", "it cost 3"),
        ("he said 'no way out' to police.", "he said 'no way"),
        # beginnings
        ("the 20-year-old host froze.", "year-old host froze."),
        ("the harbour of port ellis froze.", "port ellis froze."),
        ("police said the harbour froze.", "the harbour froze."),
        ("police said moira froze.", "moira froze."),
        ("moira fell, and was saved.", "was saved."),
        ("he fell after hitting the ice.", "hitting the ice."),
        ("the allegedly old captain won.", "old captain won."),
        # numbers, names, titles and denials
        ("the 34-year-old won.", "the 34 won."),
        ("it cost 3 million in all.", "it cost 3 in all."),
        ("it cost $3m in all.", "it cost m in all."),
        ("two men of the crew died.", "two of the crew died."),
        ("on april 3 of this year he won.", "on april of this year he won."),
        ("he met mr jones on monday.", "he met mr on monday."),
        ("He met Moira Cullen on Monday.", "He met Moira on Monday."),
        ("he did not win on monday.", "he did win on monday."),
        ("she didn't win on monday.", "she did win on monday."),
        ("it was not often seen.", "it was often seen."),
        ("he fell on ice he might have known.", "he fell have known."),
        # what would not be of one piece
        ("moira fell in the sea and tom on the ice saw it.", "moira fell saw it."),
        ("moira met tom and the captain swam.", "moira met swam."),
        ("she took an old cup.", "she took an cup."),
        ("she took a few cups.", "she took cups."),
        ("moira, who is 40, said no.", "moira, said no."),
        ("moira said 'no', and 'never' again.", "moira said 'never' again."),
        ("he said 'no way out' to police.", "he said 'no out' to police."),
        ("moira met tom on monday.", "tom met moira on monday."),
        ("moira met tom on monday.", "moira met tom met tom on monday."),
    ],
)
def test_what_would_be_cut_or_turned_may_not_be_written(text: str, written: str) -> None:
    assert not writable(text, written)


def test_words_not_read_come_between_stretches_only() -> None:
    words, found = linked("the 34-year-old mr jones did not win")
    assert [word for word, loose in zip(words, found.loose, strict=True) if loose] == ["the", "old", "jones", "win"]


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
    assert free("the")
    assert not any(map(free, ("seven", "1987", "london", "not", "he", "<unk>", '"')))
    assert opening("the")
    assert not opening("of")
    assert final("said")
    assert final(".")
    assert not any(map(final, ("the", "of", ",", "because", "<eos>", ")")))
    assert closing("?")
    assert not closing(",")
    assert is_word("it")
    assert is_word("%")
    assert not any(map(is_word, ("'s", "--", "")))
