"""Pages: the main text, without what is around it."""

from __future__ import annotations

import socket

import pytest

pytest.importorskip("trafilatura")
from fastsum.readers import html
from fastsum.readers.blocks import Unreadable
from fastsum.text.cleaning import clean

PAGE = """\
<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Otters return - The Valley Post</title>
<style>p { color: red }</style><script src="http://nowhere.invalid/a.js">var read = "never read this";</script></head>
<body>
<div id="cookie-banner" class="cookie-consent"><p>We use cookies to make your visit better. Accept them, or leave.</p>
<button>Accept all</button></div>
<header><a href="/">The Valley Post</a><nav><ul><li><a href="/news">News of today</a></li>
<li><a href="/weather">Weather today and tomorrow</a></li></ul></nav></header>
<main><article>
<h1>Otters return to the river</h1>
<p class="byline">By Anna Field</p>
<p>After forty years without a single sighting, otters have come back to the river, and the people who live along its
banks could not be happier.</p>
<h2>A slow recovery</h2>
<p>The last otter was seen in 1983<sup><a href="#n1">[1]</a></sup>, a year after the tannery upstream began to empty its
vats into the water. The tannery closed in 1999, and the fish came back within ten years.</p>
<ul><li>Twelve holts were built by volunteers.</li><li>Four thousand willows were planted.</li></ul>
<table><tr><th>Year</th><th>Tracks</th></tr><tr><td>2019</td><td>3</td></tr></table>
<blockquote><p>I had tears in my eyes when I saw the first one,<br>said a man who has fished here for years.</p>
</blockquote>
<aside class="related"><h3>Related stories</h3><p>Read also: the heron that would not leave the mill pond.</p></aside>
<h3>What comes next</h3>
<p>The trust wants to open a hide near the old bridge next year, and half of the money has been raised.</p>
</article>
<section id="comments"><h2>Comments</h2>
<div class="comment"><p>First! This is the best news of the whole year.</p></div></section></main>
<footer><p>Copyright The Valley Post. All rights reserved. Subscribe to our newsletter for more stories.</p></footer>
</body></html>
"""


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a page was fetched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def test_the_main_text_is_read_with_its_headings() -> None:
    reading = html.read(PAGE.encode())
    assert reading.title == "Otters return to the river"
    lines = reading.text.split("\n\n")
    assert [line for line in lines if line.startswith("#")] == [
        "# Otters return to the river",
        "## A slow recovery",
        "### What comes next",
    ]
    assert "- Twelve holts were built by volunteers." in lines
    assert any(line.startswith("After forty years") and line.endswith("happier.") for line in lines)
    assert any(line.startswith("The last otter was seen in 1983, a year after") for line in lines)
    assert any("the first one, said a man" in line for line in lines)


@pytest.mark.parametrize(
    "gone",
    ["cookies", "never read", "Weather", "Related", "heron", "First!", "Copyright", "newsletter", "2019", "color"],
)
def test_what_is_around_the_text_is_left_out(gone: str) -> None:
    assert gone not in html.read(PAGE.encode()).text


def test_tables_that_lay_out_a_page_are_read() -> None:
    cell = "<td><p>{} of the old pages had a table around all of their text, and so has this one.</p></td>"
    page = f"<html><body><table><tr><td>Menu</td>{cell.format('One')}</tr><tr><td>"
    page += f"<table><tr>{cell.format('Two')}</tr></table></td></tr></table></body></html>"
    text = html.read(page.encode()).text
    assert "One of the old pages" in text
    assert "Two of the old pages" in text
    assert text.count("Two of the old pages") == 1


def test_paragraphs_and_headings_are_those_of_the_page() -> None:
    paragraphs = [
        f"The {name} came back to the river in spring, and the people along its banks wrote down where they saw it."
        for name in ("otter", "heron", "beaver", "salmon", "dipper", "kingfisher")
    ]
    parts = "".join(
        f'<div class="section"><div><div><h2>{number}. Part</h2></div></div><div class="para">{text}</div></div>'
        for number, text in enumerate(paragraphs, start=1)
    )
    page = (
        "<html><body><div id=nav><h3>Elsewhere</h3><h3>Also elsewhere</h3><ul><li><a href=x>Home</a></li></ul></div>"
        f"<div class=chapter><h1>The river</h1>{parts}</div></body></html>"
    )
    lines = html.read(page.encode()).text.split("\n\n")
    assert [line for line in lines if not line.startswith("#")] == paragraphs
    assert [line for line in lines if line.startswith("#")] == [
        "# The river",
        *(f"## {number}. Part" for number in range(1, 7)),
    ]


