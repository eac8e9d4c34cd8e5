"""The page of a summary: what it says, that nothing in a document can act in it, and how it behaves in Chromium."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from fastsum import Outline, Section, Span, Summary, SummarySentence
from fastsum.summary.page import SHADES, write_page
from fastsum.text.english import rules as english
from fastsum.text.sentences import sentences
from fastsum.text.turns import sentences_of

DOCUMENT = """# A frost in Lindhaven

The harbour froze on Monday night. Fishermen walked to their boats.
Two dogs fell in.

## What follows

- Schools stay closed until Thursday.
- Nobody may walk on the ice, which is thin.
"""
EVIL = (
    "<script>window.hacked=1</script>",
    "</script><script>window.hacked=1</script>",
    "</style></title><script>window.hacked=1</script>",
    "<!-- <script>window.hacked=1</script>",
    "<img src=x onerror=window.hacked=1>",
    "\" onclick=\"window.hacked=1\" ' onfocus='window.hacked=1' autofocus",
    "<svg/onload=window.hacked=1><a href=javascript:window.hacked=1>here</a>",
    "<meta http-equiv=refresh content=0;url=data:text/html,hacked><base href=data:,>",
    "&lt;script&gt;window.hacked=1&lt;/script&gt; &amp; ${window.hacked=1} ]]>",
)


def summary_of(
    document: str,
    sources: Sequence[Sequence[int]] = ((1,),),
    salience: Sequence[float] = (),
    mode: str = "extractive",
    notes: tuple[str, ...] = (),
) -> Summary:
    """A summary whose sentences rest on these sentences of the document and repeat the first of theirs."""
    found = tuple(sentences(document))
    texts = [document[start:end] for start, end, _ in found]
    shown = [
        SummarySentence(texts[them[0]], 0.5, tuple(Span(i, *found[i][:2], texts[i]) for i in them)) for them in sources
    ]
    return Summary(tuple(shown), mode, document, found, tuple(salience) or (0.5,) * len(found), notes)


class Page(HTMLParser):
    """The elements of a page in order, each with its attributes, and all text within it (but no `sup`) folded."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.open: list[tuple[str, list[str]]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        text: list[str] = []
        self.elements.append((tag, dict(attrs), text))
        if tag != "meta":
            self.open.append((tag, text))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if all(tag != "sup" for tag, _ in self.open):
            for _, text in self.open:
                text.append(data)

    def all(self, tag: str, **attributes: str) -> list[tuple[dict[str, str | None], str]]:
        """Attributes and text of the elements with this tag and these attributes."""
        return [
            (found, " ".join("".join(text).split()))
            for name, found, text in self.elements
            if name == tag and attributes.items() <= found.items()
        ]

    def one(self, tag: str, **attributes: str) -> tuple[dict[str, str | None], str]:
        (found,) = self.all(tag, **attributes)
        return found

    def blocks(self) -> list[tuple[str, str]]:
        """Tag and text of the document's headings and paragraphs."""
        kinds = [(tag, attributes, "".join(text)) for tag, attributes, text in self.elements if tag in ("h3", "p")]
        return [(tag, " ".join(text.split())) for tag, attributes, text in kinds if "class" not in attributes]


# ------------------------------------------------------------------------------------------------------ what it says


def test_summary_and_document_are_there() -> None:
    page = Page(write_page(summary_of(DOCUMENT, [(1,), (3,)], notes=("a note",)), "frost.md"))
    assert page.one("title")[1] == page.one("h1")[1] == "frost.md"
    assert [text for _, text in page.all("li")] == ["The harbour froze on Monday night.", "Two dogs fell in."]
    assert "a note" in page.one("section")[1]
    words = re.findall(r"\w+", page.one("article")[1].partition("more")[2])
    assert words == re.findall(r"\w+", DOCUMENT)


