"""Settings of news recommenders: the paper's, and one that two processor cores finish."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fastsum import toml
from fastsum.config import Config, ModelConfig, TrainingConfig
from fastsum.errors import FastsumError
from fastsum.toml import Count, Fraction, Positive


@dataclass(frozen=True)
class RecommendationConfig:
    """Sizes and training of a recommender.

    The defaults are those of table 9 of the Fastformer paper (arXiv 2108.09084), in its column for recommendation. What
    the table leaves out is as in the code of NRMS's authors (github.com/wuch15/EMNLP2019-NRMS: word and query vectors,
    negatives), and for FIM as in github.com/Veason-silverbullet/NNR. The vocabulary and `tuned_layers` are ours.
    """

    vocabulary_size: Count = 50_000
    """Words of the titles that have an embedding, with four special tokens."""
    title_tokens: Count = 48
    """Tokens of a title that are read."""
    history: Count = 50
    """A user's latest clicks that are read."""
    negatives: Count = 4
    """News that were shown and not clicked, drawn for each click (K)."""
    embedding_width: Count = 300
    """Size of a word's vector."""
    width: Count = 256
    """Size of the vectors of words, news and users in the network."""
    heads: Count = 16
    """Attention heads; must divide the width."""
    query_width: Count = 200
    """Size of the additive attention's query vectors."""
    window: Count = 8
    """Window, global and random tokens of Longformer and BigBird, whose blocks have half of it; titles are short."""
    pooling_window: Count = 64
    """Poolingformer's first window."""
    projected_tokens: Count = 16
    """Length to which Linformer projects."""
    filters: Count = 150
    """FIM: channels of each dilated convolution."""
    first_channels: Count = 32
    """FIM: channels of the first 3-D convolution."""
    second_channels: Count = 16
    """FIM: channels of the second 3-D convolution."""
    tuned_layers: int = 2
    """PLM-NR: layers of the language model that are trained, counted from its last; the others stay as they are."""
    dropout: Fraction = 0.2
    """Dropout rate in training."""
    batch: Count = 64
    """Clicks in a training batch."""
    epochs: Count = 3
    """Passes over the clicks."""
    learning_rate: Positive = 1e-4
    """Adam's learning rate; it stays the same."""
    language_model_rate: Positive = 3e-6
    """Adam's learning rate of the models with a language model."""

    def attention(self, name: str) -> ModelConfig:
        """An encoder with the attention of this name from `fastsum.config.ATTENTIONS`."""
        return ModelConfig(
            width=self.width,
            heads=self.heads,
            encoder_layers=1,
            convolution=0,
            dropout=self.dropout,
            attention=name,
            window=self.window,
            global_tokens=self.window,
            random_tokens=self.window,
            block=max(1, self.window // 2),
            projected_tokens=self.projected_tokens,
            pooling_window=self.pooling_window,
        )

    def config(
        self, attention: str, vocabulary: int, clicks: int, seed: int, *, language_model: bool = False
    ) -> Config:
        """The settings of the training loop, for a recommender that learns from so many clicks.

        Args:
            attention: that of its encoders, for `model.attention`.
            vocabulary: number of words of the tokenizer.
            language_model: whether it has one.
        """
        epoch = -(-clicks // self.batch)
        model = replace(self.attention(attention), vocabulary_size=vocabulary, output_vocabulary_size=vocabulary)
        training = TrainingConfig(
            seed=seed,
            steps=self.epochs * epoch,
            batch_tokens=self.batch,  # a click counts as one token
            learning_rate=self.language_model_rate if language_model else self.learning_rate,
            warmup=0,
            decay="none",
            beta2=0.999,
            weight_decay=0.0,  # Adam
            clip=1e9,  # none
            validate_every=self.epochs * epoch,
            save_every=epoch,
        )
        return Config(model=model, training=training)


PRESETS = {
    "paper": RecommendationConfig(),
    "small": RecommendationConfig(
        vocabulary_size=10_000, title_tokens=12, history=12, embedding_width=64, width=64, heads=4, query_width=32,
        pooling_window=8, filters=32, first_channels=8, second_channels=8, dropout=0.1, batch=32, epochs=10,
        learning_rate=1e-3, language_model_rate=1e-3,
    ),
}  # fmt: skip
"""Settings by name."""


def load_settings(preset: str, overrides: Sequence[str] = ()) -> RecommendationConfig:
    """A preset under changes of the form `key=value`.

    Raises FastsumError, naming all that is wrong at once.
    """
    if preset not in PRESETS:
        raise FastsumError(f"there is no preset {preset!r}; choose from {', '.join(PRESETS)}")
    problems: list[str] = []
    table = {}
    for text in overrides:
        key, _, value = text.partition("=")
        try:
            table[key.strip()] = toml.parse(f"value = {value}")["value"]
        except ValueError:
            problems.append(f"{text!r} is not of the form KEY=NUMBER")
    changed = toml.read_table("", RecommendationConfig, table, problems)
    settings = replace(PRESETS[preset], **{key: getattr(changed, key) for key in table if hasattr(changed, key)})
    if settings.width % settings.heads:
        problems.append(f"heads ({settings.heads}) must divide width ({settings.width})")
    if problems:
        raise FastsumError(f"--set: {'; '.join(problems)}")
    return settings
