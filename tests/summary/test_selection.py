"""Which sentences are chosen."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest

from fastsum.summary.selection import SeenNgrams, select, words_of


def choose(texts: list[str], **changes: object) -> list[int]:
    """Indices chosen of sentences ranked as they stand."""
    options = {"sentences": 0, "words": 0, "block_ngrams": 3} | changes
    found = select(range(len(texts)), lambda index: [texts[index]], **options)
    assert [texts[chosen.sentence] for chosen in found] == [chosen.text for chosen in found]
    return [chosen.sentence for chosen in found]


def repeated(text: str) -> bool:
    words = re.findall(r"[a-z0-9]+", text.lower())
    trigrams = [tuple(words[i : i + 3]) for i in range(len(words) - 2)]
    return len(set(trigrams)) < len(trigrams)


FOUR = ["A b c d.", "E f g.", "B, c d x.", "H i j k l m."]


def test_the_first_of_the_ranking_in_document_order() -> None:
    found = select([3, 1, 0, 2], lambda i: [FOUR[i]], sentences=2, words=0, block_ngrams=3)
    assert [chosen.sentence for chosen in found] == [1, 3]


def test_a_ranking_can_heed_what_was_chosen() -> None:
    taken: list[int] = []
    seen: list[tuple[int, list[int]]] = []

    def ranking() -> Iterator[int]:
        for sentence in (0, 2, 1, 3):
            seen.append((sentence, list(taken)))
            yield sentence

    found = select(ranking(), lambda i: [FOUR[i]], sentences=3, words=0, block_ngrams=3, taken=taken.append)
    assert [chosen.sentence for chosen in found] == [0, 1, 3]
    assert taken == [0, 1, 3]  # sentence 2 repeats
    assert seen == [(0, []), (2, [0]), (1, [0]), (3, [0, 1])]
    again = iter([0])
    (only,) = select(again, lambda i: ["a b c a b c"], sentences=1, words=0, block_ngrams=3, taken=taken.append)
    assert (only.repeats, taken[-1]) == (True, 0)


def test_no_words_in_a_row_are_repeated() -> None:
    assert choose(FOUR) == [0, 1, 3]
    assert choose(FOUR, sentences=3) == [0, 1, 3]
    assert choose(FOUR, block_ngrams=4) == [0, 1, 2, 3]
    assert choose(["One two, three.", "Zero one two-three!", "Z."]) == [0, 2]
    assert choose(["A b c a b c.", "D e f."]) == [1]
    assert choose(["Он сказал это вчера.", "Вчера он сказал это."]) == [0]


def test_nor_across_the_end_of_a_sentence() -> None:
    assert choose(["X y.", "Z u.", "X y z."]) == [0, 1]
    # Between sentences 0 and 2 stands what 1 would have in itself, and what 1 makes of its neighbours in 3.
    texts = ["A b.", "Q c.", "C d.", "B q c e."]
    found = select([0, 2, 3, 1], lambda i: [texts[i]], sentences=0, words=0, block_ngrams=3)
    assert [chosen.sentence for chosen in found] == [0, 2, 3]


def test_the_same_sentence_is_never_chosen_twice() -> None:
    assert choose(["No.", "No!", "Yes."]) == [0, 2]
    assert choose(["No.", "No!", "Yes."], sentences=3, exact=True) == [0, 2]
    assert choose(["No.", "No!", "Yes."], block_ngrams=0) == [0, 2]


def test_a_number_asked_for_is_filled_up_with_repetitions() -> None:
    assert choose(FOUR, sentences=4, exact=True) == [0, 1, 2, 3]
    assert choose(FOUR, sentences=3, exact=True) == [0, 1, 3]
    found = select(range(4), lambda i: [FOUR[i]], sentences=4, words=0, block_ngrams=3, exact=True)
    assert [chosen.repeats for chosen in found] == [False, False, True, False]


def test_a_budget_of_words_is_kept_and_filled() -> None:
    assert choose(FOUR, words=9) == [0, 1]
    assert choose([FOUR[0], FOUR[3], FOUR[1]], words=9) == [0, 2]
    assert choose(FOUR, words=9, sentences=1) == [0]


def test_the_best_text_that_fits_and_repeats_nothing_is_shown() -> None:
    texts = {0: ["A b c d."], 1: ["A b c.", "E f g h i.", "E f."]}
    for words, expected in ((0, "E f g h i."), (7, "E f.")):
        found = select([0, 1], texts.__getitem__, sentences=0, words=words, block_ngrams=3)
        assert [chosen.text for chosen in found] == ["A b c d.", expected]


def test_never_empty() -> None:
    assert choose(FOUR, words=1) == [0]
    assert choose(["A b c a b c.", "D e f."], words=1) == [1]
    assert choose(["A b c a b c."]) == [0]
    assert choose(["..."]) == [0]
    assert choose([]) == []


def test_what_is_spare_is_chosen_only_before_a_sentence_that_repeats_itself() -> None:
    texts = ["A b c a b c.", "D e f d e f.", "G h i.", "J k l."]
    for ranked, spare, expected in (([0], [1, 2, 3], [2]), ([0, 3], [2], [3]), ([0], [1], [0]), ([3], [], [3])):
        found = select(ranked, lambda i: [texts[i]], sentences=0, words=0, block_ngrams=3, spare=spare)
        assert [chosen.sentence for chosen in found] == expected


def test_what_was_said_is_told_from_what_was_not() -> None:
    said = SeenNgrams(3)
    said.add(4, words_of("One two three four."))
    assert said.repeats(9, words_of("Two three four five."))
    assert said.repeats(9, words_of("One two three four"))
    assert not said.repeats(9, words_of("Two three five."))
    assert said.has(words_of("ONE, two; three four"))
    assert words_of("It’s £5m - café!") == ("it", "s", "5m", "caf")


@pytest.mark.parametrize("words", [0, 400])
def test_many_sentences_of_few_words_repeat_nothing(words: int) -> None:
    random.seed(0)
    texts = [" ".join(random.choices("abcdefghijkl", k=random.randint(1, 9))) + "." for _ in range(2000)]
    found = select(range(2000), lambda i: [texts[i]], sentences=0, words=words, block_ngrams=3)
    assert not repeated(" ".join(chosen.text for chosen in found))
    assert len(found) > 50


def test_ten_thousand_sentences_take_a_moment() -> None:
    random.seed(0)
    texts = [" ".join(f"w{random.randrange(5000)}" for _ in range(25)) for _ in range(10_000)]
    ranked = random.sample(range(10_000), 10_000)
    started = time.process_time()
    found = select(ranked, lambda i: [texts[i]], sentences=0, words=0, block_ngrams=3)
    assert time.process_time() - started < 5  # a second; every pair compared would take minutes
    assert len(found) > 9_000


def test_a_limit_on_words_cuts_a_sentence_where_none_fits() -> None:
    def texts(limit: int, exact: bool) -> list[str]:
        found = select(range(2), lambda i: [FOUR[i]], sentences=0, words=limit, block_ngrams=3, exact=exact)
        return [chosen.text for chosen in found]

    assert texts(2, True) == ["A b…"]
    assert texts(3, True) == ["E f g."]
    assert texts(2, False) == [FOUR[0]]
    (comma,) = select([0], lambda i: ["One, two, three."], sentences=0, words=2, block_ngrams=3, exact=True)
    assert comma == (0, "One, two…", False, True)


def test_fillers_are_taken_only_where_a_sentence_of_the_usual_length_would_fit() -> None:
    texts = ["A b c d e f.", "G h.", "A b c x y z."]

    def found(words: int, ranked: list[int]) -> list[int]:
        chosen = select(ranked, lambda i: [texts[i]], sentences=0, words=words, block_ngrams=3, spare=[1], exact=True)
        return [one.sentence for one in chosen]

    assert found(11, [0]) == [0]
    assert found(12, [0]) == [0, 1]
    assert found(12, [0, 2]) == [0, 1]
    assert found(20, [0, 2]) == [0, 1, 2]
    assert found(3, [0]) == [1]


@pytest.mark.parametrize("exact", [False, True])
def test_what_cannot_fit_is_not_asked_for_and_the_selection_is_the_same(exact: bool) -> None:
    random.seed(1)
    bounded = 0
    for words in range(1, 60):
        texts = [
            [" ".join(random.choices("abcdefghijkl", k=random.randint(1, 12))) for _ in range(random.randint(1, 3))]
            for _ in range(40)
        ]
        bounds = [min(len(text.split()) for text in forms) - random.choice((0, 0, 2)) for forms in texts]
        ranked = random.sample(range(40), 30)
        options = {"sentences": random.choice((0, 4)), "words": words, "block_ngrams": 3, "exact": exact}
        spare = sorted(set(range(40)) - set(ranked))
        asked: tuple[list[int], list[int]] = ([], [])

        def ask(index: int, number: int, *, texts: list[list[str]] = texts, asked: Any = asked) -> list[str]:
            asked[number].append(index)
            return texts[index]

        every = select(ranked, lambda index: ask(index, 0), spare=spare, **options)
        fewer = select(ranked, lambda index: ask(index, 1), spare=spare, least=bounds.__getitem__, **options)
        assert fewer == every
        bounded += len(asked[1]) < len(asked[0])
    assert bounded > 30


QUAY = "The council of Port Ellis closed the northern quay to all visitors."


@pytest.mark.parametrize(
    ("other", "kept"),
    [
        ("All visitors were shut out after Port Ellis closed its northern quay, the council said.", False),
        ("Visitors to Port Ellis found the northern quay closed.", False),  # the shorter one is in the longer
        ("In March the council opened a second school of Port Ellis beside the northern woods.", True),
        ("Port Ellis.", True),  # so few words are in many sentences
    ],
)
def test_a_sentence_nearly_the_same_as_another_is_skipped_whichever_comes_first(other: str, kept: bool) -> None:
    for texts in ([QUAY, other], [other, QUAY]):
        assert choose(texts, block_ngrams=5) == ([0, 1] if kept else [0])
        assert choose(texts, block_ngrams=0) == [0, 1]


def test_names_may_be_repeated_but_not_five_words_in_a_row() -> None:
    first = "The Port Ellis Fishing Cooperative sold nine boats."
    assert choose([first, "Members of the Port Ellis Fishing Fund want their money."], block_ngrams=5) == [0, 1]
    assert choose([first, "Members of the Port Ellis Fishing Cooperative want money."], block_ngrams=5) == [0]


def test_a_word_of_hundreds_of_sentences_tells_none_of_them() -> None:
    texts = [f"Harbour council report w{number}aa w{number}bb." for number in range(300)]
    assert len(choose(texts, block_ngrams=5)) == 300


def test_five_thousand_sentences_of_common_words_take_a_moment() -> None:
    random.seed(0)
    texts = [
        " ".join(f"word{int(random.paretovariate(0.5))}" for _ in range(25)) + f" end{number}"
        for number in range(5_000)
    ]
    started = time.process_time()
    select(range(5_000), lambda i: [texts[i]], sentences=0, words=0, block_ngrams=5)
    assert time.process_time() - started < 5  # half a second; all that have a common word compared would take a minute