def test_who_wrote_the_summary_is_said() -> None:
    assert "10 of 39 words, taken from the document" in write_page(summary_of(DOCUMENT, [(1,), (3,)]), "t")
    assert "6 words for 39, written by the model" in write_page(summary_of(DOCUMENT, mode="abstractive"), "t")


def test_each_sentence_leads_to_its_sources_and_they_lead_back() -> None:
    page = Page(write_page(summary_of(DOCUMENT, [(3, 5), (3,)]), "t"))
    first, second = (page.one("a", id=name)[0] for name in ("y1", "y2"))
    assert (first["href"], first["data-sources"]) == ("#s3", "s3 s5")
    assert (second["href"], second["data-sources"]) == ("#s3", "s3")
    assert page.one("span", id="s3")[1] == "Two dogs fell in."
    assert page.one("span", id="s5")[1] == "- Schools stay closed until Thursday."
    assert [attributes["href"] for attributes, _ in page.all("a")[2:]] == ["#y1", "#y2", "#y1"]


def test_a_heading_can_be_a_source() -> None:
    page = Page(write_page(summary_of("# Only this", [(0,)]), "t"))
    assert page.one("span", id="s0")[1] == "Only this"


def test_shading_is_in_proportion_to_the_highest_salience() -> None:
    document = "# Of dogs\n\nIt rained. Two dogs barked. Three cats slept."
    page = Page(write_page(summary_of(document, salience=(0.99, 0.8, 0.4, 0.001)), "t"))
    shades = {text: attributes.get("class") for attributes, text in page.all("span") if "title" in attributes}
    halfway = f"w{round(SHADES / 2)}"
    assert shades == {
        "Of dogs": None,
        "It rained.": f"w{SHADES}",
        "Two dogs barked.": halfway,
        "Three cats slept.": None,
    }
    assert page.all("span", title="salience 0.40")


def test_no_salience_at_all_is_no_shading() -> None:
    page = Page(write_page(summary_of("It rained. Two dogs barked.", salience=(0.0, 0.0)), "t"))
    assert not any("class" in attributes for attributes, _ in page.all("span"))


def test_every_shade_has_its_style() -> None:
    style = Page(write_page(summary_of(DOCUMENT), "t")).one("style")[1]
    assert re.findall(r"--weight: (\d)", style) == [str(shade) for shade in range(1, SHADES + 1)]


@pytest.mark.parametrize(
    ("document", "blocks"),
    [
        (
            "The harbour froze on Monday night and nobody could\nremember a frost of that kind at any time of year.\n"
            "Fishermen walked out.\n\nSchools are closed.",
            [
                "p The harbour froze on Monday night and nobody could remember a frost of that kind at any time of "
                "year. Fishermen walked out.",
                "p Schools are closed.",
            ],
        ),
        (
            "The council said that all of the harbour is closed and\nthat nobody may go there by day or by night "
            "until\nengineers have looked at it. It asks two things of all\n- Stay off the ice\n- Keep dogs in.",
            [
                "p The council said that all of the harbour is closed and that nobody may go there by day or by night "
                "until engineers have looked at it. It asks two things of all",
                "p - Stay off the ice",
                "p - Keep dogs in.",
            ],
        ),
        ("One is here.\nTwo is here. And more.\nThree.", ["p One is here.", "p Two is here. And more.", "p Three."]),
        (
            DOCUMENT,
            [
                "h3 A frost in Lindhaven",
                "p The harbour froze on Monday night. Fishermen walked to their boats.",
                "p Two dogs fell in.",
                "h3 What follows",
                "p - Schools stay closed until Thursday.",
                "p - Nobody may walk on the ice, which is thin.",
            ],
        ),
        ("Title of it\n===\n\nOne is here.", ["h3 Title of it", "p ===", "p One is here."]),
        ("冰。很薄。", ["p 冰。很薄。"]),
    ],
)
def test_paragraphs_are_kept_and_wrapped_lines_joined(document: str, blocks: list[str]) -> None:
    page = Page(write_page(summary_of(document, [(0,)]), "t"))
    assert [f"{tag} {text}" for tag, text in page.blocks()] == blocks


