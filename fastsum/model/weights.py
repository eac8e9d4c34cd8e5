"""The tensors of a safetensors file as numpy arrays that read from the file when they are used.

The library safetensors reads bfloat16, which numpy does not have, only into torch. The format is a number of 8 bytes,
as much JSON with each tensor's type, shape and place, and the tensors.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fastsum.errors import FastsumError

_TYPES = {
    "BF16": np.uint16, "F16": np.float16, "F32": np.float32, "F64": np.float64, "BOOL": np.bool_,
    "U8": np.uint8, "I8": np.int8, "I16": np.int16, "I32": np.int32, "I64": np.int64,
}  # fmt: skip
_LONGEST_HEADER = 100_000_000  # bytes, as in the library


class Stored(NamedTuple):
    """A tensor as it is in the file."""

    data: NDArray[Any]
    """Copy-on-write pages of the file; bfloat16 as integers of the same bits."""
    type: str
    """As safetensors names it: "BF16", "F32", ..."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Its shape."""
        return self.data.shape

    def float32(self) -> NDArray[np.float32]:
        """A copy in float32."""
        return _widened(self.data, self.type)

    def rows(self, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """A copy of some rows in float32."""
        return _widened(self.data[numbers], self.type)


def _widened(data: NDArray[Any], type: str) -> NDArray[np.float32]:
    if type == "BF16":  # the upper half of a float32
        return (data.astype(np.uint32) << 16).view(np.float32)
    return data.astype(np.float32)


def read_safetensors(path: Path) -> tuple[dict[str, Stored], dict[str, str]]:
    """The tensors by name, and the file's metadata. Raises FastsumError where it is no such file."""
    try:
        content = np.memmap(path, dtype=np.uint8, mode="c")
        return _parse(content)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise FastsumError(f"{path}: not a safetensors file ({error}); copy the checkpoint again") from error


def _parse(content: NDArray[np.uint8]) -> tuple[dict[str, Stored], dict[str, str]]:
    size = int.from_bytes(content[:8].tobytes(), "little")
    if not 2 <= size <= min(_LONGEST_HEADER, len(content) - 8):
        raise ValueError("its header is cut short")
    header = json.loads(content[8 : 8 + size].tobytes())
    body = content[8 + size :]
    metadata = header.pop("__metadata__", {})
    found = {}
    claimed = 0
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        kind = _TYPES[entry["dtype"]]
        start, end = entry["data_offsets"]
        shape = tuple(entry["shape"])
        if not all(type(number) is int and number >= 0 for number in (start, end, *shape)):
            raise ValueError(f"{name} has no place")
        if start != claimed or end > len(body) or end - start != math.prod(shape) * np.dtype(kind).itemsize:
            raise ValueError(f"{name} is cut short, or not where it should be")
        claimed = end
        data = np.ndarray(shape, kind, buffer=body, offset=start)
        found[name] = Stored(data, entry["dtype"])
    if claimed != len(body):
        raise ValueError("there are bytes that no tensor claims")
    return found, {str(key): str(value) for key, value in metadata.items()}
