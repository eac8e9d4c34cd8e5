"""Text without stops in pieces that a reader can follow."""

from __future__ import annotations

import pytest

from fastsum.text.sentences import lacks_stops, sentences

TALK = (
    "so today we talk about the wall on the eastern quay which will cost two million and close the quay for five "
    "months and um the boats will use the northern basin from june and nobody pays fees until the wall is finished "
    "but the board has not voted yet because the clerk was ill and we will know more on friday when she is at her "
    "desk well the rest of it can wait until the meeting and then you can all ask what you want to know about the wall"
)


def wrapped(text: str, width: int) -> str:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


@pytest.mark.parametrize("text", [TALK, TALK.upper(), wrapped(TALK, 40), wrapped(TALK, 72), f"{TALK}."])
def test_speech_without_stops_is_cut_where_clauses_begin(text: str) -> None:
    parts = [text[start:end].lower().split() for start, end, _ in sentences(text)]
    assert all(10 <= len(part) <= 30 for part in parts)
    assert {part[0] for part in parts} <= {"so", "and", "but", "because", "well"}
    assert lacks_stops(text)


def test_without_clauses_length_decides() -> None:
    text = "wall quay boat basin " * 50
    assert {len(text[start:end].split()) for start, end, _ in sentences(text)} <= set(range(5, 31))


@pytest.mark.parametrize(
    "text",
    [
        "The board voted, and the wall will be built because it is needed. " * 8,
        "wall and quay\n\n" * 60,
        "The board shall\n\n"
        + "".join(
            f"({n}) pay {n} boats, in a year in which the quay is closed, {'the fee of a berth, ' * 9}and more;\n"
            for n in range(20)
        ),
        "The buyer may end this agreement " + "and the seller may keep what was paid " * 10 + "then. It ends.",
        "",
    ],
)
def test_text_that_has_stops_or_no_paragraphs(text: str) -> None:
    assert not lacks_stops(text)