def test_who_speaks_and_when_stands_before_what_is_said() -> None:
    document = (
        "Ada  0:02\nThe wall is a third cheaper than last year. It falls.\n\nBen  0:41\nWho pays for it?\n\n"
        "Ada  1:03\nWe do."
    )
    found, _, _ = sentences_of(document, english)
    spans = [Span(index, start, end, document[start:end]) for index, (start, end, _) in enumerate(found)]
    shown = (SummarySentence("Ben: Who pays for it?", 0.5, (spans[2],)),)
    page = Page(write_page(Summary(shown, "extractive", document, tuple(found), (0.5,) * len(found)), "t"))
    assert page.one("a", id="y1")[1] == "Ben: Who pays for it?"
    assert [text for _, text in page.blocks()] == [
        "Ada 0:02 The wall is a third cheaper than last year. It falls.",
        "Ben 0:41 Who pays for it?",
        "Ada 1:03 We do.",
    ]


def test_a_long_document_makes_a_page_in_proportion() -> None:
    words = "The harbour froze and the fishermen walked out to their boats. " * 1_000
    page = write_page(summary_of(words), "t")
    assert len(page) < 2 * len(words) + 10_000
    assert len(Page(page).elements) < 1_000 + 50


# -------------------------------------------------------------------------------------------- what it does not let in


def test_nothing_comes_from_elsewhere() -> None:
    text = write_page(summary_of(DOCUMENT), "t")
    page = Page(text)
    assert not re.search(r"https?:|url\(|@import|//\w", text)
    assert {tag for tag, _, _ in page.elements}.isdisjoint({"link", "img", "iframe", "base", "object"})
    assert not any("src" in attributes for _, attributes, _ in page.elements)
    assert all((attributes["href"] or "").startswith("#") for attributes, _ in page.all("a"))


def test_the_policy_lets_only_the_pages_own_script_and_style_run() -> None:
    text = write_page(summary_of(DOCUMENT), "t")
    policy = Page(text).one("meta", **{"http-equiv": "Content-Security-Policy"})[0]["content"] or ""
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    for name in ("script", "style"):
        (code,) = re.findall(rf"<{name}[^>]*>(.*?)</{name}>", text, re.S)
        assert (
            rules.pop(f"{name}-src") == f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"
        )
    assert rules == {"default-src": "'none'", "base-uri": "'none'", "form-action": "'none'"}
    assert " style=" not in text
    assert text.index("Content-Security-Policy") < text.index("<title>")


@pytest.mark.parametrize("evil", EVIL)
def test_markup_is_text_wherever_it_stands(evil: str) -> None:
    sentence = f"The ice said {evil} to the dogs."
    summary = summary_of(f"# Of {evil}\n\n{sentence}\n\n- {evil}\n", [(1,)], notes=(f"note {evil}",))
    page, plain = Page(write_page(summary, evil)), Page(write_page(summary_of("# Of\n\nThe ice.\n\n- it\n"), "t"))
    assert {tag for tag, _, _ in page.elements} == {tag for tag, _, _ in plain.elements}
    names = {name for _, attributes, _ in page.elements for name in attributes}
    assert names == {name for _, attributes, _ in plain.elements for name in attributes}
    assert page.one("title")[1] == page.one("h1")[1] == evil
    assert f"note {evil}" in page.one("section")[1]
    assert page.one("article")[1].count(evil) == 3


def test_what_utf_8_cannot_hold_is_replaced() -> None:
    page = write_page(summary_of("A dog \ud800 barked. It rained.", [(0,)]), "a\udcff.txt")
    assert "A dog ? barked." in page
    assert "<title>a?.txt</title>" in page
    page.encode("utf-8")


