"""The tree of a web page, of an e-book's chapter or of a letter in HTML.

`tags`    which elements of HTML are blocks
`hidden`  what an HTML tree has in it and does not show
`inline`  what stands within the lines of an HTML tree, as text: formulas, raised text, marks of notes
`markup`  the blocks of an HTML tree, as a browser would show them
`chosen`  what of a page's own blocks trafilatura has chosen as its main text
"""
