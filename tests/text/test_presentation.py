"""Sentences as a reader sees them."""

from __future__ import annotations

import pytest

from fastsum.text.presentation import Manner, join_words, present
from fastsum.text.source import read_source
from fastsum.text.tokenizer import Tokenizer


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("(CNN)Never mind\n  cats", "Never mind cats."),
        ("LONDON, England (CNN) -- the man said .", "The man said."),
        ("- a *list* item, [link](http://x.org)", "A list item, link."),
        ("## Heading ##", "Heading."),
        ('"Odin was the backbone.', '"Odin was the backbone."'),
        ("mRNA rose (a lot", "mRNA rose a lot."),
        ("Cliquer sur le bouton « Retours » :", "Cliquer sur le bouton « Retours »."),
        ('he said "yes"', 'He said "yes."'),
        ("PORT FOO, Fooland (CNN)The ship sank.", "The ship sank."),
        ("foo city (cnn) a ship sank .", "A ship sank."),
        ("The network (CNN) said so.", "The network (CNN) said so."),
        ("-- The debate goes on.", "The debate goes on."),
        ("However, ships sank ( p<0.001 ) at 35 % .", "Ships sank (p < 0.001) at 35%."),
        ("as i said, i'm sure (i) of it", "As I said, I'm sure (i) of it."),
        ("Leaves widen [12] (Doe et al., 2010), i.e. grow.", "Leaves widen [12], i.e. grow."),
        ("The list includes: .", "The list includes."),
        ("The H3. 3 cells had 2. 5 mg.", "The H3.3 cells had 2.5 mg."),
        ("12. 3 cells died.", "3 cells died."),
        ("It sails on May 10).", "It sails on May 10."),
        ("Its aims were: i) to float; 2) to sail).", "Its aims were: i) to float; 2) to sail."),
        ("They rose ... and fell", "They rose... and fell."),
        ("Risk rose (OR≤2) if x>=3 and by 3 %", "Risk rose (OR ≤ 2) if x>=3 and by 3%."),
        ("Interestingly, As shown in Fig. 2, leaves widen", "Interestingly, leaves widen."),
        ("Leaves widen, As shown in Table 2.", "Leaves widen."),
        ("a] b} c” d» e «f", "“A b c” d» e «f.»"),
        ("“Foo (bar” baz) is", "“Foo (bar” baz) is."),
        ("'Leaves widen in May", "'Leaves widen in May.'"),
        ("'Leaves' widen in May", "'Leaves' widen in May."),
        ("'Tis rock 'n' roll of the '90s", "'Tis rock 'n' roll of the '90s."),
        ("Leaves widen (see", "Leaves widen."),
        ("[ Leaves ] widen;.", "[Leaves] widen."),
        ("Leaves – . widen", "Leaves –. widen."),
        ('She said "leaves" "widen', 'She said "leaves" "widen."'),
        ("Leaves (a) and (Fig. 2) widen [3]", "Leaves (a) and widen [3]."),
        ("“Leaves widen in May?”", "“Leaves widen in May?”"),
        ("a `code` of _it_ and **all** of it", "A code of it and all of it."),
        ("She left , he stayed ; both : why ?", "She left, he stayed; both: why?"),
        ("(Fig. 2A)", ""),
        ("***", ""),
        (";", ""),
        ("", ""),
    ],
)
def test_present(sentence: str, shown: str) -> None:
    assert present(sentence) == shown


CASED = Manner(lower=False)


