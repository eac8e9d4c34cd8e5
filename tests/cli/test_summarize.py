"""`fastsum summarize`: documents, folders and tables, what goes to which stream, and bad input of every kind."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner, Result

import fastsum.cli.pipeline
from fastsum import Summarizer, summary_schema
from fastsum.cli.app import app
from fastsum.cli.results import JOURNAL, Results
from fastsum.cli.summarize_table import TABLES
from fastsum.data.tables import READERS
from tests.model.test_genre import PAPERS

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
STORY, PAPER = SAMPLES / "story.txt", SAMPLES / "paper.md"


def run(*arguments: str | Path, stdin: bytes = b"") -> Result:
    return CliRunner().invoke(app, list(map(str, arguments)), input=stdin)


@pytest.fixture(scope="module")
def summarize(tiny_checkpoint: Path) -> Callable[..., Result]:
    return lambda *arguments, stdin=b"": run(
        "summarize", "--model", tiny_checkpoint, "--device", "cpu", *arguments, stdin=stdin
    )


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
    result = summarize(file, "-n", "3")
    assert (result.exit_code, result.stdout) == (0, "One sentence is all there is.\n")
    assert result.stderr.startswith(f"fastsum: {file}: the summary has 1 sentence instead of 3")


def test_json_lines_name_the_files(summarize: Callable[..., Result]) -> None:
    result = summarize("--json", "--words", "40", STORY, PAPER)
    first, second = map(json.loads, result.stdout.splitlines())
    assert list(first)[:3] == ["file", "title", "model"]
    assert (first["file"], second["file"]) == (str(STORY), str(PAPER))
    assert first["words"] <= 40
    assert first["sentences"][0]["sources"][0]["text"] in STORY.read_text("utf-8")


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    """A paper that the model of papers is for."""
    file = tmp_path / "trial.txt"
    file.write_text(PAPERS["medicine"], "utf-8")
    return file


def test_each_document_gets_the_model_that_fits_it(loaded: list[str | Path], trial: Path) -> None:
    result = run("summarize", "--json", "-n", "1", STORY, trial, STORY)
    assert [json.loads(line)["model"] for line in result.stdout.splitlines()] == ["general", "paper", "general"]
    assert loaded == ["general", "paper"]
    assert result.stderr == ""


def test_a_model_that_is_not_needed_is_not_loaded(loaded: list[str | Path], trial: Path) -> None:
    assert run("summarize", "-n", "1", trial).exit_code == 0
    assert loaded == ["paper"]


def test_a_model_asked_for_is_used(loaded: list[str | Path], tiny_checkpoint: Path) -> None:
    for model in ("paper", tiny_checkpoint):
        result = run("summarize", "--model", model, "--json", "-n", "1", STORY)
        assert json.loads(result.stdout)["model"] == str(model)
    assert loaded == ["paper", str(tiny_checkpoint)]


def test_verbose_names_the_model_of_each_document(loaded: list[str | Path], trial: Path) -> None:
    lines = run("summarize", "-v", "-n", "1", "--device", "cpu", trial, STORY).stderr.splitlines()
    assert [line.partition(" on cpu")[0] for line in lines if " on cpu" in line] == [
        "fastsum: paper",
        "fastsum: general",
    ]
    assert [line.endswith(" by paper") for line in lines if str(trial) in line] == [True]
    assert [line.endswith(" by general") for line in lines if str(STORY) in line] == [True]


def test_the_decoder_writes(summarize: Callable[..., Result]) -> None:
    result = summarize("--mode", "abstractive", "--beam", "1", "--json", STORY)
    assert json.loads(result.stdout)["mode"] == "abstractive"


def test_all_files_are_attempted(summarize: Callable[..., Result], tmp_path: Path) -> None:
    missing, blank, marks = tmp_path / "missing.txt", tmp_path / "blank.txt", tmp_path / "marks.txt"
    blank.write_text(" \n\t\n")
    marks.write_text("* * *\n")
    hollow = tmp_path / "hollow"
    hollow.mkdir()
    result = summarize("-n", "1", STORY, missing, blank, marks, hollow, "-", stdin=b"A dog barked. It was loud.")
    assert result.exit_code == 1
    blocks = result.stdout.split("\n\n")
    assert [block.splitlines()[0] for block in blocks] == [f"==> {STORY} <==", "==> standard input <=="]
    assert [len(block.splitlines()) for block in blocks] == [2, 2]
    lines = result.stderr.splitlines()
    assert all(line.startswith("fastsum: error: ") for line in lines)
    assert [next(p.name for p in (missing, blank, marks, hollow) if str(p) in line) for line in lines] == [
        "hollow", "missing.txt", "blank.txt", "marks.txt"
    ]  # fmt: skip


def test_lengths(summarize: Callable[..., Result]) -> None:
    def words(*options: str) -> int:
        result = summarize(STORY, *options)
        assert result.exit_code == 0, result.output
        return len(result.stdout.split())

    total = len(STORY.read_text("utf-8").split())
    assert words("--ratio", "0.25") <= total / 4 < words("--ratio", "0.3")
    assert words("--length", "short") < words("--length", "medium") < words("--length", "long")
    assert len(summarize(STORY, "-n", "7").stdout.splitlines()) == 7
    for wrong in (["--ratio", "2"], ["--ratio", "0.1", "--words", "9"], ["--length", "long", "-n", "2"]):
        result = summarize("no such file", *wrong)
        assert (result.exit_code, result.stdout) == (2, "")
        assert len(result.stderr.splitlines()) == 1


def test_sources_are_cited(summarize: Callable[..., Result]) -> None:
    lines = summarize(STORY, "-n", "3", "--cite").stdout.splitlines()
    source = STORY.read_text("utf-8").splitlines()
    for line in lines:
        text, number = re.fullmatch(r"(.*) \[line (\d+)\]", line).groups()
        if text not in source[int(number) - 1]:  # of a quotation of several sentences each has both marks
            assert (text[0], text[-1]) == ('"', '"')
            before, said, after = source[int(number) - 1].partition(text[1:-1])
            assert said
            assert before.count('"') % 2 == 1
            assert after.count('"') % 2 == 1
    found = json.loads(summarize(STORY, "-n", "3", "--json").stdout)
    places = [part["sources"][0]["line"] for part in found["sentences"]]
    assert places == [int(re.search(r"\d+\]$", line)[0][:-1]) for line in lines]


def test_pages_of_a_pdf_are_cited(summarize: Callable[..., Result], tmp_path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(tmp_path / "two.pdf"))
    for name in ("harbour", "market"):
        for row in range(12):
            canvas.drawString(
                72, 700 - 14 * row, f"The {name} of the town was closed for {row + 3} days in the winter."
            )
        canvas.showPage()
    canvas.save()
    lines = summarize(tmp_path / "two.pdf", "--ratio", "1", "--cite").stdout.splitlines()
    assert {(line.split()[1], line[-6:]) for line in lines} == {("harbour", "[p. 1]"), ("market", "[p. 2]")}
    found = json.loads(summarize(tmp_path / "two.pdf", "--ratio", "1", "--json").stdout)
    assert [part["sources"][0]["page"] for part in found["sentences"]] == [int(line[-2]) for line in lines]


def test_an_outline_goes_by_the_headings(summarize: Callable[..., Result]) -> None:
    result = summarize(PAPER, "--outline", "--depth", "1", "--words", "300")
    titles = [line for line in result.stdout.splitlines() if not line.startswith(" ")]
    assert [title.partition(" [line ")[0] for title in titles] == [
        "Introduction", "Methods", "Results", "Discussion", "Conclusions"
    ]  # fmt: skip
    assert re.fullmatch(r"Introduction \[line \d+, \d+%\]", titles[0])
    cited = summarize(PAPER, "--outline", "--depth", "1", "--words", "300", "--cite").stdout.splitlines()
    assert all(re.search(r"\[lines? [\d, -]+\]$", line) for line in cited if line.startswith(" "))
    assert summarize(STORY, "--outline").stderr.count("has no headings") == 1


def test_an_outline_in_json_matches_the_schema(summarize: Callable[..., Result]) -> None:
    found = json.loads(summarize(PAPER, "--outline", "--format", "json").stdout)
    Draft202012Validator(summary_schema()).validate(found)
    below = [one for section in found["sections"] for one in (section, *section["sections"])]
    assert sorted(number for one in below for number in one["sentences"]) == [*range(len(found["sentences"]))]
    text = PAPER.read_text("utf-8").splitlines()
    assert all(text[one["line"] - 1].lstrip("# ") == one["title"] for one in below)


def test_the_format_is_one_option(summarize: Callable[..., Result], tmp_path: Path) -> None:
    assert summarize(STORY, "--format", "text").stdout == summarize(STORY).stdout
    assert summarize(STORY, "--format", "json").stdout == summarize(STORY, "--json").stdout
    markdown = summarize(STORY, STORY, "--format", "markdown", "-n", "2").stdout
    assert [line[:2] for line in markdown.splitlines() if line] == ["# ", "- ", "- "] * 2
    assert summarize(STORY, "--format", "html").stdout.startswith("<!DOCTYPE html>")
    for name, suffix in {"text": "txt", "markdown": "md", "json": "json", "html": "html"}.items():
        output = tmp_path / name
        assert summarize(STORY, "--format", name, "--output", output).exit_code == 0
        assert [path.name for path in output.glob("[!.]*")] == [f"story.txt.{suffix}"]
        assert "1 unchanged" in summarize(STORY, "--format", name, "--output", output).stderr


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--format", "html", STORY, PAPER], "name a folder: --output"),
        (["--format", "html", "--html", "x.html", STORY], "give one of them"),
        (["--format", "text", "--json", STORY], "not with --format text; give one of them"),
        (["--depth", "1", STORY], "only with --outline"),
        (["--outline", "--mode", "abstractive", STORY], "an outline has the document's own sentences"),
        (["--column", "text", "--format", "json", "t.csv"], "not with a table"),
    ],
)
def test_formats_and_outlines_that_do_not_fit_together(arguments: list[str | Path], expected: str) -> None:
    result = run("summarize", *arguments)
    assert result.exit_code == 2
    assert expected in " ".join((result.stderr + str(result.exception or "")).split())


@pytest.mark.parametrize("address", ["https://example.org/a?b=1", "http://example.org", "www.example.org/page.html"])
def test_a_web_address_is_refused_with_the_way_out(summarize: Callable[..., Result], address: str) -> None:
    result = summarize(address, STORY)
    assert result.exit_code == 1
    assert f"{address} is a web address" in result.stderr
    assert "Save the page first" in result.stderr
    assert result.stdout == summarize(STORY).stdout


@pytest.mark.parametrize("name", ["text", "markdown", "json", "html"])
def test_the_same_document_gives_the_same_bytes(tiny_checkpoint: Path, name: str) -> None:
    found = set()
    for seed, threads in (("1", "1"), ("2", "3")):
        command = [
            sys.executable,
            "-m",
            "fastsum",
            "summarize",
            "--model",
            tiny_checkpoint,
            "--outline",
            "--format",
            name,
        ]
        environment = os.environ | {"PYTHONHASHSEED": seed, "OMP_NUM_THREADS": threads}
        found.add(subprocess.run([*command, STORY], env=environment, capture_output=True, check=True).stdout)
    assert len(found) == 1


def test_rows_of_a_table_have_outlines(summarize: Callable[..., Result], tmp_path: Path) -> None:
    table, output = tmp_path / "rows.jsonl", tmp_path / "out.jsonl"
    table.write_text(json.dumps({"text": PAPER.read_text("utf-8")}) + "\n")
    assert summarize(table, "--column", "text", "--outline", "--workers", "1", "--output", output).exit_code == 0
    assert json.loads(output.read_text("utf-8"))["summary"].splitlines()[0] == "Introduction"


def test_json_matches_its_schema(summarize: Callable[..., Result]) -> None:
    for line in summarize("--json", STORY, PAPER).stdout.splitlines():
        Draft202012Validator(summary_schema()).validate(json.loads(line))


def test_pages_are_written(summarize: Callable[..., Result], tmp_path: Path) -> None:
    for _ in range(2):  # a page is overwritten, that of a stream as well
        assert summarize("--html", tmp_path / "stream.html", stdin=b"A dog barked.").exit_code == 0
    one = summarize(STORY, "--html", tmp_path / "story.html", "-n", "2")
    assert one.stdout == summarize(STORY, "-n", "2").stdout
    assert (tmp_path / "story.html").read_text("utf-8").startswith("<!DOCTYPE html>")
    assert summarize(STORY, PAPER, "--html", tmp_path / "pages").exit_code == 0
    assert list(results(tmp_path / "pages")) == ["paper.md.html", "story.txt.html"]
    assert summarize(STORY.parent / "s*.txt", "--html", tmp_path / "pages").exit_code == 0  # one of a folder
    document = tmp_path / "page.txt"
    document.write_text("A dog barked.")
    assert summarize(document, "--html", document).exit_code == 2
    assert document.read_text() == "A dog barked."


def test_pages_are_made_where_they_are_missing(summarize: Callable[..., Result], folder: Path) -> None:
    output, pages = folder.parent / "out", folder / "pages"
    for missing, made in ((None, 2), (None, 0), ("story.txt.html", 1)):
        if missing:
            (pages / missing).unlink()
        assert f"{made} summarized" in summarize(folder, "--output", output, "--html", pages).stderr
    assert "2 summarized" in summarize(folder, "--output", output, "--html", folder.parent / "others").stderr
    assert list(results(pages)) == ["below/paper.md.html", "story.txt.html"]


def test_results_and_pages_can_share_a_folder(summarize: Callable[..., Result], folder: Path) -> None:
    command = (folder, "--output", folder / "out", "--html", folder / "out")
    result = summarize(*command)
    assert "writing to" not in result.stderr
    made = sorted(path.name for path in (folder / "out").rglob("*") if path.is_file() and path.name != JOURNAL)
    assert {name.rpartition(".")[2] for name in made} == {"txt", "html"}
    assert len([name for name in made if name.endswith(".txt")]) * 2 == len(made)
    assert " 0 summarized" in summarize(*command).stderr


def test_a_page_is_written_of_a_document_whose_result_is_there(
    summarize: Callable[..., Result], tmp_path: Path
) -> None:
    out, page = tmp_path / "out", tmp_path / "page.html"
    summarize(STORY, "--output", out)
    assert summarize(STORY, "--output", out, "--html", page).exit_code == 0
    assert "<html" in page.read_text("utf-8")


def test_a_page_does_not_overwrite_a_result(summarize: Callable[..., Result], tmp_path: Path) -> None:
    summarize(STORY, "--output", tmp_path / "out")
    made = tmp_path / "out" / f"{STORY.name}.txt"
    before = made.read_text("utf-8")
    for extra in ((), ("--output", tmp_path / "out")):
        result = summarize(STORY, "--html", made, *extra)
        assert result.exit_code == 2
        assert f"would overwrite {made}, a result of an earlier run" in result.stderr
    assert made.read_text("utf-8") == before


def test_files_already_in_a_folder_are_not_touched(summarize: Callable[..., Result], folder: Path) -> None:
    (folder / "story.txt.txt").write_text("My own notes. They are long. They stay.")
    result = summarize(folder, "--output", folder)
    assert "story.txt.txt already exists and was not made by fastsum" in result.stderr
    assert (folder / "story.txt.txt").read_text().startswith("My own notes.")
    assert (folder / "story.txt.txt.txt").exists()
    before = results(folder)
    summarize(folder, "--output", folder)
    assert results(folder) == before  # results are not read as documents


def test_one_impossible_name_costs_one_result(summarize: Callable[..., Result], folder: Path) -> None:
    long = folder / ("x" * 252)
    long.write_text("A dog barked. It was loud.")
    result = summarize(folder, "--output", folder.parent / "out")
    assert "2 summarized, 0 unchanged, 2 failed" in result.stderr
    assert len(results(folder.parent / "out")) == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_read_once(summarize: Callable[..., Result], tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for _ in range(2):
        writer = subprocess.Popen(["cp", str(STORY), str(pipe)])
        result = summarize(pipe, STORY, "-n", "1", "--output", tmp_path / "out")
        assert writer.wait() == 0
        assert result.exit_code == 0, result.stderr
    assert "1 summarized, 1 unchanged" in result.stderr
    made = results(tmp_path / "out")
    assert len(made) == 2
    assert len(set(made.values())) == 1


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full device here")
def test_output_that_cannot_be_written(tiny_checkpoint: Path) -> None:
    command = [sys.executable, "-m", "fastsum", "summarize", str(STORY), "--model", str(tiny_checkpoint)]
    with open("/dev/full", "w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (1, "fastsum: error: standard output: No space left on device\n")
    closed = subprocess.run(f"{' '.join(command)} <&- >&-", shell=True, capture_output=True, text=True)
    assert (closed.returncode, closed.stderr) == (0, "")


# ------------------------------------------------------------------------------------------------------------- a folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Documents good and bad, two deep."""
    below = tmp_path / "in" / "below"
    below.mkdir(parents=True)
    (below / "paper.md").write_bytes(PAPER.read_bytes())
    (tmp_path / "in" / "story.txt").write_bytes(STORY.read_bytes())
    (tmp_path / "in" / "empty.txt").touch()
    (tmp_path / "in" / ".hidden").write_text("Not for you.")
    return tmp_path / "in"


