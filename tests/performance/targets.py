"""Measure this machine against fastsum's performance targets: start-up, growth with length, training, attention.

`make bench` runs it, and so does `python -m tests.performance.targets` from the root of the repository.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from rich.table import Table
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from fastsum.attention import AdditiveAttention
from fastsum.benchmark import timing
from fastsum.benchmark.samples import SAMPLES, long_text
from fastsum.benchmark.summarize import texts_of_length
from fastsum.benchmark.timing import Figure, medians
from fastsum.cli.measuring import print_at_end
from fastsum.cli.options import make_folder
from fastsum.config import Config
from fastsum.console import say
from fastsum.device import PRECISIONS, autocast, cores, keep_freed_memory, pick_device, pick_precision
from fastsum.errors import FastsumError
from fastsum.evaluation import peers
from fastsum.model import checkpoint
from fastsum.model.batching import Batch
from fastsum.model.genre import GENRES
from fastsum.model.network import SummaryModel
from fastsum.summary.summarizer import Summarizer
from fastsum.training.corpus import collate
from fastsum.training.examples import Example
from fastsum.training.optimization import build_optimizer
from tests.performance.classification import classification

ROOT = Path(__file__).parents[2]
PARTS = ("startup", "processing", "length", "training", "attention", "classification")


@dataclass(frozen=True)
class Sizes:
    """How much is measured."""

    rounds: int = 5
    words: tuple[int, ...] = (500, 1_000, 2_000, 5_000)
    lexrank: tuple[float, ...] = (0.7, 0.4, 0.2, 0.07)
    lengths: tuple[int, ...] = tuple(1 << power for power in range(12, 21))
    preset: str = "news"
    batch_tokens: int = 16_384
    widths: tuple[int, ...] = (256, 512)
    attention_lengths: tuple[int, ...] = (128, 512, 2_048, 4_096, 16_384, 65_536)
    text_lengths: tuple[int, ...] = (512, 2_048)
    text_tokens: int = 8_192


QUICK = Sizes(1, (50,), (9.0,), (256, 512), "tiny", 1_200, (64,), (32, 64), (16, 32), 64)
"""Smoke test with tiny sizes; timings mean nothing."""


# -------------------------------------------------------------------------------------------------------------- startup


def startup(model: Path, sizes: Sizes) -> Iterator[Figure]:
    """Whole processes: a summary of the sample story against importing torch, help against importing its libraries."""
    summarize = ("-m", "fastsum", "summarize", str(SAMPLES / "story.txt"), "--model", str(model), "--device", "cpu")
    actions = {
        "summarize story.txt": lambda: _python(*summarize),
        "import torch": lambda: _python("-c", "import torch"),
        "fastsum --help": lambda: _python("-m", "fastsum", "--help"),
        "import typer, rich": lambda: _python("-c", "import typer, rich"),
    }
    found = medians(actions, sizes.rounds, torch.device("cpu"))
    yield from (Figure(name, seconds, "s") for name, seconds in found.items())
    story, torch_alone, shown, libraries = found.values()
    yield Figure("summarize / import torch", story / torch_alone, most=0.33)
    yield Figure("--help / import typer, rich", shown / libraries, most=1.5)
    yield Figure("peak memory of summarize", float(_python("-c", _PEAK, *summarize[2:])), "MB", most=110)


_PEAK = """
import contextlib, io, sys
from fastsum.cli.app import app
from fastsum.device import resident
with contextlib.redirect_stdout(io.StringIO()):
    app(sys.argv[1:], standalone_mode=False)
