"""What is no document is refused with the way out, and prose of any kind never."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastsum.readers.detection.refusals import refusal

ROOT = Path(__file__).parents[3]
PYTHON = '"""Owls."""\n\nimport os\n\n\ndef hunt(owl: str) -> None:\n'
PYTHON += '    """Hunt all night."""\n    print(owl)\n\n\nhunt("a")\n'
C = '/* Owls. */\n#include <stdio.h>\n\nint main(void)\n{\n    printf("owl");\n    return 0;\n}\n'
SHELL = '#!/bin/sh\n# Count the owls of the barn.\nset -e\nfor owl in barn/*; do\n  echo "$owl"\ndone\n'
SCRIPT = "import { owl } from './owl';\n\nexport function hunt(mouse) {\n  return owl(mouse);\n}\n\nconst all = [];\n"
JAVA = "package a.b;\n\nimport java.util.List;\n\npublic class Owl {\n  void hunt() {\n  }\n}\n"
SQL = "CREATE TABLE owls (\n  id INT\n);\nINSERT INTO owls VALUES (1);\nSELECT id FROM owls;\n"
FUNCTIONS = "".join(
    f"CREATE FUNCTION owl{n}(int)\n RETURNS int\n LANGUAGE sql\n IMMUTABLE\nRETURN $1 + {n};\n" for n in range(4)
)
LOG = """2026-03-03 09:12:44,017 INFO  [http-1] harbour.Server - Started on port 8080.
2026-03-03 09:13:02,530 ERROR [http-2] harbour.Booking - cannot book: basin is full
java.lang.IllegalStateException: basin is full
	at harbour.Booking.place(Booking.java:88)
