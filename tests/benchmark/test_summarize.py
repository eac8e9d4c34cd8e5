"""The summarizers' benchmark: what is compared, how cells are marked and written; its times are not tested."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch
from rich.console import Console
from typer.testing import CliRunner, Result

import fastsum.benchmark.startup
import fastsum.benchmark.timing
from fastsum import Summarizer
from fastsum.benchmark import ours
from fastsum.benchmark import summarize as bench
from fastsum.benchmark.startup import Start
from fastsum.benchmark.timing import Timing
from fastsum.cli.app import app
from fastsum.errors import FastsumError
from fastsum.evaluation import peers
from fastsum.text.sentences import sentences
from tests.conftest import DOCUMENT

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
OWN = ["fastsum extractive", "fastsum abstractive", "fastsum extractive, batched", "fastsum abstractive, batched"]
QUICK = bench.SummarizeSettings(sentences=2, batch=2, rounds=1, memory=False, startup=False)


@pytest.fixture(scope="module")
def summarizer(tiny_checkpoint: Path) -> Summarizer:
    return Summarizer.load(tiny_checkpoint, device="cpu", precision="fp32")


@pytest.fixture
def without_peers(monkeypatch: pytest.MonkeyPatch) -> None:
    for package in peers.PACKAGES.values():
        monkeypatch.setitem(sys.modules, package, None)


def run(*arguments: str | Path) -> Result:
    quick = ("--rounds", "1", "--no-memory", "--no-startup", "--device", "cpu")
    return CliRunner().invoke(app, ["bench", "summarize", *map(str, arguments), *quick])


def measure(
    summarizer: Summarizer, columns: list[bench.Texts], settings: bench.SummarizeSettings = QUICK
) -> list[list[bench.ToolCell]]:
    return list(bench.measure(summarizer, Path("unused"), "fp32", columns, settings))


def fake_tools(monkeypatch: pytest.MonkeyPatch, seconds: dict[str, float]) -> list[str]:
    """Tools that say which document they were given, and a clock that goes by it: seconds a word or its square."""
    calls: list[str] = []

    def act(name: str, texts: list[str]) -> None:
        calls.append(f"{name} {len(texts[0].split())}")

    rows = [bench.Tool(name, False, partial(act, name)) for name in seconds]

    def clock(action: Any, device: torch.device, repeats: int = 1) -> float:
        action()
        name, words = calls[-1].split()
        return seconds[name] * int(words) ** (2 if name == "square" else 1)

    monkeypatch.setattr(bench, "tools", lambda *_: rows)
    monkeypatch.setattr(bench, "seconds", clock)
    monkeypatch.setattr(fastsum.benchmark.timing, "seconds", clock)
    return calls


def column(words: int) -> bench.Texts:
    return bench.Texts(str(words), ["word " * words], [])


@pytest.mark.parametrize("name", peers.NAMES)
def test_sumy_chooses_sentences_of_the_text_in_their_order(name: str) -> None:
    pytest.importorskip("sumy")
    text = "# The harbour\n\n" + DOCUMENT
    own = [text[s.start : s.end] for s in sentences(text) if s.is_prose]
    summarize = peers.summarizer(f"sumy {name}", 2)
    chosen = summarize(text)
    assert len(chosen) == 2
    assert chosen == [sentence for sentence in own if sentence in chosen]
    assert summarize("One sentence alone.") == ["One sentence alone."]


@pytest.mark.parametrize("name", ["summa TextRank", "lede"])
def test_other_packages_summaries_are_of_the_text_too(name: str) -> None:
    pytest.importorskip(peers.PACKAGES[name])
    text = " ".join(f"{DOCUMENT} The count was {number}." for number in range(20))
    chosen = " ".join(peers.summarizer(name, 2)(text))
    assert set(chosen.split()) <= set(text.split())
    assert 20 < len(chosen.split()) < 80  # about two sentences


@pytest.mark.parametrize(
    ("module", "tool"), [("evaluation.peers", "sumy TextRank"), ("benchmark.ours", "fastsum extractive")]
)
def test_memory_is_measured_without_torch(module: str, tool: str, tiny_checkpoint: Path) -> None:
    if tool.startswith("sumy"):
        pytest.importorskip("sumy")
    program = f"import sys, fastsum.{module} as measured; measured.peak(); print('torch' in sys.modules)"
    asked = {"tool": tool, "texts": [DOCUMENT], "sentences": 2, "model": str(tiny_checkpoint), "device": "cpu"}
    command = [sys.executable, "-c", program]
    given = json.dumps(asked | {"precision": "fp32"})
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=True)
    peak, torch_loaded = done.stdout.split()
    assert 1e7 < int(peak) < 1e9
    assert torch_loaded == "False"


@pytest.mark.parametrize("tool", OWN)
def test_fastsums_memory_is_that_of_the_work_asked_for(
    tool: str, tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    modes: list[str] = []
    for method in ("summarize", "summarize_many"):
        made = getattr(Summarizer, method)

        def spy(self: Summarizer, texts: Any, mode: str, *rest: Any, made: Any = made, **named: Any) -> Any:
            modes.append(f"{made.__name__} {mode} {rest or tuple(named.values())}")
            return made(self, texts, mode, *rest, **named)

        monkeypatch.setattr(Summarizer, method, spy)
    asked = {"tool": tool, "texts": [DOCUMENT] * 2, "sentences": 2}
    asked |= {"model": str(tiny_checkpoint), "device": "cpu", "precision": "fp32"}
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(asked)))
    monkeypatch.setattr(ours, "keep_freed_memory", lambda: None)
    ours.peak()
    assert int(capsys.readouterr().out) > 1e7
    mode = tool.split()[1].rstrip(",")
    assert modes == ([f"summarize_many {mode} (2,)"] if "batched" in tool else [f"summarize {mode} (2,)"] * 2)


def test_sumys_memory_is_measured_in_a_process_of_its_own(summarizer: Summarizer) -> None:
    pytest.importorskip("sumy")
    tool = next(tool for tool in bench.tools(summarizer, 2) if tool.name.startswith("sumy"))
    assert (bench._peak(tool, [DOCUMENT], summarizer, Path("unused"), "fp32", QUICK) or 0) > 1e7


def test_memory_is_measured_in_a_process_for_each_cell(
    summarizer: Summarizer, tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch, without_peers: None
) -> None:
    asked: list[dict[str, Any]] = []

    def run(command: list[str], input: str, **_: Any) -> subprocess.CompletedProcess[str]:
        assert command[-1].endswith("ours.peak()")
        asked.append(json.loads(input))
        return subprocess.CompletedProcess(command, 0, "2000000000\n", "")

    monkeypatch.setattr(subprocess, "run", run)
    settings = replace(QUICK, memory=True)
    texts = bench.Texts("12", [DOCUMENT], [DOCUMENT, DOCUMENT])
    [cells] = bench.measure(summarizer, tiny_checkpoint, "fp32", [texts], settings)
    assert [cell.peak_bytes for cell in cells] == [2_000_000_000] * 4
    assert [(one["tool"], len(one["texts"])) for one in asked] == list(zip(OWN, (1, 1, 2, 2), strict=True))
    assert all(one["model"] == str(tiny_checkpoint) and one["device"] == "cpu" for one in asked)

    monkeypatch.setattr(
        subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, 1, "", "no memory left")
    )
    with pytest.raises(FastsumError, match="fastsum extractive failed: no memory left"):
        list(bench.measure(summarizer, tiny_checkpoint, "fp32", [texts], settings))


def test_documents_have_about_the_words_asked_for(summarizer: Summarizer) -> None:
    texts = bench.texts_of_length(1_000, summarizer.tokenizer, 3)
    assert 950 <= len(texts.single[0].split()) <= 1_050
    assert len(set(texts.batch)) == 3  # other documents,
    assert len({tuple(sorted(text.split())) for text in texts.batch}) == 1  # of the same words
    assert len(bench.texts_of_length(30_000, summarizer.tokenizer, 3).batch) == 2


def test_rows_without_a_word_are_left_out() -> None:
    assert bench.texts_of_rows("rows", ["...", DOCUMENT]).single == [DOCUMENT]
    with pytest.raises(FastsumError, match="no document has a word"):
        bench.texts_of_rows("rows", ["...", ""])


def test_what_takes_too_long_is_marked_and_longer_documents_left_out(
    summarizer: Summarizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = fake_tools(monkeypatch, {"line": 0.1, "square": 0.01})
    columns = [column(words) for words in (10, 20, 40, 80)]
    settings = bench.SummarizeSettings(rounds=2, limit=10, memory=False)
    found = measure(summarizer, columns, settings)
    status = {(cell.tool, cell.texts): cell.status for cells in found for cell in cells}
    assert [status["line", str(words)] for words in (10, 20, 40, 80)] == ["ok"] * 4
    assert [status["square", str(words)] for words in (10, 20, 40, 80)] == ["ok", "ok", "over time", "over time"]
    assert not {"square 40", "square 80"} & set(calls)

    calls = fake_tools(monkeypatch, {"square": 0.01})
    found = measure(summarizer, [column(20), column(40), column(80)], settings)  # one length does not tell the growth
    assert [cell.status for [cell] in found] == ["ok", "single", "over time"]
    assert calls.count("square 40") == 1
    assert found[1][0].as_dict()["median_s"] == pytest.approx(16)
    assert found[1][0].as_dict()["samples"] == 1
    [table] = bench.as_tables({"cores": 2}, [cell for cells in found for cell in cells], settings)
    shown = [[cell.partition("\n")[0] for cell in column.cells] for column in table.columns[2:]]
    assert shown == [["0.25"], ["0.062*"], ["over time"]]


def test_the_table_has_clock_and_processor_and_fits_100_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    tools = [*OWN, *peers.PACKAGES]
    lengths = ["500", "1,000", "2,000", "5,000", "10,000", "20,000", "50,000"]
    timing = Timing(1 / 0.0876, 0.0, 0.0, 1)
    cells = [bench.ToolCell(tool, length, 1, 500, "single", timing, 40.0) for length in lengths for tool in tools]
    cells[-1] = bench.ToolCell(tools[-1], lengths[-1], 1, 500, "over time")
    starts = [Start(tool, Timing(0.314, 0.3, 0.4, 3), 0.271) for tool in ("fastsum extractive", *peers.PACKAGES)]
    [table] = bench.as_tables({"cores": 2}, cells, QUICK, starts)
    out = io.StringIO()
    Console(file=out, width=100).print(table)
    lines = out.getvalue().splitlines()
    assert max(map(len, lines)) <= 100
    assert "\u2026" not in out.getvalue()
    [clock] = [number for number, line in enumerate(lines) if line.startswith("fastsum extractive  ")]
    assert lines[clock].split() == ["fastsum", "extractive", "s", *["0.088*"] * 7, "0.31"]
    assert lines[clock + 1].split() == ["CPU", "s", *["0.025"] * 7, "0.27"]
    assert sum(line.split()[:2] == ["CPU", "s"] or "  CPU s" in line for line in lines) == len(tools)
    assert "over time" in lines[[line.startswith("lede") for line in lines].index(True)]


def test_the_command_writes_what_it_measures(
    tiny_checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for package in peers.PACKAGES.values():
        pytest.importorskip(package)
    written: list[int] = []
    write = bench.as_json
    monkeypatch.setattr(bench, "as_json", lambda *given: written.append(len(given[4])) or write(*given))
    result = run("--words", "120,60", "--batch", "2", "--model", tiny_checkpoint, "--output", tmp_path / "new")
    assert result.exit_code == 0, result.output
    found = json.loads((tmp_path / "new" / "summarize.json").read_text("utf-8"))
    tools = [*OWN, *peers.PACKAGES]
    assert written == [9, 18]  # after every length
    assert [(cell["texts"], cell["tool"]) for cell in found["cells"]] == [(n, t) for n in ("60", "120") for t in tools]
    assert found["machine"]["torch"] == torch.__version__
    assert found["settings"]["sentences"] == 3
    assert all(found["settings"][package] == peers.version(package) for package in ("sumy", "summa", "lede"))
    assert found["startup"] == []
    for cell in found["cells"]:
        assert cell["status"] == "ok"
        assert cell["documents"] == (2 if "batched" in cell["tool"] else 1)
        assert 0.7 < cell["words"] / cell["documents"] / int(cell["texts"]) < 1.5
        assert cell["low_s"] <= cell["median_s"] <= cell["high_s"]
        assert cell["documents_per_second"] == pytest.approx(cell["documents"] / cell["median_s"])
        assert cell["words_per_second"] == pytest.approx(cell["words"] / cell["median_s"])
        assert cell["cpu_s"] > 0
        assert cell["peak_bytes"] is None
    assert all(tool in " ".join(result.stdout.split()) for tool in tools if "batched" not in tool)


def test_fresh_processes_are_measured_on_a_short_document(
    tiny_checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, without_peers: None
) -> None:
    asked: list[Any] = []

    def measured(text: str, model: Path, sentences: int, rounds: int) -> list[Start]:
        asked.append((len(text.split()), model, sentences, rounds))
        return [Start("fastsum extractive", Timing(0.3, 0.2, 0.4, rounds), 0.25)]

    monkeypatch.setattr(fastsum.benchmark.startup, "measure", measured)
    options = ("--rounds", "1", "--no-memory", "--device", "cpu", "--words", "60", "--batch", "1", "--sentences", "2")
    command = ["bench", "summarize", *options, "--model", str(tiny_checkpoint), "--output", str(tmp_path)]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, result.output
    [(words, *rest)] = asked
    assert 400 < words < 600
    assert rest == [tiny_checkpoint, 2, 1]
    assert "start-up, fastsum extractive: 0.30 s" in result.stderr
    assert "start-up" in result.stdout
    [start] = json.loads((tmp_path / "summarize.json").read_text("utf-8"))["startup"]
    assert (start["tool"], start["median_s"], start["cpu_s"]) == ("fastsum extractive", 0.3, 0.25)


def test_without_other_packages_fastsum_stands_alone_and_the_remedy_is_named(
    tiny_checkpoint: Path, tmp_path: Path, without_peers: None
) -> None:
    result = run(SAMPLES / "rows", "--rows", "2", "--model", tiny_checkpoint, "--output", tmp_path)
    assert result.exit_code == 0, result.output
    assert "pip install lede summa sumy" in result.stderr
    assert "LexRank" not in result.stdout
    found = json.loads((tmp_path / "summarize.json").read_text("utf-8"))
    assert [(cell["tool"], cell["documents"], cell["texts"]) for cell in found["cells"]] == [
        (tool, 2, "test.jsonl") for tool in OWN
    ]
    assert found["settings"]["sumy"] is None


def test_lengths_that_are_none_are_refused_in_a_sentence(tmp_path: Path) -> None:
    result = run("--words", "many", "--output", tmp_path / "new")
    assert result.exit_code == 1
    assert "--words many" in result.stderr
    assert not (tmp_path / "new").exists()
