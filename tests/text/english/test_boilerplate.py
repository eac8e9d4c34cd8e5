"""Boilerplate: page furniture, captions and declarations are known; prose that resembles them is not taken for it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastsum.text.english.boilerplate import (
    RULES,
    is_apparatus,
    is_back_matter,
    is_boilerplate,
    is_fragment,
    keys_of,
    lost_its_subject,
)


@pytest.mark.parametrize(
    "line",
    [
        "Scroll down for video",
        "video scroll down to watch the keeper save it.",
        "Click here to read our guide.",
        "Follow @some_reporter on Twitter.",
        "follow @@ some_reporter.",
        "E-mail to a friend.",
        "Email your tips to tips@example.com.",
        "Read more: Ten ways to leave a harbour",
        "See the full article at example.com.",
        "Share this story",
        "Copyright 2012 Example News.",
        "© 2012 Example News and Partners Inc.",
        "All rights reserved.",
        "Sorry we are not currently accepting comments on this article.",
        "Pictures: the storm in ten frames",
        "Photo: Jane Doe/Example",
        "(Photo: Jane Doe)",
        "Editor's note: Jane Doe teaches law.",
        "The opinions expressed in this commentary are solely those of Jane Doe.",
        "CNN's Jane Doe and Richard Roe contributed to this report.",
        "Journalist Jane Doe reported from Lima, and Richard Roe wrote from London.",
        "Watch the ship come in »",
        "Example.com: readers send their ships",
        "BBC's Jane Doe wrote this story from Lima.",
        "PUBLISHED: 12:01 EST, 3 May 2014",
        "12:01 EST, 3 May 2014.",
        "Referee: J. Doe.",
        "Figure 3. Distribution of widths in both groups.",
        "Table 1. Baseline characteristics",
        "Fig. S2A: Uptake over time.",
        "12. Smith J, Doe A. Widths of leaves in spring. J Foo 2010;3:1-9.",
        "Doe, A. B., and Smith, J. (2010). Widths of leaves. J. Foo 3, 1-9. doi: 10.1000/1",
        "Keywords: leaf, width, spring",
        "Competing interests: none.",
        "The authors declare that they have no competing interests.",
        "We thank Jane Doe for her help in the field.",
        "This work was supported by a grant of the Foo Foundation.",
        "Received 3 May 2010; accepted 7 June 2010",
        "doi: 10.1000/182",
        "Department of Botany, University of Foo, Footown, Fooland",
    ],
)
def test_furniture_is_known(line: str) -> None:
    assert is_boilerplate(line)


@pytest.mark.parametrize(
    "sentence",
    [
        "Fig. 2 shows that uptake fell.",
        "Figure 2A and B depict both groups.",
        "She clicked on the link and lost her savings.",
        "By 1850 the harbour was full.",
        "By Friday Jane Doe had left.",
        "By the end of June Doe had won.",
        "He followed the team on Twitter for a year.",
        "The copyright case was settled in May.",
        "The jury found that the song infringed the copyright of 2003 works.",
        "Readers can see more of the comet in June.",
        "Watch prices have risen.",
        "Video footage showed the car in the river.",
        "Photographs by the police showed the car.",
        "The authors reported a larger effect in women.",
        "The department of health said that cases rose in Foo, Bar and Baz.",
        "We acknowledge that the sample was small.",
        "12. The third patient left in 2010.",
        "Funding agencies have turned to malaria.",
        "Abbreviations save little time.",
        "An email to the minister was leaked.",
        "The link at the bottom of the page says 'click here'.",
        "Peru's president wrote from Lima that prices had fallen.",
        "The report was published on Monday.",
    ],
)
def test_prose_is_not(sentence: str) -> None:
    assert not is_boilerplate(sentence)
    assert not is_fragment(sentence)


@pytest.mark.parametrize("rule", RULES, ids=range(len(RULES)))
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_a_rule_is_looked_up_by_every_first_word_that_it_can_have(rule: str, data: st.DataObject) -> None:
    matched = data.draw(st.from_regex(re.compile(rule, re.IGNORECASE)))
    found = re.search(rule, matched, re.IGNORECASE)
    assert found is not None
    text = data.draw(st.sampled_from(["", "(", "- “"])) + matched[found.start() :]
    assert not set(keys_of(text)).isdisjoint(RULES[rule].split())


def test_what_stands_before_the_first_word_is_looked_past() -> None:
    assert is_boilerplate("-- (“Click here to read our guide.")
    assert not is_boilerplate("- - - - - - Click here to read our guide.")
    assert is_boilerplate("--__a.com: it")
    assert is_boilerplate("ſee MORE: the ſtorm")


def test_the_end_of_a_sentence_has_lost_its_subject() -> None:
    assert all(map(lost_its_subject, ["[3] reported that it fell.", "shows the scheme."]))
    assert not any(map(lost_its_subject, ["It shows the scheme.", "[3] It fell.", "where did it fall?", ""]))


def test_a_legend_has_a_number_and_a_mark_after_it() -> None:
    assert is_apparatus("Supplementary Table 4: Primers")
    assert is_apparatus("Figure 1 Flow of the participants.")
    assert not is_apparatus("Figure 1 shows the flow.")
    assert not is_apparatus("Figures were made by hand.")


def test_an_entry_of_a_reference_list_has_initials_a_year_and_pages() -> None:
    assert is_apparatus("Doe J, Roe R. Leaves. J Foo 2010;3:1-9.")
    assert not is_apparatus("Doe J saw it in 2010.")


@pytest.mark.parametrize("piece", ["by.", "2010).", "3a and b).", "***", "Briefly.", "Widths are presented in.", "12"])
def test_pieces_that_say_nothing(piece: str) -> None:
    assert is_fragment(piece)


@pytest.mark.parametrize(
    "piece",
    [
        "The courses of both groups are shown in Figure 4.",
        "Primers were clearly listed in the supplementary Table S1 (left).",
        "The workflow of step 2.5 is given schematically in Fig. 2B.",
        "The traits of the runners, 12 in one group and 14 in the other, are shown in Table 1.",
        "Table 2 lists the primers.",
        "Table 3 shows the correlation between width and yield.",
        "Figure 3 (b) shows the map.",
        "fig. <dig> illustrates the workflow .",
        "logit(p)= b0+b1·x1 and b2.",
        "Yk|x¯jk, β~Binomial(Nk,p^^k).",
    ],
)
def test_where_to_look_and_formulas_say_nothing_either(piece: str) -> None:
    assert is_fragment(piece)


@pytest.mark.parametrize(
    "piece",
    [
        "Table 2 shows that yields fell.",
        "Figure 3 shows a fall of 40% in mortality.",
        "Survival was longer with the drug, as is shown in Figure 2.",
        "Lower yields are reported in Table 3.",
        "Yields fell by half in Figure 4.",
        "The table shows the way.",
        "Table wines show promise.",
        "The film is shown in cinemas.",
        "The scheme will provide 500 homes.",
        "The figures also show the cost.",
        "His name was listed in the files.",
        "The move was described by figures in the party as a betrayal.",
        "The file may contain evidence.",
        "Mortality fell (p=0.003).",
        "We won =)",
    ],
)
def test_what_is_seen_there_does(piece: str) -> None:
    assert not is_fragment(piece)


@pytest.mark.parametrize("piece", ["He left.", "彼は来た。", "The area (60 m) was small."])
def test_short_sentences_are_no_pieces(piece: str) -> None:
    assert not is_fragment(piece)


def test_back_matter() -> None:
    assert all(map(is_back_matter, ["Acknowledgements", "Competing interests", "6. REFERENCES"]))
    assert not any(map(is_back_matter, ["Results", "Interests of the voters", "References to animals"]))


@pytest.mark.parametrize(
    "line",
    [
        "- Ada Example @ada (chair)",
        "* Ada de la Cruz",
        "1. Ben Example (by phone)",
        "src/quay_wall.c src/wall/gate.h",
        "Files: src/quay_wall.c src/wall/gate.h",
        "Slides of the meeting: https://example.org/quay/slides",
        "see https://example.org/issues/27",
        "- Quay PR: harbour/quays#3355.",
        "Start Date: 2026-05-01",
        "[Illustration: The Old Quay, seen from the wall,\nis one of the finest of its kind]",
    ],
)
def test_names_and_files_and_addresses_alone_say_nothing(line: str) -> None:
    assert is_fragment(line) or is_boilerplate(line)


@pytest.mark.parametrize(
    "line",
    [
        "- Ada rejected Ben's plan",
        "- James proposes that we remove it",
        "* Quay: Ada.",
        "- closed in May",
        "See https://example.org/quay for the plan of the wall, which the board has put there.",
        "Ada Example",
        "Answer: yes/no.",
        "Note: it/they is meant.",
    ],
)
def test_items_and_sentences_with_words_say_something(line: str) -> None:
    assert not is_fragment(line)
    assert not is_boilerplate(line)
