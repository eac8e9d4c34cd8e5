"""Markdown with what is no prose blanked, at its full length."""

from __future__ import annotations

import pytest

from fastsum.readers.blocks import REFERENCE_LISTS
from fastsum.readers.markdown import read_markdown

PAGE = """\
---
title: "Owls of the Mell"
tags: [owls, mice]
---

<p align="center">
  <img src="owl.png"> An owl.
</p>

![Build](https://example.org/b.svg) [![Chat](c.svg)](https://example.org)

# Owls

Owls hunt at night, see [the log][log] and `hunt()`.
They hunt mice.

```python
owl = "never in a summary"
```

<!-- a comment
of two lines -->

| Year | Mice |
|------|-----:|
| 2019 | A good year for mice in both of the valleys. |
| 2020 | 7 |

- One owl
  ~~~
  code of an item
  ~~~
- Two owls

[log]: https://example.org/log

## References

1. Field, A. Owls.

### Web

Nothing.

## Thanks

To the mice.
"""


def prose(text: str) -> list[str]:
    return [" ".join(line.split()) for line in read_markdown(text).text.splitlines() if line.strip()]


def test_every_line_stays_at_its_number() -> None:
    before, after = PAGE.split("\n"), read_markdown(PAGE).text.split("\n")
    assert len(before) == len(after)
    for line, shown in zip(before, after, strict=True):
        assert shown.split() == [] or shown.split()[0] in line


def test_what_is_left_out_is_counted() -> None:
    assert [(what, number) for what, number, *_ in read_markdown(PAGE).left_out] == [
        ("front matter", 1), ("code blocks", 2), ("comments", 1), ("tables", 1), ("references", 4),
    ]  # fmt: skip


def test_prose_is_what_is_left() -> None:
    assert prose(PAGE) == [
        "An owl.",
        "# Owls",
        "Owls hunt at night, see the log and `hunt()`.",
        "They hunt mice.",
        "A good year for mice in both of the valleys.",
        "- One owl",
        "- Two owls",
        "## Thanks",
        "To the mice.",
    ]


def test_the_title_is_the_front_matter_s_or_the_first_heading() -> None:
    assert read_markdown(PAGE).title == "Owls of the Mell"
    assert read_markdown("Words.\n\n# Owls #\n\nMore.").title == "Owls"
    assert read_markdown("No heading.").title is None


def test_front_matter_without_a_title_leaves_it_to_the_first_heading() -> None:
    assert read_markdown("---\ntags: [owls]\n---\n\n# Owls\n").title == "Owls"
    assert read_markdown(f"---\n{'tags: owls and mice' * 200}\n---\n\n# Owls\n").title == "Owls"
    assert read_markdown('---\ntitle: ""\n---\n\n# Owls\n').title == "Owls"
    assert read_markdown("---\ntitle: Owls' nights\n---\n\n# Owls\n").title == "Owls' nights"


@pytest.mark.parametrize("heading", sorted(REFERENCE_LISTS))
@pytest.mark.parametrize("marked", ["# {}\n", "  ##\t{} ##\n", "{}\n===\n", "VII. {}:\n---\n", "{}\n---\n"])
def test_every_list_of_references_is_blanked(heading: str, marked: str) -> None:
    text = f"Owls hunt.\n\n{marked.format(heading.capitalize())}\nField, A. Owls.\n"
    assert read_markdown(text).text.split() == ["Owls", "hunt."]


@pytest.mark.parametrize(
    "front",
    [
        "---\ntags:\n- owls\n-\n  - mice\n# a comment\n\ndate : 2019-03-02\nlast.mod-ified: no\n---",
        "---\n# first a comment\n'title': Owls\nabstract: |\n  Owls hunt.\n\n  Mice hide.\n--- ",
        '+++\ntitle = "Owls"\ntags = [\n  "owls",\n]\n[extra]\n"key"=1\nb=2\n+++',
    ],
)
def test_front_matter_is_blanked(front: str) -> None:
    assert read_markdown(f"{front}\nOwls hunt.\n").text.split() == ["Owls", "hunt."]
    assert read_markdown(front).text.split() == []


