"""Who says each sentence, and when."""

from __future__ import annotations

import pytest

from fastsum.text.english import rules as english
from fastsum.text.sentences import Kind
from fastsum.text.turns import NO_TURNS, read_turns, sentences_of

WALL = "The wall is a third cheaper than last year."
LATE = "I think that it will be late."


def prose(text: str) -> list[tuple[str, str, str]]:
    """What a summary may have: for each sentence its label, its time and its words."""
    sentences, turns, readable = sentences_of(text, english)
    assert len(readable) == len(text)
    found = []
    for start, end, kind in sentences:
        turn = turns.at(start)
        if kind is Kind.PROSE:
            words = " ".join(readable[start:end].split())
            found.append((turns.label(start).removesuffix(": "), turn.time if turn else "", words))
    return found


TALKS = {
    "names": (f"Ada: {WALL}\nBen: Yeah.\nAda: Who pays?\nBen: {LATE}", ["", "", ""]),
    "capitals": (f"ADA: {WALL}\n\nBEN: Right, right.\n\nADA: Who pays?\n\nBEN: {LATE}", ["", "", ""]),
    "Markdown": (
        f"**Ada:** {WALL}\n\n**Ben:** \\[00:41\\] Yeah.\n\n**Ada:** Who pays?\n\n**Ben:** \\[01:03\\] {LATE}",
        ["", "", "01:03"],
    ),
    "Otter": (
        f"Ada  0:02\n{WALL}\n\nBen  0:41\nYeah.\n\nAda  0:44\nWho pays?\n\nBen  1:03\n{LATE}",
        ["0:02", "0:44", "1:03"],
    ),
    "Zoom": (
        f"[Ada] 09:15:02\n{WALL}\n\n[Ben] 09:15:40\nOkay.\n\n[Ada] 09:16:01\nWho pays?\n\n[Ben] 09:17:00\n{LATE}",
        ["09:15:02", "09:16:01", "09:17:00"],
    ),
    "Teams": (
        f"0:0:0.0 --> 0:0:6.2\nAda\n{WALL}\n0:0:7.0 --> 0:0:8.1\nAda\nWho pays?\n0:0:9.5 --> 0:0:12.0\nBen\n{LATE}",
        ["0:0:0.0", "0:0:7.0", "0:0:9.5"],
    ),
    "times first": (
        f"[00:00:02] Ada: {WALL}\n[00:00:40] Ada: Who pays?\n[00:01:02] Ben: {LATE}",
        ["00:00:02", "00:00:40", "00:01:02"],
    ),
    "IRC": (
        "2026-03-03 09:12:44 --> dan (~dan@example.org) has joined #quay\n"
        f"2026-03-03 09:12:50 <Ada> {WALL[:-1]}\n2026-03-03 09:13:20 <Ada> Who pays\n"
        f"2026-03-03 09:14:02 <Ben> {LATE[:-1]}\n"
        "2026-03-03 09:16:00 <-- dan (~dan@example.org) has quit (Ping timeout: 240 seconds)",
        ["2026-03-03 09:12:50", "2026-03-03 09:13:20", "2026-03-03 09:14:02"],
    ),
    "WhatsApp": (
        "[02.03.26, 09:14:00] Quay: Messages and calls are end-to-end encrypted.\n"
        f"[02.03.26, 09:15:01] Ada: {WALL}\n[02.03.26, 09:15:40] Ada: Who pays?\n"
        f"[02.03.26, 09:16:00] Ben: image omitted\n[02.03.26, 09:16:02] Ben: {LATE}",
        ["02.03.26, 09:15:01", "02.03.26, 09:15:40", "02.03.26, 09:16:02"],
    ),
    "WhatsApp on Android": (
        "3/2/26, 9:14 AM - Ada added Ben\n"
        f"3/2/26, 9:15 AM - Ada: {WALL}\n3/2/26, 9:15 AM - Ada: Who pays?\n3/2/26, 9:16 AM - Ben: {LATE}",
        ["3/2/26, 9:15 AM", "3/2/26, 9:15 AM", "3/2/26, 9:16 AM"],
    ),
    "Slack": (
        f"Ada  9:15 AM\n{WALL}\n9:16\nWho pays?\nBen  9:20 AM\n{LATE}\nAda  9:21 AM\ngreat",
        ["9:15 AM", "9:16", "9:20 AM"],
    ),
}


