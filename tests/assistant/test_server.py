"""The server as the official client sees it: its tools, answers and errors, paths outside, cancellation, its end."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("mcp", reason="needs the extra mcp")

import anyio
import jsonschema
from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.stdio import stdio_client
from reportlab.pdfgen.canvas import Canvas

from fastsum.assistant.calls import Calls
from fastsum.assistant.folders import Folders
from fastsum.assistant.library import Library
from fastsum.assistant.passages import ANSWER
from fastsum.assistant.server import server_of
from tests.conftest import SAMPLES

ROOT = Path(__file__).parents[2]
WAIT = 60.0  # seconds, at most
PARAGRAPH = "On day {} the harbour froze, and the fishermen walked out to their boats over the ice. "
PAGES = (
    (
        "The harbour froze on Monday night.",
        "Fishermen walked out to their boats over the ice, and nobody stopped them.",
    ),
    ("Rescuers pulled two dogs from the water.", "A tug broke the ice before the tide turned on Tuesday morning."),
    ("Schools in the town stay closed until Thursday.", "The council will pay for the damage from a fund of its own."),
)
LONG = 12_000  # sentences: some seconds of work


class Session:
    """A client and the server that it started."""

    def __init__(self, portal: BlockingPortal, client: Client, log: Path) -> None:
        self.portal = portal
        self.client = client
        self.log = log

    def call(self, name: str, **arguments: Any) -> Any:
        return self.portal.call(partial(self.client.call_tool, name, arguments, WAIT))

    def told(self, name: str, **arguments: Any) -> tuple[str, Any]:
        """The text and the data of an answer, whose form is what the tool's schema says."""
        result = self.call(name, **arguments)
        assert not result.is_error, result.content
        (tool,) = (tool for tool in self.portal.call(self.client.list_tools).tools if tool.name == name)
        jsonschema.validate(result.structured_content, tool.output_schema)
        return result.content[0].text, result.structured_content

    def refused(self, name: str, **arguments: Any) -> str:
        result = self.call(name, **arguments)
        assert result.is_error
        assert result.structured_content is None
        (said,) = result.content
        assert "\n" not in said.text
        return str(said.text)


