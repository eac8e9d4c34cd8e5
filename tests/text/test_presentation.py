"""Sentences as a reader sees them."""

from __future__ import annotations

import pytest

from fastsum.text.presentation import join_words, present


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("(CNN)Never mind\n  cats", "Never mind cats."),
        ("LONDON, England (CNN) -- the man said .", "The man said."),
        ("- a *list* item, [link](http://x.org)", "A list item, link."),
        ("## Heading ##", "Heading."),
        ('"Odin was the backbone.', "Odin was the backbone."),
        ("mRNA rose (a lot", "mRNA rose a lot."),
        ('he said "yes"', 'He said "yes."'),
        ("PORT FOO, Fooland (CNN)The ship sank.", "The ship sank."),
        ("foo city (cnn) a ship sank .", "A ship sank."),
        ("The network (CNN) said so.", "The network (CNN) said so."),
        ("-- The debate goes on.", "The debate goes on."),
        ("However, ships sank ( p<0.001 ) at 35 % .", "Ships sank (p < 0.001) at 35%."),
        ("as i said, i'm sure (i) of it", "As I said, I'm sure (i) of it."),
        ("Leaves widen [12] (Doe, 2010), i.e. grow.", "Leaves widen, i.e. grow."),
        ("The list includes: .", "The list includes."),
        ("The H3. 3 cells had 2. 5 mg.", "The H3.3 cells had 2.5 mg."),
        ("12. 3 cells died.", "3 cells died."),
        ("It sails on May 10).", "It sails on May 10."),
        ("Its aims were: i) to float; 2) to sail).", "Its aims were: i) to float; 2) to sail."),
        ("They rose ... and fell", "They rose... and fell."),
        ("Risk rose (OR≤2) if x>=3 and by 3 %", "Risk rose (OR ≤ 2) if x>=3 and by 3%."),
        ("Interestingly, As shown in Fig. 2, leaves widen", "Interestingly, leaves widen."),
        ("Leaves widen, As shown in Table 2.", "Leaves widen."),
        ("a] b} c” d» e «f", "A b c d e f."),
        ("“Foo (bar” baz) is", "Foo (bar baz) is."),
        ("'Leaves widen in May", "Leaves widen in May."),
        ("'Leaves' widen in May", "'Leaves' widen in May."),
        ("Leaves widen (see", "Leaves widen."),
        ("[ Leaves ] widen;.", "[Leaves] widen."),
        ("Leaves – . widen", "Leaves. widen."),
        ('She said "leaves" "widen', 'She said leaves" "widen.'),
        ("Leaves (a) and (Fig. 2) widen [3]", "Leaves (a) and widen."),
        ("“Leaves widen in May?”", "“Leaves widen in May?”"),
        ("a `code` of _it_ and **all** of it", "A code of it and all of it."),
        ("She left , he stayed ; both : why ?", "She left, he stayed; both: why?"),
        ("(Fig. 2A)", ""),
        ("***", ""),
        ("", ""),
    ],
)
def test_present(sentence: str, shown: str) -> None:
    assert present(sentence) == shown


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("\" i do n't , \" john 's dog said", "\"I don't,\" john's dog said."),
        ("a $ 5 - year - old ( 10 % ) .", "A $5-year-old (10%)."),
        ("the sisters ' ' no ' -- ok ?", "The sisters' 'no' -- ok?"),
        ("it can not go", "It cannot go."),
        ("at 22 ° C .", "At 22 °C."),
        ("", ""),
    ],
)
def test_join_words(words: str, shown: str) -> None:
    assert join_words(words.split()) == shown


def test_the_lines_of_a_quoted_sentence_lose_their_marks() -> None:
    assert present("> We met at the quay\n> and saw\n> > that a > b.") == "We met at the quay and saw that a > b."
