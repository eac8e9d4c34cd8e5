"""One TOML file holds every setting of a model, its data, its training and its decoding.

A file overrides the defaults below, and `section.key=value` overrides the file. One message reports all problems.
"""

# Annotations are evaluated here, which is faster than to keep them as text that `toml.read_table` evaluates.

import dataclasses
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from fastsum import toml
from fastsum.errors import FastsumError
from fastsum.toml import Count, Fraction, Positive, Share, one_of

Form = Literal["auto", "plain", "collapsed"]
Interaction = Literal["product", "addition", "concatenation"]
Pooling = Literal["both", "query", "key"]

ATTENTIONS = {
    "fastformer": "fastsum.attention.fastformer",
    "transformer": "fastsum.attention.transformer",
    "longformer": "fastsum.attention.longformer",
    "bigbird": "fastsum.attention.bigbird",
    "poolingformer": "fastsum.attention.poolingformer",
    "linformer": "fastsum.attention.linformer",
    "linear": "fastsum.attention.linear",
}
"""Registry of the encoders' attention mechanisms: name -> module with a function `from_config(config, layer)`.

Settings, command line and benchmarks take their choices from here. Modules are imported on first use: torch is slow.
"""


@dataclass(frozen=True)
class ModelConfig:
    """The network's shape."""

    vocabulary_size: Count = 30_000
    """Size of the encoder's vocabulary: the most frequent words of the training data, and four special tokens."""
    output_vocabulary_size: Count = 8_000
    """Number of words the decoder can generate without copying them: the most frequent of the vocabulary."""
    width: Count = 256
    """Size of each token's and sentence's state vector."""
    heads: Count = 8
    """Attention heads; must divide the width."""
    encoder_layers: Count = 3
    """Encoder layers over the document's tokens; `attention` is what mixes them."""
    sentence_layers: Count = 2
    """Encoder layers over the document's sentences, with the same attention."""
    decoder_layers: Count = 2
    """Layers of the decoder."""
    feedforward: Count = 512
    """Width of the hidden layer of every feed-forward block."""
    convolution: int = 5
    """Kernel width of the depthwise convolution before each encoder layer's attention; 0 for none, as in the paper."""
    dropout: Fraction = 0.1
    """Dropout rate in training."""
    positions: Literal["none", "sinusoidal"] = "none"
    """Position encoding in the encoder: "none" (word order comes from the convolution) or "sinusoidal"."""
    attention: Annotated[str, one_of(ATTENTIONS)] = "fastformer"
    """The encoders' attention mechanism: "fastformer" or one of the mechanisms that it is compared with."""
    attention_form: Form = "auto"
    """How Fastformer's attention is computed: "plain", "collapsed", or "auto", the faster of both at each length."""
    share_query_value: bool = True
    """Whether a Fastformer layer uses one projection for queries and values (the paper's default)."""
    share_heads: bool = False
    """Whether the heads of a Fastformer layer share their query, key and value projections."""
    interaction: Interaction = "product"
    """How Fastformer combines global vectors with tokens: "product" (the paper's), "addition" or "concatenation"."""
    pooling: Pooling = "both"
    """Which global vectors Fastformer computes: "both", or only the "query" or the "key"."""
    window: Count = 64
    """Size of the sliding window of Longformer and BigBird, in tokens."""
    global_tokens: Count = 64
    """Tokens at the start of a document with global attention, in Longformer and BigBird."""
    random_tokens: Count = 64
    """Randomly chosen tokens that each token of BigBird attends to."""
    block: Count = 32
    """Block size of BigBird, in tokens."""
    projected_tokens: Count = 64
    """Length to which Linformer projects keys and values, in tokens."""
    pooling_window: Count = 256
    """Size of Poolingformer's first, unpooled window, in tokens."""
    share_layers: bool = False
    """Whether all encoder layers are one layer applied repeatedly."""
    statistics: bool = False
    """Whether the sentence encoder also reads each sentence's position, repetition, centrality and heading."""
    word_counts: bool = False
    """Whether the model predicts how often the summary uses each of the document's words."""
    decoder_attention: Literal["softmax", "fastformer"] = "softmax"
    """The decoder's self-attention: "softmax", or "fastformer" in its causal, constant-memory form."""
    writing: Literal["sentence", "document"] = "sentence"
    """What one pass of the decoder rewrites: one selected "sentence", or all of them together ("document")."""

    @property
    def ablates(self) -> bool:
        """Whether a part of the paper's Fastformer layer is shared between heads, replaced or left out."""
        return self.share_heads or self.interaction != "product" or self.pooling != "both"

    @property
    def is_fastformer(self) -> bool:
        """Whether the encoders are the paper's Fastformer: such a model reads documents of any length, a part at a
        time, and computes extractive summaries without torch."""
        return self.attention == "fastformer" and not self.ablates