def test_contents_and_code_among_the_text_are_left_out() -> None:
    paragraph = (
        "The {} reads the list from the top, and the first line that fits the name of the file is the one it takes."
    )
    parts = "".join(
        f"<div><h2>{n}. Rules</h2><div>{paragraph.format(name)}</div><pre># {name}\ninstall {name} now</pre></div>"
        for n, name in enumerate(("server", "client", "editor", "installer", "compiler", "player"), start=1)
    )
    links = "".join(f'<dt><a href="#p{n}">{n}. Rules</a></dt>' for n in range(1, 7))
    page = f"<html><body><div><h1>Rules</h1><dl>{links}</dl>{parts}</div></body></html>"
    lines = html.read(page.encode()).text.split("\n\n")
    assert not [line for line in lines if line.startswith("- ") or "install" in line.split()]
    assert len([line for line in lines if not line.startswith("#")]) == 6


def test_an_empty_line_ends_a_paragraph_and_a_line_break_does_not() -> None:
    first = "The mill was built in 1790 and ground the corn of nine villages,<br>until the railway came to the valley."
    second = "Then it stood empty for sixty years, and its wheel was sold for the weight of the iron that was in it."
    lines = html.read(f"<html><body><article>{first}<br> <br>{second}</article></body></html>".encode()).text
    assert lines.split("\n\n") == [first.replace("<br>", " "), second]


def test_preformatted_text_has_paragraphs() -> None:
    first = "A client sends a request to the server and waits\nuntil the answer has come, however long it takes."
    second = "A server that cannot answer says so at once, and\nsays when the client may ask for it again."
    lines = html.read(f"<html><body><pre>{first}\n\n{second}</pre></body></html>".encode()).text
    assert lines.split("\n\n") == [first.replace("\n", " "), second.replace("\n", " ")]


def test_a_page_without_spaces_between_its_words_is_read() -> None:
    text = "川のほとりに住む人々は、四十年ぶりに戻ってきたカワウソを見て、とても喜んでいるという。"
    assert (
        text
        in html.read(f"<html><body><article><p>{text}</p><p>{text[::-1]}</p></article></body></html>".encode()).text
    )


def test_references_of_a_page_are_left_out() -> None:
    filler = "<p>Owls hunt at night over rough grassland, and they find their prey by ear alone in the dark.</p>" * 5
    page = (
        f"<html><body><article><h1>Owls</h1>{filler}<h2>References</h2><ol><li>Field 1999, on the owls of the valley."
    )
    page += "</li><li>Marsh 2004, on the mice of the valley and the grass.</li></ol></article></body></html>"
    assert "Field 1999" not in html.read(page.encode()).text


SENTENCES = [
    f"The {name} came back to the river in spring, and the people along its banks wrote down where they saw it."
    for name in ("otter", "heron", "beaver", "salmon", "dipper", "kingfisher")
]
FOOTER = "<p>Copyright 2026 by The Valley Post, which is made by the people of the valley for the people of it.</p>"


@pytest.mark.parametrize(
    "page",
    [
        "<table><tr><td width=120><a href=a>Home</a></td><td><table><tr><td>{0}<br><br>{1}</td></tr><tr><td><font>"
        "{2}<br><br>{3}</font></td></tr></table></td></tr></table>",
        "<pre>\n   THE RIVER\n\n{0}\n\n{1}\n\n   Sec. 2. Birds\n\n{2}\n\n{3}\n</pre>",
        "<div>{0}<br><br>{1}<br><br>{2}<br><br>{3}</div>",
        "<center><table><tr><td>{0}</td></tr><tr><td>{1}</td></tr><tr><td><p>{2}<p>{3}</td></tr></table></center>",
    ],
)
def test_old_pages_are_read_and_not_their_footer_alone(page: str) -> None:
    source = f"<html><body>{page.format(*SENTENCES)}<hr>{FOOTER}</body></html>"
    lines = html.read(source.encode()).text.split("\n\n")
    assert [line for line in lines if line in SENTENCES] == SENTENCES[:4]


def page(*parts: str, root: str = "<html>") -> bytes:
    article = "".join(f"<p>{text}</p>" for text in SENTENCES)
    return f"{root}<body><article><h1>The river</h1>{article}{''.join(parts)}</article></body></html>".encode()


