"""The benchmarks' figures as plots, PNG and SVG, drawn by matplotlib (`pip install 'fastsum[plots]'`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

INK, FAINT = "#222222", "#8a8a8a"
LABEL_HEIGHT = 0.047
"""Minimum distance between two labels, as a share of the plot's height."""


class Style(NamedTuple):
    """How a mechanism's curve looks in every plot. The colours are Okabe and Ito's, safe for colour-blind readers."""

    color: str
    marker: str
    width: float = 1.6
    dash: str = "-"


STYLES = {
    "fastformer": Style("#d55e00", "o", 3.2),
    "fastformer-plain": Style("#d55e00", "s", 1.6, "--"),
    "fastformer-eager": Style("#d55e00", "p", 1.6, ":"),
    "transformer": Style("#000000", "^"),
    "longformer": Style("#0072b2", "v"),
    "bigbird": Style("#56b4e9", "D"),
    "linformer": Style("#009e73", "P"),
    "linear": Style("#cc79a7", "X"),
    "poolingformer": Style("#e69f00", "<"),
}
OTHER = Style(FAINT, "*")
"""The style of any other mechanism."""
TITLES = {"forward": "Forward pass", "training": "Training: forward and backward pass"}
_PARAMETERS: Any = {
    "svg.fonttype": "none",  # text stays text: small and searchable
    "svg.hashsalt": "fastsum",  # the same figures give the same file
    "font.family": "sans-serif",
    "font.size": 10,
    "axes.edgecolor": FAINT,
    "text.color": INK,
}


class Curve(NamedTuple):
    """One mechanism's points, and the status of the first length without one."""

    name: str
    lengths: list[int]
    seconds: list[float]
    single: list[bool]
    end: str

    @property
    def style(self) -> Style:
        return STYLES.get(self.name, OTHER)