@pytest.mark.parametrize("name", TALKS)
def test_talk_of_every_form_is_the_same(name: str) -> None:
    text, times = TALKS[name]
    found = [(who.title(), when, words.rstrip(".?")) for who, when, words in prose(text)]
    said = [("Ada", WALL), ("Ada", "Who pays?"), ("Ben", LATE)]
    assert found == [(who, when, words.rstrip(".?")) for (who, words), when in zip(said, times, strict=True)]


def test_testimony() -> None:
    text = (
        "    Q.  Where were you on Monday?\n    A.  I was on the quay, counting the boats that\nhad come in.\n"
        "MR. EXAMPLE:  Objection, he has not said that.\n    Q.  Did you see the wall fall?\n    A.  It fell at nine."
    )
    assert [found[0] for found in prose(text)] == ["Q", "A", "MR. EXAMPLE", "Q", "A"]
    assert prose(text)[1][2] == "I was on the quay, counting the boats that had come in."


def test_who_else_speaks_in_testimony_is_named() -> None:
    text = "Q: Who paid for it?\nA: The county did.\nChair: Thank you both.\nQ: When was it built?\nA: It was in 1998."
    assert [found[0] for found in prose(text)] == ["Q", "A", "Chair", "Q", "A"]


def test_testimony_with_numbered_lines_loses_them_and_keeps_its_own_numbers() -> None:
    text = (
        " 1   BY MR. EXAMPLE:\n 2        Q.   Did you see the ship when it came into the\n 3   harbour on Monday?\n"
        " 4        A    I saw it from the quay, and I counted its\n12 boats.\n"
        " 5             THE COURT:  You may go on.\n 6        Q    Who was with you?\n 7        A    Nobody was there."
    )
    assert prose(text) == [
        ("Q", "", "Did you see the ship when it came into the harbour on Monday?"),
        ("A", "", "I saw it from the quay, and I counted its 12 boats."),
        ("THE COURT", "", "You may go on."),
        ("Q", "", "Who was with you?"),
        ("A", "", "Nobody was there."),
    ]


def test_a_question_and_its_answer_are_talk() -> None:
    assert prose(f"Ada: Who pays?\nBen: {LATE}") == [("Ada", "", "Who pays?"), ("Ben", "", LATE)]
    assert [found[0] for found in prose(f"Ada: Who pays?\n\nBen: You do.\n\nCem: {LATE}")] == ["Ada", "Ben", "Cem"]


def test_a_label_with_a_time_among_others_without_ends_a_turn() -> None:
    text = f"Ada: {WALL}\nBen: Who pays?\nAda: You do.\nBen: I will not.\n[0:41] Ada: {LATE}"
    assert prose(text)[-1] == ("Ada", "0:41", LATE)


def test_lines_of_a_message_are_not_joined_but_where_it_was_wrapped() -> None:
    long = "The harbour board voted to close the quay until the wall is"
    text = (
        f"[02.03.26, 09:15:01] Ada: For the trip\nbring two lamps\nBen brings the tea\n{long}\nfinished in June.\n"
        f"[02.03.26, 09:16:01] Ben: {LATE}"
    )
    assert [found[2] for found in prose(text)] == [
        "For the trip",
        "bring two lamps",
        "Ben brings the tea",
        f"{long} finished in June.",
        LATE,
    ]


def test_marks_of_direction_and_fields_within_messages_of_whatsapp() -> None:
    mark = "\u200e"
    text = (
        f"[07/09/2026, 3:54:12\u202fPM] Ada: {WALL}\nName: Cem Sample\nPhone: 12345\n"
        f"{mark}[07/09/2026, 4:20:00\u202fPM] Ada: {mark}<attached: 0001-PHOTO.jpg>\n"
        f"{mark}[07/09/2026, 4:20:10\u202fPM] Ben: {mark}{LATE} {mark}<This message was edited>\nName: Dan Sample\n"
        "Phone: 12345"
    ).replace("\u202f", " ")
    found = prose(text)
    assert {who for who, _, _ in found} == {"Ada", "Ben"}
    assert found[0] == ("Ada", "07/09/2026, 3:54:12 PM", WALL)
    assert ("Ben", "07/09/2026, 4:20:10 PM", LATE) in found