@pytest.mark.parametrize(
    "text",
    [
        "--- \nA dialogue begins with a rule.\n---\n",
        "---\nThe minister resigned on Monday: she had lost the vote.\n---\nThe markets fell.\n---\n",
        "---\ntitle: Owls\nThe minister resigned.\n---\nThe markets fell.\n",
        "---\n\n# Owls\n\n- One owl\n---\nThe markets fell.\n",
        "---\nhttps://example.org/owls\n---\nThe markets fell.\n",
        "+++\nThe minister resigned.\n+++\nThe markets fell.\n",
        "Plain words.\n\n    Indented words are words too.\n",
        "a | b, said the reader.\nAnd c.",
        "References to owls are old.\n\nThey go on.",
        "#hashtag and 3 * 4 < 17 > 2\n",
        "\nA dialogue begins with a rule.\n---\n",
        "",
    ],
)
def test_plain_text_is_left_as_it_is(text: str) -> None:
    assert read_markdown(text).text == text


def test_raw_html_that_no_reader_sees_is_blanked() -> None:
    text = read_markdown("Before.\n\n<script>\nvar owl = 1;\n</script>\n\nAfter.\n").text
    assert text.split() == ["Before.", "After."]


@pytest.mark.timeout(20)
@pytest.mark.parametrize("mark", ["> ", "- ", "[", "![", "```\n", "<!--", "| a |\n|---|\n", "[a]: b\n"])
def test_a_flood_of_marks_ends(mark: str) -> None:
    text = f"```\ncode\n```\n{mark * 5_000}"
    assert read_markdown(text).text.count("\n") == text.count("\n")


@pytest.mark.timeout(20)
@pytest.mark.parametrize("part", ["\n", " ", "1 ", "1\n", "# ", "A\n\n", "references", "list of "])
def test_a_flood_of_what_could_be_a_heading_ends(part: str) -> None:
    text = f"Owls hunt.\n{part * 200_000}x"
    assert read_markdown(text).text == text


@pytest.mark.timeout(20)
@pytest.mark.parametrize("line", ["a: b\n", "a", "- \n", "a:", '"', "\n", "title: ", "a.", " "])
def test_front_matter_without_an_end_ends(line: str) -> None:
    text = f"---\na: b\n{line * 20_000}"
    assert read_markdown(text).text == text


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("A dose of 10<sup>6</sup> cells, CO<sub>2</sub> and 5 m<sup>2</sup>.", "A dose of 10^6 cells, CO2 and 5 m^2."),
        ("AT&amp;T paid 5&nbsp;% &lt; 6&#37; &mdash; file\\_name.", "AT&T paid 5\u00a0% < 6% — file_name."),
        ("It \\[00:41\\] was 2\\*3.", "It [00:41] was 2*3."),
        ("`a &amp; b\\_c` stay <b>so</b><br>here.", "`a &amp; b\\_c` stay so here."),
        ("The bridge <!-- Bob, check --> was closed.", "The bridge was closed."),
        ("The <ship> of <basin> is <em>big</em>.", "The <ship> of <basin> is big."),
        ("See <https://example.org/a_b> &amp; [it](http://x.org/a(b)).", "See https://example.org/a_b & it."),
        ("It closed.<sup>1</sup> It opened.<sup>[2]</sup>", "It closed. It opened."),
        ("**Ada:** \\[laughter\\] _so_", "**Ada:** [laughter] _so_"),
        ("\\- 5 degrees", "\\- 5 degrees"),
        ("**It** was ~~not~~ closed, `~~so~~`.", "**It** was closed, `~~so~~`."),
        ("**A dose** of 10^6^ cells in H~2~O and 10^-3^ m.", "**A dose** of 10^6 cells in H2O and 10^-3 m."),
        ("**A dose** of $10^{-6}$ or $\\frac{1}{2}$ g, `$x^2$`.", "**A dose** of 10^-6 or 1/2 g, `$x^2$`."),
        ("**It cost** $5 to $10, US$3, and $x < 5$ of it.", "**It cost** $5 to $10, US$3, and x < 5 of it."),
        ("1986\\. A good year", "1986. A good year"),
    ],
)
def test_a_paragraph_is_read_as_its_reader_sees_it(written: str, shown: str) -> None:
    for mark in ("", "> ", "- "):
        text = read_markdown(f"# Owls\n\n{mark}{written}\n\nEnd.\n").text
        assert text.split("\n") == ["# Owls", "", mark + shown, "", "End.", ""]


