"""What a file is, from its content.

`recognition`  text markup by its signs: LaTeX, reStructuredText, AsciiDoc, Org, man pages, notebooks
`codelines`    source code by its lines
`refusals`     what is no document: source code, logs, data
"""
