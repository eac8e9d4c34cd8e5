"""Citations: marks that lead out of the sentence are taken away, other brackets and numbers stay."""

from __future__ import annotations

import time

import pytest

from fastsum.text.english.citations import cites, without_citations
from fastsum.text.language import Citing

ALL = Citing(spaced=True, attached=True, rounded=True, noted=True, dated=True)


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
    assert without_citations(sentence, ALL) == shown


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
    assert without_citations(sentence, ALL) == sentence


PAPER = "Leaves widen [1]. They fall [2, 3], and rot [4]. As in [2], oaks differ."


@pytest.mark.parametrize(
    ("text", "citing"),
    [
        (PAPER, Citing(spaced=True)),
        ("The wall was built in 1881.[1] It stood,[2] and fell.[3]", Citing(attached=True)),
        ("Leaves widen[1]. They fall[2,3], and rot[4].", Citing(attached=True)),
        ("Leaves widen (1). They fall (2, 3), and rot (4–6).", Citing(rounded=True)),
        ("Leaves widen.1,2 They fall.3 They rot.4", Citing(noted=True)),
        ("Leaves widen (Doe and Roe, 2010).", Citing(dated=True)),
        ("Leaves widen [7]. They fall [9].\n\n## 5. References\n\n7. Doe.", Citing(spaced=True, dated=True)),
        ("The list ship[0] holds ship[1], ship[2], ship[3].", Citing()),
        ("Press [1] to go on, [2] to go back, or [3] to stop it.", Citing()),
        ("[1] The buyer pays. [2] The seller delivers. [3] The court decides.", Citing()),
        ("Under clause (1), paragraph (2), section (3), rule (4), article (5).", Citing()),
        ("It links to libc.so.6 and libm.so.2 there.", Citing()),
        ("He lived there (Paris, 1968).", Citing()),
        ("", Citing()),
    ],
)
def test_a_text_shows_by_which_marks_it_cites(text: str, citing: Citing) -> None:
    assert cites(text) == citing


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("Leaves widen [12].", "Leaves widen."),
        ("Leaves widen [1], [2] and [3].", "Leaves widen."),
        ("Leaves widen as in [2] and [3].", "Leaves widen as in [2] and [3]."),
        ("The list leaf[0] and leaf[1] widen [12].", "The list leaf[0] and leaf[1] widen."),
        ("Leaves widen in the interval [3, 5].", "Leaves widen in the interval [3, 5]."),
        ("Leaves widen.[1]", "Leaves widen."),
        ("[2] The seller pays.", "[2] The seller pays."),
        ("Leaves widen (7).", "Leaves widen (7)."),
        ("Leaves widen (Doe, 2010).", "Leaves widen (Doe, 2010)."),
        ("Leaves widen (Doe et al., 2010).", "Leaves widen."),
        (
            "Leaves widen (-), and main() widens [...] them (...).",
            "Leaves widen (-), and main() widens [...] them (...).",
        ),
    ],
)
def test_marks_by_which_a_text_does_not_cite_stay(sentence: str, shown: str) -> None:
    assert without_citations(sentence, cites(PAPER)) == shown


@pytest.mark.parametrize("unit", ["[1] ", "x[1]", " (1)", "a.1 ", "(and Doe, 2010", "References\n", "[1,"])
def test_marks_are_found_in_linear_time(unit: str) -> None:
    begun = time.process_time()
    cites(unit * (200_000 // len(unit)))
    assert time.process_time() - begun < 2


@pytest.mark.parametrize("unit", ["(", "( ", "[1], ", "(Doe, ", "a1,2", "Doe and ", ", ", "(see fig. "])
def test_a_long_sentence_is_read_in_linear_time(unit: str) -> None:
    begun = time.process_time()
    without_citations(unit * (3000 // len(unit)), ALL)
    assert time.process_time() - begun < 1
