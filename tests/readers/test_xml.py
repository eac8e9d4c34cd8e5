"""XML: named characters, a document's own entities, and entities that are out to do harm."""

from __future__ import annotations

import pytest

pytest.importorskip("lxml")
from fastsum.readers.blocks import Unreadable
from fastsum.readers.xml import parse


def text(body: str, prolog: str = "", unknown: set[str] | None = None) -> str:
    return "".join(parse(f"{prolog}<a>{body}</a>".encode(), unknown).itertext())


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("25&ndash;30 caf&eacute;s", "25–30 cafés"),
        ("3&times; &alpha;&nbsp;&percnt; &thinsp;&plusmn;&minus;&le;&deg;", "3× α\xa0% \u2009±−≤°"),
        ("AT&amp;T &lt; &#945; &#x3b1; &amp;ndash;", "AT&T < α α &ndash;"),
        ("<![CDATA[a &ndash; b <i>]]> &ndash;", "a &ndash; b <i> –"),
        ("<b><![CDATA[one]]></b>&ndash;<![CDATA[<![CDATA[]]>", "one–<![CDATA["),
    ],
)
def test_named_characters(body: str, shown: str) -> None:
    assert text(body) == shown


def test_entities_of_the_document_s_own() -> None:
    prolog = """<?xml version="1.0"?><!DOCTYPE a PUBLIC "-//x//[>" 'y' [
    <!-- <!ENTITY hero "Nobody"> ]> it's -->
    <!ELEMENT a ANY> <!ENTITY hero "Marianne"> <!ENTITY hero "Second">
    <!ENTITY ship '<b>&hero; of "Oulu"</b>'> <!ENTITY ndash "--">]>"""
    assert text("&ship;, &hero; &ndash;", prolog) == 'Marianne of "Oulu", Marianne --'


def test_unknown_names_are_told() -> None:
    unknown: set[str] = set()
    assert text("a &nothing; b &file; &nothing;", "<!DOCTYPE a [<!ENTITY file SYSTEM '/etc/hostname'>]>", unknown) == (
        "a &nothing; b &file; &nothing;"
    )
    assert unknown == {"nothing", "file"}


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("subset", "body"),
    [
        ("".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "owl " * 10}">' for n in range(12)), "&e11;"),
        (f'<!ENTITY e "{"owl " * 10_000}">', "&e;" * 1000),
        ('<!ENTITY e "&f;"><!ENTITY f "&e;">', "&e;"),
    ],
)
def test_entities_that_expand_to_too_much_are_refused(subset: str, body: str) -> None:
    with pytest.raises(Unreadable, match="expand to over 1 MB"):
        text(body, f"<!DOCTYPE a [{subset}]>")


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "start", ["<!DOCTYPE a [", "<!DOCTYPE a ['", "<!DOCTYPE a [" + "<!--" * 100_000, "<![CDATA[" * 100_000]
)
def test_what_is_not_closed_takes_no_time(start: str) -> None:
    with pytest.raises(Unreadable, match="damaged or cut off"):
        text("&eacute;" * 1000, start)


def test_an_id_that_is_no_name_loses_no_text() -> None:
    root = parse(b'<text><p xml:id="50cad">The gauge stood at 50 cm.</p></text>')
    assert "".join(root.itertext()) == "The gauge stood at 50 cm."
    with pytest.raises(Unreadable, match="damaged or cut off"):
        parse(b'<text><p xml:id="50cad">The gauge stood at 50 cm.</text>')
