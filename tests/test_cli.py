"""The command line: its surface, what goes to which stream, exit codes, and bad input of every kind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from fastsum import Summarizer, checkpoint, experiment
from fastsum.cli import app
from fastsum.options import Attention
from fastsum.training import Interrupted

SAMPLES = Path(__file__).parents[1] / "data" / "samples"
STORY, PAPER = SAMPLES / "story.txt", SAMPLES / "paper.md"
SURFACE = Path(__file__).with_name("cli_surface.json")
TINY = ["model.vocabulary_size=300", "model.output_vocabulary_size=100", "model.width=16", "model.heads=2",
        "model.feedforward=16", "model.encoder_layers=1", "model.sentence_layers=1", "model.decoder_layers=1",
        "training.steps=2", "training.batch_tokens=600", "training.validate_rows=2", "training.warmup=1"]  # fmt: skip


def run(*arguments: str | Path, stdin: bytes = b"") -> Result:
    return CliRunner().invoke(app, list(map(str, arguments)), input=stdin)


@pytest.fixture(scope="module")
def summarize(tiny_checkpoint: Path) -> Callable[..., Result]:
    return lambda *arguments, stdin=b"": run(
        "summarize", "--model", tiny_checkpoint, "--device", "cpu", *arguments, stdin=stdin
    )


def surface() -> dict[str, Any]:
    """Every command's parameters, as far as a caller can depend on them."""

    def parameters(command: Any) -> list[dict[str, Any]]:
        return [
            {
                "options": [*parameter.opts, *parameter.secondary_opts],
                "required": parameter.required,
                "default": None if parameter.default in (None, (), []) else str(parameter.default),
            }
            for parameter in command.params
        ]

    def below(name: str, command: Any) -> dict[str, Any]:
        found = {name: parameters(command)}
        for part, child in sorted(getattr(command, "commands", {}).items()):
            found |= below(f"{name} {part}", child)
        return found

    return below("fastsum", typer.main.get_command(app))


def test_surface_is_what_it_was() -> None:
    """After a change that is meant: `python tests/test_cli.py` writes the file anew."""
    assert surface() == json.loads(SURFACE.read_text("utf-8"))