2026-03-03 09:14:11,090 INFO  [http-1] harbour.Server - Stopping.
"""
SYSLOG = "".join(
    f"Jun 14 15:16:0{n} combo sshd(pam_unix)[1993{n}]: authentication failure; user=root\n" for n in range(5)
)
APACHE = "".join(f'10.0.0.{n} - - [03/Mar/2026:09:12:4{n} +0000] "GET /a HTTP/1.1" 200 12\n' for n in range(5))
CSV = "day,depth,ships\n" + "".join(f"2026-03-0{n},{n}.5,{n}\n" for n in range(1, 8))
NAMES = "name\ttown\tage\n" + "".join(f"Ada {n}\tPort\t3{n}\n" for n in range(6))
COLUMNS = "".join(f"{n}.25 {n}.5  -{n}e-3\n" for n in range(6))
YAML = "name: owls\non:\n  push:\n    branches: [main]\njobs:\n  - run: make test\n"
INI = "[owls]\ncount = 3\nplace = barn\n\n[mice]\ncount = 9\n"
ENVIRONMENT = "OWL=3\nMOUSE=barn\nexport PORT=80\nHOST=a\n"
PATCH = "diff --git a/owl b/owl\n--- a/owl\n+++ b/owl\n@@ -1 +1 @@\n-a\n+b\n"
BATCH = "@echo off\nset owl=barn\\%1\nif exist %owl% goto hunt\ncopy %owl% c:\\owls /y\n:hunt\nhunt.exe -a %owl%\n"
BATCH += "del %owl%\\*.tmp\nexit /b 0\n"
LUA = "local owl = require('owl')\nlocal barn = {}\n\nbarn.load = function(self)\n  self.x = 4\n  self.y = owl.y + 2\n"
LUA += "end\nbarn.draw = function(self)\n  owl.draw(self.x, self.y)\nend\n\nreturn barn\n"
VIM = '" Owls\nif exists("b:owl")\n  finish\nendif\nlet b:owl = 1\nsyn match owlWing "[A-Z][a-z]*"\n'
VIM += 'syn region owlNest start="{" end="}"\nhi def link owlWing Type\nlet b:mouse = {"a": 1}\nset sw=2\n'
CONFIG = 'Listen 8080\nServerRoot "/srv/owl"\n<Directory "/srv/owl/barn">\n  Options +Indexes\n  AllowOverride None\n'
CONFIG += "</Directory>\nErrorLog ${DIR}/error_log\nLoadModule owl_module modules/mod_owl.so\n"
REQUIRED = "owl==3.2.1\nmouse>=2.0,<3\nbarn[all]==1.4; python_version < '3.9'\nmoon~=4.1\nnight==0.1.2\nhunt==9.1\n"
REQUIRED += "lake==1.1\nquay==2\n"
BIBTEX = "@article{a,\n  title = {Owls},\n  year = 2026,\n}\n"


RECORD = (
    '"""Ships."""\nfrom typing import NamedTuple\n\n\nclass Ship(NamedTuple):\n    """A ship."""\n\n    name: str\n'
)
UNSET = "# This is part of the quay.\n#\n# Settings can be changed here.\n\n[Gate]\n#Level=info\n#Wide=no\n#Width=90s\n"
EXPLAINED = "#\n# Who may open the gate. The fields are:\n#\n#       who;when\n#\n# ada may at night.\nada;2000-0600\n"
BRACKETED = "Gate {\n\tOpen [\n\t\tset \"name='North' 1\"\n\t\tset \"name='Wide' 0\"\n\t]\n}\n" * 3
PATHS = "Folders:\n\t/quay/wall\n\t/quay/gate/north\n/quay/wall: skipping, 3 ships\n/quay/gate: skipping, 0 ships\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        *((text, "is source code") for text in (PYTHON, C, SHELL, SCRIPT, JAVA, SQL, FUNCTIONS)),
        *((text, "hardly a word of prose") for text in (BATCH, LUA, VIM, CONFIG, REQUIRED)),
        *((text, "is source code") for text in ("from quay.wall import *  # noqa\n", '__version__ = "3.20"\n', RECORD)),
        *((text, "settings or data (comments)") for text in (UNSET, EXPLAINED)),
        (PATHS, "is a list of files"),
        ("<?php\ninclude('quay.php');\n\nopenGate();\n?>\n<html><p>The quay is shut.</p></html>", "is source code"),
        (BRACKETED, "settings or data (in brackets)"),
        ("factors = { 1.0 , 1.02 , 0.98 } " + "0.97 , " * 80, "is a table of data"),
        *((text, "is the log of a program") for text in (LOG, SYSLOG, APACHE)),
        *((text, "is a table of data") for text in (CSV, NAMES, COLUMNS)),
        (YAML, "settings or data (YAML)"),
        (INI, "settings or data (TOML or INI)"),
        (ENVIRONMENT, "settings or data (variables)"),
        ('{"title": "Owls", "body": "Owls hunt at night."}', "--column"),
        ('[\n  {"a": 1},\n  {"a": 2}\n]\n', "is JSON"),
        ('{"a": 1}\n{"a": 2}\n', "is JSON"),
        ('[1, 2, 3]', "is JSON"),
        ('{"cut off": "in mid', "is JSON"),
        (PATCH, "is a patch"),
        (f"commit 1a3e64c\nAuthor: Ada <a@example.org>\n\n    Count the owls.\n\n{PATCH}", "is a patch"),
        (BIBTEX, "BibTeX"),
        ("BEGIN:VCALENDAR\nVERSION:2.0\n", "a calendar"),
        ("-----BEGIN CERTIFICATE-----\nMIIB\n", "encoded data"),
        (("QUJD" * 19 + "\n") * 5, "encoded data"),
        ("%!PS-Adobe-3.0\n", "is PostScript"),
        ("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n", "a pointer of Git LFS"),
    ],
)  # fmt: skip
def test_what_is_no_document_is_refused_with_the_way_out(text: str, said: str) -> None:
    message = refusal(text)
    assert message is not None
    assert said in message
    assert message.count(". ") >= 1, "no way out is named"


POEM = "The owl, the owl,\nhe hunts; he sleeps;\n(so said the king);\n"
POEM += "and if the moon is full,\nhe sings;\nfor (all) night long;\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "One line.",
        "import duties on wine\n",
        "# Quay\n\n# Wall\n\n# Gate\n",
        "The ships paid 12, 14 and 20 pounds in 1901, 1902 and 1903, and 7 in 1904.\n" * 3,
        POEM,
        "THE BOARD VOTED TO CLOSE THE QUAY.\nSELECT SHIPS PAY NOTHING;\nFROM JUNE ON;\nWHERE THE WALL STANDS;\n",
        "Dear Ada,\n\nthank you for your letter; I am well.\n\nYours,\nBen\n",
        "milk\neggs\nbread, two\n3 apples\n",
        "Shopping: milk\nTime: 10:30\nPlace: the quay\nWho: all of us\n",
        "ada: hello\nben: did you see it?\nada: I did, it was fine\nben: good\n",
        "2026-03-03 09:13:20 <ada> the quay closes\n2026-03-03 09:13:25 <ben> when?\n"
        "2026-03-03 09:14:00 --> cem has joined\n",
        "12/03/26, 10:30 - Ada: Did you see the quay?\n12/03/26, 10:31 - Ben: I did, it is closed.\n" * 3,
        "2026-03-03 We went to the lake, and the owl came.\n"
        "2026-03-04 It rained all day.\n2026-03-05 Ada left us.\n",
        "10:30 Ada opened the meeting.\n10:45 The board voted on the wall.\n11:00 The meeting was closed.\n",
        "[00:12] So today we talk about the wall.\n[00:20] It will cost two million.\n[00:31] And five months.\n",
        "(a) the buyer pays under section 5A(1);\n"
        "(b) the seller keeps the keys;\n(c) the board decides = agrees;\n",
        "1. The owl hunts.\n2. The mouse runs.\n3. The cat sleeps.\n",
        "Eulen jagen nachts; sie schlafen am Tag.\nDie Maus läuft.\nDie Katze schläft.\n",
        "フクロウは夜に狩りをする。\n昼は眠る。\nネズミは走る。\n",
        "Совы охотятся ночью.\nДнём они спят.\nМыши бегают.\n",
        "import duties rose in spring.\nfrom here on the ships pay.\nclass rules apply to all of them.\n",
        "Return to the quay;\nbreak the ice;\nthrow the rope;\nprint the papers;\n",
        "In 2019 12 ships came, in 2020 15, and in 2021 19.\nThe year 2022 had 21, 2023 had 22.\n"
        "2024 had 25 of them.\n",
        "red, white, blue\none, two, three\nowl, mouse, cat\nday, night, noon\n",
        "A [1] is a note.\n[2] is another.\n[3] is the last of them.\n",
        "name: The owl who hunted all night and slept all day in the old barn\n"
        "age: nobody knows how old she is, not even she\nfood: mice, which she hunts at night in the barn\n",
        "[The owl hunts.]\n[The mouse runs.]\n",
        "{The owl hunts.}\n",
        "Flour: 2 cups\nSugar: 1/2 cup\nEggs: 3 (large)\nMilk: 250 ml\nSalt: 1/4 tsp\nBake: 180 C, 40 min\nServes: 6\n"
        "Butter: 100 g\nVanilla: a drop\n",
        "Soup of the day $5.00\nFish and chips $12.50\nApple pie $4.00\nCoffee $2.20\nTea $2.00\nWine $6.00\n"
        "Beer $5.50\nWater $1.00\nBread $1.50\n",
        "# 猫头鹰\n\n猫头鹰在夜间狩猎（见[链接](https://example.org/a_b)）。\n它白天睡觉；老鼠跑。\n猫（白天）睡觉。\n",
        "Owls\n====\n\n- barn: /srv/owl (a_b)\n- lake: /srv/lake (c_d)\n- quay: [x] = {y}\n",
        "Die Eule (Tyto alba) jagt; sie frisst Mäuse/Vögel:\n100 g/Tag (= 3 Mäuse);\nsie schläft tagsüber;\n",
        "@ada Did you see the owl?\n@ben I did.\n@ada Good.\n",
    ],
)  # fmt: skip
def test_prose_is_never_refused(text: str) -> None:
    assert refusal(text) is None


def test_a_document_that_shows_code_is_none() -> None:
    shown = "\n".join(f"    {line}" for line in PYTHON.split("\n"))
    assert refusal(f"# Owls\n\nIt hunts.\n\n```python\n{PYTHON * 5}```\n\nThat was all.\n") is None
    assert refusal(f"Owls hunt like this:\n\n{shown * 5}\n\nThat was all that they do.\n") is None


@pytest.mark.parametrize("path", sorted(ROOT.glob("docs/**/*.md")), ids=lambda path: path.name)
def test_this_project_s_pages_are_documents(path: Path) -> None:
    assert refusal(path.read_text("utf-8")) is None


@pytest.mark.parametrize(
    "path", sorted((Path(__file__).parents[3]).glob("fastsum/readers/*.py")), ids=lambda path: path.name
)
def test_this_project_s_modules_are_code(path: Path) -> None:
    message = refusal(path.read_text("utf-8"))
    assert (message is not None and "source code" in message) or path.name == "__init__.py"


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "mark", ["(", "a(", "a.", "= ", "1 ", "{", "[", '{"', "/*", '"""', "a=", "a, ", "12:30:00 a.b.c ", "\t", "@a{"]
)
def test_a_flood_of_marks_is_looked_through_in_linear_time(mark: str) -> None:
    refusal(mark * 100_000)
    refusal(f"{mark * 40}\n" * 5000)
