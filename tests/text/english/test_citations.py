"""Citations: marks that lead out of the sentence are taken away, other brackets and numbers stay."""

from __future__ import annotations

import time

import pytest

from fastsum.text.english.citations import without_citations


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("Leaves widen [12, 13] in spring [2].", "Leaves widen in spring."),
        ("Leaves widen [3–5].", "Leaves widen."),
        ("Leaves widen (Smith et al., 2010; Doe, 2011).", "Leaves widen."),
        ("Leaves widen (see Smith and Doe, 2010a, b, for a review).", "Leaves widen."),
        ("Leaves widen (Food and Leaf Office [FLO], 2014).", "Leaves widen."),
        ("leaves widen (smith and doe 2003).", "leaves widen."),
        ("Leaves widen (Hardy and Higgins,), often (Doe et al.,; Roe,).", "Leaves widen, often."),
        ("Leaves widen (p < 0.05; Table 2).", "Leaves widen (p < 0.05)."),
        ("Leaves widen (Figure 1—figure supplement 1A and B; Figure 2—source data 1).", "Leaves widen."),
        ("Leaves widen (p < 0.05, Fig. 3B).", "Leaves widen (p < 0.05)."),
        ("Leaves widen (Fig. 2A,B; Supplementary Table S3) and fall (fig. 3, bottom row).", "Leaves widen and fall."),
        ("Leaves widen (1, 2), and then fall (3).", "Leaves widen, and then fall."),
        ("Leaves widen (reviewed in), often (i.e.,) or ( , ) so.", "Leaves widen, often or so."),
        ("Leaves widen in spring.12,13", "Leaves widen in spring."),
        ("Leaves widen -.", "Leaves widen."),
        ("Leaves widen in trees–, often in problems–.", "Leaves widen in trees, often in problems."),
        ("Leaves widen in spring,.", "Leaves widen in spring."),
        ("Jane Doe (left) won.", "Jane Doe won."),
        ("As shown in Fig. 3B and C, leaves widen.", "leaves widen."),
        ("as shown in table <dig> , leaves widen.", "leaves widen."),
        ("However, as clearly seen in Supplementary Figure S1, leaves widen.", "However, leaves widen."),
        ("As illustrated in and, leaves widen.", "leaves widen."),
        ("Leaves widen, as depicted in the Figure 2.", "Leaves widen."),
        ("As shown in Tables 1, 2 and 3, leaves widen.", "leaves widen."),
        ("As shown in Figures 2A, B, and C, leaves widen.", "leaves widen."),
        ("As shown in Figure 2—figure supplement 1, leaves widen.", "leaves widen."),
    ],
)
def test_marks_are_taken_away(sentence: str, shown: str) -> None:
    assert without_citations(sentence) == shown


@pytest.mark.parametrize(
    "sentence",
    [
        "Tumours were ER−, PR− and rated A–.",
        "Leaves (but not all) widen (n = 12).",
        "The ship (built in 1950) sank in March (2010).",
        "Smith et al. (2010) saw wider leaves.",
        "Leaves widen in some trees (e.g. in oaks, in elms).",
        "Jane (7) and Richard (12) won 2-1 (3-1).",
        "The vote (March 2003) was lost.",
        "The upper (or lower) edge was measured at 4 p.m. (6 p.m. ET).",
        "The World Leaf Office (WLO) saw it.",
        "It was shown in Fig. 2.",
        "It is as shown in Fig. 2.",
        "As shown in this study, leaves widen.",
        "As shown in 2009, leaves widen.",
        "As shown in Table 1, 20 of 30 leaves widen.",
        "As shown in Table 1, 12, 15 and 18 leaves widen.",
        "As shown in Figure 1, A and B differ.",
        "As shown in Table 3, second row, leaves widen.",
        "As shown in Figure 2, in which May is left out, leaves widen.",
        "As shown in Table 2, columns 3 and 4, leaves widen.",
        "As shown in Figure 3, which covers May, leaves widen.",
        "As shown in Figure 3, but not in Figure 4, leaves widen.",
        "Leaves, as shown in Figure 2, widen in May.",
        "As shown in Figure 2 only for oaks, leaves widen.",
        "Leaves widen, as shown in Figure 2 for oaks.",
        "It rose to 3.5 in mapk1 and il6.",
        "Copper acetate (CH3COO)2 was added to Wuxiangjing9.",
        "(A) Leaves widen.",
    ],
)
def test_other_brackets_and_numbers_stay(sentence: str) -> None:
    assert without_citations(sentence) == sentence


@pytest.mark.parametrize("unit", ["(", "( ", "[1], ", "(Doe, ", "a1,2", "Doe and ", ", ", "(see fig. "])
def test_a_long_sentence_is_read_in_linear_time(unit: str) -> None:
    begun = time.process_time()
    without_citations(unit * (3000 // len(unit)))
    assert time.process_time() - begun < 1
