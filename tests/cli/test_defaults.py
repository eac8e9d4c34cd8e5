"""Defaults from a file and from variables: which has priority, and the errors for wrong ones."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from fastsum import files
from fastsum.cli import defaults, train
from fastsum.cli.app import _Commands, app
from fastsum.cli.options import Quiet, WordsOption

SAMPLES = Path(__file__).parents[2] / "data" / "samples"


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Writes the file of defaults that is then in force."""

    def write(text: str) -> Path:
        file = tmp_path / "defaults.toml"
        file.write_text(text, "utf-8")
        monkeypatch.setenv("FASTSUM_CONFIG", str(file))
        return file

    return write


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """The parameters that a command, called by its words, would run with."""

    def seen(*arguments: str) -> dict[str, Any]:
        group: Any = typer.main.get_command(app)
        found: dict[str, Any] = {}
        command = group
        for name in arguments:
            if not hasattr(command, "commands"):
                break
            command = command.commands[name]
        monkeypatch.setattr(command, "callback", lambda **parameters: found.update(parameters))
        with pytest.raises(SystemExit) as end:
            group.main(list(arguments), prog_name="fastsum")
        assert end.value.code == 0
        return found

    return seen


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_the_command_line_has_priority_over_variables_over_the_file_over_built_in_defaults(
    write: Callable[[str], Path], seen: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ("evaluate", "rows")
    assert seen(*command)["lexrank"] == 0
    write("[evaluate]\nlexrank = 3\nmode = 'abstractive'\nquiet = true\n")
    assert (seen(*command)["lexrank"], seen(*command)["quiet"]) == (3, True)
    assert seen(*command)["mode"].value == "abstractive"
    monkeypatch.setenv("FASTSUM_EVALUATE_LEXRANK", "5")
    assert seen(*command)["lexrank"] == 5
    assert seen(*command, "--lexrank", "7")["lexrank"] == 7
    assert seen(*command, "--mode", "extractive")["mode"].value == "extractive"


def test_keys_and_variables_are_called_as_on_the_command_line(
    write: Callable[[str], Path], seen: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    write("[train]\nset = ['training.steps=5']\ndata-dir = 'copies'\n")
    found = seen("train", "rows")
    assert (list(found["overrides"]), found["data_dir"]) == (["training.steps=5"], Path("copies"))
    monkeypatch.setenv("FASTSUM_TRAIN_SET", "training.steps=6  training.warmup=1")
    monkeypatch.setenv("FASTSUM_TRAIN_DATA_DIR", "others")
    monkeypatch.setenv("FASTSUM_TRAIN_STRICT", "true")
    monkeypatch.setenv("FASTSUM_TRAIN_QUIET", "")
    found = seen("train", "rows")
    assert (list(found["overrides"]), found["data_dir"]) == (["training.steps=6", "training.warmup=1"], Path("others"))
    assert (found["strict"], found["quiet"]) == (True, False)


def test_commands_below_bench_have_tables_below_its(
    write: Callable[[str], Path], seen: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    write("[bench.attention]\nrounds = 9\nmemory = false\n[bench.decoding]\nrounds = 2\n")
    monkeypatch.setenv("FASTSUM_BENCH_ATTENTION_COMPILE", "1")
    found = seen("bench", "attention")
    assert (found["rounds"], found["memory"], found["compiled"]) == (9, False, True)
    assert seen("bench", "decoding")["rounds"] == 2
    assert seen("bench", "summarize")["rounds"] == 5


def test_a_resumed_run_keeps_its_own_settings(
    write: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[tuple[Any, ...]] = []

    def settings(*arguments: Any) -> None:
        asked.append(arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(train, "_settings", settings)
    write("[train]\nconfig = 'tiny'\nset = ['training.steps=5']\nattention = 'linear'\n")
    folder = str(tmp_path / "run")
    for extra in ([], ["--resume"], ["--resume", "--config", "news", "--set", "training.steps=9"]):
        run("train", "rows", "--output", folder, *extra)
    both = ("training.steps=5", "model.attention=linear")
    assert asked == [
        ("tiny", both, None),
        (None, (), Path(folder)),
        ("news", ("training.steps=9",), Path(folder)),
    ]


STORY = str(SAMPLES / "story.txt")


@pytest.fixture
def summarize(tiny_checkpoint: Path) -> Callable[..., Result]:
    return lambda *arguments: run("summarize", "--model", str(tiny_checkpoint), "--device", "cpu", "-q", *arguments)


def test_one_length_replaces_the_defaults_of_all(
    write: Callable[[str], Path], summarize: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    write("[summarize]\nsentences = 1\nwords = 500\n")
    assert len(summarize(STORY).stdout.splitlines()) == 1
    longer = summarize(STORY, "--length", "long")
    assert longer.exit_code == 0, longer.output
    assert len(longer.stdout.splitlines()) > 1
    assert len(summarize(STORY, "--words", "100").stdout.splitlines()) > 1
    monkeypatch.setenv("FASTSUM_SUMMARIZE_LENGTH", "long")
    assert summarize(STORY).stdout == longer.stdout
    assert len(summarize(STORY, "-n", "2").stdout.splitlines()) == 2


def test_defaults_that_do_not_apply_are_ignored(
    write: Callable[[str], Path], summarize: Callable[..., Result], tmp_path: Path
) -> None:
    write("[summarize]\nworkers = 1\nkeep = ['name']\ncolumn = 'body'\njson = true\ncite = true\n")
    assert json.loads(summarize(STORY).stdout)["file"] == STORY
    refused = summarize(STORY, "--workers", "2")
    assert refused.exit_code == 2
    assert "--workers" in refused.stderr
    (tmp_path / "rows.jsonl").write_text(json.dumps({"body": "A dog barked. It was loud.", "name": "a"}) + "\n")
    table = summarize(str(tmp_path / "rows.jsonl"), "--output", str(tmp_path / "out.jsonl"))
    assert table.exit_code == 0, table.output
    assert json.loads((tmp_path / "out.jsonl").read_text("utf-8"))["name"] == "a"


WRONG = {
    "[evaluate]\nsentence = 3": ("[evaluate] sentence is not an option", "did you mean sentences?"),
    "[evaluat]\nsentences = 3": ("[evaluat] is not a command", "did you mean evaluate?"),
    "[bench.attentoin]\nrounds = 1": ("[bench.attentoin] is not a command", "did you mean attention?"),
    "[bench]\nrounds = 1": ("[bench.rounds] is not a command", "attention"),
    "evaluate = 3": ("evaluate is a command", "[evaluate]"),
    "[evaluate]\nsentences = 'three'": ('[evaluate] sentences = "three"', "integer"),
    "[evaluate]\nsentences = '3'": ('[evaluate] sentences = "3"', "a number is wanted"),
    "[evaluate]\nsentences = true": ("[evaluate] sentences = true", "a number is wanted"),
    "[evaluate]\nsentences = 0": ("[evaluate] sentences = 0", "1"),
    "[evaluate]\nquiet = 'yes'": ('[evaluate] quiet = "yes"', "true or false is wanted"),
    "[evaluate]\nmodel = 3": ("[evaluate] model = 3", "text in quotes is wanted"),
    "[evaluate]\nmodel = ['news']": ("[evaluate] model = ", "wanted"),
    "[evaluate]\nmode = 'both'": ('[evaluate] mode = "both"', "abstractive"),
    "[train]\nset = 'training.steps=5'": ('[train] set = "training.steps=5"', "a list is wanted"),
    "[config]\npreset = 'tiny'": ("[config] preset is not an option", "none"),
    "[evaluate x]": ("not valid TOML", "line 1", "correct that line"),
    "a = 1\na = 2": ("not valid TOML", "correct that line"),
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_in_the_file_is_named_with_a_remedy(write: Callable[[str], Path], text: str) -> None:
    file = write(text)
    result = run("config")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"fastsum: error: {file}: ")
    assert len(result.stderr.splitlines()) == 1
    for part in WRONG[text]:
        assert part in result.stderr


def test_all_mistakes_are_listed_and_help_works(write: Callable[[str], Path]) -> None:
    write("[evaluate]\nsentence = 3\nwords = 'x'\n[trian]\n")
    result = run("evaluate", "rows")
    assert all(part in result.stderr for part in ("sentence is", 'words = "x"', "trian"))
    for arguments in (["--help"], ["evaluate", "--help"], ["bench", "attention", "-h"]):
        assert run(*arguments).exit_code == 0


@pytest.mark.parametrize(
    ("variable", "value", "parts"),
    [
        ("FASTSUM_EVALUATE_WORDS", "many", ["'FASTSUM_EVALUATE_WORDS'", "--words", "integer"]),
        ("FASTSUM_EVALUATE_QUIET", "perhaps", ["'FASTSUM_EVALUATE_QUIET'", "--quiet", "boolean"]),
        ("FASTSUM_EVALUATE_WORD", "3", ["FASTSUM_EVALUATE_WORD ", "did you mean FASTSUM_EVALUATE_WORDS?", "unset"]),
        ("FASTSUM_BENCH_DECODING_X", "3", ["FASTSUM_BENCH_DECODING_X", "did you mean", "unset"]),
    ],
)
def test_what_is_wrong_in_the_environment_is_named_with_a_remedy(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, parts: list[str]
) -> None:
    monkeypatch.setenv(variable, value)
    result = run("evaluate", "no such rows")
    assert (result.exit_code, result.stdout) == (2, "")
    assert all(part in result.stderr for part in parts)
    assert run("evaluate", "--help").exit_code == 0


def test_help_does_not_list_the_variables() -> None:
    assert "FASTSUM_" not in run("evaluate", "--help").stdout


def test_variables_of_others_are_left_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FASTSUM_CACHE", str(tmp_path))
    monkeypatch.setenv("FASTSUM_HOME", "x")
    monkeypatch.setenv("FASTSUM_VERSION", "1")
    assert run("config").exit_code == 0


def test_where_the_file_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("FASTSUM_CONFIG")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    assert files.defaults_file() == tmp_path / ".config" / "fastsum" / "config.toml"
    assert run("config").exit_code == 0  # nobody need have one
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    assert files.defaults_file() == tmp_path / "xdg" / "fastsum" / "config.toml"
    (tmp_path / "xdg" / "fastsum").mkdir(parents=True)
    files.defaults_file().write_text("[x]")
    assert "[x] is not a command" in run("config").stderr


@pytest.mark.parametrize("content", [None, b"\xff\xfe", "folder"])
def test_a_file_that_cannot_be_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | str | None
) -> None:
    file = tmp_path / "defaults.toml"
    if isinstance(content, bytes):
        file.write_bytes(content)
    elif content:
        file.mkdir()
    monkeypatch.setenv("FASTSUM_CONFIG", str(file))
    result = run("config")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"fastsum: error: {file}: ")


def test_every_option_has_a_variable_of_its_own() -> None:
    group: Any = typer.main.get_command(app)
    variables = defaults.variables_of(group)
    options = [
        option for _, command in defaults._leaves(group) for option in command.params
        if option.param_type_name == "option"
    ]  # fmt: skip
    assert len(variables) == len(options) > 60
    assert not {"FASTSUM_CONFIG", "FASTSUM_CACHE"} & set(variables)


def test_whether_the_command_line_gave_an_option(monkeypatch: pytest.MonkeyPatch) -> None:
    small = typer.Typer(cls=_Commands, rich_markup_mode=None)

    @small.callback()
    def group() -> None: ...

    @small.command()
    def say(ctx: typer.Context, words: WordsOption = None, quiet: Quiet = False) -> None:
        print(json.dumps([words, *(defaults.is_given(ctx, name) for name in ("words", "quiet"))]))

    monkeypatch.setenv("FASTSUM_SAY_WORDS", "8")
    assert json.loads(CliRunner().invoke(small, ["say", "-q"]).stdout) == [8, False, True]
    assert json.loads(CliRunner().invoke(small, ["say", "-w", "9"]).stdout) == [9, True, False]


def test_the_tests_themselves_have_none() -> None:
    assert os.environ["FASTSUM_CONFIG"] == os.devnull
