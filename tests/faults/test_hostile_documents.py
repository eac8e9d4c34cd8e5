"""Documents that mean harm: a summary or one line of refusal, in time, and no file written.

By the command line, with what Python code does watched in the process of the reader too. The generated documents are
the same in every run.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, Phase, given, settings
from typer.testing import CliRunner

from tests.faults.watching import acts, contents

pytest.importorskip("docx")
pytest.importorskip("pypdfium2")
pytest.importorskip("reportlab")
pytest.importorskip("trafilatura")
from fastsum.cli.app import app
from fastsum.readers import isolation
from tests.faults import bombs, hostile
from tests.faults.forked_readers import ForkedReaders

assert sum(each.count for each in hostile.FORMATS.values()) >= 1000
FEW = 4
SECONDS = 20.0
"""Of computing, that one generated document may take."""
SUMMARIZING = 60.0
"""Of computing, that the longest text made here may take once it is read."""
READING = 15.0
MEMORY = 1 << 30
"""What readers get here in place of `isolation.SECONDS` and `isolation.MEMORY`: a document that would come near these
limits may be smaller then, and be made and read sooner."""
READING_IN_VAIN = 2.0
"""What those get that are stopped anyway."""
CUTS = 20

# The reader's process says on standard error what it did, and `read_apart` looks at standard output alone. Libraries
# are loaded first: one of them looks then whether the machine has an IPv6 address.
LIBRARIES = {name: each.library for name, each in hostile.FORMATS.items()}
WATCHED = (
    "import sys; sys.path[:] = sys.argv[4:]\n"
    "from importlib import import_module\n"
    "from tests.faults.watching import acts\n"
    "from fastsum.readers.isolation import serve\n"
    f"import_module({LIBRARIES}[sys.argv[1]])\n"
    "with acts() as done: serve(*sys.argv[1:4])\n"
    "for act in done: sys.stderr.write(f'ACT {act}\\n')\n"
)


def is_printable(text: str) -> bool:
    return all(part.isprintable() for part in text.split("\n"))


class Attempts:
    """Summaries asked for by the command line, and what became of them."""

    def __init__(self, model: Path) -> None:
        self.ends: Counter[str] = Counter()
        self.slowest = 0.0
        self.readers: list[subprocess.CompletedProcess[bytes]] = []
        self._command = ["summarize", "--model", str(model), "--device", "cpu", "document"]
        self._runner = CliRunner()
        self._run = subprocess.run
        self._forked: ForkedReaders | None = None

    def fork(self, readers: ForkedReaders) -> None:
        """Have forks read from now on, where their process was started."""
        self._run = self._forked = readers  # type: ignore[assignment]

    def computed(self) -> float:
        """Seconds that this process and readers have computed; those by the clock depend on what else is running."""
        return sum(os.times()[:4]) + (self._forked.seconds if self._forked else 0.0)

    def run(self, *arguments: object, **named: object) -> subprocess.CompletedProcess[bytes]:
        self.readers.append(self._run(*arguments, **named))  # type: ignore[call-overload]
        return self.readers[-1]

    def __call__(self, content: bytes) -> None:
        """Summarize a file of these bytes."""
        Path("document").write_bytes(content)
        self.readers.clear()
        begun, forks = self.computed(), self._forked.count if self._forked else 0
        with acts() as done:
            result = self._runner.invoke(app, self._command)
        self.slowest = max(self.slowest, self.computed() - begun)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert "Traceback" not in result.stderr
        assert is_printable(result.stderr), result.stderr
        if result.exit_code == 0:
            assert result.stdout.strip()
            self.ends["summarized"] += 1
        else:
            assert result.exit_code == 1
            assert result.stdout == ""
            assert re.fullmatch(r"(fastsum: [^\n]+\n)+", result.stderr), result.stderr
            self.ends["refused"] += 1
        assert [act for act in done if not act.startswith("subprocess.Popen")] == []
        assert len(self.readers) <= 1
        forks = self._forked.count - forks if self._forked else 0
        assert len(done) == len(self.readers) - forks
        for reader in self.readers:
            assert b"ACT " not in reader.stderr, reader.stderr
            self.ends["reader ended"] += reader.returncode != 0
            if b"Traceback" in reader.stderr:
                self.ends[reader.stderr.decode("utf-8", "replace").strip().splitlines()[-1][:60]] += 1


@pytest.fixture
def attempt(tiny_checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Attempts:
    torch.set_num_threads(1)
    places = {"PWD": tmp_path / "work", "HOME": tmp_path / "home", "TMPDIR": tmp_path / "temporary"}
    for name, path in places.items():
        path.mkdir()
        monkeypatch.setenv(name, str(path))
    monkeypatch.chdir(places["PWD"])
    made = Attempts(tiny_checkpoint)
    monkeypatch.setattr(isolation, "_START", WATCHED)
    monkeypatch.setattr(subprocess, "run", made.run)
    return made


@pytest.fixture(scope="module")
def forked() -> Iterator[ForkedReaders]:
    readers = ForkedReaders()
    yield readers
    readers.close()


_warm: set[str] = set()


def warm(attempt: Attempts, name: str) -> None:
    """Import once what a reader and the command import before that is watched: Python may write what it compiles."""
    Path("document").write_bytes(hostile.WORDS.encode())
    if not _warm:
        assert attempt._runner.invoke(app, attempt._command).exit_code == 0
    for content in hostile.FORMATS[name].sound[:1]:
        if name not in _warm:
            isolation.read_apart(name, content, "document")
        if attempt._forked:
            attempt._forked.start(name, content)
    _warm.add(name)


@pytest.mark.parametrize(
    ("name", "count"),
    [
        *((name, FEW) for name in hostile.FORMATS),
        *(pytest.param(name, each.count, marks=pytest.mark.faults) for name, each in hostile.FORMATS.items()),
    ],
)
@pytest.mark.timeout(1200)
def test_generated_documents_are_read_or_refused(
    attempt: Attempts, forked: ForkedReaders, tmp_path: Path, name: str, count: int
) -> None:
    if count > FEW:
        attempt.fork(forked)
    warm(attempt, name)
    before = {*contents(tmp_path)}

    @settings(
        max_examples=count, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(hostile.FORMATS[name].documents)
    def summarized(content: bytes) -> None:
        attempt(content)

    summarized()
    assert {*contents(tmp_path)} == before
    print(f"{name}: {dict(attempt.ends)}, the slowest in {attempt.slowest:.1f} s")
    tried = attempt.ends["summarized"] + attempt.ends["refused"]
    assert tried >= count
    assert attempt.slowest < SECONDS
    assert count <= FEW or min(attempt.ends["summarized"], attempt.ends["refused"]) > count / 50


@pytest.mark.faults
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", bombs.BOMBS)
def test_a_document_made_to_fill_time_or_memory_does_not(
    attempt: Attempts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    secret = tmp_path / "secret.xhtml"
    secret.write_text(hostile.SECRET)
    kind = name.partition(",")[0]
    if kind not in hostile.FORMATS:
        pytest.skip("needs the extra of this format")
    warm(attempt, kind)
    before = {*contents(tmp_path)}
    monkeypatch.setattr(isolation, "SECONDS", READING_IN_VAIN if name in bombs.ENDED else READING)
    monkeypatch.setattr(isolation, "MEMORY", MEMORY)
    content = bombs.BOMBS[name](str(secret))
    attempt(content)
    assert not any(hostile.SECRET.strip().encode() in reader.stdout for reader in attempt.readers)
    assert {*contents(tmp_path)} == before
    assert attempt.ends["reader ended"] <= (name in bombs.ENDED)
    print(f"{len(content) / 1e6:.2f} MB, {attempt.slowest:.1f} s, {dict(attempt.ends)}")
    # What is read is then summarized, in proportion to its length: here 9 MB at most.
    reading = isolation.SECONDS + isolation.SECONDS_PER_MEGABYTE * len(content) / 1e6
    assert attempt.slowest < reading + SUMMARIZING


@pytest.mark.faults
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("name", "number"), [(name, number) for name, each in hostile.FORMATS.items() for number in range(len(each.sound))]
)
def test_a_file_cut_short_anywhere_is_summarized_or_refused(
    attempt: Attempts, forked: ForkedReaders, name: str, number: int
) -> None:
    whole = hostile.FORMATS[name].sound[number]
    attempt.fork(forked)
    warm(attempt, name)
    for part in range(CUTS):
        attempt(whole[: len(whole) * part // CUTS])
    assert attempt.ends["summarized"] + attempt.ends["refused"] == CUTS
    assert attempt.ends["reader ended"] == 0
    print(f"{name} cut short at {CUTS} places: {dict(attempt.ends)}")
