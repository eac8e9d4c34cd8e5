"""Documents made by hand to fill time or memory, or to show what is in another file."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from itertools import pairwise

from tests.faults.hostile import DOCX, EPUB, PPTX, WORDS, repacked
from tests.readers import test_docx, test_epub, test_fb2, test_mhtml, test_msg, test_odf, test_pdf, test_pptx, test_tei
from tests.readers.office import test_word

_LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10 if i else "ha"}">' for i in range(10))
_OUTSIDE = '<!ENTITY l9 SYSTEM "{}">'


def _docx(body: str, prolog: str = "") -> bytes:
    document = f"{prolog}<w:document {test_docx.NAMESPACES}><w:body>{body}</w:body></w:document>"
    return repacked(DOCX, word__document_dot_xml=document.encode())


def _words(text: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def _epub(body: str, package: str = test_epub.PACKAGE) -> bytes:
    chapter = test_epub.chapter(body)
    return repacked(EPUB, OEBPS__text__two_dot_xhtml=chapter, OEBPS__book_dot_opf=package.encode())


def _entities(body: str, subset: str) -> bytes:
    chapter = f"<!DOCTYPE html [{subset}]>".encode() + test_epub.chapter(f"<p>{body}</p>")
    return repacked(EPUB, OEBPS__text__two_dot_xhtml=chapter)


def _html(body: str) -> bytes:
    return f"<!DOCTYPE html><html><body>{body}</body></html>".encode()


def _jats(body: str, prolog: str = "") -> bytes:
    title = "<title-group><article-title>Owls</article-title></title-group>"
    return f"{prolog}<article><front><article-meta>{title}</article-meta></front><body>{body}</body></article>".encode()


def _pdf(kids: bytes, count: int) -> bytes:
    pages = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count)
    return test_pdf.by_hand(b"<< /Type /Catalog /Pages 2 0 R >>", pages, test_pdf.PAGE)


def _pptx(*shapes: str) -> bytes:
    return test_pptx.deck(test_pptx.sheet("sld", *shapes))


def _feed(description: str, prolog: str = "") -> bytes:
    item = f"<item><title>Owls</title><description>{description}</description></item>"
    return f"{prolog}<rss><channel><title>News</title>{item}</channel></rss>".encode()


def _mail(body: bytes, kind: str = "text/plain", head: str = "") -> bytes:
    return f"From: a@example.org\nMessage-ID: <1>\nSubject: Owls\n{head}Content-Type: {kind}\n\n".encode() + body


def _cues(count: int, words: str) -> bytes:
    return b"WEBVTT\n\n" + b"".join(
        b"%02d:%02d:%02d.000 --> 99:00:00.000\n%s\n\n" % (at // 3600, at // 60 % 60, at % 60, words.encode())
        for at in range(count)
    )


def _members(content: bytes, count: int) -> bytes:
    return repacked(content, **{f"word__{number}": b"" for number in range(count)})


def _attributes(count: int) -> str:
    return " ".join(f"a{number}=1" for number in range(count))


def _spine(count: int) -> str:
    return test_epub.PACKAGE.replace("<spine>", "<spine>" + '<itemref idref="c2"/>' * count)


def _tex(body: str) -> bytes:
    return f"\\documentclass{{article}}\n\\begin{{document}}\n{WORDS}\n\n{body}\n\\end{{document}}\n".encode()


def _rst(body: str) -> bytes:
    return f"====\nOwls\n====\n\n.. note:: {WORDS}\n\n.. _owls:\n\n{body}\n".encode()


def _asciidoc(body: str) -> bytes:
    return f"= Owls\n:toc: left\n\n{WORDS}\n\nNOTE: One.\n\n== Food\n\n{body}\n".encode()


def _org(body: str) -> bytes:
    return f"#+TITLE: Owls\n#+BEGIN_QUOTE\n{WORDS}\n#+END_QUOTE\n\n{body}\n".encode()


def _man(body: str) -> bytes:
    return f".TH OWL 1\n.SH NAME\nowl \\- hunt at night\n.SH DESCRIPTION\n{WORDS}\n{body}\n".encode()


def _notebook(cells: str) -> bytes:
    return f'{{"cells": [{cells}], "metadata": {{}}, "nbformat": 4}}'.encode()


def _cell(source: str) -> str:
    return json.dumps({"cell_type": "markdown", "source": source})


def _doubled(first: str, form: str, use: str, count: int = 12) -> str:
    """Names that each stand for ten of the name before, in a format's own form."""
    names = [f"x{chr(97 + number)}" for number in range(count)]
    lines = [form.format(names[0], first)]
    lines += [form.format(name, use.format(old) * 10) for old, name in pairwise(names)]
    return "\n".join([*lines, "", use.format(names[-1])])


