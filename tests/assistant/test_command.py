"""`fastsum mcp`: what it says before it serves, and the page that says how to register it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from fastsum.cli.app import app

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "commands" / "mcp.md").read_text("utf-8")
WITHOUT = "import sys; sys.modules['mcp'] = None; from fastsum.__main__ import main; main()"


def run(*command: str, **settings: Any) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, *command],
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        **settings,
    )


def test_without_the_extra_it_says_how_to_install_it() -> None:
    done = run("-c", WITHOUT, "mcp")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "fastsum: error: assistants need mcp, which is not installed. Run: pip install 'fastsum[mcp]'\n"
    )


def test_wrong_roots_and_models_are_said_before_it_serves(tmp_path: Path) -> None:
    pytest.importorskip("mcp", reason="needs the extra mcp")
    done = run("-m", "fastsum", "mcp", "--root", str(tmp_path), "--root", str(tmp_path / "missing"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"fastsum: error: {tmp_path}/missing cannot be a root: No such file or directory. "
        "Name a folder that you can read.\n"
    )
    done = run("-m", "fastsum", "mcp", "--model", "nowhere", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "nowhere" in done.stderr


def test_it_ends_at_once_where_standard_input_is_closed(tmp_path: Path) -> None:
    pytest.importorskip("mcp", reason="needs the extra mcp")
    done = run("-m", "fastsum", "mcp", cwd=tmp_path, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_examples_of_the_page_can_be_used() -> None:
    group: Any = typer.main.get_command(app)
    command = group.commands["mcp"]
    servers = [tomllib.loads(block)["mcp_servers"] for block in re.findall(r"^```toml\n(.*?)^```", PAGE, re.M | re.S)]
    for block in re.findall(r"^```json\n(.*?)^```", PAGE, re.M | re.S):
        (named,) = json.loads(block).values()
        servers.append(named)
    assert len(servers) == 4
    arguments = [server["fastsum"]["args"] for server in servers]
    lines = re.findall(r"-- fastsum (mcp .*?)[`\n]", PAGE)
    assert len(lines) == 2
    for name, *rest in [*arguments, *map(str.split, lines)]:
        assert name == "mcp"
        parsed = command.make_context("mcp", list(rest)).params
        assert [str(root) for root in parsed["root"]] == rest[1:]


def test_the_page_names_every_tool_argument_and_limit() -> None:
    pytest.importorskip("mcp", reason="needs the extra mcp")
    from fastsum.assistant import library, passages, server, tools

    rows = dict(re.findall(r"^\| `(\w+)` \| (.*)$", PAGE, re.M))
    assert list(rows) == [tool.name for tool in tools.TOOLS]
    for tool in tools.TOOLS:
        assert {"path", "text", *re.findall(r"`([a-z]+)`", rows[tool.name].partition(" | ")[0])} >= {
            *tool.arguments.model_fields
        }
    for number in (
        f"{passages.ANSWER:,} characters",
        f"at most {tools.MOST_WORDS:,} words",
        f"questions {tools.MOST_ASKED:,} characters",
        f"at most {library.MOST_BYTES // 10**6} MB",
        f"at most {library.MOST_CHARACTERS // 10**6} million characters",
    ):
        assert number in PAGE
    assert (server.SECONDS, server.AT_ONCE) == (5 * 60, 2)
    assert "at most five minutes" in PAGE
    assert "Two calls work at once" in PAGE
