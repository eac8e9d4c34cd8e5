"""The pages in docs/commands describe every command, option, default, exit status and variable."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from fastsum.cli import defaults
from fastsum.cli.app import app

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FOLDER = Path(__file__).parents[1] / "docs" / "commands"
GROUP: Any = typer.main.get_command(app)
COMMANDS = dict(defaults._leaves(GROUP))
INDEX = (FOLDER / "README.md").read_text("utf-8")
OTHERS = {"--nproc-per-node", "--help", "--version", "--install-completion", "--show-completion"}


def section(names: tuple[str, ...]) -> str:
    """The documentation of a command: its page, or its section in the page of its group."""
    text = (FOLDER / f"{names[0]}.md").read_text("utf-8")
    if len(names) > 1:
        heading = f"## fastsum {' '.join(names)}\n"
        assert heading in text
        return text.partition(heading)[2].partition("\n## ")[0]
    if names == ("summarize",) and (tables := FOLDER / "tables.md").exists():
        text += tables.read_text("utf-8")
    return text


def option_rows(text: str) -> list[list[str]]:
    """The cells of the table of options."""
    table = re.search(r"^\| option \| default \|.*\n\|[-| :]+\n((?:\|.*\n?)+)", text, re.M)
    return [[cell.strip() for cell in line.strip("|\n").split("|")] for line in table[1].splitlines()] if table else []


@pytest.mark.parametrize("names", COMMANDS, ids=" ".join)
def test_the_table_has_every_option_with_its_default_and_no_other(names: tuple[str, ...]) -> None:
    options = [parameter for parameter in COMMANDS[names].params if parameter.param_type_name == "option"]
    rows = {tuple(re.findall(r"`(--?[^`]+)`", row[0])): row for row in option_rows(section(names))}
    if names == ("summarize",):  # described in prose
        named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", section(names)))
        assert {name for option in options for name in option.opts if name.startswith("--")} - named == set()
        return
    assert {frozenset(row) for row in rows} == {frozenset([*o.opts, *o.secondary_opts]) for o in options}
    assert len(rows) == len(options)
    for option in options:
        row = next(row for name, row in rows.items() if option.opts[0] in name)
        default = getattr(option.default, "value", option.default)
        assert row[1] == ("" if option.is_flag or default in (None, ()) else f"`{default}`"), option.opts


@pytest.mark.parametrize("names", COMMANDS, ids=" ".join)
def test_every_argument_and_choice_is_named_and_an_example_given(names: tuple[str, ...]) -> None:
    text = section(names)
    assert re.search(rf"^```sh\n(?:.*\n)*?(?:.* )?fastsum {' '.join(names)}\b", text, re.M)
    for parameter in COMMANDS[names].params:
        if parameter.param_type_name == "argument":
            assert f"`{parameter.metavar or parameter.name}`" in text
        elif names != ("summarize",):
            kind = parameter.type_descriptor if hasattr(parameter, "type_descriptor") else parameter.type
            for choice in getattr(kind, "choices", None) or ():
                value = getattr(choice, "value", choice)
                assert f"`{value}`" in text or value in ("auto", parameter.default), (parameter.opts, value)


def test_no_page_names_an_unknown_option() -> None:
    known = {name for command in COMMANDS.values() for p in command.params for name in [*p.opts, *p.secondary_opts]}
    for page in FOLDER.glob("*.md"):
        code = re.findall(r"`([^`\n]+)`|^(?!\|)(.*fastsum .*)$", page.read_text("utf-8"), re.M)
        named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", "\n".join("".join(parts) for parts in code)))
        assert named - known - OTHERS == set(), page.name


def test_the_index_links_every_command() -> None:
    assert [name for name in GROUP.commands if f"]({name}.md)" not in INDEX] == []
    pages = {page.stem for page in FOLDER.glob("*.md")}
    assert pages - {"README", "tables"} == set(GROUP.commands)


def test_every_exit_status_is_described_in_both_places() -> None:
    described = re.findall(r"^\| (\d+) \|", INDEX, re.M)
    assert described == ["0", "1", "2", "130", "143"]
    epilogue = CliRunner().invoke(app, ["--help"]).stdout
    assert set(re.findall(r"^ +(\d+) +\w", epilogue, re.M)) == {"0", "1", "2", "130"}


def test_the_example_of_defaults_can_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    example = re.search(r"^```toml\n(.*?)^```", INDEX, re.M | re.S)
    assert example
    (tmp_path / "defaults.toml").write_text(example[1])
    monkeypatch.setenv("FASTSUM_CONFIG", str(tmp_path / "defaults.toml"))
    assert tomllib.loads(example[1])
    assert CliRunner().invoke(app, ["config"]).exit_code == 0


def test_variables_of_the_examples_exist() -> None:
    known = defaults.variables_of(GROUP)
    named = set(re.findall(r"\bFASTSUM_[A-Z_]+\b", INDEX))
    assert named - set(known) == {"FASTSUM_CONFIG", "FASTSUM_CACHE"}
    assert len(named & set(known)) >= 3