ENDED = ("html, many attributes", "pdf, millions of letters", "rst, 50,000 columns", "rst, a name in itself")
"""Those at which a reader may fail or reach its limits: libraries take their time, or memory, or raise an error."""

BOMBS: Mapping[str, Callable[[str], bytes]] = {  # each is given the path of a file that it has no business to read
    "docx, 300 MB of spaces": lambda secret: _docx(_words(" " * 300_000_000)),
    "docx, 90 MB of words": lambda secret: _docx(_words("a " * 45_000_000)),
    "docx, a million paragraphs": lambda secret: _docx("<w:p/>" * 1_000_000),
    "docx, nested deeply": lambda secret: _docx("<w:ins>" * 100_000),
    "docx, nested tables": lambda secret: _docx(
        "<w:tbl><w:tr><w:tc>" * 80 + _words(WORDS) + "</w:tc></w:tr></w:tbl>" * 80
    ),
    "docx, many members": lambda secret: _members(DOCX, 60_000),
    "docx, entities in entities": lambda secret: _docx(_words(f"{WORDS}&l9;"), f"<!DOCTYPE a [{_LAUGHS}]>"),
    "docx, another file": lambda secret: _docx(_words(f"{WORDS}&l9;"), f"<!DOCTYPE a [{_OUTSIDE.format(secret)}]>"),
    "docx, a formula nested deeply": lambda secret: _docx(
        f"<w:p {test_word.NAMESPACES}><m:oMath>{'<m:f><m:num>' * 100}{'</m:num></m:f>' * 100}</m:oMath></w:p>"
        + _words(WORDS)
    ),
    "docx, 100,000 raised letters": lambda secret: _docx(f"<w:p>{test_word.run('a', test_word.UP) * 100_000}</w:p>"),
    "docx, another document inserted": lambda secret: _docx(f'{_words(WORDS)}<w:altChunk w:id="{secret}"/>'),
    "docx, an archive in an archive": lambda secret: repacked(DOCX, word__document_dot_xml=_docx(WORDS)),
    "epub, 300 MB of spaces": lambda secret: _epub(f"<p>{' ' * 300_000_000}</p>"),
    "epub, 90 MB of words": lambda secret: _epub(f"<p>{'a ' * 45_000_000}</p>"),
    "epub, 9 MB of words": lambda secret: _epub(f"<p>{WORDS * 90_000}</p>"),
    "epub, nested deeply": lambda secret: _epub("<div>" * 1_000_000 + WORDS),
    "epub, entities in entities": lambda secret: _entities(f"{WORDS}&l9;", _LAUGHS),
    "epub, an entity that is a file": lambda secret: _entities(f"{WORDS}&l9;", _OUTSIDE.format(secret)),
    "epub, a million marks of notes": lambda secret: _epub(f"<p>{WORDS}{'<a href=#a>1</a>' * 300_000}</p>"),
    "epub, one chapter 10,000 times": lambda secret: _epub(f"<p>{WORDS * 10_000}</p>", _spine(10_000)),
    "epub, another file": lambda secret: _epub("", test_epub.PACKAGE.replace("text/two.xhtml", secret)),
    "epub, a name that writes to the terminal": lambda secret: _epub(
        "", test_epub.PACKAGE.replace("text/two.xhtml", "&#10;%1b%5B31m%e2%80%ae.xhtml")
    ),
    "html, nested deeply": lambda secret: _html("<div>" * 1_000_000 + WORDS),
    "html, nested as deeply as is read": lambda secret: _html("<div>" * 2_000 + f"<p>{WORDS}</p>"),
    "html, nested tables": lambda secret: _html("<table><tr><td>" * 200 + WORDS),
    "html, one tag": lambda secret: _html("<p " * 500_000),
    "html, many attributes": lambda secret: _html(f"<p {_attributes(150_000)}>{WORDS}"),
    "html, many breaks": lambda secret: _html(f"<p>{WORDS}{'<br>' * 100_000}"),
    "html, 100,000 powers of powers": lambda secret: _html(f"<p>{WORDS}{'x<sup>2' * 100_000}"),
    "html, many hidden parts": lambda secret: _html(f"<p>{WORDS}{'<i hidden>a</i> b ' * 20_000}"),
    "html, 50,000 large hidden parts": lambda secret: _html(
        f"<p>{WORDS}" + f"<div aria-hidden='true'>{WORDS * 3}</div>" * 50_000
    ),
    "html, a style sheet without end": lambda secret: _html(
        f"<style>{'@media{.a{display:none' * 100_000}</style><p>{WORDS}"
    ),
    "html, a formula nested deeply": lambda secret: _html(f"<p>{WORDS}<math>{'<mfrac>' * 1_000}"),
    "html, a million marks of code": lambda secret: _html(f"<p>{WORDS}</p><pre>{'{' * 1_000_000}</pre>"),
    "html, many lists": lambda secret: _html(f"<p>{WORDS}</p>{'<ul><li><a href=a>b</a>' * 2_000}"),
    "html, another file": lambda secret: _html(f'<p>{WORDS}</p><iframe src="{secret}"></iframe><img src="{secret}">'),
    "jats, nested deeply": lambda secret: _jats("<sec>" * 100_000),
    "jats, nested as deeply as is read": lambda secret: _jats(
        "<list><list-item><p>a</p>" * 80 + "</list-item></list>" * 80
    ),
    "jats, entities in entities": lambda secret: _jats(f"<p>{WORDS}&l9;</p>", f"<!DOCTYPE article [{_LAUGHS}]>"),
    "jats, another file": lambda secret: _jats(
        f"<p>{WORDS}&l9;</p>", f"<!DOCTYPE article [{_OUTSIDE.format(secret)}]>"
    ),
    "jats, half a megabyte of spaces": lambda secret: _jats(f"<p>{WORDS}{' ' * 500_000}{WORDS}</p>"),
    "jats, 100,000 powers": lambda secret: _jats(f"<p>{WORDS}{'<sup>2</sup>' * 100_000}</p>"),
    "jats, a bracket without end": lambda secret: _jats(f"<p>{WORDS}({'cf. refs. ' * 10_000}</p>"),
    "rtf, nested deeply": lambda secret: b"{\\rtf1 " + b"{" * 1_000_000 + WORDS.encode(),
    "rtf, nested as deeply as is read": lambda secret: b"{\\rtf1 " + b"{\\b " * 900 + WORDS.encode() + b"}" * 901,
    "rtf, 200 MB": lambda secret: b"{\\rtf1 " + b"a " * 100_000_000 + b"}",
    "rtf, 2 MB of words": lambda secret: b"{\\rtf1 " + (WORDS * 20_000).encode() + b"}",
    "rtf, a million paragraphs": lambda secret: b"{\\rtf1 " + b"\\par" * 1_000_000 + b"}",
    "rtf, a picture of an impossible length": lambda secret: (
        b"{\\rtf1 {\\pict\\bin9999999999 ab}" + WORDS.encode() + b"}"
    ),
    "rtf, 100,000 powers": lambda secret: b"{\\rtf1 10" + b"{\\super 2}" * 100_000 + b"}",
    "rtf, another file": lambda secret: (
        b'{\\rtf1 {\\field{\\*\\fldinst INCLUDETEXT "%s"}{\\fldrslt %s}}}' % (secret.encode(), WORDS.encode())
    ),
    "pptx, a slide of 200 MB": lambda secret: _pptx(test_pptx.shape(" " * 200_000_000)),
    "pptx, one slide 10,000 times": lambda secret: repacked(
        PPTX,
        ppt__presentation_dot_xml=lambda old: old.replace(
            b"<p:sldIdLst>", b"<p:sldIdLst>" + b'<p:sldId r:id="rId0"/>' * 10_000
        ),
    ),
    "pptx, groups in groups": lambda secret: _pptx("<p:grpSp>" * 80 + test_pptx.shape(WORDS) + "</p:grpSp>" * 80),
    "pptx, nested deeply": lambda secret: _pptx("<p:grpSp>" * 100_000),
    "pptx, 20,000 boxes": lambda secret: _pptx(
        *(test_pptx.shape("Words.", at=(number * 37 % 900, number, 9, 9)) for number in range(20_000))
    ),
    "pptx, entities in entities": lambda secret: repacked(
        PPTX, ppt__slides__slide8_dot_xml=f"<!DOCTYPE a [{_LAUGHS}]><a>&l9;</a>".encode()
    ),
    "odf, 200 MB": lambda secret: test_odf.document(test_odf.p(" " * 200_000_000)),
    "odf, lists in lists": lambda secret: test_odf.document(
        "<text:list><text:list-item>" * 100 + test_odf.p(WORDS) + "</text:list-item></text:list>" * 100
    ),
    "odf, nested deeply": lambda secret: test_odf.document("<text:span>" * 100_000),
    "odf, an object in itself": lambda secret: test_odf.document(
        test_odf.p(f'{WORDS}<draw:frame><draw:object xlink:href="."/></draw:frame>')
    ),
    "odf, another file": lambda secret: test_odf.document(
        test_odf.p(f'{WORDS}<draw:frame><draw:object xlink:href="../../../{secret}"/></draw:frame>')
    ),
    "odf, a million spaces": lambda secret: test_odf.document(
        test_odf.p(WORDS + '<text:s text:c="999999999"/>' * 9_999)
    ),
    "feed, nested deeply": lambda secret: _feed("&lt;div&gt;" * 1_000_000),
    "feed, entities in entities": lambda secret: _feed(f"{WORDS}&l9;", f"<!DOCTYPE rss [{_LAUGHS}]>"),
    "feed, another file": lambda secret: _feed(f"{WORDS}&l9;", f"<!DOCTYPE rss [{_OUTSIDE.format(secret)}]>"),
    "feed, 100,000 entries": lambda secret: _feed(
        f"{WORDS}</description></item>" + "<item><title>a</title></item>" * 100_000 + "<item><description>b"
    ),
    "fb2, nested deeply": lambda secret: test_fb2.book("<section>" * 100_000),
    "fb2, another file": lambda secret: test_fb2.book(f"<p>{WORDS}&l9;</p>").replace(
        b"<FictionBook", f"<!DOCTYPE FictionBook [{_OUTSIDE.format(secret)}]><FictionBook".encode()
    ),
    "fb2, a book of 200 MB": lambda secret: test_fb2.archive(book_fb2=test_fb2.book(f"<p>{' ' * 200_000_000}</p>")),
    "tei, nested as deeply as is read": lambda secret: test_tei.edition(
        "<div>" * 240 + f"<p>{WORDS}</p>" + "</div>" * 240
    ),
    "tei, notes in notes": lambda secret: test_tei.edition(
        "<p>" + "<note><p>" * 90 + WORDS + "</p></note>" * 90 + "</p>"
    ),
    "tei, another file": lambda secret: (
        f"<!DOCTYPE TEI [{_OUTSIDE.format(secret)}]>".encode()
        + test_tei.edition(f"<p>{WORDS}&l9;</p>").partition(b"?>")[2]
    ),
    "mail, letters in letters": lambda secret: _mail(
        b"Content-Type: message/rfc822\n\n" * 100_000 + WORDS.encode(), "message/rfc822"
    ),
    "mail, parts in parts": lambda secret: _mail(
        b"".join(b"--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n" % (n, n + 1) for n in range(5_000)),
        "multipart/mixed; boundary=b0",
    ),
    "mail, 100,000 parts": lambda secret: _mail(
        b"--b\n\nWords.\n" * 100_000 + b"--b--\n", "multipart/mixed; boundary=b"
    ),
    "mail, 10,000 pages": lambda secret: _mail(
        b"--b\nContent-Type: text/html\n\n<p>Words.</p>\n" * 10_000 + b"--b--\n", "multipart/mixed; boundary=b"
    ),
    "mail, an attachment of 100 MB": lambda secret: _mail(
        b"--b\n\n%s\n--b\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\n%s\n--b--\n"
        % (WORDS.encode(), (b"A" * 76 + b"\n") * 1_300_000),
        "multipart/mixed; boundary=b",
    ),
    "mail, 2 MB of words": lambda secret: _mail((WORDS + "\n").encode() * 20_000),
    "mail, one line of 2 MB": lambda secret: _mail(WORDS.encode() * 20_000),
    "mail, a header line of 20 MB": lambda secret: _mail(WORDS.encode(), head=f"X-Spam: {'a ' * 10_000_000}\n"),
    "mail, 100,000 header lines": lambda secret: _mail(
        WORDS.encode(), head="Received: from here\n by there\n" * 50_000
    ),
    "mail, a subject of many words in code": lambda secret: _mail(
        WORDS.encode(), head="Subject: " + "=?utf-8?q?a?= " * 200_000 + "\n"
    ),
    "mail, an encoding that is none": lambda secret: _mail(
        WORDS.encode() + bytes(range(256)) * 200, "text/plain; charset=idna"
    ),
    "mail, bytes of no encoding": lambda secret: _mail(bytes(range(128, 256)) * 20_000),
    "mail, quotations of quotations": lambda secret: _mail(b"> " * 500_000 + WORDS.encode()),
    "mail, 40,000 lines that someone wrote": lambda secret: _mail(b"On Monday, 2 March 2026, a wrote:\n> b\n" * 40_000),
    "mail, 20,000 letters in a box": lambda secret: (
        b"From a@b Mon Mar  2 17:40:00 2026\nFrom: a@b\nMessage-ID: 1\nSubject: c\n\nWords.\n\n" * 20_000
    ),
    "mail, another file": lambda secret: _mail(
        WORDS.encode(), f'message/external-body; access-type=local-file; name="{secret}"'
    ),
    "mhtml, a page nested deeply": lambda secret: test_mhtml.saved(page="<div>" * 200_000 + WORDS),
    "mhtml, another file": lambda secret: test_mhtml.saved(
        page=f'<p>{WORDS}</p><iframe src="{secret}"></iframe><link rel="stylesheet" href="file://{secret}">'
    ),
    "msg, 2 MB of words": lambda secret: test_msg.letter(WORDS * 10_000),
    "msg, sectors in a circle": lambda secret: test_msg.outlook(_1000001F=b"a\0" * 4_000, loop=True),
    "captions, 200,000 cues": lambda secret: _cues(200_000, "a"),
    "captions, 100,000 cues of words": lambda secret: _cues(100_000, WORDS[:40]),
    "captions, one cue of 2 MB": lambda secret: _cues(1, WORDS * 20_000),
    "captions, 400,000 lines in one cue": lambda secret: _cues(1, "a b\n" * 400_000),
    "captions, rolling lines": lambda secret: _cues(300, "\n".join(["a a a a"] * 1_000)),
    "captions, a megabyte of voices": lambda secret: _cues(1, "<v a>" * 200_000),
    "captions, a megabyte of tags": lambda secret: _cues(1, "<c." * 300_000),
    "captions, times alone": lambda secret: _cues(300_000, ""),
    "pdf, millions of letters": lambda secret: test_pdf.bomb(),
    "pdf, 300,000 pages": lambda secret: _pdf(b"3 0 R", 300_000),
    "pdf, pages in themselves": lambda secret: _pdf(b"2 0 R", 5),
    "pdf, nested deeply": lambda secret: _pdf(b"[" * 500_000, 1),
    "text, a megabyte of letters": lambda secret: b"a" * 1_000_000,
    "text, quotes of quotes": lambda secret: b"> " * 100_000 + WORDS.encode(),
    "text, a megabyte of brackets": lambda secret: WORDS.encode() + b"[" * 1_000_000,
    "latex, commands in commands": lambda secret: _tex(_doubled("ha ", "\\newcommand{{\\{}}}{{{}}}", "\\{} ")),
    "latex, a command in itself": lambda secret: _tex("\\def\\xa#1{\\xa{#1#1}\\xa{#1#1}}\\xa{ha}"),
    "latex, nested deeply": lambda secret: _tex("{" * 1_000_000),
    "latex, lists in lists": lambda secret: _tex("\\begin{itemize}\\item a " * 100_000),
    "latex, nested as deeply as is read": lambda secret: _tex("\\begin{itemize}\\item a " * 60 + "\\end{itemize}" * 60),
    "latex, a formula nested deeply": lambda secret: _tex("$" + "\\frac{" * 100_000 + "$"),
    "latex, 100,000 powers": lambda secret: _tex("$10^{6}$ " * 100_000),
    "latex, definitions without end": lambda secret: _tex("\\newcommand{\\xa}{a\n" * 50_000),
    "latex, titles without end": lambda secret: _tex("\\title{a\n" * 50_000),
    "latex, code without end": lambda secret: _tex("\\begin{verbatim}\n" * 50_000),
    "latex, what is false without end": lambda secret: _tex("\\iffalse\n" * 100_000),
    "latex, formulas without end": lambda secret: _tex("\\(a " * 100_000),
    "latex, 400,000 prices": lambda secret: _tex("$ " * 400_000),
    "latex, words without end": lambda secret: _tex("\\verb|" * 100_001),
    "latex, options without end": lambda secret: _tex("\\xa[" * 100_000),
    "latex, options in options": lambda secret: _tex("\\xa[{" * 500 + "}]" * 500),
    "latex, a million cells": lambda secret: _tex(f"\\begin{{tabular}}{{l}}{'a & ' * 1_000_000}\\end{{tabular}}"),
    "latex, 150,000 citations": lambda secret: _tex("Owls hunt~\\cite{a}, " * 50_000 + "\\cite{a} " * 100_000),
    "latex, one word of a megabyte": lambda secret: _tex(f"{'a' * 1_000_000}~\\cite{{a}} {'~' * 200_000}\\cite{{a}}"),
    "latex, prices in braces": lambda secret: _tex("$ {" * 60),
    "latex, spaces behind a command": lambda secret: _tex(f"\\xa{' ' * 300_000}a\\newcommand{{\\xa}}{' ' * 300_000}a"),
    "latex, a million comments": lambda secret: _tex("%\n" * 1_000_000),
    "latex, one line of 2 MB": lambda secret: _tex(WORDS * 20_000),
    "latex, another file": lambda secret: _tex(
        f"\\input{{{secret}}}\\include{{{secret}}}\\input {secret} \\verbatiminput{{{secret}}}"
        f"\\lstinputlisting{{{secret}}}"
    ),
    "rst, names in names": lambda secret: _rst(_doubled("ha", ".. |{}| replace:: {}\n", "|{}| ")),
    "rst, a name in itself": lambda secret: _rst(".. |a| replace:: |b|\n.. |b| replace:: |a| |a|\n\n|a|"),
    "rst, nested deeply": lambda secret: _rst("".join(f"{' ' * depth}a\n\n" for depth in range(1_500))),
    "rst, lists in lists on a line": lambda secret: _rst("- " * 100_000 + "a"),
    "rst, notes in notes": lambda secret: _rst(
        "".join(f"{'   ' * depth}.. note::\n\n" for depth in range(300)) + "   " * 300 + "a"
    ),
    "rst, 10,000 cells": lambda secret: _rst("+" + "---+" * 100 + ("\n|" + " a |" * 100 + "\n+" + "---+" * 100) * 100),
    "rst, 50,000 columns": lambda secret: _rst("= " * 50_000 + "\n" + "a " * 50_000 + "\n" + "= " * 50_000),
    "rst, a table of 5,000 lines": lambda secret: _rst("==  ==\n" + "a   b\n" * 5_000 + "==  =="),
    "rst, 3,000 references": lambda secret: _rst("`a`_ b_ [1]_ " * 3_000),
    "rst, 5,000 targets of one name": lambda secret: _rst(".. _a: b\n" * 5_000),
    "rst, marks without end": lambda secret: _rst("*a ``b `c |d " * 2_000),
    "rst, 100,000 stars": lambda secret: _rst("a " + "*" * 100_000),
    "rst, 5,000 headings": lambda secret: _rst("Food\n----\n\n" * 5_000),
    "rst, 2,000 notes": lambda secret: _rst(".. [#] a\n" * 2_000),
    "rst, a directive of many names": lambda secret: _rst("".join(f".. a{n}:: b\n" for n in range(2_000))),
    "rst, 8,000 comments": lambda secret: _rst("..\n\n" * 8_000),
    "rst, one line of 1 MB": lambda secret: _rst(WORDS * 10_000),
    "rst, 1 MB of words": lambda secret: _rst(f"{WORDS}\n\n" * 10_000),
    "rst, another file": lambda secret: _rst(
        f".. include:: {secret}\n\n.. literalinclude:: {secret}\n\n.. raw:: html\n   :file: {secret}\n\n"
        f".. csv-table::\n   :file: {secret}\n\n.. code::\n   :file: {secret}\n\n"
        f".. role:: raw-html(raw)\n   :format: html\n\n.. |a| include:: {secret}\n\n|a| :raw-html:`<a>`\n\n"
        f".. parsed-literal::\n   :file: {secret}\n\n.. math::\n   :file: {secret}\n"
    ),
    "asciidoc, names in names": lambda secret: _asciidoc(_doubled("ha ", "\n:{}: {}\n", "{{{}}}", 4) + "{xd}" * 1_000),
    "asciidoc, names of a megabyte": lambda secret: _asciidoc(f":xa: {'a ' * 500_000}\n\n{'{xa}' * 5_000}"),
    "asciidoc, a name in itself": lambda secret: _asciidoc(f":xa: {'{xa}' * 500}\n\n{'{xa}' * 500}"),
    "asciidoc, code without end": lambda secret: _asciidoc(
        "".join(f"{'-' * (4 + n)}\n\n" for n in range(1_500)) + "a\n\n" * 40_000
    ),
    "asciidoc, tables without end": lambda secret: _asciidoc("|===\na\n\n" * 50_001),
    "asciidoc, a million cells": lambda secret: _asciidoc(f"|===\n{'|a ' * 1_000_000}\n|==="),
    "asciidoc, 20,000 cells of sentences": lambda secret: _asciidoc(
        f"|===\n{('|It rained on Monday, and the mayor of Oulu stayed.' + chr(10)) * 20_000}|==="
    ),
    "asciidoc, 10,000 tables": lambda secret: _asciidoc(
        "|===\n|It rained on Monday, and the mayor of Oulu stayed.\n|===\n\n" * 10_000
    ),
    "asciidoc, conditions in conditions": lambda secret: _asciidoc("ifndef::a[]\n" * 100_000 + "a"),
    "asciidoc, 50,000 lines on a condition": lambda secret: _asciidoc("ifndef::a[a b c]\n\n" * 50_000),
    "asciidoc, examples in examples": lambda secret: _asciidoc(
        "".join(f"{'=' * (4 + n)}\n" for n in range(3_000)) + WORDS
    ),
    "asciidoc, marks without end": lambda secret: _asciidoc("*a _b `c #d +e " * 40_000),
    "asciidoc, a megabyte of stars": lambda secret: _asciidoc("a " + "*" * 1_000_000),
    "asciidoc, a megabyte of brackets": lambda secret: _asciidoc("a " + "[" * 900_000 + "<<" * 70_000),
    "asciidoc, notes without end": lambda secret: _asciidoc("a footnote:[" * 50_000 + "pass:[" * 50_000),
    "asciidoc, a megabyte of spaces": lambda secret: _asciidoc(f"== a{' ' * 300_000}b\n\na{' ' * 300_000}b"),
    "asciidoc, a heading of spaces": lambda secret: _asciidoc(f"= {'a ' * 300_000}=="),
    "asciidoc, powers without end": lambda secret: _asciidoc("a^b~c" * 100_000),
    "asciidoc, a cell of digits": lambda secret: _asciidoc(f"|===\n|{'1' * 300_000}{'1.' * 100_000} a\n|==="),
    "asciidoc, terms": lambda secret: _asciidoc("a:: b\n" * 50_000),
    "asciidoc, one line of 2 MB": lambda secret: _asciidoc(WORDS * 20_000),
    "asciidoc, another file": lambda secret: _asciidoc(
        f"include::{secret}[]\n\n|===\n|include::{secret}[]\n|===\n\n----\ninclude::{secret}[]\n----\n"
    ),
    "org, blocks without end": lambda secret: _org("#+begin_src\n" * 50_000),
    "org, drawers without end": lambda secret: _org(":a:\nb\n" * 50_000),
    "org, equations without end": lambda secret: _org("\\begin{a}\nb\n" * 20_000),
    "org, displayed formulas without end": lambda secret: _org("\\[\n" * 50_000),
    "org, quotations in quotations": lambda secret: _org("#+begin_quote\n" * 20_000 + "#+end_quote\n" * 20_000),
    "org, a million cells": lambda secret: _org("| a " * 1_000_000 + "|\n"),
    "org, 50,000 tables of sentences": lambda secret: _org(
        "| It rained on Monday, and the mayor of Oulu stayed. |\n\n" * 50_000
    ),
    "org, nested deeply": lambda secret: _org("".join(f"{'*' * depth} a\n" for depth in range(1, 2_000))),
    "org, a heading of spaces": lambda secret: _org(f"* a{' ' * 200_000}b\n* {':a' * 200_000}"),
    "org, links without end": lambda secret: _org("[[a][b " * 50_000),
    "org, links in links": lambda secret: _org("[[a][" + "[b] " * 50_000),
    "org, notes without end": lambda secret: _org("a [fn:b " * 50_000),
    "org, macros without end": lambda secret: _org("a {{{b( @@c: src_d{ <<e " * 30_000),
    "org, marks without end": lambda secret: _org("*a /b _c =d ~e +f " * 50_000),
    "org, powers": lambda secret: _org("a^{b}_{c} " * 100_000),
    "org, dates": lambda secret: _org("<2026-06-01 Mon 10:00" * 50_000),
    "org, planned with spaces": lambda secret: _org(f"DEADLINE: <2026-06-01>{' ' * 300_000}a"),
    "org, planned": lambda secret: _org(f"DEADLINE: {'<2026-06-01>' * 50_000} a\n" + "SCHEDULED: " * 50_000),
    "org, a title of many lines": lambda secret: _org("#+TITLE: a\n" * 20_000),
    "org, one line of 2 MB": lambda secret: _org(WORDS * 20_000),
    "org, another file": lambda secret: _org(
        f'#+INCLUDE: "{secret}"\n#+SETUPFILE: {secret}\n[[file:{secret}]]\n#+begin_src sh :file {secret}\n#+end_src\n'
    ),
    "man, strings in strings": lambda secret: _man(_doubled("ha ", ".ds {} {}", "\\*[{}]")),
    "man, a macro in itself": lambda secret: _man(".de xa\n.xa\n..\n.xa"),
    "man, conditions in conditions": lambda secret: _man(".if n " * 100_000 + "a"),
    "man, conditions on 100,000 lines": lambda secret: _man(".if n \\{\\\n" * 100_000),
    "man, definitions without end": lambda secret: _man(".de xa\n" * 200_000),
    "man, nested deeply": lambda secret: _man(".Bl -tag\n.It Fl a\n" * 100_000),
    "man, macros on a line": lambda secret: _man(".Op " + "Op Fl a " * 200_000),
    "man, a million cells": lambda secret: _man(".TS\nl.\n" + "a\t" * 1_000_000 + "\n.TE"),
    "man, escapes without end": lambda secret: _man("\\[a" * 100_000 + "\\s'a" * 100_000 + "\\*[" * 100_000),
    "man, moved letters": lambda secret: _man("a\\ub\\d" * 100_000 + "\\u" * 100_000),
    "man, one line of 2 MB": lambda secret: _man(WORDS * 20_000),
    "man, a line that goes on": lambda secret: _man("a\\\n" * 500_000),
    "man, joined lines": lambda secret: _man("a\\c\n" * 300_000),
    "man, spaces before a comment": lambda secret: _man(f'.B a{" " * 300_000}b \\" a'),
    "man, quotes": lambda secret: _man('.B "' + '"" ' * 300_000 + "\n.B " + '"' * 300_001),
    "man, another file": lambda secret: _man(
        f".so {secret}\n.mso {secret}\n.so {secret}\n.pso cat {secret}\n.nx {secret}"
    ),
    "man, only another file": lambda secret: f".so {secret}\n".encode(),
    "notebook, nested deeply": lambda secret: _notebook("[" * 1_000_000),
    "notebook, lists in lists": lambda secret: _notebook(
        f'{_cell(WORDS)}, {{"cell_type": "markdown", "source": {"[" * 900}{"]" * 900}}}'
    ),
    "notebook, 100,000 cells": lambda secret: _notebook(
        ", ".join(['{"cell_type": "markdown", "source": "a"}'] * 100_000)
    ),
    "notebook, a million lines": lambda secret: _notebook(
        f'{{"cell_type": "markdown", "source": [{", ".join(["1"] * 1_000_000)}]}}'
    ),
    "notebook, one line of 2 MB": lambda secret: _notebook(_cell(WORDS * 20_000)),
    "notebook, an output of 200 MB": lambda secret: _notebook(
        _cell(WORDS) + ', {"cell_type": "code", "source": "", "outputs": [{"data": "' + "A" * 200_000_000 + '"}]}'
    ),
    "notebook, a number without end": lambda secret: _notebook(
        f'{_cell(WORDS)}, {{"cell_type": "heading", "level": {"9" * 3_000_000}, "source": "a"}}'
    ),
    "notebook, a megabyte of brackets": lambda secret: _notebook(_cell(f"{WORDS}{'[' * 1_000_000}")),
    "notebook, another file": lambda secret: _notebook(
        _cell(f"{WORDS}\n\n![a]({secret})\n\n<iframe src='{secret}'></iframe>\n\n{{{{include {secret}}}}}")
    ),
}
