"""A trained model as a directory, written atomically: a kill or a full disk leaves the old one intact.

    model.safetensors       weights, and the format's version in the metadata
    config.toml             every setting
    tokenizer.json          the vocabulary
    README.md               the model card
    training.safetensors    the training state to resume from: tensors, and other values as JSON in the metadata
    SHA256SUMS              digests of the files above, as `sha256sum --check` reads them

A shipped one has a `genre.toml` besides (`fastsum.model.genre`). `checkpoint_folder` replaces and reads
directories.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from fastsum.config import Config, ModelConfig
from fastsum.errors import FastsumError
from fastsum.model.checkpoint_folder import SUMS, replace, while_unchanged
from fastsum.model.digests import read, read_sums, text, verified, verify
from fastsum.model.genre import GENRES, SHIPPED
from fastsum.model.weights import Stored, read_safetensors
from fastsum.text.tokenizer import Tokenizer

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from fastsum.model.network import SummaryModel

FORMAT = 1
LATEST, BEST = "latest", "best"
"""Names of a training run's checkpoints: the one to resume from and the one to summarize with."""
WEIGHTS, CONFIG, TOKENIZER, CARD = "model.safetensors", "config.toml", "tokenizer.json", "README.md"
TRAINING = "training.safetensors"
_REQUIRED = (WEIGHTS, CONFIG, TOKENIZER, CARD)


class TrainingState(NamedTuple):
    """What training needs besides the weights to continue exactly as if it had never stopped."""

    tensors: dict[str, Tensor]
    """Optimizer moments, averaged weights and accumulated gradients, by name."""
    values: dict[str, Any]
    """Values that JSON can hold."""


@dataclass(frozen=True)
class Checkpoint:
    """The content of a directory, with its digests verified."""

    config: Config
    tokenizer: Tokenizer
    stored: dict[str, Stored]
    """The weights as they are in the file."""
    card: str
    """The model card, Markdown."""
    directory: Path

    @cached_property
    def weights(self) -> dict[str, Tensor]:
        """The weights in torch, as stored (a shipped checkpoint's are bfloat16), mapped from the file: do not write to
        them."""
        return _tensors(self.stored)

    def model(self, device: torch.device | str = "cpu", dtype: torch.dtype | None = None) -> SummaryModel:
        """A new model with a copy of these weights, in evaluation mode; `dtype` None is float32.

        Raises FastsumError, naming the first three, if weights are missing, unknown or of another shape.
        """
        import torch

        model = _empty_model(self.config.model)
        self.check_weights({name: tuple(tensor.shape) for name, tensor in model.state_dict().items()})
        weights = {name: tensor.to(device, dtype or torch.float32, copy=True) for name, tensor in self.weights.items()}
        model.load_state_dict(weights, assign=True)
        return model.eval()

    def check_weights(self, expected: Mapping[str, tuple[int, ...]], ignored: tuple[str, ...] = ()) -> None:
        """Check the names and the shapes of the weights, but for those whose names begin with one of `ignored`.

        Raises FastsumError, naming the first three, if weights are missing, unknown or of another shape.
        """
        stored = {name: value.shape for name, value in self.stored.items() if not name.startswith(ignored)}
        problems = [f"{name} is missing" for name in expected if name not in stored]
        problems += [f"{name} is unknown" for name in stored if name not in expected]
        problems += [
            f"{name} has the shape {stored[name]}, not {shape}"
            for name, shape in expected.items()
            if name in stored and stored[name] != shape
        ]
        if problems:
            more = f", and {len(problems) - 3} more" if len(problems) > 3 else ""
            raise FastsumError(
                f"{self.directory / WEIGHTS}: the weights do not fit {CONFIG} ({', '.join(problems[:3])}{more}); "
                "copy the whole checkpoint again or train a new one"
            )


def _empty_model(config: ModelConfig) -> SummaryModel:
    """A model without weights: none are initialized, since all are replaced."""
    import torch
    from torch.overrides import TorchFunctionMode

    from fastsum.model.network import SummaryModel

    class WithoutRandomNumbers(TorchFunctionMode):
        # On the meta device alone the first `normal_` imports torch's compiler, which takes seconds.
        def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            kwargs = kwargs or {}
            if func.__name__ in ("normal_", "uniform_", "kaiming_uniform_"):
                return args[0] if args else kwargs["tensor"]
            return func(*args, **kwargs)

    with torch.device("meta"), WithoutRandomNumbers():
        return SummaryModel(config)


def locate(model: str | Path) -> Path:
    """Directory of a checkpoint: `model` is the name of one that ships in the package, or a directory.

    A directory with the name of a shipped model is given as "./general" or as a Path. Raises FastsumError where the
    shipped checkpoint is missing from this installation.
    """
    if model not in GENRES:
        return Path(model)
    directory = SHIPPED / model
    if not (directory / SUMS).is_file():
        raise FastsumError(
            f"{directory}: the {model} model is missing here; reinstall fastsum or name a checkpoint of yours"
        )
    return directory


def fingerprint(directory: Path) -> str:
    """A digest of a checkpoint's SHA256SUMS, and so of its content. Raises FastsumError if it has none."""
    sums = directory / SUMS
    if not sums.is_file():
        load(directory)  # reports what is wrong, or restores a checkpoint after a killed save
    return hashlib.sha256(read(sums)).hexdigest()


