"""Captions: cues joined to sentences, with voices and times."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastsum.errors import FastsumError
from fastsum.readers.captions import read
from fastsum.readers.documents import read_document


def vtt(*cues: tuple[float, float, str], head: str = "WEBVTT\n") -> bytes:
    """A WebVTT file of cues: seconds at which they begin and end, and their text."""
    times = [
        (f"{start // 60:02.0f}:{start % 60:06.3f} --> {end // 60:02.0f}:{end % 60:06.3f}", text)
        for start, end, text in cues
    ]
    return "\n\n".join([head, *(f"{time}\n{text}" for time, text in times)]).encode()


def lines(content: bytes) -> list[str]:
    return read(content).text.split("\n\n")


def test_srt_loses_numbers_tags_and_its_cues_are_joined() -> None:
    content = (
        "1\n00:00:01,000 --> 00:00:03,500\nGood evening. The council has voted\n\n"
        "2\n00:00:03,500 --> 00:00:06,000\n<i>to close the quay\nin</i>\n\n2026\n\n"
        "3\n01:00:06,000 --> 01:00:08,200 X1:40 X2:600\n{\\an8}The boats &amp; crews go.\n"
    )
    assert lines(content.encode()) == [
        "[00:00:01] Good evening. The council has voted to close the quay in 2026 The boats & crews go."
    ]


def test_a_sentence_that_begins_with_a_cue_is_a_line_with_its_time() -> None:
    assert lines(vtt((1, 3, "The wall is"), (3, 5, "old."), (5, 7, "It falls."))) == [
        "[00:00:01] The wall is old.",
        "[00:00:05] It falls.",
    ]


def test_hints_go_and_signs_stay() -> None:
    head = "WEBVTT - a talk\n\nNOTE made by hand\n\nSTYLE\n::cue { color: red }\n"
    reading = read(vtt((1, 3, "I think 5 < 6 &lt; 7, and a<b."), head=head))
    assert reading.text == "[00:00:01] I think 5 < 6 < 7, and a<b."
    assert [part.what for part in reading.left_out] == ["notes and styles of captions"]


def test_voices_and_names_are_speakers_and_a_cue_without_one_is_nobodys() -> None:
    cues = [
        (1, 3, "<v Ada Example>Welcome to the</v>"),
        (3, 5, "<v Ada Example>harbour.</v>"),
        (5, 6, "<v.loud Ben>Thanks.</v> <v Ada Example>Who pays?"),
        (6, 8, "The state does."),
        (8, 9, "BEN: I do not."),
    ]
    assert lines(vtt(*cues)) == [
        "[00:00:01] Ada Example: Welcome to the harbour.",
        "[00:00:05] Ben: Thanks.",
        "[00:00:05] Ada Example: Who pays?",
        "[00:00:06] The state does.",
        "[00:00:08] BEN: I do not.",
    ]


def test_a_name_in_every_cue_of_a_sentence_stands_once() -> None:
    assert lines(vtt((1, 3, "Ada Example: Welcome to the"), (3, 5, "Ada Example: harbour."))) == [
        "[00:00:01] Ada Example: Welcome to the harbour."
    ]


def test_dashes_and_arrows_part_speakers_and_sounds_go() -> None:
    reading = read(vtt((1, 3, "- Who pays?\n- The state."), (3, 4, "[door closes]"), (4, 6, ">> BEN: ♪ Hello ♪")))
    assert reading.text.split("\n\n") == ["[00:00:01] Who pays?", "[00:00:01] The state.", "[00:00:04] BEN: Hello"]
    assert [part.what for part in reading.left_out] == ["descriptions of sounds"]


@pytest.mark.parametrize(
    "cues",
    [
        [
            (0.3, 2.47, " \nwelcome<00:00:00.640><c> to</c><00:00:00.880><c> the</c>"),
            (2.47, 2.48, "welcome to the\n "),
            (2.48, 5.19, "welcome to the\nharbour<00:00:02.720><c> hour</c>"),
            (5.19, 5.2, "harbour hour\n "),
            (5.2, 7.6, "harbour hour\ntoday we<00:00:05.400><c> talk</c>"),
        ],
        [(0.3, 1, "welcome"), (1, 2, "welcome to the harbour"), (2, 3, "welcome to the harbour hour today we talk")],
        [(0.3, 2, "welcome to the\nharbour hour"), (2, 3, "harbour hour\ntoday we talk")],
    ],
    ids=["words light up", "words are added", "lines roll"],
)
def test_rolling_captions_are_read_once(cues: list[tuple[float, float, str]]) -> None:
    assert lines(vtt(*cues)) == ["[00:00:00] welcome to the harbour hour today we talk"]


def test_what_is_said_twice_stays() -> None:
    assert lines(vtt((1, 2, "No."), (4, 5, "No."), (5, 6, "No, that is right."), (6, 7, "That is right."))) == [
        "[00:00:01] No.",
        "[00:00:04] No.",
        "[00:00:05] No, that is right.",
        "[00:00:06] That is right.",
    ]


def test_captions_without_stops_are_parted_at_pauses() -> None:
    cues = [(n, n + 1, f"word{n} and so") for n in range(4)]
    assert lines(vtt(*cues, (9, 10, "after a pause"))) == [
        "[00:00:00] word0 and so word1 and so word2 and so word3 and so",
        "[00:00:09] after a pause",
    ]


def test_sbv_and_a_file_of_cues_without_a_head(tmp_path: Path) -> None:
    path = tmp_path / "talk"
    for content in (b"0:00:01.000,0:00:03.000\nThe wall is old.\n", b"00:01.000 --> 00:03.000\r\nThe wall is old.\r\n"):
        path.write_bytes(content)
        assert read_document(path).text == "[00:00:01] The wall is old."


def test_captions_without_words_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "silence.srt"
    path.write_bytes(b"1\n00:00:01,000 --> 00:00:03,500\n[music]\n")
    with pytest.raises(FastsumError, match="only times"):
        read_document(path)