def test_what_follows_lines_of_a_chat_in_an_article_is_nobodys() -> None:
    text = (
        f"Some advice on channels.\n\n[16:00] <Ada> {WALL}\n[16:01] <Ben> Who pays for it, and\n              when?\n\n"
        f"The moral is that nobody knows.\n\n[16:02] <Ada> {LATE}\n\nThis is the end of it."
    )
    assert [(who, words) for who, _, words in prose(text)] == [
        ("", "Some advice on channels."),
        ("Ada", WALL),
        ("Ben", "Who pays for it, and when?"),
        ("", "The moral is that nobody knows."),
        ("Ada", LATE),
        ("", "This is the end of it."),
    ]


def test_what_stands_between_the_speeches_of_a_film_is_nobodys() -> None:
    text = (
        "INT. HARBOUR - DAY\n\nAda sees the boats.\n\n   ADA\n They will close the quay, I hear.\n\nBen sits down.\n\n"
        "   BEN\n I told you so.\n\n   ADA\n You told me nothing.\n\nBen looks up.\n\n   BEN\n Somebody had to do it."
    )
    assert [found[0] for found in prose(text)] == ["", "ADA", "", "BEN", "ADA", "", "BEN"]


def test_what_follows_an_interview_is_nobodys_and_a_second_paragraph_of_an_answer_is_its_speakers() -> None:
    talk = f"**Ada:** Who pays?\n\n**Ben:** {LATE}\n\n**Ada:** Who else?\n\n**Ben:** You do.\n\n"
    assert prose(f"{talk}Ben Sample leads the board.")[-1] == ("", "", "Ben Sample leads the board.")
    long = talk.replace(f"{LATE}\n\n", f"{LATE}\n\nNobody has a plan.\n\n")
    assert ("Ben", "", "Nobody has a plan.") in prose(f"{long}We know the rest.")


def test_what_nobody_is_named_for_has_no_speaker() -> None:
    text = f"[00:00:02] Ada: {WALL}\n\n[00:00:40] Who pays for it?\n\n[00:01:02] Ben: {LATE}\n\n[00:01:09] Ada: We do."
    assert [found[:2] for found in prose(text)] == [
        ("Ada", "00:00:02"),
        ("", "00:00:40"),
        ("Ben", "00:01:02"),
        ("Ada", "00:01:09"),
    ]


def test_who_speaks_alone_is_not_named_before_each_sentence() -> None:
    text = f"Ada  0:02\n{WALL}\n\nAda  0:41\nThe board votes on Friday."
    turns, _ = read_turns(text, english)
    assert {turn.speaker for turn in turns.turns} == {"Ada"}
    assert [found[0] for found in prose(text)] == ["", ""]


def test_times_and_noises_within_a_turn_go_and_what_was_not_understood_stays() -> None:
    text = f"Ada: It costs [inaudible] million [00:41] a year [laughter].\nBen: {LATE}\nAda: Who pays?\nBen: You do."
    assert prose(text)[0][2] == "It costs [inaudible] million a year ."


def test_lines_of_a_chat_without_a_full_stop_are_no_headings() -> None:
    text = "[02.03.26, 09:15:01] Ada: the quay closes\n[02.03.26, 09:15:40] Ben: nobody told us"
    assert [found[2] for found in prose(text)] == ["the quay closes", "nobody told us"]


