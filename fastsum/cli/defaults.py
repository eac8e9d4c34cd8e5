"""Defaults for the options of every command, from a TOML file and from environment variables.

    [summarize]
    sentences = 3

    [bench.attention]
    rounds = 9

A command has a table of its name, an option a key that is called as on the command line, without the dashes. The
variable FASTSUM_SUMMARIZE_SENTENCES says the same and prevails over the file; the command line prevails over both.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand

from fastsum import toml
from fastsum.errors import UsageError
from fastsum.files import defaults_file

PREFIX = "FASTSUM"
ALTERNATIVES = ("sentences", "words", "ratio", "length")
"""Options that say one thing between them: whoever gives one of them means none of another's defaults for them."""


def read(ctx: Any) -> dict[str, Any]:
    """The defaults of all commands below that of a Click context, as Click's `default_map` takes them.

    Raises UsageError, which names every unknown key, wrong value and wrong variable, where it stands and what to do.
    """
    problems: list[str] = []
    found: dict[str, Any] = {}
    file = defaults_file()
    _add_tables(ctx, ctx.command, _tables(file), str(file), (), found, problems)
    _add_variables(ctx, os.environ, found, problems)
    if problems:
        raise UsageError("; ".join(problems))
    return found


def is_given(ctx: Any, name: str) -> bool:
    """Whether the command line itself gives a parameter, called as in Python, rather than a default."""
    source = ctx.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


class Command(TyperCommand):
    """A command where one of the ALTERNATIVES, given on the command line, replaces the defaults of all."""

    def invoke(self, ctx: Any) -> Any:
        lengths = [name for name in ALTERNATIVES if name in ctx.params]
        given = [name for name in lengths if is_given(ctx, name)]
        if given:
            ctx.params.update({name: None for name in lengths if name not in given})
        return super().invoke(ctx)


def options_of(command: Any) -> dict[str, Any]:
    """The options of a command that have a default to set, by their keys."""
    options = {}
    for parameter in command.params:
        names = [name for name in parameter.opts if name.startswith("--")]
        if parameter.param_type_name == "option" and names:
            options[names[0].removeprefix("--")] = parameter
    return options


def variables_of(group: Any) -> dict[str, tuple[tuple[str, ...], Any]]:
    """Every variable that sets a default below a group: the command's names and the option."""
    return {
        _variable(*names, key): (names, option)
        for names, command in _leaves(group)
        for key, option in options_of(command).items()
    }


def _tables(file: Path) -> dict[str, Any]:
    try:
        return toml.parse(file.read_text("utf-8"))
    except FileNotFoundError:
        if os.environ.get("FASTSUM_CONFIG"):
            raise UsageError(f"{file}: there is no such file; mend or unset FASTSUM_CONFIG") from None
        return {}
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}; mend it, or name another file in FASTSUM_CONFIG") from None
    except UnicodeDecodeError:
        raise UsageError(f"{file}: not UTF-8 text; save it as that") from None
    except ValueError as error:
        raise UsageError(f"{file}: not valid TOML: {error}; mend the line") from None


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
            problems.append(f"{where} is no command{toml.suggestion(name, group.commands)}")
        elif not isinstance(table, dict):
            problems.append(f"{file}: {name} is a command: its defaults are a table, [{'.'.join(names)}]")
        elif hasattr(command, "commands"):
            _add_tables(ctx, command, table, file, names, found.setdefault(name, {}), problems)
        else:
            options = options_of(command)
            for key, value in table.items():
                if key not in options:
                    problems.append(f"{where} {key} is no option of it{toml.suggestion(key, options)}")
                elif reason := _fault(ctx, options[key], value):
                    shown = json.dumps(value, ensure_ascii=False, default=str)
                    problems.append(f"{where} {key} = {shown}: {reason}")
                else:
                    found.setdefault(name, {})[options[key].name] = value


def _add_variables(ctx: Any, environ: Mapping[str, str], found: dict[str, Any], problems: list[str]) -> None:
    known = variables_of(ctx.command)
    in_force = [known[variable] for variable in environ if variable in known and environ[variable]]
    for names, option in in_force:
        if option.name in ALTERNATIVES:
            table = _table(found, names)
            for name in ALTERNATIVES:
                table.pop(name, None)
    starts = tuple(f"{_variable(*names)}_" for names, _ in _leaves(ctx.command))
    for variable in sorted(environ):
        if variable not in known:
            if variable.startswith(starts):
                problems.append(f"the variable {variable} sets no option{toml.suggestion(variable, known)}; unset it")
            continue
        if not environ[variable]:  # an empty variable is as good as none, as for NO_COLOR
            continue
        names, option = known[variable]
        value = environ[variable].split() if option.multiple else environ[variable]
        if reason := _fault(ctx, option, value, typed=False):
            problems.append(f"the variable {variable}={environ[variable]}: {reason}")
            continue
        _table(found, names)[option.name] = value


def _table(tables: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    for name in names:
        tables = tables.setdefault(name, {})
    return tables


def _leaves(group: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _leaves(command, (*above, name))
        else:
            yield (*above, name), command


def _variable(*names: str) -> str:
    return "_".join((PREFIX, *names)).upper().replace("-", "_")


def _fault(ctx: Any, option: Any, value: Any, typed: bool = True) -> str | None:
    """Why an option cannot have this value; None where it can. A file's values are `typed`, variables are all text."""
    if option.multiple and not isinstance(value, list):
        return 'a list is wanted, such as ["..."]'
    try:
        taken = option.process_value(ctx, value)
    except typer.BadParameter as error:
        return str(error.message).strip().rstrip(".")
    except TypeError:  # what some versions of Click say to a value that is no text
        return "a value of another type is wanted"
    pairs = zip(value, taken, strict=True) if option.multiple else [(value, taken)]
    if typed and any(_kind(given) != _kind(made) for given, made in pairs):
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
