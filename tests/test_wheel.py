"""What is built to be installed: everything the program needs, and nothing of the workshop."""

from __future__ import annotations

import csv
import email
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from collections.abc import Callable, Iterable
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

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


EXTRAS_ALONE = ("torch", "pyarrow", "datasets", "nltk", "rouge_score", "safetensors", "tokenizers", "tomli_w")
"""Modules that only extras bring, some of them by way of others."""
MEGABYTES = 260
TEXTS = [
    "The harbour froze on Monday night, and fishermen walked to their boats over the ice.",
    "Rescuers pulled two dogs from the water near the pier before the tide turned on Tuesday.",
]

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def needed(wheel: zipfile.ZipFile) -> set[str]:
    """The packages that the wheel needs without extras, and all that those need, which are installed here."""
    name = next(name for name in wheel.namelist() if name.endswith("METADATA"))
    lines = email.message_from_bytes(wheel.read(name)).get_all("Requires-Dist", [])
    left = chosen(lines, "")
    seen: set[tuple[str, str]] = set()
    while left:
        package = left.pop()
        for extra in {"", *package.extras} - {extra for name, extra in seen if name == package.name}:
            seen.add((package.name, extra))
            left += chosen(metadata.requires(package.name) or [], extra)
    return {name for name, _ in seen}


def chosen(lines: Iterable[str], extra: str) -> list[Requirement]:
    """The requirements that hold on this machine, with an extra."""
    packages = map(Requirement, lines)
    return [package for package in packages if not package.marker or package.marker.evaluate({"extra": extra})]


@pytest.fixture(scope="module", params=["linked", pytest.param("from the registry", marks=pytest.mark.registry)])
def environment(
    request: pytest.FixtureRequest, wheel: zipfile.ZipFile, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """An environment with the wheel and what it needs: links to what is installed here, or from the registry."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    options = ["--constraint", str(ROOT / "constraints.txt")]
    if request.param == "linked":
        options = ["--no-index", "--no-deps"]
        (site,) = folder.glob("lib/python3*/site-packages")
        for package in needed(wheel):
            files = metadata.files(package) or []
            for entry in {file.parts[0] for file in files} - {"..", "__pycache__"}:
                if not (site / entry).exists():
                    (site / entry).symlink_to(str(metadata.distribution(package).locate_file(entry)))
    command = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "install", "--quiet"]
    done = subprocess.run([*command, *options, str(wheel.filename)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return folder


@pytest.fixture
def run(environment: Path, tmp_path: Path) -> Run:
    """Runs fastsum there, in an empty folder."""

    def call(*arguments: str, program: str = "fastsum") -> subprocess.CompletedProcess[str]:
        command = [str(environment / "bin" / program), *arguments]
        variables = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        return subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, text=True, check=False)

    return call


@pytest.mark.timeout(600)
class TestInstalled:
    """What the wheel can do with what it needs alone."""

    def test_it_is_small_and_has_nothing_of_the_extras(self, environment: Path, run: Run) -> None:
        (site,) = environment.glob("lib/python3*/site-packages")
        files = [Path(folder) / name for folder, _, names in os.walk(site, followlinks=True) for name in names]
        assert sum(path.stat().st_size for path in files) < MEGABYTES * 1_000_000
        code = f"import importlib.util; print([n for n in {EXTRAS_ALONE} if importlib.util.find_spec(n)])"
        assert run("-c", code, program="python").stdout == "[]\n"

    def test_a_pdf_is_summarized(self, run: Run, tmp_path: Path) -> None:
        canvas = Canvas(str(tmp_path / "two.pdf"))
        for text in TEXTS:
            canvas.drawString(50, 700, text)
            canvas.showPage()
        canvas.save()
        done = run("summarize", "-n", "1", "-v", "two.pdf")
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip() in TEXTS
        assert "numpy" in done.stderr

    def test_a_table_is_summarized_by_two_workers(self, run: Run, tmp_path: Path) -> None:
        with (tmp_path / "rows.csv").open("w", newline="") as file:
            csv.writer(file).writerows([["text"], *([text] for text in TEXTS * 100)])
        done = run("summarize", "rows.csv", "--column", "text", "--output", "out.jsonl", "--workers", "2")
        assert done.returncode == 0, done.stderr
        rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
        assert [row["summary"] for row in rows] == TEXTS * 100

    @pytest.mark.parametrize(
        ("arguments", "extra"),
        [
            ("summarize --mode abstractive rows.txt", "train"),
            ("summarize --precision bf16 rows.txt", "train"),
            ("summarize rows.csv --column text --output out.parquet", "tables"),
            ("summarize rows.parquet --column text --output out.csv", "tables"),
            ("summarize rows.csv --column text --output out.csv --engine ray", "ray"),
            ("train rows.csv", "train"),
            ("evaluate rows.csv", "train"),
            ("bench attention", "train"),
        ],
    )
    def test_what_needs_an_extra_says_so_in_a_line(self, arguments: str, extra: str, run: Run, tmp_path: Path) -> None:
        names = ["rows.csv", "rows.parquet", "rows.txt"]
        for name in names:
            (tmp_path / name).write_text(f"text\n{TEXTS[1]}\n")
        done = run(*arguments.split())
        assert (done.returncode, done.stdout) == (1, "")
        (line,) = done.stderr.splitlines()
        assert line.startswith("fastsum: error: ")
        assert line.endswith(f" not installed. Run: pip install 'fastsum[{extra}]'")
        assert sorted(os.listdir(tmp_path)) == names

    def test_info_shows_the_extras_and_the_engine(self, run: Run) -> None:
        done = run("info", "--json")
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
        assert found["versions"]["torch"] is None
        assert "torch" in found["extras"]["train"]["missing"]
        assert found["computing"]["device"] == "cpu"
        assert found["computing"]["description"].endswith("float32, numpy")