@pytest.mark.parametrize(
    "text",
    [
        "<ship> stands for the name of the ship.\n\nWrite &amp; for it, or C:\\_new and \\\\host\\share.\n",
        "<name>\n\nAnd <b stands for less than b.\n",
        "A [^2] mark of no note, x[^3].\n",
    ],
)
def test_a_text_that_is_no_markdown_says_what_it_says(text: str) -> None:
    assert read_markdown(text).text == text


def test_a_comment_over_lines_and_a_wrapped_link_keep_the_lines() -> None:
    text = "# Owls\n\nOwls <!-- one\ntwo --> hunt [the\nmice](http://x.org)\nat &amp; night.\n\nEnd."
    shown = read_markdown(text).text
    assert shown.split("\n")[-1] == "End."
    assert shown.count("\n") == text.count("\n")
    assert shown.split() == ["#", "Owls", "Owls", "hunt", "the", "mice", "at", "&", "night.", "End."]


def test_footnotes_stand_outside_the_sentence() -> None:
    notes = "[^n]: At night\n  only.\n\n    And more.\n[^2]: Mice."
    text = f"# Owls\n\nOwls hunt.[^n] Mice hide[^2], too.[^3]\n\n{notes}\n\nEnd."
    assert prose(text) == ["# Owls", "Owls hunt. Mice hide, too.[^3]", "End."]
    assert [(what, number) for what, number, *_ in read_markdown(text).left_out] == [("footnotes", 2)]


@pytest.mark.parametrize(
    ("opened", "named"),
    [
        ("```sh\nhunt --by night\n", "code fence"),
        ("~~~\nhunt --by night\n", "code fence"),
        ("Before.\n\n```\ncode\n```\n\n```py\ncode\n\n```py\ncode\n```\n", "code fence"),
        ("<!-- hunt by night\n", "comment"),
        ("<!-- hunt by night\n\n<!-- closed -->\n", "comment"),
        ("<pre>\nhunt by night\n", "<pre> tag"),
        ("<script>\nhunt by night\n", "<script> tag"),
    ],
)
def test_what_is_never_closed_ends_at_the_next_blank_line(opened: str, named: str) -> None:
    reading = read_markdown(f"{opened}\nOwls hunt.\n\n## Mice\n\nMice hide.\n")
    assert reading.text.split()[-6:] == ["Owls", "hunt.", "##", "Mice", "Mice", "hide."]
    assert "code" not in reading.text
    assert "night" not in reading.text
    assert len(reading.warnings) == 1
    assert reading.warnings[0].startswith(f"has a {named} that is never closed (line ")


def test_what_is_closed_gives_no_warning() -> None:
    text = "`<!--` begins a comment.\n\n```html\n<!-- open\n<pre>\n```\n\n<!-- a\n\nb -->\n\nOwls hunt.\n"
    reading = read_markdown(text)
    assert reading.warnings == ()
    assert reading.text.split() == ["`<!--`", "begins", "a", "comment.", "Owls", "hunt."]


