"""The README and the documents are true: commands parse, files exist, code runs, and output is shown as printed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from fastsum import Summarizer
from fastsum.cli.app import app
from fastsum.config import Config, presets

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
DOCS = {str(path.relative_to(ROOT / "docs")): path.read_text("utf-8") for path in sorted((ROOT / "docs").rglob("*.md"))}
TEXTS = (README, *DOCS.values())
CARDS = " ".join(path.read_text("utf-8") for path in sorted((ROOT / "fastsum" / "checkpoints").glob("*/README.md")))
SHOWN = re.findall(r"^```sh\n(fastsum .*)\n```\n\n```text\n((?:(?!```).*\n)+)```", README, re.M)
"""(command, what it prints) of each block of output in the README."""
OURS = ("data/", "docs/", "fastsum/", "tests/")
"""Paths that begin so are files of the repository; others are the reader's."""


def blocks(language: str) -> list[str]:
    return [code for text in TEXTS for code in re.findall(rf"^```{language}\n(.*?)^```", text, re.M | re.S)]


def commands() -> list[list[str]]:
    lines = [line for block in blocks("sh") for line in block.replace("\\\n", " ").splitlines()]
    return [words for line in lines if (words := shlex.split(line, comments=True))]


def names_a_command(words: list[str]) -> bool:
    """Whether words are the name of a command and nothing else."""
    command: Any = typer.main.get_command(app)
    for word in words:
        command = getattr(command, "commands", {}).get(word)
    return command is not None


def fastsum_commands() -> list[list[str]]:
    """The arguments of every call of fastsum, in blocks, pipes, under torchrun and within a sentence."""
    # `fastsum train` by itself, within a sentence, names the command, and so does `fastsum bench classification`.
    inline = [shlex.split(code) for code in re.findall(r"`(fastsum [^`\s]+ [^`]+)`", "\n".join(TEXTS))]
    inline = [words for words in inline if not names_a_command(words[1:])]
    found = []
    for words in [*commands(), *inline]:
        places = [i for i, word in enumerate(words) if word == "fastsum"]
        if places:
            arguments = words[places[-1] + 1 :]
            found.append(arguments[: arguments.index(">")] if ">" in arguments else arguments)
    return [arguments for arguments in found if arguments]


def test_the_readme_is_for_a_new_reader() -> None:
    assert len(README.splitlines()) < 120
    assert "make demo" in README
    assert README.index("make test") < README.index("## Install")


@pytest.mark.parametrize("arguments", fastsum_commands(), ids=" ".join)
def test_command_parses(arguments: list[str]) -> None:
    command: Any = typer.main.get_command(app)
    if arguments[0].startswith("--"):
        assert arguments[0] == "--help" or arguments[0] in [name for p in command.params for name in p.opts]
        return
    rest = list(arguments)
    while rest and hasattr(command, "commands"):
        command = command.commands[rest.pop(0)]
    if hasattr(command, "commands"):  # a group of commands, named in a sentence
        return
    context = command.make_context(arguments[0], rest, resilient_parsing=False)
    if arguments[0] != "bench":
        named = {name: context.params.get(name) or context.params.get(f"{name}_from") for name in ("data", "files")}
        assert all(value for name, value in named.items() if name in context.params)
    if arguments[0] == "train":
        source = context.params["config"]
        overrides = tuple(context.params["overrides"] or ())
        Config.load(source if source in presets() else None, overrides)
        assert source is None or source in presets() or source.endswith(".toml")


def test_all_commands_are_shown() -> None:
    assert {arguments[0] for arguments in fastsum_commands()} >= {"summarize", "train", "evaluate", "config", "bench"}


def test_files_named_exist() -> None:
    words = [word for command in commands() for word in command]
    words += re.findall(r"`([^`\s]+)`", "\n".join(TEXTS))
    links = [ROOT / link.partition("#")[0] for link in re.findall(r"\]\(([^):]+)\)", README)]
    links += [
        (ROOT / "docs" / name).parent / link.partition("#")[0]
        for name, text in DOCS.items()
        for link in re.findall(r"\]\(([^):]+)\)", text)
    ]
    named = [ROOT / word for word in words if word.startswith(OURS)]
    assert [str(path) for path in named + links if not path.exists()] == []
    assert len(named) > 5


