"""Documents and models that calls share: read once as long as a file is unchanged, bounded, summarized once."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

pytest.importorskip("anyio", reason="needs anyio, of the extra mcp")

from fastsum import Summarizer
from fastsum.assistant import library, reading
from fastsum.assistant.calls import Call, Stopped
from fastsum.assistant.folders import Folders
from fastsum.assistant.library import Library
from fastsum.errors import FastsumError
from fastsum.text.source import Source
from fastsum.text.tokenizer import Tokenizer
from tests.conftest import SAMPLES
from tests.model.test_genre import PAPERS

TEXT = "A dog barked at night. It was loud. Nobody slept. The town complained to the council."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(4):
        (tmp_path / f"{number}.txt").write_text(f"{TEXT} That was day {number}.")
    return tmp_path


@pytest.fixture
def made(folder: Path, tiny_checkpoint: Path) -> Library:
    return Library(Folders([folder]), tiny_checkpoint)


def test_a_document_is_read_once_until_its_file_changes(made: Library, folder: Path) -> None:
    first = made.read(Call(), "0.txt", None)
    assert made.read(Call(), "0.txt", None) is first
    (folder / "0.txt").write_text(f"{TEXT} It has changed.")
    second = made.read(Call(), "0.txt", None)
    assert second is not first
    assert "It has changed." in second.document.text
    assert made.read(Call(), None, TEXT) is made.read(Call(), None, TEXT)


def test_the_same_file_has_the_name_that_it_is_asked_for_by(made: Library, folder: Path) -> None:
    assert made.read(Call(), "0.txt", None).document.source == "0.txt"
    assert made.read(Call(), "./0.txt", None).document.source == "./0.txt"


def test_the_last_documents_are_kept_up_to_a_size(made: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "_KEPT_CHARACTERS", int(2.5 * len(TEXT) * 1.2))
    first, second = (made.read(Call(), f"{number}.txt", None) for number in range(2))
    assert made.read(Call(), "0.txt", None) is first  # it is now the last one
    made.read(Call(), "2.txt", None)
    assert made.read(Call(), "0.txt", None) is first
    assert made.read(Call(), "1.txt", None) is not second
    monkeypatch.setattr(library, "_KEPT_CHARACTERS", 1)
    alone = made.read(Call(), "3.txt", None)
    assert made.read(Call(), "3.txt", None) is alone  # however large


def test_a_document_is_bounded(made: Library, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "MOST_CHARACTERS", 50)
    for arguments, name in (((None, TEXT), "the text"), (("0.txt", None), "0.txt")):
        with pytest.raises(FastsumError, match=f"{name} has [0-9]+ characters of text, more than the 50 that are read"):
            made.read(Call(), *arguments)
    monkeypatch.setattr(library, "MOST_BYTES", 50)
    with pytest.raises(FastsumError, match="0.txt has more than the 0 MB that are read at once"):
        made.read(Call(), "0.txt", None)


def test_each_document_has_its_model_which_is_loaded_once(
    loaded: list[str | Path], folder: Path, tiny_checkpoint: Path
) -> None:
    (folder / "story.txt").write_bytes((SAMPLES / "story.txt").read_bytes())
    (folder / "paper.md").write_text(PAPERS["medicine"], "utf-8")
    made = Library(Folders([folder]))
    names = ("story.txt", "paper.md", "0.txt")
    threads = [threading.Thread(target=made.read, args=(Call(), name, None)) for name in names * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, loaded)) == ["general", "paper"]
    assert [made.read(Call(), name, None).model for name in names] == ["general", "paper", "general"]


def test_a_stopped_call_reads_no_further(made: Library) -> None:
    call = Call()
    call.stop()
    with pytest.raises(Stopped):
        made.read(call, "0.txt", None)
    assert made.read(Call(), "0.txt", None).document.text


def test_a_summary_is_made_once_for_the_same_options(made: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    read = made.read(Call(), "0.txt", None)
    first = read.summarize(Call().progress, words=10)
    outline = read.summarize(Call().progress, words=10, outline=1)
    assert read.summarize(Call().progress, words=10) is first
    assert read.summarize(Call().progress, outline=1, words=10) is outline
    for words in range(11, 16):
        read.summarize(Call().progress, words=words)
    assert read.summarize(Call().progress, words=10) is not first  # only the last ones are kept
    assert first == Summarizer.load(made.read(Call(), "0.txt", None).model).summarize(read.document.text, words=10)


def test_a_short_document_does_not_wait_for_a_long_one(made: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    long, short = (made.read(Call(), f"{number}.txt", None) for number in range(2))
    begun, end = threading.Event(), threading.Event()
    split = reading.read_source

    def slow(text: str, tokenizer: Tokenizer) -> Source:
        if text == long.document.text:
            begun.set()
            assert end.wait(20)
        return split(text, tokenizer)

    monkeypatch.setattr(reading, "read_source", slow)
    found: list[Source] = []
    threads = [threading.Thread(target=lambda: found.append(long.source)) for _ in range(2)]
    for thread in threads:
        thread.start()
    assert begun.wait(20)
    assert short.source.text == short.document.text
    end.set()
    for thread in threads:
        thread.join()
    assert found == [long.source] * 2  # which was found once


def test_what_cannot_be_summarized_is_named(made: Library) -> None:
    with pytest.raises(FastsumError, match="^the text has no text in it"):
        made.read(Call(), None, "* * *").summarize(Call().progress)
