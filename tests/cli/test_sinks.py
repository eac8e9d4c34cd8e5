"""Where a summary is written, and in which form."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from fastsum import Summarizer
from fastsum.cli.inputs import Input
from fastsum.cli.pipeline import Summarized
from fastsum.cli.results import Results
from fastsum.cli.sinks import File, Folder, Terminal, as_cited, as_json, as_page, as_text
from fastsum.console import Display
from fastsum.readers.documents import read_document

TEXT = "A dog barked.\nIt was loud.\n"


@pytest.fixture
def one(tiny_checkpoint: Path, tmp_path: Path) -> Summarized:
    path = tmp_path / "in" / "night.txt"
    path.parent.mkdir()
    path.write_text(TEXT)
    document = read_document(path)
    summary = Summarizer.load(tiny_checkpoint, device="cpu").summarize(document.text, sentences=2)
    return Summarized(Input(str(path), Path("in/night.txt")), document, "tiny", summary)


def test_the_forms_of_a_summary(one: Summarized) -> None:
    assert as_text(one) == TEXT
    assert as_cited(one) == "A dog barked. [line 1]\nIt was loud. [line 2]\n"
    assert as_json(one).count("\n") == 1
    found = json.loads(as_json(one))
    assert (found["file"], found["model"], found["summary"]) == (one.input.name, "tiny", TEXT.rstrip())
    assert "<title>night.txt</title>" in as_page(one)


class Pausing(Display):
    """A display that says on stdout when it is paused."""

    def paused(self) -> AbstractContextManager[None]:
        print("[paused]", end="")
        return super().paused()


def test_a_terminal_shows_names_where_there_are_several(one: Summarized, capsys: pytest.CaptureFixture[str]) -> None:
    name = one.document.source
    plain = Terminal(as_text, Display("", 1, True), headed=False)
    plain.write(one)
    plain.write(one)
    assert capsys.readouterr().out == TEXT * 2
    headed = Terminal(as_text, Pausing("", 2, True), headed=True)
    headed.write(one)
    headed.write(one)
    assert capsys.readouterr().out == f"[paused]==> {name} <==\n{TEXT}[paused]\n==> {name} <==\n{TEXT}"


def test_a_folder_names_results_after_documents(one: Summarized, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with Results.opened(out, {}) as results:
        folder = Folder(results, ".html", as_text)
        assert not folder.is_current(one.input)
        folder.write(one)
        assert folder.is_current(one.input)
        assert not Folder(results, ".txt", as_text).is_current(one.input)
        assert (out / "in" / "night.txt.html").read_text() == TEXT
        Path(one.input.name).write_text("Another dog.")
        assert not folder.is_current(one.input)
        Path(one.input.name).unlink()
        assert not folder.is_current(one.input)


def test_a_file_is_overwritten(one: Summarized, tmp_path: Path) -> None:
    File(tmp_path / "page", as_cited).write(one)
    File(tmp_path / "page", as_text).write(one)
    assert (tmp_path / "page").read_text() == TEXT