# ----------------------------------------------------------------------------------------------------- in a browser

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
STORY = "\n\n".join(
    [
        "# A frost in Lindhaven",
        "The harbour froze on Monday night. " + "Fishermen walked out to their boats and back. " * 40,
        "Two dogs fell in. " + "The coastguard had tea that afternoon. " * 40 + "x" * 400,
        "Schools stay closed until Thursday. " + "Nobody may walk on the ice for now. " * 40,
        *EVIL,
    ]
)
Open = Callable[..., Any]


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A headless Chromium under selenium's driver."""
    binary = next(filter(None, map(shutil.which, BROWSERS)), None)
    service = shutil.which("chromedriver")
    if binary is None or service is None:
        pytest.skip("there is no Chromium with its driver: on Debian, apt-get install chromium chromium-driver")
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = binary
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.add_argument(f"--user-data-dir={tmp_path_factory.mktemp('chromium')}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(executable_path=service))
    yield driver
    driver.quit()


@pytest.fixture
def visit(chromium: Any, tmp_path: Path) -> Open:
    """Opens a summary's page from the disk, in a window of some width and a colour scheme."""

    def visit(summary: Summary, title: str = "t", *, width: int = 1280, scheme: str = "light") -> Any:
        metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600}
        chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
        file = tmp_path / "page.html"
        file.write_text(write_page(summary, title), "utf-8")
        chromium.get_log("browser")  # of the page before
        chromium.get(file.as_uri())
        return chromium

    return visit


def story(*sources: Sequence[int]) -> Summary:
    """Of STORY; its sentences are numbered 0 (heading), then 41, 41 (the last one is the long word) and 41."""
    return summary_of(STORY, sources or ((1,), (42,), (84,)))


def chosen(driver: Any) -> list[str]:
    return driver.execute_script("return [...document.querySelectorAll('.chosen')].map(e => e.textContent)")


def in_view(driver: Any, selector: str) -> bool:
    box = driver.execute_script(f"return document.querySelector({selector!r}).getBoundingClientRect().toJSON()")
    return box["top"] >= 0 and box["bottom"] <= 800


def press(driver: Any, *names: str) -> None:
    from selenium.webdriver import ActionChains, Keys

    ActionChains(driver).send_keys(*(getattr(Keys, name) for name in names)).perform()


def status(driver: Any) -> str:
    return driver.find_element("css selector", "[role=status]").text


def test_a_hostile_document_is_inert(visit: Open) -> None:
    driver = visit(story(), EVIL[2])
    assert driver.title == EVIL[2]
    assert driver.execute_script("return window.hacked") is None
    article = driver.execute_script("return document.querySelector('article').textContent")
    assert all(evil in article for evil in EVIL)
    driver.find_element("id", "y1").click()
    assert driver.execute_script("return window.hacked") is None
    assert driver.get_log("browser") == []  # neither a script's error nor anything that the policy stopped


def test_a_script_that_got_in_would_not_run(visit: Open) -> None:
    driver = visit(story())
    driver.execute_script(
        "const script = document.createElement('script'); script.textContent = 'window.hacked = 1';"
        "const button = document.createElement('button'); button.setAttribute('onclick', 'window.hacked = 1');"
        "document.body.append(script, button); button.click();"
    )
    assert driver.execute_script("return window.hacked") is None
    assert sum("Content Security Policy" in entry["message"] for entry in driver.get_log("browser")) == 2


def test_a_click_highlights_the_source_and_scrolls_to_it(visit: Open) -> None:
    driver = visit(story())
    assert chosen(driver) == []
    assert not in_view(driver, "#s84")
    driver.find_element("id", "y3").click()
    assert chosen(driver) == ["Schools stay closed until Thursday."]
    assert in_view(driver, "#s84")
    assert in_view(driver, "#y3")  # the summary stays beside it
    assert status(driver) == "Source highlighted"
    assert driver.find_element("id", "y3").get_attribute("aria-current") == "true"
    driver.find_element("id", "y1").click()
    assert chosen(driver) == ["The harbour froze on Monday night."]
    assert driver.find_element("id", "y3").get_attribute("aria-current") is None


