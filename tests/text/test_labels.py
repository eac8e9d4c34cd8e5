"""What stands before the words of a turn."""

from __future__ import annotations

import pytest

from fastsum.text.labels import Form, label_of


@pytest.mark.parametrize(
    ("line", "form", "speaker", "time", "words"),
    [
        ("Ada: Welcome.", Form.NAMED, "Ada", "", "Welcome."),
        ("ADA EXAMPLE: Welcome.", Form.NAMED, "ADA EXAMPLE", "", "Welcome."),
        ("**Ada**: Welcome.", Form.NAMED, "Ada", "", "Welcome."),
        ("**Ada van der Berg:** Welcome.", Form.NAMED, "Ada van der Berg", "", "Welcome."),
        ("Ada Example (Port Example): Welcome.", Form.NAMED, "Ada Example", "", "Welcome."),
        ("Speaker 2: Welcome.", Form.NAMED, "Speaker 2", "", "Welcome."),
        ("<ada> welcome", Form.NAMED, "ada", "", "welcome"),
        ("**Ben:** \\[00:41\\] Yeah.", Form.TIMED, "Ben", "00:41", "Yeah."),
        ("Ada Example [00:41]: Welcome.", Form.TIMED, "Ada Example", "00:41", "Welcome."),
        ("[00:01:02] Ada: Welcome.", Form.TIMED, "Ada", "00:01:02", "Welcome."),
        ("Ada Example  0:41", Form.TIMED, "Ada Example", "0:41", ""),
        ("Ada Example  9:15 AM", Form.TIMED, "Ada Example", "9:15 AM", ""),
        ("[Ada Example] 09:15:02", Form.TIMED, "Ada Example", "09:15:02", ""),
        ("09:15:02 From Ada Example to Everyone: Welcome", Form.TIME, "", "09:15:02", None),
        ("2026-03-03 09:12:50 <@ada> welcome", Form.DATED, "ada", "2026-03-03 09:12:50", "welcome"),
        ("[02-03-26 09:15:01] Ada: Welcome", Form.DATED, "Ada", "02-03-26 09:15:01", "Welcome"),
        ("2026/03/02, 09:15 - Ada: Welcome", Form.DATED, "Ada", "2026/03/02, 09:15", "Welcome"),
        ("03/02/2026, 09:15 a. m. - Ada: Welcome", Form.DATED, "Ada", "03/02/2026, 09:15 a. m.", "Welcome"),
        ("[02.03.26, 09:15:01] Ada: Welcome", Form.DATED, "Ada", "02.03.26, 09:15:01", "Welcome"),
        ("3/2/26, 9:15 AM - +44 7700 900123: Hello", Form.DATED, "+44 7700 900123", "3/2/26, 9:15 AM", "Hello"),
        ("[00:01:02] The wall is new.", Form.TIME, "", "00:01:02", "The wall is new."),
        ("0:0:6.560 --> 0:0:9.120", Form.TIME_ALONE, "", "0:0:6.560", ""),
        ("    Q.  Where were you?", Form.TESTIMONY, "Q", "", "Where were you?"),
        ("     A    In June.", Form.TESTIMONY, "A", "", "In June."),
        ("                 ADA (V.O.)", Form.CUE, "ADA", "", ""),
        ("Ada Example -- Chief Executive Officer", Form.CUE, "Ada Example", "", ""),
        ("MRS. EXAMPLE [aside]. He is late.", Form.STAGE, "MRS. EXAMPLE", "", "He is late."),
    ],
)
def test_forms(line: str, form: Form, speaker: str, time: str, words: str | None) -> None:
    label = label_of(line)
    assert label is not None
    assert (label.form, label.speaker, label.time) == (form, speaker, time)
    assert words is None or line[label.end :] == words


@pytest.mark.parametrize(
    "line",
    [
        "",
        "The wall costs two million, and the board is for it.",
        "He said: no",
        "A wall is new",
        "The result was this: we lost",
        "http://example.org",
        "“We lost,” he said: nobody came.",
        "- [ ] not done",
    ],
)
def test_other_lines_have_none(line: str) -> None:
    assert label_of(line) is None


@pytest.mark.parametrize(
    "line", ["a" * 100_000, "A " * 50_000, "Ada " * 3 + " " * 100_000, "[" * 50_000, "*" * 100_000]
)
def test_a_long_line_is_soon_read(line: str) -> None:
    label_of(line)  # in time: only its beginning is looked at