@dataclass(frozen=True)
class DataConfig:
    """How rows become training examples."""

    document_tokens: int = 0
    """Maximum number of tokens of a document in training, cut at a sentence's end; 0 sets no limit."""
    summary_tokens: Count = 100
    """Maximum number of tokens of one decoder target; longer ones are cut."""
    memory_tokens: Count = 400
    """Maximum number of tokens that the decoder reads for one target."""
    soft_labels: Fraction = 0.0
    """Weight of the soft salience label, which is twice the share of a sentence's bigrams that the summary has, at most
    1; the rest of the weight is that of the oracle's label, 0 or 1."""
    validation_fraction: Share = 0.05
    """Share of the rows held out for validation where a data set has no validation split."""


@dataclass(frozen=True)
class TrainingConfig:
    """Optimization, precision and checkpoints. A step is one update of the weights."""

    seed: int = 0
    """Random seed of the weights, the order of the examples and dropout."""
    steps: Count = 20_000
    """Number of steps."""
    batch_tokens: Count = 16_384
    """Document tokens in a batch of one process, padding included."""
    accumulate: Count = 1
    """Gradient accumulation: batches per step."""
    learning_rate: Positive = 1e-3
    """AdamW's peak learning rate."""
    final_learning_rate: Fraction = 0.05
    """Learning rate at the end of the decay, as a share of the peak."""
    warmup: int = 500
    """Steps of the learning rate's linear warm-up."""
    decay: Literal["cosine", "linear", "none"] = "cosine"
    """Shape of the decay after the warm-up: "cosine", "linear" or "none"."""
    beta2: Fraction = 0.98
    """AdamW's second-moment decay."""
    weight_decay: float = 0.01
    """AdamW's weight decay; it applies to matrices only."""
    clip: Positive = 1.0
    """Gradient clipping: maximum norm of a step's gradient."""
    ema: Fraction = 0.0
    """Decay of the exponential moving average of the weights, which is what is validated and saved; 0 turns it off."""
    label_smoothing: Fraction = 0.1
    """Label smoothing of the decoder: share of the probability that is spread over the output vocabulary."""
    salience_weight: float = 1.0
    """Weight of the salience loss."""
    writing_weight: float = 1.0
    """Weight of the decoder's cross-entropy loss; 0 leaves the decoder untrained."""
    precision: Literal["auto", "fp32", "bf16", "fp16"] = "auto"
    """Mixed precision: "fp32", "bf16", "fp16" (on a GPU, with loss scaling), or "auto": bf16 where the device has bf16
    arithmetic, otherwise fp32."""
    compile: bool = False
    """Whether torch.compile runs the model."""
    start: str = ""
    """Checkpoint to fine-tune, with its vocabulary: "news", "paper" or a folder; empty starts from random weights. The
    shape must stay the same, except that `model.word_counts` may be added."""
    part: Literal["all", "selection", "words"] = "all"
    """Which weights are trained: "all"; those of the "selection" of sentences, with the token encoder frozen; or only
    those of the "words", the head that `model.word_counts` adds."""
    embeddings: str = ""
    """Word vectors that initialize the embedding: "word2vec" trains them on the examples first; otherwise a file in
    GloVe's text format with vectors of the model's width. Empty starts from random vectors."""
    validate_every: Count = 500
    """Steps between validations."""
    validate_rows: Count = 500
    """Maximum number of validation rows that are scored."""
    patience: int = 0
    """Early stopping: validations without a better score before training stops; 0 turns it off."""
    save_every: Count = 250
    """Steps between saves of the latest checkpoint."""