def test_help_imports_nothing_slow() -> None:
    code = """if True:
        import sys
        from fastsum.cli import app
        helps = [["--help"], ["summarize", "--help"], ["train", "--help"], ["bench", "attention", "--help"]]
        for arguments in (*helps, ["summarize", "no such file"]):
            try:
                app(arguments)
            except SystemExit:
                pass
        print(*{"torch", "datasets", "pyarrow", "nltk", "rich", "rouge_score", "numpy"} & set(sys.modules))"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == ""


def test_every_help_text_can_be_shown() -> None:
    benches = [["bench", name] for name in ("targets", "attention", "decoding", "summarize", "ablations")]
    for command in ([], ["summarize"], ["train"], ["evaluate"], ["config"], ["bench"], *benches):
        result = run(*command, "--help")
        assert result.exit_code == 0
        assert "Usage: " in result.stdout
    assert run("--version").stdout.startswith("fastsum ")


@pytest.mark.parametrize(
    "arguments",
    [["nonsense"], ["summarize", "-n", "0", "x"], ["summarize", "--mode", "both", "x"], ["train"], ["evaluate"]],
)
def test_wrong_usage_exits_2(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr != ""


# ------------------------------------------------------------------------------------------------------------ summarize


def test_stdout_has_the_summary_alone(summarize: Callable[..., Result], tiny_checkpoint: Path) -> None:
    result = summarize(STORY, "-n", "2", "-v")
    expected = Summarizer.load(tiny_checkpoint).summarize(STORY.read_text("utf-8"), sentences=2)
    assert (result.exit_code, result.stdout) == (0, f"{expected}\n")
    assert f"{tiny_checkpoint} on cpu" in result.stderr
    assert summarize(STORY, "-n", "2").stderr == ""


def test_standard_input_with_and_without_a_dash(summarize: Callable[..., Result]) -> None:
    text = STORY.read_bytes()
    assert summarize(stdin=text).stdout == summarize("-", stdin=text).stdout == summarize(STORY).stdout != ""


def test_notes_go_to_stderr(summarize: Callable[..., Result], tmp_path: Path) -> None:
    file = tmp_path / "short.txt"
    file.write_text("One sentence is all there is.")
    result = summarize(file)
    assert (result.exit_code, result.stdout) == (0, "One sentence is all there is.\n")
    assert result.stderr.startswith(f"fastsum: {file}: the summary has 1 sentence instead of 3")


def test_json_lines_name_the_files(summarize: Callable[..., Result]) -> None:
    result = summarize("--json", "--words", "40", STORY, PAPER)
    first, second = map(json.loads, result.stdout.splitlines())
    assert list(first)[:2] == ["file", "model"]
    assert (first["file"], second["file"]) == (str(STORY), str(PAPER))
    assert first["words"] <= 40
    assert first["sentences"][0]["sources"][0]["text"] in STORY.read_text("utf-8")


@pytest.fixture
def loaded(tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch) -> list[str | Path]:
    """What is loaded, by name; all of it is the tiny model."""
    names: list[str | Path] = []
    load = Summarizer.load

    def tiny(model: str | Path, **settings: str) -> Summarizer:
        names.append(model)
        return load(tiny_checkpoint, **settings)

    monkeypatch.setattr(Summarizer, "load", tiny)
    return names


def test_each_document_gets_the_model_that_fits_it(loaded: list[str | Path]) -> None:
    result = run("summarize", "--json", "-n", "1", STORY, PAPER, STORY)
    assert [json.loads(line)["model"] for line in result.stdout.splitlines()] == ["news", "paper", "news"]
    assert loaded == ["news", "paper"]
    assert result.stderr == ""


def test_a_model_that_is_not_needed_is_not_loaded(loaded: list[str | Path]) -> None:
    assert run("summarize", "-n", "1", PAPER).exit_code == 0
    assert loaded == ["paper"]


def test_a_model_asked_for_prevails(loaded: list[str | Path], tiny_checkpoint: Path) -> None:
    for model in ("paper", tiny_checkpoint):
        result = run("summarize", "--model", model, "--json", "-n", "1", STORY)
        assert json.loads(result.stdout)["model"] == str(model)
    assert loaded == ["paper", str(tiny_checkpoint)]


def test_verbose_names_the_model_of_each_document(loaded: list[str | Path]) -> None:
    lines = run("summarize", "-v", "-n", "1", "--device", "cpu", PAPER, STORY).stderr.splitlines()
    assert [line.partition(" on cpu")[0] for line in lines if " on cpu" in line] == ["fastsum: paper", "fastsum: news"]
    assert [line.endswith(" by paper") for line in lines if str(PAPER) in line] == [True]
    assert [line.endswith(" by news") for line in lines if str(STORY) in line] == [True]


def test_the_decoder_writes(summarize: Callable[..., Result]) -> None:
    result = summarize("--mode", "abstractive", "--beam", "1", "--json", STORY)
    assert json.loads(result.stdout)["mode"] == "abstractive"


def test_all_files_are_attempted(summarize: Callable[..., Result], tmp_path: Path) -> None:
    missing, blank = tmp_path / "missing.txt", tmp_path / "blank.txt"
    blank.write_text(" \n\t\n")
    marks = tmp_path / "marks.txt"
    marks.write_text("* * *\n")
    result = summarize("-n", "1", STORY, missing, blank, marks, tmp_path, "-", stdin=b"A dog barked. It was loud.")
    assert result.exit_code == 1
    blocks = result.stdout.split("\n\n")
    assert [block.splitlines()[0] for block in blocks] == [f"==> {STORY} <==", "==> standard input <=="]
    assert [len(block.splitlines()) for block in blocks] == [2, 2]
    errors = [line for line in result.stderr.splitlines() if line.startswith("fastsum: error: ")]
    assert [next(i for i, f in enumerate((missing, blank, marks)) if str(f) in e) for e in errors[:2]] == [0, 1]
    assert len(errors) == 4
    assert str(marks) in errors[3]


BAD = {
    "empty": (b"", "no text"),
    "blank": (b" \r\n\t \n", "no text"),
    "image": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "not text"),
    "random": (bytes(range(256)) * 20, "not text"),
    "nuls": (b"\0" * 500, "no"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_documents_are_one_sentence(summarize: Callable[..., Result], tmp_path: Path, name: str) -> None:
    content, reason = BAD[name]
    file = tmp_path / name
    file.write_bytes(content)
    result = summarize(file)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("fastsum: error: ")
    assert reason in result.stderr
    assert str(file) in result.stderr
    assert len(result.stderr.splitlines()) == 1


ODD = {
    "utf-16": STORY.read_text("utf-8").encode("utf-16"),
    "latin-1": "Le café a fermé à midi. Les élèves étaient très déçus. Le maire a été désolé.".encode("latin-1"),
    "nuls inside": b"The harbour froze\0 on Monday. Two dogs\0 fell in. Schools closed.",
    "one long line": b"The harbour froze on Monday and Fishermen walked to their boats again. " * 14_000,
    "one long word": b"a" * 100_000,
}


@pytest.mark.parametrize("name", ODD)
def test_odd_documents_are_summarized(summarize: Callable[..., Result], tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(ODD[name])
    result = summarize(file, "-n", "1")
    assert result.exit_code == 0, result.stderr
    assert len(result.stdout.splitlines()) == 1
    assert "\0" not in result.stdout


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="nothing is unreadable to this user")
def test_unreadable_file(summarize: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("A secret.")
    (tmp_path / "secret").chmod(0)
    assert "may not be read" in summarize(tmp_path / "secret").stderr


def test_model_that_is_none(tmp_path: Path) -> None:
    result = run("summarize", STORY, "--model", tmp_path)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("fastsum: error: ")
    assert "Traceback" not in result.stderr


def test_ctrl_c_exits_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(path: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("fastsum.documents.read_document", interrupted)
    result = run("summarize", STORY)
    assert (result.exit_code, result.output) == (130, "")


@pytest.mark.skipif(os.name == "nt", reason="pipes break otherwise there")
def test_a_reader_that_has_seen_enough() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([sys.executable, "-m", "fastsum", "config"], stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, b"")


# --------------------------------------------------------------------------------------------------- train and evaluate


def test_presets_are_listed_and_printed() -> None:
    names = run("config").stdout.split()
    assert "tiny" in names
    assert "[model]" in run("config", "tiny").stdout
    result = run("config", "tyni")
    assert result.exit_code == 1
    assert "tiny" in result.stderr


@pytest.fixture
def train(tmp_path: Path) -> Callable[..., Result]:
    settings = [part for setting in TINY for part in ("--set", setting)]
    return lambda *arguments: run(
        "train", SAMPLES / "rows", *settings, "--output", tmp_path / "run", "--cache", tmp_path / "cache", "--quiet",
        "--device", "cpu", *arguments,
    )  # fmt: skip


def test_training_ends_with_the_best_checkpoint(train: Callable[..., Result], tmp_path: Path) -> None:
    result = train()
    assert result.exit_code == 0, result.output
    scores, path = result.stdout.splitlines()
    assert "rougeLsum" in scores
    assert path == str(tmp_path / "run" / "best")
    assert run("summarize", "--model", path, STORY).exit_code == 0
    assert (tmp_path / "run" / "log.jsonl").read_text("utf-8")

    again = train()
    assert again.exit_code == 1
    assert "--resume" in again.stderr

    resumed = run("train", SAMPLES / "rows", "--resume", "--set", "training.steps=3", "--output", tmp_path / "run",
                  "--cache", tmp_path / "cache", "--device", "cpu")  # fmt: skip
    assert resumed.exit_code == 0, resumed.output
    assert "resumed after update 2" in resumed.stderr


@pytest.mark.parametrize("attention", [choice.value for choice in Attention])
def test_every_attention_trains_summarizes_and_is_evaluated(
    train: Callable[..., Result], tmp_path: Path, attention: str
) -> None:
    result = train("--attention", attention)
    assert result.exit_code == 0, result.output
    best = tmp_path / "run" / "best"
    assert checkpoint.load(best).config.model.attention == attention
    assert run("summarize", "--model", best, "--device", "cpu", STORY).stdout.strip()
    scores = run("evaluate", SAMPLES / "rows", "--model", best, "--limit", "2", "--device", "cpu")
    assert scores.exit_code == 0, scores.output


def test_stopped_training_says_how_to_go_on(train: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*arguments: object, **settings: object) -> None:
        raise Interrupted

    monkeypatch.setattr(experiment, "train", stop)
    result = train()
    assert (result.exit_code, result.stdout) == (130, "")
    assert "--resume" in result.stderr


def test_what_is_wrong_is_told_before_a_folder_is_made(train: Callable[..., Result], tmp_path: Path) -> None:
    unknown = train("--set", "model.widht=3", "--set", "training.clip=-1")
    assert unknown.exit_code == 1
    assert "widht" in unknown.stderr
    assert "clip" in unknown.stderr
    assert run("train", tmp_path / "no", "--output", tmp_path / "run").exit_code == 1
    assert run("train", SAMPLES / "rows", "--resume", "--output", tmp_path / "run").exit_code == 1
    assert not (tmp_path / "run").exists()


def test_evaluation_prints_a_table_and_writes_files(tiny_checkpoint: Path, tmp_path: Path) -> None:
    result = run("evaluate", SAMPLES / "rows", "--model", tiny_checkpoint, "--output", tmp_path / "scores", "-n", "2")
    assert result.exit_code == 0, result.output
    for part in (
        "6 rows of test.jsonl",
        "Lead-3",
        "greedy oracle",
        "extractive - Lead-3",
        "documents/s",
        "sentences 2",
    ):
        assert part in result.stdout
    assert result.stderr == ""
    results = json.loads((tmp_path / "scores" / "results.json").read_text("utf-8"))
    assert (results["rows"], results["rejected"], results["decoding"]["sentences"]) == (6, 0, 2)
    assert results["model"] == str(tiny_checkpoint)
    assert len((tmp_path / "scores" / "outputs.jsonl").read_text("utf-8").splitlines()) == 6


@pytest.mark.parametrize(("sample", "model"), [(STORY, "news"), (PAPER, "paper")])
def test_rows_are_scored_with_the_model_that_fits_them(
    loaded: list[str | Path], tmp_path: Path, sample: Path, model: str
) -> None:
    row = {"document": sample.read_text("utf-8"), "summary": "A ferry was withdrawn. Tenants slept better."}
    (tmp_path / "rows.jsonl").write_text(json.dumps(row) + "\n")
    result = run("evaluate", tmp_path / "rows.jsonl", "--device", "cpu", "--output", tmp_path / "scores")
    assert result.exit_code == 0, result.output
    assert loaded == [model]
    assert f"documents/s, {model} on cpu" in result.stdout
    assert json.loads((tmp_path / "scores" / "results.json").read_text("utf-8"))["model"] == model


def test_unusable_rows_are_counted_or_fatal(tiny_checkpoint: Path, tmp_path: Path) -> None:
    row = {"document": "A dog barked. It was loud. Nobody slept.", "abstract": "A dog barked."}
    rows = tmp_path / "rows.jsonl"
    rows.write_text("\n".join(json.dumps(r) for r in (row, {"document": "x"}, row, {**row, "abstract": " "})))
    command = ["evaluate", rows, "--model", tiny_checkpoint, "--document-column", "document"]
    command += ["--summary-column", "abstract"]
    result = run(*command)
    assert result.exit_code == 0, result.output
    assert "Left out 2 unusable rows: rows.jsonl, line 2" in result.stderr
    assert "Lead-10" in result.stdout
    strict = run(*command, "--strict")
    assert (strict.exit_code, strict.stdout) == (1, "")
    assert "rows.jsonl, line 2" in strict.stderr


def test_rows_that_cannot_be_used(tiny_checkpoint: Path, tmp_path: Path) -> None:
    files = {
        "none.jsonl": b'{"document": "", "summary": ""}\n',
        "empty.jsonl": b"",
        "cut.parquet": b"PAR1" + b"\0" * 50,
        "rows.xlsx": b"",
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
        result = run("evaluate", tmp_path / name, "--model", tiny_checkpoint)
        assert (result.exit_code, result.stdout) == (1, ""), name
        assert result.stderr.startswith("fastsum: error: ")
        assert name in result.stderr


if __name__ == "__main__":
    SURFACE.write_text(json.dumps(surface(), indent=1) + "\n", "utf-8")
