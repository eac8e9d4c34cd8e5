"""A summary as Markdown: CommonMark shows what the document says, and none of it as markup."""

from __future__ import annotations

import re
from typing import Any

import pytest
from markdown_it import MarkdownIt

from fastsum import Span, Summary, SummarySentence
from fastsum.summary.markdown import write_markdown

HARD = [
    "1. is no item, nor is 2) one.",
    "# is no heading, and ## neither.",
    "- A dash -- and --- another.",
    "+ A plus.",
    "=== and ---",
    "Two * stars * and __four__ lines_of_code `code` ~~struck~~.",
    "<script>alert(1)</script> & <b>bold</b> &amp; &lt;",
    "[a link](http://a.org) ![an image](x.png) [^1] \\[math\\] http://b.org",
    "A | table | row",
    "> A quotation.",
]


def summary_of(*texts: str) -> Summary:
    shown = tuple(SummarySentence(text, 0.5, (Span(0, 0, 1, "A"),)) for text in texts)
    return Summary(shown, "extractive", "A document.", (), ())


def shown(markdown: str) -> list[tuple[str, str]]:
    """Tag and text of what CommonMark shows."""
    tokens = MarkdownIt("commonmark").parse(markdown)
    found: list[tuple[str, str]] = []
    tags: list[str] = []
    for token in tokens:
        tags += [token.tag] if token.nesting == 1 else []
        if token.nesting == -1:
            tags.pop()
        if token.type == "inline":
            children: list[Any] = token.children or []
            assert {child.type for child in children} <= {"text", "text_special"}, token.content
            found.append((" ".join(tags), "".join(child.content for child in children)))
    return found


@pytest.mark.parametrize("text", HARD)
def test_nothing_that_a_document_says_is_markup(text: str) -> None:
    assert shown(write_markdown(summary_of(text, "After."), text)) == [
        ("h1", text),
        ("ul li p", text),
        ("ul li p", "After."),
    ]


def test_sources_are_cited() -> None:
    (_, (_, item)) = shown(write_markdown(summary_of("Fine."), "t", cite=True))
    assert item == "Fine. [line 1]"
    assert re.search(r"p\. 1", write_markdown(summary_of("Fine."), "t", (0,), cite=True))
