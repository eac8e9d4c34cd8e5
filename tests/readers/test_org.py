"""Org mode as it is exported."""

from __future__ import annotations

import pytest

from fastsum.readers.org import read

NOTES = """#+TITLE: Harbour notes
#+OPTIONS: toc:nil
* TODO [#A] Close the quay [1/2]                                      :wall:board:
  DEADLINE: <2026-06-01 Mon>
  :PROPERTIES:
  :ID:       5f0c2f6e
  :END:
The board voted.
** DONE Ask
   CLOSED: [2026-03-03 Tue 09:12]
- [ ] One
  goes on.
- Term :: What it is.
| Basin | Depth |
|-------+-------|
| North |     4 |
#+BEGIN_SRC sh
harbour book
#+END_SRC
#+begin_quote
A quotation.
#+end_quote
# a comment
: fixed
* COMMENT Not this
Hidden.
* Nor this :noexport:
** At all
Hidden.
* Last
Seen.
"""


def test_notes_are_read_as_they_are_exported() -> None:
    reading = read(NOTES.encode())
    assert reading.title == "Harbour notes"
    assert reading.text.split("\n\n") == [
        "# Harbour notes",
        "## Close the quay",
        "The board voted.",
        "### Ask",
        "- One goes on.",
        "- Term – What it is.",
        "A quotation.",
        "## Last",
        "Seen.",
    ]
    assert {part.what for part in reading.left_out} == {"tables", "code", "comments"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "*bold*, /it/, _under_, =code= and ~verbatim~; a_b, 2*3*4, and/or",
            "bold, it, under, `code` and `verbatim`; a_b, 2*3*4, and/or",
        ),
        ("[[https://example.org][the site]], [[https://a.b]] and [[file:a.png]]", "the site, https://a.b and"),
        ("It is due <2026-06-01 Mon 10:00>, not [2026-05-01 Fri].", "It is due 2026-06-01 10:00, not 2026-05-01."),
        ("10^{6} in H_{2}O, \\alpha and \\(x^2\\)[fn:1].", "10^6 in H2O, α and x^2."),
        ("Here [33%] \\alpha [33%] stays, and {{{kbd(C-x)}}}.", "Here [33%] α [33%] stays, and C-x."),
        ("It is +not+ now, a+b+c and 3 \\minus 2.", "It is now, a+b+c and 3 − 2."),
        ("[fn:1] A note\nthat goes on.\n* Next\nText.", "# Next\n\nText."),
        ("One---two -- three", "One—two – three"),
    ],
)
def test_marks_within_lines(text: str, shown: str) -> None:
    assert read(text.encode()).text == shown
