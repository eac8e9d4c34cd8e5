"""What a file is, from its content.

`recognition`  text markup by its signs: LaTeX, reStructuredText, AsciiDoc, Org, man pages, notebooks
`codelines`    source code by its lines
`density`      texts with hardly any words of prose, in any language of programs
`refusals`     what is no document: source code, logs, data
"""
