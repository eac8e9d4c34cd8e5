"""Man pages as they are shown, in the macros of man and of mdoc."""

from __future__ import annotations

import pytest

from fastsum.readers.blocks import Unreadable
from fastsum.readers.man import read
from fastsum.readers.roff import Roff

PAGE = r""".\" A comment.
.de Sp \" a macro of one's own
.if t .sp .5v
..
.ie n \{\
.    ds -- \(*W-
.\}
.el .ds Aq '
.TH HARBOUR 1 "2026-03-03"
.SH NAME
harbour \- book a place in a basin
.SH SYNOPSIS
.B harbour
[\fB\-\-basin\fR \fINAME\fR]
.SH DESCRIPTION
.B harbour
asks the harbour\(aqs server whether the ship is too deep for the
.I basin\c
\&.
.TP
.BR \-b ", " \-\-basin =\fINAME\fR
The basin\*(Aqs name.
.IP \(bu 2
One.
.IP \-q
Quiet.
.nf
harbour book
.fi
.TS
l l.
a	b
.TE
.if t .B Never on a terminal.
.if n Always on one.
.SS Files
See
.BR owl (1).
.SH SEE ALSO
.BR owl (1),
.BR mouse (5)
"""

MDOC = r""".Dd March 3, 2026
.Dt HARBOUR 1
.Os
.Sh NAME
.Nm harbour
.Nd book a place
.Sh DESCRIPTION
.Nm
asks for
.Ar basin ,
which
.Dq may be
closed; see
.Xr owl 1 .
.Bl -tag -width Ds
.It Fl b Ar name
The basin.
.It Fl q , Fl -quiet
Nothing is said.
.El
It uses
.Ev HOME Ns .
"""


def test_a_page_in_the_macros_of_man() -> None:
    reading = read(PAGE.encode())
    assert reading.title == "harbour - book a place in a basin"
    assert reading.text.split("\n\n") == [
        "# NAME",
        "harbour - book a place in a basin",
        "# DESCRIPTION",
        "harbour asks the harbour's server whether the ship is too deep for the basin.",
        "- -b, --basin=NAME – The basin's name.",
        "- One.",
        "- -q",
        "Quiet.",
        "Always on one.",
        "## Files",
        "See owl(1).",
        "# SEE ALSO",
    ]
    assert {part.what for part in reading.left_out} == {"comments", "synopsis", "code", "tables", "references"}


def test_a_page_in_the_macros_of_mdoc() -> None:
    assert read(MDOC.encode()).text.split("\n\n") == [
        "# NAME",
        "harbour - book a place",
        "# DESCRIPTION",
        "harbour asks for basin, which “may be” closed; see owl(1).",
        "- -b name",
        "The basin.",
        "- -q, --quiet – Nothing is said.",
        "It uses HOME.",
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (r"\fBbold\fR \f[I]it\fP \s-2small\s0 10\(co \(em \[u00E9] \['e] \*(Tm\*R", "bold it small 10© — é é ™®"),
        (r"a\-b a\&.b \e \\ a\ b x\|y \h'-4'z \v'3'w", r"a-b a.b \ \ a b xy z w"),
        (r"end \" a comment", "end "),
        (r"10\u6\d, m\u\s-22\s0\d, 10\v'-0.4m'\-3\v'0.4m', H\d2\uO, x\di\u", "10^6, m^2, 10^-3, H2O, x_i"),
        (r"\ualone, 10\v'0'6", "alone, 106"),
        (r"\(xx\[nothing] stays", " stays"),
    ],
)
def test_escapes(text: str, shown: str) -> None:
    assert Roff().shown(text) == shown


def test_a_page_that_points_to_another_says_so() -> None:
    with pytest.raises(Unreadable, match=r"only points to another page, man7/owl\.7\. Name that one"):
        read(b".so man7/owl.7\n")


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (r".Sq \&: ends", "‘: ends’"),
        (r".Sq \&Ar", "‘Ar’"),
        (r".Sq :\&", "‘:’"),
        (".Sq owl .", "‘owl’."),
    ],
)
def test_signs_and_names_of_macros_as_words_in_mdoc(line: str, shown: str) -> None:
    page = f".Dd March 2, 2026\n.Dt OWL 1\n.Os\n.Sh DESCRIPTION\nIt reads\n{line}\n"
    assert read(page.encode()).text.endswith(f"It reads {shown}")
