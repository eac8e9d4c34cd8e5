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

# From the ground up: a module imports only from those before it, and so does a wing, a folder of modules, as a whole.
ORDER = {
    "": (
        "platforms", "errors", "versions", "files", "toml", "config", "device", "console",
        "readers", "text", "data", "attention", "model", "inference", "summary", "assistant", "bulk", "evaluation",
        "training", "tasks", "benchmark", "__init__", "cli", "__main__",
    ),
    "readers": (
        "blocks", "signs", "symbol", "xml", "formulas", "tex", "web", "office", "pages", "marked", "detection",
        "archive", "formats", "markdown", "pdf", "docx", "epub", "html", "jats", "rtf", "pptx", "odf", "feed", "fb2",
        "tei", "captions", "mail", "mhtml", "msg", "latex", "sphinx", "rst", "asciidoc", "org", "roff", "man",
        "notebook", "isolation", "gutenberg", "__init__", "documents",
    ),
    "readers/tex": ("surface", "formulas", "siunitx", "commands", "sources", "citations"),
    "readers/web": ("tags", "hidden", "inline", "markup", "chosen"),
    "readers/office": ("places", "lines", "fieldcodes", "word", "rtfcodes", "rtfmath", "rtfstate", "odfstyles"),
    "readers/pages": (
        "words", "raised", "accents", "direction", "encodings", "edges", "grids", "layout", "items", "joining",
        "tables", "typography", "breaks", "footnotes", "headings", "paragraphs", "glyphs", "fields",
    ),
    "readers/marked": ("unclosed", "dialects", "inline"),
    "readers/detection": ("recognition", "codelines", "density", "refusals"),
    "text": (
        "cleaning", "patterns", "language", "english", "wrapping", "segments", "pieces", "sentences", "quotations",
        "labels", "messages", "dialogue", "turns", "speakers", "presentation", "words", "tokenizer", "source",
        "lists", "contents", "headings", "sections", "statistics", "rouge",
    ),
    "text/english": (
        "casing", "punkt", "clauses", "boilerplate", "titles", "citations", "connectives", "datelines", "divisions",
        "shortening", "wording", "talk", "standing", "questions", "rules",
    ),
    "data": ("hub", "treebank", "parquet", "tables", "forms", "rows"),
    "attention": (
        "kernels", "fused_pool", "additive", "ablated", "fastformer", "transformer", "windows", "longformer", "bigbird",
        "poolingformer", "linformer", "linear", "encoders", "causal", "softmax", "__init__",
    ),
    "model": (
        "packing", "shared", "unpadded", "batching", "dropout", "sublayers", "layers", "word_counts", "word_scores",
        "network", "streaming", "weights", "genre", "checkpoint_folder", "digests", "checkpoint",
    ),
    "inference": ("threads", "kernels", "encoder", "word_counts", "network"),
    "summary": (
        "result", "outline", "limits", "document_words", "answer_words", "about", "attribution", "selection",
        "shortening", "coverage", "introductions", "company", "extraction", "dealing", "topics", "outlining",
        "abstractive", "engine", "torch_engine", "scheduler",
        "summarizer", "provenance", "markdown", "page",
    ),
    "summary/abstractive": ("decoding", "surface", "faithfulness", "rewriting"),
    "assistant": ("folders", "calls", "reading", "library", "passages", "answers", "tools", "server"),
    "bulk": ("chunks", "formats", "parquet", "parts", "worker", "local", "on_ray", "table", "__init__"),
    "evaluation": ("peers", "baselines", "outputs", "scoring", "report"),
    "training": (
        "examples", "corpus", "order", "metrics", "monitor", "dataset", "embeddings", "card", "distributed",
        "signals", "optimization", "state", "task", "gradients", "validation", "summarization", "trainer", "experiment",
    ),
    "tasks": ("pooling", "training", "grid", "classification", "recommendation"),
    "tasks/classification": ("metrics", "texts", "classifier", "task", "runs"),
    "tasks/recommendation": (
        "settings", "metrics", "mind", "recommender", "titles", "nrms", "attentive", "fim", "plm", "models", "task",
        "runs",
    ),
    "benchmark": (
        "timing", "samples", "ours", "plots", "mechanisms", "attention_memory", "attention", "attention_results",
        "decoding", "startup", "summarize", "ablations",
    ),
    "cli": (
        "results", "inputs", "pipeline", "info", "sinks", "summarize_table", "summarize_documents", "conversion",
        "defaults", "options", "show", "measuring", "bench_summarize", "bench_classification",
        "bench_recommendation", "bench", "summarize", "mcp", "train", "evaluate", "app",
    ),
}  # fmt: skip
GROUND_FILES = 10
FOLDERS = {"fastsum", "tests", "data", "docs", "findings"}
FILES = {"CHANGELOG.md", "pyproject.toml", "Makefile", "README.md", "LICENSE", "MANIFEST.in", "constraints.txt"}
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


def imports(module: Path) -> set[tuple[str, ...]]:
    """The modules of the package that a file imports, wherever in the file, for types included, as paths."""
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
            root, *parts = name.split(".")
            if root == "fastsum":
                found.add(module_of(parts))
    return found


def module_of(parts: list[str]) -> tuple[str, ...]:
    """The longest beginning of a dotted name that is a module; a package stands for its `__init__`."""
    while parts and not (PACKAGE.joinpath(*parts).is_dir() or PACKAGE.joinpath(*parts).with_suffix(".py").is_file()):
        parts = parts[:-1]
    return (*parts, "__init__") if PACKAGE.joinpath(*parts).is_dir() else tuple(parts)


def position(wing: str, name: str) -> int:
    assert name in ORDER[wing] or name == "__init__", f"give {wing}/{name} its position in ORDER"
    return ORDER[wing].index(name) if name in ORDER[wing] else -1


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
    own = module.relative_to(PACKAGE).with_suffix("").parts
    above = []
    for other in imports(module) - {own}:
        shared = next(i for i, pair in enumerate(zip(own, other, strict=False)) if pair[0] != pair[1])
        wing = "/".join(own[:shared])
        if position(wing, other[shared]) >= position(wing, own[shared]):
            above.append("/".join(other))
    assert above == []


@pytest.mark.parametrize("wing", ORDER)
def test_order_names_what_is_there(wing: str) -> None:
    folder = PACKAGE / wing
    files = {path.stem for path in folder.glob("*.py")}
    wings = {path.parent.name for path in folder.glob("*/__init__.py")}
    assert set(ORDER[wing]) | {"__init__"} == files | wings
    assert wings == {
        path.removeprefix(f"{wing}/") for path in ORDER if path and str(Path(path).parent) == (wing or ".")
    }


def test_the_ground_is_small() -> None:
    assert len(list(PACKAGE.glob("*.py"))) <= GROUND_FILES


@pytest.mark.parametrize("wing", [wing for wing in ORDER if wing])
def test_a_wing_says_what_its_files_are(wing: str) -> None:
    tree = ast.parse((PACKAGE / wing / "__init__.py").read_text(encoding="utf-8"))
    described = re.findall(r"^`([a-z_0-9]+)/?` +\S", ast.get_docstring(tree) or "", re.MULTILINE)
    assert described == [name for name in ORDER[wing] if name != "__init__"]


def test_architecture_has_a_row_for_each_wing() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z_/]+)` \|", text, re.MULTILINE)
    assert [row for row in rows if row.endswith("/")] == [f"{wing}/" for wing in ORDER[""] if wing in ORDER]
    assert [row for row in rows if not row.endswith("/")] == [
        name for name in ORDER[""] if name not in ORDER and not name.startswith("__")
    ]


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