@pytest.mark.parametrize(
    "sentence",
    [
        "<ship> stands for the name of the ship.",
        "file_name.py holds the names.",
        "file_names hold both (a, b) and _c_d.",
        "--option takes a number.",
        "-v says more.",
        "jq reads a stream of values.",
        "owl --hunt needs a barn.",
        "/etc/hosts lists the hosts.",
        "./run.sh starts it.",
        "~/notes is read last.",
        "$HOME is read first.",
        "@ada wrote it.",
        ":wq leaves the editor.",
        ".bashrc is read at each start.",
        "mRNA rose.",
        "iPhone sales fell.",
        "pH 7 was kept.",
        "x = 3 in all of them.",
        "p < 0.05 in all of them.",
        "a = b holds.",
        'main() calls list[2] and prints "[]".',
        "__init__ is called first, then __call__.",
        "The list ship[0] holds the first.",
        "Press [Ctrl] and then [3] to go on.",
        'The clause reads "the buyer [2] pays".',
        "The terms of clause (3) are those of paragraph (2).",
        "It evaluates to -, and the program reads from -.",
        "The negative (-) and the positive (+) pole of A (or B) were hot.",
        "The interval [0, 1) has no last point, and (0, 1] has no first.",
        "A block begins with { and ends with }.",
        "Copy *.py, *.md and 2*3*4 files.",
        "It links to libc.so.6.",
        "He painted it (Paris, 1968) in a year.",
        'The pipe is 5" wide and 6\' 2" long.',
        "A share of −3 % at >5 °C, ≤½ and n=12.",
        "The quota (2019–) rose.",
        "The link table[0](3) is called.",
    ],
)
def test_what_a_cased_text_says_stays(sentence: str) -> None:
    assert present(sentence, shown_as=CASED) == sentence.replace("3 %", "3%").replace("n=12", "n = 12")


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("However, the ship sank.", "The ship sank."),
        ("However, file_name.py is read.", "file_name.py is read."),
        ("However, --force is refused by it.", "However, --force is refused by it."),
        ("- two pumps were replaced", "two pumps were replaced."),
        ("`git log` shows `__init__` and `list[2]`, `*` too.", "git log shows __init__ and list[2], * too."),
        ("Each court shall—", "Each court shall."),
        ("Pocket published it in 1980.*", "Pocket published it in 1980."),
        ("The council said, “It closed.”†", "The council said, “It closed.”"),
        ("It takes a char*", "It takes a char*."),
        ("The film has two stars. **", "The film has two stars. **."),
        ('He said, "It is May.', 'He said, "It is May."'),
        ('It hangs on every gate."', '"It hangs on every gate."'),
        ('It says " this is a quay ", and goes on', 'It says " this is a quay ", and goes on.'),
        ('well, or " into the quay " for that', 'well, or " into the quay " for that.'),
        ("He said, “It is May", "He said, “It is May.”"),
        ("« Il pleut. » dit-il.", "« Il pleut. » dit-il."),
        ("Sie sagte: „Es regnet“ und ging.", "Sie sagte: „Es regnet“ und ging."),
    ],
)
def test_what_goes_from_a_cased_text(sentence: str, shown: str) -> None:
    assert present(sentence, shown_as=CASED) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            'He laid it down, "but it says June. Nobody can read. It is May!" He left.',
            ['He laid it down, "but it says June."', '"Nobody can read."', '"It is May!"', "He left."],
        ),
        ("“One. Two.\n\n“Three. Four.” He left.", ["“One.”", "“Two.”", "“Three.”", "“Four.”", "He left."]),
        ("“One. Two.\n\nHe left. He came.", ["“One.”", "Two.", "He left.", "He came."]),
        ("‘I know. You don’t.’ He left. It wasn’t so.", ["‘I know.’", "‘You don’t.’", "He left.", "It wasn’t so."]),
        ('A 5" pipe broke. It was old. A 6" pipe held.', ['A 5" pipe broke.', "It was old.", 'A 6" pipe held.']),
    ],
)
def test_a_quotation_keeps_its_marks_in_each_of_its_sentences(text: str, shown: list[str]) -> None:
    source = read_source(text, Tokenizer.train([text], 20))
    assert [source.shown(number) for number in range(len(source.sentences))] == shown


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


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("       It opens a connec‐\n       tion to the host.", "It opens a connection to the host."),
        ("       It is a well‐\n       known port.", "It is a well‐known port."),
        ("It is non‐\nempty. A non‐empty file is read.", "It is non‐empty."),
        ("It opens a connec\u00ad\ntion to the host.", "It opens a connection to the host."),
        ("It opens a connec-\ntion. The connection is closed.", "It opens a connection."),
        ("It opens a connec- \r\ntion. The Connection is closed.", "It opens a connection."),
        ("It opens a connec-\ntion to the host.", "It opens a connec-tion to the host."),
        ("It is a well-\nknown port.", "It is a well-known port."),
        ("It was a re-\ncover of it. We recover by a re-cover.", "It was a re-cover of it."),
        ("It is kept from 1990-\n1995 there.", "It is kept from 1990-1995 there."),
        ("It is an Anglo-\nSaxon wall.", "It is an Anglo-Saxon wall."),
        ("It has two-\nand three-storey parts.", "It has two- and three-storey parts."),
        ("It is 5 -\n3 of them.", "It is 5 - 3 of them."),
        ("It has day-\nto-day use.", "It has day-to-day use."),
    ],
)
def test_words_that_the_end_of_a_line_divides(text: str, shown: str) -> None:
    tokenizer = Tokenizer.train([text], 20)
    assert read_source(text, tokenizer).shown(0) == shown


@pytest.mark.parametrize("text", ["a" * 300_000 + "-\nb", "a-\n" * 100_000 + "b", "a-" + " " * 300_000 + "b\nc"])
def test_many_hyphens_are_soon_read(text: str) -> None:
    present(text)  # in time


@pytest.mark.parametrize("text", ["The ratio was 3 : 1 in June.", "It begins at 10 : 30 on Monday."])
def test_ratios_keep_their_spaces(text: str) -> None:
    assert present(text) == text


def test_the_heading_of_a_statutes_paragraph_is_not_shown_before_its_sentence() -> None:
    assert present("(1) Presiding judge.-- The term means a judge.") == "The term means a judge."
    assert present("(a) In general.—The council shall act.") == "The council shall act."
    assert present("(A) close the quay; and") == "(A) close the quay."
    assert present("(A) In general.--") == "(A) In general."
    assert present("The judge said (2) No.-- The term stays.") == "The judge said (2) No.-- The term stays."