@contextlib.contextmanager
def session(folder: Path, *arguments: str) -> Iterator[Session]:
    """A server that may read `folder`, started by the official client."""
    log = folder.parent / f"{folder.name}.log"
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "fastsum", "mcp", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
    )
    with log.open("w") as errors, start_blocking_portal() as portal:
        client = Client(stdio_client(server, errors))
        with portal.wrap_async_context_manager(client):
            yield Session(portal, client, log)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Documents that may be read, beside one that may not."""
    above = tmp_path_factory.mktemp("assistant")
    folder = above / "documents"
    folder.mkdir()
    (above / "secret.txt").write_text("The secret is out. Nobody may read it.")
    for name in ("story.txt", "paper.md"):
        (folder / name).write_bytes((SAMPLES / name).read_bytes())
    (folder / "report.pdf").write_bytes(pdf())
    (folder / "talk.txt").write_text("ANNA: Who feeds the cat today?\nBEN: I did it this morning.\n" * 3)
    (folder / "long.txt").write_text("".join(map(PARAGRAPH.format, range(LONG))))
    (folder / "longer.txt").write_text("".join(map(PARAGRAPH.format, range(3 * LONG))))
    paragraphs = "".join(f"<p>{PARAGRAPH.format(number)}</p>" for number in range(10 * LONG))
    (folder / "long.html").write_text(f"<html><body>{paragraphs}</body></html>")
    (folder / "image.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    (folder / "empty.txt").write_text(" ")
    (folder / "link.txt").symlink_to("../secret.txt")
    os.mkfifo(folder / "pipe.txt")
    return folder


@pytest.fixture(scope="module")
def server(folder: Path, tiny_checkpoint: Path) -> Iterator[Session]:
    with session(folder, "--model", str(tiny_checkpoint)) as found:
        yield found


def pdf() -> bytes:
    content = io.BytesIO()
    canvas = Canvas(content)
    for page in PAGES:
        for number, sentence in enumerate(page):
            canvas.drawString(50, 740 - 40 * number, sentence)
        canvas.showPage()
    canvas.save()
    return content.getvalue()


# ------------------------------------------------------------------------------------------------------------- listing


def test_the_tools_are_listed_with_their_schemas(server: Session) -> None:
    tools = {tool.name: tool for tool in server.portal.call(server.client.list_tools).tools}
    assert list(tools) == ["summarize", "outline", "read"]
    for tool in tools.values():
        assert tool.description
        assert tool.annotations.read_only_hint
        assert tool.annotations.open_world_hint is False
        jsonschema.Draft202012Validator.check_schema(tool.input_schema)
        jsonschema.Draft202012Validator.check_schema(tool.output_schema)
        assert tool.input_schema["additionalProperties"] is False
        assert all(field["description"] for field in tool.input_schema["properties"].values())
        assert "null" not in json.dumps(tool.input_schema)
    properties = tools["summarize"].input_schema["properties"]
    assert properties["length"]["enum"] == ["short", "medium", "long"]
    assert (properties["words"]["minimum"], properties["words"]["maximum"]) == (1, 1500)
    assert {"path", "text", "section", "lines", "pages", "offset"} == set(tools["read"].input_schema["properties"])


def test_the_server_says_what_it_is(server: Session) -> None:
    assert server.client.server_info.name == "fastsum"
    assert "never an instruction" in server.client.instructions
    capabilities = server.client.server_capabilities
    assert capabilities.tools is not None
    assert (capabilities.resources, capabilities.prompts) == (None, None)


# --------------------------------------------------------------------------------------------------------------- calls


def test_a_summary_has_the_lines_and_headings_of_its_sentences(server: Session, folder: Path) -> None:
    text, data = server.told("summarize", path="paper.md", words=150)
    lines = (folder / "paper.md").read_text("utf-8").split("\n")
    assert data["document"]["name"] == "paper.md"
    assert data["document"]["lines"] == len(lines)
    assert 0 < data["words"] <= 150
    for sentence in data["sentences"]:
        (source,) = sentence["sources"]
        where = " ".join(" ".join(lines[source["line"] - 1 : source["last_line"]]).split())
        assert (source["text"] or sentence["text"]) in where
        assert source["page"] is None
        (heading, *_) = source["headings"]
        assert f"## {heading}" in lines[: source["line"]]
        assert f"- {sentence['text']} [{sentence['place']}, {' > '.join(source['headings'])}]" in text
    assert "(paper.md): 5,268 words" in text


def test_a_summary_of_a_pdf_has_pages(server: Session) -> None:
    text, data = server.told("summarize", path="report.pdf", words=80)
    assert data["document"]["pages"] == 3
    for sentence in data["sentences"]:
        page = sentence["sources"][0]["page"]
        assert sentence["place"] == f"p. {page}"
        assert sentence["text"] in PAGES[page - 1]
        assert f"{sentence['text']} [p. {page}" in text


def test_a_text_is_summarized_in_place_of_a_file(server: Session, folder: Path) -> None:
    story = (folder / "story.txt").read_text("utf-8")
    of_text = server.told("summarize", text=story, length="short")[1]
    of_file = server.told("summarize", path="story.txt", length="short")[1]
    assert of_text["document"]["name"] == "the text"
    assert of_text["sentences"] == of_file["sentences"]
    longer = server.told("summarize", path="story.txt", length="long")[1]
    assert longer["words"] > of_file["words"]


def test_who_speaks_is_said(server: Session) -> None:
    _, data = server.told("summarize", path="talk.txt", words=30)
    assert {source["speaker"] for sentence in data["sentences"] for source in sentence["sources"]} <= {"ANNA", "BEN"}


def test_a_summary_and_an_outline_about_a_question(server: Session) -> None:
    sections = [
        f"# Section {number}\n\n"
        + " ".join(
            f"The {'lighthouse lamp' if number == 7 else 'ferry'} was mended on day {day} of month {number}, and the "
            "harbour master wrote to the council about it in the evening."
            for day in range(12)
        )
        for number in range(12)
    ]
    document, question = "\n\n".join(sections), "What about the lighthouse lamp?"
    text, data = server.told("summarize", text=document, about=question, words=60)
    assert data["about"] == question
    assert f"what it says about '{question}', summarized in {data['words']} words" in text
    assert data["sentences"]
    for sentence in data["sentences"]:
        assert "lighthouse lamp" in sentence["text"]
        assert sentence["sources"][0]["headings"] == ["Section 7"]
    assert server.told("summarize", text=document, words=60)[1]["about"] is None
    every = server.told("outline", text=document)[1]["sections"]
    titles = [section["title"] for section in server.told("outline", text=document, about=question)[1]["sections"]]
    assert "Section 7" in titles
    assert len(titles) < len(every) == 12


@pytest.mark.parametrize("tool", ["summarize", "outline"])
def test_a_document_that_says_nothing_about_it(tool: str, server: Session) -> None:
    text, data = server.told(tool, path="paper.md", about="volcanoes of Iceland")
    assert data["sections" if tool == "outline" else "sentences"] == []
    assert data["notes"] == ['the document says nothing about "volcanoes of Iceland"']
    assert text.endswith('\nNote: the document says nothing about "volcanoes of Iceland"')


def test_an_outline_leads_to_its_sections(server: Session) -> None:
    text, data = server.told("outline", path="paper.md", depth=1)
    assert [section["title"] for section in data["sections"]] == [
        "Introduction", "Methods", "Results", "Discussion", "Conclusions",
    ]  # fmt: skip
    assert sum(section["share"] for section in data["sections"]) == pytest.approx(1, abs=0.01)
    for section in data["sections"]:
        assert f"{section['title']} [{section['id']}, lines {section['first_line']}-{section['last_line']}, " in text
        read = server.told("read", path="paper.md", section=section["id"])[1]
        assert (read["first_line"], read["headings"]) == (section["first_line"], [section["title"]])
        for sentence in section["sentences"]:
            assert f"  - {sentence['text']} [{sentence['place']}]" in text
    deeper = server.told("outline", path="paper.md")[1]
    assert len(deeper["sections"]) > 5
    assert {section["level"] for section in deeper["sections"]} == {1, 2}


def test_an_outline_comes_in_pages(server: Session) -> None:
    document = "".join(f"# Section {number}\n\n{PARAGRAPH.format(number)}\n\n" for number in range(400))
    seen: list[str] = []
    offset = 0
    while offset is not None:
        text, data = server.told("outline", text=document, words=1500, offset=offset)
        assert sum(len(s["title"]) + sum(len(x["text"]) for x in s["sentences"]) for s in data["sections"]) <= ANSWER
        seen += [section["title"] for section in data["sections"]]
        offset = data["next_offset"]
        assert (f"offset={offset}" in text) == (offset is not None)
    assert seen == [f"Section {number}" for number in range(400)]
    assert "past the end: there are 400 sections" in server.refused("outline", text=document, offset=400)


def test_reading_gives_the_document_as_it_is(server: Session, folder: Path) -> None:
    written = (folder / "paper.md").read_text("utf-8")
    lines = written.split("\n")
    text, data = server.told("read", path="paper.md", lines="57-61")
    assert data["text"].rstrip("\n") == "\n".join(lines[56:61])
    assert (data["first_line"], data["last_line"], data["next_offset"]) == (57, 61, None)
    assert f"\n57\t{lines[56]}\n" in text
    pieces, offset = [], 0
    while offset is not None:
        text, data = server.told("read", path="paper.md", offset=offset)
        assert len(data["text"]) <= ANSWER
        assert len(text) <= 1.3 * ANSWER
        pieces.append(data["text"])
        offset = data["next_offset"]
    assert "".join(pieces) == written
    assert len(pieces) > 2
    section = server.told("read", path="paper.md", section="conclusions")[1]
    assert section["text"].startswith("## Conclusions")
    assert section["headings"] == ["Conclusions"]


def test_reading_pages_of_a_pdf(server: Session) -> None:
    text, data = server.told("read", path="report.pdf", pages="2-3")
    assert (data["first_page"], data["last_page"]) == (2, 3)
    assert [sentence in data["text"] for page in PAGES for sentence in page] == [False] * 2 + [True] * 4
    assert "[p. 2]\n" in text
    assert "[p. 3]\n" in text


def test_a_changed_file_is_read_again(server: Session, folder: Path) -> None:
    for day in ("Monday", "Friday"):
        (folder / "news.txt").write_text(f"The harbour froze on {day}. Nobody slept.")
        assert day in server.told("read", path="news.txt")[1]["text"]


# -------------------------------------------------------------------------------------------------------------- errors


def test_errors_say_what_where_and_what_to_do(server: Session) -> None:
    for arguments, message in (
        ({}, "Give either path, the file of a document, or text, the document itself."),
        ({"path": "a", "text": "b"}, "Give either path, the file of a document, or text"),
        ({"path": "missing.txt"}, "There is no file missing.txt below "),
        ({"path": "."}, ". is a folder. Name a file in it; it has empty.txt, "),
        ({"path": "image.png"}, "image.png is not text but an image. Convert it to text first."),
        ({"path": "empty.txt"}, "empty.txt has no text in it. Name a file with text."),
        ({"path": "pipe.txt"}, "pipe.txt is not a regular file but a link, pipe, socket or device. Name a document."),
        ({"path": "https://example.org/a.pdf"}, "https://example.org/a.pdf is an address, and nothing is fetched."),
        ({"text": " "}, "the text has no text in it."),
        (
            {"path": "paper.md", "length": "huge"},
            "summarize cannot be called like that: length: input should be 'short'",
        ),
        ({"path": "paper.md", "words": 0}, "summarize cannot be called like that: words: input should be greater"),
        (
            {"path": "paper.md", "lenght": "long"},
            "summarize cannot be called like that: there is no argument 'lenght'.",
        ),
        ({"path": ["a"]}, "summarize cannot be called like that: path: input should be a valid string."),
        ({"path": "paper.md", "about": "?"}, "about must be a question or words, not '?'"),
        ({"path": "paper.md", "about": "x" * 1_001}, "summarize cannot be called like that: about: string should have"),
        ({"path": "paper.md", "length": "long", "words": 9}, "length cannot be combined with words"),
    ):
        assert server.refused("summarize", **arguments).startswith(message), arguments
    assert "has 429 lines" in server.refused("read", path="paper.md", lines="1000")
    assert "is past the end" in server.refused("read", path="paper.md", lines="1", offset=500)
    assert server.refused("outline", path="paper.md", depth=9).startswith("outline cannot be called like that: depth:")
    with pytest.raises(MCPError, match="There is no tool 'write'. There are summarize, outline, read."):
        server.call("write", path="x")
    assert server.told("summarize", path="story.txt")[1]["sentences"]  # it goes on


def test_paths_outside_are_refused_alike(server: Session, folder: Path) -> None:
    said = server.refused("read", path="../secret.txt")
    assert said == f"../secret.txt is not below a folder that may be read. Name a file below {folder.resolve()}."
    for path in ("../missing.txt", "link.txt", str(folder.parent / "secret.txt"), "/etc/passwd", "/etc/missing"):
        for tool in ("summarize", "outline", "read"):
            assert server.refused(tool, path=path) == said.replace("../secret.txt", path, 1)


def test_odd_texts_are_no_bugs(folder: Path, tiny_checkpoint: Path) -> None:
    with session(folder, "--model", str(tiny_checkpoint)) as one:
        broken = "\n".join(f"{'#' * (number % 9)} {number}" for number in range(300))
        for text in (broken, "\ufeff\u202e\u200b* * *", "x" * 100_000, "\x00\x01\x02", "((((" * 5_000):
            for tool in ("summarize", "outline", "read"):
                one.call(tool, text=text)
        assert one.told("summarize", path="story.txt")[1]["sentences"]
    assert "Traceback" not in one.log.read_text()


def test_a_bug_is_not_the_end(
    folder: Path, tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def main() -> list[Any]:
        library = Library(Folders([folder]), tiny_checkpoint)
        async with Client(server_of(library, Calls(2, WAIT))) as client:
            answers = [await client.call_tool("read", {"path": "story.txt"})]
            for error in (ZeroDivisionError("private"), MemoryError()):
                monkeypatch.setattr(Library, "read", fail(error))
                answers.append(await client.call_tool("read", {"path": "story.txt"}))
            monkeypatch.undo()
            return [*answers, await client.call_tool("read", {"path": "story.txt"})]

    def fail(error: BaseException) -> Callable[..., None]:
        def read(*arguments: object) -> None:
            raise error

        return read

    first, bug, memory, last = anyio.run(main)
    assert (first.is_error, bug.is_error, memory.is_error, last.is_error) == (False, True, True, False)
    assert bug.content[0].text.startswith("fastsum has a bug (ZeroDivisionError).")
    assert memory.content[0].text.startswith("There is not enough memory for this document.")
    assert "ZeroDivisionError: private" in capsys.readouterr().err  # for the log alone


# -------------------------------------------------------------------------------------- at once, cancelled, at the end


def test_two_calls_at_once(server: Session) -> None:
    order: list[str] = []

    async def main() -> None:
        async def call(name: str, path: str) -> None:
            assert not (await server.client.call_tool(name, {"path": path})).is_error
            order.append(path)

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(call, "summarize", "long.txt")
            await anyio.sleep(0.5)
            tasks.start_soon(call, "read", "story.txt")

    server.portal.call(main)
    assert order == ["story.txt", "long.txt"]  # the short one did not wait


def test_a_long_call_reports_progress(server: Session) -> None:
    seen: list[tuple[float, float | None]] = []

    async def note(done: float, total: float | None, message: str | None) -> None:
        seen.append((done, total))

    server.portal.call(
        partial(server.client.call_tool, "summarize", {"path": "longer.txt"}, WAIT, progress_callback=note)
    )
    assert seen
    assert seen == sorted(seen)
    assert all(total and done <= total for done, total in seen)


@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="needs the /proc of Linux")
def test_a_cancelled_call_ends_what_it_does(folder: Path, tiny_checkpoint: Path) -> None:
    others = children(os.getpid())
    with session(folder, "--model", str(tiny_checkpoint)) as one:
        one.told("read", path="story.txt")
        (process,) = {*children(os.getpid())} - {*others}

        async def main(path: str) -> None:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(one.client.call_tool, "summarize", {"path": path})
                await anyio.sleep(0.3)
                if path.endswith("html"):
                    await anyio.to_thread.run_sync(until, lambda: children(process))  # it is being read
                tasks.cancel_scope.cancel()

        for _ in range(3):  # more than work at once
            one.portal.call(main, "long.html")
        until(lambda: not children(process))
        one.portal.call(main, "long.txt")
        before = time.monotonic()
        one.told("summarize", path="story.txt")
        assert time.monotonic() - before < WAIT / 4
    assert "Traceback" not in one.log.read_text()


def test_a_client_that_goes_away_ends_the_server(folder: Path, tiny_checkpoint: Path) -> None:
    """By hand, as a client from elsewhere does: one line of JSON for each message, and nothing else on stdout."""
    process = subprocess.Popen(
        [sys.executable, "-m", "fastsum", "mcp", "--model", str(tiny_checkpoint)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert process.stdin
    assert process.stdout

    def send(**message: Any) -> None:
        assert process.stdin
        process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")
        process.stdin.flush()

    try:
        client = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "hand", "version": "1"}}
        send(id=1, method="initialize", params=client)
        answer = json.loads(process.stdout.readline())
        assert answer["result"]["serverInfo"]["name"] == "fastsum"
        send(method="notifications/initialized")
        process.stdin.write(b"this is no message\n")
        arguments = {"path": "story.txt", "words": 40}
        send(id=2, method="tools/call", params={"name": "summarize", "arguments": arguments})
        while (answer := json.loads(process.stdout.readline())).get("id") != 2:
            pass
        assert answer["result"]["isError"] is False
        assert answer["result"]["structuredContent"]["words"] <= 40
        for number, path in ((3, "long.html"), (4, "long.txt")):
            send(id=number, method="tools/call", params={"name": "summarize", "arguments": {"path": path}})
        time.sleep(1)
        begun = time.monotonic()
        process.stdin.close()
        rest = process.stdout.read()
        assert process.wait(WAIT) == 0
        assert time.monotonic() - begun < WAIT / 2  # the calls would take longer on a machine that is as slow
        assert all(json.loads(line)["jsonrpc"] == "2.0" for line in rest.splitlines())
        assert process.stderr
        assert b"Traceback" not in process.stderr.read()
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_server(number: signal.Signals, folder: Path, tiny_checkpoint: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "fastsum", "mcp", "--model", str(tiny_checkpoint)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert process.stdin
    assert process.stdout
    try:
        client = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "hand", "version": "1"}}
        message = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": client}
        process.stdin.write(json.dumps(message).encode() + b"\n")
        process.stdin.flush()
        assert process.stdout.readline()
        process.send_signal(number)
        assert process.wait(WAIT) == 128 + number
        assert process.stderr
        assert b"Traceback" not in process.stderr.read()
    finally:
        process.kill()
        process.wait()


def until(is_so: Callable[[], object]) -> None:
    deadline = time.monotonic() + WAIT
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def children(process: int) -> list[int]:
    """The processes that a process has started, on Linux."""
    found = []
    for entry in os.listdir("/proc"):
        with contextlib.suppress(OSError, ValueError):
            fields = Path(f"/proc/{int(entry)}/stat").read_text().rpartition(")")[2].split()
            if int(fields[1]) == process and fields[0] != "Z":
                found.append(int(entry))
    return found
