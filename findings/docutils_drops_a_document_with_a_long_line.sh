#!/usr/bin/env bash
# docutils: one line of more than 10,000 characters, and the whole document is gone.
#
# Guess: a limit on the length of lines (line_length_limit) drops or cuts the line, or raises, and the rest is read.
# Found: the parser returns a document with nothing but an error message in it, of level 3: with the usual report_level
#   5 of programs that only want the text nothing is printed, nothing is raised, and no word of the text is left.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet docutils==0.23

"$folder/venv/bin/python" - <<'PY'
import docutils
from docutils.core import publish_doctree

source = "Owls\n====\n\nThey hunt at night.\n\n" + "x" * 10_001 + "\n\nThey sleep by day.\n"
print("docutils", docutils.__version__)
text = publish_doctree(source, settings_overrides={"report_level": 5}).astext()
print("by default:", text)
assert "Owls" not in text and "line-length-limit" in text, "the text is read now"
text = publish_doctree(source, settings_overrides={"report_level": 5, "line_length_limit": 1 << 30}).astext()
print("with a higher limit:", text.replace("x" * 10_001, "xxx ..."))
assert "They sleep by day." in text
PY