def save(
    directory: Path,
    *,
    config: Config,
    tokenizer: Tokenizer,
    weights: Mapping[str, Tensor],
    card: str,
    training: TrainingState | None = None,
) -> None:
    """Write a checkpoint atomically; one process at a time.

    After a kill at any moment `load` finds the old or the new checkpoint in `directory`; the next save removes what a
    killed one left. Weights keep their type.

    Raises:
        FastsumError: if the disk is full or not writable, or `directory` holds something other than a checkpoint. The
            old checkpoint is then unchanged.
    """
    files = {
        WEIGHTS: _pack(weights, {"fastsum_format": str(FORMAT)}),
        CONFIG: config.to_toml().encode("utf-8"),
        TOKENIZER: tokenizer.to_bytes(),
        CARD: card.encode("utf-8"),
    }
    _check_vocabulary(directory, config, tokenizer)
    if training is not None:
        files[TRAINING] = _pack(training.tensors, {"values": json.dumps(training.values)})
    sums = [f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items())]
    files[SUMS] = "".join(sums).encode("ascii")
    target = Path(os.path.realpath(directory))  # a link stays a link: its target is replaced
    try:
        _check_replaceable(target)
        replace(target, files)
    except OSError as error:
        raise FastsumError(
            f"{directory}: the checkpoint could not be saved ({error.strerror or error}); "
            "free some space or name another directory; what was there before is unchanged"
        ) from error


def load(directory: Path) -> Checkpoint:
    """Read a checkpoint and verify the digests of all files except the training state.

    Raises FastsumError, naming the file and the remedy, if anything is missing, damaged, too new or of another program.
    """
    return while_unchanged(Path(directory), _load)


def load_training(directory: Path) -> TrainingState:
    """Read the training state saved with a checkpoint. Raises FastsumError like `load`, and if there is none."""
    return while_unchanged(Path(directory), _load_training)


def _load(directory: Path) -> Checkpoint:
    sums = read_sums(directory, _REQUIRED)
    path = directory / WEIGHTS
    texts = {name: verified(directory / name, sums[name]) for name in (CONFIG, TOKENIZER, CARD)}
    with ThreadPoolExecutor(1) as beside:  # the two things that take longest
        parsed = beside.submit(Tokenizer.from_bytes, texts[TOKENIZER])
        verify(path, sums[WEIGHTS])
    stored, metadata = read_safetensors(path)
    _check_format(path, metadata)
    config = Config.parse(text(directory / CONFIG, texts[CONFIG]), str(directory / CONFIG))
    try:
        tokenizer = parsed.result()
    except FastsumError as error:
        raise FastsumError(f"{directory / TOKENIZER}: {error.message}") from error
    _check_vocabulary(directory, config, tokenizer)
    return Checkpoint(config, tokenizer, stored, text(directory / CARD, texts[CARD]), directory)


def _load_training(directory: Path) -> TrainingState:
    sums = read_sums(directory, _REQUIRED)
    path = directory / TRAINING
    if TRAINING not in sums:
        raise FastsumError(
            f"{directory}: this checkpoint has no training state ({TRAINING}) to resume from; "
            "name the latest checkpoint of a training run"
        )
    verify(directory / WEIGHTS, sums[WEIGHTS])
    _check_format(directory / WEIGHTS, read_safetensors(directory / WEIGHTS)[1])
    verify(path, sums[TRAINING])
    stored, metadata = read_safetensors(path)
    try:
        values = json.loads(metadata["values"])
    except (KeyError, ValueError, RecursionError):  # numbers too long, values nested too deeply
        raise _foreign(path) from None
    if not isinstance(values, dict):
        raise _foreign(path)
    return TrainingState(_tensors(stored), values)


def _pack(tensors: Mapping[str, Tensor], metadata: dict[str, str]) -> bytes:
    from safetensors.torch import save as pack

    # The library refuses tensors that share memory, so nothing is stored twice.
    return pack({name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}, metadata)


def _tensors(stored: Mapping[str, Stored]) -> dict[str, Tensor]:
    """The same in torch, without a copy."""
    import torch

    found = {}
    for name, value in stored.items():
        tensor = torch.from_numpy(value.data)
        found[name] = tensor.view(torch.bfloat16) if value.type == "BF16" else tensor
    return found


def _check_format(path: Path, metadata: dict[str, str]) -> None:
    version = metadata.get("fastsum_format", "")
    if not version.isdecimal():
        raise _foreign(path)
    if int(version) > FORMAT:
        raise FastsumError(
            f"{path}: written in format {version}, and this fastsum reads up to {FORMAT}; install a newer fastsum"
        )


def _foreign(path: Path) -> FastsumError:
    return FastsumError(f"{path}: not written by fastsum; name a directory that training wrote")


def _check_vocabulary(directory: Path, config: Config, tokenizer: Tokenizer) -> None:
    # Ids from the tokenizer's size on are out-of-vocabulary words, so the model must have the same size.
    if len(tokenizer) != config.model.vocabulary_size:
        raise FastsumError(
            f"{directory}: {TOKENIZER} has {len(tokenizer)} words and model.vocabulary_size in {CONFIG} is "
            f"{config.model.vocabulary_size}; both must come from one training run"
        )


def _check_replaceable(target: Path) -> None:
    if not target.exists():
        return
    if not target.is_dir():
        raise FastsumError(
            f"{target}: this is a file, not the directory of a checkpoint; name another directory or remove it"
        )
    others = sorted({entry.name for entry in target.iterdir()} - {*_REQUIRED, TRAINING, SUMS})
    if others:
        raise FastsumError(
            f"{target}: this directory holds {others[0]}, which is not part of a checkpoint and would be lost; "
            "name another directory or move the file"
        )
