"""LaTeX and its formulas.

`surface`    the surface of LaTeX: words, groups, commands, environments, formulas
`formulas`   formulas of TeX on one line
`siunitx`    numbers with units in LaTeX
`commands`   what becomes of the commands and environments of LaTeX
`sources`    LaTeX before it is parsed: code and comments go, the author's commands are replaced
`citations`  citations and references of LaTeX in a sentence
"""