@dataclass(frozen=True)
class DecodingConfig:
    """How a trained model summarizes by default."""

    mode: Literal["extractive", "abstractive"] = "extractive"
    """"extractive" returns the most salient sentences unchanged; "abstractive" has the decoder rewrite them."""
    sentences: int = 3
    """Maximum number of sentences in a summary; 0 sets no limit."""
    words: int = 0
    """Maximum number of words in a summary; 0 sets no limit."""
    min_salience: Fraction = 0.0
    """Sentences below this salience are left out (the top one is always kept). Ignored when a length is requested."""
    min_sentences: int = 0
    """Sentences of a summary of a document of over 300 words, whatever their salience, where they fit."""
    coverage: float = 0.0
    """Weight of expected words that the summary does not have yet: a sentence's score is
    logit(salience) + coverage * new_expected_words / (words + 8). Needs `model.word_counts`; 0 turns it off."""
    learned_length: bool = False
    """Whether a summary ends where no other sentence would raise the ROUGE-1 that it can expect, if no length is
    requested; otherwise its length follows from the document's. Needs `decoding.coverage`."""
    block_ngrams: int = 5
    """n-gram blocking: a sentence that repeats this many words in a row from the summary, or is nearly the same as one
    of its sentences, is skipped; 0 turns it off."""
    memory_tokens: Count = 400
    """Maximum number of tokens of selected sentences that the decoder reads in one pass."""
    beam: Count = 4
    """Beam size; 1 is greedy search."""
    length_penalty: float = 1.0
    """Length penalty of beam search: a hypothesis scores log-probability / length ** length_penalty."""
    min_tokens: int = 5
    """Minimum number of tokens that the decoder writes in one pass."""
    max_tokens: Count = 60
    """Maximum number of tokens that the decoder writes in one pass."""
    no_repeat_ngram: int = 3
    """n-gram blocking in the decoder: no n-gram of this many tokens is written twice in one pass; 0 turns it off."""


@dataclass(frozen=True)
class Config:
    """All settings; the sections are the tables of the TOML file."""

    model: ModelConfig = field(default_factory=ModelConfig)
    data: DataConfig = field(default_factory=DataConfig)
    training: TrainingConfig = field(default_factory=TrainingConfig)
    decoding: DecodingConfig = field(default_factory=DecodingConfig)

    @classmethod
    def load(cls, source: str | Path | None = None, overrides: tuple[str, ...] = ()) -> "Config":
        """Read a preset (by name) or a TOML file, then apply overrides of the form `section.key=value`.

        Raises:
            FastsumError: naming every unknown key and impossible value at once.
        """
        tables, origin = _read(source) if source is not None else ({}, "the defaults")
        changes: dict[str, dict[str, Any]] = {}
        problems: list[str] = []
        for text in overrides:
            _apply_override(changes, text, problems)
        return cls._build(tables, origin, changes, problems)

    @classmethod
    def parse(cls, text: str, origin: str) -> "Config":
        """Read TOML text; `origin` is its name in error messages. Raises FastsumError like `load`."""
        return cls._build(_parse_toml(text, origin), origin, {}, [])

    @classmethod
    def _build(
        cls, tables: dict[str, Any], origin: str, changes: dict[str, dict[str, Any]], wrong: list[str]
    ) -> "Config":
        """The settings of `tables`, which are from `origin`, under `changes`, which are from --set.

        `wrong` has the problems of --set so far. A message says which of the two a problem comes from, and names both
        where settings do not fit each other.
        """
        kept = {
            name: {key: value for key, value in table.items() if key not in changes.get(name, {})}
            if isinstance(table, dict)
            else table
            for name, table in tables.items()
        }
        found: list[str] = []
        sections, changed = _sections(kept, found), _sections(changes, wrong)
        for name, section in sections.items():
            given = {f.name for f in dataclasses.fields(section)} & changes.get(name, {}).keys()
            sections[name] = dataclasses.replace(section, **{key: getattr(changed[name], key) for key in given})
        config = cls(**sections)
        blamed = {origin: found, "--set": wrong}
        blamed.setdefault(f"{origin} and --set" if changes else origin, []).extend(config._problems())
        if problems := [f"{name}: {'; '.join(texts)}" for name, texts in blamed.items() if texts]:
            raise FastsumError("; ".join(problems))
        return config

    def _problems(self) -> list[str]:
        """What is wrong between settings that are each possible by themselves."""
        found = []
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
        if decoding.learned_length and not decoding.coverage > 0:
            found.append("decoding.learned_length needs decoding.coverage")
        if self.training.part == "words" and not model.word_counts:
            found.append('training.part "words" needs model.word_counts')
        if decoding.min_tokens > decoding.max_tokens:
            found.append("decoding.min_tokens must not exceed decoding.max_tokens")
        if not (decoding.sentences or decoding.words):
            found.append("decoding.sentences and decoding.words must not both be 0")
        return found

    def as_dict(self) -> dict[str, dict[str, Any]]:
        """The settings as nested dictionaries."""
        return dataclasses.asdict(self)

    def to_toml(self) -> str:
        """The settings as TOML text that `parse` reads back to an equal Config."""
        import tomli_w

        return tomli_w.dumps(self.as_dict())


