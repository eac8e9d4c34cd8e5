"""Source code, recognized by its lines: those that are not indented are code, and hardly any is prose."""

from __future__ import annotations

import re

from fastsum.readers.detection.recognition import without_fences

_SHARE = 0.6  # of the lines that are not indented and no comments
_SHARE_UNSURE = 0.8  # with a single line that prose never has
_SURE_LINES = 2
_PROSE_SHARE = 0.25
_LIKELY_SHARE = 0.25  # of the lines, with one of these signs
_LIKELY = frozenset("(){};=<>@$")
_DIRECTIVES = ("#include", "#define", "#if", "#endif", "#pragma")
_COMMENTS = "(?sm)" + "|".join(
    (
        r"/\*.*?\*/",
        r"\"\"\".*?\"\"\"",
        r"'''.*?'''",
        r"^[ \t]*(?://|--|;;|#(?!include|define|if|endif|else|pragma|undef|import|!))[^\n]*$",
        r"<!--.*?-->",
    )
)
_PROSE = r"(?:[^\W\d_]+[,;:'’-]*\s+){5,}[^\W\d_]+[^(){}=;<>]*"
# What prose never has at the beginning of a line.
_SURE = "(?m)^(?:" + "|".join(
    (
        r"(?:async\s+)?def\s+\w+\(.*",
        r"import\s+[\w.]+(?:\s+as\s+\w+)?;?\s*$",
        r"from\s+[\w.]+\s+import\s+\w.*",
        r"#\s*include\s*[<\"].*|#\s*define\s+\w+",
        r"package\s+[\w.]+;\s*$",
        r"(?:public|private|protected)\s+(?:static\s+|final\s+|class\s+|interface\s+)?[\w<>\[\]]+.*[({;]\s*$",
        r"(?:export\s+)?(?:default\s+)?(?:const|let|var)\s+[\w{\[, }\]]+\s*=.*",
        r"(?:export\s+)?(?:async\s+)?function\s*\w*\s*\(.*",
        r"(?:pub\s+)?fn\s+\w+.*\{?\s*$",
        r"func\s+(?:\(.*\)\s*)?\w+\(.*",
        r"use\s+[\w:]+(?:::.*)?;\s*$|using\s+[\w.]+;\s*$|namespace\s+[\w:.]+\s*[{;]?\s*$",
        r"<\?php|\w+\(\)\s*\{\s*$|#!\s*/.*",
        r"class\s+\w+(?:\(.*\))?:\s*$|class\s+\w+.*\{\s*$",
        r"(?:CREATE|ALTER|DROP)\s+(?:OR REPLACE\s+)?(?:TABLE|FUNCTION|VIEW|INDEX|OPERATOR|EXTENSION|DATABASE)\b.*",
        r"(?:INSERT INTO|SELECT .* FROM)\b.*",
        r"[.#@][\w-]+[^.!?\n]*\{\s*$",
        r"\((?:defun|defn|define|ns|setq|in-package)\s.*",
        r"(?:if|while|for)\s*\(.*\)\s*\{?\s*$|if\s+\[\[?\s.*|if __name__ ==.*",
        r"(?:static|extern|void|int|char|double|float|bool|struct|typedef)\s+[\w*]+.*[({;=].*",
        r"FROM\s+[\w./-]+:[\w.-]+.*",
        r"library\(\w+\)|\w+\s*<-\s*function\(.*",
        r"@(?:app|pytest|Override|staticmethod|property|dataclass)\b.*",
        r"module\s+[\w.]+(?:\s+where|\s*\(.*)?\s*$",
    )
) + ")"  # fmt: skip
_SURE_ALONE = (  # on a line that needs no others to show that it is code
    r"(?m)^(?:from\s+[\w.]+\s+import\s+[\w(*]|import\s+\w+(?:[._]\w+)+;?$|import\s+\w+\n\w+[.(]|__\w+__\s*=|class\s+\w+\(.*\):\s*$"
    r"|def\s+\w+\(.*|#\s*include\s*[<\"]|#\s*define\s+\w|\w+\s*=\s*[\[({]|(?:export|const|let|var)\s.*[=;{]\s*$|include\(\w+"
    r"|module\.exports\s*=|package\s+[\w.]+;\s*$|using\s+[\w.]+;\s*$)"
)
_SHORT = 3000  # characters
_CODE = "|".join(
    (
        r"(?:async\s+)?def\s+\w+\s*[\[(]|class\s+\w+(?:.*[:{(])?\s*$",
        r"import\s+[\w.{*]+|from\s+[\w.]+\s+import\s|@\w+[\w.]*(?:\(.*)?$",
        r"(?:if|elif|while|for|with|except|switch|match|catch|foreach)\b.*[:{]\s*$|(?:else|try|finally|do)\s*[:{]\s*$",
        r"(?:public|private|protected|static|final|abstract|override|internal|sealed|virtual|inline|extern|export)\s+\w+.*[({;=]",
        r"(?:const|let|var|val|auto|local|my|our)\s+[\w{\[$@%(,]+.*[=;]|(?:function|fn|func|fun|sub|proc)\s+\w*\s*[({<\w]",
        r"(?:struct|enum|union|impl|trait|interface|namespace|module|typedef|template|package|using|use|require|mod|pub|type)"
        r"\s*[\w.:<>\"'{]+.*[{;)]?\s*$(?<![.!?])",
        r"#\s*(?:include|define|ifn?def|if|endif|else|pragma|undef)\b|#!\s*/|<\?php|\?>",
        r"(?:fi|done|esac|end|endif|endfunction|begin|then)\b;?\s*$",
        r"(?:return|break|continue|yield|throw|raise|goto|echo|print|printf|set|unset|export|source|alias|sudo|cd|mkdir|rm|cp)"
        r"\b[^.!?]*;?\s*$",
        r"[\w.\[\]\"'$@*>&-]+\s*(?:[-+*/|&^%?:]|<<|>>)?=(?!=)\s*\S.*|[\w.:$>-]+\s*(?:<-|:=)\s*\S|[$@%]\w+.*[=;(]",
        r"[\w.:$>*&!-]*\w\(.*[);,{:]\s*$|[\w.:]*\w\(\s*$",
        r"[)\]}]+[;,)]*\s*(?:else\b.*|while\b.*|catch\b.*|finally\b.*)?[{;,]?\s*$|\{\s*$|.*\)\s*\{\s*$|.*\s=>\s.*[{(;,]\s*$",
        r"\((?:def\w*|ns|require|setq|let|lambda|module|use-package|provide|in-package|include)\b",
        r"[.#]?[\w-]+[^.!?]*\{\s*$|[\w-]+:\s*[\w#.\"' %-]+;\s*$",
        r"(?:SELECT|INSERT INTO|CREATE (?:TABLE|INDEX|VIEW|DATABASE|FUNCTION|OR)|UPDATE|DROP|ALTER (?:TABLE|FUNCTION)"
        r"|DELETE FROM|FROM|WHERE|VALUES|GROUP BY|ORDER BY|LEFT JOIN|JOIN)\b.*[\w`\"')(*;,]\s*$",
        r"(?:RETURNS?|BEGIN|END|DECLARE|SET|GRANT|REVOKE|LANGUAGE|AS|EXECUTE)\b[^.!?]*(?:[;,(]|\$\w*\$|[A-Z])\s*$",
        r"(?:FROM|RUN|COPY|CMD|ENTRYPOINT|WORKDIR|ENV|EXPOSE|ARG|ADD|LABEL|VOLUME)\s+[\w\[\"/$.{-]\S*.*$",
        r"[\w.%/-]+\s*:(?:\s+[\w./$()%-]+)*\s*$",  # a rule of make
    )
)


