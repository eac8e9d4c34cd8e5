"""`fastsum mcp`: its options; the work is in `fastsum.assistant`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from fastsum.cli.options import ModelOption
from fastsum.console import say
from fastsum.errors import require


def mcp(
    root: Annotated[
        list[Path] | None,
        typer.Option(metavar="DIR", help="Folder whose documents may be read; repeatable. By default the current one."),
    ] = None,
    model: ModelOption = None,
) -> None:
    """Let an assistant read and summarize documents.

    A server of the Model Context Protocol on standard input and output, which an assistant starts by itself. It reads
    documents below the folders named with --root, writes no file and connects to nothing. docs/commands/mcp.md says
    how to register it.

    \b
    fastsum mcp --root ~/Documents
    fastsum mcp --root reports --root papers
    """
    require("mcp", "assistants", "mcp")
    from fastsum.assistant.folders import Folders
    from fastsum.assistant.library import Library

    folders = Folders(root or [Path()])
    library = Library(folders, model)
    if model is not None:
        library.load(model)  # what is wrong with it is said now
    from fastsum.assistant.server import serve

    if sys.stdin.isatty():
        say(f"waiting for an assistant's messages about documents below {', '.join(folders.roots)}; Ctrl-C ends it")
    serve(library)