@pytest.mark.parametrize(
    ("part", "shown"),
    [
        ("<p>Each bottle of the second year held 10<sup>6</sup> cells in 25 km<sup>2</sup> of CO<sub>2</sub>.</p>",
         "Each bottle of the second year held 10^6 cells in 25 km^2 of CO2."),
        ("<p>Each bottle of the second year held <span class=katex><span class=katex-mathml><math><mn>7</mn></math>"
         "</span><span class=katex-html aria-hidden=true>7</span></span> cells.</p>",
         "Each bottle of the second year held 7 cells."),
        ("<p>The price of the otters fell in the first year from <del>ten</del> twelve to eight crowns.</p>",
         "The price of the otters fell in the first year from twelve to eight crowns."),
        ("<p>The otters were counted on <time>5 May 2020</time>, and <output>12</output> of them had young.</p>",
         "The otters were counted on 5 May 2020, and 12 of them had young."),
        ("<p>Press the <button>Count</button> key<template>not</template> to see how many otters were there.</p>",
         "Press the Count key to see how many otters were there."),
    ],
)  # fmt: skip
def test_signs_of_the_text_are_kept(part: str, shown: str) -> None:
    assert shown in html.read(page(part)).text.split("\n\n")


@pytest.mark.parametrize(
    "hidden",
    [
        "<div hidden><p>{}</p></div>",
        "<p style='display:none'>{}</p>",
        "<style>.x{{display:none}}</style><p class=x>{}</p>",
    ],
)
def test_hidden_text_is_left_out_and_counted(hidden: str) -> None:
    reading = html.read(
        page(hidden.format("The secret price of an otter is known to nobody but the mayor of the town."))
    )
    assert "secret" not in reading.text
    assert ("hidden text", 1) in [part[:2] for part in reading.left_out]


def test_what_is_left_out_of_the_text_is_counted() -> None:
    code = "<pre>for (i = 0; i &lt; 5; i++) { print(otters[i]); }</pre>"
    table = "<table><tr><th>Year</th><th>Otters</th></tr><tr><td>2019</td><td>3</td></tr></table>"
    figure = "<figure><img src=a><figcaption>An otter.</figcaption></figure>"
    last = "<p>The trust wants to open a hide near the old bridge next year, and half of the money is there.</p>"
    counted = {part.what: part.letters for part in html.read(page(code, table, figure, last)).left_out}
    assert {"code", "tables", "figure captions"} <= set(counted)
    assert counted["tables"] == 15


@pytest.mark.parametrize("root", ["<html>", '<html xmlns="x">'])
def test_cdata_is_text(root: str) -> None:
    part = "<p>The rule of the river is <![CDATA[<otters> & herons first]]>, as everyone on its banks knows.</p>"
    assert "is <otters> & herons first, as" in html.read(page(part, root=root)).text


@pytest.mark.parametrize(
    "page",
    [
        "",
        "<html></html>",
        "<html><body><nav><a href='/'>Home</a></nav><div id='app'></div><script>draw()</script></body>",
    ],
)
def test_a_page_without_text_says_what_to_do(page: str) -> None:
    with pytest.raises(Unreadable, match="has no"):
        html.read(page.encode())


def test_moderate_nesting_is_read_and_excess_refused() -> None:
    text = "<p>Somewhere in all of these boxes there is one sentence that is worth the reading of it.</p>"
    assert "worth the reading" in html.read(f"<html><body>{'<div>' * 400}{text}".encode()).text
    with pytest.raises(Unreadable, match="nested too deep"):
        html.read(f"<html><body>{'<div>' * 100_000}{text}".encode())


def test_a_page_of_one_sentence_is_not_its_menus() -> None:
    stories = "".join(
        f"<div><a href='/{day}'>Paper {day} on the island</a>May {day}, 2022</div>" for day in range(1, 12)
    )
    sentence = "The council has said that the ferry to the island will sail again before the end of the summer."
    page = (
        '<html><body><div><a href="/">Home</a> <a href="/i">Issues</a></div><div><h1>The ferry</h1><div>Photo: A. Field'
        f"</div><div>Share</div></div><div><div>{sentence}</div></div><div>{stories}</div></body></html>"
    )
    assert html.read(page.encode()).text.split("\n\n")[-1] == sentence


@pytest.mark.parametrize(
    "script", ["<script/>read();</script>", '<script src="a.js"/>', '<script src="a.js"/><script>b()</script>']
)
def test_scripts_that_say_they_are_closed_hide_no_text_and_are_none(script: str) -> None:
    text = html.read(PAGE.replace("<h2>A slow", f"{script}<h2>A slow").encode()).text
    assert "read()" not in text
    assert "b()" not in text
    assert "Twelve holts" in text


