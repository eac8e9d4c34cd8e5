"""AsciiDoc as a page shows it."""

from __future__ import annotations

import pytest

from fastsum.readers.asciidoc import read

HANDBOOK = """= Harbour handbook
Ada Example <ada@example.org>
v1.0, 2026-03-03
:toc: left
:port: the *old* harbour

It tells of {port}.

.Basins
[cols="1,2",options="header"]
|===
|Basin |Depth
|Northern |Four
|===

image::map.png[The harbour]

NOTE: Only one ship can turn.

== Rules

[source,bash]
----
harbour book
----

* One.
** Two
goes on.

Term:: What it is.

// a comment
////
a longer one
////

ifdef::never[]
Not shown.
endif::[]
include::other.adoc[]

====
An example.
====

Young
~~~~~

 literal

Few.
"""


def test_a_document_is_read_as_its_reader_sees_it() -> None:
    reading = read(HANDBOOK.encode())
    assert reading.title == "Harbour handbook"
    assert reading.text.split("\n\n") == [
        "# Harbour handbook",
        "It tells of the old harbour.",
        "Only one ship can turn.",
        "## Rules",
        "- One.",
        "- Two goes on.",
        "- Term – What it is.",
        "An example.",
        "### Young",
        "Few.",
    ]
    assert {part.what for part in reading.left_out} == {"tables", "figures", "code", "comments"}
    assert reading.warnings == ("includes other files, which were not read: other.adoc.",)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "*bold*, _it_, #marked# and **b**old; 2*3*4, snake_case_name",
            "bold, it, marked and bold; 2*3*4, snake_case_name",
        ),
        ("`code` and `+*raw*+`, {plus}, a `{plus}` sign", "`code` and `*raw*`, +, a `+` sign"),
        ("https://example.org[the site^], link:a.html[it], mailto:a@b.c[Ada]", "the site, it, Ada"),
        ("See <<basins,the basins>> and <<the-rules>> or xref:a.adoc[here].", "See the basins and the-rules or here."),
        ("10^6^ cells in H~2~O footnote:[A note.] of it (C) 2026", "10^6 cells in H2O of it © 2026"),
        ("\"`Owls`\" -- and '`mice`' {nbsp}too", "“Owls” — and ‘mice’ too"),
        ("kbd:[Ctrl+C], menu:File[Save], stem:[x^2]", "Ctrl+C, File → Save, x^2"),
        (
            ":mu: &#181;\n\nA dose of 10 {mu}g, [.line-through]#not# now -> then &lt; 5",
            "A dose of 10 µg, now → then < 5",
        ),
        ("{site}[The site] of {version}", "The site of [version]"),
        (r"\*not bold* and image:a.png[x] pictures", "*not bold* and pictures"),
    ],
)
def test_marks_within_lines(text: str, shown: str) -> None:
    assert read(text.encode()).text == shown


def test_what_a_term_means_is_read_below_it_too() -> None:
    text = (
        "Owls::\n\tThey hunt at night.\n\tThey eat mice.\n+\n----\nlet owl = 1\n----\n\n"
        "Hawks;; they hunt by day.\n\n`--eggs`::\n    Count the eggs.\n\n    ls nests\n"
    )
    assert read(text.encode()).text.split("\n\n") == [
        "- Owls – They hunt at night. They eat mice.",
        "Hawks;; they hunt by day.",
        "- `--eggs` – Count the eggs.",
    ]


def test_an_indented_paragraph_with_sentences_is_no_code() -> None:
    reading = read(
        b" - Owls\n\n   They hunt at night, most of them, and eat\n   the mice that they hear.\n\n   owl --hunt\n"
    )
    assert reading.text == "- Owls\n\nThey hunt at night, most of them, and eat the mice that they hear."
    assert [str(left.what) for left in reading.left_out] == ["code"]
