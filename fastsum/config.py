"""One TOML file holds every setting of a model, its data, its training and its decoding.

A file is read over the defaults below, overrides (`section.key=value`) over the file, and everything that is wrong
with the result is reported in one message.
"""

from __future__ import annotations

import dataclasses
import math
import sys
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any, get_type_hints

import tomli_w

from fastsum import toml
from fastsum.errors import FastsumError

# Each check is a condition and what it asks for in words, so that a message can name the remedy.
_CHOICES: dict[str, tuple[str, ...]] = {
    "model.attention": ("fastformer", "transformer", "longformer", "bigbird", "linformer", "linear", "poolingformer"),
    "model.attention_form": ("auto", "plain", "collapsed"),
    "model.positions": ("none", "sinusoidal"),
    "model.decoder_attention": ("softmax", "fastformer"),
    "model.interaction": ("product", "addition", "concatenation"),
    "model.pooling": ("both", "query", "key"),
    "model.writing": ("sentence", "document"),
    "training.precision": ("auto", "fp32", "bf16", "fp16"),
    "training.decay": ("cosine", "linear", "none"),
    "training.part": ("all", "selection", "words"),
    "decoding.mode": ("extractive", "abstractive"),
}
_POSITIVE = (
    "model.vocabulary_size",
    "model.output_vocabulary_size",
    "model.width",
    "model.heads",
    "model.encoder_layers",
    "model.sentence_layers",
    "model.decoder_layers",
    "model.feedforward",
    "model.window",
    "model.global_tokens",
    "model.random_tokens",
    "model.block",
    "model.projected_tokens",
    "model.pooling_window",
    "data.summary_tokens",
    "data.memory_tokens",
    "training.steps",
    "training.batch_tokens",
    "training.accumulate",
    "training.learning_rate",
    "training.clip",
    "training.validate_every",
    "training.validate_rows",
    "training.save_every",
    "decoding.beam",
    "decoding.max_tokens",
    "decoding.memory_tokens",
)
_FRACTIONS = (
    "data.soft_labels",
    "decoding.min_salience",
    "model.dropout",
    "training.label_smoothing",
    "training.ema",
    "training.beta2",
    "training.final_learning_rate",
)


@dataclass(frozen=True)
class ModelConfig:
    """The network's shape."""

    vocabulary_size: int = 30_000
    """Words the encoder knows, the most frequent of the training data (four are special)."""
    output_vocabulary_size: int = 8_000
    """Words the decoder can write without copying: the first so many of the vocabulary."""
    width: int = 256
    """Size of every token's and sentence's state."""
    heads: int = 8
    """Attention heads; they divide the width."""
    encoder_layers: int = 3
    """Fastformer layers over the document's tokens."""
    sentence_layers: int = 2
    """Fastformer layers over the document's sentences."""
    decoder_layers: int = 2
    """Layers of the decoder."""
    feedforward: int = 512
    """Width of the hidden layer of every feed-forward block."""
    convolution: int = 5
    """Kernel width of the depthwise convolution in front of each encoder layer's attention; 0 is the paper's layer."""
    dropout: float = 0.1
    """Share of activations dropped in training."""
    positions: str = "none"
    """Token positions in the encoder: "none" (the convolution and the sentences' places tell order) or "sinusoidal"."""
    attention: str = "fastformer"
    """The encoders' attention: "fastformer", or one of its rivals, each with its paper's settings."""
    attention_form: str = "auto"
    """How Fastformer's attention is computed: "plain", "collapsed", or "auto", the faster for the length."""
    share_query_value: bool = True
    """Whether a Fastformer layer's value map is its query map (the paper's default)."""
    share_heads: bool = False
    """Whether the heads of a Fastformer layer share one query, key and value map of a head's size."""
    interaction: str = "product"
    """How Fastformer's global vectors meet each token: "product" (the paper's), "addition" or "concatenation"."""
    pooling: str = "both"
    """Fastformer's additive attention: "both" halves, or the global "query" or the global "key" alone."""
    window: int = 64
    """Tokens of the sliding window of Longformer and BigBird."""
    global_tokens: int = 64
    """Tokens at the start that see and are seen by all, in Longformer and BigBird."""
    random_tokens: int = 64
    """Tokens at random places that each token of BigBird sees."""
    block: int = 32
    """Tokens of a block of BigBird."""
    projected_tokens: int = 64
    """Length that Linformer projects keys and values to."""
    pooling_window: int = 256
    """Tokens of the first, unpooled window of Poolingformer."""
    share_layers: bool = False
    """Whether all encoder layers are one layer applied repeatedly."""
    statistics: bool = False
    """Whether the sentence encoder is told each sentence's place, repetition and centrality, and its heading."""
    word_counts: bool = False
    """Whether the model tells how often the summary is expected to have each of the document's words."""
    decoder_attention: str = "softmax"
    """The decoder's self-attention: "softmax", or "fastformer" in its causal, constant-memory form."""
    writing: str = "sentence"
    """What one pass of the decoder reads and writes: "sentence" for sentence, or the whole selection ("document")."""

    @property
    def ablates(self) -> bool:
        """Whether a Fastformer layer lacks or replaces one of the paper's parts."""
        return self.share_heads or self.interaction != "product" or self.pooling != "both"


