"""The command line. Results go to stdout, everything else to stderr.

Nothing slow is imported at the top: each command imports what it needs, so that `--help` answers at once.
"""

from __future__ import annotations

import io
import os
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from fastsum.cli import defaults
from fastsum.cli.bench import bench
from fastsum.cli.evaluate import evaluate
from fastsum.cli.options import model_names, preset_names
from fastsum.cli.summarize import summarize
from fastsum.cli.train import train
from fastsum.console import say
from fastsum.errors import FastsumError
from fastsum.model.genre import GENRES


class _Commands(TyperGroup):
    """Turns errors into one line on stderr and an exit status."""

    def invoke(self, ctx: Any) -> Any:
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
    cls=_Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # importing rich would make --help twice as slow
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=EPILOG,
)


app.command(cls=defaults.Command)(summarize)
app.command()(train)
app.command(cls=defaults.Command)(evaluate)
app.add_typer(bench, name="bench")


def main() -> None:
    """Run the command line and exit."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the parent process
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # escape what the terminal cannot show
    app(prog_name="fastsum")


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


@app.command()
def config(
    preset: Annotated[
        str | None,
        typer.Argument(show_default=False, help="Preset to print, as commented TOML.", autocompletion=preset_names),
    ] = None,
) -> None:
    """List the presets for training, or print one.

    Save a printed preset as a TOML file, change it and train with it.

    \b
    fastsum config tiny > mine.toml
    fastsum train rows/ --config mine.toml
    """
    from fastsum.config import preset_text, presets

    if preset is None:
        print("\n".join(presets()))
    elif preset not in presets():
        raise FastsumError(f"there is no preset {preset!r}; choose one of {', '.join(presets())}")
    else:
        print(preset_text(preset), end="")


@app.command()
def info(
    model: Annotated[
        str | None,
        typer.Argument(
            metavar="MODEL",
            show_default=False,
            help=f"{', '.join(GENRES)} or the folder of a checkpoint; all that ship by default.",
            autocompletion=model_names,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show models, versions, extras, files and device.

    For each model, what its card says; for device and precision, what auto selects on this machine.

    \b
    fastsum info
    fastsum info runs/first/best
    fastsum info --json
    """
    import json

    from fastsum.cli import info

    models = info.models((model,) if model else GENRES)
    if as_json:
        print(json.dumps(info.as_dict(models), indent=2, ensure_ascii=False))
        return
    for block in info.as_text(models):  # the device is last: it needs torch, a slow import
        print(block, flush=True)