def is_code(text: str) -> bool:
    """Whether a text is source code, in any language. A document that shows code between fences is none."""
    is_script = re.match(r"\s*#![ \t]*/\S+", text) is not None
    if not is_script and not _is_likely(text):
        return len(text) <= _SHORT and _is_all_code(text)
    if len(without_fences(text)) < len(text):
        return False
    sure = len(re.findall(_SURE, text))
    if not sure and not is_script:
        return len(text) <= _SHORT and _is_all_code(text)
    lines = [line for line in re.sub(_COMMENTS, "", text).split("\n") if line.strip()]
    top = [line for line in lines if line[0] not in " \t"]
    prose = sum(re.fullmatch(_PROSE, line) is not None for line in top)
    if is_script:
        return prose <= len(top) / 2
    code = sum(re.match(_CODE, line) is not None for line in top)
    share = _SHARE if sure >= _SURE_LINES else _SHARE_UNSURE
    return bool(top) and code >= share * len(top) and prose <= _PROSE_SHARE * len(top)


def _is_all_code(text: str) -> bool:
    """Whether a short text has nothing but code and comments, and hardly any code: a few imports, one constant."""
    lines = [line for line in re.sub(_COMMENTS, "", text).split("\n") if line.strip()]
    top = [line for line in lines if line[0] not in " \t"]
    if not re.search(_SURE_ALONE, "\n".join(top)):
        return False
    return all(re.match(_CODE, line) is not None for line in top)


def _is_likely(text: str) -> bool:
    lines = [line for line in text.split("\n") if line.strip()]
    signs = sum(not _LIKELY.isdisjoint(line) or line.startswith(_DIRECTIVES) for line in lines)
    return signs >= _LIKELY_SHARE * len(lines)