@dataclass(frozen=True)
class DataConfig:
    """How rows become training examples."""

    document_tokens: int = 0
    """Tokens of each document used in training, cut at a sentence's end; 0 uses all. Summarizing always reads all."""
    summary_tokens: int = 100
    """Tokens of one target of the decoder; what is longer is cut."""
    memory_tokens: int = 400
    """Tokens the decoder reads for one target."""
    soft_labels: float = 0.0
    """Share of a sentence's salience label that is how many of its word pairs the summary holds; the greedy oracle's
    choice is the rest."""
    validation_fraction: float = 0.05
    """Share of a data set without a validation split that serves as one."""


@dataclass(frozen=True)
class TrainingConfig:
    """Optimisation, precision and what is saved when."""

    seed: int = 0
    """Seeds the weights, the order of the examples and dropout."""
    steps: int = 20_000
    """Updates of the weights."""
    batch_tokens: int = 16_384
    """Document tokens in a batch, padding included, on each process."""
    accumulate: int = 1
    """Batches whose gradients make one update."""
    learning_rate: float = 1e-3
    """AdamW's highest learning rate."""
    final_learning_rate: float = 0.05
    """Share of the learning rate left when the decay ends."""
    warmup: int = 500
    """Updates over which the learning rate rises."""
    decay: str = "cosine"
    """Shape of the decay after the warm-up: "cosine", "linear" or "none"."""
    beta2: float = 0.98
    """AdamW's second-moment decay."""
    weight_decay: float = 0.01
    """AdamW's decay of the matrices."""
    clip: float = 1.0
    """Largest norm of an update's gradient."""
    ema: float = 0.0
    """Decay of the averaged weights that are validated and shipped; 0 keeps none."""
    label_smoothing: float = 0.1
    """Share of a target's probability spread over the output vocabulary."""
    salience_weight: float = 1.0
    """Weight of the sentence loss."""
    writing_weight: float = 1.0
    """Weight of the decoder's token loss; 0 leaves the decoder untrained."""
    precision: str = "auto"
    """"auto", "fp32", "bf16" or "fp16" (loss scaling; GPU). "auto" is bf16 where the device multiplies in it."""
    compile: bool = False
    """Whether torch.compile runs the model."""
    start: str = ""
    """A checkpoint whose vocabulary and weights training begins with, "news", "paper" or its folder; empty for none.
    `model.word_counts` may be added to its shape."""
    part: str = "all"
    """What is trained: "all"; the "selection" alone, how sentences and words are weighed on token states that stay; or
    only how the "words" are, which `model.word_counts` adds."""
    embeddings: str = ""
    """Word vectors that initialise the embedding: "word2vec" trains them on the examples; else a file in GloVe's text
    format, of the model's width."""
    validate_every: int = 500
    """Updates between validations."""
    validate_rows: int = 500
    """Validation rows scored."""
    patience: int = 0
    """Validations without a better score after which training stops; 0 never."""
    save_every: int = 250
    """Updates between saves of the latest checkpoint."""


