"""A lower bound of the words of all forms of a sentence, by which a selection leaves out what cannot fit."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastsum.summary.shortening import shortened
from fastsum.text.cleaning import clean
from fastsum.text.english.shortening import least_words
from fastsum.text.presentation import present
from fastsum.text.sentences import sentences

SAMPLES = Path(__file__).parents[3] / "data" / "samples"


def fewest(sentence: str) -> int:
    """The words of the shortest form that can be shown of a sentence."""
    shown = present(sentence) or " ".join(sentence.split())
    return min(len(form.split()) for form in (shown, *shortened(shown)))


@pytest.mark.parametrize(
    ("sentence", "least"),
    [
        ("Leaves widen in spring.", 4),
        ("Leaves (n = 12) widen [3, 4] by 12 % in spring.", 5),
        ("Furthermore, leaves widen in spring.", 4),
        ("In spring all leaves widen.", 5),
        ("In-hospital mortality fell in spring.", 5),
        ("The ship left Port Foo on the first day of May for Fooland (Reuters reported).", 13),
        ("", 0),
        ("12 leaves widen.", 0),
        ("In this study leaves widen.", 0),
        ("However leaves widen in spring.", 5),
        ("However the leaves widen in spring.", 0),
        ("Furthermore, in this study leaves widen.", 0),
        ("But leaves widen.", 0),
        ("Overall, leaves widen.", 0),
        ("Leaves widen, as clearly shown in Figure 3.", 0),
        ("Leaves (oaks' (and elms')) widen.", 0),
        ("Leaves (oaks')widen.", 0),
        ("Leaves widen in spring).", 0),
        ("Leaves *widen* in spring.", 0),
        ("Port Foo (Reuters) - Leaves widen in spring.", 0),
        ("Port Foo [a b c d e f g h] (Reuters) - Leaves widen.", 0),
        ("Thus,", 0),
    ],
)
def test_the_bound_of_a_sentence(sentence: str, least: int) -> None:
    assert least_words(sentence) == least <= fewest(sentence)


# What can be taken away, whole or in pieces, among words and marks of which more of it can come up.
OPENING = st.sampled_from(
    """
|However,|In addition,|However the|And|But in contrast,|Taken together,|As a result,|In this study we
In the present study,|The current results also show that|The present|Our data show that|In th*is* study, we
We found that|We also clearly confirmed that|Overall,|Of note,|In particular, as described before,|As shown in Figure 2,
However, as clearly seen in Tables 1 and 2,|(CNN)|(CNN)French|LONDON, England (Reuters) --|Port Foo [x y z] (CNN) -
Paris (Fig. 2; CNN)|foo city ( cnn )|1. i)
""".replace("\n", "|").split("|")
)
WORDS = """
foo bar's Foo-bar i I the this study results we show that as shown in and p<0.05 12. 3 [12] (n=12) (x;y) a*s* a(x)s
a[1]s [x](y) (a)(b) _x_ **b ‘b 'a ( ) [ ] { } , . ; : - – — % # é * ` " “ ” ' ﬁrst aſ İn
"""
PHRASES = ["(see Fig. 3)", "(Smith, 2010)", "(a [b; see] c)", "(x; [y)", "(but not)", "([x]", "p = 0.03"]
MIDDLE = st.sampled_from([*WORDS.split(), *PHRASES])
ENDING = st.sampled_from(
    [
        "",
        ".",
        '."',
        " -.",
        ",.",
        ", as shown in Figure 3.",
        ", as (now) clearly seen in Table 2 and A.",
        ".12,13",
        " ##",
        "; and",
        "; or.",
        "; and [12] .",
    ]
)


@settings(deadline=None, max_examples=3000)
@given(
    st.lists(OPENING, min_size=1, max_size=2),
    st.lists(st.tuples(st.sampled_from([" ", " ", " ", "", "\n"]), MIDDLE), max_size=9),
    ENDING,
)
def test_no_form_has_fewer_words_than_the_bound(
    openings: list[str], middle: list[tuple[str, str]], ending: str
) -> None:
    words = "".join(space + piece for space, piece in middle)
    sentence = f"{' '.join(openings)}{words} some more words that stand here{ending}".strip()
    assert least_words(sentence) <= fewest(sentence)


@pytest.mark.parametrize("sample", ["story.txt", "paper.md"])
def test_the_bound_is_near_for_most_sentences_of_a_document(sample: str) -> None:
    text = clean((SAMPLES / sample).read_text("utf-8"))
    found = [text[s.start : s.end] for s in sentences(text) if s.is_prose]
    bounds = [(least_words(sentence), fewest(sentence)) for sentence in found]
    assert all(least <= words for least, words in bounds)
    assert sum(least > 0.8 * words for least, words in bounds) > 0.5 * len(bounds)
