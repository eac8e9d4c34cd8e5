"""Sentences: where they end, that they cover everything, in linear time."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastsum.text.cleaning import clean
from fastsum.text.pieces import MAX_SENTENCE_WORDS
from fastsum.text.sentences import Kind, sentences


def split(text: str) -> list[str]:
    return [text[sentence.start : sentence.end] for sentence in sentences(text)]


def covers(text: str) -> bool:
    found = sentences(text)
    ordered = all(left.end <= right.start for left, right in pairwise(found))
    stripped = all(piece and piece == piece.strip() for piece in split(text))
    return ordered and stripped and "".join("".join(split(text)).split()) == "".join(text.split())


@pytest.mark.parametrize(
    "text",
    [
        "Mr. Strong met Dr. J. K. Rowling at 2 a.m. on Jan. 5, as in Fig. 3 (Smith et al. (2015), vs. e.g. 3.5).",
        "The U.S. Environmental Protection Agency said so.",
        "It grew to approx. 3.5 cm (i.e. more), see no. 7.",
        '"Why did he go?" she asked.',
        "1. Introduction to the field.",
        "It was rare (p < 0. 001) in both groups.",
        "The grass Setaria italica (L.) P. Beauvois grew there.",
        "In the case of t. 58 a tooth was found on p. 12.",
    ],
)
def test_one_sentence(text: str) -> None:
    assert split(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(CNN)Never mind cats. A stray pooch ran.", ["(CNN)Never mind cats.", "A stray pooch ran."]),
        ("It opened at 2 a.m. The crowd left.", ["It opened at 2 a.m.", "The crowd left."]),
        ("He lives in the U.S. They do not.", ["He lives in the U.S.", "They do not."]),
        ('"Stop," he said. "Do." She left.', ['"Stop," he said.', '"Do."', "She left."]),
        ("THE MAN RAN. THE DOG SAT.", ["THE MAN RAN.", "THE DOG SAT."]),
        ("the man ran in 2009. the dog sat! did it? yes.", ["the man ran in 2009.", "the dog sat!", "did it?", "yes."]),
        ("It helps therapy.1,2 Anemia is rare.", ["It helps therapy.1,2", "Anemia is rare."]),
        ("It helps (a lot).4 Anemia is rare.", ["It helps (a lot).4", "Anemia is rare."]),
        ("In 2009. 25% left.", ["In 2009.", "25% left."]),
        ("We saw it. Watch it come » It came.", ["We saw it.", "Watch it come »", "It came."]),
        ("Drugs help in MS. Our data show it.", ["Drugs help in MS.", "Our data show it."]),
        ("She said «no» and left.", ["She said «no» and left."]),
        ("彼は来た。彼女も来た。", ["彼は来た。", "彼女も来た。"]),
    ],
)
def test_boundaries(text: str, expected: list[str]) -> None:
    assert split(text) == expected


def test_wrapped_lines_are_joined_and_deliberate_ones_are_not() -> None:
    wrapped = (
        "The quick brown fox jumps over\nthe lazy dog and runs far away\n"
        "from the farm. It never comes\nback again.\n\nNew start."
    )
    assert [" ".join(piece.split()) for piece in split(wrapped)] == [
        "The quick brown fox jumps over the lazy dog and runs far away from the farm.",
        "It never comes back again.",
        "New start.",
    ]
    assert split("First point here\n- one item\n- two items") == ["First point here", "- one item", "- two items"]


def test_headings() -> None:
    text = (
        "# Title\n\nMethods\n=======\nWe measured it in mice.\n\nResults and discussion\n\nIt was large.\n\n***\n\n"
        "The end came."
    )
    assert [text[start:end] for start, end, heading in sentences(text) if not heading] == [
        "We measured it in mice.",
        "It was large.",
        "The end came.",
    ]
    assert [sentence.is_prose for sentence in sentences("a line without a stop")] == [True]


def test_what_is_no_prose_is_no_heading_either() -> None:
    text = (
        "The ship sank off the coast on Monday. Click here for more. Nobody was hurt.\n\n"
        "Figure 3. Where it sank. The arrow shows it.\n\nMethods\n\nWe asked the crew about all of it. Briefly.\n\n"
        "Acknowledgements\n\nThe mayor helped us.\n\nAppendix\n\nThe crew was small."
    )
    kinds = {kind: [text[start:end] for start, end, found in sentences(text) if found is kind] for kind in Kind}
    assert kinds[Kind.PROSE] == [
        "The ship sank off the coast on Monday.",
        "Nobody was hurt.",
        "We asked the crew about all of it.",
        "The crew was small.",
    ]
    assert kinds[Kind.HEADING] == ["Methods", "Acknowledgements", "Appendix"]
    assert [(s.is_prose, s.is_heading) for s in sentences("# Plan\n\nIt went well. Click here.")] == [
        (False, True),
        (True, False),
        (False, False),
    ]


def test_a_heading_like_that_of_back_matter_early_in_a_text_is_followed_by_prose() -> None:
    text = "Funding\n\nThe firm has raised two million.\n\nPlans\n\nIt will build ships in the north and in the south."
    assert [s.kind for s in sentences(text)] == [Kind.HEADING, Kind.PROSE, Kind.HEADING, Kind.PROSE]


def test_nothing() -> None:
    assert sentences("") == sentences(" \n\t ") == []


@settings(deadline=None)
@given(st.text(alphabet="aB1 .?!\n\"')(#-…。é", max_size=120))
def test_sentences_cover_everything(text: str) -> None:
    assert covers(text)


@pytest.mark.parametrize("unit", ["a", ".", "a. ", "word ", '"', "1.", "? ", "'' ", "The cat sat. ", "( ", "a\n"])
def test_a_long_line_is_read_in_linear_time(unit: str) -> None:
    text = clean(unit * (100_000 // len(unit)))
    sentences("Warm up. It loads.")
    begun = time.process_time()
    found = sentences(text)
    assert time.process_time() - begun < 3
    assert all(len(text[start:end].split()) <= MAX_SENTENCE_WORDS for start, end, _ in found)


@pytest.mark.parametrize(
    "text",
    [
        "Blight is caused by Xanthomonas oryzae pv. oryzae in wheat cv. Chinese Spring.",
        "He takes the world No.1 spot from Vrn-A1b.5 or rice-M. oryzae.",
        "Shares of Petrobras S.A. fell after Ann Baker, B.Sc. was elected.",
        "It was kept at an acid conc. of 3 g, ie. low, in O. sativa ssp. japonica.",
        "She said—“Mr. Callan will be down directly”—and left.",
    ],
)
def test_names_and_abbreviations_do_not_end_a_sentence(text: str) -> None:
    assert [text[s.start : s.end] for s in sentences(text)] == [text]


@pytest.mark.parametrize(
    "text",
    [
        "Expression fell in mice.12 p53 was unchanged.",
        "The council approved the plan. (Two members) abstained from the vote.",
        "Shares rose at CVS. Analysts were surprised.",
        "She updated her CV. Google hired her.",
    ],
)
def test_names_that_look_like_them_let_it_end(text: str) -> None:
    assert len(sentences(text)) == 2


def test_what_lost_its_subject_is_no_prose_where_sentences_begin_with_capitals() -> None:
    text = "Stimuli stood on the left. shows the scheme. [5] reported that it works. Then the Trial began in London."
    assert [s.is_prose for s in sentences(text)] == [True, False, False, True]
    assert all(s.is_prose for s in sentences(text.lower()))


@pytest.mark.parametrize(
    "text",
    [
        "Maria and Tom moved to York.\n\nfound a house in Fulford on Monday.",
        "He asked Ann this. where were you in London?",
    ],
)
def test_lines_and_questions_are_prose(text: str) -> None:
    assert all(s.is_prose for s in sentences(text))


def test_an_abbreviated_genus_does_not_end_a_sentence() -> None:
    text = "The mosquito Ae. aegypti was tested. In larval Cx. pipiens it acts as in An. sinensis."
    assert [text[s.start : s.end] for s in sentences(text)] == [
        "The mosquito Ae. aegypti was tested.",
        "In larval Cx. pipiens it acts as in An. sinensis.",
    ]


STORY = "The team followed the patients for a year, as Doe et al. did, and found the same in both groups (n = 12). " * 5


def kind_between_paragraphs(line: str) -> Kind:
    text = f"{STORY}\n{line}\n{STORY}"
    return next(sentence.kind for sentence in sentences(text) if text[sentence.start : sentence.end] == line)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Effect of stimulation on accuracy.", Kind.BOILERPLATE),
        ("Total and changes of diet weights between observed and optimized diets.", Kind.BOILERPLATE),
        ("Search strategy used to identify articles in the database.", Kind.BOILERPLATE),
        ("Regions modulated by group and by genetically determined risk.", Kind.BOILERPLATE),
        ("Principles of isotope analysis of human mobility and of the landscapes in Northern Italy", Kind.HEADING),
        ("Staff were excluded.", Kind.PROSE),
        ("This study reviewed the literature on sleep.", Kind.PROSE),
        ("The treatment lowered pressure.", Kind.PROSE),
        ("The model outperforms the others on synthetic data.", Kind.PROSE),
        ("The patients didn’t.", Kind.PROSE),
        ("Here’s the plan.", Kind.PROSE),
        ("Mortality decreased with age.", Kind.PROSE),
        ("The drug significantly reduced pressure.", Kind.PROSE),
        ("Two reviewers independently assessed each article.", Kind.PROSE),
        ("These findings support early screening.", Kind.PROSE),
        ("Conclusion: early screening saves lives.", Kind.PROSE),
        ("Exercise reduces mortality in older patients.", Kind.PROSE),
        ("“Never again!”", Kind.PROSE),
        ("(ii) Outliers of the second kind.", Kind.PROSE),
        ("with the area of the leaf and the length of the stem, of the root and of the flower", Kind.BOILERPLATE),
        ("To investigate the antiquity of an early package of traits.", Kind.PROSE),
        ("More of the same?", Kind.PROSE),
        ("Effect of stimulation, " + "of sleep, " * 10 + "and of age.", Kind.PROSE),
    ],
)  # fmt: skip
def test_a_short_paragraph_without_a_verb_among_long_ones_is_a_title(line: str, kind: Kind) -> None:
    assert kind_between_paragraphs(line) is kind


def test_a_title_and_panels_after_it_are_a_legend() -> None:
    legend = "Model comparison. (A) The scores of all the models. (B) Model B was best."
    others = [
        "Model comparison. Model B was best.",
        "Two choices. (A) The first was best.",
        "Two editors. A. Doe was one.",
    ]
    text = "\n".join([STORY, legend, STORY, *others, STORY])
    kinds = [sentence.kind for sentence in sentences(text) if text[sentence.start : sentence.end] not in STORY]
    assert kinds == [Kind.BOILERPLATE] * 3 + [Kind.PROSE] * 6


@pytest.mark.parametrize(
    "text",
    [
        "Effect of stimulation on accuracy.\n" + "The results of the trial were the same.\n" * 20,
        f"{STORY}\nEffect of stimulation on accuracy.\n{STORY}".lower(),
        f"{STORY}\nWirkung der Reizung auf Genauigkeit.\n{STORY}".replace("the ", "das "),
        f"{STORY}Effect of stimulation on accuracy. {STORY}",
        f"{STORY}\nEffect of stimulation on accuracy.",
        f"{STORY}\nEffect of stimulation on accuracy.\n{STORY}".replace("et al.", "and Roe").replace("(n = 12)", "too"),
        "{0}\nMarkets across Europe in decline.\n{0}".format(
            "The fees stand in the Table 1, the latest figures in it. " * 8
        ),
        "The buyer may end this agreement if the seller does not deliver the goods on the day that the two agreed. " * 5
        + "\nEarly termination. (a) Either may end it. (b) The goods go back.\n"
        + "The seller may end this agreement if the buyer does not pay for the goods on the day that the two agreed. "
        * 5,
    ],
    ids=[
        "short paragraphs",
        "lower-cased",
        "not English",
        "within a paragraph",
        "at the end",
        "no paper",
        "minutes",
        "a contract",
    ],
)
def test_titles_are_told_by_what_stands_around_them(text: str) -> None:
    assert all(sentence.is_prose for sentence in sentences(clean(text)))


def test_where_every_point_has_a_space_after_it_numbers_and_names_stay_whole() -> None:
    text = "The H3. 3 cells had 2. 5 mg (p = 0. 03). In 2009. 25 cells of H3. 1 died. See foo. org or e. g. here."
    whole = [
        "The H3. 3 cells had 2. 5 mg (p = 0. 03).",
        "In 2009.",
        "25 cells of H3. 1 died.",
        "See foo. org or e. g. here.",
    ]
    assert split(text) == whole
    assert split("He scored 2. 3 others scored 1.5 each.") == ["He scored 2.", "3 others scored 1.5 each."]


@pytest.mark.parametrize(
    "text", ["It costs 14,250 excl. VAT, which is more.", "It costs 14,250 incl. Value Added Tax."]
)
def test_what_explains_ends_no_sentence_before_a_capital(text: str) -> None:
    assert len(sentences(text)) == 1


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Britain went to war in World War I. France had done so.", 2),
        ("The fish has vitamin D. Calcium is in its bones.", 2),
        ("It was written by Henry V. Shakespeare of London.", 1),
        ("It was John F. Kennedy who said so.", 1),
        ("He was with Type W. B. Yeats that day.", 1),
        ("World War I. veterans met there.", 1),
        ("Das gilt z. B. für Hunde bzw. Katzen am 3. Mai.", 1),
    ],
)
def test_a_letter_that_belongs_to_a_word_can_end_a_sentence(text: str, count: int) -> None:
    assert len(sentences(text)) == count


@pytest.mark.parametrize(
    ("first", "rest", "is_prose"),
    [
        (
            "Here we cover the region. It is drawn below with the seven tiles that we have, and the goal is to fill it",
            "using the following seven tiles.",
            False,
        ),  # a drawing is between the two
        ("Here we cover the region. It is drawn below with the tiles.", "using is what the keeper calls it.", True),
        ("The goal is to cover this region", "using the following seven tiles.", False),
        ("Covering regions", "using is what the keeper calls it.", True),
        ("Here we cover the region. It is drawn below with these:", "every square of it has one tile.", True),
        (
            "Here we cover the region. It is drawn below with the seven tiles that we have, and the goal is to fill it",
            "p53 is what the tile is called.",
            True,
        ),
        (
            "Here we cover the region. It is drawn below with the seven tiles that we have, and the goal is to fill it",
            "Using tiles of seven kinds, they did so.",
            True,
        ),
    ],
)
def test_the_rest_of_a_sentence_by_itself_is_no_prose(first: str, rest: str, is_prose: bool) -> None:
    told = "The puzzle is an old one, and nobody has solved it yet."
    found = sentences(clean(f"{told}\n\n{first}\n\n{rest} It is hard.\n\n{told}"))
    assert [sentence.is_prose for sentence in found[-3:]] == [is_prose, True, True]


def test_a_message_may_begin_in_a_small_letter() -> None:
    text = clean("Ada counts the owls of the valley today\n\ndid the board vote for it? Nobody told me.")
    second = text.index("did")
    assert [sentence.is_prose for sentence in sentences(text, apart=frozenset((second,)))][-2:] == [True, True]
    assert [sentence.is_prose for sentence in sentences(text)][-2:] == [False, True]
