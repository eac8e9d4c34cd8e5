"""Numbers, signs, powers, fractions and negations come through reading and summarizing as the document has them.

Each example is one document, written in every format; `WRITERS` has a row for each.
"""

from __future__ import annotations

import html
import io
import json
import random
import re
import textwrap
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from fastsum import Summarizer, read_document
from tests.readers import test_fb2, test_mail, test_odf, test_pptx, test_tei

WORDS = [
    "the",
    "board",
    "counted",
    "boats",
    "at",
    "each",
    "quay",
    "and",
    "kept",
    "what",
    "it",
    "saw",
    "in",
    "books",
    "for",
    "all",
    "of",
    "its",
    "members",
    "to",
    "read",
    "later",
]


class Raised(NamedTuple):
    """A number with a raised one behind it."""

    base: str
    power: str

    def __str__(self) -> str:
        return f"{self.base}^{self.power}"


Piece = str | Raised
Escape = Callable[[str], str]


class Part(NamedTuple):
    """A block of a document: its kind ("heading", "paragraph", "item" or "quote") and its pieces."""

    kind: str
    pieces: list[Piece]


def quantity(source: random.Random) -> Piece:
    """A number as documents have them, or a sign that changes what is said."""
    one, two = source.randint(2, 98), source.randint(100, 999)
    return source.choice(
        (
            f"{one},{two}", f"{one}.{two}", f"−{one}.5", f"-{two}", f"{one}–{two}", f"{one}-{two}", f"±0.{one}",
            f"½ of {one}", f"{one}/{two}", f"≥ {one}", f"< 0.{one}", f"> {two}", f"α{one}", f"β = {two}", f"{one} %",
            f"{one} °C", f"{one} µm", f"€{two}", f"§ {one}", f"not {one}", f"no more than {two}", f"{one}:{two}",
            f"[{one}]", f"({one})", f"q[{one}]", f"{one} × {two}", f"{one} + {two}", f"{one} & {two}", f"#{one}",
            f"~{one}", f"{two} ± {one}", f"+{one}", f"{one} = {one}", f"“{one} boats”", f"<{one}>", f"¾ {one}m",
            Raised(str(one), str(two)), Raised(f"{one} × 10", f"−{one}"), Raised("m", "2"), Raised(f"{two} km", "2"),
        )
    )  # fmt: skip


def sentence(source: random.Random) -> list[Piece]:
    words = [source.choice(WORDS) for _ in range(source.randint(8, 14))]
    pieces: list[Piece] = ["The " + " ".join(words[:4])]
    for place in range(4, len(words), 4):
        pieces += [quantity(source), " ".join(words[place : place + 4])]
    return [*pieces, "gulls."]


def document(seed: int) -> list[Part]:
    source = random.Random(seed)
    parts = [Part("heading", ["The harbour"]), Part("paragraph", sentence(source))]
    for _ in range(source.randint(8, 14)):
        parts.append(Part("heading", [f"The quays of year {source.randint(1800, 2020)}"]))
        for _ in range(source.randint(1, 3)):
            kind = source.choice(("paragraph", "paragraph", "item", "quote"))
            parts.append(Part(kind, [piece for _ in range(source.randint(1, 3)) for piece in sentence(source)]))
    return parts


def plain(parts: list[Part]) -> str:
    marks = {"item": "- "}
    return "\n\n".join(marks.get(part.kind, "") + " ".join(map(str, part.pieces)) for part in parts)


def wrapped(parts: list[Part]) -> str:
    return "\n\n".join(
        "\n".join(textwrap.wrap(block, 72, break_on_hyphens=False)) for block in plain(parts).split("\n\n")
    )


def markdown(parts: list[Part]) -> str:
    marks = {"heading": "## ", "item": "- ", "quote": "> "}

    def piece(part: Piece) -> str:
        if isinstance(part, Raised):
            return f"{part.base}<sup>{part.power}</sup>"
        return re.sub(r"([\\`*_\[\]#])", r"\\\1", part.replace("&", "&amp;").replace("<", "&lt;"))

    return "\n\n".join(marks.get(part.kind, "") + " ".join(map(piece, part.pieces)) for part in parts)


def tagged(parts: list[Part], tags: dict[str, tuple[str, str]], raised: str = "<sup>{}</sup>") -> str:
    """The parts as elements; `tags` has what stands before and behind each kind, `raised` what is around a power."""

    def piece(part: Piece) -> str:
        if isinstance(part, Raised):
            return f"{html.escape(part.base)}{raised.format(part.power)}"
        return html.escape(part)

    return "\n".join(tags[part.kind][0] + " ".join(map(piece, part.pieces)) + tags[part.kind][1] for part in parts)


HTML = {
    "heading": ("<h2>", "</h2>"),
    "paragraph": ("<p>", "</p>"),
    "item": ("<ul><li>", "</li></ul>"),
    "quote": ("<blockquote><p>", "</p></blockquote>"),
}


