"""Consoles for tables and progress that keep to plain text where that is asked for. Rich is imported on demand."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console


def console(**settings: Any) -> Console:
    """A rich console; where NO_COLOR is set, or the terminal is dumb, it writes no escape sequence at all.

    Rich by itself would leave bold text, and bars that are redrawn in place.
    """
    from rich.console import Console

    return Console(**settings, force_terminal=False if is_plain() else None)


def is_plain() -> bool:
    """Whether the environment asks for plain text: NO_COLOR (any value but an empty one), or TERM=dumb."""
    return bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") in ("dumb", "unknown")
