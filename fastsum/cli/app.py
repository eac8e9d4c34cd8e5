"""The command line. Results go to stdout, everything else to stderr.

A command is imported and built when it is called for, and a list of commands needs none of them. So nothing slow is
imported at the top: every module that a command needs comes with the command.
"""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from fastsum.cli.conversion import WithoutPydantic
from fastsum.console import say
from fastsum.errors import FastsumError

COMMANDS = {
    "summarize": ("summarize", "Print the summary of each document."),
    "mcp": ("mcp", "Let an assistant read and summarize documents."),
    "train": ("train", "Train or fine-tune a model."),
    "evaluate": ("evaluate", "Score a model's summaries with ROUGE."),
    "config": ("show", "List the presets for training, or print one."),
    "info": ("show", "Show models, versions, extras, files and device."),
    "bench": ("bench", "Measure speed, memory and the effect of each part."),
}
"""Name -> the module in `fastsum.cli` that has a function or a Typer group of that name, and the first sentence of its
help."""


class _Commands(WithoutPydantic, TyperGroup):
    """Turns errors into one line on stderr and an exit status."""

    def invoke(self, ctx: Any) -> Any:
        from fastsum.cli import defaults

        try:
            if not {"-h", "--help"} & {*ctx.args}:  # --help works even if the defaults are wrong
                defaults.apply(ctx)
            result = super().invoke(ctx)
            sys.stdout.flush()
            return result
        except FastsumError as error:
            say(f"error: {error.message}")
            raise typer.Exit(error.exit_code) from None
        except KeyboardInterrupt:
            raise typer.Exit(130) from None
        except OSError as error:
            if not isinstance(error, BrokenPipeError):  # that is a reader such as `head`, which has read enough
                say(f"error: {error.filename or 'standard output'}: {error.strerror or error}")
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python flushes stdout again when it exits
            raise typer.Exit(1) from None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, command, rest = super().resolve_command(ctx, args)
        if ctx.default_map is not None and name is not None:
            from fastsum.cli import defaults

            defaults.name_variables(self, name)
        return name, command, rest


class _LazyCommands(_Commands):
    """The group of all COMMANDS."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands: Any = _Built()

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in COMMANDS.items()])


class _Built(Mapping[str, Any]):
    """The commands by name, each imported and built when it is first asked for."""

    def __init__(self) -> None:
        self._built: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._built:
            module, _ = COMMANDS[name]
            self._built[name] = _build(name, getattr(import_module(f"fastsum.cli.{module}"), name))
        return self._built[name]

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


def _build(name: str, source: Any) -> Any:
    """The command, or group of commands, of a function or a Typer group."""
    from fastsum.cli import defaults

    alone = typer.Typer(rich_markup_mode=None)
    if isinstance(source, typer.Typer):
        alone.add_typer(source, name=name)
    else:
        alone.command(name, cls=defaults.Command)(source)
    return typer.main.get_group(alone).commands[name]


EPILOG = """
\b
Exit status:
  0    done
  1    something failed: a file, a row, a model; the others were still done
  2    wrong usage: an option, a variable or the file of defaults; nothing was done
  130  stopped by Ctrl-C; training was saved

\b
Set your own defaults in the file that `fastsum info` shows, or in variables
such as FASTSUM_SUMMARIZE_SENTENCES=3. NO_COLOR=1 gives plain text.
Each command has a page in docs/commands.
"""

app = typer.Typer(
    cls=_LazyCommands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # importing rich would make --help twice as slow
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=EPILOG,
)


def main() -> None:
    """Run the command line and exit."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the parent process
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # escape what the terminal cannot show
    try:
        app(prog_name="fastsum")
    finally:
        gc.freeze()  # or Python searches everything for cycles once more before it exits: a tenth of --help


def _show_version(asked: bool) -> None:
    if asked:
        from fastsum import __version__

        print(f"fastsum {__version__}")
        raise typer.Exit


@app.callback()
def _fastsum(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Summarize long documents on your own machine, and train and evaluate models for it."""
