"""What is built to be installed: everything the program needs, and nothing of the workshop."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from fastsum.config import presets
from fastsum.model.genre import GENRES

pytest.importorskip("build", reason="build is not installed")
from reportlab.pdfgen.canvas import Canvas

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "fastsum"
CHECKPOINT = ("README.md", "SHA256SUMS", "config.toml", "genre.toml", "model.safetensors", "tokenizer.json")

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what is built, so that no build of before lies in it and none is left in the checkout."""
    copy = tmp_path_factory.mktemp("sources")
    for folder in ("fastsum", "tests", "docs", "data"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "MANIFEST.in", "Makefile", "README.md", "LICENSE", "constraints.txt"):
        shutil.copy(ROOT / file, copy / file)
    return copy


def build(sources: Path, output: Path, *options: str) -> None:
    command = [sys.executable, "-m", "build", "--no-isolation", *options, "--outdir", str(output), str(sources)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


@pytest.fixture(scope="module")
def wheel(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    output = tmp_path_factory.mktemp("dist")
    build(sources, output, "--wheel")
    (path,) = output.glob("fastsum-*-py3-none-any.whl")
    return zipfile.ZipFile(path)


def test_the_wheel_holds_every_module_and_nothing_of_the_workshop(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    modules = {str(path.relative_to(ROOT)) for path in PACKAGE.rglob("*.py")}
    assert {name for name in names if name.endswith(".py")} == modules
    assert all(name.startswith(("fastsum/", "fastsum-")) for name in names)
    assert not [name for name in names if "test" in name.lower() or "__pycache__" in name]


def test_the_wheel_holds_models_presets_data_types_and_licence(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    expected = {f"fastsum/checkpoints/{model}/{file}" for model in GENRES for file in CHECKPOINT}
    expected |= {f"fastsum/presets/{name}.toml" for name in presets()}
    expected |= {f"fastsum/summary/{name}" for name in ("page.css", "page.js", "summary.schema.json")}
    expected.add("fastsum/text/english/punkt.json")
    expected.add("fastsum/py.typed")
    assert expected - names == set()
    assert {name for name in names if not name.endswith(".py") and name.startswith("fastsum/")} == expected
    assert [name for name in names if name.endswith(".dist-info/licenses/LICENSE")]


@pytest.mark.parametrize("model", GENRES)
def test_the_models_in_the_wheel_are_whole(wheel: zipfile.ZipFile, model: str) -> None:
    folder = f"fastsum/checkpoints/{model}"
    lines = wheel.read(f"{folder}/SHA256SUMS").decode().splitlines()
    assert len(lines) == len(CHECKPOINT) - 2  # all but the digests themselves and genre.toml
    for line in lines:
        digest, name = line.split("  ")
        assert hashlib.sha256(wheel.read(f"{folder}/{name}")).hexdigest() == digest


def test_the_wheel_has_the_command_and_every_extra(wheel: zipfile.ZipFile) -> None:
    def read(suffix: str) -> str:
        return wheel.read(next(name for name in wheel.namelist() if name.endswith(suffix))).decode()

    assert "fastsum = fastsum.__main__:main" in read("entry_points.txt")
    metadata = read("METADATA")
    for line in (
        "License-Expression: Apache-2.0",
        "Requires-Python: >=3.10",
        "Provides-Extra: train",
        "Provides-Extra: tables",
    ):
        assert line in metadata


@pytest.mark.faults
def test_the_source_distribution_holds_what_its_tests_need_and_gives_the_same_wheel(
    sources: Path, wheel: zipfile.ZipFile, tmp_path: Path
) -> None:
    build(sources, tmp_path)
    (path,) = tmp_path.glob("fastsum-*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    kept = {str(path.relative_to(sources)) for path in sources.rglob("*") if path.is_file()}
    assert {name for name in kept if not name.startswith(("build/", "fastsum.egg-info/"))} - names == set()
    assert not [name for name in names if name.endswith(".pyc") or name.startswith(("runs", "bench", "build", "."))]
    (path,) = tmp_path.glob("*.whl")
    assert zipfile.ZipFile(path).namelist() == wheel.namelist()


def test_the_wheel_runs_without_the_sources(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path)
    story = ROOT / "data" / "samples" / "story.txt"
    for arguments, expected in ((["config"], "tiny\n"), (["summarize", "-n", "2", str(story)], "ferry")):
        command = [sys.executable, "-m", "fastsum", *arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        assert expected in done.stdout


LIGHT = {"torch", "pyarrow", "datasets", "nltk", "pandas", "transformers"}
"""Packages that only extras bring, some of them by way of others."""
MEGABYTES = 260


@pytest.mark.timeout(600)
def test_an_environment_with_the_wheel_alone_summarizes_a_pdf(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    """Installed from the registry with the base's dependencies: no torch, and small enough."""
    environment = tmp_path / "environment"
    venv.create(environment, with_pip=False)
    python = environment / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-compile"]
    constraints = ["--constraint", str(ROOT / "constraints.txt")]
    done = subprocess.run([*install, *constraints, str(wheel.filename)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    installed = [path for path in environment.rglob("*") if path.is_file() and not path.is_symlink()]
    assert sum(path.stat().st_size for path in installed) < MEGABYTES * 1_000_000
    assert not LIGHT & {path.parent.name for path in installed if path.name == "__init__.py"}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(environment / "bin" / "fastsum"), *arguments]
        environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        return subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)

    pages = [
        ["The harbour froze on Monday night, and fishermen walked to their boats over the ice."],
        ["Rescuers pulled two dogs from the water near the pier before the tide turned on Tuesday."],
    ]
    canvas = Canvas(str(tmp_path / "two.pdf"))
    for (line,) in pages:
        canvas.drawString(50, 700, line)
        canvas.showPage()
    canvas.save()
    done = run("summarize", "-n", "1", "-v", "two.pdf")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() in [" ".join(page) for page in pages]
    assert "numpy" in done.stderr

    (tmp_path / "rows.csv").write_text("text\n" + "".join(f"{page[0]}\n" for page in pages).replace(",", ""))
    done = run("summarize", "rows.csv", "--column", "text", "--output", "out.jsonl", "--workers", "2")
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [row["summary"] for row in rows] == [page[0].replace(",", "") for page in pages]

    for arguments, extra in (
        (("summarize", "--mode", "abstractive", "two.pdf"), "train"),
        (("summarize", "--precision", "bf16", "two.pdf"), "train"),
        (("train", "rows.csv"), "train"),
        (("evaluate", "rows.csv"), "train"),
        (("bench", "attention"), "train"),
        (("summarize", "rows.csv", "--column", "text", "--output", "out.parquet"), "tables"),
    ):
        done = run(*arguments)
        assert done.returncode == 1, arguments
        assert done.stderr.count("\n") == 1, done.stderr
        assert f"not installed. Run: pip install 'fastsum[{extra}]'" in done.stderr
    done = run("info")
    assert done.returncode == 0, done.stderr
    assert "float32, numpy" in done.stdout
