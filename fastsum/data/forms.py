"""What rows are pairs of: documents and summaries, or texts and labels; and where such data is found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from fastsum.data.hub import HUB, LABELLED, LABELLED_LOCAL
from fastsum.data.tables import label_of, text_of
from fastsum.data.treebank import natural

COLUMNS = (("article", "highlights"), ("article", "abstract"), ("document", "summary"), ("text", "summary"))
LABEL_COLUMNS = (
    ("text", "label"), ("text", "stars"), ("text", "rating"), ("reviewText", "overall"), ("title+abstract", "category"),
)  # fmt: skip


class Form(NamedTuple):
    """What rows are pairs of, and where they are found."""

    nouns: tuple[str, str]
    """The two things of a pair."""
    options: tuple[str, str]
    """The options that name their columns."""
    hub: Mapping[str, tuple[str, str]]
    """Named data sets: repository and configuration on the hub."""
    local: Mapping[str, str]
    """Named data sets that are not on the hub: where a copy is to be had."""
    columns: Sequence[tuple[str, str]]
    """Pairs of columns that are looked for; "title+abstract" is the texts of both."""
    second: Callable[[Mapping[str, object], str], str]
    """The second thing, from a record and a column. Raises ValueError, which says what is wrong."""
    test_fraction: float
    """Share of the rows held out for the test where a data set has no test split; 0 for all rows."""


def _summary_of(fields: Mapping[str, object], column: str) -> str:
    return natural(text_of(fields, column))


SUMMARIES = Form(
    ("documents", "summaries"), ("--document-column", "--summary-column"), HUB, {}, COLUMNS, _summary_of, 0.0
)
LABELS = Form(
    ("texts", "labels"), ("--text-column", "--label-column"), LABELLED, LABELLED_LOCAL, LABEL_COLUMNS, label_of, 0.1
)