def test_an_rfc_as_a_page_is_the_text_it_shows() -> None:
    """The heads and feet of its pages do not come between the sentences."""
    page = "{}\nThe gauge stood at {} cm, and\n\n\nAda Brandt          [Page {}]\n"
    pages = [
        page.format("" if number == 1 else "Internet-Draft   Gauges   2026\n\n", number, number) for number in (1, 2, 3)
    ]
    content = "<html><head><title>Gauges</title></head><body><span>[Docs] [txt]</span>"
    content += "<hr>".join(f"<pre class='newpage'><b>{text}</b></pre>" for text in pages) + "</body></html>"
    reading = html.read(content.encode())
    assert reading.title == "Gauges"
    assert " ".join(clean(reading.text).split()).startswith("The gauge stood at 1 cm, and The gauge stood at 2 cm, and")
    assert "[Docs]" not in reading.text


@pytest.mark.parametrize(
    ("end", "shown"), [("", "q[2]"), ("<h2>References</h2><ol><li>A. Field, Owls.</li></ol>", "q")]
)
def test_numbers_in_brackets_are_citations_only_where_the_page_lists_works(end: str, shown: str) -> None:
    prose = "The board counted the boats at each of its quays, and wrote them in a book that is kept there. " * 4
    source = (
        f"<html><body><main><h1>Boats</h1><p>{prose}</p><p>{prose} The rest is q[2] for each.</p>{end}</main></body>"
    )
    assert f"The rest is {shown} for each." in html.read(source.encode()).text


def test_items_between_paragraphs_of_the_text_are_read() -> None:
    page = (
        "<html><body><p>The plant was built by the town over many years and it still stands today.</p>"
        "<ul><li>The first part was built in 1901.</li><li>The second part was built in 1920 by Ada.</li></ul>"
        "<p>The town paid for all of it with a tax on ships that came into the harbour.</p></body></html>"
    )
    assert "- The first part was built in 1901." in html.read(page.encode()).text


def test_bold_labels_that_come_back_end_with_a_colon() -> None:
    said = (
        "Otters were counted in all of the rivers that year.",
        "Owls were not counted, since it was too cold for it.",
    )
    part = "".join(f"<p><strong>Summary</strong> {text}</p><p><b>Owls</b> {text.lower()}</p>" for text in said * 2)
    found = html.read(page(part, f"<p><b>Otters</b> Were {said[0]}</p>")).text.split("\n\n")
    assert f"Summary: {said[0]}" in found
    assert f"Owls {said[1].lower()}" in found
    assert f"Otters Were {said[0]}" in found


def test_terms_stand_with_what_they_mean() -> None:
    terms = "<dl><dt>Holt</dt><dd>The den of an otter, between roots.</dd><dt>Spraint</dt><dd>What it leaves.</dd></dl>"
    assert "- Holt – The den of an otter, between roots." in html.read(page(terms)).text.split("\n\n")


def test_a_bold_line_that_a_paragraph_begins_with_is_a_line_of_its_own() -> None:
    page = PAGE.replace(
        "</article>", "<p><b>Of the wall</b><br>From 12 plans the board took one that was good.</p></article>"
    )
    assert "From 12 plans" not in PAGE
    lines = html.read(page.encode()).text.split("\n\n")
    assert "From 12 plans the board took one that was good." in lines


@pytest.mark.parametrize(
    "shown",
    [
        '<i class="material-icons">bookmark_border</i>',
        '<span class="rollover-people-block"><a href="/ada">Ada Lovelace Example</a></span>',
        '<span class="ref-tooltip-content">Ada in 2019</span>',
    ],
)
def test_names_of_signs_and_what_shows_under_a_pointer_is_hidden(shown: str) -> None:
    page = PAGE.replace("</article>", f"<p>The quay of Ada {shown}was shut by 12 people in the spring.</p></article>")
    assert "The quay of Ada was shut by 12 people in the spring." in html.read(page.encode()).text


def test_a_link_to_another_story_in_capitals_is_navigation() -> None:
    link = '<p><strong><a href="/b">THE QUAY OF THE NORTH IS SHUT FOR THE YEAR</a></strong></p>'
    page = PAGE.replace(
        "</article>", f"{link}<p>The board met on the quay for 12 hours to talk of the wall.</p></article>"
    )
    assert "QUAY OF THE NORTH" not in html.read(page.encode()).text
