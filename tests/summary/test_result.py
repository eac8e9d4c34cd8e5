"""The JSON of a summary keeps to its schema, and the document that describes it to both."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from fastsum import Outline, Section, Span, Summarizer, Summary, SummarySentence, summary_schema
from fastsum.readers.blocks import LeftOut
from fastsum.summary.result import SCHEMA_VERSION
from fastsum.text.sentences import sentences

ROOT = Path(__file__).parents[2]
SCHEMA = summary_schema()
VALIDATOR = Draft202012Validator(SCHEMA)
DOCS = (ROOT / "docs" / "json.md").read_text("utf-8")


def keys(value: Any, path: str = "") -> set[str]:
    """The path of every key in a JSON value."""
    if isinstance(value, list):
        return {key for item in value for key in keys(item, f"{path}[]")}
    if not isinstance(value, dict):
        return set()
    here = {f"{path}.{key}".lstrip("."): item for key, item in value.items()}
    return here.keys() | {key for name, item in here.items() for key in keys(item, name)}


def schema_keys(part: dict[str, Any], path: str = "", inside: tuple[str, ...] = ()) -> set[str]:
    """The path of every key that the schema describes; what is `inside` itself, as sections are, has the same keys."""
    if part.get("$ref", "").startswith("#/$defs/"):
        if part["$ref"] in inside:
            return set()
        inside = (*inside, part["$ref"])
        part = {**SCHEMA["$defs"][part["$ref"].removeprefix("#/$defs/")], **part}
        del part["$ref"]
    found: set[str] = set()
    for name, item in part.get("properties", {}).items():
        found |= {f"{path}.{name}".lstrip(".")} | schema_keys(item, f"{path}.{name}", inside)
    return found | (schema_keys(part["items"], f"{path}[]", inside) if "items" in part else set())


def written() -> dict[str, Any]:
    """A summary of one written sentence with two sources, as JSON reads it back."""
    document = "A dog barked. It rained. Nobody slept."
    found = tuple(sentences(document))
    spans = tuple(Span(i, *found[i][:2], document[found[i].start : found[i].end]) for i in (0, 2))
    sentence = SummarySentence("A dog kept all awake.", 0.5, spans, -0.25)
    summary = Summary((sentence,), "abstractive", document, found, (0.5, 0.1, 0.2), ("a note",))
    return json.loads(json.dumps(summary.as_dict()))


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["properties"]["version"]["const"] == SCHEMA_VERSION
    assert SCHEMA["$id"].endswith(f":{SCHEMA_VERSION}")


@pytest.mark.parametrize("mode", ["extractive", "abstractive"])
@pytest.mark.parametrize("name", ["story.txt", "paper.md"])
def test_real_output_is_valid(tiny_checkpoint: Path, mode: str, name: str) -> None:
    text = (ROOT / "data" / "samples" / name).read_text("utf-8")
    summary = Summarizer.load(tiny_checkpoint, device="cpu").summarize(text, mode, sentences=3)
    found = json.loads(json.dumps(summary.as_dict(), allow_nan=False))
    VALIDATOR.validate(found)
    assert len(summary.document_sentences) == len(summary.document_salience) > 40
    for sentence in found["sentences"]:
        assert sentence["salience"] == max(source["salience"] for source in sentence["sources"])
        assert mode == "abstractive" or sentence["score"] is None
        for source in sentence["sources"]:
            assert source["text"] == summary.document[source["start"] : source["end"]]
            assert tuple(summary.document_sentences[source["sentence"]][:2]) == (source["start"], source["end"])


def test_schema_document_and_output_name_the_same_keys() -> None:
    example, of_outline = (json.loads(code) for code in re.findall(r"```json\n(.*?)```", DOCS, re.S))
    VALIDATOR.validate(example)
    VALIDATOR.validate(example | of_outline)
    sources = "sentences[].sources[]"
    from_the_command_line = {"file", "title", "model", f"{sources}.line", f"{sources}.page"}
    from_the_command_line |= {"sections[].line", "sections[].page"}
    from_the_command_line |= {"left_out", *(f"left_out[].{key}" for key in LeftOut._fields)}
    section = Section("1", "Night", True, 1, 0, 12, 3, 1.0, (), ())
    made = written() | json.loads(json.dumps(Outline((), "extractive", "", (), (), sections=(section,)).as_dict()))
    assert keys(written()) | keys(made) | from_the_command_line == keys(example | of_outline) == schema_keys(SCHEMA)
    assert set(re.findall(r"^\| `([^`]+)` \|", DOCS, re.M)) == schema_keys(SCHEMA)


def test_sources_have_a_salience_each() -> None:
    (sentence,) = written()["sentences"]
    assert (sentence["salience"], sentence["score"]) == (0.5, -0.25)
    assert [source["salience"] for source in sentence["sources"]] == [0.5, 0.2]


def test_a_score_that_json_cannot_hold_is_null() -> None:
    document = "A dog barked."
    sentence = SummarySentence(document, 0.5, (Span(0, 0, 13, document),), float("-inf"))
    summary = Summary((sentence,), "abstractive", document, tuple(sentences(document)), (0.5,))
    found = json.loads(json.dumps(summary.as_dict(), allow_nan=False))
    VALIDATOR.validate(found)
    assert found["sentences"][0]["score"] is None


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["version"], 2),
        (["mode"], "both"),
        (["sentences"], []),
        (["sentences", 0, "salience"], 1.5),
        (["sentences", 0, "score"], "high"),
        (["sentences", 0, "sources"], []),
        (["sentences", 0, "sources", 0, "start"], -1),
    ],
)
def test_the_schema_refuses_what_is_wrong(path: list[Any], value: Any) -> None:
    broken = copy.deepcopy(written())
    part = broken
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    with pytest.raises(ValidationError):
        VALIDATOR.validate(broken)
    del part[path[-1]]
    with pytest.raises(ValidationError):
        VALIDATOR.validate(broken)
