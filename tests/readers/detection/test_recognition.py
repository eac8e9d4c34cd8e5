"""Text markup told from Markdown, plain text and other markup by several signs."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastsum.readers.detection.recognition import markup_of_text, without_fences
from tests.readers import test_asciidoc, test_latex, test_man, test_org

RST = "Owls\n****\n\n.. note:: They hunt.\n\nSee :ref:`food`.\n"
LETTER = "Dear Ada,\n\nthank you for your letter.\n\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (RST, "rst"),
        ("Owls\n====\n\nThey hunt ``mice``::\n\n    hunt --all\n\nSee `the site <https://a.b>`_.\n", "rst"),
        (test_latex.PAPER, "latex"),
        ("% a chapter\n\\section{Owls}\n\\emph{Owls} hunt~\\cite{a}.\n"
         "\\begin{itemize}\\item One.\\end{itemize}\n", "latex"),
        ("% Data\n\\section{Data}\n\nGauges sink \\cite{third}. They rose again.\n", "latex"),
        ("\\chapter{Floods}\n\\label{ch:floods}\nGauges sink.\n", "latex"),
        ("\\begin{abstract}\nA tide gauge sank.\n\\end{abstract}\n", "latex"),
        ("% Signs\n" + "\\sign{$x < y$}{less}\n" * 12, "latex"),
        ("Owls hunt \\citep{a}, and mice \\citep{b} run \\citep{c}.\n", "latex"),
        (test_asciidoc.HANDBOOK, "asciidoc"),
        ("= Owls\n\nThey hunt.\n\n|===\n|a |b\n|===\n", "asciidoc"),
        ("harbour(1)\n==========\n\nNAME\n----\nharbour - book\n"
         "\n[verse]\n'harbour' book\n\n--basin::\n\tIt.\n\nNOTE: One linkgit:owl[1].\n", "asciidoc"),
        (test_org.NOTES, "org"),
        ("* Owls\nThey hunt.\n** Food\nMice.\n", "org"),
        (test_man.PAGE, "man"),
        (".Dd March 3, 2026\n.Dt OWL 1\n.Os\n.Sh NAME\n.Nm owl\n", "man"),
        (".so man7/owl.7\n", "man"),
        ('{\n "cells": [],\n "metadata": {},\n "nbformat": 4\n}', "notebook"),
    ],
)  # fmt: skip
def test_markup_is_recognized_by_its_signs(text: str, expected: str) -> None:
    assert markup_of_text(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        LETTER,
        "# Owls\n\nIn Sphinx one writes `.. note::`.\n\n.. note:: like this\n\nSee [the site](https://a.b) and `x`.\n",
        "# Owls\n\n```rst\n.. note:: One.\n\n:ref:`a`\n```\n\nThat was rST.\n",
        "# Maths\n\n```latex\n\\documentclass{article}\n\\begin{document}\n```\n\nIt shows $\\frac{1}{2}$.\n",
        "A price of $5, a path C:\\new\\files and a smile \\o/ are no LaTeX.\n",
        "Policy\n~~~~~~\n\nThe board decides.\n\nFees\n~~~~\n\nBoats pay.\n",
        "Report\n======\n\nOne\n---\n\nText with an e-mail: a@b.c.\n",
        "== History ==\n\nThe town is old.\n\n== People ==\n* One\n** Two\n",
        "* milk\n* eggs\n* bread\n",
        "- One\n  + Two\n\n1. Three\n",
        "Agenda:\n\n* TODO is the word that he wrote.\n",
        "Name: Ada\nDate: today\n\nThe text.\n",
        ".TH is a request of man, and .SH another.\n",
        "He said: ...\n.hidden files are hidden.\n",
        "---\ntitle: Owls\n---\n\n# Owls\n\nText.\n",
    ],
)
def test_markdown_and_plain_text_stay_what_they_are(text: str) -> None:
    assert markup_of_text(text) is None


@pytest.mark.parametrize("path", sorted((Path(__file__).parents[3] / "docs").rglob("*.md")), ids=lambda path: path.name)
def test_this_project_s_pages_are_markdown(path: Path) -> None:
    assert markup_of_text(path.read_text("utf-8")) is None


def test_code_between_fences_is_passed_over() -> None:
    assert without_fences("a\n```sh\nb\n~~~\n```\nc\n~~~\nd") == "a\nc"


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "mark", ["`", "::\n", "* ", "[[", "\\begin{", ".TH ", "$", "{", "= ", "|===\n", "a_ ", "``", ":a:`", "%\n"]
)
def test_a_flood_of_marks_is_looked_through_in_linear_time(mark: str) -> None:
    markup_of_text(mark * 200_000)
