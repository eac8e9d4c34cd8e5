"""Compare the reading of PDFs with pdftotext, pdfplumber and pymupdf4llm, on documents whose text is known.

    python -m tests.performance.pdf FOLDER [--peers PYTHON]

FOLDER has files NAME.pdf and NAME.txt, the text that the PDF should give. PYTHON is the interpreter of an environment
with pdfplumber and pymupdf4llm, which are no dependencies of fastsum; pdftotext is Poppler's program. A peer that is
not there is left out. Of each text it prints, as means over the documents:

- found: the share of the reference's words that it has in the reference's order (longest common subsequence), and
- only: the share of its own words that are in this subsequence: what it has beside them is tables, captions,
  references and running heads, which the reference leaves out.

Words are runs of letters and digits, without case; words that a hyphen divides at the end of a line are joined first
in all texts alike.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import time
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import mean

from fastsum.readers.pdf import read

_WORD = re.compile(r"[^\W_]+")
_DIVIDED = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010]\n\s*(?=[a-z])")
_SECONDS = 600
_PLUMBER = """
import sys, pdfplumber
with pdfplumber.open(sys.argv[1]) as document:
    print("\\n".join(page.extract_text() or "" for page in document.pages))
"""
_MUPDF = "import sys, pymupdf4llm; print(pymupdf4llm.to_markdown(sys.argv[1], show_progress=False))"


def words(text: str) -> list[str]:
    """The words that are compared: runs of letters and digits in one spelling of the characters, without case."""
    return _WORD.findall(unicodedata.normalize("NFKC", _DIVIDED.sub("", text)).casefold())


def common(one: list[str], other: list[str]) -> int:
    """The length of the longest common subsequence, by Hyyrö's bit-parallel method (2004)."""
    places: dict[str, int] = defaultdict(int)
    for index, word in enumerate(one):
        places[word] |= 1 << index
    everything = (1 << len(one)) - 1
    row = everything
    for word in other:
        matched = row & places.get(word, 0)
        row = ((row + matched) | (row - matched)) & everything
    return len(one) - row.bit_count()


def _ours(path: Path) -> str:
    return read(path.read_bytes()).text


def _of_program(command: list[str], path: Path) -> str:
    command = [str(path) if part == "PDF" else part for part in command]
    return subprocess.run(command, capture_output=True, timeout=_SECONDS, encoding="utf-8", errors="replace").stdout


def readers(peers: Path | None) -> dict[str, Callable[[Path], str]]:
    """fastsum, and the peers that are on this machine."""
    found: dict[str, Callable[[Path], str]] = {"fastsum": _ours}
    if shutil.which("pdftotext"):
        found["pdftotext"] = partial(_of_program, ["pdftotext", "PDF", "-"])
    if peers is not None:
        found["pdfplumber"] = partial(_of_program, [str(peers), "-c", _PLUMBER, "PDF"])
        found["pymupdf4llm"] = partial(_of_program, [str(peers), "-c", _MUPDF, "PDF"])
    return found


def main() -> None:
    """Print a row for each document, and the means."""
    options = argparse.ArgumentParser(description="Compare the reading of PDFs with other programs.")
    options.add_argument("folder", type=Path)
    options.add_argument("--peers", type=Path, help="the Python of an environment with pdfplumber and pymupdf4llm")
    chosen = options.parse_args()
    programs = readers(chosen.peers)
    shares: dict[str, list[tuple[float, float]]] = {name: [] for name in programs}
    seconds: dict[str, float] = dict.fromkeys(programs, 0.0)
    for path in sorted(chosen.folder.glob("*.pdf")):
        reference = words(path.with_suffix(".txt").read_text(encoding="utf-8"))
        row = []
        for name, program in programs.items():
            start = time.perf_counter()
            text = words(program(path))
            seconds[name] += time.perf_counter() - start
            length = common(reference, text)
            shares[name].append((length / max(1, len(reference)), length / max(1, len(text))))
            row.append(f"{shares[name][-1][0]:6.1%} {shares[name][-1][1]:6.1%}")
        print(f"{path.stem:24} {len(reference):6} words  " + "   ".join(row), flush=True)
    for name, found in shares.items():
        print(
            f"{name:12} found {mean(share for share, _ in found):.1%}, only {mean(share for _, share in found):.1%}, "
            f"{min(share for share, _ in found):.1%} found in the worst, {seconds[name]:.0f} s"
        )


if __name__ == "__main__":
    main()