def page(parts: list[Part]) -> str:
    return f"<!DOCTYPE html><html><head><title>A</title></head><body><main>{tagged(parts, HTML)}</main></body></html>"


def jats(parts: list[Part]) -> str:
    tags = {
        "heading": ("</sec><sec><title>", "</title>"),
        "paragraph": ("<p>", "</p>"),
        "item": ("<list><list-item><p>", "</p></list-item></list>"),
        "quote": ("<disp-quote><p>", "</p></disp-quote>"),
    }
    return f"<article><front/><body><sec><title>A</title>{tagged(parts, tags)}</sec></body></article>"


def epub(parts: list[Part]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
            '<rootfile full-path="a.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
        )
        archive.writestr(
            "a.opf",
            '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata/><manifest>'
            '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest>'
            '<spine><itemref idref="a"/></spine></package>',
        )
        archive.writestr(
            "a.xhtml", f"<html xmlns='http://www.w3.org/1999/xhtml'><body>{tagged(parts, HTML)}</body></html>"
        )
    return content.getvalue()


def docx(parts: list[Part]) -> bytes:
    import docx

    styles = {"heading": "Heading 2", "paragraph": "Normal", "item": "List Bullet", "quote": "Quote"}
    written = docx.Document()
    for part in parts:
        paragraph = written.add_paragraph(style=styles[part.kind])
        for index, piece in enumerate(part.pieces):
            space = " " if index else ""
            if isinstance(piece, Raised):
                paragraph.add_run(space + piece.base)
                paragraph.add_run(piece.power).font.superscript = True
            else:
                paragraph.add_run(space + piece)
    content = io.BytesIO()
    written.save(content)
    return content.getvalue()


def marked(parts: list[Part], around: dict[str, tuple[str, str]], escape: Escape, raised: str, between: str) -> str:
    """The parts in a language of marks; `around` has what stands before and behind each kind."""

    def piece(part: Piece) -> str:
        return escape(part.base) + raised.format(part.power) if isinstance(part, Raised) else escape(part)

    blocks = (around[part.kind][0] + " ".join(map(piece, part.pieces)) + around[part.kind][1] for part in parts)
    return between.join(blocks)


def escaped(signs: str, form: str) -> Escape:
    """What writes each of the signs in a form of its own."""
    return lambda text: re.sub(f"[{re.escape(signs)}]", lambda found: form.format(found[0]), text)


def rtf(parts: list[Part]) -> str:
    around = {
        "heading": ("\\pard\\plain\\outlinelevel1 ", "\\par"),
        "paragraph": ("\\pard\\plain ", "\\par"),
        "item": ("{\\listtext\\'b7\\tab}\\pard\\ls1 ", "\\par"),
        "quote": ("\\pard\\li720 ", "\\par"),
    }
    text = marked(parts, around, escaped("\\{}", "\\{}"), "{{\\super {}}}", "\n")
    text = "".join(sign if sign.isascii() else f"\\u{ord(sign)}?" for sign in text)
    return f"{{\\rtf1\\ansi {text}}}"


def odt(parts: list[Part]) -> bytes:
    tags = {
        "heading": ('<text:h text:outline-level="2">', "</text:h>"),
        "paragraph": ("<text:p>", "</text:p>"),
        "item": ("<text:list><text:list-item><text:p>", "</text:p></text:list-item></text:list>"),
        "quote": ("<text:p>", "</text:p>"),
    }
    return test_odf.document(tagged(parts, tags, '<text:span text:style-name="Up">{}</text:span>'))


def pptx(parts: list[Part]) -> bytes:
    def run(part: Piece) -> str:
        if isinstance(part, Raised):
            base, power = html.escape(part.base), html.escape(part.power)
            return test_pptx.run(f" {base}") + test_pptx.run(power, 'baseline="30000"')
        return test_pptx.run(f" {html.escape(part)}")

    shapes = [test_pptx.shape("".join(map(run, part.pieces))) for part in parts]
    return test_pptx.deck(*(test_pptx.sheet("sld", shape) for shape in shapes))


def asciidoc(parts: list[Part]) -> str:
    around = {"heading": ("== ", ""), "paragraph": ("", ""), "item": ("* ", ""), "quote": ("____\n", "\n____")}
    return "= A\n\n" + marked(parts, around, escaped("*_`#^~+{<&", "pass:[{}]"), "^{}^", "\n\n")


def org(parts: list[Part]) -> str:
    quote = ("#+begin_quote\n", "\n#+end_quote")
    around = {"heading": ("* ", ""), "paragraph": ("", ""), "item": ("- ", ""), "quote": quote}
    return "#+TITLE: A\n\n" + marked(parts, around, str, "^{{{}}}", "\n\n")


def rst(parts: list[Part]) -> str:
    under = "\n" + "-" * 40
    around = {"heading": ("", under), "paragraph": ("", ""), "item": ("* ", ""), "quote": ("..\n\n    ", "")}
    return "A\n=\n\n.. contents::\n\n" + marked(parts, around, escaped("*`|_\\<", "\\{}"), "\\ :sup:`{}`", "\n\n")