def _sections(tables: dict[str, Any], problems: list[str]) -> dict[str, Any]:
    """All sections by name, from tables. Anything wrong adds a message to `problems`."""
    known = {f.name: f.default_factory for f in dataclasses.fields(Config)}
    for name, table in tables.items():
        if name not in known:
            problems.append(f"unknown section [{name}]{toml.suggestion(name, known)}")
        elif not isinstance(table, dict):
            problems.append(f"{name} is a section, not a value")
    usable = {name: table for name, table in tables.items() if isinstance(table, dict)}
    return {name: toml.read_table(name, factory, usable.get(name, {}), problems) for name, factory in known.items()}


def changed_shape(one: ModelConfig, other: ModelConfig) -> str:
    """The settings that keep weights of `one` from fitting `other`, with their values in `one`; "" if they fit.

    `word_counts` may be added to a model but not removed.
    """
    before, after = dataclasses.asdict(one), dataclasses.asdict(other)
    free = ("dropout", "attention_form", *(["word_counts"] if other.word_counts else []))
    return ", ".join(f"model.{key} ({before[key]})" for key in before if key not in free and before[key] != after[key])


_PRESETS = Path(__file__).parent / "presets"
TUNING = "tuning"
"""The preset of fine-tuning: not a whole configuration, but what `fastsum train --from` changes in the model's own."""


def presets() -> list[str]:
    """Names of the configurations that ship in the package."""
    return sorted(path.stem for path in _PRESETS.glob("*.toml"))


def preset_text(name: str) -> str:
    """The commented TOML text of a shipped preset."""
    return (_PRESETS / f"{name}.toml").read_text("utf-8")


def _read(source: str | Path) -> tuple[dict[str, Any], str]:
    if str(source) in presets():
        return _parse_toml(preset_text(str(source)), f"preset {source}"), f"preset {source}"
    path = Path(source)
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        names = ", ".join(name for name in presets() if name != TUNING)
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise FastsumError(f"{source}: {reason}. Name a TOML file or one of the presets: {names}") from None
    return _parse_toml(text, str(path)), str(path)


def _parse_toml(text: str, origin: str) -> dict[str, Any]:
    try:
        return toml.parse(text)
    except ValueError as error:
        raise FastsumError(f"{origin}: not valid TOML: {error}") from None


def _apply_override(changes: dict[str, dict[str, Any]], text: str, problems: list[str]) -> None:
    name, equals, value = text.partition("=")
    section, dot, key = name.strip().partition(".")
    if not (equals and dot and section and key):
        problems.append(f"{text!r} is not of the form section.key=value")
        return
    try:
        parsed = toml.parse(f"value = {value}")["value"]
    except ValueError:
        parsed = value.strip()  # a bare word is a string, so that no quotes need escaping in a shell
    changes.setdefault(section, {})[key] = parsed