print(resident(peak=True) / 1e6)
"""


# ----------------------------------------------------------------------------------------------------------- processing


def processing(model: Path, sizes: Sizes) -> Iterator[Figure]:
    """CPU time of one summary in one thread against that of sumy's LexRank; and of a paper while other processes keep
    all cores busy, against the same on idle cores, in wall time."""
    summarizer = Summarizer.load(model, device="cpu", precision="fp32", threads=1)
    for words, most in zip(sizes.words, sizes.lexrank, strict=True):
        text = texts_of_length(words, summarizer.tokenizer, 1).single[0]
        actions: dict[str, Callable[[], object]] = {"fastsum": partial(summarizer.summarize, text, "extractive", 3)}
        if peers.version():
            actions["LexRank"] = partial(_lexrank, text)
        found = {name: _cpu_seconds(action, sizes.rounds) for name, action in actions.items()}
        yield Figure(f"{words:,} words, CPU time", 1e3 * found["fastsum"], "ms")
        if "LexRank" in found:
            yield Figure(f"{words:,} words, CPU time / LexRank's", found["fastsum"] / found["LexRank"], most=most)
    every = Summarizer.load(model, device="cpu", precision="fp32")
    work = partial(every.summarize, texts_of_length(sizes.words[-1], every.tokenizer, 1).single[0], "extractive", 3)
    idle = medians({"idle": work}, sizes.rounds, torch.device("cpu"))["idle"]
    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(cores())]
    try:
        busy = medians({"busy": work}, sizes.rounds, torch.device("cpu"))["busy"]
    finally:
        for other in others:
            other.kill()
            other.wait()
    yield Figure(f"{sizes.words[-1]:,} words, all cores busy / idle", busy / idle, most=3.0)


def _lexrank(text: str) -> list[str]:
    """Three sentences by sumy as its users call it: with NLTK's words and Punkt (untrained: its parameters are a
    download), and a stemmer."""
    from nltk.tokenize import NLTKWordTokenizer
    from nltk.tokenize.punkt import PunktSentenceTokenizer
    from sumy.nlp.stemmers import Stemmer
    from sumy.parsers.plaintext import PlaintextParser
    from sumy.summarizers.lex_rank import LexRankSummarizer
    from sumy.utils import get_stop_words

    class Tokenizer:
        def to_sentences(self, paragraph: str) -> list[str]:
            return PunktSentenceTokenizer().tokenize(paragraph)

        def to_words(self, sentence: str) -> list[str]:
            return [word for word in NLTKWordTokenizer().tokenize(sentence) if word.isalpha()]

    rank = LexRankSummarizer(Stemmer("english"))
    rank.stop_words = get_stop_words("english")
    return [str(sentence) for sentence in rank(PlaintextParser.from_string(text, Tokenizer()).document, 3)]


def _cpu_seconds(action: Callable[[], object], rounds: int) -> float:
    """The median CPU time of an action, in seconds, after one call that does not count."""
    action()
    found = []
    for _ in range(max(3, rounds)):
        started = time.process_time()
        action()
        found.append(time.process_time() - started)
    return statistics.median(found)


# --------------------------------------------------------------------------------------------------------------- length


def length(model: Path, sizes: Sizes, device: str, precision: str) -> Iterator[Figure]:
    """Extractive summaries of longer and longer documents, and the peak memory of the longest."""
    summarizer = Summarizer.load(model, device=device, precision=precision)
    texts = {tokens: long_text(tokens, summarizer.tokenizer) for tokens in sizes.lengths}
    actions = {str(tokens): partial(summarizer.summarize, text, "extractive") for tokens, text in texts.items()}
    found = medians(actions, sizes.rounds, torch.device("cpu"))
    for tokens, seconds in zip(texts, found.values(), strict=True):
        yield Figure(f"{tokens:,} tokens", seconds, "s")
    for (short, before), (long, after) in pairwise(zip(texts, found.values(), strict=True)):
        yield Figure(f"{long:,} / {short:,} tokens", after / before, most=2.2)
    longest = max(sizes.lengths)
    program = "import sys; from tests.performance import memory; print(memory.peak(*sys.argv[1:]))"
    peak = float(_python("-c", program, str(model), str(longest), device, precision))
    yield Figure(f"peak memory at {longest:,} tokens", peak, "GB", most=0.7)


# ------------------------------------------------------------------------------------------------------------- training


class Product(NamedTuple):
    """A batch of matrix products, (batch, rows, inner) x (batch, inner, columns)."""

    batch: int
    rows: int
    inner: int
    columns: int

    @property
    def flops(self) -> int:
        """Multiplications and additions."""
        return 2 * self.batch * self.rows * self.inner * self.columns


class ProductLog(TorchDispatchMode):
    """Counts the matrix products, by shape, that run inside it, forward and backward."""

    def __init__(self) -> None:
        super().__init__()
        self.products: Counter[Product] = Counter()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = func.overloadpacket.__name__
        if name in ("mm", "addmm", "bmm", "baddbmm"):
            left, right = args[-2:]
            batch = left.shape[0] if left.ndim == 3 else 1
            self.products[Product(batch, left.shape[-2], left.shape[-1], right.shape[-1])] += 1
        return func(*args, **(kwargs or {}))


def training(sizes: Sizes, device: torch.device, dtype: torch.dtype) -> Iterator[Figure]:
    """A whole training step, optimiser included, against the bare matrix products that it contains.

    Both rates count the same operations, those of the products; everything else in the step only adds time.
    """
    config = Config.load(sizes.preset)
    torch.manual_seed(0)
    model = SummaryModel(config.model).to(device).train()
    step = training_step(model, config, news_batch(config, sizes.batch_tokens, device), dtype)
    with ProductLog() as log:
        step()
    replay = replay_products(log.products, device, dtype)
    found = medians({"step": step, "products": replay}, sizes.rounds, device)
    flops = sum(product.flops * count for product, count in log.products.items())
    yield Figure(f"step of {sizes.batch_tokens:,} tokens", found["step"], "s")
    yield Figure("tokens a second", sizes.batch_tokens / found["step"], "1/s")
    yield Figure("matrix products of a step", flops / 1e9, "GFLOP")
    yield Figure("rate of the step", flops / found["step"] / 1e9, "GFLOP/s")
    yield Figure("rate of the products alone", flops / found["products"] / 1e9, "GFLOP/s")
    least = 0.6 if dtype == torch.float32 else 0.4  # half as long products leave as much beside them
    yield Figure("step / products", found["products"] / found["step"], least=least)


def training_step(model: SummaryModel, config: Config, batch: Batch, dtype: torch.dtype) -> Callable[[], None]:
    """One training step: loss, gradients, clipping, AdamW and the moving average of the weights."""
    settings = config.training
    device = next(model.parameters()).device
    optimizer = build_optimizer(model, settings)
    average = [parameter.detach().clone() for parameter in model.parameters()] if settings.ema else []

    def step() -> None:
        with autocast(device, dtype):
            losses = model(batch, settings.label_smoothing)
        loss = losses.salience / losses.sentences + settings.writing_weight * losses.writing / losses.words
        loss = loss + losses.counting / losses.distinct.clamp(min=1)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), settings.clip)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        with torch.no_grad():
            for mean, parameter in zip(average, model.parameters(), strict=bool(average)):
                mean.lerp_(parameter, 1 - settings.ema)

    return step


def news_batch(config: Config, batch_tokens: int, device: torch.device) -> Batch:
    """Random words in documents of CNN/DailyMail's shape: 24 sentences of 25 tokens, and summaries of 3 or 4 sentences
    of 16 tokens, each with a source among the document's sentences."""
    sentences, words, summary_words = 24, 25, 16
    rng = np.random.default_rng(0)
    # Few words are frequent and most are rare, as in a text.
    size = config.model.vocabulary_size
    likely = 1 / np.arange(1, size - 3)
    likely /= likely.sum()

    def ids(count: int) -> NDArray[np.int32]:
        return (4 + rng.choice(size - 4, count, p=likely)).astype(np.int32)

    examples = []
    for number in range(max(1, batch_tokens // (sentences * words))):
        targets = 3 + number % 2
        chosen = np.sort(rng.choice(sentences, targets, replace=False)).astype(np.int32)
        examples.append(
            Example(
                tokens=ids(sentences * words),
                lengths=np.full(sentences, words, dtype=np.int32),
                headings=np.zeros(sentences, dtype=np.int32),
                salient=chosen,
                support=rng.random(sentences, dtype=np.float32),
                targets=ids(targets * summary_words),
                target_lengths=np.full(targets, summary_words, dtype=np.int32),
                sources=chosen,
            )
        )
    return collate(examples, config.data, config.model).to(device)


def replay_products(products: Counter[Product], device: torch.device, dtype: torch.dtype) -> Callable[[], None]:
    """Repeats each product as often as it was counted, on contiguous random matrices of one type."""

    def random_matrix(batch: int, rows: int, columns: int) -> Tensor:
        shape = (rows, columns) if batch == 1 else (batch, rows, columns)
        return torch.randn(shape, device=device).to(dtype)

    operands = [
        (random_matrix(p.batch, p.rows, p.inner), random_matrix(p.batch, p.inner, p.columns), count)
        for p, count in products.items()
    ]

    def replay() -> None:
        for left, right, count in operands:
            for _ in range(count):
                left @ right

    return replay


# ------------------------------------------------------------------------------------------------------------ attention


# Targets at width 512. Least ratio of the plain form's time to the collapsed form's, from this number of tokens on:
_FORWARD = {2_048: 2.2, 65_536: 2.8}
_TRAINING = {4_096: 2.0}
# Largest ratio of the collapsed form's time to that of its one large product, at this number of tokens:
_PRODUCT = {16_384: 1.3}


def attention(sizes: Sizes, device: torch.device, dtype: torch.dtype) -> Iterator[Figure]:
    """Time of the plain form of additive attention against the collapsed one, and of that against its product.

    Batches of 16,384 tokens, eight heads. The product is N x D x D, which every form needs.
    """
    for width in sizes.widths:
        for tokens in sizes.attention_lengths:
            torch.manual_seed(0)
            layer = AdditiveAttention(width, 8).to(device)
            x = torch.randn(max(1, 16_384 // tokens), tokens, width, device=device, requires_grad=True)
            name = f"width {width}, {tokens:,} tokens"
            wide = width == 512

            found = medians(_forward(layer, x, dtype), sizes.rounds, device)
            least = _greatest(_FORWARD, tokens) if wide else None
            yield Figure(f"{name}, forward: plain / collapsed", found["plain"] / found["collapsed"], least=least)
            most = _PRODUCT.get(tokens) if wide else None
            yield Figure(f"{name}, forward: collapsed / product", found["collapsed"] / found["product"], most=most)

            found = medians(_both(layer, x, dtype), sizes.rounds, device)
            least = _greatest(_TRAINING, tokens) if wide else None
            yield Figure(f"{name}, training: plain / collapsed", found["plain"] / found["collapsed"], least=least)


def _greatest(targets: dict[int, float], tokens: int) -> float | None:
    """The target of the greatest length up to `tokens`; None if all are greater."""
    return max((value for length, value in targets.items() if length <= tokens), default=None)


def _forward(layer: AdditiveAttention, x: Tensor, dtype: torch.dtype) -> dict[str, Callable[[], object]]:
    matrix = torch.randn(x.shape[-1], x.shape[-1], device=x.device, dtype=dtype)
    bare = x.detach().to(dtype)

    def run(form: Callable[[Tensor], Tensor]) -> None:
        with torch.inference_mode(), autocast(x.device, dtype):
            form(x)

    forms = {"plain": layer.plain, "collapsed": layer.collapsed, "product": lambda _: bare @ matrix}
    return {name: partial(run, form) for name, form in forms.items()}


def _both(layer: AdditiveAttention, x: Tensor, dtype: torch.dtype) -> dict[str, Callable[[], object]]:
    gradient = torch.randn_like(x)  # not that of a sum: one number expanded, a layout that training never has

    def run(form: Callable[[Tensor], Tensor]) -> None:
        with autocast(x.device, dtype):
            y = form(x)
        torch.autograd.grad(y, [x, *layer.parameters()], gradient.to(y.dtype))

    return {"plain": partial(run, layer.plain), "collapsed": partial(run, layer.collapsed)}


# ------------------------------------------------------------------------------------------------------------ the whole


def measure(
    parts: Sequence[str], sizes: Sizes, model: Path, device: str = "auto", precision: str = "auto"
) -> Iterator[tuple[str, Figure]]:
    """Each part's name with each of its figures, as they are measured. Raises FastsumError for an unusable `model`."""
    chosen = pick_device(device)
    dtype = pick_precision(precision, chosen)
    for part in parts:
        if part == "startup":
            figures = startup(model, sizes)
        elif part == "processing":
            figures = processing(model, sizes)
        elif part == "length":
            figures = length(model, sizes, device, precision)
        elif part == "training":
            figures = training(sizes, chosen, dtype)
        elif part == "attention":
            figures = attention(sizes, chosen, dtype)
        else:
            figures = classification(sizes.text_lengths, sizes.text_tokens, sizes.rounds, chosen, dtype)
        for figure in figures:
            yield part, figure


def as_table(facts: dict[str, str | int], found: dict[str, list[Figure]]) -> Table:
    """The figures beside their targets."""
    table = Table(title=" · ".join(f"{name} {fact}" for name, fact in facts.items()))
    for name, side in (("part", "left"), ("measured", "left"), ("value", "right"), ("target", "right")):
        table.add_column(name, justify=side)  # type: ignore[arg-type]
    for part, figures in found.items():
        for number, figure in enumerate(figures):
            bound = f"≤ {figure.most:g}" if figure.most is not None else f"≥ {figure.least:g}" if figure.least else ""
            mark = {None: "", True: " met", False: " MISSED"}[figure.met]
            value = f"{figure.value:,.4g}" if figure.value < 1_000 else f"{figure.value:,.0f}"
            table.add_row("" if number else part, figure.name, f"{value} {figure.unit}".strip(), bound + mark)
        table.add_section()
    return table


def as_json(found: dict[str, list[Figure]]) -> dict[str, list[dict[str, Any]]]:
    """The figures of each part, and whether each target is met."""
    return {part: [figure._asdict() | {"met": figure.met} for figure in figures] for part, figures in found.items()}


def _python(*arguments: str) -> str:
    """What a fresh interpreter prints."""
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise FastsumError(f"python {' '.join(arguments)} failed: {done.stderr.strip()}")
    return done.stdout


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print the table and write `targets.json`."""
    parser = argparse.ArgumentParser("python -m tests.performance.targets")
    parser.add_argument("--only", action="append", choices=PARTS, help="measure only this part; repeatable")
    parser.add_argument("--quick", action="store_true", help="smoke test with tiny sizes; timings mean nothing")
    parser.add_argument("--model", default=GENRES[0], help="a shipped model or the folder of a checkpoint")
    parser.add_argument("--device", default="auto", help="cpu, cuda, cuda:1, mps, or auto for the fastest")
    parser.add_argument("--precision", default="auto", choices=PRECISIONS, help="arithmetic of the matrix products")
    parser.add_argument("--output", type=Path, default=Path("bench"), help="folder for the figures")
    options = parser.parse_args(arguments)
    try:
        _run(options)
    except FastsumError as error:
        say(f"error: {error.message}")
        sys.exit(error.exit_code)


def _run(options: argparse.Namespace) -> None:
    make_folder(options.output)
    keep_freed_memory()
    device = pick_device(options.device)
    facts = timing.machine(device, pick_precision(options.precision, device))
    found: dict[str, list[Figure]] = {}
    path = options.output / "targets.json"
    with print_at_end(path, lambda: [as_table(facts, found)] if found else []):
        for part, figure in measure(
            options.only or PARTS,
            QUICK if options.quick else Sizes(),
            checkpoint.locate(options.model),
            options.device,
            options.precision,
        ):
            found.setdefault(part, []).append(figure)
            timing.write(path, {"machine": facts, **as_json(found)})
            say(f"{part}: {figure.name} {figure.value:.4g} {figure.unit}".rstrip())


if __name__ == "__main__":
    main()