@pytest.mark.parametrize(
    "text",
    [
        "Note: The wall is old. We know it.\n\nResult: It goes.\n\nNote: We did not see it.\n\nExample: A wall fell.",
        "Name: Ada\nPost: Chair. I lead it.\nTown: Port\n\nName: Ben\nPost: Clerk. Can you help?\nTown: Port\n\n"
        "Name: Cem\nPost: Member. We vote.\nTown: Port",
        "9:00 Registration\n9:30 Opening: the mayor speaks to you\n10:15 Report: what does it cost us?\n"
        "11:15 Report: who pays?",
        "06:10 The wave came over the wall.\n\n06:45 Ada called the fire brigade.\n\n07:30 The quay was closed.",
        "John 3:16\nFor we are here.\n\nJohn 4:1\nYou said it.\n\nJohn 4:2\nWe did.",
        "Background: We do not know.\nMethods: We asked you.\nResults: It fell.\nBackground: We ask.\nMethods: We ask.",
        "# Plan\n\nStep 1: Ask.\n\nStep 2: Do you pay?\n\nStep 1: Ask again, if you must.\n\nStep 2: Pay.",
        "HTTP: the way we fetch.\nSMTP: the way we send.\n\n" + "The wall is old and we know it. " * 300,
        "On the third of May 1812 he wrote:\n\nMy dear Ada, the wall is down.\n\n> No more.",
        "> A wall is a wall.\n\nSo says the book of walls, which we read.",
        "2026-03-03 09:12:44 INFO: Started\n2026-03-03 09:12:50 ERROR: No wall\n2026-03-03 09:12:58 INFO: Ended",
        "1 We walk to the wall, and you count the boats\n2 in the harbour.\n3 Do you see it?\n4 We go home.",
        "Cheap: You save on the wall.\nDear: You pay for it.",
        "<p> We are here. </p>\n<p> You are there. </p>\n<li> Who is it? </li>",
        "",
    ],
)
def test_other_documents_have_no_turns(text: str) -> None:
    turns, readable = read_turns(text, english)
    assert turns is NO_TURNS
    assert readable is text


PLAY = (
    "ADA.\n\n[_Going to the door._] Who is there? I heard you come.\n\nBEN.\n\nIt is me, and you know it.\n\n"
    "[_He comes in, and sits down\nbeside her._]\n\nADA.\n\nYou are late! [_Rising._] Where were you?\n\nBEN.\n\n"
    "I was at the quay, where they close the wall.\n\n"
)


def test_of_a_play_directions_are_nobodys_and_names_have_no_stop() -> None:
    said = [(speaker, words) for speaker, _, words in prose(f"{PLAY}II.\n\nThe scene is the quay by night.\n\n{PLAY}")]
    assert ("ADA", "Who is there?") in said
    assert ("BEN", "It is me, and you know it.") in said
    assert ("ADA", "Where were you?") in said
    assert {speaker for speaker, words in said if words.startswith(("[", "The scene"))} == {""}


def test_the_writer_of_letters_does_not_speak() -> None:
    letter = "I have your letter, and I thank you for it.\n\nYours,\n\nBEETHOVEN.\n\nThe next was written in May.\n\n"
    assert {speaker for speaker, _, _ in prose(letter * 6)} == {""}


def test_a_log_of_a_day_on_which_nobody_spoke_has_no_words() -> None:
    log = (
        "2019-08-23T00:43:07  *** ada <ada!~ada@192.0.2.7> has joined #quay\n"
        "2019-08-23T01:56:38  *** ben is now known as ben_away\n"
        "2019-08-23T01:58:01  *** ada <ada!~ada@192.0.2.7> has quit IRC (Quit: Leaving)\n"
    )
    sentences, turns, _ = sentences_of(log, english)
    assert sentences
    assert all(one.kind is Kind.BOILERPLATE and turns.hides(one.start) for one in sentences)


def test_the_only_one_who_spoke_on_a_day_is_read() -> None:
    events = "".join(f"2018-09-20T10:0{minute}:18 * ada joined the channel\n" for minute in range(6))
    log = f"{events}2018-09-20T18:50:35 <ben> The quay is shut for the year.\n2018-09-20T22:17:00 * cem has quit\n"
    assert [(time, words) for _, time, words in prose(log)] == [
        ("2018-09-20T18:50:35", "The quay is shut for the year.")
    ]


def test_headers_without_a_message_have_no_words() -> None:
    sentences, turns, _ = sentences_of("From: Ada <ada@example.org>\nTo: Ben\nSubject: The quay\n", english)
    assert sentences
    assert all(turns.hides(one.start) for one in sentences)
