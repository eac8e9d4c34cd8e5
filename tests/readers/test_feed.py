"""RSS and Atom: entries with their titles, the fuller of two texts, and HTML in them in every disguise."""

from __future__ import annotations

import pytest

pytest.importorskip("lxml")
from fastsum.readers import feed
from fastsum.readers.blocks import Unreadable

LONG = "The owls of the Mell are well, and they hunt by night."
RSS = f"""<?xml version="1.0" encoding="windows-1252"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>Parish news</title><link>https://nowhere.invalid/</link><description>All that happens.</description>
<image><title>A picture</title></image>
<item><title>Owls &amp;amp; mice</title><description>In short.</description>
<content:encoded><![CDATA[<h2>Findings</h2><p>{LONG}</p><ul><li>One owl</li></ul><pre>x = f(1);</pre>
<p>10<sup>6</sup> mice &amp; more</p><p>The post <a href="x">Owls</a> appeared first on <a href="y">Parish</a>.</p>
<p><a href="x">Continue reading <em>Owls</em> →</a></p><p>Read more of them. They are good.</p>]]>
</content:encoded><pubDate>Mon, 1 May 2023</pubDate><category>Birds</category></item>
<item><title>No fees</title><description>&lt;p&gt;Boats pay &lt;b&gt;no&lt;/b&gt; fees.&lt;/p&gt;</description>
<content:encoded></content:encoded></item>
<item><title>Only a title</title><link>x</link></item>
</channel></rss>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<channel><title>Old news</title><items><rdf:Seq><rdf:li resource="a"/></rdf:Seq></items></channel>
<item><title>One</title><description>It rained.

It stopped at 5 &lt; 6.</description></item></rdf:RDF>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title type="text">Atoms &amp; more</title>
<subtitle>Small.</subtitle>
<entry><title type="html">A &lt;i&gt;new&lt;/i&gt; one</title><summary>Short.</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>It has <em>markup</em>.</p><p>Twice.</p></div>
</content>
</entry><entry><title>Two</title><summary type="text">a &lt;b&gt; c</summary><content src="x" type="image/png"/></entry>
<entry><title>Three</title><content type="html">&lt;p&gt;Escaped &amp;eacute;.&lt;/p&gt;</content></entry></feed>"""
VIDEOS = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"><title>Films</title>
<entry><title>The owl</title><media:group><media:title>The owl</media:title><media:content url="x" type="video/mp4"/>
<media:description>An owl is filmed.</media:description></media:group></entry></feed>"""


def lines(content: str) -> list[str]:
    return feed.read(content.encode()).text.split("\n\n")


def test_rss_is_read_with_the_fuller_text_of_each_item() -> None:
    reading = feed.read(RSS.encode())
    assert reading.text.split("\n\n") == [
        "# Parish news",
        "## Owls & mice",
        "#### Findings",
        LONG,
        "- One owl",
        "10^6 mice & more",
        "Read more of them. They are good.",
        "## No fees",
        "Boats pay no fees.",
        "- Only a title",
    ]
    assert reading.title == "Parish news"
    assert {part.what for part in reading.left_out} == {"code", "navigation"}


def test_rss_of_version_1_is_read() -> None:
    assert lines(RDF) == ["# Old news", "## One", "It rained.", "It stopped at 5 < 6."]


def test_atom_is_read_whether_its_texts_are_plain_escaped_or_xhtml() -> None:
    assert lines(ATOM) == [
        "# Atoms & more",
        "## A new one",
        "It has markup.",
        "Twice.",
        "## Two",
        "a <b> c",
        "## Three",
        "Escaped é.",
    ]


def test_the_descriptions_of_films_are_read() -> None:
    assert lines(VIDEOS) == ["# Films", "## The owl", "An owl is filmed."]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (RSS[: len(RSS) // 2], "damaged or cut off"),
        ("<rss><channel><title>None</title></channel></rss>", "without entries"),
        (
            f"<rss><item><title>Deep</title><description>{'&lt;div>' * 5000}</description></item></rss>",
            "nested too deep",
        ),
    ],
)
def test_what_cannot_be_read_is_refused(content: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        feed.read(content.encode())
