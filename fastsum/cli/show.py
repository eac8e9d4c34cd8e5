"""`fastsum config` and `fastsum info`: what there is on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from fastsum.cli.options import model_names, preset_names
from fastsum.errors import FastsumError
from fastsum.model.genre import GENRES


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
