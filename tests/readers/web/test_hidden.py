"""What a page does not show is not read, and what it shows is."""

from __future__ import annotations

import pytest

pytest.importorskip("lxml")
from lxml import etree

from fastsum.readers.web.hidden import remove_hidden

STYLE = "<style>{}</style>"


def shown(inside: str, head: str = "") -> tuple[str, dict[str, str]]:
    source = f"<html><head>{head}</head><body>{inside}</body></html>".encode()
    tree = etree.fromstring(source, etree.HTMLParser(encoding="utf-8"))
    gone = dict(remove_hidden(tree, source))
    return " ".join("".join(tree.find("body").itertext()).split()), gone


@pytest.mark.parametrize(
    "hidden",
    [
        "<div hidden><p>Gone.</p></div>",
        "<div style='color:red; DISPLAY : None'>Gone.</div>",
        "<p style='visibility:hidden'>Gone.</p>",
        "<span aria-hidden='true'>Gone.</span>",
        "<span class='x sr-only'>Gone.</span>",
        "<p style='mso-hide:all'>Gone.</p>",
        "<p style='position:absolute;left:-9999px'>Gone.</p>",
        "<dialog>Gone.</dialog>",
        "<span class='mw-editsection'>Gone.</span>",
    ],
)
def test_hidden_text_is_emptied(hidden: str) -> None:
    assert shown(f"<p>Seen.</p>{hidden}<p>Too.</p>") == ("Seen.Too.", {"hidden text": "Gone."})


@pytest.mark.parametrize(
    "struck", ["<del>10</del>", "<s>10</s>", "<span style='text-decoration: line-through'>10</span>"]
)
def test_struck_out_text_is_emptied(struck: str) -> None:
    assert shown(f"It costs {struck} 12.") == ("It costs 12.", {"struck-out text": "10"})


@pytest.mark.parametrize(
    ("css", "text"),
    [
        (".n { display: none }", "Seen."),
        ("#m, .other{color:red;display:none!important}", "Seen."),
        ("/* .n {} */ p.n{visibility:hidden}", "Seen."),
        ("@import 'a.css'; .n{display:none}", "Seen."),
        ("@media print { .n { display: none } } .x{display:none}", "Seen. Perhaps."),
        (".n{display:none} .tab .n{display:block}", "Seen. Perhaps."),
        (".js .n{display:none}", "Seen. Perhaps."),
        (".n{opacity:0}", "Seen. Perhaps."),
    ],
)
def test_style_sheets_of_the_page_hide(css: str, text: str) -> None:
    assert shown("Seen. <p class='a n' id=m>Perhaps.</p>", STYLE.format(css))[0] == text


def test_a_page_behind_a_dialog_is_read() -> None:
    page = f"<div aria-hidden='true'>{'Owls sleep by day. ' * 30}</div><p>Accept?</p>"
    assert "Owls sleep" in shown(page)[0]
    assert "Owls sleep" in shown(f"<div style='visibility:hidden'>{page}</div>")[0]


@pytest.mark.timeout(20)
def test_many_hidden_elements_take_no_time_beyond_their_number() -> None:
    assert shown("a<i hidden>b</i>" * 50_000)[0] == "a" * 50_000
    assert shown("x", STYLE.format("@media{" * 50_000))[0] == "x"


@pytest.mark.timeout(20)
def test_many_large_hidden_parts_take_linear_time() -> None:
    hidden = f"<div aria-hidden='true'>{'Gone again. ' * 30}</div>"
    assert shown(f"<p>{'Seen. ' * 100}</p>{hidden * 20_000}")[0] == "Seen. " * 99 + "Seen."
