"""The habits of the repository: its layout, the order of its modules, and the samples that a reader sees first."""

from __future__ import annotations

import ast
import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "fastsum"
SAMPLES = ROOT / "data" / "samples"

# From the ground up: a module imports only from those before it. A package of modules counts as one.
ORDER = (
    "platforms",
    "errors",
    "versions",
    "files",
    "toml",
    "config",
    "device",
    "console",
    "text",
    "punkt",
    "boilerplate",
    "titles",
    "sentences",
    "citations",
    "connectives",
    "presentation",
    "sumy",
    "genre",
    "readers",
    "documents",
    "results",
    "inputs",
    "tokenizer",
    "source",
    "limits",
    "surface",
    "summary",
    "provenance",
    "page",
    "rouge",
    "statistics",
    "tables",
    "rows",
    "examples",
    "batching",
    "attention",
    "layers",
    "word_counts",
    "model",
    "streaming",
    "optimization",
    "report",
    "corpus",
    "checkpoint_folder",
    "checkpoint",
    "decoding",
    "faithfulness",
    "selection",
    "shortening",
    "wording",
    "coverage",
    "extraction",
    "rewriting",
    "summarizer",
    "pipeline",
    "bulk",
    "evaluation",
    "card",
    "embeddings",
    "distributed",
    "validation",
    "training_state",
    "training",
    "monitor",
    "experiment",
    "benchmark",
    "__init__",
    "info",
    "delivery",
    "defaults",
    "options",
    "bench_cli",
    "summarize_cli",
    "train_cli",
    "evaluate_cli",
    "cli",
    "__main__",
)
FOLDERS = {"fastsum", "tests", "data", "docs"}
FILES = {"pyproject.toml", "Makefile", "README.md", "LICENSE", "MANIFEST.in", "constraints.txt"}
MODULES = sorted(PACKAGE.rglob("*.py"))


@pytest.fixture(scope="module")
def repository_files() -> list[Path]:
    """What git tracks or would add, relative to the root."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listing = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return [path for name in listing.split("\0") if name and (ROOT / (path := Path(name))).is_file()]


def place(module: Path) -> str:
    """The name in ORDER under which a file of the package stands."""
    parts = module.relative_to(PACKAGE).with_suffix("").parts
    return parts[0]


def imports(module: Path) -> set[str]:
    """The names in ORDER that a file imports, wherever in the file, for types included."""
    package = ("fastsum", *module.relative_to(PACKAGE).parent.parts)
    found = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = [*above, *filter(None, [node.module])]
            names = [".".join([*base, alias.name]) for alias in node.names]
        else:
            continue
        for name in names:
            root, _, rest = name.partition(".")
            if root == "fastsum":
                child = rest.partition(".")[0]
                found.add(child if child in ORDER or (PACKAGE / f"{child}.py").is_file() else "__init__")
    return found


def test_top_level_holds_only_what_a_reader_expects(repository_files: list[Path]) -> None:
    names = {path.parts[0] for path in repository_files}
    assert {name for name in names if not name.startswith(".")} <= FOLDERS | FILES


def test_licence_is_the_whole_of_apache_2() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_no_file_names_a_path_of_one_machine(repository_files: list[Path]) -> None:
    machine_path = re.compile(rb"(?<![A-Za-z0-9_.])/(?:work|root|farm|opt/wheels|opt/pypi|Users|home/[a-z]+)/")
    assert [str(path) for path in repository_files if machine_path.search((ROOT / path).read_bytes())] == []


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(PACKAGE)))
def test_module_imports_only_from_below(module: Path) -> None:
    own = place(module)
    assert own in ORDER, f"give {own} its place in ORDER"
    above = set(ORDER[ORDER.index(own) + 1 :])
    assert imports(module) & above == set()


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(PACKAGE)))
def test_module_says_what_it_is_for(module: Path) -> None:
    assert ast.get_docstring(ast.parse(module.read_text(encoding="utf-8")))


@pytest.mark.parametrize(("name", "least", "most"), [("story.txt", 850, 950), ("paper.md", 4_700, 5_300)])
def test_sample_documents_have_the_length_they_promise(name: str, least: int, most: int) -> None:
    assert least <= len((SAMPLES / name).read_text(encoding="utf-8").split()) <= most


def test_sample_paper_has_headings_but_no_abstract() -> None:
    text = (SAMPLES / "paper.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert headings == ["Introduction", "Methods", "Results", "Discussion", "Conclusions"]


@pytest.mark.parametrize(("split", "count"), [("train", 36), ("validation", 6), ("test", 6)])
def test_sample_rows_are_pairs(split: str, count: int) -> None:
    lines = (SAMPLES / "rows" / f"{split}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    assert len(rows) == count
    for row in rows:
        assert 80 <= len(row["article"].split()) <= 150
        assert 2 <= len(row["highlights"].splitlines()) <= 3


def test_sample_rows_are_all_different() -> None:
    files = sorted((SAMPLES / "rows").glob("*.jsonl"))
    articles = [json.loads(line)["article"] for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    assert len(articles) == len(set(articles)) == 48


def test_every_list_of_attention_mechanisms_names_the_same() -> None:
    from fastsum import config, options
    from fastsum.attention import encoders
    from fastsum.benchmark import ablations, mechanisms

    names = {choice.value for choice in options.Attention}
    assert set(config._CHOICES["model.attention"]) == names
    assert {"fastformer", *encoders._RIVALS} == names
    assert {name.partition("-")[0] for name in mechanisms.MECHANISMS} == names
    assert names <= set(ablations.PARTS)
