"""Defaults for the options of every command, from a TOML file and from environment variables.

    [summarize]
    sentences = 3

    [bench.attention]
    rounds = 9

A command has a table, and an option has a key, which is its name on the command line without the dashes. The variable
FASTSUM_SUMMARIZE_SENTENCES does the same and has priority over the file; the command line has priority over both.

Click reads and converts the variables (`Option.envvar`) and takes the file's values (`Context.default_map`). What it
does not have is here: names as on the command line (its own prefix gives FASTSUM_TRAIN_OVERRIDES for --set), an error
for a misspelt name, one that says which file a wrong value is in, and options that replace one another's defaults.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand

from fastsum import toml
from fastsum.cli.conversion import WithoutPydantic
from fastsum.errors import UsageError
from fastsum.files import defaults_file

PREFIX = "FASTSUM"
ALTERNATIVES = ("sentences", "words", "ratio", "length")
"""Options that together say one thing: giving one of them means that another's default is not wanted."""


class Command(WithoutPydantic, TyperCommand):
    """A command where any of the ALTERNATIVES, given on the command line, replaces the defaults of all of them."""

    def invoke(self, ctx: Any) -> Any:
        names = [name for name in ALTERNATIVES if name in ctx.params]
        if any(is_given(ctx, name) for name in names):
            ctx.params.update({name: None for name in names if not is_given(ctx, name)})
        return super().invoke(ctx)


def is_given(ctx: Any, name: str) -> bool:
    """Whether a parameter (by its name in Python) was given on the command line itself and is not a default."""
    source = ctx.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def apply(ctx: Any) -> None:
    """Take the defaults of all commands below that of a Click context; `name_variables` follows for the one that runs.

    Commands that neither the file nor a variable names are not even imported. Raises UsageError, which lists every
    unknown key, wrong value and unknown variable, where it is and what to do.
    """
    problems: list[str] = []
    found: dict[str, Any] = {}
    file = defaults_file()
    _add_tables(ctx, ctx.command, _tables(file), str(file), (), found, problems)
    present = sorted(variable for variable in os.environ if variable.startswith(f"{PREFIX}_"))
    named = [name for name in ctx.command.commands if any(v.startswith(f"{_variable(name)}_") for v in present)]
    variables = variables_of(ctx.command, named)
    commands = tuple(f"{_variable(*names)}_" for names, _ in _leaves(ctx.command, named))
    for variable in present:
        if variable in variables:
            names, option = variables[variable]
            if os.environ[variable] and option.name in ALTERNATIVES:
                _forget(found, names)
        elif variable.startswith(commands):
            like = toml.suggestion(variable, variables_of(ctx.command))
            problems.append(f"the variable {variable} sets no option{like}; unset it")
    if problems:
        raise UsageError("; ".join(problems))
    ctx.default_map = found


def name_variables(group: Any, name: str) -> None:
    """Have Click read the variables of the command of that name, or of all commands of the group of that name."""
    for variable, (_, option) in variables_of(group, [name]).items():
        option.envvar = variable


def options_of(command: Any) -> dict[str, Any]:
    """The options of a command that can have a default, by their keys."""
    options = {}
    for parameter in command.params:
        names = [name for name in parameter.opts if name.startswith("--")]
        if parameter.param_type_name == "option" and names:
            options[names[0].removeprefix("--")] = parameter
    return options


def variables_of(group: Any, only: Iterable[str] | None = None) -> dict[str, tuple[tuple[str, ...], Any]]:
    """Every variable that sets a default below a group, with the names of the command and the option.

    `only` are the commands and groups to look at, without which all are.
    """
    return {
        _variable(*names, key): (names, option)
        for names, command in _leaves(group, only)
        for key, option in options_of(command).items()
    }


def _tables(file: Path) -> dict[str, Any]:
    try:
        return toml.parse(file.read_text("utf-8"))
    except FileNotFoundError:
        if os.environ.get("FASTSUM_CONFIG"):
            raise UsageError(f"{file}: there is no such file; correct or unset FASTSUM_CONFIG") from None
        return {}
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}; make it readable, or name another in FASTSUM_CONFIG") from None
    except UnicodeDecodeError:
        raise UsageError(f"{file}: not UTF-8 text; save it as UTF-8") from None
    except ValueError as error:
        raise UsageError(f"{file}: not valid TOML: {error}; correct that line") from None


def _add_tables(
    ctx: Any,
    group: Any,
    tables: Mapping[str, Any],
    file: str,
    above: tuple[str, ...],
    found: dict[str, Any],
    problems: list[str],
) -> None:
    for name, table in tables.items():
        names = (*above, name)
        where = f"{file}: [{'.'.join(names)}]"
        command = group.commands.get(name)
        if command is None:
            problems.append(f"{where} is not a command{toml.suggestion(name, group.commands)}")
        elif not isinstance(table, dict):
            problems.append(f"{file}: {name} is a command: its defaults belong in a table, [{'.'.join(names)}]")
        elif hasattr(command, "commands"):
            _add_tables(ctx, command, table, file, names, found.setdefault(name, {}), problems)
        else:
            options = options_of(command)
            for key, value in table.items():
                if key not in options:
                    problems.append(f"{where} {key} is not an option of it{toml.suggestion(key, options)}")
                elif reason := _fault(ctx, options[key], value):
                    shown = json.dumps(value, ensure_ascii=False, default=str)
                    problems.append(f"{where} {key} = {shown}: {reason}")
                else:
                    found.setdefault(name, {})[options[key].name] = value


def _forget(tables: dict[str, Any], names: tuple[str, ...]) -> None:
    """Remove the ALTERNATIVES from a command's table."""
    for name in names:
        tables = tables.get(name, {})
    for name in ALTERNATIVES:
        tables.pop(name, None)


def _leaves(
    group: Any, only: Iterable[str] | None = None, above: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command below a group, or below the parts of it that are named, with its names."""
    for name in group.commands if only is None else only:
        command = group.commands[name]
        if hasattr(command, "commands"):
            yield from _leaves(command, above=(*above, name))
        else:
            yield (*above, name), command


def _variable(*names: str) -> str:
    return "_".join((PREFIX, *names)).upper().replace("-", "_")


def _fault(ctx: Any, option: Any, value: Any) -> str | None:
    """Why an option cannot have this value from TOML; None where it can. Click takes true for 1, and "3" for 3."""
    if option.multiple and not isinstance(value, list):
        return 'a list is wanted, such as ["..."]'
    try:
        taken = option.process_value(ctx, value)
    except typer.BadParameter as error:
        return str(error.message).strip().rstrip(".")
    except TypeError:  # raised by some versions of Click for a value that is not text
        return "a value of another type is wanted"
    pairs = zip(value, taken, strict=True) if option.multiple else [(value, taken)]
    if any(_kind(given) != _kind(made) for given, made in pairs):
        return f"{_kind(taken[0] if option.multiple else taken)} is wanted"
    return None


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, (list, dict)):
        return "a list"
    return "text in quotes"