@dataclass(frozen=True)
class DecodingConfig:
    """How a trained model summarizes unless told otherwise."""

    mode: str = "extractive"
    """"extractive", the salient sentences themselves, or "abstractive", rewritten by the decoder."""
    sentences: int = 3
    """Sentences in a summary; 0 sets no limit."""
    words: int = 0
    """Words in a summary at most; 0 sets no limit."""
    min_salience: float = 0.0
    """Only the most salient sentence may be less salient than this; 0 leaves none out. A length asked for prevails."""
    coverage: float = 0.0
    """What the next sentence of an extractive summary is chosen for besides its salience's logit: so many times the
    share of its words, and 8 more, that the summary is expected to have and lacks yet. Needs `model.word_counts`.
    Abstractive summaries rest on salience alone."""
    block_ngrams: int = 3
    """A sentence that repeats so many words in a row of one already chosen is passed over; 0 blocks none."""
    memory_tokens: int = 400
    """Tokens of selected sentences that the decoder reads in one pass."""
    beam: int = 4
    """Hypotheses kept by beam search; 1 is greedy."""
    length_penalty: float = 1.0
    """Exponent of the length that divides a hypothesis' log-probability."""
    min_tokens: int = 5
    """Tokens the decoder writes at least in one pass."""
    max_tokens: int = 60
    """Tokens the decoder writes at most in one pass."""
    no_repeat_ngram: int = 3
    """The decoder never writes the same so many tokens in a row twice in one pass; 0 blocks none."""


@dataclass(frozen=True)
class Config:
    """All settings; the sections are the tables of the TOML file."""

    model: ModelConfig = field(default_factory=ModelConfig)
    data: DataConfig = field(default_factory=DataConfig)
    training: TrainingConfig = field(default_factory=TrainingConfig)
    decoding: DecodingConfig = field(default_factory=DecodingConfig)

    @classmethod
    def load(cls, source: str | Path | None = None, overrides: tuple[str, ...] = ()) -> Config:
        """Read a preset's name or a TOML file over the defaults, and `section.key=value` overrides over that.

        Raises:
            FastsumError: naming every unknown key and impossible value at once.
        """
        tables, origin = _read(source) if source is not None else ({}, "the defaults")
        problems: list[str] = []
        for text in overrides:
            _apply_override(tables, text, problems)
        return cls._build(tables, origin, problems)

    @classmethod
    def parse(cls, text: str, origin: str) -> Config:
        """Read TOML text; `origin` names it in errors. Raises FastsumError like `load`."""
        return cls._build(_parse_toml(text, origin), origin, [])

    @classmethod
    def _build(cls, tables: dict[str, Any], origin: str, problems: list[str]) -> Config:
        sections: dict[str, Any] = {}
        known = {f.name: f.default_factory for f in dataclasses.fields(cls)}
        for name, table in tables.items():
            if name not in known:
                problems.append(f"unknown section [{name}]{toml.suggestion(name, known)}")
            elif not isinstance(table, dict):
                problems.append(f"{name} is a section, not a value")
        for name, factory in known.items():
            table = tables.get(name, {})
            sections[name] = _section(name, factory, table if isinstance(table, dict) else {}, problems)
        config = cls(**sections)
        problems += config._problems()
        if problems:
            raise FastsumError(f"{origin}: " + "; ".join(problems))
        return config

    def _problems(self) -> list[str]:
        value = {f"{section}.{key}": item for section, table in self.as_dict().items() for key, item in table.items()}
        found = [
            f"{key} must be one of {', '.join(allowed)}, not {value[key]!r}"
            for key, allowed in _CHOICES.items()
            if value[key] not in allowed
        ]
        found += [f"{key} must be above 0, not {value[key]}" for key in _POSITIVE if not value[key] > 0]
        found += [f"{key} must be from 0 to below 1, not {value[key]}" for key in _FRACTIONS if not 0 <= value[key] < 1]
        checked = {*_CHOICES, *_POSITIVE, *_FRACTIONS}
        found += [
            f"{key} must not be negative, not {item}"
            for key, item in value.items()
            if key not in checked and isinstance(item, (int, float)) and not item >= 0
        ]
        model, decoding = self.model, self.decoding
        if model.heads > 0 and model.width > 0 and model.width % model.heads:
            found.append(f"model.heads ({model.heads}) must divide model.width ({model.width})")
        if model.output_vocabulary_size > model.vocabulary_size:
            found.append("model.output_vocabulary_size must not exceed model.vocabulary_size")
        if model.convolution and model.convolution % 2 == 0:
            found.append(f"model.convolution must be odd or 0, not {model.convolution}")
        if model.attention != "fastformer" and (
            model.ablates or model.attention_form != "auto" or not model.share_query_value
        ):
            found.append(
                "model.attention_form, share_query_value, share_heads, interaction and pooling are Fastformer's; leave "
                f"them at their defaults with model.attention {model.attention}"
            )
        if model.ablates and model.attention_form == "collapsed":
            found.append(
                'model.attention_form "collapsed" is only for model.interaction "product", model.pooling "both" and '
                "model.share_heads false"
            )
        if decoding.coverage > 0 and not model.word_counts:
            found.append("decoding.coverage needs model.word_counts")
        if self.training.part == "words" and not model.word_counts:
            found.append('training.part "words" needs model.word_counts')
        if decoding.min_tokens > decoding.max_tokens:
            found.append("decoding.min_tokens must not exceed decoding.max_tokens")
        if not (decoding.sentences or decoding.words):
            found.append("decoding.sentences and decoding.words must not both be 0")
        if not 0 < self.data.validation_fraction < 1:
            found.append(f"data.validation_fraction must be between 0 and 1, not {self.data.validation_fraction}")
        return found

    def as_dict(self) -> dict[str, dict[str, Any]]:
        """The settings as nested dictionaries."""
        return dataclasses.asdict(self)

    def to_toml(self) -> str:
        """The settings as TOML text that `parse` reads back to an equal Config."""
        return tomli_w.dumps(self.as_dict())


