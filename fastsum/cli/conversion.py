"""Values of the command line that need no pydantic.

From release 0.29 on Typer converts every value by pydantic, the defaults and --help included. Importing that takes
80 ms and 12 MB, more than the rest of the command line. So what obviously fits a parameter is converted here, and Typer
still has everything else: what does not fit, for which it has the messages, and what needs a check.
"""

from __future__ import annotations

import os
import re
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_origin

from typer.models import OptionInfo

_NOT_FITTING = object()
_NUMBERS = {int: r"[0-9]{1,15}", float: r"[0-9]{1,15}(?:\.[0-9]{1,15})?"}
_PLAIN = OptionInfo()
# Settings of a parameter that ask for more than a type and a range, where they are not as in _PLAIN.
_CHECKS = ("parser", "clamp", "exists", "file_okay", "dir_okay", "writable", "resolve_path", "allow_dash", "path_type")


class WithoutPydantic:
    """Mixed into a Typer command or group: its parameters take what obviously fits without pydantic."""

    def get_params(self, ctx: Any) -> list[Any]:
        """The parameters, as Click asks for them."""
        parameters: list[Any] = super().get_params(ctx)  # type: ignore[misc]
        for parameter in parameters:
            # Where Typer keeps the converter that it makes for the first value; without this it uses no pydantic.
            if getattr(parameter, "_runtime_param", parameter) is None:
                parameter._runtime_param = _Converter()
        return parameters


class _Converter:
    """Stands in for the converter that Typer makes, until a value needs that one."""

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """As Typer's method of that name."""
        kind, settings = param.type_descriptor.annotation, param.type_descriptor.parameter_info
        several = param.multiple or param.nargs == -1
        if value is None:
            return () if several else None
        if all(getattr(settings, check) == getattr(_PLAIN, check) for check in _CHECKS):
            if several and isinstance(value, (list, tuple)) and get_origin(kind) is list:
                found = [_fitting(one, get_args(kind)[0], settings) for one in value]
                if _NOT_FITTING not in found:
                    return found
            elif (fitting := _fitting(value, kind, settings)) is not _NOT_FITTING:
                return fitting
        param._runtime_param = None
        return param.get_runtime_param().coerce(value, param=param, ctx=ctx)


def _fitting(value: Any, kind: Any, settings: Any) -> Any:
    """A value as `kind`, or _NOT_FITTING where that takes more than a glance."""
    if kind is str:
        return value if isinstance(value, str) else _NOT_FITTING
    if kind in _NUMBERS:
        if isinstance(value, str) and re.fullmatch(_NUMBERS[kind], value):
            value = kind(value)
        least, most = settings.min, settings.max
        fits = type(value) is kind and (least is None or value >= least) and (most is None or value <= most)
        return value if fits else _NOT_FITTING
    if kind is Path and isinstance(value, (str, Path)):
        return Path(value) if not os.path.exists(value) or os.access(value, os.R_OK) else _NOT_FITTING
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next((member for member in kind if value is member or value == member.value), _NOT_FITTING)
    return _NOT_FITTING