def results(folder: Path) -> dict[str, str]:
    """The files in an output folder but its journal."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != JOURNAL)
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in files}


def test_a_folder_s_results_and_what_a_rerun_does(summarize: Callable[..., Result], folder: Path) -> None:
    output = folder.parent / "out"

    def again(*options: str) -> str:
        result = summarize(folder, "--output", output, *options)
        assert (result.exit_code, result.stdout) == (1, "")  # one of the files is empty
        *errors, last = result.stderr.splitlines()
        assert [str(folder / "empty.txt") in error for error in errors] == [True]
        return last

    assert "3 documents: 2 summarized, 0 unchanged, 1 failed" in again()
    made = results(output)
    assert list(made) == ["below/paper.md.txt", "story.txt.txt"]
    assert made["story.txt.txt"] == summarize(folder / "story.txt").stdout
    assert "0 summarized, 2 unchanged" in again()
    assert "2 summarized, 0 unchanged" in again("--force")
    assert "2 summarized, 0 unchanged" in again("-n", "2")  # made otherwise
    assert len(results(output)["story.txt.txt"].splitlines()) == 2
    (folder / "story.txt").write_text("A dog barked. It was loud. Nobody slept.")
    assert "1 summarized, 1 unchanged" in again("-n", "2")
    (output / "below" / "paper.md.txt").unlink()
    assert "1 summarized, 1 unchanged" in again("-n", "2")
    (folder / "empty.txt").write_text("No more.")
    result = summarize(folder, "--output", output, "-n", "2", "--quiet")
    assert (result.exit_code, result.output) == (0, "")
    assert list(results(output)) == ["below/paper.md.txt", "empty.txt.txt", "story.txt.txt"]


def test_what_is_no_document_is_skipped_in_a_folder_and_fails_if_it_is_named(
    summarize: Callable[..., Result], folder: Path
) -> None:
    (folder / "empty.txt").unlink()
    data = folder / "data.json"
    data.write_text('{"title": "The quay closes"}')
    (folder / "owl.py").write_text("import os\n\nprint(os.name)\nprint(os.sep)\n")
    (folder / "owl.png").write_bytes(b"\x89PNG\r\n\x1a\n")

    result = summarize(folder)
    assert result.exit_code == 0
    assert result.stderr.splitlines()[-1] == "fastsum: 3 files are no documents and were skipped; -v names them"
    assert "error" not in result.stderr
    assert f"skipped: {data} is JSON" in summarize(folder, "-v").stderr
    assert "no document" not in summarize(folder, "-q").stderr
    output = folder.parent / "out"
    assert "2 documents: 2 summarized, 0 unchanged, 0 failed" in summarize(folder, "--output", output).stderr
    assert "2 documents: 0 summarized, 2 unchanged, 0 failed" in summarize(folder, "--output", output).stderr

    result = summarize(data, folder / "story.txt")
    assert result.exit_code == 1
    assert f"error: {data} is JSON" in result.stderr
    result = summarize(folder / "*.json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "None of the files is a document" in result.stderr


def test_the_format_can_be_said(summarize: Callable[..., Result], tmp_path: Path) -> None:
    path = tmp_path / "chapter"
    path.write_text("Owls hunt \\emph{at night} and sleep all day. Mice do not like it at all.")
    assert "\\emph" in summarize(path, "-n", "9").stdout
    assert summarize(path, "-n", "9", "--format-in", "latex").stdout.startswith("Owls hunt at night and sleep")
    result = summarize(path, "--format-in", "word")
    assert result.exit_code == 2
    assert "'latex'" in result.stderr
    assert "notebook" in result.stderr


def test_json_results_have_their_own_names(summarize: Callable[..., Result], folder: Path) -> None:
    output = folder / "out"  # within what is read, but not read
    for _ in range(2):
        assert summarize(folder, "--output", output, "--json").exit_code == 1
    assert list(results(output)) == ["below/paper.md.json", "story.txt.json"]
    assert json.loads(results(output)["story.txt.json"])["file"] == str(folder / "story.txt")


def test_a_list_of_names(summarize: Callable[..., Result], folder: Path) -> None:
    names = f"{folder / 'story.txt'}\n{folder / 'below'}\n"
    expected = summarize(folder / "story.txt", folder / "below").stdout
    assert summarize("--files-from", "-", stdin=names.encode()).stdout == expected != ""
    assert summarize("--files-from", "-", stdin=names.replace("\n", "\0").encode()).stdout == expected
    (folder / ".hidden").write_text(names)
    assert summarize("--files-from", folder / ".hidden").stdout == expected
    assert summarize("--files-from", "-", stdin=b"").exit_code == 2


def test_output_is_a_folder(summarize: Callable[..., Result], tmp_path: Path) -> None:
    result = summarize(STORY, "--output", tmp_path / "summary.txt")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "names a folder" in result.stderr
    (tmp_path / "taken").touch()
    assert "cannot be written" in summarize(STORY, "--output", tmp_path / "taken").stderr


def test_ctrl_c_keeps_what_is_done(
    summarize: Callable[..., Result], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(self: Results, result: Path, *rest: object, **settings: object) -> None:
        if result.name == "story.txt.txt":
            raise KeyboardInterrupt
        whole(self, result, *rest, **settings)

    whole = Results.write
    output = folder.parent / "out"
    with monkeypatch.context() as patch:
        patch.setattr(Results, "write", write)
        result = summarize(folder, "--output", output)
    assert (result.exit_code, result.stdout) == (130, "")
    assert f"stopped; 0 are done in {output}" in result.stderr or f"stopped; 1 are done in {output}" in result.stderr
    assert "story.txt.txt" not in results(output)
    assert "unchanged" in summarize(folder, "--output", output).stderr
    assert "story.txt.txt" in results(output)


@pytest.mark.slow
def test_a_run_killed_at_any_moment_is_completed_by_the_next(tiny_checkpoint: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number in range(40):
        (tmp_path / "in" / f"{number}.txt").write_text(f"Dog {number} barked. It was loud. Nobody slept. " * 40)
    command = [sys.executable, "-m", "fastsum", "summarize", str(tmp_path / "in"), "--model", str(tiny_checkpoint),
               "--device", "cpu", "-n", "2", "--output"]  # fmt: skip
    subprocess.run([*command, str(tmp_path / "whole")], check=True, capture_output=True)
    for attempt in range(2):
        run = subprocess.Popen([*command, str(tmp_path / "out")], stderr=subprocess.DEVNULL)
        before = len(results(tmp_path / "out")) if attempt else 0
        while run.poll() is None and not (tmp_path / "out" / f"{attempt}.txt.txt").exists():
            time.sleep(0.001)
        run.kill()
        run.wait()
        assert len(results(tmp_path / "out")) >= before
    subprocess.run([*command, str(tmp_path / "out")], check=True, capture_output=True)
    assert results(tmp_path / "out") == results(tmp_path / "whole")


# -------------------------------------------------------------------------------------------------------------- a table


def test_a_table_is_recognized_by_every_suffix_but_that_of_a_result() -> None:
    assert {*TABLES, ".json"} == set(READERS)


def test_a_table_s_rows_are_summarized(summarize: Callable[..., Result], tmp_path: Path) -> None:
    table, output = tmp_path / "rows.jsonl", tmp_path / "out.csv"
    rows = [{"id": "a", "body": STORY.read_text("utf-8")}, {"id": "b", "body": ""}]
    table.write_text("".join(json.dumps(row) + "\n" for row in rows))
    result = summarize(table, "--column", "body", "--output", output, "-n", "1", "--workers", "1")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "2 rows: 1 summarized, 1 failed, in " in result.stderr
    assert "rows/s" in result.stderr
    found = list(csv.DictReader(output.open(encoding="utf-8")))
    assert [row["id"] for row in found] == ["a", "b"]
    assert found[0]["summary"] == summarize(STORY, "-n", "1").stdout.rstrip()
    assert "already exists" in summarize(table, "--column", "body", "--output", output, "-n", "1").stderr
    again = summarize(table, "--column", "body", "--output", output, "-n", "2", "--force", "-q")
    assert "1 failed" in again.stderr  # even so


@pytest.mark.parametrize(
    "arguments",
    [
        ["x.parquet", "--column", "text"],
        ["x.parquet", "y.parquet", "--column", "text", "--output", "out.parquet"],
        ["x.parquet", "--column", "text", "--output", "out.parquet", "--cite"],
        ["x.txt", "--keep", "id"],
        ["x.txt", "--engine", "ray"],
        ["x.txt", "--workers", "2"],
    ],
)
def test_options_that_do_not_fit_tables_or_documents(arguments: list[str]) -> None:
    assert run("summarize", *arguments).exit_code == 2


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
    assert "permission denied" in summarize(tmp_path / "secret").stderr


def test_a_folder_that_is_not_a_model(tmp_path: Path) -> None:
    result = run("summarize", STORY, "--model", tmp_path)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("fastsum: error: ")
    assert "Traceback" not in result.stderr


def test_ctrl_c_exits_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(path: str, format_name: str | None) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(fastsum.cli.pipeline, "read_document", interrupted)
    result = run("summarize", STORY)
    assert (result.exit_code, result.output) == (130, "")
