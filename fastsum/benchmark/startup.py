"""Seconds from starting a program to the summary of a short document: fastsum, and scripts for other summarizers.

Each process is a fresh one that imports what it needs, reads a file of text and prints the summary. The programs take
turns, since the load of the machine and the cache of its disk matter more here than anywhere else.

The scripts use their package as its users do. Sumy's own tokenizer would load NLTK and its data, so it gets two regular
expressions in its place, and starts faster than with its own.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from fastsum.benchmark.timing import Timing
from fastsum.errors import FastsumError
from fastsum.evaluation.peers import PACKAGES, SENTENCE_CHARACTERS, SENTENCE_WORDS, version

OURS = "fastsum extractive"
"""The row of fastsum's own command."""

_SUMY = """
import re, sys
from sumy.nlp.stemmers import Stemmer
from sumy.parsers.plaintext import PlaintextParser
from sumy.summarizers.{module} import {name}Summarizer
from sumy.utils import get_stop_words
class Tokenizer:
    to_sentences = staticmethod(re.compile(r"(?<=[.!?])\\s+").split)
    to_words = staticmethod(re.compile(r"[^\\W\\d_]+").findall)
rank = {name}Summarizer(Stemmer("english"))
rank.stop_words = get_stop_words("english")
text = open(sys.argv[1], encoding="utf-8").read()
print(*rank(PlaintextParser.from_string(text, Tokenizer()).document, {count}), sep="\\n")
"""
_SUMMA = """
import sys
from summa.summarizer import summarize
print(summarize(open(sys.argv[1], encoding="utf-8").read(), words={words}))
"""
_LEDE = """
import sys, lede
print(lede.summarize(open(sys.argv[1], encoding="utf-8").read(), {characters}))
"""
_MODULES = {"LexRank": "lex_rank", "TextRank": "text_rank", "LSA": "lsa"}
_CLASSES = {"LexRank": "LexRank", "TextRank": "TextRank", "LSA": "Lsa"}


class Start(NamedTuple):
    """One program from its start to its end."""

    tool: str
    timing: Timing
    """Seconds of a process."""
    cpu_s: float
    """Seconds of processor time, all threads of the process; the median."""

    def as_dict(self) -> dict[str, Any]:
        """As `json.dumps` takes it."""
        timing = dict(zip(("median_s", "low_s", "high_s", "samples"), self.timing, strict=True))
        return {"tool": self.tool, **timing, "cpu_s": self.cpu_s}


def measure(text: str, model: Path, sentences: int, rounds: int) -> list[Start]:
    """Every program in turn, `rounds` times after a first time that does not count, on a file with `text`.

    Raises FastsumError where a program fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "document.txt"
        file.write_text(text, "utf-8")
        return _in_turn(programs(file, model, sentences), rounds)


def programs(file: Path, model: Path, sentences: int) -> dict[str, list[str]]:
    """The command of each summarizer that is installed, by its name in the tables."""
    ours = ["-m", "fastsum", "summarize", str(file), "--model", str(model), "--sentences", str(sentences)]
    found = {OURS: [sys.executable, *ours, "--mode", "extractive", "--quiet"]}
    for tool, package in PACKAGES.items():
        if version(package):
            found[tool] = [sys.executable, "-c", script(tool, sentences), str(file)]
    return found


def script(tool: str, sentences: int) -> str:
    """A program that prints a summary of the file that is its argument."""
    if tool == "summa TextRank":
        return _SUMMA.format(words=sentences * SENTENCE_WORDS)
    if tool == "lede":
        return _LEDE.format(characters=sentences * SENTENCE_CHARACTERS)
    name = tool.removeprefix("sumy ")
    return _SUMY.format(module=_MODULES[name], name=_CLASSES[name], count=sentences)


def _in_turn(commands: Mapping[str, Sequence[str]], rounds: int) -> list[Start]:
    taken: dict[str, list[tuple[float, float]]] = {tool: [] for tool in commands}
    for number in range(rounds + 1):
        for tool in list(commands)[:: -1 if number % 2 else 1]:
            spent = _run(tool, commands[tool])
            if number:  # the first reads modules and the model from the disk
                taken[tool].append(spent)
    found = []
    for tool, samples in taken.items():
        walls, cpus = zip(*samples, strict=True)
        found.append(Start(tool, Timing(median(walls), min(walls), max(walls), rounds), median(cpus)))
    return found


def _run(tool: str, command: Sequence[str]) -> tuple[float, float]:
    """Seconds by the clock, and of the processor."""
    # Installed programs have their modules compiled, which this variable would keep the first round from doing.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=kept)
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode or not done.stdout.strip():
        raise FastsumError(f"measuring the start of {tool} failed: {done.stderr.strip() or 'it printed nothing'}")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
