"""reStructuredText as Sphinx and docutils show it, with nothing read from other files."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastsum.readers.rst import read

HANDBOOK = """=================
Harbour handbook
=================

:Author: Ada Example

.. contents::
.. |port| replace:: the *old* harbour

It tells of |port| [1]_, and of :ref:`basins <basins>`.

.. _basins:

Basins
======

.. note:: Only one ship can turn.

========  =====
Basin     Depth
========  =====
Northern  Four
========  =====

+-------+--------+
| Basin | Owner  |
+-------+--------+
| South | Nobody |
+-------+--------+

- One.
- Two::

     harbour book

.. include:: other.rst
.. code-block:: bash

   harbour book

Term
   What it is, H\\ :sub:`2`\\ O and ``code``.

.. [1] A note.
"""


def lines(text: str) -> list[str]:
    return read(text.encode()).text.split("\n\n")


def inline(text: str) -> str:
    return read(f"Title\n=====\n\n{text}\n".encode()).text.partition("\n\n")[2]


def test_a_document_is_read_as_its_reader_sees_it() -> None:
    reading = read(HANDBOOK.encode())
    assert reading.title == "Harbour handbook"
    assert reading.text.split("\n\n") == [
        "# Harbour handbook",
        "It tells of the old harbour, and of basins.",
        "## Basins",
        "Only one ship can turn.",
        "- One.",
        "- Two:",
        "- Term – What it is, H2O and `code`.",
    ]
    assert {part.what for part in reading.left_out} == {"code", "notes", "tables"}


def test_headings_have_levels_below_the_title() -> None:
    reading = read(
        b"****\nOwls\n****\n\nAll.\n\nFood\n====\n\nMice.\n\nYoung\n-----\n\nFew.\n\nSleep\n=====\n\nBy day.\n"
    )
    assert reading.title == "Owls"
    assert [line for line in reading.text.split("\n\n") if line[0] == "#"] == [
        "# Owls", "## Food", "### Young", "## Sleep",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("See :ref:`basins` and :doc:`/guide/pilots`.", "See basins and pilots."),
        ("See :ref:`the basins <basins>`, :doc:`it </x>`.", "See the basins, it."),
        (":py:func:`~a.b.owl` and :class:`!Owl`, :meth:`run()`.", "owl() and Owl, run()."),
        (":abbr:`LIFO (last in)`, :menuselection:`A --> B`, :kbd:`C-x`.", "LIFO, A → B, C-x."),
        (":rfc:`5335`, :pep:`8#x` and :issue:`12`.", "RFC 5335, PEP 8 and #12."),
        ("1986. It was a good year.", "1986. It was a good year."),
        ("H\\ :sub:`2`\\ O and 10\\ :sup:`6` cells, :math:`\\frac{1}{2}` of it.", "H2O and 10^6 cells, 1/2 of it."),
        ("Owls hunt :cite:`smith` [1]_ at night [Smith]_.", "Owls hunt at night."),
        ("A `link <https://example.org>`_, a name_ and `one without`_.", "A link, a name and one without."),
        ("*Strix* and **mice** take ``harbour book``.", "Strix and mice take `harbour book`."),
        (":unknown:`words <x>` stay.", "words stay."),
    ],
)
def test_roles_and_links_show_their_words(text: str, shown: str) -> None:
    assert inline(text) == shown


def test_directives_show_what_a_page_would() -> None:
    text = """
.. note:: A note.

.. seealso::

   Another page.

.. versionadded:: 3.4
   The limit.

.. deprecated:: 2.0

.. deprecated-removed:: 3.1 3.4 Use another.

.. function:: owl(size)

   Returns an owl.

.. only:: html

   For pages.

.. only:: latex

   For paper.

.. tab-set::

   .. tab-item:: Linux

      Use Linux.
"""
    assert lines(text) == [
        "A note.",
        "Another page.",
        "Added in version 3.4: The limit.",
        "Deprecated since version 2.0.",
        "Deprecated since version 3.1: Use another.",
        "Returns an owl.",
        "For pages.",
        "Use Linux.",
    ]


def test_what_is_no_prose_is_left_out_and_counted() -> None:
    reading = read(
        b"Text::\n\n   code\n\n.. code-block:: sh\n\n   more\n\n.. toctree::\n\n   a\n   b\n\n.. A comment.\n\n"
        b".. figure:: a.png\n\n   A caption.\n\n= =\na b\n= =\n\n.. math:: x = 1\n\n.. [1] A note.\n"
    )
    assert reading.text == "Text:"
    assert {(part.what, part.number) for part in reading.left_out} == {
        ("code", 2), ("entries of contents", 1), ("comments", 1), ("figures", 1), ("tables", 1), ("equations", 1),
        ("notes", 1),
    }  # fmt: skip


def test_cells_with_sentences_are_read() -> None:
    text = (
        "+---+-----------------------------------------------------+\n"
        "| a | The owl hunts at night, and it sleeps all day long. |\n"
        "+---+-----------------------------------------------------+\n"
    )
    assert lines(text) == ["The owl hunts at night, and it sleeps all day long."]


@pytest.mark.parametrize(
    "directive",
    [".. include:: {}", ".. literalinclude:: {}", ".. csv-table:: t\n   :file: {}", ".. raw:: html\n   :file: {}"],
)
def test_no_other_file_is_read(tmp_path: Path, directive: str) -> None:
    path = tmp_path / "secret.txt"
    path.write_text("The secret of the house is here.")
    reading = read(f"Owls hunt.\n\n{directive.format(path)}\n".encode())
    assert reading.text == "Owls hunt."
    assert "raw" in directive or "which were not read" in reading.warnings[0]


def test_a_substitution_is_made_and_one_that_is_unknown_is_said() -> None:
    reading = read(b".. |x| replace:: *mice*\n\nOwls eat |x|, says |version|.")
    assert reading.text == "Owls eat mice, says [version]."
    assert reading.warnings == ("has names that are replaced elsewhere and stand as they are: version.",)


def test_long_lines_and_deep_nesting_do_not_fail() -> None:
    assert len(read(b"owl " * 10_000).text) == 39_999
    assert read("".join(f"{'   ' * depth}- a\n\n" for depth in range(30)).encode()).text.count("a") == 30
