"""What summarizing never imports, even where it is installed: PyTorch and what else is slow, or comes with extras."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from reportlab.pdfgen.canvas import Canvas

from tests.conftest import SAMPLES
from tests.readers.test_epub import book, chapter

ROOT = Path(__file__).parents[1]
HEAVY = (
    "torch", "mcp", "mcp_types", "pydantic", "anyio", "pyarrow", "datasets", "nltk", "rouge_score", "safetensors",
    "tokenizers", "tomli_w", "pandas",
)  # fmt: skip
RECORDED = """
import os
with open(os.environ["IMPORTED"], "a") as file:
    file.write(__name__ + "\\n")
raise RuntimeError(f"{__name__} was imported")
"""
TEXTS = [
    "The harbour froze on Monday night, and the fishermen walked out to their boats over the ice.",
    "Rescuers pulled two dogs from the water near the pier before the tide turned on Tuesday morning.",
]

Run = Callable[..., "tuple[subprocess.CompletedProcess[str], list[str]]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs fastsum where heavy packages are stand-ins that fail; returns how it ended and which were imported."""
    for name in HEAVY:
        (tmp_path / "stand-ins" / name).mkdir(parents=True)
        (tmp_path / "stand-ins" / name / "__init__.py").write_text(RECORDED)
    record = tmp_path / "imported"
    # The path of this process is inherited by those that it starts: workers, and readers of documents.
    paths = os.pathsep.join([str(tmp_path / "stand-ins"), str(ROOT)])
    environment = os.environ | {"PYTHONPATH": paths, "IMPORTED": str(record)}

    def call(*arguments: str) -> tuple[subprocess.CompletedProcess[str], list[str]]:
        command = [sys.executable, "-m", "fastsum", *arguments]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
        return done, sorted(set(record.read_text().split())) if record.exists() else []

    return call


def pdf() -> bytes:
    content = io.BytesIO()
    canvas = Canvas(content)
    for number, text in enumerate(TEXTS):
        canvas.drawString(50, 700 - 20 * number, text)
    canvas.save()
    return content.getvalue()


def word() -> bytes:
    document = docx.Document()
    for text in TEXTS:
        document.add_paragraph(text)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def markup(form: str) -> bytes:
    return form.format("".join(f"<p>{text}</p>" for text in TEXTS)).encode()


DOCUMENTS: dict[str, Callable[[], bytes]] = {
    "story.txt": lambda: (SAMPLES / "story.txt").read_bytes(),
    "paper.md": lambda: (SAMPLES / "paper.md").read_bytes(),
    "report.pdf": pdf,
    "letter.docx": word,
    "novel.epub": lambda: book(OEBPS__text__two_dot_xhtml=chapter("".join(f"<p>{text}</p>" for text in TEXTS))),
    "page.html": lambda: markup("<html><body><article>{}</article></body></html>"),
    "article.xml": lambda: markup('<?xml version="1.0"?><article><body><sec>{}</sec></body></article>'),
    "latin.txt": lambda: "Das Café war zu. Der Hafen fror zu, und die Fischer gingen zu Fuß.".encode("latin-1"),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_summarized_without(name: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(DOCUMENTS[name]())
    done, imported = run("summarize", "-n", "1", "--cite", "--json", name)
    assert (done.returncode, imported) == (0, []), done.stderr
    assert json.loads(done.stdout)["sentences"]


def test_so_are_a_page_a_folder_and_a_table(run: Run, tmp_path: Path) -> None:
    for name in ("story.txt", "report.pdf"):
        (tmp_path / name).write_bytes(DOCUMENTS[name]())
    done, imported = run("summarize", "story.txt", "report.pdf", "--html", "pages", "--output", "results")
    assert (done.returncode, imported) == (0, []), done.stderr
    with (tmp_path / "rows.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["text"], *([text] for text in TEXTS * 100)])
    for output in ("out.jsonl", "out.csv"):
        done, imported = run(
            "summarize", "rows.csv", "--column", "text", "--output", output, "-n", "1", "--workers", "2"
        )
        assert (done.returncode, imported) == (0, []), done.stderr
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [row["summary"] for row in rows] == TEXTS * 100


@pytest.mark.parametrize(
    ("arguments", "package"),
    [(["--mode", "abstractive"], "torch"), (["--column", "text", "--output", "out.parquet"], "pyarrow")],
)
def test_what_needs_one_would_be_seen_here(arguments: list[str], package: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text(f"text\n{TEXTS[1]}\n")
    done, imported = run("summarize", "rows.csv", *arguments)
    assert (done.returncode != 0, imported) == (True, [package])
