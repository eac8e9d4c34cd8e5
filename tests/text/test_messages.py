"""Mail as text: whose words are whose, and which are nobody's."""

from __future__ import annotations

import pytest

from fastsum.text.english import rules as english
from fastsum.text.messages import lines_left_out, name_of, read_messages
from fastsum.text.sentences import Kind
from fastsum.text.turns import sentences_of

HEAD = (
    "From: Ada Example <ada@example.org>\nTo: board@example.org\n"
    "Date: Tue, 3 Mar 2026 09:12:44 +0100\nSubject: Re: quay\n\n"
)
OUTLOOK = "From: Ben Sample\nSent: Monday, March 2, 2026 5:40 PM\nTo: Ada Example\nSubject: The wall\n\n"
TAKE, DOUBT = "I think that we should take the offer.", "I am not sure about the wall."


def prose(text: str) -> list[tuple[str, str]]:
    """What a summary may have: for each sentence its label and its words."""
    sentences, turns, readable = sentences_of(text, english)
    return [
        (turns.label(start).removesuffix(": "), " ".join(readable[start:end].split()))
        for start, end, kind in sentences
        if kind is Kind.PROSE
    ]


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}Dear Ben,\n\n{TAKE}\n\nBest regards,\nAda Example\nChair of the board\n+44 20 7946 0000\n",
        f"{HEAD}Ben,\n\n{TAKE}\n\n-- \nAda Example\n1 Quay Street\n",
        f"{HEAD}{TAKE}\n\nOn Mon, 2 Mar 2026 at 17:40, Ben <ben@example.org> wrote:\n> {DOUBT}\n>> Have you read it?\n",
        f"{HEAD}Ben writes:\n\n> {DOUBT}\n\n{TAKE}\n\nAda\n____________________\nquay list\nhttps://example.org/l\n",
        f"{HEAD}{TAKE}\n\nThis e-mail is confidential. If you are not the intended recipient, delete it.\n",
        f"{HEAD}{TAKE}\n\nSent from my telephone\n",
        f"{TAKE}\n\nOn Mon, Mar 2, 2026 at 5:40 PM Ben Sample <ben@example.org>\nwrote:\n\n> {DOUBT}\n",
        f"**From:** Ada Example\n**Sent:** Tuesday\n**To:** The board\n**Subject:** q\n\nAll,\n\n{TAKE}\n\nThanks\n",
        f"MEMORANDUM\n\nTO: The board\nFROM: The clerk\nDATE: 2 March 2026\nSUBJECT: The wall\n\n{TAKE}\n",
    ],
    ids=["closing", "signature", "top-posted", "bottom-posted", "disclaimer", "telephone", "Gmail", "Markdown", "memo"],
)
def test_of_one_letter_its_words_are_read(text: str) -> None:
    assert prose(text) == [("", TAKE)]


def test_letters_below_one_another_have_their_writers() -> None:
    thread = f"{HEAD}{TAKE}\n\nRegards\nAda\n\n-----Original Message-----\n{OUTLOOK}Dear Ada,\n\n{DOUBT}\n\nBen\n"
    assert prose(thread) == [("Ada Example", TAKE), ("Ben Sample", DOUBT)]
    assert prose(f"Please see below.\n\n---------- Forwarded message ---------\n{OUTLOOK}{DOUBT}\n") == [
        ("", "Please see below."),
        ("Ben Sample", DOUBT),
    ]


def test_answers_between_quotations_are_their_writers() -> None:
    text = f"{HEAD}> {DOUBT}\n\nThe last one was late.\n\n> Who pays?\n\nThe state does.\n"
    assert [words for _, words in prose(text)] == ["The last one was late.", "The state does."]


def test_a_letter_that_only_quotes_is_read() -> None:
    assert prose(f"{HEAD}> {DOUBT}\n> The last contractor\n> took twice as long.\n")[0] == ("", DOUBT)


def test_quotations_of_other_documents_stay() -> None:
    text = f"The clerk said:\n\n> {DOUBT}\n\nNobody knows why he said so."
    assert [words for _, words in prose(text)][-2:] == [f"> {DOUBT}", "Nobody knows why he said so."]


def test_lines_that_do_not_count_are_told_by_kind() -> None:
    text = "From: Ada <ada@example.org>\nDate: 2 Mar 2026\nSubject: Quay\n\nHello Ben,\n\n> Is the quay closed?\n\n"
    text += "It is closed from Friday on.\n\n-- \nAda Example\n"
    assert lines_left_out(text, english) == {
        "quoted lines of mail": ["> Is the quay closed?"],
        "greetings, signatures and notices of mail": ["Hello Ben,", "-- ", "Ada Example"],
    }
    assert lines_left_out("Ada said: the quay is closed.\n\n> a quotation\n", english) == {}


@pytest.mark.parametrize(
    "writer", ["ada at example.org (Ada Example)", "ada@example.org (Ada Example)", "Ada Example <ada@example.org>"]
)
def test_the_writer_is_the_name_beside_the_address(writer: str) -> None:
    text = f"From {writer}\n\nFrom: {writer}\nDate: 2 Mar 2026\nSubject: Quay\n\nIt is closed from Friday on.\n"
    mail = read_messages(text, text.split("\n"), english)
    assert mail is not None
    assert [message.writer for message in mail.messages] == ["Ada Example"]


def test_of_a_letter_that_only_greets_the_greeting_is_read() -> None:
    text = "From: Ada <ada@example.org>\nDate: 2 Mar 2026\nSubject: Quay\n\nHello Ben,\n\n-- \nAda Example\n"
    mail = read_messages(text, text.split("\n"), english)
    assert mail is not None
    assert 4 not in mail.apparatus
    assert 7 in mail.apparatus


def test_a_writer_whose_name_is_the_address_is_named_once() -> None:
    assert name_of('"ada@example.org" <ada@example.org>') == "ada@example.org"
    assert name_of('"Ada Field (harbour)" <ada@example.org>') == "Ada Field (harbour)"
    assert name_of("[mailto:ada@example.org]") == "ada@example.org"