def draw_attention(results: Mapping[str, Any], folder: Path) -> list[Path]:
    """Draw the time of a batch against the length, a plot each for the forward pass and for training.

    `results` is what `fastsum bench attention` writes as JSON. Returns the files, `attention-SCOPE-PASS.png` and
    `.svg`; a pass without any figure has none.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for work, title in TITLES.items():
        lines = _lines(results["cells"], work)
        if not lines:
            continue
        with matplotlib.rc_context(_PARAMETERS):
            figure = _plot(lines, title, _about(results, any(any(line.single) for line in lines)))
            for kind, metadata in (("png", {"Software": None}), ("svg", {"Date": None, "Creator": None})):
                path = folder / f"attention-{results['settings']['scope']}-{work}.{kind}"
                figure.savefig(path, dpi=160, metadata=metadata)
                paths.append(path)
    return paths


def _lines(cells: Sequence[Mapping[str, Any]], work: str) -> list[Curve]:
    lines = []
    for name in dict.fromkeys(cell["mechanism"] for cell in cells):
        mine = [cell for cell in cells if (cell["mechanism"], cell["pass"]) == (name, work)]
        timed = [cell for cell in mine if cell["median_s"] is not None]
        if timed:
            missing = next((cell["status"] for cell in mine if cell["median_s"] is None), "")
            lines.append(
                Curve(
                    name,
                    [cell["length"] for cell in timed],
                    [cell["median_s"] for cell in timed],
                    [cell["status"] == "single" for cell in timed],
                    missing,
                )
            )
    return lines


def _about(results: Mapping[str, Any], single: bool) -> str:
    settings, machine = results["settings"], results["machine"]
    scope = "attention sublayer" if settings["scope"] == "sublayer" else f"encoder of {settings['layers']} layers"
    form = ", compiled" if settings["compile"] else ""
    return (
        f"{scope}, width {settings['width']}, {settings['heads']} heads, batches of {settings['tokens']:,} tokens\n"
        f"{machine['device']}{form}, torch {machine['torch']}{'; hollow: one sample' * single}"
    )


def _plot(lines: Sequence[Curve], title: str, about: str) -> Figure:
    figure = Figure(figsize=(8.6, 5.4), facecolor="white")
    axes = figure.add_axes((0.1, 0.11, 0.7, 0.74))
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    for line in lines:
        _draw(axes, line)
    lengths = sorted({length for line in lines for length in line.lengths})
    axes.set_xlim(lengths[0] / 1.15, lengths[-1] * 1.15)
    low, high = min(min(line.seconds) for line in lines), max(max(line.seconds) for line in lines)
    axes.set_ylim(low / 1.35, high * 1.35)
    axes.xaxis.set_major_locator(FixedLocator(lengths))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_locator(FixedLocator(_round_values(low / 1.35, high * 1.35)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _time(value)))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.tick_params(colors=INK, length=3, labelsize=9)
    axes.grid(color="#e4e4e4", linewidth=0.7)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.set_xlabel("tokens of a document")
    axes.set_ylabel("time of a batch")
    figure.text(0.1, 0.95, title, fontsize=13, fontweight="bold")
    figure.text(0.1, 0.872, about, fontsize=8.5, color="#555555", linespacing=1.35)
    _label(axes, lines, lengths[-1])
    return figure


def _draw(axes: Axes, line: Curve) -> None:
    style = line.style
    order = 5 if style.width > 2 else 3  # the emphasized curve is on top
    axes.plot(
        line.lengths, line.seconds, color=style.color, linewidth=style.width, linestyle=style.dash, zorder=order
    )  # fmt: skip
    for single, fill in ((False, style.color), (True, "white")):
        points = [point for point in zip(line.lengths, line.seconds, line.single, strict=True) if point[2] == single]
        axes.plot(
            [point[0] for point in points], [point[1] for point in points], linestyle="none", marker=style.marker,
            markersize=4 + style.width, color=style.color, markerfacecolor=fill, zorder=order + 1,
        )  # fmt: skip


def _label(axes: Axes, lines: Sequence[Curve], last: int) -> None:
    """Label each curve: next to the plot if it reaches the last length, otherwise at its end, with what ended it."""
    to_axes = axes.transScale + axes.transLimits
    ends = {line.name: to_axes.transform((line.lengths[-1], line.seconds[-1])) for line in lines}
    whole = sorted((line for line in lines if line.lengths[-1] == last), key=lambda line: ends[line.name][1])
    heights = spread([ends[line.name][1] for line in whole], LABEL_HEIGHT)
    for line, height in zip(whole, heights, strict=True):
        axes.plot(
            [1.004, 1.026], [ends[line.name][1], height],
            transform=axes.transAxes, color=line.style.color, linewidth=1.4, clip_on=False,
        )  # fmt: skip
        axes.text(1.032, height, line.name, transform=axes.transAxes, verticalalignment="center", **_font(line))
    for line in lines:
        if line in whole:
            continue
        room = ends[line.name][0] < 0.65
        axes.annotate(
            f"{line.name}, then {line.end}", (line.lengths[-1], line.seconds[-1]),
            xytext=(8, 0) if room else (5, 8), textcoords="offset points",
            horizontalalignment="left" if room else "right", verticalalignment="center" if room else "bottom",
            bbox={"facecolor": "white", "alpha": 0.8, "edgecolor": "none", "pad": 1}, **_font(line),
        )  # fmt: skip


def _font(line: Curve) -> dict[str, Any]:
    if line.style.width > 2:
        return {"color": line.style.color, "fontsize": 11, "fontweight": "bold"}
    return {"color": INK, "fontsize": 9}  # small print in a light colour is hard to read


def spread(heights: Sequence[float], distance: float) -> list[float]:
    """Ascending label heights, moved apart as little as possible to be `distance` from their neighbours.

    Labels that would collide form a group, which is laid out evenly around its mean.
    """
    groups: list[list[float]] = []
    for height in heights:
        groups.append([height])
        while len(groups) > 1 and _reach(groups[-1], distance)[0] < _reach(groups[-2], distance)[1] + distance:
            last = groups.pop()
            groups[-1] += last
    return [_reach(group, distance)[0] + number * distance for group in groups for number in range(len(group))]


def _reach(group: Sequence[float], distance: float) -> tuple[float, float]:
    middle = sum(group) / len(group)
    half = (len(group) - 1) * distance / 2
    return middle - half, middle + half


def _round_values(low: float, high: float) -> list[float]:
    """1, 2 and 5 times the powers of ten within bounds; only the powers of ten if the bounds are far apart."""
    steps = (1, 2, 5) if high / low < 300 else (1,)
    return [step * 10.0**power for power in range(-9, 6) for step in steps if low <= step * 10.0**power <= high]


def _time(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:g} s"
    return f"{seconds * 1e3:g} ms" if seconds >= 1e-3 else f"{seconds * 1e6:g} µs"
