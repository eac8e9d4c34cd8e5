"""Reading MIND: what its files hold, and what in them is left out, counted and named."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastsum.errors import FastsumError
from fastsum.tasks.recommendation.mind import Mind, read_mind
from tests.tasks.recommendation.synthetic import write_mind

GOOD = "1\tU1\t11/11/2019 9:05:58 AM\tN1 N2\tN3-1 N4-0 N1-0"


def news(number: int, title: str = "A title") -> str:
    return f"N{number}\tsports\ttennis\t{title} {number}\t\thttps://news.example/{number}\t[]\t[]"


def folder(
    path: Path, behaviors: list[str], lines: list[str] | None = None, names: tuple[str, str] = ("train", "dev")
) -> Path:
    """MIND with four news and these impressions to train on, and one good impression in dev."""
    every = lines or [news(number) for number in range(1, 5)]
    for name, own in zip(names, (behaviors, [GOOD]), strict=True):
        (path / name).mkdir(parents=True)
        (path / name / "news.tsv").write_text("\n".join(every) + "\n", "utf-8")
        (path / name / "behaviors.tsv").write_text("\n".join(own) + "\n", "utf-8")
    return path


def shown(mind: Mind) -> list[tuple[list[str], list[tuple[str, bool]]]]:
    """Titles of each training impression's history, and of its candidates with their clicks."""
    return [
        (
            [mind.titles[n] for n in one.history_K],
            [(mind.titles[n], bool(c)) for n, c in zip(one.candidates_C, one.clicked_C, strict=True)],
        )
        for one in mind.train
    ]


def test_an_impression_is_what_its_line_says(tmp_path: Path) -> None:
    mind = read_mind(folder(tmp_path, [GOOD]))
    candidates = [("A title 3", True), ("A title 4", False), ("A title 1", False)]
    assert shown(mind) == [(["A title 1", "A title 2"], candidates)]
    assert len(mind.dev) == 1
    assert mind.rejects.describe() == ""


@pytest.mark.parametrize("names", [("MINDsmall_train", "MINDsmall_dev"), ("MINDlarge_train", "valid")])
def test_the_folders_may_have_minds_names(tmp_path: Path, names: tuple[str, str]) -> None:
    assert len(read_mind(folder(tmp_path, [GOOD], names=names)).train) == 1


def test_a_user_may_have_no_history(tmp_path: Path) -> None:
    mind = read_mind(folder(tmp_path, ["1\tU1\ttime\t\tN3-1 N4-0"]))
    assert shown(mind)[0][0] == []


def test_quotes_and_a_byte_order_mark_are_no_syntax(tmp_path: Path) -> None:
    path = folder(tmp_path, [GOOD], [news(1, 'The "open'), *(news(number) for number in (2, 3, 4))])
    file = path / "train" / "behaviors.tsv"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    mind = read_mind(path)
    assert mind.titles[0] == 'The "open 1'
    assert shown(mind)[0][1][-1] == ('The "open 1', False)


@pytest.mark.parametrize(
    ("bad", "kind", "detail"),
    [
        ("2\tU1\ttime\tN1", "lines with missing columns", "4 columns where MIND's behaviors have 5"),
        ("2\tU1\ttime\tN1\tN3-0 N4-0", "impressions without a click", "no known news was clicked"),
        ("2\tU1\ttime\tN1\tN3-1 N4-1", "impressions with clicks alone", "all known news were clicked"),
        ("2\tU1\ttime\tN1\t", "impressions without a click", "no known news was clicked"),
        ("2\tU1\ttime\tN1\tN3 N4", "impressions without labels", "'N3' does not end in -0 or -1"),
        ("2\tU1\ttime\tN1\tN3-2 N4-0", "impressions without labels", "'N3-2' does not end in -0 or -1"),
    ],
)
def test_what_cannot_be_used_is_counted_and_named(tmp_path: Path, bad: str, kind: str, detail: str) -> None:
    path = folder(tmp_path, [GOOD, bad, bad])
    mind = read_mind(path)
    assert len(mind.train) == 1
    assert mind.rejects.counts == {kind: 2}
    note = mind.rejects.describe()
    assert note.startswith(f"Left out: {kind} (2, the first in ")
    assert f"behaviors.tsv, line 2: {detail}" in note
    with pytest.raises(FastsumError, match="line 2: .*omit --strict"):
        read_mind(path, strict=True)


def test_unknown_news_are_left_out_of_histories_and_impressions(tmp_path: Path) -> None:
    mind = read_mind(folder(tmp_path, ["1\tU1\ttime\tN9 N1\tN3-1 N8-0 N4-0", "2\tU1\ttime\t\tN7-1 N4-0"]))
    assert shown(mind) == [(["A title 1"], [("A title 3", True), ("A title 4", False)])]
    assert mind.rejects.counts == {"news ids that are in no news.tsv": 3, "impressions without a click": 1}


@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        ("N5\tsports\ttennis", "lines with missing columns"),
        ("N5\tsports\ttennis\t \t\turl\t[]\t[]", "news without a title"),
        ("N1\tsports\ttennis\tAnother\t\turl\t[]\t[]", "second titles of a news id"),
    ],
)
def test_bad_news_are_counted_and_named(tmp_path: Path, bad: str, kind: str) -> None:
    path = folder(tmp_path, [GOOD], [*(news(number) for number in range(1, 5)), bad])
    mind = read_mind(path)
    assert mind.rejects.counts == {kind: 2}  # in both splits
    assert mind.titles == [f"A title {number}" for number in range(1, 5)]
    with pytest.raises(FastsumError, match="news.tsv, line 5"):
        read_mind(path, strict=True)


def test_a_split_without_a_usable_impression_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FastsumError, match="in .*train/behaviors.tsv. Left out: impressions without a click"):
        read_mind(folder(tmp_path, ["2\tU1\ttime\tN1\tN3-0"]))


def test_a_missing_split_is_named_with_its_remedy(tmp_path: Path) -> None:
    (tmp_path / "train").mkdir()
    with pytest.raises(FastsumError, match="no folder of the split dev; unpack MIND's archive there as dev or valid"):
        read_mind(tmp_path)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(FastsumError, match="There is no folder .*nothing"):
        read_mind(tmp_path / "nothing")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    path = folder(tmp_path, [GOOD])
    (path / "dev" / "news.tsv").unlink()
    with pytest.raises(FastsumError, match="dev/news.tsv cannot be read"):
        read_mind(path)


def test_the_limit_is_of_usable_impressions_of_each_split(tmp_path: Path) -> None:
    path = folder(tmp_path, ["2\tU1\ttime\tN1\tN3-0", GOOD, GOOD, GOOD])
    assert [len(part) for part in read_mind(path, limit=2)[1:3]] == [2, 1]


def test_the_digest_follows_what_is_read(tmp_path: Path) -> None:
    path = folder(tmp_path, [GOOD])
    before = read_mind(path).digest
    assert read_mind(path).digest == before
    file = path / "train" / "behaviors.tsv"
    file.write_text(file.read_text().replace("N3-1 N4-0", "N3-0 N4-1"))
    assert read_mind(path).digest != before


def test_the_synthetic_data_have_nothing_to_leave_out(tmp_path: Path) -> None:
    mind = read_mind(write_mind(tmp_path, impressions=30, news=60), strict=True)
    assert (len(mind.train), len(mind.dev), len(mind.titles)) == (30, 10, 120)