def test_a_source_far_down_a_long_document_is_found(visit: Open) -> None:
    paragraph = "Fishermen walked out to their boats and back. " * 6 + "\n\n"
    document = paragraph * 300 + "Schools stay closed until Thursday.\n\n" + paragraph * 20
    driver = visit(summary_of(document, [(1_800,)]))
    driver.find_element("id", "y1").click()
    assert chosen(driver) == ["Schools stay closed until Thursday."]
    assert in_view(driver, "#s1800")
    driver.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
    assert in_view(driver, "#s1800")


def test_the_keyboard_is_enough(visit: Open) -> None:
    driver = visit(story())
    press(driver, "TAB", "ENTER")
    assert chosen(driver) == ["The harbour froze on Monday night."]
    press(driver, "TAB", "ENTER")
    assert chosen(driver) == ["Two dogs fell in."]
    assert in_view(driver, "#s42")
    assert driver.switch_to.active_element.get_attribute("id") == "y2"
    press(driver, "ESCAPE")
    assert chosen(driver) == []
    assert status(driver) == ""
    assert driver.switch_to.active_element.get_attribute("id") == "y2"


def test_several_sources_are_shown_one_after_the_other(visit: Open) -> None:
    driver = visit(story((1, 84), (42,)))
    sentence, following = driver.find_element("id", "y1"), driver.find_element("css selector", "#bar button")
    sentence.click()
    assert chosen(driver) == ["The harbour froze on Monday night.", "Schools stay closed until Thursday."]
    assert (status(driver), in_view(driver, "#s1"), in_view(driver, "#s84")) == ("Source 1 of 2", True, False)
    following.click()
    assert (status(driver), in_view(driver, "#s1"), in_view(driver, "#s84")) == ("Source 2 of 2", False, True)
    sentence.click()
    assert (status(driver), in_view(driver, "#s1")) == ("Source 1 of 2", True)
    driver.find_element("id", "y2").click()
    assert not following.is_displayed()


def test_it_fits_a_phone_and_leads_back(visit: Open) -> None:
    driver = visit(story(), "a" * 200, width=390)
    assert driver.execute_script("return document.documentElement.scrollWidth") == 390
    driver.find_element("id", "y3").click()
    assert in_view(driver, "#s84")
    assert not in_view(driver, "#y3")
    driver.find_element("css selector", "#bar button:last-child").click()
    assert in_view(driver, "#y3")
    assert driver.switch_to.active_element.get_attribute("id") == "y3"


# ------------------------------------------------------------------------------------------------- an outline's page


def outline_page() -> Outline:
    """Of STORY's sentences: two sections, the second of which has only sections of its own in it."""
    text = STORY + "\n\n# After\n\n## Trains\n\nTrains run again. They are late.\n\n## Buses\n\nBuses do not run."
    found = tuple(sentences(text))
    shown = [text[start:end] for start, end, _ in found]
    numbers = [1, shown.index("Trains run again."), shown.index("Buses do not run.")]
    said = [SummarySentence(shown[i], 0.5, (Span(i, *found[i][:2], shown[i]),)) for i in numbers]

    def section(number: str, title: str, level: int, one: tuple[SummarySentence, ...], *below: Section) -> Section:
        start = text.index(title) - level - 1
        return Section(number, title, True, level, start, start + 20, 10, 0.25, one, below)

    below = (section("2.1", "Trains", 2, (said[1],)), section("2.2", "Buses", 2, (said[2],)))
    sections = (section("1", "A frost in Lindhaven", 1, (said[0],)), section("2", "After", 1, (), *below))
    return Outline(tuple(said), "extractive", text, found, (0.5,) * len(found), sections=sections)


