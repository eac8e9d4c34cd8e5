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


def test_every_offset_and_line_stays() -> None:
    text = read_markdown(PAGE).text
    assert len(text) == len(PAGE)
    assert [place for place, mark in enumerate(text) if mark == "\n"] == [
        place for place, mark in enumerate(PAGE) if mark == "\n"
    ]
    assert all(mark in (" ", original) for mark, original in zip(text, PAGE, strict=True))


def test_prose_is_what_is_left() -> None:
    assert [" ".join(line.split()) for line in read_markdown(PAGE).text.splitlines() if line.strip()] == [
        "An owl.",
        "# Owls",
        "Owls hunt at night, see [the log][log] and `hunt()`.",
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
    assert len(read_markdown(text).text) == len(text)


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
