"""The model card of every checkpoint: how the model was trained and what it scored."""

from __future__ import annotations

import subprocess
from pathlib import Path

from fastsum.config import Config

_TRAINED = {"selection": "the weighing of sentences and words alone", "words": "the weighing of words alone"}


def write_card(
    steps: int,
    seconds: float,
    scores: dict[str, float],
    *,
    config: Config,
    data: str,
    scored: int,
    hardware: str,
    parameters: int,
) -> str:
    """A checkpoint's model card, in Markdown.

    Args:
        steps: steps done.
        seconds: time trained.
        scores: values of the last validation, ROUGE in per cent; may be empty.
        data: description of the training rows.
        scored: number of the validation rows that `scores` are of.
        hardware: description of the machine.
        parameters: number of the model's parameters.
    """
    model, training = config.model, config.training
    lines = [
        "# fastsum model",
        "",
        f"A {model.attention.capitalize()} encoder-decoder that selects a document's salient sentences and can rewrite "
        "them.",
        "",
        "| | |",
        "| --- | --- |",
        f"| parameters | {parameters / 1e6:.1f} million |",
        f"| shape | width {model.width}, {model.heads} heads, {model.encoder_layers} token layers, "
        f"{model.sentence_layers} sentence layers, {model.decoder_layers} decoder layers |",
        f"| vocabulary | {model.vocabulary_size:,} words read, "
        f"{model.output_vocabulary_size:,} written without copying |",
        f"| trained on | {data} |",
        *([f"| started from | {training.start} |"] if training.start else []),
        *([f"| trained | {_TRAINED[training.part]} |"] if training.part in _TRAINED else []),
        f"| steps | {steps:,} of {training.steps:,}, "
        f"batches of {training.batch_tokens * training.accumulate:,} tokens |",
        f"| hardware | {hardware} |",
        f"| time | {seconds / 60:.0f} minutes |",
        f"| seed | {training.seed} |",
        f"| commit | {_commit()} |",
    ]
    if scores:
        rouge = " / ".join(f"{scores[name]:.1f}" for name in ("rouge1", "rouge2", "rougeLsum"))
        lines += [f"| validation ROUGE-1/2/Lsum | {rouge} ({config.decoding.mode}, {scored:,} rows) |"]
    return "\n".join(lines) + "\n"


def _commit() -> str:
    """The commit of the source tree, or "unknown"."""
    command = ["git", "rev-parse", "--short", "HEAD"]
    try:
        found = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return found.stdout.strip()