def test_an_outline_is_a_table_of_contents() -> None:
    page = Page(write_page(outline_page(), "t", (0,)))
    assert [text for _, text in page.all("summary")] == ["A frost in Lindhaven", "Trains", "Buses"]
    links = page.all("a", **{"class": "place"})
    assert [text for _, text in links] == ["p. 1, 25%"] * 4
    blocks = {attributes.get("id"): text for attributes, text in page.all("h3")}
    titles = ["A frost in Lindhaven", "After", "Trains", "Buses"]
    assert [blocks[(attributes["href"] or "").removeprefix("#")] for attributes, _ in links] == titles
    assert [attributes["data-number"] for attributes, _ in page.all("a") if "data-number" in attributes] == list("123")


def test_entries_open_their_sentences_by_keyboard(visit: Open) -> None:
    driver = visit(outline_page())
    sentence = driver.find_element("id", "y1")
    assert not sentence.is_displayed()
    press(driver, "TAB", "TAB", "TAB", "ENTER")  # past the button and the link to the section
    assert sentence.is_displayed()
    assert not driver.find_element("id", "y2").is_displayed()
    press(driver, "TAB", "ENTER")
    assert chosen(driver) == ["The harbour froze on Monday night."]
    press(driver, "ESCAPE")
    assert driver.switch_to.active_element.get_attribute("id") == "y1"
    assert driver.get_log("browser") == []


def test_all_sections_open_and_close_at_once(visit: Open) -> None:
    driver = visit(outline_page())
    button = driver.find_element("id", "all")
    shown = [driver.find_element("id", name) for name in ("y1", "y2", "y3")]
    button.click()
    assert all(one.is_displayed() for one in shown)
    assert (button.text, button.get_attribute("aria-expanded")) == ("Close all sections", "true")
    button.click()
    assert not any(one.is_displayed() for one in shown)


def test_an_outline_fits_a_phone_and_leads_back_into_a_closed_section(visit: Open) -> None:
    driver = visit(outline_page(), width=390)
    assert driver.execute_script("return document.documentElement.scrollWidth") == 390
    heights = "return [...document.querySelectorAll('.toc summary')].map(e => e.getBoundingClientRect().height)"
    assert min(driver.execute_script(heights)) >= 24  # WCAG 2.2, target size
    entry = driver.find_elements("css selector", "summary")[1]
    entry.click()
    sentence = driver.find_element("id", "y2")
    sentence.click()
    assert chosen(driver) == ["Trains run again."]
    driver.execute_script("document.querySelectorAll('details').forEach(e => e.open = false)")
    driver.find_element("css selector", "#bar button:last-child").click()
    assert sentence.is_displayed()
    assert in_view(driver, "#y2")


def luminance(colour: Sequence[float]) -> float:
    """Relative luminance of an sRGB colour, WCAG 2.2."""
    linear = [c / 3294.6 if c <= 10.31 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def over(top: Sequence[float], below: Sequence[float]) -> list[float]:
    """A colour with an alpha, painted over another."""
    *colour, alpha = (*top, 1.0)[:4]
    return [alpha * c + (1 - alpha) * b for c, b in zip(colour, below, strict=False)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_in_light_and_dark(visit: Open, scheme: str) -> None:
    driver = visit(story(), scheme=scheme)

    def colour(selector: str, name: str) -> list[float]:
        script = f"return getComputedStyle(document.querySelector({selector!r})).{name}"
        return [float(part) for part in re.findall(r"[\d.]+", driver.execute_script(script))]

    paper, ink = colour("body", "backgroundColor"), colour("body", "color")
    assert (luminance(paper) < luminance(ink)) == (scheme == "dark")
    driver.find_element("id", "y1").click()
    pairs = {
        "plain": (paper, ink),
        "small": (paper, colour(".small", "color")),
        "most salient": (over(colour("article .w9:not(i):not(.chosen)", "backgroundColor"), paper), ink),
        "chosen": (colour("#s1", "backgroundColor"), ink),
        "number": (colour("#summary", "backgroundColor"), colour("sup a", "color")),
    }
    for name, (below, above) in pairs.items():
        dark, light = sorted((luminance(below), luminance(above)))
        assert (light + 0.05) / (dark + 0.05) >= 4.5, name