def latex(parts: list[Part]) -> str:
    around = {
        "heading": ("\\section{", "}"),
        "paragraph": ("", ""),
        "item": ("\\begin{itemize}\\item ", "\\end{itemize}"),
        "quote": ("\\begin{quote}", "\\end{quote}"),
    }
    escape = escaped("&%#_{}$", "\\{}")
    text = marked(parts, around, lambda part: escape(part).replace("~", "\\textasciitilde{}"), "$^{{{}}}$", "\n\n")
    return f"\\documentclass{{article}}\n\\begin{{document}}\n{text}\n\\end{{document}}"


def man(parts: list[Part]) -> str:
    around = {
        "heading": (".SH ", ""),
        "paragraph": (".PP\n", ""),
        "item": (".IP \\(bu 2\n", ""),
        "quote": (".RS\n", "\n.RE"),
    }
    signs = {"-": "\\-", "~": "\\(ti", "^": "\\(ha"}

    def escape(text: str) -> str:
        return "".join(signs.get(sign, sign) for sign in text)

    return '.TH A 1 "2026-03-03"\n' + marked(parts, around, escape, "\\u{}\\d", "\n")


def fb2(parts: list[Part]) -> bytes:
    tags = {
        "heading": ("</section><section><title><p>", "</p></title>"),
        "paragraph": ("<p>", "</p>"),
        "item": ("<p>", "</p>"),
        "quote": ("<cite><p>", "</p></cite>"),
    }
    return test_fb2.book(f"<section><title><p>A</p></title>{tagged(parts, tags)}</section>")


def tei(parts: list[Part]) -> bytes:
    tags = {
        "heading": ("</div><div><head>", "</head>"),
        "paragraph": ("<p>", "</p>"),
        "item": ("<list><item>", "</item></list>"),
        "quote": ("<quote><p>", "</p></quote>"),
    }
    body = tagged(parts, tags, '<hi rend="superscript">{}</hi>')
    return test_tei.edition(f"<body><div><head>A</head>{body}</div></body>")


def rss(parts: list[Part]) -> str:
    described = html.escape(tagged(parts, HTML))
    item = f"<item><title>B</title><description>{described}</description></item>"
    return f"<rss><channel><title>A</title>{item}</channel></rss>"


def eml(parts: list[Part]) -> bytes:
    message = test_mail.letter("")
    message.set_content(plain(parts), cte="8bit")
    message.add_alternative(page(parts), subtype="html")
    return bytes(message)


def srt(parts: list[Part]) -> str:
    blocks = [" ".join(map(str, part.pieces)) for part in parts]
    return "\n\n".join(
        f"{place + 1}\n00:{place:02}:00,000 --> 00:{place:02}:30,000\n{html.escape(block, quote=False)}"
        for place, block in enumerate(blocks)
    )


def ipynb(parts: list[Part]) -> str:
    cells = [{"cell_type": "markdown", "source": markdown([part])} for part in parts]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


WRITERS: dict[str, Callable[[list[Part]], str | bytes]] = {
    ".txt": plain,
    ".wrapped.txt": wrapped,
    ".md": markdown,
    ".html": page,
    ".docx": docx,
    ".epub": epub,
    ".xml": jats,
    ".rtf": rtf,
    ".odt": odt,
    ".pptx": pptx,
    ".adoc": asciidoc,
    ".org": org,
    ".rst": rst,
    ".tex": latex,
    ".1": man,
    ".fb2": fb2,
    ".tei": tei,
    ".rss": rss,
    ".eml": eml,
    ".srt": srt,
    ".ipynb": ipynb,
}
"""A format is one function from the parts of a document to the content of a file."""


def folded(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("suffix", WRITERS)
@pytest.mark.parametrize("seed", range(4))
def test_every_number_is_read_in_its_place(suffix: str, seed: int, tmp_path: Path) -> None:
    parts = document(seed)
    content = WRITERS[suffix](parts)
    path = tmp_path / f"a{suffix}"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    text = folded(read_document(path).text)
    at = 0
    for part in parts:
        for piece in part.pieces:
            found = text.find(folded(str(piece)), at)
            assert found >= 0, f"{piece!s} is not in {text[at : at + 80]!r}"
            at = found + len(str(piece))


@pytest.fixture(scope="module")
def summarizer() -> Summarizer:
    return Summarizer.load()


@pytest.mark.parametrize("seed", range(12, 30))
def test_every_number_of_a_summary_stands_in_the_document(seed: int, summarizer: Summarizer) -> None:
    text = plain(document(seed))
    whole = folded(text).replace(" %", "%")
    summary = summarizer.summarize(text, sentences=99)
    assert len(summary.sentences) > 3
    for shown in summary.sentences:
        assert folded(str(shown.text)).rstrip(".") in whole