@pytest.mark.parametrize("under", ["~~~~~", "~~~~~~~"])
def test_a_line_of_tildes_below_a_line_as_long_is_an_underline(under: str) -> None:
    text = f"Owls hunt.\n\nPumps\n{under}\n\nThey move water.\n\nStaff\n~~~~~\n\nThey work at night.\n"
    reading = read_markdown(text)
    assert reading.text.split() == (
        ["Owls", "hunt.", "##", "Pumps", "They", "move", "water.", "##", "Staff", "They", "work", "at", "night."]
    )
    assert reading.warnings == ()


def test_a_fence_below_a_line_of_text_is_a_fence() -> None:
    assert prose("Type this at night:\n~~~\nhunt\n~~~\n\nOwls hunt.\n") == ["Type this at night:", "Owls hunt."]


@pytest.mark.parametrize(
    "heading", ["Citations", "Footnotes", "Sources", "Notes", "Weblinks", "Works cited by the board"]
)
def test_a_list_below_such_a_heading_is_of_references(heading: str) -> None:
    text = f"Owls hunt.\n\n## {heading}\n\n- Field, A. Owls.\n"
    assert prose(text) == ["Owls hunt."]


@pytest.mark.parametrize("heading", ["Citations", "Sources", "Notes"])
def test_prose_below_such_a_heading_is_read(heading: str) -> None:
    text = f"Owls hunt.\n\n## {heading}\n\nThe river has two.\n"
    assert prose(text) == ["Owls hunt.", f"## {heading}", "The river has two."]


def test_items_that_cite_are_references_under_any_heading() -> None:
    text = "# Owls\n\n- ^ a b Field, A.\n- Owls. Retrieved 5 May 2021.\n- Owls hunt.\n1. ^ Mice.\n"
    assert prose(text) == ["# Owls", "- Owls hunt."]


@pytest.mark.parametrize("heading", ["Notes", "Sources", "Links", "Citations"])
def test_a_list_below_such_a_heading_is_one_of_references_only_if_it_names_works(heading: str) -> None:
    text = f"# The quay\n\nThe wall is old.\n\n## {heading}\n\n- {{}}\n- Another.\n"
    for item in (
        "Example, Ada (2004). Walls.",
        "^ Sample 2006.",
        "[Minutes](https://quay.example/1)",
        "Sample, p. 31.",
    ):
        assert "Another" not in read_markdown(text.format(item)).text, item
    for item in ("The board voted to close it in 2026.", "Ben asks the clerk."):
        assert "Another" in read_markdown(text.format(item)).text, item


def test_what_a_document_begins_with_is_its_title() -> None:
    text = "# References\n\n- **File**: quay.txt (2004)\n- It names the works.\n"
    assert "It names the works" in read_markdown(text).text


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("See {ref}`the quay<of-the-quay>` first.", "See the quay first."),
        ("See {doc}`quay/wall` first.", "See quay/wall first."),
        ("It fell {cite}`ada2019`.", "It fell ."),
        ("It fell [@ada2019; @ben:2020, p. 3].", "It fell."),
        ("Ask [@ada] and [@ben5](https://example.org/ben5).", "Ask [@ada] and @ben5."),
        ("==The quay is shut.==", "The quay is shut."),
        (":warning: The quay :ship_with_wall: is shut at 10:30:15.", "The quay is shut at 10:30:15."),
    ],
)
def test_what_dialects_add_is_as_their_readers_see_it(written: str, seen: str) -> None:
    assert read_markdown(f"# Quay\n\n{written}\n").text.strip().split("\n")[-1] == seen


@pytest.mark.parametrize(
    "line", ["(of-the-quay)=", "[TOC]", "###### tags: `quay` `wall`", "> [!NOTE]", "< [Before](a.md) | [All](b.md) >"]
)
def test_lines_that_a_program_replaces_are_no_text(line: str) -> None:
    text = read_markdown(f"# Quay\n\n{line}\n\nThe quay is shut.\n").text
    assert [part for part in text.split("\n") if part.strip()] == ["# Quay", "The quay is shut."]
    assert text.split("\n")[4] == "The quay is shut."