def test_headings_linked_to_exist() -> None:
    missing = []
    for name, text in DOCS.items():
        page = ROOT / "docs" / name
        for link, heading in re.findall(r"\]\(([^):#]*)#([^)]+)\)", text):
            there = ((page.parent / link) if link else page).read_text("utf-8")
            titles = re.findall(r"^#+ (.+)$", there, re.M)
            if heading not in {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}:
                missing.append(f"{name}: {link}#{heading}")
    assert missing == []


def test_make_targets_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    named = {command[1] for command in commands() if command[0] == "make"}
    named |= set(re.findall(r"`make ([a-z-]+)", "\n".join(TEXTS)))
    assert named >= {"demo", "test", "bench", "bench-gpu"}
    assert named <= targets


@pytest.mark.parametrize(
    ("script", "shown"),
    SHOWN,
    ids=lambda text: text[:40],
)
def test_output_is_shown_as_printed(script: str, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    program, *arguments = shlex.split(script)
    assert program == "fastsum"
    result = CliRunner().invoke(app, [*arguments, "--device", "cpu"])
    assert result.exit_code == 0
    assert result.stdout.split() == shown.split()  # a terminal wraps long lines


def test_the_readme_shows_a_summary_and_quotes_the_cards() -> None:
    assert len(SHOWN) == README.count("```text\n") >= 2
    quoted = " ".join(re.findall(r"^>(.*)$", README, re.M))
    quotes = [" ".join(quote.split()) for quote in quoted.split(").")[:-1]]
    assert len(quotes) == 2
    assert [quote for quote in quotes if quote not in " ".join(CARDS.split())] == []


@pytest.mark.parametrize("code", re.findall(r"^```python\n(.*?)^```", README, re.M | re.S))
def test_python_runs(code: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    load = Summarizer.load
    monkeypatch.setattr(Summarizer, "load", lambda model="general": load(model, device="cpu"))
    monkeypatch.chdir(ROOT)
    exec(compile(code, "README.md", "exec"), {})
    assert len(capsys.readouterr().out.splitlines()) == 6  # three sentences, and their sources


def test_start_reads_the_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "data").symlink_to(ROOT / "data")
    monkeypatch.chdir(tmp_path)
    command = next(words for words in commands() if words[-2:] == [">", "summaries.jsonl"])
    result = CliRunner().invoke(app, [*command[1:-2], "--device", "cpu"])
    Path("summaries.jsonl").write_text(result.stdout, encoding="utf-8")
    (code,) = re.findall(r"^```python\n(.*?)^```", DOCS["start.md"], re.M | re.S)
    exec(compile(code, "docs/start.md", "exec"), {})
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines if line.startswith("data/")] == [
        ["data/samples/story.txt", "general"],
        ["data/samples/paper.md", "general"],
    ]
    assert any(line.startswith("  0.") and " from line " in line for line in lines)


def test_every_preset_is_named() -> None:
    assert [name for name in presets() if f"`{name}`" not in DOCS["start.md"]] == []


def test_every_experiment_is_in_the_index() -> None:
    index = DOCS["experiments/README.md"]
    pages = [name.removeprefix("experiments/") for name in DOCS if name.startswith("experiments/2")]
    assert [name for name in pages if f"]({name})" not in index] == []
    assert [name for name in pages if f"| {name[:10]} | [" not in index] == []


def test_every_module_is_listed() -> None:
    package = ROOT / "fastsum"
    modules = {path.stem for path in package.glob("*.py") if not path.stem.startswith("__")}
    modules |= {f"{path.parent.name}/" for path in package.glob("*/__init__.py")}
    assert set(re.findall(r"^\| `([a-z_]+/?)` \|", DOCS["architecture.md"], re.M)) == modules