def changed_shape(one: ModelConfig, other: ModelConfig) -> str:
    """The settings by which weights of `one` do not fit `other`, with their names; "" if they fit. Words can be weighed
    by what is added to a model, not by one that goes on without it."""
    before, after = dataclasses.asdict(one), dataclasses.asdict(other)
    free = ("dropout", "attention_form", *(["word_counts"] if other.word_counts else []))
    return ", ".join(f"model.{key} ({before[key]})" for key in before if key not in free and before[key] != after[key])


def presets() -> list[str]:
    """Names of the configurations that ship in the package."""
    folder = resources.files("fastsum") / "presets"
    return sorted(entry.name[: -len(".toml")] for entry in folder.iterdir() if entry.name.endswith(".toml"))


def preset_text(name: str) -> str:
    """The commented TOML text of a shipped preset."""
    return (resources.files("fastsum") / "presets" / f"{name}.toml").read_text("utf-8")


def _read(source: str | Path) -> tuple[dict[str, Any], str]:
    if str(source) in presets():
        return _parse_toml(preset_text(str(source)), f"preset {source}"), f"preset {source}"
    path = Path(source)
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        names = ", ".join(presets())
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise FastsumError(f"{source}: {reason}. Name a TOML file or one of the presets: {names}") from None
    return _parse_toml(text, str(path)), str(path)


def _parse_toml(text: str, origin: str) -> dict[str, Any]:
    try:
        return toml.parse(text)
    except ValueError as error:
        raise FastsumError(f"{origin}: not valid TOML: {error}") from None


def _apply_override(tables: dict[str, Any], text: str, problems: list[str]) -> None:
    name, equals, value = text.partition("=")
    section, dot, key = name.strip().partition(".")
    if not (equals and dot and section and key):
        problems.append(f"{text!r} is not of the form section.key=value")
        return
    try:
        parsed = toml.parse(f"value = {value}")["value"]
    except ValueError:
        parsed = value.strip()  # a bare word is a string, so that no quotes need escaping in a shell
    table = tables.setdefault(section, {})
    if isinstance(table, dict):
        table[key] = parsed


def _section(name: str, factory: Any, table: dict[str, Any], problems: list[str]) -> Any:
    types = get_type_hints(factory)
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in types:
            problems.append(f"unknown key {name}.{key}{toml.suggestion(key, types)}")
            continue
        wanted = types[key]
        if wanted is float and type(value) is int:
            value = float(value) if abs(value) <= sys.float_info.max else math.inf
        if type(value) is not wanted:
            kind = {int: "a whole number", float: "a number", bool: "true or false", str: "text"}[wanted]
            problems.append(f"{name}.{key} must be {kind}, not {value!r}")
            continue
        if wanted is float and not math.isfinite(value):
            problems.append(f"{name}.{key} must be a finite number, not {value}")
            continue
        values[key] = value
    return factory(**values)
