"""A summary as Markdown: a list of sentences, or of an outline one below the heading of each section."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fastsum.summary.outline import Outline
from fastsum.summary.provenance import Places
from fastsum.summary.result import Summary, SummarySentence

_DEEPEST = 6
# What could be markup: within a line, and at its beginning.
_MARK = re.compile(r"[\\`*_\[\]<>&~|]")
_BEGINS = re.compile(r"(?:#{1,6}|[-+=])(?=\s|\Z|[-=])|(\d{1,9})(?=[.)])")


def write_markdown(summary: Summary, title: str, pages: Sequence[int] = (), *, cite: bool = False) -> str:
    """The summary as CommonMark below its title; what a document says is shown as it is, never as markup.

    Args:
        pages: as for `cited`.
        cite: whether each sentence is followed by where its sources are; sections of an outline always are.
    """
    places = Places(summary, pages)

    def item(sentence: SummarySentence) -> str:
        return f"- {_escaped(sentence.text)}" + (f" \\[{_escaped(places.of(sentence))}\\]" if cite else "")

    blocks = [f"# {_escaped(title)}"]
    if isinstance(summary, Outline):
        for section in summary.all_sections():
            mark = "#" * min(section.level + 1, _DEEPEST)
            blocks.append(f"{mark} {_escaped(section.shown)} ({places.of_section(section)})")
            blocks += ["\n".join(map(item, section.sentences))] if section.sentences else []
    else:
        blocks.append("\n".join(map(item, summary.sentences)))
    return "\n\n".join(blocks) + "\n"


def _escaped(text: str) -> str:
    """A text on one line, with a backslash before whatever could be markup."""
    text = _MARK.sub(r"\\\g<0>", " ".join(text.split()))
    found = _BEGINS.match(text)
    if found is None:
        return text
    at = found.end(1) if found[1] else 0  # "1." begins a list: its stop is escaped
    return f"{text[:at]}\\{text[at:]}"
