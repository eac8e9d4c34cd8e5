"""Generated documents that mean harm: a summary or one line of refusal, in time, and no file written.

Plain text and Markdown by the command line. The documents are the same in every run.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner
from watching import acts, contents

from fastsum.cli import app

DOCUMENTS = 1000
SECONDS = 20.0
"""What one document may take, on a machine that does other work too."""

CONTROLS = "".join(map(chr, [*range(32), *range(127, 160)]))
RIGHT_TO_LEFT = "אבגד مرحبا شكرا \u200f\u202e\u202d\u2066\u2067\u2069"
ODD = "\u200b\u200d\ufeff\u2028\u2029\u0301\u0489\ufffd\ufffe\uffff\U000e0001\U0010ffff😀👩‍👩‍👧ﷺİß\u1680\u3000"
NESTS = (
    "> ", "- ", "    ", "* [", "[", "](", "![", "(", "**", "__", "`", "```\n", "<div>", "</div>", "#", "| ", "\\", '"',
    "'", "''", "`` ", "-lrb- ", "{", "}", "1. ", "\n# ", "\n---\n", "\n> ", "\n===\n", " . ", "n't ", "...", "?! ",
)  # fmt: skip
WORDS = 'It rained on Monday. The mayor of Oulu, Ms. A. Berg, said: "No." 3.5 per cent (see Fig. 2) stayed. '

characters = st.one_of(
    st.text(st.characters(), max_size=40),
    st.text(st.sampled_from(CONTROLS), max_size=40),
    st.text(st.sampled_from(RIGHT_TO_LEFT), max_size=40),
    st.text(st.sampled_from(ODD), max_size=40),
    st.text(st.characters(categories=["Cs"]), max_size=10),  # lone surrogates
    st.sampled_from(NESTS),
    st.just(WORDS),
)
repeats = st.sampled_from([1] * 12 + [2, 5, 20, 200, 3000])
pieces = st.builds(lambda part, count: part * (count if len(part) < 4 else min(count, 200)), characters, repeats)
texts = st.lists(pieces, min_size=1, max_size=12).map("".join)
encodings = st.sampled_from(["utf-8"] * 6 + ["utf-16", "utf-16-le", "utf-32", "latin-1", "shift_jis"])


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    text, encoding = draw(texts), draw(encodings)
    passed = "surrogatepass" if encoding.startswith("utf") else "replace"
    content = text.encode(encoding, passed)
    damage = draw(st.sampled_from(["none"] * 6 + ["cut", "noise", "marks"]))
    if damage == "cut":
        return content[: draw(st.integers(0, max(0, len(content) - 1)))]
    if damage == "noise":
        return content + draw(st.binary(max_size=200))
    return b"\xff\xfe" + content if damage == "marks" else content


@pytest.fixture(scope="module")
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.mark.faults
@pytest.mark.timeout(600)
def test_1000_hostile_documents_are_summarized_or_refused(
    tiny_checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, one_thread: None
) -> None:
    places = {name: tmp_path / name for name in ("work", "home", "temporary")}
    for path in places.values():
        path.mkdir()
    monkeypatch.chdir(places["work"])
    monkeypatch.setenv("HOME", str(places["home"]))
    monkeypatch.setenv("TMPDIR", str(places["temporary"]))
    command = ["summarize", "--model", str(tiny_checkpoint), "--device", "cpu", "document.md"]
    runner = CliRunner()
    Path("document.md").write_text(WORDS)
    assert runner.invoke(app, command).exit_code == 0  # what it imports is imported before it is watched
    before = contents(tmp_path).keys()
    ends = {0: 0, 1: 0}
    slowest = 0.0

    @settings(
        max_examples=DOCUMENTS, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(documents())
    def summarized(content: bytes) -> None:
        nonlocal slowest
        Path("document.md").write_bytes(content)
        begun = time.perf_counter()
        with acts() as done:
            result = runner.invoke(app, command)
        seconds = time.perf_counter() - begun
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert result.exit_code in ends
        if result.exit_code == 0:
            assert result.stdout.strip()
        else:
            assert result.stdout == ""
            assert result.stderr.startswith("fastsum: ")
        assert "Traceback" not in result.stderr
        assert done == []
        assert seconds < SECONDS
        ends[result.exit_code] += 1
        slowest = max(slowest, seconds)

    summarized()
    assert contents(tmp_path).keys() == before
    print(f"{ends[0]} summarized, {ends[1]} refused, the slowest in {slowest:.1f} s")
    assert sum(ends.values()) >= DOCUMENTS
    assert min(ends.values()) > DOCUMENTS / 50
